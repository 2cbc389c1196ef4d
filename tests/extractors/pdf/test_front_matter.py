"""Front matter: title, abstract, authors, and what identifies a paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import PassageKind
from scmine.extractors.pdf.blocks import Block, Body
from scmine.extractors.pdf.front_matter import (
    authors_of,
    mark_abstract,
    metadata_of,
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


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["Anna Notional^{1}, Bert Fictive^{2,∗} and Carl van Made"],
         ("Anna Notional", "Bert Fictive", "Carl van Made")),
        (["A. B. Notional", "University of Nowhere", "Carl Fictive"], ("A. B. Notional",)),
        (["Department of Physics, Nowhere"], ()),
        (["this is no name"], ()),
    ],
)  # fmt: skip
def test_authors(lines: list[str], names: tuple[str, ...]) -> None:
    assert authors_of([_block(PassageKind.PARAGRAPH, *lines)]) == names


@pytest.mark.parametrize(
    ("file", "first", "margin", "arxiv_id", "year"),
    [
        ("a.pdf", "", "arXiv:2001.00001v2 [cond-mat.supr-con] 3 Jan 2020", "2001.00001", 2020),
        ("cond-mat_0102216.pdf", "", "", "cond-mat/0102216", 2001),
        ("0807.1234v2.pdf", "", "", "0807.1234", 2008),
        ("a.pdf", "text arXiv:1412.0460 text", "", "1412.0460", 2014),
        ("paper.pdf", "no identifier 1234.5678", "", None, None),
    ],
)
def test_arxiv_identifier_and_year(
    file: str, first: str, margin: str, arxiv_id: str | None, year: int | None
) -> None:
    found = metadata_of(Path(file), "", (), first, margin)
    assert (found.arxiv_id, found.year) == (arxiv_id, year)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("see https://doi.org/10.1234/abc.5-6. Then", "10.1234/abc.5-6"),
        ("(doi:10.1234/x(99)y)", "10.1234/x(99)y"),
        ("10.5 K and 10.1234 kg", None),
    ],
)
def test_doi(text: str, doi: str | None) -> None:
    assert metadata_of(Path("a.pdf"), "", (), text, "").doi == doi


@given(st.text(max_size=80), st.text(max_size=80), st.text("0123456789._-/ac", max_size=12))
def test_metadata_of_anything(first: str, margin: str, stem: str) -> None:
    found = metadata_of(Path(stem + ".pdf"), "", (), first, margin)
    assert found.year is None or 1900 <= found.year < 2100
