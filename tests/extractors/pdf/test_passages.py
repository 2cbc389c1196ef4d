"""Which blocks of lines are prose, and which are labels of figures or rows of tables."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.extractors.document import PassageKind
from scmine.extractors.pdf.blocks import Body
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.passages import make_blocks
from tests.extractors.pdf.typeset import set_column

PROSE = [
    "the electrons behave on the highly frustrated lattice but",
    "this has not yet been explored and no superconductivity is",
    "known there in spite of many metallic compounds of the family.",
]


def kept(lines: Sequence[Line]) -> list[str]:
    pages = [list(lines)]
    blocks, _ = make_blocks(pages, Body.of(pages))
    return [b.text for b in blocks if b.kind is PassageKind.PARAGRAPH]


def wide(texts: Sequence[str], blank: float) -> list[Line]:
    """A column whose words stand far apart, as in narrow justified text."""
    lines = set_column(texts)
    for line in lines:
        at = 0.0
        for place, char in zip(line.places, line.text, strict=True):
            if char == " ":
                at += blank
            elif place is not None:
                place.x0 += at
                place.x1 += at
        line.gaps = [(0.0, 1.0)] * line.text.count(" ")
    return lines


def test_words_set_wide_apart_are_still_prose() -> None:
    assert len(kept(wide(PROSE, 6.0))) == 1


def test_long_chains_of_citation_marks_do_not_make_a_table() -> None:
    marks = "^{" + ",".join(map(str, range(1, 44))) + "}"
    assert len(kept(set_column([*PROSE[:2], "of the structure known." + marks]))) == 1


def test_ticks_of_a_figure_are_dropped() -> None:
    ticks = set_column(["0.0 100 150 200", "1.5 0.6 120 80", "T (K)"], 72.0, 300.0)
    assert kept([*set_column(PROSE), *ticks]) == [" ".join(PROSE)]
