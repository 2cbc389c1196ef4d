"""Tables: found by their captions, rules and gaps, cut into grids of cells, taken out of the text.

What a column means lives outside this folder; here a table is text in rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.document import Box, PassageKind, Table
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.blocks import Body
from scmine.extractors.pdf.cell_text import make_cell
from scmine.extractors.pdf.continued import join_continued
from scmine.extractors.pdf.grid import Frame, Grid, make_grid
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.passages import CAPTION, TABLE_CAPTION
from scmine.extractors.pdf.pieces import is_blank, is_number, parts_of, pieces_of
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.regions import (
    grow_down,
    grow_up,
    is_prose,
    ruled_frames,
    trim_prose,
    unruled_frame,
    visual_rows,
)
from scmine.extractors.pdf.rules import PageRules, Rule
from scmine.extractors.pdf.stubs import Stub, opens_page, stub_of

MAX_CAPTION_GAP = 4.5
"""A table begins within this many line distances of its caption."""

MAX_CAPTION_LINES = 14

_TYPED_RULE = re.compile(r"^[-–—_=\s]{12,}$")

MIN_ROWS = 3
"""So many rows of cells make a page without a caption one that may hold a table."""

LONG_CELL = 25
"""Cells of a table without a caption are mostly shorter than this many characters."""


@dataclass(slots=True)
class _Page:
    """The lines of a page that are left, its rules, and its captions of tables with their lines."""

    number: int
    lines: list[Line]
    rules: PageRules
    body: Body
    words: Words
    captions: list[list[Line]] = field(default_factory=list)
    stub: Stub | None = None


def take_tables(
    pages: Sequence[Sequence[Line]], rules: Mapping[int, PageRules], body: Body, words: Words
) -> tuple[list[list[Line]], list[Table]]:
    """The pages' lines without those inside tables, and the tables.

    ``pages`` are in reading order; captions stay among the lines. ``rules`` are by number of page,
    in the coordinates of its lines.
    """
    rest = [list(lines) for lines in pages]
    numbers = _candidates(pages)
    tables: list[Table] = []
    stub: Stub | None = None
    for number in numbers:
        page = _Page(number, rest[number - 1], rules.get(number, PageRules()), body, words)
        found = _take_waiting(page, stub) if stub else []
        if stub and found:
            heads = {id(x) for x in stub.heads}
            rest[number - 2] = [x for x in rest[number - 2] if id(x) not in heads]
        found += _tables_of(page)
        rest[number - 1] = page.lines
        tables = join_continued(tables, found, page.lines)
        stub = page.stub
    return rest, tables


def _candidates(pages: Sequence[Sequence[Line]]) -> list[int]:
    """The pages (from 1) that may hold a table: a caption stands on them or before, or rows do."""
    found = set()
    for number, lines in enumerate(pages, 1):
        if any(opens_table(part) for line in lines for part in _split_captions(line)):
            found |= {number, number + 1}
        elif sum(_has_cells(row) for row in visual_rows(lines)) >= MIN_ROWS:
            found.add(number)
    return sorted(n for n in found if n <= len(pages) and pages[n - 1])


def _has_cells(row: Sequence[Line]) -> bool:
    """Whether lines beside each other look like cells: three or more, short, with a number."""
    texts = [x.text for x in row]
    pieces = sum(1 + len(x.gaps) for x in row)
    return (
        pieces > 2
        and any(c.isdigit() for t in texts for c in t)
        and (sum(map(len, texts)) < LONG_CELL * pieces)
    )


def _take_waiting(page: _Page, stub: Stub) -> list[Table]:
    """The table at the head of a page whose caption stands at the foot of the one before."""
    frames = [f for f in ruled_frames(page.rules, page.lines) if opens_page(f, page.lines)]
    if not frames and page.lines:
        span = min(x.x0 for x in page.lines), max(x.x1 for x in page.lines)
        top = min(x.top for x in page.lines)
        unruled = unruled_frame(top, page.lines, span, page.body, page.rules)
        frames = [unruled] if unruled else []
    table = _take(page, frames[0], [], strict=False, stub=stub) if frames else None
    return [table] if table is not None else []


def _tables_of(page: _Page) -> list[Table]:
    page.lines[:] = [part for line in page.lines for part in _split_captions(line)]
    _take_typed_rules(page)
    heads = [line for line in page.lines if opens_table(line)]
    frames = ruled_frames(page.rules, page.lines)
    if not heads and not frames:
        return []
    page.captions = [_caption_lines(head, page, frames) for head in heads]
    order = {id(line): k for k, line in enumerate(page.lines)}
    found: list[tuple[float, Table]] = []
    pairs, free = _assigned(page, frames)
    for caption, frame in pairs:
        table = _take(page, frame, caption, strict=False)
        if table is not None:
            found.append((order[id(caption[0])], table))
    bare = [c for c in page.captions if not any(t.caption and _is_of(t, c, page) for _, t in found)]
    for caption in bare:
        for upwards in (False, True):
            span = _span(caption, page)
            edge = caption[0].y if upwards else caption[-1].y
            others = [x for x in page.lines if not any(x is c for c in caption)]
            unruled = unruled_frame(edge, others, span, page.body, page.rules, upwards)
            table = _take(page, unruled, caption, strict=True) if unruled else None
            if table is not None and unruled is not None:
                found.append((order[id(caption[0])], table))
                break
    if bare and not any(_is_of(t, bare[-1], page) for _, t in found):
        page.stub = stub_of(bare[-1], _caption_text(bare[-1], page), page.lines)
    for frame in free:
        first = min((order.get(id(x), 0) for x in page.lines if _in(frame, x)), default=0)
        table = _take(page, frame, [], strict=True)
        if table is not None:
            found.append((first, table))
    return [table for _, table in sorted(found, key=lambda item: item[0])]


def _take_typed_rules(page: _Page) -> None:
    """Make rules of lines that are typed as rows of dashes, if the page has a table's caption."""
    if not any(opens_table(line) for line in page.lines):
        return
    typed = [x for x in page.lines if _TYPED_RULE.match(x.text)]
    drawn = [Rule(x.x0, x.x1, x.y - 0.3 * x.size) for x in typed]
    page.rules.across = sorted([*page.rules.across, *drawn], key=lambda r: (r.y, r.x0))
    own = {id(x) for x in typed}
    page.lines[:] = [x for x in page.lines if id(x) not in own]


def _split_captions(line: Line) -> list[Line]:
    """``line``, cut where the caption of another table begins beside that of the first."""
    if not opens_table(line) or not line.gaps:
        return [line]
    parts = parts_of(line)
    return parts if sum(opens_table(part) for part in parts) > 1 else [line]


def _is_of(table: Table, caption: Sequence[Line], page: _Page) -> bool:
    return table.caption == _caption_text(caption, page)


def opens_table(line: Line) -> bool:
    """Whether ``line`` begins the caption of a table."""
    match = CAPTION.match(line.text)
    if not match or not TABLE_CAPTION.match(line.text):
        return False
    after = line.text[match.end() :].strip()
    return bool(match.group("mark").strip()) or not after or not after[0].islower()


def _caption_lines(head: Line, page: _Page, frames: Sequence[Frame]) -> list[Line]:
    """The lines of the caption that ``head`` begins."""
    found = [head]
    edge = min((f.y0 for f in frames if f.y0 > head.y and _over(head, f)), default=float("inf"))
    for line in sorted(page.lines, key=lambda x: x.y):
        last = found[-1]
        if (
            last.y + 1 < line.y < edge
            and line.y - last.y < max(1.8 * head.size, 1.1 * page.body.leading)
            and abs(line.size - head.size) < 0.12 * head.size
            and line.x0 < head.x1
            and line.x1 > head.x0
            and len(found) < MAX_CAPTION_LINES
            and not CAPTION.match(line.text)
            and not _row_of_table(line, page)
        ):
            found.append(line)
    return found


def _over(line: Line, frame: Frame) -> bool:
    return line.x0 < frame.x1 and line.x1 > frame.x0


def _row_of_table(line: Line, page: _Page) -> bool:
    """Whether ``line`` has wide gaps, or others beside it, as rows have and captions have not."""
    # Lines of a caption that are stretched to fill the column have wide gaps, but read as prose.
    words = {w.lower() for w in line.text.split()} & load_words("function_words.txt")
    widest = max((b - a for a, b in line.gaps), default=0.0)
    wide = len(words) < 2 and (len(line.gaps) > 1 or widest > 1.2 * line.size)
    beside = [
        x
        for x in page.lines
        if x is not line
        and abs(x.y - line.y) < 0.3 * line.size
        and x.column == line.column
        and not is_prose(x, x.x0, x.x1)
    ]
    return wide or bool(beside)


def _assigned(
    page: _Page, frames: Sequence[Frame]
) -> tuple[list[tuple[Sequence[Line], Frame]], list[Frame]]:
    """Captions with their ruled places, and the places that no caption claims."""
    reach = MAX_CAPTION_GAP * page.body.leading
    options: list[tuple[bool, float, int, int]] = []
    for i, caption in enumerate(page.captions):
        for k, frame in enumerate(frames):
            shared = min(caption[0].x1, frame.x1) - max(caption[0].x0, frame.x0)
            if shared < 0.3 * min(caption[0].width, frame.x1 - frame.x0):
                continue
            under, over = frame.y0 - caption[-1].y, caption[0].top - frame.y1
            if -2 <= under < reach:
                options.append((False, under, i, k))
            elif -2 <= over < reach:
                options.append((True, over, i, k))
            elif frame.y0 < caption[0].y < frame.y0 + 2 * page.body.leading + 4:
                options.append((False, 0.0, i, k))
    above = len({i for over, _, i, _ in options if not over})
    below = len({i for over, _, i, _ in options if over})
    options.sort(key=lambda o: (o[0] != (below > above), o[1]))
    pairs: dict[int, list[Frame]] = {}
    taken: set[int] = set()
    for _, _, i, k in options:
        beside = i in pairs and all(_beside(f, frames[k]) for f in pairs[i])
        if k in taken or (i in pairs and not beside):
            continue
        taken.add(k)
        pairs.setdefault(i, []).append(frames[k])
    result: list[tuple[Sequence[Line], Frame]] = [
        (page.captions[i], _below_caption(frame, page.captions[i]))
        for i, own in sorted(pairs.items())
        for frame in sorted(own, key=lambda f: f.x0)
    ]
    return result, [f for k, f in enumerate(frames) if k not in taken]


def _beside(a: Frame, b: Frame) -> bool:
    return abs(a.y0 - b.y0) < 4 and (a.x1 <= b.x0 + 8 or b.x1 <= a.x0 + 8)


def _below_caption(frame: Frame, caption: Sequence[Line]) -> Frame:
    """``frame`` without the caption, where a rule is drawn over that."""
    if not frame.y0 < caption[0].y < frame.y1:
        return frame
    y0 = caption[-1].bottom
    return replace(frame, y0=y0, across=tuple(r for r in frame.across if r.y > y0))


def _span(caption: Sequence[Line], page: _Page) -> tuple[float, float]:
    """How far to the left and the right the table of ``caption`` may reach."""
    head = caption[0]
    column = [x for x in page.lines if x.column == head.column or head.column == 0]
    x0, x1 = min(x.x0 for x in column), max(x.x1 for x in column)
    for other in page.captions:
        if other is caption or abs(other[0].y - head.y) > 3 * head.size:
            continue
        if other[0].x0 > head.x1:
            x1 = min(x1, (max(x.x1 for x in caption) + other[0].x0) / 2)
        elif other[0].x1 < head.x0:
            x0 = max(x0, (max(x.x1 for x in other) + head.x0) / 2)
    return x0, x1


def _take(
    page: _Page, frame: Frame, caption: Sequence[Line], strict: bool, stub: Stub | None = None
) -> Table | None:
    """The table in ``frame``, its lines taken from the page; None if there is none."""
    others = [x for x in page.lines if not any(x is c for c in caption)]
    frame = grow_down(frame, others, page.rules, page.body)
    frame = grow_up(frame, others, page.rules, page.body)
    split = _split_at(page.lines, frame)
    inside = [x for x in split if _in(frame, x) and not any(x is c for c in caption)]
    trimmed = trim_prose(frame, inside)
    inside = [x for x in inside if _in(trimmed, x)]
    pieces = [p for line in inside for p in pieces_of(line)]
    whole, heads = stub.over(trimmed) if stub else (trimmed, [])
    grid = make_grid([*heads, *pieces], whole, page.body.size)
    if (
        grid is None
        or _is_text(inside, trimmed)
        or (strict and not _convincing(grid, bool(caption)))
    ):
        return None
    used = {id(x) for x in inside}
    page.lines[:] = [x for x in split if id(x) not in used]
    box = Box(page.number, trimmed.x0, trimmed.y0, trimmed.x1, trimmed.y1)
    cells = tuple(
        tuple(make_cell(cell, i < grid.header, page.number, page.words) for cell in row)
        for i, row in enumerate(grid.rows)
    )
    if stub is not None:
        return Table(cells, stub.caption, "", stub.box or box)
    return Table(cells, _caption_text(caption, page), "", box)


def _caption_text(caption: Sequence[Line], page: _Page) -> str:
    return make_passage(PassageKind.CAPTION, caption, "", page.words).text if caption else ""


def _in(frame: Frame, line: Line) -> bool:
    return (
        frame.y0 < line.y - 0.25 * line.size < frame.y1
        and line.x0 >= frame.x0 - 3
        and line.x1 <= frame.x1 + 3
    )


def _split_at(lines: Sequence[Line], frame: Frame) -> list[Line]:
    """Lines with those cut that run over the left or right end of ``frame`` at a wide gap."""
    result: list[Line] = []
    for line in lines:
        beside = frame.y0 < line.y - 0.25 * line.size < frame.y1
        over = line.x0 < frame.x0 - 3 or line.x1 > frame.x1 + 3
        touches = line.x0 < frame.x1 and line.x1 > frame.x0
        result += parts_of(line) if beside and over and touches else [line]
    return result


def _is_text(inside: Sequence[Line], frame: Frame) -> bool:
    """Whether running text fills a good part of the place."""
    rows = visual_rows(inside)
    prose = sum(len(row) == 1 and is_prose(row[0], frame.x0, frame.x1) for row in rows)
    return prose > 2 and prose > 0.3 * len(rows)


def _convincing(grid: Grid, captioned: bool) -> bool:
    """Whether a grid found without rules, or without a caption, is a table beyond doubt."""
    body = grid.body
    wide = sum(sum(bool(cell) for cell in row) > 1 for row in body)
    if len(body) < 2 or wide < 0.6 * len(body):
        return False
    texts = [" ".join(p.text for p in cell) for row in body for cell in row[1:] if cell]
    filled = sum(bool(cell) for row in body for cell in row)
    if filled < 0.4 * len(body) * len(body[0]):
        return False
    values = sum(is_number(t) or is_blank(t) or any(c.isdigit() for c in t) for t in texts)
    if captioned:
        return values >= 0.3 * len(texts)
    named = [p.text for cell in grid.rows[0] for p in cell if p.text[:1].isalpha()]
    long = sum(len(t) > LONG_CELL for t in texts)
    full = sum(all(row) for row in body)
    return (
        len(body) > 2
        and len(body[0]) > 2
        and len(named) > 1
        and full >= 0.6 * len(body)
        and values >= 0.6 * len(texts)
        and long < 0.2 * len(texts)
    )
