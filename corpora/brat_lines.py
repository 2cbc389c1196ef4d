"""The lines of brat's standoff files (``.ann``), each on its own: parsing and printing.

What a line refers to, and whether it fits the text, is checked in ``brat``. Mentions (``T``),
relations (``R``) and events (``E``) are taken apart; of other kinds (attributes ``A`` and ``M``,
normalisations ``N``, notes ``#``, equivalences ``*``) only what they refer to is known, so that
they can be carried along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scmine.corpora.types import Span

_LABEL = r"[^\s:;]+"
_MENTION = re.compile(rf"(T\d+)\t({_LABEL}) (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.ASCII | re.DOTALL)
_RELATION = re.compile(rf"(R\d+)\t({_LABEL}) Arg1:([TE]\d+) Arg2:([TE]\d+)\s*", re.ASCII)
_EVENT = re.compile(rf"(E\d+)\t({_LABEL}):(T\d+)((?: {_LABEL}:[TE]\d+)*)\s*", re.ASCII)
_OTHER = re.compile(rf"([AMN#]\d+|\*)\t({_LABEL})((?: [^\s\t]+)+)(?:\t.*)?", re.ASCII | re.DOTALL)
_REFERENCE = re.compile(r"[TREAMN]\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class MentionLine:
    """``T1<tab>SC 0 6;10 12<tab>words``: a label, the pieces (start, end) and their words."""

    ident: str
    label: str
    spans: tuple[Span, ...]
    text: str

    @property
    def refers_to(self) -> tuple[str, ...]:
        """The identifiers the line needs."""
        return ()

    def __str__(self) -> str:
        spans = ";".join(f"{start} {end}" for start, end in self.spans)
        return f"{self.ident}\t{self.label} {spans}\t{self.text}"


@dataclass(frozen=True, slots=True)
class RelationLine:
    """``R1<tab>Target Arg1:E1 Arg2:T2``: a label and two arguments, mentions or events."""

    ident: str
    label: str
    first: str
    second: str

    @property
    def refers_to(self) -> tuple[str, ...]:
        """The identifiers the line needs."""
        return self.first, self.second

    def __str__(self) -> str:
        return f"{self.ident}\t{self.label} Arg1:{self.first} Arg2:{self.second}"


@dataclass(frozen=True, slots=True)
class EventLine:
    """``E1<tab>Doping:T1 Dopant:T2``: a label, its trigger, and arguments as (role, identifier)."""

    ident: str
    label: str
    trigger: str
    arguments: tuple[tuple[str, str], ...]

    @property
    def refers_to(self) -> tuple[str, ...]:
        """The identifiers the line needs."""
        return self.trigger, *(ident for _, ident in self.arguments)

    def __str__(self) -> str:
        arguments = "".join(f" {role}:{ident}" for role, ident in self.arguments)
        return f"{self.ident}\t{self.label}:{self.trigger}{arguments}"


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A line that is carried along: a note, an attribute, a normalisation, an equivalence."""

    ident: str
    refers_to: tuple[str, ...]


Line = MentionLine | RelationLine | EventLine | OtherLine


def parse_line(line: str) -> Line | None:
    """The parts of one line, given without its line end; none for an empty one.

    Raises
    ------
    ValueError
        If the line is none of brat's.

    >>> parse_line("R1\\tTarget Arg1:E2 Arg2:T23")
    RelationLine(ident='R1', label='Target', first='E2', second='T23')
    >>> parse_line("T1\\tSC 0 2;3 5\\tTc Tc").spans
    ((0, 2), (3, 5))
    """
    if not line.strip():
        return None
    if found := _MENTION.fullmatch(line):
        spans = tuple(
            (int(start), int(end)) for start, end in (s.split(" ") for s in found[3].split(";"))
        )
        return MentionLine(found[1], found[2], spans, found[4])
    if found := _RELATION.fullmatch(line):
        return RelationLine(found[1], found[2], found[3], found[4])
    if found := _EVENT.fullmatch(line):
        arguments = (argument.rpartition(":") for argument in found[4].split())
        return EventLine(found[1], found[2], found[3], tuple((r, i) for r, _, i in arguments))
    if found := _OTHER.fullmatch(line):
        refers_to = (word for word in found[3].split() if _REFERENCE.fullmatch(word))
        return OtherLine(found[1], tuple(refers_to))
    raise ValueError(f"not a line of brat's: {line!r}")


def words_of(text: str, spans: tuple[Span, ...]) -> str:
    """The words brat prints for a mention: its pieces joined by a blank, line ends as blanks.

    >>> words_of("La and Y hydrides", ((0, 2), (9, 17)))
    'La hydrides'
    """
    words = " ".join(text[start:end] for start, end in spans)
    return words.replace("\n", " ").replace("\r", " ")
