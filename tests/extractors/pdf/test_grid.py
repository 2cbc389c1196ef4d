"""Grids: pieces of text into rows and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Span, Typography
from scmine.extractors.pdf.grid import Piece, make_grid, pieces_of
from tests.extractors.pdf.typeset import set_line

SIZE = 10.0
X = (72.0, 172.0, 272.0)


def _piece(text: str, x: float, y: float) -> Piece:
    return Piece(text, [], x, x + 5.0 * len(text), y, SIZE)


def _row(y: float, *texts: str, xs: tuple[float, ...] = X) -> list[Piece]:
    """Pieces in columns; an empty text leaves its column empty."""
    return [_piece(t, x, y) for t, x in zip(texts, xs, strict=False) if t]


def _grid(
    *rows: list[Piece],
    rules: tuple[float, ...] = (),
    short: tuple[tuple[float, float, float], ...] = (),
) -> tuple[list[list[str]], int]:
    """The texts of the cells and how many rows are header."""
    grid = make_grid(rows, rules, SIZE, short)
    assert grid is not None
    texts = [[" ".join(p.text for p in cell) for cell in row] for row, _ in grid]
    heads = [is_header for _, is_header in grid]
    assert heads == sorted(heads, reverse=True)
    return texts, sum(heads)


BODY = (_row(130, "MgB2", "39", "0"), _row(142, "NbN", "16", "1"), _row(154, "Nb", "9.2", "0"))


def test_rows_and_columns() -> None:
    texts, heads = _grid(_row(110, "Material", "Tc (K)", "P (GPa)"), *BODY)
    assert texts == [
        ["Material", "Tc (K)", "P (GPa)"],
        ["MgB2", "39", "0"],
        ["NbN", "16", "1"],
        ["Nb", "9.2", "0"],
    ]
    assert heads == 1


def test_empty_cells_keep_their_place() -> None:
    texts, _ = _grid(
        _row(110, "Material", "Tc (K)", "P (GPa)"),
        _row(130, "MgB2", "", "0"),
        _row(142, "", "16", "1"),
        _row(154, "Nb", "9.2", ""),
    )
    assert texts[1:] == [["MgB2", "", "0"], ["", "16", "1"], ["Nb", "9.2", ""]]


def test_two_rows_of_head_by_the_rule_under_them() -> None:
    texts, heads = _grid(
        _row(110, "Material", "Tc", "P"),
        _row(122, "", "(K)", "(GPa)"),
        *BODY,
        rules=(100.0, 125.0, 160.0),
    )
    assert heads == 2
    assert texts[:2] == [["Material", "Tc", "P"], ["", "(K)", "(GPa)"]]


def test_two_rows_of_head_without_rules() -> None:
    assert _grid(_row(110, "Material", "Tc", "P"), _row(122, "", "(K)", "(GPa)"), *BODY)[1] == 2


def test_a_head_over_two_columns() -> None:
    head = [_piece("transition temperature", 172, 110)]  # over both columns
    grid = make_grid([head, _row(122, "Material", "onset", "zero"), *BODY], (), SIZE)
    assert grid is not None
    (cell,) = grid[0][0][1]
    assert (cell.text, cell.columns) == ("transition temperature", 2)
    assert grid[0][0][0] == grid[0][0][2] == []


def test_a_rule_under_a_head_says_which_columns_it_spans() -> None:
    head = [_piece("Tc", 180, 110)]  # over the second column only, but for its rule
    rows = [head, _row(126, "Material", "onset", "zero"), *BODY]
    for short, columns in (((), 1), (((170.0, 300.0, 114.0),), 2)):
        head[0].columns = 1
        grid = make_grid(rows, (), SIZE, short)
        assert grid is not None
        assert grid[0][0][1][0].columns == columns


def test_a_head_centred_over_the_blank_between_two_columns_spans_both() -> None:
    middle = (X[1] + X[2] + 5) / 2
    head = [_piece("both", middle - 10, 110)]
    grid = make_grid([head, _row(122, "Material", "onset", "zero"), *BODY], (), SIZE)
    assert grid is not None
    assert grid[0][0][1][0].columns == 2


def test_rows_ruled_one_by_one_hold_several_lines() -> None:
    texts, _ = _grid(
        _row(110, "Material", "Tc"),
        _row(130, "magnesium", "39"),
        _row(142, "diboride"),
        _row(160, "niobium", "9.2"),
        _row(180, "lead", "7.2"),
        rules=(100.0, 115.0, 146.0, 165.0, 185.0),
    )
    assert texts == [
        ["Material", "Tc"],
        ["magnesium diboride", "39"],
        ["niobium", "9.2"],
        ["lead", "7.2"],
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [_row(110, "one", "row")],
        [_row(110, "only"), _row(122, "one"), _row(134, "column")],
    ],
)
def test_what_is_no_table(rows: list[list[Piece]]) -> None:
    assert make_grid(rows, (), SIZE) is None


def test_lines_are_cut_at_wide_blanks() -> None:
    line = set_line("MgB_{2} film")
    assert [p.text for p in pieces_of(line)] == ["MgB2 film"]
    (piece,) = pieces_of(line)
    assert piece.spans == [Span(3, 4, Typography.SUBSCRIPT)]
    assert (piece.x0, piece.top, piece.bottom) == (72, 92.5, 102.5)
    wide = set_line("MgB_{2}   39 K")
    cut = pieces_of(wide)
    assert [p.text for p in cut] == ["MgB2", "39 K"]
    assert cut[0].x1 < cut[1].x0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["MgB2", "39", "-", "a head", "1.5(2)"]),
            st.integers(0, 500),
            st.integers(0, 300),
        ),
        max_size=25,
    ),
    st.lists(st.integers(0, 300), max_size=5),
)
def test_no_piece_is_lost_and_grids_are_square(
    places: list[tuple[str, int, int]], rules: list[int]
) -> None:
    pieces = [_piece(text, x, y) for text, x, y in places]
    # Rows ruled one by one leave out what stands outside the rules; no rules, no loss.
    for heights in ((), sorted(rules)):
        grid = make_grid([pieces], heights, SIZE)
        if grid is None:
            continue
        assert len({len(row) for row, _ in grid}) == 1
        kept = [id(p) for row, _ in grid for cell in row for p in cell]
        assert len(kept) == len(set(kept))
        if not heights:
            assert len(kept) == len(pieces)
