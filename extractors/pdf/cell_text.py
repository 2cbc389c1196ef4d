"""Cell text: the pieces of one cell joined, with marks of footnotes and citations taken off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.document import Box, Cell, Span, Typography
from scmine.extractors.pdf.pieces import Piece
from scmine.extractors.pdf.reading_text import Words

_LETTER_MARK = re.compile(r"^\(?[a-h]\)?(?:\s?,\s?[a-h])*$|^[*†‡§¶#]{1,3}$")
_NUMBER_MARK = re.compile(r"^\[?\d{1,3}(?:\s?[,–−-]\s?\d{1,3})*\]?$")


def make_cell(pieces: Sequence[Piece], is_header: bool, page: int, words: Words) -> Cell:
    """The cell that ``pieces`` make, in reading order."""
    if not pieces:
        return Cell("", is_header)
    text, spans = "", []
    for piece in pieces:
        if text:
            text = _joined(text, piece.text, words)
        spans += [Span(s.start + len(text), s.end + len(text), s.kind) for s in piece.spans]
        text += piece.text
    text, spans = _without_marks(text, spans, is_header)
    page = pieces[0].page or page
    pieces = [p for p in pieces if p.page in (0, page)]
    box = Box(
        page,
        round(min(p.x0 for p in pieces), 2),
        round(min(p.top for p in pieces), 2),
        round(max(p.x1 for p in pieces), 2),
        round(max(p.bottom for p in pieces), 2),
    )
    return Cell(text, is_header, max(p.columns for p in pieces), tuple(spans), box)


def _joined(text: str, after: str, words: Words) -> str:
    """``text`` made ready for the next line of its cell: a hyphen undone, or a blank added."""
    left, right = re.search(r"([^\W\d_]+)-$", text), re.match(r"[^\W\d_]+", after)
    if left and right and after[0].islower():
        return text if words.keeps_hyphen(left.group(1), right.group()) else text[:-1]
    return text if text[-1] in "/–-" and left else text + " "


def _without_marks(text: str, spans: Sequence[Span], is_header: bool) -> tuple[str, list[Span]]:
    """The text without the superscripts at its end that point to notes.

    Numbers over the symbols of a head are indices or powers.
    """
    kept = sorted(spans, key=lambda s: s.start)
    while kept and kept[-1].kind is Typography.SUPERSCRIPT and kept[-1].end >= len(text.rstrip()):
        mark = text[kept[-1].start : kept[-1].end].strip()
        before = text[: kept[-1].start].rstrip()
        if not before or not _is_mark(mark, before) or (is_header and mark[:1].isdigit()):
            break
        text = before
        kept.pop()
    return text, [Span(s.start, min(s.end, len(text)), s.kind) for s in kept if s.start < len(text)]


def _is_mark(mark: str, before: str) -> bool:
    if _LETTER_MARK.match(mark):
        # μ* and a starred name keep their star.
        return not (mark == "*" and re.search(r"[A-Za-zα-ω]$", before))
    if not _NUMBER_MARK.match(mark):
        return False
    if re.search(r"(?:^|[^\d.])10$", before):
        return False
    if re.search(r"[\d)]$", before):
        return True
    return bool(re.search(r"\d\s?(?:K|GPa)$|[.,;]$|[a-z]{4,}$", before))
