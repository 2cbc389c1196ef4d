"""Writes decided units as a corpus that loaders and trainers read, and everything beside it.

SuperMat's form is one TEI file a paper, SC-CoMIcs' a pair of brat files a unit. Neither holds all:
``annotations.jsonl`` keeps every version with exact offsets, and says what was decided and how.
Which version counts is the affair of ``deciding``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scmine.corpora.annotation.deciding import Decision
from scmine.corpora.annotation.from_json_lines import unit_line
from scmine.corpora.annotation.importing import Imported
from scmine.corpora.annotation.offsets import without_controls
from scmine.corpora.annotation.versions import Unit, Version
from scmine.corpora.brat import ANNOTATION_SUFFIX, TEXT_SUFFIX
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.tei_file import to_tei
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.sc_comics import write_sc_comics
from scmine.corpora.scored import ROLES
from scmine.corpora.supermat import LABELS, load_paper, normalise_blanks
from scmine.corpora.types import CorpusError, GoldEvent, GoldLink, GoldPassage, Paper

ANNOTATIONS_FILE, PROBLEMS_FILE = "annotations.jsonl", "problems.jsonl"
_TEI_SUFFIX = ".tei.xml"
_LONGEST_NAME = 80
_TRIGGER = "Doping"


@dataclass(frozen=True, slots=True)
class Written:
    """What a corpus holds: papers, units by how they were decided, and what it could not hold.

    ``lost`` counts mentions and links by label that the form of the corpus has no place for.
    """

    papers: int
    units: Counter[str]
    mentions: int
    links: int
    undecided: int
    lost: Counter[str]


def write_corpus(
    folder: Path, scheme: str, imported: Imported, decisions: Sequence[Decision]
) -> Written:
    """Write the decided units into ``folder``, which is made, with all versions beside them.

    It appears when it is whole.

    Raises
    ------
    CorpusError
        If the folder holds files already, or a file cannot be written so that it says the same
        when it is read again.
    """
    if folder.exists() and (not folder.is_dir() or next(folder.iterdir(), None) is not None):
        raise CorpusError(folder, "is not empty; name a new folder with -o")
    folder.parent.mkdir(parents=True, exist_ok=True)
    papers: dict[str, list[Decision]] = {}
    for decision in decisions:
        papers.setdefault(decision.unit.paper, []).append(decision)
    with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as made:
        partial = Path(made) / folder.name
        partial.mkdir()
        lost: Counter[str] = Counter()
        for name, group in papers.items():
            if scheme == SUPERMAT:
                lost += _write_tei(partial, name, group)
            else:
                lost += _write_brat(partial, group)
        _write_all(partial, imported, decisions)
        partial.replace(folder)
    return Written(
        len(papers),
        Counter(str(d.how) for d in decisions),
        sum(len(d.version.mentions) for d in decisions),
        sum(len(d.version.links or ()) for d in decisions),
        len(imported.units) - len(decisions),
        lost,
    )


def file_stem(paper: str) -> str:
    """A file name for a paper: letters, digits, ``-`` and ``_``.

    >>> file_stem("10.1103/PhysRevB.1")
    '10_1103_PhysRevB_1'
    """
    return re.sub("[^A-Za-z0-9-]", "_", paper)[:_LONGEST_NAME]


def _write_all(folder: Path, imported: Imported, decisions: Iterable[Decision]) -> None:
    decided = {d.unit.ident: d for d in decisions}
    lines = []
    for unit in imported.units:
        data = json.loads(unit_line(unit))
        decision = decided.get(unit.ident)
        data["decided"] = None
        if decision is not None:
            one = Unit(unit.ident, unit.text, (decision.version,))
            data["decided"] = json.loads(unit_line(one))["versions"][0] | {"how": decision.how}
        lines.append(json.dumps(data, ensure_ascii=False) + "\n")
    (folder / ANNOTATIONS_FILE).write_bytes("".join(lines).encode("utf-8"))
    rows = [
        {"file": p.file, "unit": p.unit, "fault": p.fault, "what": p.what, "todo": p.todo}
        for p in imported.problems
    ]
    rows += [{"file": n.file, "unit": n.unit, "note": n.note} for n in imported.noted]
    if rows:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / PROBLEMS_FILE).write_bytes(text.encode("utf-8"))


def _in_reading_order(decision: Decision) -> tuple[object, ...]:
    """By the numbers in what the unit is about, else by the numbers in its name."""
    about = decision.unit.about
    places = [re.search(r"\d+", about.get(key, "")) for key in ("passage", "start")]
    first = [int(found[0]) for found in places if found is not None]
    numbers = [int(n) for n in re.findall(r"\d+", decision.unit.ident.rpartition("-")[2])]
    return (not first, first, numbers, decision.unit.ident)


def _write_tei(folder: Path, paper: str, decisions: Iterable[Decision]) -> Counter[str]:
    texts, lost, expected = [], Counter[str](), []
    for decision in sorted(decisions, key=_in_reading_order):
        unit, version = decision.unit, decision.version
        clean = without_controls(unit.text)
        held, missing = _what_tei_holds(clean, version)
        lost += missing
        after = held.annotations(clean)
        texts.append(AnnotatedText(unit.ident, clean, None, after, about=unit.about))
        text, spans = normalise_blanks(clean, [(m.start, m.end) for m in held.mentions])
        marks = zip(spans, held.mentions, strict=True)
        expected.append((text, tuple((*span, str(m.label)) for span, m in marks)))
    path = folder / f"{file_stem(paper)}{_TEI_SUFFIX}"
    if path.exists():
        raise CorpusError(path, f"two papers would have this name, one of them {paper!r}")
    tei = to_tei(texts, f"Annotated passages of {paper}")
    path.write_bytes(tei.xml.encode("utf-8"))
    found = [
        (p.text, tuple((m.start, m.end, str(m.label)) for m in p.mentions))
        for p in load_paper(path).passages
        if p.text
    ]
    if sorted(found) != sorted(e for e in expected if e[0]):
        raise CorpusError(path, "the file does not say what was annotated; please report this")
    return lost


def _what_tei_holds(text: str, version: Version) -> tuple[Version, Counter[str]]:
    """The version without what SuperMat's form cannot say, and that by label.

    It has six labels, no mentions in pieces and no overlaps: of two that overlap the first counts.
    """
    kept: list[int] = []
    lost: Counter[str] = Counter()
    last = 0
    for i, mention in enumerate(version.mentions):
        has_words = bool(text[mention.start : mention.end].strip())
        is_apart = mention.start >= last and not mention.fragments
        if mention.label in LABELS and is_apart and has_words:
            kept.append(i)
            last = mention.end
        else:
            lost[str(mention.label)] += 1
    at = {old: new for new, old in enumerate(kept)}
    links = [k for k in version.links or () if k.head in at and k.tail in at]
    for link in version.links or ():
        lost[str(link.label)] += link.head not in at or link.tail not in at
    held = Version(
        version.annotator,
        tuple(version.mentions[i] for i in kept),
        tuple(type(k)(at[k.head], at[k.tail], k.label) for k in links),
    )
    return held, +lost


def _write_brat(folder: Path, decisions: Iterable[Decision]) -> Counter[str]:
    for decision in decisions:
        unit, version = decision.unit, decision.version
        stem = file_stem(unit.ident)
        if (folder / f"{stem}{TEXT_SUFFIX}").exists():
            path = folder / f"{stem}{ANNOTATION_SUFFIX}"
            raise CorpusError(path, f"two units would have this name, one of them {unit.ident!r}")
        try:
            write_sc_comics(_abstract(stem, unit, version), folder)
        except ValueError as error:
            raise CorpusError(folder, str(error)) from error
    return Counter()


def _abstract(stem: str, unit: Unit, version: Version) -> Paper:
    """A unit as a paper of SC-CoMIcs; links from a trigger to what takes part become events."""
    arguments: dict[int, list[tuple[str, int]]] = {}
    for link in version.links or ():
        if link.label in ROLES and version.mentions[link.head].label == _TRIGGER:
            arguments.setdefault(link.head, []).append((link.label, link.tail))
    events = tuple(
        GoldEvent(_TRIGGER, (0, trigger), tuple((role, (0, at)) for role, at in _numbered(parts)))
        for trigger, parts in sorted(arguments.items())
    )
    event_of = {trigger: k for k, trigger in enumerate(sorted(arguments))}
    links = tuple(
        GoldLink(
            (0, k.head),
            (0, k.tail),
            k.label,
            head_event=event_of.get(k.head),
            tail_event=event_of.get(k.tail),
        )
        for k in version.links or ()
        if k.label not in ROLES
    )
    return Paper(stem, (GoldPassage("abstract", unit.text, version.mentions),), links, events)


def _numbered(parts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Roles that recur get numbers from the second on, as brat writes them."""
    seen: Counter[str] = Counter()
    named = []
    for role, at in parts:
        seen[role] += 1
        named.append((role if seen[role] == 1 else f"{role}{seen[role]}", at))
    return named
