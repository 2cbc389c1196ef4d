"""Lists of papers in the forms that people keep them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.named_papers import NamedPaper, UnknownLine, named_papers


def names(*lines: str) -> list[tuple[str, str, int | None]]:
    return [
        (paper.source, paper.key, paper.version)
        for paper in named_papers(lines)
        if isinstance(paper, NamedPaper)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "2401.01234v2",
        "arXiv:2401.01234v2",
        "arxiv: 2401.01234v2 [cond-mat.supr-con]",
        "https://arxiv.org/abs/2401.01234v2",
        "https://arxiv.org/pdf/2401.01234v2.pdf",
        "see http://export.arxiv.org/e-print/2401.01234v2, please",
        "10.48550/arXiv.2401.01234v2",
        "  * 2401.01234v2.",
        "1;2401.01234v2;Superconductivity at 203 K",
    ],
)
def test_arxiv_identifiers_are_found_as_people_paste_them(line: str) -> None:
    assert names(line) == [("arxiv", "2401.01234", 2)]


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("10.1103/PhysRevLett.86.1877", "10.1103/physrevlett.86.1877"),
        ("doi:10.1103/PhysRevLett.86.1877.", "10.1103/physrevlett.86.1877"),
        ("https://doi.org/10.1038/35065039", "10.1038/35065039"),
        ("https://doi.org/10.1016%2F0921-4534(91)90001-X", "10.1016/0921-4534(91)90001-x"),
        ("(see 10.1016/S0925-8388(01)01234-5)", "10.1016/s0925-8388(01)01234-5"),
        ("  doi = {10.1103/PhysRevB.99.064502},", "10.1103/physrevb.99.064502"),
        ('7,"10.1038/nature14964","Drozdov",2015', "10.1038/nature14964"),
        ("10.1126/science.aa1234; 203 K", "10.1126/science.aa1234"),
    ],
)
def test_dois_are_found_as_people_paste_them(line: str, doi: str) -> None:
    assert names(line) == [("doi", doi, None)]


def test_old_identifiers_are_found_and_dates_and_pages_are_not() -> None:
    assert names("cond-mat/0104321v1 and supr-con/9508001") == [
        ("arxiv", "cond-mat/0104321", 1),
        ("arxiv", "supr-con/9508001", None),
    ]
    assert names("Phys. Rev. B 99, 064502 (2019)", "2413.12345", "12345.67890") == []


def test_each_paper_is_named_once_and_what_is_not_understood_keeps_its_line() -> None:
    found = list(
        named_papers(["# my list", "", "2401.01234", "arXiv:2401.01234", "H3S by Drozdov"])
    )
    assert found == [
        NamedPaper(3, "arxiv", "2401.01234"),
        UnknownLine(5, "H3S by Drozdov"),
    ]


def test_tables_and_bibtex_have_lines_without_papers() -> None:
    table = list(named_papers(["doi,title", "10.1038/35065039,MgB2"]))
    assert table == [NamedPaper(2, "doi", "10.1038/35065039")]
    bibtex = list(
        named_papers(["@article{akimitsu,", " year = 2001,", " eprint = {cond-mat/0102001},", "}"])
    )
    assert bibtex == [NamedPaper(3, "arxiv", "cond-mat/0102001")]


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_text_is_read(lines: list[str]) -> None:
    for found in named_papers(lines):
        assert 1 <= found.line <= len(lines)
        if isinstance(found, NamedPaper):
            assert found.key
            assert not any(c.isspace() for c in found.key)


@given(
    st.integers(7, 26),
    st.integers(1, 12),
    st.integers(1, 99_999),
    st.none() | st.integers(1, 20),
    st.sampled_from(["{}", "arXiv:{}", "https://arxiv.org/abs/{}", "[{}]", "{}, and", "a {} b"]),
)
def test_every_identifier_is_read_in_every_form(
    year: int, month: int, number: int, version: int | None, form: str
) -> None:
    key = f"{year:02}{month:02}.{number:05}"
    pasted = form.format(key + (f"v{version}" if version else ""))
    assert names(pasted) == [("arxiv", key, version)]
