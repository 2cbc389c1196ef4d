"""Scores of tables are what one counts by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scmine.corpora.evaluate import Score
from scmine.corpora.table_alignment import normal_text
from scmine.corpora.table_scores import BODY, HEAD, PaperTables, continued_pages, score_tables
from scmine.extractors.document import Box, Cell, Span, Table, Typography
from tests.corpora.gold_table_papers import ROWS, document, gold_paper, read_table

ALL_HEAD = Score(3, 3, 3, 3)  # a row of units belongs to the row of names over it
ALL_BODY = Score(8, 8, 8, 8)


def _without(*rows: int) -> list[list[str]]:
    return [row for n, row in enumerate(ROWS) if n not in rows]


def _assert_perfect(scores: PaperTables) -> None:
    assert scores.tables == Score(1, 1, 1, 1)
    assert scores.cells == {HEAD: ALL_HEAD, BODY: ALL_BODY}
    assert scores.head_rows == Score(1, 1, 1, 1)
    assert scores.misses == ()


def test_a_perfect_table() -> None:
    _assert_perfect(score_tables(gold_paper(), document(read_table())))


def test_a_unit_may_stand_in_the_cell_of_its_name() -> None:
    rows = [["Sample", "Tc (K)", "P (GPa)"], *ROWS[2:]]
    _assert_perfect(score_tables(gold_paper(), document(read_table(rows, header_rows=1))))
    _assert_perfect(score_tables(gold_paper(rows, header_rows=1), document(read_table())))


def test_a_shifted_column_is_the_same_column() -> None:
    rows = [["", *row] for row in ROWS]
    _assert_perfect(score_tables(gold_paper(), document(read_table(rows))))


def test_a_cell_in_the_wrong_column_is_wrong() -> None:
    rows = [*ROWS[:2], ["MgB2", "39", "0"], ["Nb3Sn", "", "18.3"], ["H3S", "203", "155"]]
    scores = score_tables(gold_paper(), document(read_table(rows)))
    assert scores.cells[BODY] == Score(7, 8, 8, 7)
    assert [miss.line() for miss in scores.misses] == ["a.pdf p. 2, row 3 column 2: 18.3 | –"]


def test_merged_rows_lose_their_cells() -> None:
    rows = [*ROWS[:2], ["MgB2 Nb3Sn", "39 18.3", "0"], ROWS[4]]
    scores = score_tables(gold_paper(), document(read_table(rows)))
    assert scores.cells[BODY] == Score(4, 6, 8, 4)


def test_merged_columns_lose_their_cells() -> None:
    rows = [[row[0], f"{row[1]} {row[2]}".strip()] for row in ROWS]
    scores = score_tables(gold_paper(), document(read_table(rows)))
    assert scores.cells[HEAD] == Score(1, 2, 3, 1)
    assert scores.cells[BODY] == Score(3, 6, 8, 3)


def test_a_split_row_counts_what_stands_in_neither() -> None:
    rows = [*ROWS[:2], ["MgB2", "", ""], ["", "39", "0"], *ROWS[3:]]
    scores = score_tables(gold_paper(), document(read_table(rows)))
    assert scores.cells[BODY] == Score(7, 8, 8, 7)


def test_a_head_taken_for_body_is_told() -> None:
    scores = score_tables(gold_paper(), document(read_table(header_rows=0)))
    assert scores.head_rows == Score(0, 0, 1, 0)
    assert scores.cells[HEAD] == Score(1, 3, 3, 1)  # its units stand in a row that is no head


@pytest.mark.parametrize("found", [None, document(), document(read_table(page=1))])
def test_a_missing_table_loses_all_cells(found: object) -> None:
    scores = score_tables(gold_paper(pages_complete=[2]), found)  # type: ignore[arg-type]
    assert scores.tables == Score(0, 0, 1, 0)
    assert scores.cells == {HEAD: Score(0, 0, 3, 0), BODY: Score(0, 0, 8, 0)}
    assert [miss.what for miss in scores.misses] == ["table not found"]


def test_an_extra_table_is_wrong_where_all_tables_are_known() -> None:
    extra = read_table([["1", "2"], ["3", ""]], header_rows=1)
    found = document(read_table(), extra)
    scores = score_tables(gold_paper(), found)
    assert scores.tables == Score(1, 2, 1, 1)
    assert scores.cells[BODY] == Score(8, 11, 8, 8)
    _assert_perfect(score_tables(gold_paper(pages_complete=[1]), found))


def test_two_tables_of_a_page_find_their_own() -> None:
    other = [["x", "a"], ["0.1", "3.78"], ["0.2", "3.79"]]
    tables = [
        {"page": 2, "header_rows": 1, "rows": other},
        {"page": 2, "header_rows": 2, "rows": ROWS},
    ]
    found = document(read_table(), read_table(other, header_rows=1))
    scores = score_tables(gold_paper(tables=tables), found)
    assert scores.tables == Score(2, 2, 2, 2)
    assert scores.misses == ()


def test_pages_onto_which_a_table_runs_on() -> None:
    table = read_table()
    last = tuple(replace(cell, box=Box(3, 0, 0, 9, 9)) for cell in table.rows[-1])
    found = document(replace(table, rows=(*table.rows[:-1], last)))
    assert continued_pages(gold_paper(), found) == {3: 2}
    assert continued_pages(gold_paper(), None) == {}


def test_prose_is_not_scored() -> None:
    gold = [*ROWS[:4], ["H3S", "203", "§"]]
    read = [*ROWS[:4], ["H3S", "203", "as read by us"]]
    scores = score_tables(gold_paper(gold), document(read_table(read)))
    assert scores.cells[BODY] == Score(7, 7, 7, 7)


def test_the_mark_of_a_footnote_may_be_kept_as_a_superscript() -> None:
    marked = Cell("39a", typography=(Span(2, 3, Typography.SUPERSCRIPT),))
    plain = read_table()
    rows = (*plain.rows[:2], (plain.rows[2][0], marked, plain.rows[2][2]), *plain.rows[3:])
    _assert_perfect(score_tables(gold_paper(), document(Table(rows, box=Box(2, 0, 0, 9, 9)))))


def test_a_missing_row_in_the_middle_costs_its_cells_only() -> None:
    scores = score_tables(gold_paper(), document(read_table(_without(3))))
    assert scores.cells[BODY] == Score(6, 6, 8, 6)


@given(st.lists(st.lists(st.text("ab12-", max_size=2), min_size=3, max_size=3), max_size=6))
def test_a_table_is_right_against_itself(body: list[list[str]]) -> None:
    rows = [*ROWS[:2], *body]
    scores = score_tables(gold_paper(rows), document(read_table(rows)))
    assert scores.cells[BODY].right == scores.cells[BODY].gold == scores.cells[BODY].predicted


@example("R¸")
@given(st.text(max_size=20))
def test_normal_text_is_stable(text: str) -> None:
    assert normal_text(normal_text(text)) == normal_text(text)
