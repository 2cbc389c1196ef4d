"""Reads and writes a text with brat's standoff annotation as a ``Paper`` of one passage.

The text is taken as it is, so that offsets are brat's. Which labels and roles may occur is the
``Scheme`` of the corpus, and which files make a corpus is its loader's affair (``sc_comics``).
The grammar of single lines lives in ``brat_lines``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from scmine.corpora.brat_lines import (
    EventLine,
    Line,
    MentionLine,
    OtherLine,
    RelationLine,
    parse_line,
    words_of,
)
from scmine.corpora.ordering import ordered
from scmine.corpora.types import (
    CorpusError,
    GoldEvent,
    GoldLink,
    GoldMention,
    GoldPassage,
    Paper,
    Place,
)

TEXT_SUFFIX, ANNOTATION_SUFFIX = ".txt", ".ann"


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a corpus marks: labels of mentions and relations, and the roles of each event.

    A role may be followed by a number (``Dopant2``), as brat writes it where a role recurs.
    """

    mentions: frozenset[str]
    relations: frozenset[str]
    events: Mapping[str, frozenset[str]]


def load_brat(folder: Path, stem: str, scheme: Scheme, kind: str) -> Paper:
    """The text ``stem.txt`` of ``folder`` with the annotations ``stem.ann``.

    Raises
    ------
    CorpusError
        If one of the two files is missing, is not UTF-8, or does not fit ``scheme``, the text or
        itself; the error names file and line.
    """
    text_path, path = folder / f"{stem}{TEXT_SUFFIX}", folder / f"{stem}{ANNOTATION_SUFFIX}"
    for here, other in ((text_path, path), (path, text_path)):
        if not here.is_file():
            raise CorpusError(here, f"is missing, though there is {other.name}")
    text = _decoded(text_path, text_path.read_bytes())
    return _read(path, stem, GoldPassage(kind, text), path.read_bytes(), scheme)


def write_brat(paper: Paper, folder: Path, scheme: Scheme) -> Paper:
    """Write ``stem.txt`` and ``stem.ann`` into ``folder``.

    Lines that still say what the paper says stay as they were, in their order; what is new comes
    at the end, with new identifiers where there are none. Notes and the like go with what they
    are about. A paper that was not loaded from brat files is written all the same.

    Returns
    -------
    Paper
        What loading the files gives: ``paper`` in order and with all identifiers.

    Raises
    ------
    ValueError
        If the paper has several passages, names an identifier twice or holds what ``scheme`` does
        not allow. Nothing is written then.
    """
    if len(paper.passages) != 1:
        raise ValueError(f"{paper.stem}: a brat text is one passage, not {len(paper.passages)}")
    new = ordered(_with_idents(ordered(paper)))
    data = _updated(paper.source, {line.ident: str(line) for line in _lines(new)})
    [passage] = new.passages
    path = folder / f"{paper.stem}{ANNOTATION_SUFFIX}"
    try:
        bare = replace(passage, mentions=())
        again = _read(path, paper.stem, bare, data, scheme)
    except CorpusError as error:
        raise ValueError(f"{paper.stem}: cannot be written for brat: {error}") from error
    if again != new:
        raise ValueError(f"{paper.stem}: brat's format cannot say this")
    (folder / f"{paper.stem}{TEXT_SUFFIX}").write_bytes(passage.text.encode("utf-8"))
    path.write_bytes(data)
    return again


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(path, f"not UTF-8: {error.reason}", line) from error


def _read(path: Path, stem: str, passage: GoldPassage, data: bytes, scheme: Scheme) -> Paper:
    lines = _numbered_lines(path, data)
    for number, line in lines.items():
        reason = _fault(line, passage.text, scheme)
        if reason is not None:
            raise CorpusError(path, reason, number)
    _check_references(path, lines)
    parts = lines.values()
    mention_lines = [line for line in parts if isinstance(line, MentionLine)]
    places = {line.ident: (0, j) for j, line in enumerate(mention_lines)}
    event_lines = [line for line in parts if isinstance(line, EventLine)]
    events = {
        line.ident: (
            k,
            GoldEvent(
                line.label,
                places[line.trigger],
                tuple((role, places[ident]) for role, ident in line.arguments),
                line.ident,
            ),
        )
        for k, line in enumerate(event_lines)
    }
    links = tuple(_link(line, places, events) for line in parts if isinstance(line, RelationLine))
    annotated = replace(passage, mentions=tuple(_mention(line) for line in mention_lines))
    gold_events = tuple(event for _, event in events.values())
    return ordered(Paper(stem, (annotated,), links, gold_events, data))


def _numbered_lines(path: Path, data: bytes) -> dict[int, Line]:
    """The lines that say something, by their number from 1."""
    _decoded(path, data)
    lines: dict[int, Line] = {}
    for number, raw in enumerate(data.splitlines(), 1):
        try:
            line = parse_line(raw.decode("utf-8"))
        except ValueError as error:
            raise CorpusError(path, str(error), number) from error
        if line is not None:
            lines[number] = line
    return lines


def _fault(line: Line, text: str, scheme: Scheme) -> str | None:
    """What is wrong with a line by itself, none if nothing is."""
    match line:
        case MentionLine(_, label, spans, words):
            if label not in scheme.mentions:
                return f"unknown mention type {label!r}"
            for start, end in spans:
                if not start < end <= len(text):
                    return f"no characters {start} to {end} in a text of {len(text)}"
            if words_of(text, spans) != words:
                return f"says {words!r} where the text has {words_of(text, spans)!r}"
        case RelationLine(_, label):
            if label not in scheme.relations:
                return f"unknown relation type {label!r}"
        case EventLine(_, label, _, arguments):
            if label not in scheme.events:
                return f"unknown event type {label!r}"
            for role, ident in arguments:
                if role.rstrip("0123456789") not in scheme.events[label]:
                    return f"unknown role {role!r} in an event {label!r}"
                if not ident.startswith("T"):
                    return f"{ident!r} takes part in an event but is no mention"
    return None


def _check_references(path: Path, lines: Mapping[int, Line]) -> None:
    """Every identifier is defined once, and every one that is used is defined."""
    defined: set[str] = set()
    for number, line in lines.items():
        if line.ident in defined:
            raise CorpusError(path, f"{line.ident!r} is defined twice", number)
        if line.ident != "*":  # equivalences have no identifier of their own
            defined.add(line.ident)
    for number, line in lines.items():
        for ident in line.refers_to:
            if ident not in defined:
                raise CorpusError(path, f"{line.ident!r} refers to unknown {ident!r}", number)


def _mention(line: MentionLine) -> GoldMention:
    start, end = min(s for s, _ in line.spans), max(e for _, e in line.spans)
    fragments = line.spans if len(line.spans) > 1 else ()
    return GoldMention(start, end, line.label, line.ident, fragments)


def _link(
    line: RelationLine,
    places: Mapping[str, Place],
    events: Mapping[str, tuple[int, GoldEvent]],
) -> GoldLink:
    def end(ident: str) -> tuple[Place, int | None]:
        if ident in places:
            return places[ident], None
        index, event = events[ident]
        return event.trigger, index

    (head, head_event), (tail, tail_event) = end(line.first), end(line.second)
    return GoldLink(head, tail, line.label, line.ident, head_event, tail_event)


def _with_idents(paper: Paper) -> Paper:
    """``paper`` with the next free identifier for whatever has none.

    Identifiers of the paper's source are not given again: notes may refer to them.
    """
    lines = (parse_line(raw.decode("utf-8")) for raw in paper.source.splitlines())
    taken = {line.ident for line in lines if line is not None}
    [passage] = paper.passages
    mentions, events, links = (
        _named(letter, taken, [part.ident for part in parts])
        for letter, parts in (("T", passage.mentions), ("E", paper.events), ("R", paper.links))
    )
    named = tuple(replace(m, ident=i) for m, i in zip(passage.mentions, mentions, strict=True))
    return replace(
        paper,
        passages=(replace(passage, mentions=named),),
        events=tuple(replace(e, ident=i) for e, i in zip(paper.events, events, strict=True)),
        links=tuple(replace(k, ident=i) for k, i in zip(paper.links, links, strict=True)),
    )


def _named(letter: str, taken: set[str], idents: Sequence[str]) -> list[str]:
    given = [ident for ident in idents if ident]
    if len(set(given)) < len(given):
        raise ValueError(f"an identifier {letter}… is used twice")
    used = taken.union(given)
    fresh = (f"{letter}{n}" for n in count(1) if f"{letter}{n}" not in used)
    return [ident or next(fresh) for ident in idents]


def _lines(paper: Paper) -> Iterator[Line]:
    """What the paper says, line by line: mentions, events, relations."""
    [passage] = paper.passages
    for m in passage.mentions:
        yield MentionLine(m.ident, m.label, m.spans, words_of(passage.text, m.spans))
    for event in paper.events:
        arguments = tuple((role, paper.mention(at).ident) for role, at in event.arguments)
        yield EventLine(event.ident, event.label, paper.mention(event.trigger).ident, arguments)
    for link in paper.links:
        first, second = (
            paper.mention(at).ident if event is None else paper.events[event].ident
            for at, event in ((link.head, link.head_event), (link.tail, link.tail_event))
        )
        yield RelationLine(link.ident, link.label, first, second)


def _updated(source: bytes, wanted: Mapping[str, str]) -> bytes:
    """``source`` made to say the lines ``wanted``, by identifier.

    Lines that say it already stay untouched. A last line without a line end stays without.
    """
    raws = source.splitlines(keepends=True)
    ends_open = bool(raws) and not raws[-1].endswith((b"\n", b"\r"))
    newline = (raws[0][len(raws[0].rstrip(b"\r\n")) :] if raws else b"") or b"\n"
    parsed = [(raw, parse_line(raw.rstrip(b"\r\n").decode("utf-8"))) for raw in raws]
    carried = _carried([line for _, line in parsed if isinstance(line, OtherLine)], set(wanted))
    kept: list[bytes] = []
    for raw, line in parsed:
        if line is None or line in carried:
            kept.append(raw)
        elif line.ident in wanted:
            same = str(line) == wanted[line.ident]
            kept.append(raw if same else wanted[line.ident].encode("utf-8") + newline)
    old = {line.ident for _, line in parsed if line is not None}
    kept += [line.encode("utf-8") + newline for ident, line in wanted.items() if ident not in old]
    closed = [raw if raw.endswith((b"\n", b"\r")) else raw + newline for raw in kept]
    if ends_open and closed:
        closed[-1] = closed[-1].rstrip(b"\r\n")
    return b"".join(closed)


def _carried(others: Iterable[OtherLine], there: set[str]) -> list[OtherLine]:
    """Those of the other lines that are about something still there, directly or by another."""
    carried = list(others)
    while True:
        known = there | {line.ident for line in carried}
        left = [line for line in carried if known.issuperset(line.refers_to)]
        if len(left) == len(carried):
            return left
        carried = left
