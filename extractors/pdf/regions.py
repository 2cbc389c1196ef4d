"""Regions: where on a page a table stands, by its rules, or by the gaps in its rows.

What stands in a region is cut into cells in ``grid``; which caption a region belongs to is decided
in ``tables``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.pdf.blocks import WORD, Body
from scmine.extractors.pdf.grid import Frame
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.passages import CAPTION
from scmine.extractors.pdf.pieces import is_number, pieces_of
from scmine.extractors.pdf.rules import PageRules, Rule

SAME_EXTENT_PT = 6.0
"""The rules of one table begin and end within this of each other."""

MIN_HEIGHT_PT = 15.0
"""Rules nearer than this hold no table between them."""

PROSE_WORDS = 7
"""A line of so many words that fills its column is running text."""

MAX_PROSE_LINES = 3
"""So many lines of running text under each other between two rules: they are not of one table."""

MAX_ROW_STEP = 3.2
"""Rows without rules follow each other within this many line distances."""

HEAD_STEP = 1.2
"""Heads stand over their rule within this many line distances."""

MIN_GAP_RATIO = 0.9
"""Cells without rules stand further apart than this share of the type size."""


def ruled_frames(rules: PageRules, lines: Sequence[Line]) -> list[Frame]:
    """The places between rules of equal extent that lie over each other, from top to bottom."""
    groups: list[list[Rule]] = []
    for rule in rules.across:
        for group in reversed(groups):
            head = group[0]
            if (
                abs(head.x0 - rule.x0) < SAME_EXTENT_PT
                and abs(head.x1 - rule.x1) < SAME_EXTENT_PT
                and not _parted(group[-1], rule, lines)
            ):
                group.append(rule)
                break
        else:
            groups.append([rule])
    frames = [_frame(group, rules) for group in groups if group[-1].y - group[0].y > MIN_HEIGHT_PT]
    return [f for f in frames if not any(_inside(f, other) for other in frames if other is not f)]


def _frame(group: Sequence[Rule], rules: PageRules) -> Frame:
    x0, x1 = min(r.x0 for r in group) - 4, max(r.x1 for r in group) + 4
    return with_rules(Frame(x0, x1, group[0].y - 1, group[-1].y + 1), rules)


def with_rules(frame: Frame, rules: PageRules) -> Frame:
    """``frame`` with those of the page's rules that lie in it."""
    return replace(
        frame,
        across=tuple(
            r
            for r in rules.across
            if frame.y0 <= r.y <= frame.y1 and r.x0 >= frame.x0 - 3 and r.x1 <= frame.x1 + 3
        ),
        upright=tuple(
            u
            for u in rules.upright
            if frame.x0 - 3 <= u.x <= frame.x1 + 3 and u.y0 < frame.y1 and u.y1 > frame.y0
        ),
    )


def _inside(inner: Frame, outer: Frame) -> bool:
    return (
        inner.x0 >= outer.x0 - 1
        and inner.x1 <= outer.x1 + 1
        and inner.y0 >= outer.y0 - 1
        and inner.y1 <= outer.y1 + 1
    )


def _parted(above: Rule, below: Rule, lines: Sequence[Line]) -> bool:
    """Whether a caption or running text stands between two rules."""
    between = sorted(
        (
            line
            for line in lines
            if above.y < line.y - 0.3 * line.size < below.y
            and line.x0 < above.x1
            and line.x1 > above.x0
        ),
        key=lambda line: line.y,
    )
    run = 0
    for line in between:
        if CAPTION.match(line.text):
            return True
        run = run + 1 if is_prose(line, above.x0, above.x1) else 0
        if run > MAX_PROSE_LINES:
            return True
    return False


def is_prose(line: Line, x0: float, x1: float) -> bool:
    """Whether ``line`` is running text that fills the width from ``x0`` to ``x1``."""
    return (
        len(WORD.findall(line.text)) >= PROSE_WORDS
        and line.width > 0.6 * (x1 - x0)
        and line.x0 - x0 < 0.2 * (x1 - x0)
        and len(line.gaps) <= 1
    )


def visual_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: (x.y, x.x0)):
        if rows and line.y - rows[-1][0].y < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def unruled_frame(
    edge: float,
    lines: Sequence[Line],
    span: tuple[float, float],
    body: Body,
    rules: PageRules,
    upwards: bool = False,
) -> Frame | None:
    """The rows with wide gaps that follow height ``edge``, or come before it, between ``span``."""
    near = [
        line
        for line in lines
        if (line.y < edge - 1 if upwards else line.y > edge + 1)
        and line.x0 >= span[0] - 2
        and line.x1 <= span[1] + 2
    ]
    rows = visual_rows(near)
    if upwards:
        rows.reverse()
    taken = _rows_of_table(rows, edge, span, body)
    parts = [line for row in taken for line in row]
    if len(taken) < 3 or sum(bool(re.search(r"\d", x.text)) for x in parts) * 2 < len(taken):
        return None
    y0, y1 = min(x.top for x in parts) - 1, max(x.bottom for x in parts) + 1
    # A rule over the first row or under the last is the table's.
    slack = 0.8 * body.size
    frame = Frame(
        min(x.x0 for x in parts) - 1, max(x.x1 for x in parts) + 1, y0 - slack, y1 + slack
    )
    wide = replace(frame, x0=frame.x0 - 20, x1=frame.x1 + 20)
    found = with_rules(wide, rules)
    return replace(found, x0=frame.x0, x1=frame.x1, y0=y0, y1=y1)


def _rows_of_table(
    rows: Sequence[Sequence[Line]], edge: float, span: tuple[float, float], body: Body
) -> list[Sequence[Line]]:
    taken: list[Sequence[Line]] = []
    last = edge
    for row in rows:
        step = abs(row[0].y - last)
        if step > MAX_ROW_STEP * body.leading or any(CAPTION.match(x.text) for x in row):
            break
        texts = [x for x in row if is_prose(x, *span) or len(WORD.findall(x.text)) > 9]
        if texts or not (_tabular(row) or (taken and _label(row))):
            break
        taken.append(row)
        last = row[0].y
    while taken and not _tabular(taken[-1]):
        taken.pop()
    return taken


def _tabular(row: Sequence[Line]) -> bool:
    if len(row) > 1:
        return True
    wide = [g for g in row[0].gaps if g[1] - g[0] > MIN_GAP_RATIO * row[0].size]
    numbers = [p for p in pieces_of(row[0]) if is_number(p.text)]
    return bool(wide) or len(numbers) > 1


def _label(row: Sequence[Line]) -> bool:
    """A row of few words, such as a name over a group of rows or the rest of a long cell."""
    return len(WORD.findall(row[0].text)) < 5


def grow_down(frame: Frame, lines: Sequence[Line], rules: PageRules, body: Body) -> Frame:
    """``frame`` with the rows under its last rule, where that does not close the table."""
    inside = [
        x
        for x in lines
        if frame.y0 < x.y < frame.y1 and frame.x0 - 3 <= x.x0 and x.x1 <= frame.x1 + 3
    ]
    rows = visual_rows(inside)
    below = [x for x in lines if x.y > frame.y1 and frame.x0 - 3 <= x.x0 and x.x1 <= frame.x1 + 3]
    taken = _rows_of_table(visual_rows(below), frame.y1, (frame.x0, frame.x1), body)
    if len(frame.levels()) > 2 or any(_numbers(row) for row in rows):
        # The last group of rows may stand right under the last rule.
        taken = list(itertools.takewhile(lambda row: _numbers(row) > 0.5 or _label(row), taken))
        while taken and _numbers(taken[-1]) <= 0.5:
            taken.pop()
        if not taken or taken[0][0].y - frame.y1 > HEAD_STEP * body.leading:
            return frame
    elif len(taken) < 2:
        return frame
    bottom = max(x.bottom for row in taken for x in row) + 1
    return with_rules(replace(frame, y1=bottom), rules)


def _numbers(row: Sequence[Line]) -> float:
    """The share of numbers among the pieces of a row; 0 for a piece that stands alone."""
    pieces = [p for x in row for p in pieces_of(x)]
    return sum(is_number(p.text) for p in pieces) / len(pieces) if len(pieces) > 1 else 0.0


def grow_up(frame: Frame, lines: Sequence[Line], rules: PageRules, body: Body) -> Frame:
    """``frame`` with the heads over its first rule, where that only parts them from the rows."""
    above = [
        x for x in lines if x.y < frame.y0 + 1 and frame.x0 - 3 <= x.x0 and x.x1 <= frame.x1 + 3
    ]
    edge = frame.y0
    for row in reversed(visual_rows(above)):
        pieces = [p for x in row for p in pieces_of(x)]
        if (
            edge - row[0].y > HEAD_STEP * body.leading
            or len(pieces) < 2
            or any(CAPTION.match(x.text) or len(WORD.findall(x.text)) > 9 for x in row)
        ):
            break
        edge = min(x.top for x in row) - 1
    return with_rules(replace(frame, y0=edge), rules) if edge < frame.y0 else frame


def trim_prose(frame: Frame, lines: Sequence[Line]) -> Frame:
    """``frame`` without running text at its upper and lower end, such as notes."""
    rows = visual_rows(lines)
    y0, y1 = frame.y0, frame.y1
    for row, beyond in itertools.pairwise(rows):
        if not (len(row) == 1 and is_prose(row[0], frame.x0, frame.x1)):
            break
        y0 = (row[0].bottom + beyond[0].top) / 2
    for row, before in itertools.pairwise(reversed(rows)):
        if not (len(row) == 1 and is_prose(row[0], frame.x0, frame.x1)):
            break
        y1 = (before[0].bottom + row[0].top) / 2
    return replace(frame, y0=y0, y1=y1)
