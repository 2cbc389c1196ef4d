"""Rules: the horizontal lines that a page draws, which is what tables of physics papers are set
between. Read with pdfplumber, and only on pages that hold a table candidate, since it is slow.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

MIN_RULE_PT = 20.0
"""Shorter lines are parts of drawings, fractions and underlines."""

JOIN_GAP_PT = 4.0
"""Pieces of one rule are drawn cell by cell and leave gaps up to this."""


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
                # The page as shown: its crop box, which may reach over the edge of the paper.
                left = max(page.bbox[0], page.cropbox[0])
                top = max(page.bbox[1], page.cropbox[1])
                edges = [
                    Rule(e["x0"] - left, e["x1"] - left, e["top"] - top)
                    for e in page.edges
                    if e["orientation"] == "h"
                ]
                found[page.page_number] = _join(edges)
                page.close()
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError, RecursionError):
        # pdfminer's parsers raise these on files that PDFium reads; such pages go without rules.
        return found
    return found


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
