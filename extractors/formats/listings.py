"""Listings: where lines of text are a CIF or a POSCAR file, as supplements print them.

Tells where one begins and ends by the grammar of its format. What its numbers mean is for
``scmine.validator.structures``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scmine.extractors.document import Listing, ListingFormat
from scmine.extractors.elements import elements

MAX_LINES = 5000
"""Lines of one listing; that of a thousand atoms has some 1100."""

MAX_ATOMS = 2000
"""Atoms of a POSCAR; more are no crystal structure of a paper."""

MAX_LISTINGS = 100
"""Listings of one document."""

MAX_WIDTH = 400
"""Characters of a line of a listing; CIF allows 80, or 2048 since version 1.1."""

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?"
_SCALE = re.compile(rf"\s*{_NUMBER}(?:\s+{_NUMBER}\s+{_NUMBER})?\s*")
_VECTOR = re.compile(rf"\s*{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s*")
_COUNTS = re.compile(r"\s*\d{1,4}(?:\s+\d{1,4})*\s*")
_SYMBOLS = re.compile(r"\s*[A-Z][a-z]?(?:[_/]\S*)?(?:\s+[A-Z][a-z]?(?:[_/]\S*)?)*\s*")
_SELECTIVE = re.compile(r"\s*[sS](?:elective)?(?:\s.*)?")
_MODE = re.compile(r"\s*(?:[dD](?:irect)?|[cC](?:art(?:esian)?)?|[kK])\b.*")
_ATOM = re.compile(rf"\s*{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}(?:\s.*)?")

_CELL = re.compile(r"\s*_cell(?:_|\.)length_a\b", re.I)
_DATA = re.compile(r"\s*data_\S*\s*", re.I)
_COORDINATE = re.compile(r"\s*_atom_site(?:_|\.)(?:fract|Cartn)_x\b", re.I)
_TAG = re.compile(r"\s*_[A-Za-z][\w.\[\]/()-]*(?:\s+\S.*)?")
_LOOP = re.compile(r"\s*loop_\s*", re.I)
_NAME = re.compile(r"\s*_\S+\s*")
_REMARK = re.compile(r"\s*#.*")
_QUOTED = re.compile(r"\s*(?:'.*'|\".*\")\s*")
_OPERATION = re.compile(r"(?=[^xyzXYZ]*[xyzXYZ])[-+\dxyzXYZ/.,'\"\s]+")
_VALUE = re.compile(r"'[^']*'(?=\s|$)|\"[^\"]*\"(?=\s|$)|\S+")
_DATUM = re.compile(r"[-+]?\.?\d|[.?]$|['\"]")
"""What a row of data has at least one of, and a line of words has not."""

_TYPED = str.maketrans({"’": "'", "‘": "'", "−": "-", "–": "-", "”": '"', "“": '"', "\xa0": " "})
_TEXT = re.compile(r"[^\W\d_]{2}")
_NO_TEXT = re.compile(r"\s*(?:`{3,}|~{3,}|\\begin\s*\{|#\s)")
_LINES_BEFORE = 3
MAX_BEFORE = 300
"""Characters of text before a listing."""

_MAX_ABOVE = 400
"""Lines of a CIF above its cell."""


class FoundListing(NamedTuple):
    """Lines ``start`` to ``stop`` (exclusive) are a file of a crystal structure."""

    start: int
    stop: int
    format: ListingFormat


def find_listings(lines: Sequence[str]) -> list[FoundListing]:
    """The listings among ``lines``, in their order; at most ``MAX_LISTINGS``.

    A listing is only one if it is whole: a CIF with a cell and atoms, a POSCAR with elements and as
    many atoms as it says.

    >>> lines = ["POSCAR:", "Nb", "1.0", "3.3 0 0", "0 3.3 0", "0 0 3.3", "Nb", "2", "Direct"]
    >>> lines += ["0 0 0", ".5 .5 .5", "as shown."]
    >>> [tuple(found) for found in find_listings(lines)]
    [(1, 11, <ListingFormat.POSCAR: 'poscar'>)]
    """
    lines = [line if len(line) <= MAX_WIDTH else "" for line in lines]
    found: list[FoundListing] = []
    end = seen = 0
    for i, line in enumerate(lines):
        if i < max(end, seen) or len(found) == MAX_LISTINGS:
            continue
        listing = None
        if _CELL.match(line):
            start, seen = _cif(lines, i, end)
            if any(_COORDINATE.match(line) for line in lines[start:seen]):
                listing = FoundListing(start, seen, ListingFormat.CIF)
        elif _SCALE.fullmatch(line):
            listing = _poscar(lines, i, end)
        if listing is not None:
            found.append(listing)
            end = listing.stop
    return found


def listings_in(lines: Sequence[str]) -> list[Listing]:
    """The listings among ``lines``, each with the lines before it; boxes are not known."""
    typed = [plain(line) for line in lines]
    return [
        Listing(found.format, "\n".join(typed[found.start : found.stop]), before)
        for found, before in with_introductions(typed)
    ]


def without_listings(lines: Sequence[str]) -> list[str]:
    """``lines`` with the listings among them left out."""
    kept: list[str] = []
    end = 0
    for found in find_listings([plain(line) for line in lines]):
        kept += lines[end : found.start]
        end = found.stop
    return [*kept, *lines[end:]]


def with_introductions(lines: Sequence[str]) -> list[tuple[FoundListing, str]]:
    """The listings among ``lines``, each with the last lines of text before it."""
    result = []
    end = 0
    for found in find_listings(lines):
        result.append((found, _introduction(lines[end : found.start])))
        end = found.stop
    return result


def _introduction(lines: Sequence[str]) -> str:
    """The last lines of the last paragraph of ``lines``."""
    above: list[str] = []
    for line in reversed(lines[-MAX_BEFORE:]):
        if _TEXT.search(line) and not _NO_TEXT.match(line):
            above.insert(0, line.strip())
        elif above:
            break
        if len(above) == _LINES_BEFORE:
            break
    return " ".join(above)[-MAX_BEFORE:]


def plain(line: str) -> str:
    """A line with the quotes and minus signs that were typed, not those that are printed."""
    return line.translate(_TYPED)


def _poscar(lines: Sequence[str], scale: int, low: int) -> FoundListing | None:
    """The POSCAR whose second line is ``scale``; its first must not stand before ``low``."""
    head = [line for line in lines[scale + 1 : scale + 4] if _VECTOR.fullmatch(line)]
    if len(head) < 3:
        return None
    start = max(low, scale - 1)
    title = lines[start] if start < scale else ""
    place = scale + 4
    named = place < len(lines) and _SYMBOLS.fullmatch(lines[place]) is not None
    symbols = re.findall(r"(?<!\S)[A-Z][a-z]?", lines[place] if named else title)
    place += named
    if place >= len(lines) or not _COUNTS.fullmatch(lines[place]):
        return None
    counts = [int(number) for number in lines[place].split()]
    place += 1
    if place < len(lines) and _SELECTIVE.fullmatch(lines[place]):
        place += 1
    atoms = sum(counts)
    if place >= len(lines) or not _MODE.fullmatch(lines[place]) or not 0 < atoms <= MAX_ATOMS:
        return None
    known = len(symbols) == len(counts) and all(s in elements() for s in symbols)
    body = lines[place + 1 : place + 1 + atoms]
    if not known or len(body) < atoms or not all(_ATOM.fullmatch(line) for line in body):
        return None
    return FoundListing(start, place + 1 + atoms, ListingFormat.POSCAR)


def _cif(lines: Sequence[str], cell: int, low: int) -> tuple[int, int]:
    """Where the CIF whose cell begins at line ``cell`` begins, not above ``low``, and its end."""
    start = cell
    while start > max(low, cell - _MAX_ABOVE) and _may_precede(lines[start - 1]):
        start -= 1
        if _DATA.fullmatch(lines[start]):
            break
    while not lines[start].strip():
        start += 1
    return start, max(cell + 1, _end_of_cif(lines, start))


def _may_precede(line: str) -> bool:
    """Whether a line may stand in a CIF, told without what comes before it."""
    return (
        not line.strip()
        or any(p.fullmatch(line) for p in (_TAG, _LOOP, _REMARK, _DATA, _OPERATION))
        or line.lstrip()[:1] in (";", "'", '"')
    )


def _end_of_cif(lines: Sequence[str], start: int) -> int:
    """The line behind the last one of the CIF that begins at ``start``."""
    end = place = start
    names: int | None = None  # tags of the loop that is open, while it is
    in_head = False
    while place < min(len(lines), start + MAX_LINES):
        line = lines[place]
        if place > start and _DATA.fullmatch(line):
            break
        if line.startswith(";"):
            closing = _closing(lines, place)
            if closing is None:
                break
            place = end = closing + 1
            continue
        if _LOOP.fullmatch(line):
            names, in_head = 0, True
        elif in_head and _NAME.fullmatch(line):
            names = (names or 0) + 1
        elif _TAG.fullmatch(line):
            names, in_head = None, False
        elif names and _is_row(line, names):
            in_head = False
        elif line.strip() and not any(p.fullmatch(line) for p in (_REMARK, _DATA, _QUOTED)):
            break
        place += 1
        if line.strip():
            end = place
    return end


def _is_row(line: str, names: int) -> bool:
    """Whether a line is one of the rows of a loop of ``names`` columns."""
    if _OPERATION.fullmatch(line):
        return True
    values = _VALUE.findall(line)
    return len(values) == names and any(_DATUM.match(value) for value in values)


def _closing(lines: Sequence[str], opening: int) -> int | None:
    """The line that closes the text that line ``opening`` begins."""
    for place in range(opening + 1, min(len(lines), opening + MAX_LINES)):
        if lines[place].startswith(";"):
            return place
    return None
