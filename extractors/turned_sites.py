"""Turned tables of sites: a row for each atom, a column for each structure; tables side by side.

``turned`` gives such a table with the columns for rows, each with its sites in one cell, so that
``table_sites`` reads it as any other. Nothing is read of the cells here but which hold places.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scmine.extractors.document import Cell, Table
from scmine.extractors.site_chains import chains
from scmine.extractors.table_sheet import EMPTY, plain_text

SITES_HEAD = "Atomic positions"
"""What heads the column of sites of a turned table."""

_HEAD_ROWS = 4
_WIDEST = 8
"""Columns of two tables of sites side by side, at the least."""

_MATERIAL_HEAD = "Structure"
_ATOM = re.compile(r"[A-Z][a-z]?\d{0,2}(?:\s?\(\d\))?(?:\s?[,:]?\s?\(?\d{1,3}\s?[a-z]\)?)?")


def turned(table: Table) -> Table | None:
    """``table`` with a row for each structure; None if its rows are not those of atoms."""
    rows = [[plain_text(c) for c in row] for row in table.rows]
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    atoms = [i for i, row in enumerate(rows) if _is_atom(row)]
    if not atoms:
        return None
    others = [i for i in range(len(rows)) if i not in atoms]
    heads = [rows[i][0] or _MATERIAL_HEAD for i in others] + [SITES_HEAD]
    first = table.rows[0][0]

    def cell(text: str, *, is_header: bool = False) -> Cell:
        return replace(first, text=text, is_header=is_header, typography=(), columns=1)

    result = [tuple(cell(h, is_header=True) for h in heads)]
    for column in range(1, len(rows[0])):
        stated = [rows[i][column] for i in others]
        sites = [
            f"{rows[i][0]} {rows[i][column]}" for i in atoms if not EMPTY.match(rows[i][column])
        ]
        if sites:
            result.append(tuple(cell(t) for t in (*stated, "; ".join(sites))))
    return replace(table, rows=tuple(result)) if len(result) > 1 else None


def _is_atom(row: list[str]) -> bool:
    """Whether a row is an atom's: its name first, then nothing but places of it."""
    if not _ATOM.fullmatch(row[0]):
        return False
    told = [t for t in row[1:] if not EMPTY.match(t)]
    return bool(told) and all(
        re.search(r"[,\s]", t) and sum(map(len, chains(f"{row[0]} {t}; site"))) == 1 for t in told
    )


def side_by_side(table: Table) -> list[Table]:
    """The tables of sites that stand beside each other in one; the table alone if it is one.

    A row of heads tells: its second half repeats the first. What stands above it heads each half.
    """
    width = len(table.rows[0]) if table.rows else 0
    for n, row in enumerate(table.rows[:_HEAD_ROWS] if width >= _WIDEST and not width % 2 else ()):
        texts = [plain_text(c) for c in row]
        half = width // 2
        if texts[:half] != texts[half:] or not {"x", "y", "z"} <= {t[:1] for t in texts[:half]}:
            continue
        halves = []
        for part in (slice(0, half), slice(half, width)):
            head = tuple(replace(c, is_header=True) for c in row[part])
            rest = [
                tuple(replace(c, is_header=False, columns=1) for c in r[part])
                for r in (*table.rows[:n], *table.rows[n + 1 :])
            ]
            halves.append(replace(table, rows=(head, *rest)))
        return halves
    return [table]
