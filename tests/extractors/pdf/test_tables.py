"""Tables: which lines of a page they take, and which captions open none."""

from __future__ import annotations

from scmine.extractors.document import Table
from scmine.extractors.pdf.blocks import Body
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.reading_text import Words
from scmine.extractors.pdf.tables import take_tables
from tests.extractors.pdf.typeset import set_column, set_line
from tests.raw_pdf import make_pdf

BODY = Body(10.0, frozenset({"Times-Roman"}), 12.0)
PROSE = "and this is a line of prose that goes on under all of them"
ROWS = [("Film", "Tc", "P"), ("MgB2", "39", "1"), ("Nb3Sn", "18", "2"), ("V3Si", "17.1", "3")]
RULES = "".join(f"70 {792 - y} m 400 {792 - y} l S\n" for y in (112, 130, 172))


def _page(caption: str, gap: float = 20.0) -> list[Line]:
    lines = [set_line(caption, y=100)]
    for k, row in enumerate(ROWS):
        lines += [
            set_line(text, x=x, y=104 + gap + 14 * k)
            for text, x in zip(row, (72, 200, 320), strict=True)
        ]
    return [*lines, *set_column([PROSE] * 3, y=240 + gap)]


def _take(lines: list[Line], content: str) -> tuple[list[str], list[Table]]:
    rest, tables = take_tables(make_pdf(content), [lines], BODY, Words())
    return [line.text for line in rest[0]], tables


def test_a_ruled_table_takes_its_lines_and_leaves_the_text() -> None:
    rest, (table,) = _take(_page("TABLE I. Values of films."), RULES)
    assert [tuple(c.text for c in row) for row in table.rows] == ROWS
    assert table.caption == "TABLE I. Values of films."
    assert rest == ["TABLE I. Values of films.", *[PROSE] * 3]


def test_a_table_without_rules_is_found_by_its_gaps() -> None:
    rest, (table,) = _take(_page("TABLE I. Values of films."), "")
    assert [tuple(c.text for c in row) for row in table.rows] == ROWS
    assert rest[-1] == PROSE


def test_cells_know_their_place() -> None:
    _, (table,) = _take(_page("TABLE I. Values of films."), RULES)
    box = table.rows[1][0].box
    assert box is not None
    assert (box.page, box.x0, box.x1) == (1, 72, 92)
    assert table.box is not None
    assert table.box.y0 < box.y0 < box.y1 < table.box.y1


def test_a_sentence_about_a_table_opens_none() -> None:
    lines = _page("Table I shows the values of the films.")
    rest, tables = _take(lines, RULES)
    assert (len(rest), tables) == (len(lines), [])


def test_rules_far_from_the_caption_are_of_something_else() -> None:
    far = "".join(f"70 {792 - y} m 400 {792 - y} l S\n" for y in (400, 420, 470))
    lines = [set_line("TABLE I. Values of films.", y=100), *set_column([PROSE] * 3, y=130)]
    rest, tables = _take(lines, far)
    assert (len(rest), tables) == (4, [])


def test_pages_without_captions_are_left_alone() -> None:
    lines = set_column([PROSE] * 3)
    assert take_tables(b"", [lines, []], BODY, Words()) == ([lines, []], [])
