"""Tables for terminals: how a cell is written, and what gives way where there is little room.

Numbers are never folded or cut; materials and names of files give way. Which rows there are, and
what they mean, lives in ``show`` and ``report``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePath

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

MATERIAL_MAX_CHARS = 40
_GAP = 2  # the blanks between two columns of `fitted_table`


class Kind(Enum):
    """What a column holds, which says how it is set and whether it may be shortened."""

    NUMBER = auto()
    TEXT = auto()
    MATERIAL = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; blanks in its name are where the name may be broken."""

    name: str
    kind: Kind = Kind.TEXT


_LEAST_CHARS = ((Kind.FILE, 20), (Kind.MATERIAL, 16), (Kind.FILE, 10), (Kind.MATERIAL, 9))
"""Who gives way first, and down to which width."""


def fitted_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int) -> Table:
    """A table of at most ``width`` characters, if that can be had without touching a number.

    Columns that are empty in all rows are left out. Materials have at most ``MATERIAL_MAX_CHARS``.
    """
    cells = [
        [
            shorten_end(cell, MATERIAL_MAX_CHARS) if column.kind is Kind.MATERIAL else cell
            for column, cell in zip(columns, map(printable, row), strict=True)
        ]
        for row in rows
    ]
    used = [n for n in range(len(columns)) if any(row[n] for row in cells)]
    columns = [columns[n] for n in used]
    cells = [[row[n] for n in used] for row in cells]
    names = [column.name for column in columns]
    room = width - _GAP * (len(columns) - 1)
    if sum(_widths(names, cells)) > room:
        names = [name.replace(" ", "\n") for name in names]
    widths = _shrunk(columns, _widths(names, cells), room)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column, name, size in zip(columns, names, widths, strict=True):
        justify: JustifyMethod = "right" if column.kind is Kind.NUMBER else "left"
        table.add_column(name, justify=justify, min_width=size, max_width=size, no_wrap=True)
    for row in cells:
        table.add_row(*(Text(_shortened(*cell)) for cell in zip(columns, row, widths, strict=True)))
    return table


def printable(text: str) -> str:
    """``text`` on one line, without what could steer the terminal: it comes from papers."""
    return "".join(c if c.isprintable() else " " for c in text)


def _widths(names: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    """The characters that each column takes if nothing is shortened."""
    return [
        max(*map(cell_len, name.split("\n")), 0, *(cell_len(row[n]) for row in cells))
        for n, name in enumerate(names)
    ]


def _shrunk(columns: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """``widths`` with what may give way made narrower until all fit into ``room``, or as near."""
    widths = list(widths)
    for kind, least in _LEAST_CHARS:
        for n, column in enumerate(columns):
            excess = sum(widths) - room
            if column.kind is kind and excess > 0:
                widths[n] = max(min(widths[n], least), widths[n] - excess)
    return widths


def _shortened(column: Column, cell: str, width: int) -> str:
    if column.kind is Kind.FILE:
        return shorten_middle(cell, width)
    return shorten_end(cell, width) if column.kind is Kind.MATERIAL else cell


def shorten_end(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns of a terminal, an ellipsis for what is cut.

    >>> shorten_end("Bi2Sr2Ca2Cu3O10+δ", 10), shorten_end("MgB2", 10)
    ('Bi2Sr2Ca2…', 'MgB2')
    """
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def shorten_middle(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns of a terminal, an ellipsis in its middle.

    >>> shorten_middle("arXiv_1412.0460_Drozdov_H2S_190K.pdf", 20)
    'arXiv_1412…_190K.pdf'
    """
    if cell_len(text) <= width:
        return text
    head = set_cell_size(text, width // 2)
    tail = text
    while cell_len(tail) > width - 1 - width // 2:
        tail = tail[1:]
    return f"{head}…{tail}"


def file_cell(path: str) -> str:
    """The name of a file without its folders.

    >>> file_cell("papers/2015/h3s.pdf")
    'h3s.pdf'
    """
    return PurePath(path).name


def evidence_cell(evidence: str) -> str:
    """How a value was found; nothing where that is not known.

    >>> evidence_cell("measured"), evidence_cell("unknown")
    ('measured', '')
    """
    return "" if evidence == "unknown" else evidence


def value_or_range(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    uncertainty: float | None = None,
    relation: str | None = None,
) -> str:
    """A number, a range or its one end as people write it; nothing for one that is not known.

    >>> value_or_range(39.0, uncertainty=0.5), value_or_range(None, 10, 20), value_or_range(None)
    ('39±0.5', '10–20', '')
    >>> value_or_range(2.0, relation="<"), value_or_range(None, 150), value_or_range(None, None, 2)
    ('<2', '≥150', '≤2')
    """
    if low is not None and high is not None and low != high:
        return f"{low:g}–{high:g}"
    if value is None:
        return f"≥{low:g}" if low is not None else "" if high is None else f"≤{high:g}"
    sign = relation if relation in {"<", ">", "~", "≤", "≥", "≈"} else ""
    return f"{sign}{value:g}" + (f"±{uncertainty:g}" if uncertainty is not None else "")
