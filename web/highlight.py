"""A sentence of a paper cut into pieces, those marked that a record took its values from.

Pure text: what is marked, how and in which colour, is up to the page. Rows of tables come as
tables where their header fits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scmine.database.record import Place, Record
from scmine.extractors.quantity_items import units_of

GAP = " […] "
"""Stands between sentences of different places."""

HEAD, CELL, ROW = " || ", " | ", " / "
"""What separates the head of a table, its cells and its rows in a sentence."""

_NUMBERS = (
    "lambda_",
    "omega_log_K",
    "omega2_K",
    "mu_star",
    "magnetic_field_T",
    "lowest_temperature_K",
    "a_A",
    "b_A",
    "c_A",
)
"""Columns whose number is looked for as printed, since the record has no raw text of them."""

_FREQUENCIES = ("omega_log_K", "omega2_K")

_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?![\d.]*\d)")
_UNIT_BEHIND = re.compile(r"(?<=[\d)])\s*[^\W\d]+$")
_NEVER_NEXT = r"[^\W_]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence; ``field`` is the column that was read from it, empty for none."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The sentence of one place: running text, or a table: ``caption``, ``head`` and ``rows``."""

    pieces: tuple[Piece, ...] = ()
    caption: tuple[Piece, ...] = ()
    head: tuple[tuple[Piece, ...], ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


def sought(record: Record) -> dict[str, str]:
    """What to look for in the sentence of a record: column to text as printed."""
    found = {
        "raw_material": record.raw_material,
        "raw_tc": record.raw_tc or "",
        "raw_pressure": record.raw_pressure or "",
        "space_group": record.space_group or "",
        "measurement_method": record.measurement_method or "",
        "prototype": record.prototype or "",
        "tc_method": record.tc_method or "",
    }
    # A value of one letter (K, A) stands for too much else.
    named = [v for v in record.variables.values() if len(v) > 1 and v.isalpha()]
    found |= {"variables": named[0]} if named else {}
    return {name: text for name, text in found.items() if text.strip()}


def stands_in(sentence: str, text: str) -> bool:
    """Whether a text, or its number without the unit, is printed in a sentence.

    >>> stands_in("MgB 2 at 39K", "39 K"), stands_in("NbN", "Nb")
    (True, False)
    """
    return next(_texts_in(sentence, {"": text}), None) is not None


def marked(cut: Sequence[Part]) -> set[str]:
    """The columns that anything is marked for."""
    pieces = (
        piece
        for part in cut
        for piece in (
            *part.pieces,
            *part.caption,
            *(piece for cells in (part.head, *part.rows) for cell in cells for piece in cell),
        )
    )
    return {piece.field for piece in pieces if piece.field}


def sought_at(place: Place) -> dict[str, str]:
    """What to look for in the sentence of one place of a record."""
    found = {
        "raw_material": place.raw_material,
        "raw_tc": place.raw_tc or "",
        "raw_pressure": place.raw_pressure or "",
        "measurement_method": place.measurement_method or "",
    }
    return {name: text for name, text in found.items() if text.strip()}


def numbers_of(record: Record) -> dict[str, tuple[float, ...]]:
    """The numbers of a record that are looked for by their value: column to values.

    Phonon frequencies are looked for in the units that papers print them in.
    """
    found: dict[str, Any] = {name: getattr(record, name) for name in _NUMBERS}
    numbers: dict[str, tuple[float, ...]] = {
        name.rstrip("_"): (value,) for name, value in found.items() if value is not None
    }
    for name in _FREQUENCIES:
        if name in numbers:
            factors = [units_of("frequency").factor(unit) for unit in ("K", "meV", "THz", "cm-1")]
            numbers[name] = tuple(found[name] / factor for factor in factors if factor)
    for value in record.variables.values():
        if _NUMBER.fullmatch(value):
            numbers.setdefault("variables", (float(value.replace("−", "-")),))
    return numbers


def parts(
    sentence: str, texts: Mapping[str, str], numbers: Mapping[str, Sequence[float]] | None = None
) -> list[Part]:
    """The sentence cut at its gaps, tables set apart, with what is sought marked.

    >>> [p.field for p in parts("Nb has 9 K.", {"raw_material": "Nb", "raw_tc": "9 K"})[0].pieces]
    ['raw_material', '', 'raw_tc', '']
    >>> parts("x | Tc || 0.1 | 9 K", {"raw_tc": "9 K"})[0].rows[0][1]
    (Piece(text='9 K', field='raw_tc'),)
    """
    return [_part(text, texts, numbers or {}) for text in sentence.split(GAP)]


def _part(sentence: str, texts: Mapping[str, str], numbers: Mapping[str, Sequence[float]]) -> Part:
    table = _table(sentence)
    if table is None:
        return Part(pieces=tuple(_pieces(sentence, texts, numbers)))
    caption, head, rows = table
    return Part(
        caption=tuple(_pieces(caption, texts, numbers)),
        head=tuple((Piece(cell),) for cell in head),
        rows=tuple(tuple(tuple(_pieces(cell, texts, numbers)) for cell in row) for row in rows),
    )


def _table(sentence: str) -> tuple[str, list[str], list[list[str]]] | None:
    """Caption, and the cells of head and rows, of a table; None if it is none, or they do not fit.

    A row stands behind the table's head, a whole table with its head behind its caption.
    """
    if sentence.count(HEAD) != 1:
        return None
    top, _, body = sentence.partition(HEAD)
    head = _cells(top)
    for rows in ([_cells(body)], [_cells(row) for row in body.split(ROW)]):
        if all(len(row) == len(head) for row in rows):
            return "", head, rows
    rows = [_cells(row) for row in body.split(ROW)]
    if len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
        return top, rows[0], rows[1:]
    return None


def _cells(row: str) -> list[str]:
    """The cells of a row; a cell may be empty, at the ends too."""
    padded = f" {row} ".replace("|", " | ")
    return [" ".join(cell.split()) for cell in padded.split(" | ")]


def _pieces(
    text: str, texts: Mapping[str, str], numbers: Mapping[str, Sequence[float]]
) -> Iterator[Piece]:
    """The text cut where what is sought begins and ends; longer finds win over those in them."""
    found = sorted(
        (*_texts_in(text, texts), *_numbers_in(text, numbers)),
        key=lambda span: (span[0] - span[1], span[0]),
    )
    taken: list[tuple[int, int, str]] = []
    for start, end, name in found:
        if all(end <= other[0] or start >= other[1] for other in taken):
            taken.append((start, end, name))
    done = 0
    for start, end, name in sorted(taken):
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:end], name)
        done = end
    if done < len(text):
        yield Piece(text[done:])


def _texts_in(text: str, texts: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    for name, wanted in texts.items():
        found = list(_loosely(wanted).finditer(text))
        if not found and (bare := _UNIT_BEHIND.sub("", wanted)) != wanted:
            # In tables, and in lists of values, the unit stands elsewhere.
            found = list(_loosely(bare).finditer(text))
        for match in found:
            yield match.start(), match.end(), name


def _loosely(wanted: str) -> re.Pattern[str]:
    """A pattern of ``wanted`` that minds no blanks and stands alone (no ``Nb`` in ``NbN``)."""
    inner = r"\s*".join(re.escape(c) for c in wanted if not c.isspace())
    before = rf"(?<!{_NEVER_NEXT})" if wanted.strip()[:1].isalnum() else ""
    after = rf"(?!{_NEVER_NEXT})" if wanted.strip()[-1:].isalnum() else ""
    return re.compile(before + inner + after)


def _numbers_in(
    text: str, numbers: Mapping[str, Sequence[float]]
) -> Iterator[tuple[int, int, str]]:
    for match in _NUMBER.finditer(text):
        value = float(match[0].replace("−", "-"))
        for name, wanted in numbers.items():
            if any(math.isclose(value, one, rel_tol=1e-6) for one in wanted):
                yield match.start(), match.end(), name
                break
