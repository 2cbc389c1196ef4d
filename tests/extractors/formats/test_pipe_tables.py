"""Pipe tables of Markdown: rows and heads."""

from __future__ import annotations

from scmine.extractors.formats.pipe_tables import read_pipe_table
from scmine.extractors.formats.raised import Lowering


def test_rows_that_a_converter_parted_are_joined() -> None:
    lines = [
        "| Compound | λ | Tc (K) |",
        "|---|---|---|",
        "| XeB2 | 0.61 | 9.1 |",
        "|  | 0.74 | |",
        "| LaB3 | (Eq. 7) | 4.2 |",
        "|  | 0.9 | |",
        "| YB4 | 1.1 | 4.0 |",
    ]
    table = read_pipe_table(lines, Lowering(False))
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert rows[1] == ["LaB3", "0.74 (Eq. 7)", "4.2"]
    assert rows[2:] == [["", "0.9", ""], ["YB4", "1.1", "4.0"]]
    assert read_pipe_table(["||", "|a|"], Lowering(False)).rows
