"""Table columns of unit cells: which columns hold edges, and how their numbers are printed.

What a row then claims lives in ``table_claims``; tables of atomic sites in ``table_sites``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.document import Table
from scmine.extractors.table_head import Head
from scmine.extractors.table_sheet import Column, Sheet, head_parts

ANGLES = ("alpha", "beta", "gamma")
EDGES = frozenset("abc")
"""The fields of the edges of a cell."""

_WORDS = re.compile(
    r"\blattice|\bunit[- ]cell|\bcell (?:parameter|constant|edge)|crystallograph|structural"
    r"|Rietveld",
    re.I,
)
_EQUAL = re.compile(r"(?<![\w])a\s?=\s?b(\s?=\s?c)?(?![\w])")
_THREE_ANGLES = re.compile(r"α\s?[,/;]\s?β\s?[,/;]\s?γ")
_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,6})?(?:\(\d{1,3}\))?")
_GROUPED = re.compile(r"^([~∼]?\d{1,2}\.\d{3})\s(\d{1,3})(?!\d)(?:\s?\([\d.\s]+\))?")


def states_cells(sheet: Sheet) -> bool:
    """Whether columns called a, b and c hold edges of unit cells, by their unit and by words."""
    edges = [c.head for c in sheet.columns if c.head.field in EDGES]
    in_length = [h for h in edges if h.unit in ("Å", "nm", "pm")]
    several = len({h.field for h in in_length}) > 1 or any("=" in h.text for h in in_length)
    named = _WORDS.search(f"{sheet.caption} {sheet.heads}")
    return bool(in_length) and (several or named is not None)


def fields_of(column: Column) -> tuple[str, ...]:
    """The fields that a column's values are of: "a = b" heads two."""
    return fields_of_head(column.head)


def fields_of_head(head: Head) -> tuple[str, ...]:
    """The same for a head alone."""
    field = head.field
    equal = _EQUAL.search(head.text) if field in EDGES else None
    if equal is None:
        return (field,)
    return ("a", "b", "c") if equal[1] else ("a", "b")


def angles_of_row(table: Table, texts: Sequence[str]) -> dict[str, str]:
    """The three angles of a row whose one cell holds them all, under a head of α, β, γ."""
    for i, text in enumerate(texts):
        numbers = _NUMBER.findall(text)
        if len(numbers) == 3 and any(_THREE_ANGLES.search(p) for p in head_parts(table, i)):
            return {n: f"{v} °" for n, v in zip(ANGLES, numbers, strict=True)}
    return {}


def joined_digits(text: str) -> str:
    """An edge whose decimals stand in groups of three, without what others found in brackets.

    >>> joined_digits("3.950 42(3.950 68)"), joined_digits("3.952(1)")
    ('3.95042', '3.952(1)')
    """
    return _GROUPED.sub(r"\1\2", text)
