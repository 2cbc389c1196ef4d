"""Tables of sites with a column for each structure, and two tables side by side."""

from __future__ import annotations

from scmine.extractors.document import Cell, Table
from scmine.extractors.site_columns import site_columns
from scmine.extractors.turned_sites import side_by_side, turned


def table(*rows: str) -> Table:
    return Table(
        tuple(
            tuple(Cell(t.strip(), is_header=n == 0) for t in row.split("|"))
            for n, row in enumerate(rows)
        )
    )


def test_columns_become_rows() -> None:
    found = turned(
        table(
            "| YH6 | MgH6",
            "Space group | Im-3m | Im-3m",
            "Y (2a) | (0, 0, 0) | -",
            "Mg (2a) | - | (0, 0, 0)",
            "H (12d) | (0.25, 0, 0.5) | (0.25, 0, 0.5)",
        )
    )
    assert found is not None
    assert [c.text for c in found.rows[1]] == [
        "YH6",
        "Im-3m",
        "Y (2a) (0, 0, 0); H (12d) (0.25, 0, 0.5)",
    ]
    columns = site_columns(found)
    assert columns is not None
    assert columns.packed == 2


def test_other_tables_are_not_turned() -> None:
    assert turned(table("Material | Tc (K)", "Nb | 9.2", "V | 5.4")) is None


def test_halves() -> None:
    wide = table("A |||| B |||", "Atom|x|y|z|Atom|x|y|z", "Y|0|0|0|H|0.25|0|0.5")
    left, right = side_by_side(wide)
    assert [c.text for c in left.rows[2]] == ["Y", "0", "0", "0"]
    assert [c.text for c in right.rows[1]] == ["B", "", "", ""]
    assert side_by_side(left) == [left]
