"""Tables of JATS: rows of HTML-like tables and of CALS ones (``tgroup``, ``row``, ``entry``)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from scmine.extractors.formats.grids import RawCell, RawRow, span_of
from scmine.extractors.formats.jats_inline import add_inline
from scmine.extractors.formats.runs import Runs


def rows_of(table: Element) -> list[RawRow]:
    """The rows of ``table``, an element ``table`` or ``tgroup``."""
    columns = {c.get("colname", ""): i for i, c in enumerate(table.iterfind("colspec"))}
    rows = []
    for part in table:
        if part.tag in ("tr", "row"):
            rows.append(_row(part, False, columns))
        elif part.tag in ("thead", "tbody", "tfoot"):
            for row in part:
                if row.tag in ("tr", "row"):
                    rows.append(_row(row, part.tag == "thead", columns))
    return rows


def _row(row: Element, in_head: bool, columns: dict[str, int]) -> RawRow:
    elements = [e for e in row if e.tag in ("td", "th", "entry")]
    # A row head (th) beside data is no column head.
    all_heads = bool(elements) and all(e.tag == "th" for e in elements)
    return RawRow(tuple(_cell(e, columns) for e in elements), in_head or all_heads)


def _cell(element: Element, columns: dict[str, int]) -> RawCell:
    runs = Runs()
    # Paragraphs in a cell are lines of it.
    add_inline(runs, element, in_cell=True)
    text, typography = runs.cell()
    if element.tag == "entry":
        first = columns.get(element.get("namest", ""))
        last = columns.get(element.get("nameend", ""))
        across = last - first + 1 if first is not None and last is not None else 1
        down = span_of(element.get("morerows")) + 1 if element.get("morerows", "0") != "0" else 1
        return RawCell(text, typography, max(across, 1), down)
    down = span_of(element.get("rowspan"))
    return RawCell(text, typography, span_of(element.get("colspan")), down)
