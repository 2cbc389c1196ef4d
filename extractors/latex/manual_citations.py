"""Citations set by hand: numbers above the line that were typed, not made by ``\\cite``."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate

from scmine.extractors.document import Citation, Passage, Span, Typography
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.pdf.lines import Shift
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.sentences import split_sentences

_MARK = re.compile(r"\[?\d{1,3}(?:\s?[,–—−-]\s?\d{1,3}){0,20}\]?")
_NUMBER_BEFORE = re.compile(r"(?<![\d.])(?!10$)\d[\d.]*$")
_VALUE_BEFORE = re.compile(r"(?<![\w/])\d[\d.]*\s?(?:K|GPa|kbar)$")
_LEAST_BEHIND_UNIT = 4
"""Lower numbers behind a unit are its powers."""


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


def take_citations_of_values(passage: Passage) -> Passage:
    """``passage`` without raised numbers behind a value, which would read as its digits.

    For papers that use ``\\cite`` too: what else is raised there is a power or a note.

    >>> from scmine.extractors.document import PassageKind, Span
    >>> raised = (Span(3, 4, Typography.SUPERSCRIPT),)
    >>> take_citations_of_values(Passage(PassageKind.PARAGRAPH, "2035 K.", typography=raised)).text
    '203 K.'
    """
    script_ends = {span.end for span in passage.typography}  # both scripts of one sign are none
    marks = [
        span
        for span in passage.typography
        if span.start not in script_ends and _behind_value(passage, span)
    ]
    if not marks:
        return passage
    taken = bytearray(len(passage.text))
    for span in marks:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    moved = [0, *accumulate(1 - own for own in taken)]
    text = "".join(c for c, own in zip(passage.text, taken, strict=True) if not own)
    kept = [span for span in passage.typography if not taken[span.start]]
    citations = [Citation(moved[c.offset], c.mark) for c in passage.citations]
    citations += [Citation(moved[s.start], passage.text[s.start : s.end]) for s in marks]
    return replace(
        passage,
        text=text,
        typography=tuple(Span(moved[s.start], moved[s.end], s.kind) for s in kept),
        sentences=split_sentences(text),
        citations=tuple(sorted(citations, key=lambda c: c.offset)),
    )


def _behind_value(passage: Passage, span: Span) -> bool:
    """Whether the raised ``span`` stands behind a number, or behind a unit as no power of it."""
    mark = passage.text[span.start : span.end]
    if span.kind is not Typography.SUPERSCRIPT or not _MARK.fullmatch(mark):
        return False
    before = passage.text[max(0, span.start - 20) : span.start]
    if _NUMBER_BEFORE.search(before):
        return True
    least = min(map(int, re.findall(r"\d+", mark)))
    return least >= _LEAST_BEHIND_UNIT and _VALUE_BEFORE.search(before) is not None
