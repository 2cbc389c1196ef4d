"""Grids: spans laid out into square tables."""

from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Table
from scmine.extractors.formats.grids import MAX_COLUMNS, RawCell, RawRow, make_table


def table_of(*rows: str, heads: int = 0) -> Table | None:
    """A table from rows such as ``a | b:2 | c::2`` (columns after one colon, rows after two)."""
    made = []
    for n, row in enumerate(rows):
        cells = []
        for part in row.split("|"):
            text, columns, down = [*part.strip().split(":"), "", ""][:3]
            cells.append(RawCell(text, (), int(columns or 1), int(down or 1)))
        made.append(RawRow(tuple(cells), n < heads))
    return make_table(made)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_spans() -> None:
    table = table_of("m::2 | t:2 | p::2", "on | off", "A::2 | 1 | 2 | 3", "4 | 5 | 6", heads=2)
    assert table is not None
    assert texts(table) == [
        ["m", "t", "", "p"],
        ["m", "on", "off", "p"],
        ["A", "1", "2", "3"],
        ["A", "4", "5", "6"],
    ]
    assert table.rows[0][1].columns == 2
    assert len(table.header) == 2


def test_short_rows_are_filled_up() -> None:
    table = table_of("a | b | c", "1")
    assert table is not None
    assert texts(table) == [["a", "b", "c"], ["1", "", ""]]


def test_unmarked_head_ends_above_the_first_values() -> None:
    table = table_of("Material | Tc | P", " | (K) | (GPa)", "H3S | 203 | 155", "LaH10 | ~250 | –")
    assert table is not None
    assert [row[0].text for row in table.body] == ["H3S", "LaH10"]


def test_a_table_of_words_has_one_row_of_heads() -> None:
    table = table_of("Material | Type", "MgB2 | two-gap", "Nb | BCS")
    assert table is not None
    assert len(table.header) == 1


def test_no_text_no_table() -> None:
    assert table_of(" | ", " | ") is None
    assert make_table([]) is None


def test_monstrous_spans_give_no_table() -> None:
    wide = [RawRow((RawCell("a", (), MAX_COLUMNS), RawCell("b", (), MAX_COLUMNS)))]
    assert make_table(wide) is None
    long = [RawRow((RawCell("a", (), MAX_COLUMNS),)), *[RawRow(())] * 600]
    assert make_table(long) is None


CELLS = st.builds(
    RawCell, st.text("ab1", max_size=2), st.just(()), st.integers(1, 6), st.integers(1, 6)
)


@given(st.lists(st.builds(RawRow, st.lists(CELLS, max_size=5).map(tuple)), max_size=6))
def test_grids_are_square_and_lose_no_text(rows: list[RawRow]) -> None:
    table = make_table(rows)
    written = {cell.text for row in rows for cell in row.cells if cell.text}
    if table is None:
        assert not written
        return
    assert len({len(row) for row in table.rows}) == 1
    assert written <= {cell.text for row in table.rows for cell in row}
    for row in table.rows:
        for i, cell in enumerate(row):
            assert all(not other.text for other in row[i + 1 : i + cell.columns])
