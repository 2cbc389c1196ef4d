"""Tables: found by their caption and the rules or gaps under it, and cut into a grid of cells.

What a column means lives outside this folder; here a table is text in rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from scmine.extractors.document import Box, Cell, PassageKind, Span, Table
from scmine.extractors.pdf.blocks import WORD, Body
from scmine.extractors.pdf.grid import Piece, make_grid, pieces_of
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.passages import CAPTION, TABLE_CAPTION
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.rules import Rule, horizontal_rules

MAX_CAPTION_GAP = 4.5
"""A table begins within this many line distances of its caption."""

SAME_EXTENT_PT = 6.0
"""The rules of one table begin and end within this of each other."""


@dataclass(frozen=True, slots=True)
class _Region:
    """Where a table stands; ``rules`` are the heights of its rules, if it has any."""

    x0: float
    x1: float
    y0: float
    y1: float
    rules: tuple[float, ...]


def take_tables(
    data: bytes, pages: Sequence[Sequence[Line]], body: Body, words: Words
) -> tuple[list[list[Line]], list[Table]]:
    """The pages' lines without those inside tables, and the tables.

    ``pages`` are in reading order; captions stay among the lines.
    """
    candidates = [n for n, lines in enumerate(pages, 1) if any(_opens_table(x) for x in lines)]
    rest = [list(lines) for lines in pages]
    if not candidates:
        return rest, []
    rules = horizontal_rules(data, candidates)
    tables: list[Table] = []
    for number in candidates:
        lines = rest[number - 1]
        for caption in [line for line in lines if _opens_table(line)]:
            found = _table_under(caption, lines, rules[number], body, words)
            if found is not None:
                table, used = found
                tables.append(table)
                lines = [line for line in lines if id(line) not in used]
        rest[number - 1] = lines
    return rest, tables


def _opens_table(line: Line) -> bool:
    match = CAPTION.match(line.text)
    if not match or not TABLE_CAPTION.match(line.text):
        return False
    after = line.text[match.end() :].strip()
    return bool(match.group("mark").strip()) or not after or not after[0].islower()


def _table_under(
    caption: Line, lines: Sequence[Line], rules: Sequence[Rule], body: Body, words: Words
) -> tuple[Table, set[int]] | None:
    for region in _regions(caption, lines, rules, body):
        inside = [line for line in _inside(region, lines) if line is not caption]
        short = [
            (r.x0, r.x1, r.y)
            for r in rules
            if region.y0 < r.y < region.y1 and r.x1 - r.x0 < 0.9 * (region.x1 - region.x0)
        ]
        rows = make_grid([pieces_of(line) for line in inside], region.rules, body.size, short)
        if rows is None:
            continue
        used = {id(line) for line in inside}
        text_lines = _caption_lines(caption, lines, used, region)
        passage = make_passage(PassageKind.CAPTION, text_lines, "", words)
        box = Box(caption.page, region.x0, region.y0, region.x1, region.y1)
        cells = tuple(
            tuple(_cell(pieces, is_header, caption.page) for pieces in row)
            for row, is_header in rows
        )
        return Table(cells, passage.text, "", box), used
    return None


def _cell(pieces: Sequence[Piece], is_header: bool, page: int) -> Cell:
    if not pieces:
        return Cell("", is_header)
    text, spans = "", []
    for piece in pieces:
        if text:
            text += " "
        spans += [Span(s.start + len(text), s.end + len(text), s.kind) for s in piece.spans]
        text += piece.text
    box = Box(
        page,
        round(min(p.x0 for p in pieces), 2),
        round(min(p.top for p in pieces), 2),
        round(max(p.x1 for p in pieces), 2),
        round(max(p.bottom for p in pieces), 2),
    )
    columns = max(p.columns for p in pieces)
    return Cell(text, is_header, columns, tuple(spans), box)


def _regions(
    caption: Line, lines: Sequence[Line], rules: Sequence[Rule], body: Body
) -> list[_Region]:
    """Where the table of ``caption`` may stand, the likeliest first."""
    groups = _rule_groups(caption, rules)
    reach = MAX_CAPTION_GAP * body.leading
    found: list[tuple[float, _Region]] = []
    for group in groups:
        y0, y1 = group[0].y, group[-1].y
        region = _Region(
            min(r.x0 for r in group) - 4,
            max(r.x1 for r in group) + 4,
            y0 - 1,
            y1 + 1,
            tuple(r.y for r in group),
        )
        last = _caption_end(caption, lines, y0)
        if caption.y < y0:
            distance = y0 - last
        elif caption.y > y1:
            distance = caption.y - y1
        else:
            continue
        if distance < reach:
            found.append((distance, region))
    found.sort(key=lambda item: item[0])
    regions = [region for _, region in found]
    unruled = _unruled_region(caption, lines, body)
    return regions + ([unruled] if unruled else [])


def _rule_groups(caption: Line, rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules of equal extent that lie over each other, cut where another caption could stand."""
    groups: list[list[Rule]] = []
    for rule in rules:
        if rule.x1 < caption.x0 or rule.x0 > caption.x1:
            continue
        for group in groups:
            head = group[0]
            if (
                abs(head.x0 - rule.x0) < SAME_EXTENT_PT
                and abs(head.x1 - rule.x1) < SAME_EXTENT_PT
                and not (group[-1].y < caption.y < rule.y)
            ):
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) >= 2 and group[-1].y - group[0].y > 15]


def _caption_end(caption: Line, lines: Sequence[Line], limit: float) -> float:
    """The baseline of the caption's last line above ``limit``."""
    end = caption.y
    for line in sorted(lines, key=lambda x: x.y):
        beside = line.x0 < caption.x1 and line.x1 > caption.x0
        if beside and caption.y < line.y < limit and line.y - end < 1.8 * caption.size:
            end = line.y
    return end


def _caption_lines(
    caption: Line, lines: Sequence[Line], used: set[int], region: _Region
) -> list[Line]:
    found = [caption]
    for line in sorted(lines, key=lambda x: x.y):
        last = found[-1]
        if (
            line.y > last.y + 1
            and line.y - last.y < 1.8 * caption.size
            and id(line) not in used
            and abs(line.size - caption.size) < 0.12 * caption.size
            and line.x0 < caption.x1
            and line.x1 > caption.x0
            and not (caption.y < region.y0 < line.y)
            and len(found) < 12
        ):
            found.append(line)
    return found


def _unruled_region(caption: Line, lines: Sequence[Line], body: Body) -> _Region | None:
    """The rows of a table without rules: lines with wide gaps that follow the caption."""
    below = [
        line
        for line in sorted(lines, key=lambda x: (x.y, x.x0))
        if line.y > caption.y + 1 and (line.column == caption.column or caption.column == 0)
    ]
    rows: list[list[Line]] = []
    for line in below:
        if rows and abs(rows[-1][0].y - line.y) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    taken: list[list[Line]] = []
    last_y = caption.y
    for row in rows:
        tabular = (
            len(row) > 1
            or bool(row[0].gaps)
            or (bool(taken) and len(WORD.findall(row[0].text)) < 4)
        )
        if row[0].y - last_y > 3.2 * body.leading or CAPTION.match(row[0].text):
            break
        if tabular:
            taken.append(row)
        elif taken or row[0].y - caption.y > 8 * body.leading:
            break
        last_y = row[0].y
    if len(taken) < 3:
        return None
    parts = [line for row in taken for line in row]
    pieces = [len(re.findall(r"\d", line.text)) for line in parts]
    if median(pieces) < 1:
        return None
    return _Region(
        min(x.x0 for x in parts) - 1,
        max(x.x1 for x in parts) + 1,
        min(x.top for x in parts) - 1,
        max(x.bottom for x in parts) + 1,
        (),
    )


def _inside(region: _Region, lines: Sequence[Line]) -> list[Line]:
    return [
        line
        for line in lines
        if region.y0 < line.y - 0.25 * line.size < region.y1
        and line.x0 >= region.x0 - 3
        and line.x1 <= region.x1 + 3
    ]
