"""Stubs: captions at the foot of a page whose table, or all of it but the heads, is on the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scmine.extractors.document import Box
from scmine.extractors.pdf.blocks import WORD
from scmine.extractors.pdf.grid import Frame
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.pieces import Piece, is_number, pieces_of
from scmine.extractors.pdf.regions import is_prose, visual_rows
from scmine.extractors.pdf.rules import Rule

MAX_HEAD_ROWS = 3


@dataclass(frozen=True, slots=True)
class Stub:
    """A caption (its text) and the lines of heads under it that wait for their rows."""

    caption: str
    heads: tuple[Line, ...]

    @property
    def box(self) -> Box | None:
        """Where the heads stand, if there are any."""
        if not self.heads:
            return None
        return Box(
            self.heads[0].page,
            min(x.x0 for x in self.heads),
            min(x.top for x in self.heads),
            max(x.x1 for x in self.heads),
            max(x.bottom for x in self.heads),
        )

    def over(self, frame: Frame) -> tuple[Frame, list[Piece]]:
        """``frame`` with room for the heads over its first row, and the heads moved there."""
        if not self.heads:
            return frame, []
        step = frame.y0 - max(x.bottom for x in self.heads) - 1
        pieces = []
        for line in self.heads:
            pieces += [replace(p, y=p.y + step, page=line.page) for p in pieces_of(line)]
        rule = Rule(frame.x0 + 4, frame.x1 - 4, frame.y0)
        top = min(p.top for p in pieces) - 1
        return replace(frame, y0=top, across=(rule, *frame.across)), pieces


def stub_of(caption: Sequence[Line], text: str, lines: Sequence[Line]) -> Stub | None:
    """The stub that ``caption`` makes if nothing but heads stands under it on its page."""
    head, last = caption[0], caption[-1]
    own = {id(line) for line in caption}
    below = [
        x
        for x in lines
        if x.y > last.y + 1
        and id(x) not in own
        and (x.column in (0, head.column) or head.column == 0)
    ]
    rows = visual_rows(below)
    if len(rows) > MAX_HEAD_ROWS or any(is_prose(x, x.x0, x.x1) for row in rows for x in row):
        return None
    pieces = [p for row in rows for x in row for p in pieces_of(x)]
    if any(is_number(p.text) for p in pieces) or (rows and len(pieces) < 2):
        return None
    return Stub(text, tuple(x for row in rows for x in row))


def opens_page(frame: Frame, lines: Sequence[Line]) -> bool:
    """Whether no text stands over ``frame`` on its page."""
    return not any(
        x.y < frame.y0 and len(WORD.findall(x.text)) > 5 and x.x0 < frame.x1 and x.x1 > frame.x0
        for x in lines
    )
