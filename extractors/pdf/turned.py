"""Turned pages: places on a page that was turned to be read, as places on the page as shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scmine.extractors.document import Box, Listing, Passage, Table


@dataclass(frozen=True, slots=True)
class Turn:
    """A page turned clockwise by ``quarters``; width and height in points once it is turned."""

    quarters: int
    width: float
    height: float


def shown_box(box: Box, turn: Turn) -> Box:
    """``box``, counted on the turned page, as it stands on the page as shown.

    >>> shown_box(Box(1, 10, 20, 40, 30), Turn(1, 792, 612))
    Box(page=1, x0=20, y0=752, x1=30, y1=782)
    """
    width, height = turn.width, turn.height
    if turn.quarters == 1:
        x0, y0, x1, y1 = box.y0, width - box.x1, box.y1, width - box.x0
    elif turn.quarters == 2:
        x0, y0, x1, y1 = width - box.x1, height - box.y1, width - box.x0, height - box.y0
    else:
        x0, y0, x1, y1 = height - box.y1, box.x0, height - box.y0, box.x1
    return Box(box.page, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


def shown_listing(listing: Listing, turns: Mapping[int, Turn]) -> Listing:
    """``listing`` with its boxes as shown; ``turns`` by page."""
    if not any(box.page in turns for box in listing.boxes):
        return listing
    boxes = [shown_box(b, turns[b.page]) if b.page in turns else b for b in listing.boxes]
    return replace(listing, boxes=tuple(boxes))


def shown_passage(passage: Passage, turns: Mapping[int, Turn]) -> Passage:
    """``passage`` with the boxes of its words as shown; ``turns`` by page."""
    if not any(word.box.page in turns for word in passage.words):
        return passage
    words = tuple(
        replace(word, box=shown_box(word.box, turns[word.box.page]))
        if word.box.page in turns
        else word
        for word in passage.words
    )
    return replace(passage, words=words)


def shown_table(table: Table, turns: Mapping[int, Turn]) -> Table:
    """``table`` with its boxes as shown; ``turns`` by page."""
    rows = tuple(
        tuple(
            replace(cell, box=shown_box(cell.box, turns[cell.box.page]))
            if cell.box is not None and cell.box.page in turns
            else cell
            for cell in row
        )
        for row in table.rows
    )
    box = table.box
    if box is not None and box.page in turns:
        box = shown_box(box, turns[box.page])
    return replace(table, rows=rows, box=box)
