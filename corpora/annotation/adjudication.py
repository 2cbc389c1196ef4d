"""Units on which annotators differ, and in what: the list that an adjudicator works through.

Mentions are compared by pieces and label. Of two annotators' mentions that overlap, the same label
with other bounds is a boundary, other labels on the same bounds a label, both at once are named as
a label; what the other has nothing beside is missing. Links are compared where both ends stand.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from scmine.corpora.annotation.deciding import Decision, vote
from scmine.corpora.annotation.versions import Unit, Version
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.label_studio import to_task
from scmine.corpora.types import GoldMention, Span


class Kind(StrEnum):
    """What two annotators differ in."""

    BOUNDARY = "boundary"
    LABEL = "label"
    MISSING = "missing"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two annotators have otherwise; a side is empty where it has nothing."""

    kind: Kind
    annotators: tuple[str, str]
    first: str
    second: str
    first_at: Span | None = None
    second_at: Span | None = None


@dataclass(frozen=True, slots=True)
class Disputed:
    """A unit with all differences between those who worked on it."""

    unit: Unit
    differences: tuple[Difference, ...]

    def kinds(self) -> dict[str, int]:
        """How many differences of each kind."""
        return dict(sorted(Counter(str(d.kind) for d in self.differences).items()))


def disputed(units: Iterable[Unit], decisions: Iterable[Decision] = ()) -> list[Disputed]:
    """The units that need an adjudicator: most differences first, none that ``decisions`` settle.

    Versions that were adjudicated already are not compared; where adjudicators differ, their
    versions are.
    """
    settled = {d.unit.ident for d in decisions}
    found = []
    for unit in units:
        if unit.ident in settled:
            continue
        versions = [v for v in unit.versions if v.adjudicated] or list(unit.independent)
        differences = tuple(
            d for first, second in combinations(versions, 2) for d in compare(unit, first, second)
        )
        if differences:
            found.append(Disputed(unit, differences))
    return sorted(found, key=lambda d: (-len(d.differences), d.unit.ident))


def compare(unit: Unit, first: Version, second: Version) -> list[Difference]:
    """All that two versions have otherwise, in the order of the text."""
    names = (first.annotator, second.annotator)
    mine = [m for m in first.mentions if (m.spans, str(m.label)) not in second.marks()]
    other = [m for m in second.mentions if (m.spans, str(m.label)) not in first.marks()]
    found: list[Difference] = []
    for mention in mine:
        partner = _partner(mention, other)
        if partner is not None:
            other.remove(partner)
        kind = _kind(mention, partner)
        found.append(_difference(unit, kind, names, mention, partner))
    found += [_difference(unit, Kind.MISSING, names, None, mention) for mention in other]
    if first.links is not None and second.links is not None:
        found += _link_differences(unit, first, second)
    return sorted(found, key=lambda d: (d.first_at or d.second_at or (0, 0), d.kind))


def as_csv(found: Sequence[Disputed]) -> str:
    """A row a difference; the text of a unit stands in each."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    header = "unit paper kind first_annotator second_annotator first first_start first_end"
    writer.writerow([*header.split(), "second", "second_start", "second_end", "text"])
    for entry in found:
        for d in entry.differences:
            row = [entry.unit.ident, entry.unit.paper, d.kind, *d.annotators]
            for words, at in ((d.first, d.first_at), (d.second, d.second_at)):
                row += [words, *(map(str, at) if at else ("", ""))]
            writer.writerow([_safe(str(cell)) for cell in (*row, entry.unit.text)])
    return target.getvalue()


def as_json_lines(found: Sequence[Disputed]) -> str:
    """A line a unit, with its differences."""
    lines = []
    for entry in found:
        differences = [
            {
                "kind": d.kind,
                "annotators": list(d.annotators),
                "first": d.first or None,
                "first_at": d.first_at,
                "second": d.second or None,
                "second_at": d.second_at,
            }
            for d in entry.differences
        ]
        unit = entry.unit
        data = {"id": unit.ident, "paper": unit.paper, "text": unit.text}
        lines.append(json.dumps(data | {"differences": differences}, ensure_ascii=False) + "\n")
    return "".join(lines)


def as_tasks(found: Sequence[Disputed]) -> list[dict[str, Any]]:
    """Tasks of Label Studio for an adjudicator: each version as a prediction by its annotator.

    Where three or more differ and a majority says something, that is the first prediction, which
    Label Studio shows.
    """
    tasks = []
    for entry in found:
        unit = entry.unit
        versions = [v for v in unit.versions if v.adjudicated] or list(unit.independent)
        voted = vote(versions) if len(versions) > 2 else None
        about: Mapping[str, str] = dict(unit.about) | {"differences": _in_words(entry)}
        predictions = []
        for version in [*([voted] if voted else []), *versions]:
            shown = version.annotations(unit.text)
            text = AnnotatedText(unit.ident, unit.text, shown, None, unit.sentences, about)
            task = to_task(text)
            [prediction] = task["predictions"]
            predictions.append(prediction | {"model_version": version.annotator})
        tasks.append(task | {"predictions": predictions})
    return tasks


def _in_words(entry: Disputed) -> str:
    """The differences as an adjudicator reads them."""
    return "; ".join(
        f"{d.kind}: {d.annotators[0]} {d.first or 'nothing'} / "
        f"{d.annotators[1]} {d.second or 'nothing'}"
        for d in entry.differences
    )


def _safe(cell: str) -> str:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _partner(mention: GoldMention, other: Sequence[GoldMention]) -> GoldMention | None:
    """The mention that overlaps most with this one, those with its label first."""
    overlapping = [(_shared(mention, m), m) for m in other if _shared(mention, m)]
    ranked = sorted(overlapping, key=lambda o: (o[1].label != mention.label, -o[0], o[1].start))
    return ranked[0][1] if ranked else None


def _shared(first: GoldMention, second: GoldMention) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in first.spans for c, d in second.spans)


def _kind(mention: GoldMention, partner: GoldMention | None) -> Kind:
    if partner is None:
        return Kind.MISSING
    return Kind.BOUNDARY if partner.label == mention.label else Kind.LABEL


def _difference(
    unit: Unit,
    kind: Kind,
    names: tuple[str, str],
    mine: GoldMention | None,
    other: GoldMention | None,
) -> Difference:
    words = [_named(unit, m) if m is not None else "" for m in (mine, other)]
    places = [(m.start, m.end) if m is not None else None for m in (mine, other)]
    return Difference(kind, names, words[0], words[1], places[0], places[1])


def _named(unit: Unit, mention: GoldMention) -> str:
    words = " … ".join(unit.text[start:end] for start, end in mention.spans)
    return f"{words} ({mention.label})"


def _link_differences(unit: Unit, first: Version, second: Version) -> list[Difference]:
    """Links that one has and the other has not, though both have the mentions at its ends."""
    names = (first.annotator, second.annotator)
    common = _bounds(first) & _bounds(second)
    found = []
    mine, other = first.link_marks(), second.link_marks()
    for link in sorted(mine ^ other):
        head, tail, label = link
        if head not in common or tail not in common:
            continue  # that a mention is missing is said already
        words = f"{unit.text[slice(*head)]} – {unit.text[slice(*tail)]} ({label})"
        is_mine = link in mine
        found.append(
            Difference(
                Kind.LINK,
                names,
                words if is_mine else "",
                "" if is_mine else words,
                head if is_mine else None,
                None if is_mine else head,
            )
        )
    return found


def _bounds(version: Version) -> set[Span]:
    return {(m.start, m.end) for m in version.mentions}
