"""The document: places of words, header and body of tables, errors."""

from __future__ import annotations

import pytest

from scmine.extractors.document import (
    Box,
    Cell,
    Document,
    Passage,
    PassageKind,
    PlacedWord,
    ReadError,
    Status,
    Table,
    join_text,
)

TEXT = "one two three four"


def _word(start: int, end: int, x: float, y: float, page: int = 1) -> PlacedWord:
    return PlacedWord(start, end, Box(page, x, y, x + 10, y + 10))


PASSAGE = Passage(
    PassageKind.PARAGRAPH,
    TEXT,
    sentences=((0, 7), (8, 18)),
    words=(
        _word(0, 3, 0, 0),
        _word(4, 7, 15, 0),
        _word(8, 13, 0, 12),
        _word(14, 18, 0, 0, page=2),
    ),
)


def test_union_is_around_both() -> None:
    a, b = Box(1, 0, 5, 10, 6), Box(1, 2, 1, 12, 3)
    assert a.union(b) == b.union(a) == Box(1, 0, 1, 12, 6)
    assert a.union(a) == a


def test_boxes_on_two_pages_have_no_union() -> None:
    with pytest.raises(ValueError, match="pages 1 and 2"):
        Box(1, 0, 0, 1, 1).union(Box(2, 0, 0, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "boxes"),
    [
        (0, 3, [Box(1, 0, 0, 10, 10)]),
        (1, 2, [Box(1, 0, 0, 10, 10)]),
        (0, 7, [Box(1, 0, 0, 25, 10)]),  # two words of one line are one box
        (2, 5, [Box(1, 0, 0, 25, 10)]),
        (4, 13, [Box(1, 15, 0, 25, 10), Box(1, 0, 12, 10, 22)]),
        (8, 18, [Box(1, 0, 12, 10, 22), Box(2, 0, 0, 10, 10)]),
        (3, 4, []),  # a blank
        (18, 30, []),
    ],
)
def test_boxes_of_a_stretch_are_one_a_line(start: int, end: int, boxes: list[Box]) -> None:
    assert list(PASSAGE.boxes(start, end)) == boxes


def test_a_word_further_left_opens_a_new_box() -> None:
    # The right column's last line and the left column's first may overlap in height.
    words = (_word(0, 3, 300, 0), _word(4, 7, 20, 0))
    assert len(Passage(PassageKind.PARAGRAPH, "one two", words=words).boxes(0, 7)) == 2


def test_page_is_that_of_the_first_word() -> None:
    assert PASSAGE.page == 1
    assert Passage(PassageKind.PARAGRAPH, "no places").page is None


@pytest.mark.parametrize(
    ("offset", "sentence"), [(0, (0, 7)), (6, (0, 7)), (8, (8, 18)), (7, (0, 18)), (99, (0, 18))]
)
def test_sentence_at(offset: int, sentence: tuple[int, int]) -> None:
    assert PASSAGE.sentence_at(offset) == sentence


def test_tables_have_header_and_body() -> None:
    head = (Cell("Tc", is_header=True), Cell("", is_header=True))
    body = (Cell("39"), Cell("K"))
    table = Table((head, body))
    assert (table.header, table.body) == ((head,), (body,))


def test_read_error_says_why() -> None:
    error = ReadError(Status.ENCRYPTED, "the file needs a password")
    assert (error.status, str(error)) == (Status.ENCRYPTED, "the file needs a password")


def test_join_text_puts_one_passage_a_line() -> None:
    assert join_text([PASSAGE, PASSAGE]) == f"{TEXT}\n{TEXT}"
    assert join_text([]) == ""


def test_a_document_is_done_unless_said() -> None:
    assert Document("0", "p.pdf", "pdf").status is Status.DONE
