"""Tables that converters write into Markdown as HTML or as LaTeX, as rows of cells.

Pipe tables are read in ``pipe_tables``; whole files of HTML or LaTeX have readers of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from scmine.extractors.formats.grids import MAX_HEAD_ROWS, RawCell, RawRow, span_of
from scmine.extractors.formats.html_tree import parse_html
from scmine.extractors.formats.inline_markdown import read_inline
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.formats.raised import Lowering
from scmine.extractors.pdf.lines import Shift

_SHIFTS: dict[str, Shift] = {"sub": "sub", "sup": "sup"}
_BEGIN = re.compile(r"\\begin\{(tabular[x*]?|tabulary|array)\}(?:\[[^\]]{0,9}\])?")
_RULE = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|specialrule|colrule)(?![A-Za-z])")
_SKIPPED = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|colrule|endhead|endfoot|centering|small|footnotesize)"
    r"(?![A-Za-z])|\\(?:cline|cmidrule)(?:\([lr]*\))?\{[^{}]*\}|^\s*\[[^\]]{0,9}\]"
)
_FONT = re.compile(
    r"\\(?:textbf|textit|textrm|textsf|emph|mathbf|bm|text|thead|makecell|bf|it|rm)(?![A-Za-z])"
)
_SPANS = re.compile(r"\\(multicolumn|multirow)(?:\[[^\]]{0,9}\])?")


def html_tables(source: str, lowering: Lowering) -> list[list[RawRow]]:
    """The rows of each table in ``source``, HTML whose cells may hold Markdown's maths."""
    root = parse_html(source)
    tables = root.iter("table") if root is not None else ()
    return [[_html_row(row, head, lowering) for row, head in _html_rows(t)] for t in tables]


def _html_rows(table: Element, in_head: bool = False) -> Iterator[tuple[Element, bool]]:
    for part in table:
        if part.tag == "tr":
            yield part, in_head
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from _html_rows(part, in_head or part.tag == "thead")


def _html_row(row: Element, in_head: bool, lowering: Lowering) -> RawRow:
    cells = [e for e in row if e.tag in ("td", "th")]
    head = in_head or (bool(cells) and all(e.tag == "th" for e in cells))
    return RawRow(tuple(_html_cell(e, lowering) for e in cells), head)


def _html_cell(element: Element, lowering: Lowering) -> RawCell:
    text = MarkedText()
    _add_html(text, element, "")
    cell = lowering.lower(text).cell()
    columns, rows = span_of(element.get("colspan")), span_of(element.get("rowspan"))
    return RawCell(cell.text, cell.typography, columns, rows)


def _add_html(text: MarkedText, element: Element, shift: Shift) -> None:
    text.extend(read_inline(element.text or ""), shift)
    for child in element:
        if child.tag in ("br", "p", "div", "tr", "td", "li"):
            text.add(" ")
        _add_html(text, child, shift or _SHIFTS.get(str(child.tag), ""))
        text.extend(read_inline(child.tail or ""), shift)


def tabular_caption(source: str) -> MarkedText:
    """What ``\\caption`` says in the LaTeX ``source``; empty if there is none."""
    place = source.find("\\caption")
    caption = _group(source, source.find("{", place)) if place >= 0 else None
    return _read(caption[0] if caption else "")


def tabulars(source: str) -> list[list[RawRow]]:
    """The rows of each ``tabular`` in the LaTeX ``source``.

    The head is what stands over the first rule below a row, unless a rule is under each.
    """
    tables = []
    match = _BEGIN.search(source)
    while match is not None:
        stop = source.find(f"\\end{{{match[1]}}}", match.end())
        stop = stop if stop >= 0 else len(source)
        body = source[match.end() : stop]
        settings = 1 if match[1] in ("tabular", "array") else 2  # a width comes first
        for _ in range(settings):
            setting = _group(body, len(body) - len(body.lstrip()))
            body = body[setting[1] :] if setting else body
        tables.append(_tabular(body))
        match = _BEGIN.search(source, stop)
    return tables


def _tabular(body: str) -> list[RawRow]:
    rows: list[RawRow] = []
    ruled: list[int] = []  # before which rows a rule stands
    for line in _split(body, "\\\\"):
        if _RULE.search(line) and rows and rows[-1].cells:
            ruled.append(len(rows))
        cells = [_cell(part) for part in _split(_SKIPPED.sub(" ", line), "&")]
        if any(cell.text for cell in cells):
            rows.append(RawRow(tuple(cells)))
    rows = _filled_down(rows)
    inner = [place for place in ruled if place < len(rows)]
    parts = inner and inner[0] <= MAX_HEAD_ROWS and (len(inner) < 3 or len(inner) < len(rows) - 1)
    heads = inner[0] if parts else 0
    return [replace(row, is_header=i < heads) for i, row in enumerate(rows)]


def _filled_down(rows: Sequence[RawRow]) -> list[RawRow]:
    """The rows with cells of several rows said in each: LaTeX leaves the cells below them empty."""
    hanging: dict[int, tuple[int, RawCell]] = {}  # by column: how many rows more a cell reaches
    result: list[RawRow] = []
    for row in rows:
        cells: list[RawCell] = []
        column = 0
        for cell in row.cells:
            left, above = hanging.pop(column, (0, cell))
            filled = replace(above, rows=1) if left and not cell.text else replace(cell, rows=1)
            reach = left - 1 if left and not cell.text else cell.rows - 1
            if reach > 0:
                hanging[column] = (reach, filled)
            cells.append(filled)
            column += cell.columns
        result.append(RawRow(tuple(cells)))
    return result


def _cell(source: str) -> RawCell:
    text, columns, rows = source.strip(), 1, 1
    for _ in range(2):  # a cell of several rows may be one of several columns, too
        match = _SPANS.match(text)
        if match is None:
            break
        number = _group(text, match.end())
        setting = _group(text, number[1]) if number else None
        inner = _group(text, setting[1]) if setting else None
        if number is None or inner is None:
            break
        if match[1] == "multicolumn":
            columns = span_of(number[0])
        else:
            rows = span_of(number[0])
        text = (inner[0] + text[inner[1] :]).strip()
    cell = _read(text).cell()
    return RawCell(cell.text, cell.typography, columns, rows)


def _read(source: str) -> MarkedText:
    """The reading text of LaTeX outside formulas, as far as converters write it."""
    plain = _FONT.sub("", source)
    marked = read_inline(re.sub(r"(?<!\\)~", " ", plain))
    result = MarkedText()
    for char, shift in zip(marked.chars, marked.shifts, strict=True):
        if char not in "{}":
            result.add(char, shift)
    return result


def _group(source: str, start: int) -> tuple[str, int] | None:
    """What the braces at ``start`` hold, and where they end; None if no group begins there."""
    if not 0 <= start < len(source) or source[start] != "{":
        return None
    depth = 0
    for i in range(start, len(source)):
        if source[i] in "{}" and source[i - 1 : i] != "\\":
            depth += 1 if source[i] == "{" else -1
            if depth == 0:
                return source[start + 1 : i], i + 1
    return None


def _split(source: str, mark: str) -> Sequence[str]:
    """``source`` parted at each ``mark`` outside braces."""
    parts: list[str] = []
    depth = start = i = 0
    while i < len(source):
        if depth <= 0 and source.startswith(mark, i):
            parts.append(source[start:i])
            start = i = i + len(mark)
            continue
        if source[i] == "\\":
            i += 2
            continue
        depth += {"{": 1, "}": -1}.get(source[i], 0)
        i += 1
    return [*parts, source[start:]]
