"""Matches the text that a tool gives back with the one it was given, character by character.

A tool may change line ends, compose accents, lose blanks at the ends, or replace what its format
cannot hold. Such changes are tried by name; a text that none of them explains is not matched.
Nothing is guessed from similarity.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from scmine.corpora.annotation.versions import Note

_BOM = "\ufeff"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Piece = tuple[str, str]
"""A stretch of the original and what became of it; both are whole characters to each other."""
_Change = tuple[Note, Callable[[str], Iterator[Piece]]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each boundary of the tool's text, where it lies in the original.

    ``lows`` is what an end becomes where the boundary lies between two stretches, ``highs`` what
    a start becomes; ``inside`` are the boundaries that lie within a character of the original.
    """

    lows: tuple[int, ...]
    highs: tuple[int, ...]
    inside: frozenset[int] = frozenset()
    notes: tuple[Note, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters ``start`` to ``end`` of the tool's text in the original; never less."""
        first = self.lows[start] if start in self.inside else self.highs[start]
        last = self.highs[end] if end in self.inside else self.lows[end]
        return first, last

    def widens(self, start: int, end: int) -> bool:
        """Whether ``span`` covers more than was marked."""
        return start in self.inside or end in self.inside


def align(original: str, given: str) -> Alignment | None:
    """How ``given``, the text a tool gave back, lies on ``original``; None if it is another text.

    >>> found = align("a\\r\\nTc", "a\\nTc\\n")
    >>> found.span(2, 4), [str(note) for note in found.notes]
    ((3, 5), ['line_ends', 'blanks_at_ends'])
    >>> align("Tc of 39 K", "Tc of 40 K") is None
    True
    """
    if original == given:
        same = tuple(range(len(given) + 1))
        return Alignment(same, same)
    for changes in product(*_CHANGES):
        pieces = list(_changed(original, [c for c in changes if c is not None]))
        ends = _at_ends("".join(after for _, after in pieces), given)
        if ends is None:
            continue
        notes = [note for note, _ in (c for c in changes if c is not None)]
        return _alignment(pieces, given, ends, notes)
    return None


def without_controls(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def utf16_to_code_points(text: str) -> list[int | None]:
    """For each UTF-16 offset of a text its code point offset; None within a character.

    >>> utf16_to_code_points("a😀b")
    [0, 1, None, 2, 3]
    """
    at: list[int | None] = [0]
    for number, character in enumerate(text, 1):
        if ord(character) > 0xFFFF:
            at.append(None)
        at.append(number)
    return at


def _line_feeds(text: str) -> Iterator[Piece]:
    return ((m, "\n" if m.startswith("\r") else m) for m in re.findall(r"\r\n?|[^\r]", text))


def _line_feeds_of_pairs(text: str) -> Iterator[Piece]:
    return ((m, "\n" if m == "\r\n" else m) for m in re.findall(r"(?s)\r\n|.", text))


def _pairs(text: str) -> Iterator[Piece]:
    return ((m, "\r\n" if m[0] in "\r\n" else m) for m in re.findall(r"(?s)\r\n|.", text))


def _blank_returns(text: str) -> Iterator[Piece]:
    return ((c, " " if c == "\r" else c) for c in text)


def _no_returns(text: str) -> Iterator[Piece]:
    return ((c, "" if c == "\r" else c) for c in text)


def _xml(text: str) -> Iterator[Piece]:
    return ((c, "\ufffd" if _NOT_IN_XML.match(c) else c) for c in text)


def _no_control(text: str) -> Iterator[Piece]:
    return ((c, "" if _NOT_IN_XML.match(c) else c) for c in text)


def _composed(text: str) -> Iterator[Piece]:
    return _normalised("NFC", text)


def _decomposed(text: str) -> Iterator[Piece]:
    return _normalised("NFD", text)


def _normalised(form: Literal["NFC", "NFD"], text: str) -> Iterator[Piece]:
    """The text cut where normalising a part is the same as normalising the whole."""
    cluster, became = "", ""
    for character in text:
        alone = unicodedata.normalize(form, character)
        together = unicodedata.normalize(form, cluster + character)
        joins = unicodedata.combining(character) != 0 or together != became + alone
        if cluster and not joins:
            yield cluster, became
            cluster, became = character, alone
        else:
            cluster, became = cluster + character, together
    if cluster:
        yield cluster, became


_CHANGES: Sequence[Sequence[_Change | None]] = (
    (None, (Note.CONTROL_REPLACED, _xml), (Note.CONTROL_REPLACED, _no_control)),
    (
        None,
        (Note.LINE_ENDS, _line_feeds_of_pairs),
        (Note.LINE_ENDS, _line_feeds),
        (Note.LINE_ENDS, _pairs),
        (Note.CARRIAGE_RETURN_BLANK, _blank_returns),
        (Note.LINE_ENDS, _no_returns),
    ),
    (None, (Note.UNICODE_FORM, _composed), (Note.UNICODE_FORM, _decomposed)),
)
"""One of each is tried with one of the others; the first that explains the text counts."""


def _changed(original: str, changes: Iterable[_Change]) -> Iterator[Piece]:
    """The original in stretches, each with what the changes make of it, one after another."""
    pieces: list[Piece] = [(c, c) for c in original]
    for _, change in changes:
        text = "".join(after for _, after in pieces)
        pieces = list(_followed(pieces, change(text)))
    return iter(pieces)


def _followed(first: Sequence[Piece], second: Iterable[Piece]) -> Iterator[Piece]:
    """Two changes as one: the smallest stretches that both keep whole."""
    earlier, later = iter(first), iter(second)
    begin, middle_made, middle_used, end = "", 0, 0, ""
    is_open = False
    while True:
        if is_open and middle_made == middle_used:
            yield begin, end
            begin, end, is_open = "", "", False
        wants_more = middle_made <= middle_used
        part = next(earlier, None) if wants_more else next(later, None)
        if part is None:
            break
        is_open = True
        if wants_more:
            begin, middle_made = begin + part[0], middle_made + len(part[1])
        else:
            middle_used, end = middle_used + len(part[0]), end + part[1]


def _at_ends(changed: str, given: str) -> tuple[int, int, list[Note]] | None:
    """(where the given core begins in the changed text, and in the given one, notes)."""
    if changed == given:
        return 0, 0, []
    notes = []
    bare_changed, bare_given = changed.removeprefix(_BOM), given.removeprefix(_BOM)
    if (bare_changed == changed) != (bare_given == given):
        notes.append(Note.BYTE_ORDER_MARK)
    if bare_changed != bare_given:
        notes.append(Note.BLANKS_AT_ENDS)
    core = bare_changed.strip()
    if core != bare_given.strip() or not core:
        return None
    return changed.index(core), given.index(core), notes


def _alignment(
    pieces: Sequence[Piece], given: str, ends: tuple[int, int, list[Note]], notes: Sequence[Note]
) -> Alignment:
    """The boundaries of ``given`` from the stretches of the original."""
    in_changed, in_given, at_ends = ends
    size = sum(len(after) for _, after in pieces)
    lows, highs = [0] * (size + 1), [0] * (size + 1)
    inside: set[int] = set()
    at = to = 0
    for before, after in pieces:
        for step in range(1, len(after)):
            lows[to + step], highs[to + step] = at, at + len(before)
            inside.add(to + step)
        at, to = at + len(before), to + len(after)
        if after:
            lows[to] = at
        highs[to] = at
    shift = in_changed - in_given
    here = [min(max(0, j + shift), size) for j in range(len(given) + 1)]
    return Alignment(
        tuple(lows[j] for j in here),
        tuple(highs[j] for j in here),
        frozenset(j for j in range(len(given) + 1) if here[j] in inside and here[j] == j + shift),
        tuple(dict.fromkeys([*notes, *at_ends])),
    )
