"""Words of a source on the pages of its PDF: found, told apart, and left out where not printed."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors.document import (
    Box,
    Cell,
    Document,
    Passage,
    PassageKind,
    PlacedWord,
    Status,
    Table,
)
from scmine.extractors.place_words import OtherPaperError, place_words
from scmine.extractors.text_alignment import Aligner, fold

FIRST = "The compound LaFeAsO becomes superconducting below 26 K when it is doped with fluorine."
SECOND = "Its lattice parameters shrink under pressure, and the transition moves up to 43 K."


def _printed(*texts: str, tables: tuple[Table, ...] = ()) -> Document:
    """A PDF with one passage a page and one word a line; a box's y is the word's number."""
    passages = []
    for page, text in enumerate(texts, 1):
        words, place = [], 0
        for number, word in enumerate(text.split()):
            start = text.index(word, place)
            place = start + len(word)
            words.append(
                PlacedWord(start, place, Box(page, 0, 20.0 * number, 9, 20.0 * number + 9))
            )
        passages.append(Passage(PassageKind.PARAGRAPH, text, words=tuple(words)))
    return Document(
        "p", "p.pdf", "pdf", passages=tuple(passages), tables=tables, page_count=len(texts)
    )


def _source(*texts: str, tables: tuple[Table, ...] = ()) -> Document:
    passages = tuple(Passage(PassageKind.PARAGRAPH, text) for text in texts)
    return Document("s", "s.tex", "latex", passages=passages, tables=tables)


def _places(document: Document, passage: int) -> list[tuple[str, int, int]]:
    found = document.passages[passage]
    return [(found.text[w.start : w.end], w.box.page, int(w.box.y0) // 20) for w in found.words]


def test_each_word_gets_its_box() -> None:
    placed = place_words(_source(FIRST, SECOND), _printed(FIRST, SECOND))
    for k, text in enumerate((FIRST, SECOND)):
        assert _places(placed, k) == [(w, k + 1, i) for i, w in enumerate(text.split())]
    assert (placed.reader, placed.page_count, placed.doc_id) == ("latex+pdf", 2, "s")


def test_blanks_dashes_case_and_citations_do_not_matter() -> None:
    pdf = "THE com-pound LaFeAsO [1, 2] becomes super-conducting below 26K when it is doped with"
    placed = place_words(_source(FIRST), _printed(pdf))
    words = {word: line for word, _, line in _places(placed, 0)}
    assert words["superconducting"] == 6
    assert words["26"] == words["K"] == 8
    assert "fluorine." not in words


def test_a_word_over_a_line_end_has_two_boxes() -> None:
    pdf = FIRST.replace("superconducting", "super- conducting")
    found = _places(place_words(_source(FIRST), _printed(pdf)), 0)
    assert [(word, line) for word, _, line in found if line in (4, 5)] == [
        ("super", 4),
        ("conducting", 5),
    ]


def test_a_paragraph_that_a_page_parts_is_found_in_both_parts() -> None:
    pdf = _printed(FIRST, "A caption of something else stands between them here.", SECOND)
    placed = place_words(_source(f"{FIRST} {SECOND}"), pdf)
    assert {page for _, page, _ in _places(placed, 0)} == {1, 3}
    assert len(placed.passages[0].words) == len(f"{FIRST} {SECOND}".split())


def test_what_is_said_twice_is_found_in_its_order() -> None:
    between = " ".join(f"Word {i} stands for {i * i}." for i in range(30))
    texts = (FIRST, between, FIRST)
    placed = place_words(_source(*texts), _printed(*texts))
    assert [placed.passages[k].page for k in range(3)] == [1, 2, 3]


def test_short_passages_stand_between_their_neighbours() -> None:
    placed = place_words(
        _source(FIRST, "Results", SECOND), _printed("Results of others", FIRST, "RESULTS", SECOND)
    )
    assert [passage.page for passage in placed.passages] == [2, 3, 4]


def test_what_is_not_printed_has_no_place() -> None:
    placed = place_words(_source(FIRST, "Only in the source, xyzzy."), _printed(FIRST))
    assert placed.passages[1].words == ()


def test_another_paper_gives_no_places() -> None:
    with pytest.raises(OtherPaperError):
        place_words(_source(FIRST), _printed("Nothing in common with what the other one has said."))


def _table(rows: list[list[str]], boxed: bool) -> Table:
    return Table(
        tuple(
            tuple(
                Cell(
                    text,
                    box=Box(1, 10.0 * c, 10.0 * r, 10.0 * c + 9, 10.0 * r + 9) if boxed else None,
                )
                for c, text in enumerate(row)
            )
            for r, row in enumerate(rows)
        )
    )


def test_cells_get_the_boxes_of_the_table_that_holds_them() -> None:
    rows = [["P (GPa)", "Tc (K)"], ["120", "161"], ["160", "169"], ["220", "160"]]
    other = [["Atom", "x", "y"], ["Th", "0.0", "0.5"], ["H", "0.171", "0.093"]]
    pdf = _printed(FIRST, tables=(_table(other, True), _table(rows, True)))
    placed = place_words(_source(FIRST, tables=(_table(rows, False),)), pdf)
    (table,) = placed.tables
    found = [[c.box and (c.box.x0, c.box.y0) for c in row] for row in table.rows]
    assert found == [[(10.0 * c, 10.0 * r) for c in range(2)] for r in range(4)]
    assert table.box == Box(1, 0, 0, 19, 39)


def test_cells_of_a_table_that_the_pdf_reader_missed_are_found_in_its_text() -> None:
    rows = [["Pressure", "Temperature"], ["120 GPa", "161 K"], ["160 GPa", "169 K"]]
    pdf = _printed(FIRST, "Pressure Temperature 120 GPa 161 K 160 GPa 169 K")
    (table,) = place_words(_source(FIRST, tables=(_table(rows, False),)), pdf).tables
    assert all(cell.box is not None and cell.box.page == 2 for row in table.rows for cell in row)


def test_time_grows_with_length_only() -> None:
    random.seed(3)
    words = [
        "superconducting",
        "transition",
        "the",
        "of",
        "pressure",
        "sample",
        "LaH10",
        "250",
        "K",
    ]
    text = " ".join(random.choice(words) for _ in range(30_000))
    started = time.perf_counter()
    place_words(_source(text), _printed(text))
    place_words(_source("a" * 100_000, text), _printed("a" * 100_000, text))
    assert time.perf_counter() - started < 30


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["alpha", "beta", "gamma", "delta", "MgB2", "39", "K", "of", "the", "is"]),
        max_size=60,
    ),
    st.lists(
        st.sampled_from(["alpha", "beta", "gamma", "delta", "MgB2", "39", "K", "of", "the", "is"]),
        max_size=60,
    ),
)
def test_places_are_of_equal_characters_and_given_once(one: list[str], other: list[str]) -> None:
    text, printed = fold(" ".join(one)).text, fold(" ".join(other)).text
    places = Aligner(printed).align(text)
    known = [(i, place) for i, place in enumerate(places) if place >= 0]
    assert all(text[i] == printed[place] for i, place in known)
    assert len({place for _, place in known}) == len(known)


def test_an_empty_pdf_gives_nothing() -> None:
    empty = Document("p", "p.pdf", "pdf", status=Status.DONE, page_count=1)
    with pytest.raises(OtherPaperError):
        place_words(_source(FIRST), empty)
