"""Front matter: title, abstract, authors, and what identifies a paper."""

from __future__ import annotations

import pytest

from scmine.extractors.document import PassageKind
from scmine.extractors.pdf.blocks import Block, Body
from scmine.extractors.pdf.front_matter import (
    authors_below,
    authors_of,
    mark_abstract,
    split_title,
)
from tests.extractors.pdf.typeset import set_column, set_line

BODY = Body(10.0, frozenset({"Times-Roman"}), 12.0)
PROSE = ["We report the transition of films of niobium nitride", "that were grown on it."] * 4


def test_the_largest_lines_are_the_title() -> None:
    lines = [
        set_line("Journal of Invented Physics", y=60, size=8),
        set_line("Superconductivity of films", y=100, size=16),
        set_line("of niobium nitride", y=120, size=16),
        *set_column(PROSE, y=200),
    ]
    title, rest = split_title(lines, 792, BODY)
    assert [x.text for x in title] == ["Superconductivity of films", "of niobium nitride"]
    assert len(rest) == len(lines) - 2


def test_a_bold_line_may_be_the_title() -> None:
    bold = set_line("Superconductivity of films", y=100, bold=True)
    title, _ = split_title([set_line("a preface line", y=80), bold], 792, BODY)
    assert title == [bold]


def test_a_page_without_words_has_no_title() -> None:
    assert split_title([], 792, BODY) == ([], [])


def _block(kind: PassageKind, *texts: str) -> Block:
    return Block(kind, set_column(texts))


def test_the_abstract_follows_its_heading() -> None:
    names = _block(PassageKind.PARAGRAPH, "A. Notional and B. Fictive")
    heading = _block(PassageKind.HEADING, "ABSTRACT")
    text = _block(PassageKind.PARAGRAPH, *PROSE)
    more = _block(PassageKind.PARAGRAPH, *PROSE)
    blocks, front = mark_abstract([names, heading, text, more], BODY)
    assert (blocks, front) == ([text, more], [names])
    assert [b.kind for b in blocks] == [PassageKind.ABSTRACT, PassageKind.PARAGRAPH]


def test_no_prose_no_abstract() -> None:
    names = _block(PassageKind.PARAGRAPH, "A. Notional and B. Fictive")
    assert mark_abstract([names], BODY) == ([names], [])


def test_a_title_goes_on_in_short_lines_and_stops_before_the_authors() -> None:
    lines = [
        set_line("Superconductivity of films of", y=100, size=12, bold=True),
        set_line("NbN", y=116, size=12, bold=True, x=120),
        set_line("A. Notional, B. Fictive", y=134, size=12, bold=True),
        *set_column(PROSE, y=200),
    ]
    title, _ = split_title(lines, 792, BODY)
    assert [x.text for x in title] == ["Superconductivity of films of", "NbN"]


def test_a_title_set_like_the_text_stands_alone() -> None:
    text = set_column(PROSE, y=150)
    alone = set_line("Superconductivity of films of NbN", y=100)
    assert split_title([alone, *text], 792, BODY)[0] == [alone]
    assert split_title(text, 792, BODY)[0] == []


def test_the_title_on_a_cover_page_is_the_labelled_one() -> None:
    lines = [
        set_line("Repository of Nowhere", y=60, size=16, bold=True),
        set_line("Title", y=100, size=12, bold=True),
        set_line("SUPERCONDUCTIVITY OF FILMS", y=115, size=11),
        set_line("Permalink", y=140, size=12, bold=True),
        set_line("Authors", y=160, size=12, bold=True),
        set_line("Notional, A.", y=175, size=11),
    ]
    title, rest = split_title(lines, 792, BODY)
    assert [x.text for x in title] == ["SUPERCONDUCTIVITY OF FILMS"]
    assert authors_below(title, rest) == ()


@pytest.mark.parametrize(
    "text", ["Abstract", "1.2.3 Growth of films", "Physical Review B 99, 012345 (2019)"]
)
def test_what_is_no_title(text: str) -> None:
    line = set_line(text, y=100, size=14, bold=True)
    assert split_title([line, *set_column(PROSE, y=150)], 792, BODY)[0] == []


def test_authors_stand_below_the_title() -> None:
    title = [set_line("Superconductivity of films", y=100, size=16)]
    lines = [set_line("A. Before, B. Before", y=60), set_line("Anna Notional", y=130)]
    assert authors_below(title, lines) == ("Anna Notional",)
    assert authors_below([], lines) == ()
    assert authors_of([Block(PassageKind.PARAGRAPH, lines[1:])]) == ("Anna Notional",)
