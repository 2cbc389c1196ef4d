"""Continued tables: parts on several pages made into one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.document import Cell, Table
from scmine.extractors.pdf.blocks import WORD
from scmine.extractors.pdf.lines import Line

_CONTINUED = re.compile(r"\bcont(?:inued|inuation|\.|['’]?d)", re.I)
_LABEL = re.compile(r"^\W*(?:TABLE|Table|Tab)\S?\s*(S?\s?[\dIVXL]+)", re.I)

SAME_EXTENT_PT = 30.0
"""The parts of one table begin and end within this of each other, in points."""


def join_continued(
    before: Sequence[Table], found: Sequence[Table], lines: Sequence[Line]
) -> list[Table]:
    """All tables so far, with those ``found`` on a page joined to the ones that they go on with.

    ``lines`` is what the page holds besides its tables.
    """
    tables = list(before)
    for table in found:
        at = _begun(tables, table)
        if at is not None and _continues(tables[at], table, lines):
            tables[at] = _joined(tables[at], table)
        else:
            tables.append(table)
    return tables


def _begun(tables: Sequence[Table], table: Table) -> int | None:
    """The table that ``table`` may go on with: the one with its label, or else the last."""
    label = _label(table.caption)
    same = [k for k, other in enumerate(tables) if label and _label(other.caption) == label]
    return same[-1] if same else len(tables) - 1 if tables else None


def _label(caption: str) -> str:
    """The number of the table in its caption; empty if that states none."""
    match = _LABEL.match(caption)
    return match.group(1).replace(" ", "").upper() if match else ""


def _continues(last: Table, table: Table, lines: Sequence[Line]) -> bool:
    if len(last.rows[0]) != len(table.rows[0]):
        return False
    first, second = _label(last.caption), _label(table.caption)
    if _CONTINUED.search(table.caption[:200]) and len(table.caption) < 200:
        return not first or not second or first == second
    if last.box is None or table.box is None or _last_page(last) + 1 != table.box.page:
        return False
    if table.caption:
        return bool(first) and first == second
    top = table.box.y0
    above = [x for x in lines if x.y < top and len(WORD.findall(x.text)) > 6]
    return (
        not above
        and abs((last.box.x1 - last.box.x0) - (table.box.x1 - table.box.x0)) < SAME_EXTENT_PT
    )


def _last_page(table: Table) -> int:
    return max(cell.box.page for row in table.rows for cell in row if cell.box is not None)


def _joined(last: Table, table: Table) -> Table:
    known = {_texts(row) for row in last.header}
    rows = [row for row in table.header if _texts(row) not in known] + list(table.body)
    body = tuple(tuple(replace(cell, is_header=False) for cell in row) for row in rows)
    return replace(last, rows=last.rows + body)


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)
