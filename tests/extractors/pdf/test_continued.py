"""Continued tables: which table a part on a later page goes on with."""

from __future__ import annotations

from scmine.extractors.document import Box, Cell, Table
from scmine.extractors.pdf.continued import join_continued


def _table(caption: str, page: int, *rows: str, width: float = 200.0) -> Table:
    made = [
        tuple(
            Cell(text, i == 0, 1, (), Box(page, 10.0, 10.0 * i, 20.0, 10.0 * i + 8))
            for text in row.split("|")
        )
        for i, row in enumerate(rows)
    ]
    return Table(tuple(made), caption, "", Box(page, 0.0, 0.0, width, 100.0))


FIRST = _table("TABLE I. Data.", 1, "Compound|Tc", "MgB2|39")
SECOND = _table("TABLE II. More data.", 1, "Compound|a", "MgB2|3.08")


def _texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_a_part_goes_on_with_the_table_of_its_label_not_with_the_last() -> None:
    part = _table("TABLE I. (Continued)", 2, "Compound|Tc", "NbN|16")
    first, second = join_continued([FIRST, SECOND], [part], [])
    assert _texts(first) == [["Compound", "Tc"], ["MgB2", "39"], ["NbN", "16"]]
    assert second == SECOND


def test_a_part_of_a_table_that_was_not_found_stands_alone() -> None:
    part = _table("TABLE III (continued).", 2, "Compound|P", "NbN|16")
    assert join_continued([FIRST, SECOND], [part], []) == [FIRST, SECOND, part]


def test_a_part_without_a_caption_goes_on_with_the_last_table() -> None:
    part = _table("", 2, "Compound|a", "NbN|4.39")
    first, second = join_continued([FIRST, SECOND], [part], [])
    assert first == FIRST
    assert _texts(second)[1:] == [["MgB2", "3.08"], ["NbN", "4.39"]]


def test_tables_of_other_widths_or_labels_are_others() -> None:
    wide = _table("", 2, "Compound|a", "NbN|4.39", width=400.0)
    third = _table("TABLE III. Rest.", 2, "Compound|a", "NbN|4.39")
    assert join_continued([FIRST], [wide], []) == [FIRST, wide]
    assert join_continued([FIRST], [third], []) == [FIRST, third]
