"""Rules: the horizontal lines that a page draws, which is what tables of physics papers are set
between. Read with pdfplumber, and only on pages that hold a table candidate, since it is slow.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

MIN_RULE_PT = 20.0
"""Shorter lines are parts of drawings, fractions and underlines."""

JOIN_GAP_PT = 4.0
"""Pieces of one rule are drawn cell by cell and leave gaps up to this."""

# What pdfminer and pdfplumber raise on files that PDFium reads: they take what stands in the file
# for what ISO 32000-1 says should stand there. Such pages go without rules.
_PARSER_ERRORS = (
    PDFException,
    PdfminerException,
    MalformedPDFException,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line from ``x0`` to ``x1`` at height ``y``, in points from the top left."""

    x0: float
    x1: float
    y: float


def horizontal_rules(data: bytes, pages: Sequence[int]) -> dict[int, list[Rule]]:
    """The rules of the given pages (from 1); a page that pdfplumber cannot read has none."""
    found: dict[int, list[Rule]] = {page: [] for page in pages}
    try:
        with pdfplumber.open(io.BytesIO(data), pages=list(pages)) as pdf:
            for page in pdf.pages:
                cut_left, cut_top = _cut_off(page)
                left, top = page.bbox[0] + cut_left, page.bbox[1] + cut_top
                edges = [
                    Rule(e["x0"] - left, e["x1"] - left, e["top"] - top)
                    for e in page.edges
                    if e["orientation"] == "h"
                ]
                found[page.page_number] = _join(edges)
                page.close()
    except _PARSER_ERRORS:
        return found
    return found


def _cut_off(page: Page) -> tuple[float, float]:
    """What the crop box cuts off the left and the top of the page as shown, in points."""
    x0, y0, x1, y1 = page.page_obj.mediabox
    a, b, c, d = page.page_obj.cropbox
    # The edges clockwise from the left; a page that is turned shows others on its left and top.
    cut = (
        min(a, c) - min(x0, x1),
        max(y0, y1) - max(b, d),
        max(x0, x1) - max(a, c),
        min(b, d) - min(y0, y1),
    )
    quarters = page.rotation // 90 % 4
    return max(0.0, cut[-quarters]), max(0.0, cut[1 - quarters])


def _join(edges: Sequence[Rule]) -> list[Rule]:
    """Edges at one height that touch, as one rule; the short ones left out."""
    rules: list[Rule] = []
    for edge in sorted(edges, key=lambda e: (round(e.y), e.x0)):
        last = rules[-1] if rules else None
        if last and abs(last.y - edge.y) < 1.5 and edge.x0 <= last.x1 + JOIN_GAP_PT:
            rules[-1] = Rule(last.x0, max(last.x1, edge.x1), last.y)
        else:
            rules.append(edge)
    return sorted((r for r in rules if r.x1 - r.x0 >= MIN_RULE_PT), key=lambda r: (r.y, r.x0))
