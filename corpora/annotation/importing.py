"""Brings what files say into units: each version on its original text, in code points.

A version with anything that cannot be read is refused as a whole, since one that lacks a mention
would say that there is none; all others are taken. What was mapped on the way is noted. Reading
the files is the affair of ``reading``, what becomes of the versions that of ``gold``.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scmine.corpora.annotation.counting import OffsetError, in_code_points
from scmine.corpora.annotation.link_rules import LinkError, mention_labels, oriented
from scmine.corpora.annotation.offsets import Alignment, align
from scmine.corpora.annotation.versions import (
    Counting,
    Fault,
    Note,
    Problem,
    RawVersion,
    Read,
    Unit,
    Version,
    unit_name,
)
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link


@dataclass(frozen=True, slots=True)
class Noted:
    """A note about the version of a file."""

    file: str
    unit: str
    note: Note


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read: units with their versions, what was refused, and what was mapped.

    ``not_done`` are the units that were given to annotators and came back from nobody.
    """

    units: tuple[Unit, ...]
    problems: tuple[Problem, ...] = ()
    noted: tuple[Noted, ...] = ()
    not_done: tuple[str, ...] = ()

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who made versions on their own, sorted."""
        return tuple(sorted({v.annotator for u in self.units for v in u.independent}))

    def faults(self) -> dict[str, int]:
        """How many problems of each kind."""
        return dict(sorted(Counter(str(p.fault) for p in self.problems).items()))

    def notes(self) -> dict[str, int]:
        """How many notes of each kind."""
        return dict(sorted(Counter(str(n.note) for n in self.noted).items()))


@dataclass(slots=True)
class _Collected:
    """A unit as its versions come in; ``latest`` and ``files`` say how new each is, and whence."""

    original: AnnotatedText
    versions: dict[tuple[str, bool], Version] = field(default_factory=dict)
    latest: dict[tuple[str, bool], str] = field(default_factory=dict)
    files: dict[tuple[str, bool], str] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, fault: Fault, what: str, todo: str) -> None:
        super().__init__(what)
        self.fault, self.todo = fault, todo


def collect(
    reads: Iterable[Read],
    scheme: str,
    originals: Iterable[AnnotatedText] = (),
    counting: Counting | None = None,
) -> Imported:
    """The units that ``reads`` are about.

    Parameters
    ----------
    scheme
        ``supermat`` or ``sc-comics``: which labels there are.
    originals
        The units as they were given to annotators. Without any, the first text of a unit that is
        read counts as its original.
    counting
        What offsets count; None for what each format counts.
    """
    known = {text.ident: text for text in originals}
    by_text = _by_text(known.values())
    units: dict[str, _Collected] = {}
    problems: list[Problem] = []
    noted: list[Noted] = []
    for read in reads:
        if isinstance(read, Problem):
            problems.append(read)
            continue
        try:
            original, notes = _original(read, known, by_text, units)
            version, more = _settled(read, original, scheme, counting)
            unit = units.get(original.ident) or _Collected(original)
            notes += more + _kept_latest(unit, version, read)
        except _Refused as error:
            problems.append(Problem(read.file, read.ident, error.fault, str(error), error.todo))
            continue
        units[original.ident] = unit
        noted += [Noted(read.file, original.ident, note) for note in dict.fromkeys(notes)]
    return Imported(
        tuple(_unit(units[ident]) for ident in sorted(units)),
        tuple(problems),
        tuple(noted),
        tuple(sorted(known.keys() - units.keys())),
    )


def _unit(collected: _Collected) -> Unit:
    text = collected.original
    versions = tuple(collected.versions[key] for key in sorted(collected.versions))
    return Unit(text.ident, text.text, versions, text.sentences, text.about, text.before)


def _kept_latest(unit: _Collected, version: Version, read: RawVersion) -> tuple[Note, ...]:
    """Put the version into its unit; of several of one annotator in a file the newest stays."""
    key = (version.annotator, version.adjudicated)
    known = unit.versions.get(key)
    if known is not None and unit.files[key] != read.file and not known.says_same(version):
        raise _Refused(
            Fault.TWICE,
            f"{version.annotator!r} has made another version of it in {unit.files[key]}",
            "Name the makers of the files, as NAME=FILE, or leave out the older file",
        )
    if known is None or read.when >= unit.latest[key]:
        unit.versions[key], unit.latest[key] = version, read.when
        unit.files[key] = read.file
    return () if known is None else (Note.EARLIER_VERSION,)


def _original(
    read: RawVersion,
    known: Mapping[str, AnnotatedText],
    by_text: Mapping[str, str | None],
    units: Mapping[str, _Collected],
) -> tuple[AnnotatedText, tuple[Note, ...]]:
    """The unit that a version is of, as it was given to annotators."""
    ident = read.ident if read.ident in known else unit_name(read.ident)
    if ident in known:
        return known[ident], ()
    if known:
        found = by_text.get(_bare(read.text))
        if found is None:
            raise _Refused(
                Fault.UNKNOWN_UNIT,
                "no unit of the export has this name, and none, or more than one, has this text",
                "Give the units.jsonl that was written with this export (--units)",
            )
        return known[found], (Note.FOUND_BY_TEXT,)
    if not ident:
        raise _Refused(
            Fault.UNKNOWN_UNIT,
            "the file does not name the unit",
            "Give the units.jsonl that was written with the export (--units)",
        )
    if ident in units:
        return units[ident].original, ()
    about = dict(read.about)
    return AnnotatedText(ident, read.text, read.before, None, read.sentences, about), ()


def _by_text(originals: Iterable[AnnotatedText]) -> dict[str, str | None]:
    """The name of the unit with each text, None where several have it."""
    found: dict[str, str | None] = {}
    for text in originals:
        bare = _bare(text.text)
        found[bare] = text.ident if bare not in found else None
    return found


def _bare(text: str) -> str:
    """A text without what ``offsets`` maps; whether it is the same is decided there."""
    return "".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").split())


def _settled(
    read: RawVersion, original: AnnotatedText, scheme: str, counting: Counting | None
) -> tuple[Version, tuple[Note, ...]]:
    notes = list(read.notes)
    try:
        mentions, more = in_code_points(
            read.text, read.mentions, read.words, counting or read.counting
        )
    except OffsetError as error:
        raise _Refused(error.fault, str(error), error.todo) from error
    notes += more
    alignment = align(original.text, read.text)
    if alignment is None:
        raise _Refused(
            Fault.TEXT_CHANGED,
            f"its text is not that of the export ({_difference(original.text, read.text)})",
            "Restore the text in the tool, or take this unit out",
        )
    notes += alignment.notes
    placed = []
    for mention in mentions:
        moved, more = _moved(mention, alignment, original.text)
        placed.append(moved)
        notes += more
    _check_labels(placed, scheme)
    links, of_links = _checked_links(placed, read.links, scheme)
    notes += of_links
    if read.links is None:
        notes.append(Note.LINKS_UNKNOWN)
    found, in_order = _in_order(placed, links)
    return Version(read.annotator, found, in_order, read.adjudicated), tuple(notes)


def _difference(original: str, given: str) -> str:
    """Where two texts begin to differ."""
    pairs = enumerate(zip(original, given, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(original), len(given)))
    return f"from character {at}: {original[at : at + 12]!r} became {given[at : at + 12]!r}"


def _moved(
    mention: GoldMention, alignment: Alignment, text: str
) -> tuple[GoldMention, tuple[Note, ...]]:
    """The mention on the original text; pieces with nothing but blanks between become one."""
    notes = []
    spans: list[tuple[int, int]] = []
    for start, end in sorted(mention.spans):
        if alignment.widens(start, end):
            notes.append(Note.WIDENED)
        first, last = alignment.span(start, end)
        if first >= last:
            raise _Refused(
                Fault.EMPTY_MENTION,
                f"a mention {mention.label!r} marks only what the tool added at the ends",
                "Delete it in the tool and export again",
            )
        if spans and not text[spans[-1][1] : first].strip():
            notes.append(Note.PIECES_JOINED)
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    fragments = tuple(spans) if len(spans) > 1 else ()
    moved = replace(mention, start=spans[0][0], end=spans[-1][1], fragments=fragments)
    return moved, tuple(notes)


def _check_labels(mentions: Iterable[GoldMention], scheme: str) -> None:
    known = mention_labels(scheme)
    for mention in mentions:
        if not mention.label:
            raise _Refused(
                Fault.NO_LABEL,
                f"a mention has no label (characters {mention.start} to {mention.end})",
                "Label or delete it in the tool and export again",
            )
        if mention.label not in known:
            raise _Refused(
                Fault.UNKNOWN_LABEL,
                f"unknown label {mention.label!r}",
                f"The scheme {scheme} has {', '.join(sorted(known))}; name another with --schema",
            )


def _checked_links(
    mentions: list[GoldMention], links: tuple[Link, ...] | None, scheme: str
) -> tuple[list[Link] | None, list[Note]]:
    if links is None:
        return None, []
    kept: list[Link] = []
    notes: list[Note] = []
    for link in links:
        try:
            turned, more = oriented(scheme, mentions, link)
        except LinkError as error:
            raise _Refused(
                Fault.BAD_LINK, str(error), "Mend or delete it in the tool and export again"
            ) from error
        kept.append(turned)
        notes += more
    return kept, notes


def _in_order(
    mentions: list[GoldMention], links: list[Link] | None
) -> tuple[tuple[GoldMention, ...], tuple[Link, ...] | None]:
    """Each mention and each link once, in the order of the text."""
    key = [(m.start, m.end, m.fragments, str(m.label)) for m in mentions]
    ranked = sorted(set(key))
    first = {k: mentions[i] for i, k in reversed(list(enumerate(key)))}
    found = tuple(replace(first[k], ident="") for k in ranked)
    if links is None:
        return found, None
    at = {k: i for i, k in enumerate(ranked)}
    pairs = sorted({(at[key[k.head]], at[key[k.tail]], str(k.label)) for k in links})
    return found, tuple(Link(head, tail, label) for head, tail, label in pairs)
