"""Citations set by hand: numbers above the line in papers that do not use ``\\cite``."""

from __future__ import annotations

from dataclasses import replace

from scmine.extractors.document import Passage, Typography
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.pdf.lines import Shift
from scmine.extractors.pdf.reading_text import Words, make_passage


def take_manual_citations(passage: Passage) -> Passage:
    """``passage`` with raised numbers that cite taken out, as the PDF reader tells them.

    >>> from scmine.extractors.document import PassageKind, Span
    >>> text = "It was measured before.5 We agree."
    >>> raised = (Span(23, 24, Typography.SUPERSCRIPT),)
    >>> take_manual_citations(Passage(PassageKind.PARAGRAPH, text, typography=raised)).text
    'It was measured before. We agree.'
    """
    if not any(span.kind is Typography.SUPERSCRIPT for span in passage.typography):
        return passage
    shifts: list[Shift] = [""] * len(passage.text)
    for span in passage.typography:
        shift: Shift = "sub" if span.kind is Typography.SUBSCRIPT else "sup"
        shifts[span.start : span.end] = [shift] * (span.end - span.start)
    line = MarkedText(list(passage.text), shifts).line()
    made = make_passage(passage.kind, [line], passage.section, Words())
    return replace(made, citations=(*passage.citations, *made.citations))
