"""Tables: which lines of a page they take, and which captions open none."""

from __future__ import annotations

import pytest

from scmine.extractors.document import Table
from scmine.extractors.pdf.blocks import Body
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.reading_text import Words
from scmine.extractors.pdf.tables import take_tables
from tests.extractors.pdf.drawn import page_rules
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
    rest, tables = take_tables([lines], page_rules(make_pdf(content), [1]), BODY, Words())
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


def test_a_sentence_about_a_table_is_no_caption() -> None:
    lines = _page("Table I shows the values of the films.")
    assert _take(list(lines), "") == ([line.text for line in lines], [])
    # Rules and heads make a table without it.
    rest, (table,) = _take(lines, RULES)
    assert (len(rest), table.caption, len(table.rows)) == (4, "", 4)


def test_ruled_text_without_heads_and_numbers_is_no_table() -> None:
    lines = [set_line(PROSE, y=y) for y in (124, 138, 152, 166)]
    assert _take(lines, RULES) == ([PROSE] * 4, [])
    words = [set_line(w, x=x, y=y) for y in (124, 142, 156) for w, x in (("yes", 72), ("no", 200))]
    assert _take(words, RULES)[1] == []


def test_a_caption_under_the_table() -> None:
    lines = [*_page("here goes a line of text", gap=20.0), set_line("Table 2. Of films.", y=188)]
    rest, (table,) = _take(lines, RULES)
    assert table.caption == "Table 2. Of films."
    assert [tuple(c.text for c in row) for row in table.rows] == ROWS
    assert "here goes a line of text" in rest


def test_tables_beside_each_other_have_their_own_captions() -> None:
    lines, content = [], ""
    for number, x in ((1, 72.0), (2, 320.0)):
        lines.append(set_line(f"Table {number}. Films.", x=x, y=100))
        for k, row in enumerate(ROWS):
            lines += [
                set_line(t, x=x + dx, y=124 + 14 * k)
                for t, dx in zip(row, (0, 70, 130), strict=True)
            ]
        content += "".join(f"{x} {792 - y} m {x + 150} {792 - y} l S\n" for y in (112, 130, 172))
    _, tables = _take(sorted(lines, key=lambda line: (line.y, line.x0)), content)
    assert [t.caption for t in tables] == ["Table 1. Films.", "Table 2. Films."]
    assert all([tuple(c.text for c in row) for row in t.rows] == ROWS for t in tables)


def test_rules_typed_as_dashes() -> None:
    lines = _page("Table 1. Values of films.")
    lines += [set_line("-" * 60, y=112.0), set_line("=" * 60, y=131.0), set_line("-" * 60, y=175.0)]
    rest, (table,) = _take(sorted(lines, key=lambda line: line.y), "")
    assert [tuple(c.text for c in row) for row in table.rows] == ROWS
    assert rest == ["Table 1. Values of films.", *[PROSE] * 3]


def test_heads_at_the_foot_of_a_page_go_with_the_rows_on_the_next() -> None:
    foot = [*set_column([PROSE] * 4), set_line("TABLE I. Values of films.", y=700)]
    foot += [set_line(t, x=x, y=724) for t, x in zip(ROWS[0], (72, 200, 320), strict=True)]
    body = [
        set_line(t, x=x, y=64 + 14 * k, page=2)
        for k, row in enumerate(ROWS[1:])
        for t, x in zip(row, (72, 200, 320), strict=True)
    ]
    head = "".join(f"70 {792 - y} m 400 {792 - y} l S\n" for y in (710, 730))
    rows = "".join(f"70 {792 - y} m 400 {792 - y} l S\n" for y in (50, 100))
    rest, (table,) = take_tables(
        [foot, body], page_rules(make_pdf(head, rows), [1, 2]), BODY, Words()
    )
    assert [tuple(c.text for c in row) for row in table.rows] == ROWS
    assert [c.is_header for c in table.rows[0]] == [True] * 3
    boxes = [row[0].box for row in table.rows]
    assert [box.page for box in boxes if box] == [1, 2, 2, 2]
    assert [line.text for line in rest[0]] == [*[PROSE] * 4, "TABLE I. Values of films."]
    assert rest[1] == []


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_that_goes_on_is_one(repeated: bool) -> None:
    first = _page("TABLE I. Values of films.")[:13]
    again = ROWS if repeated else ROWS[1:]
    second = [
        set_line(t, x=x, y=64 + 14 * k, page=2)
        for k, row in enumerate(again)
        for t, x in zip(row, (72, 200, 320), strict=True)
    ]
    ends = (50, 70, 115) if repeated else (50, 100)
    more = "".join(f"70 {792 - y} m 400 {792 - y} l S\n" for y in ends)
    _, tables = take_tables(
        [first, second], page_rules(make_pdf(RULES, more), [1, 2]), BODY, Words()
    )
    if repeated:
        (table,) = tables
        assert [tuple(c.text for c in row) for row in table.rows] == ROWS + ROWS[1:]
        assert len(table.header) == 1
    else:  # too little to be a table of its own
        assert [tuple(c.text for c in row) for row in tables[0].rows[:4]] == ROWS


def test_rules_far_from_the_caption_are_of_something_else() -> None:
    far = "".join(f"70 {792 - y} m 400 {792 - y} l S\n" for y in (400, 420, 470))
    lines = [set_line("TABLE I. Values of films.", y=100), *set_column([PROSE] * 3, y=130)]
    rest, tables = _take(lines, far)
    assert (len(rest), tables) == (4, [])


def test_pages_without_captions_are_left_alone() -> None:
    lines = set_column([PROSE] * 3)
    assert take_tables([lines, []], {}, BODY, Words()) == ([lines, []], [])
