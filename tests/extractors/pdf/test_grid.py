"""Grids: pieces of text into rows and columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Span, Typography
from scmine.extractors.pdf.grid import Frame, make_grid
from scmine.extractors.pdf.pieces import Piece, is_number, parts_of, pieces_of
from scmine.extractors.pdf.rules import Rule, Upright
from tests.extractors.pdf.typeset import set_line

SIZE = 10.0
X = (72.0, 172.0, 272.0)


def _piece(text: str, x: float, y: float) -> Piece:
    edges: list[tuple[float, float] | None] = []
    for char in text:
        edges.append((x, x + 5.0) if char != " " else None)
        x += 5.0 if char != " " else 3.0
    return Piece(text, [], edges, y, SIZE)


def _row(y: float, *texts: str, xs: tuple[float, ...] = X) -> list[Piece]:
    """Pieces in columns; an empty text leaves its column empty."""
    return [_piece(t, x, y) for t, x in zip(texts, xs, strict=False) if t]


def _frame(
    rules: Sequence[float] = (),
    short: Sequence[tuple[float, float, float]] = (),
    upright: Sequence[float] = (),
) -> Frame:
    """A frame from 68 to 300 with rules across at heights, short ones, and lines all down."""
    across = [Rule(68.0, 300.0, y) for y in rules] + [Rule(*r) for r in short]
    top, bottom = (min(rules), max(rules)) if rules else (95.0, 200.0)
    lines = tuple(Upright(x, top, bottom) for x in upright)
    return Frame(68.0, 300.0, top - 1, bottom + 1, tuple(across), lines)


def _grid(
    *rows: list[Piece],
    rules: tuple[float, ...] = (),
    short: tuple[tuple[float, float, float], ...] = (),
    upright: tuple[float, ...] = (),
) -> tuple[list[list[str]], int]:
    """The texts of the cells and how many rows are header."""
    grid = make_grid([p for row in rows for p in row], _frame(rules, short, upright), SIZE)
    assert grid is not None
    texts = [[" ".join(p.text for p in cell) for cell in row] for row in grid.rows]
    return texts, grid.header


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
    rows = [head, _row(122, "Material", "onset", "zero"), *BODY]
    grid = make_grid([p for row in rows for p in row], _frame(), SIZE)
    assert grid is not None
    (cell,) = grid.rows[0][1]
    assert (cell.text, cell.columns) == ("transition temperature", 2)
    assert grid.rows[0][0] == grid.rows[0][2] == []


def test_a_rule_under_a_head_says_which_columns_it_spans() -> None:
    head = [_piece("Tc", 180, 110)]  # over the second column only, but for its rule
    rows = [head, _row(126, "Material", "onset", "zero"), *BODY]
    for short, columns in (((), 1), (((170.0, 300.0, 114.0),), 2)):
        head[0].columns = 1
        grid = make_grid([p for row in rows for p in row], _frame((), short), SIZE)
        assert grid is not None
        assert grid.rows[0][1][0].columns == columns


def test_a_head_centred_over_the_blank_between_two_columns_spans_both() -> None:
    middle = (X[1] + X[2] + 5) / 2
    head = [_piece("both", middle - 10, 110)]
    rows = [head, _row(122, "Material", "onset", "zero"), *BODY]
    grid = make_grid([p for row in rows for p in row], _frame(), SIZE)
    assert grid is not None
    assert grid.rows[0][1][0].columns == 2


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
    assert make_grid([p for row in rows for p in row], _frame(), SIZE) is None


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
    grid = make_grid(pieces, _frame(sorted(rules)), SIZE)
    if grid is None:
        return
    assert len({len(row) for row in grid.rows}) == 1
    # A piece may be cut between columns, but nothing of it is lost or doubled.
    kept = sorted(w for row in grid.rows for c in row for p in c for w in p.text.split())
    assert kept == sorted(word for text, _, _ in places for word in text.split())


def test_upright_lines_part_columns_that_touch() -> None:
    rows = [_row(y, "MgB2", "39", "0", xs=(72.0, 96.0, 110.0)) for y in (130, 142, 154)]
    head = _row(110, "M", "T", "P", xs=(72.0, 96.0, 110.0))
    texts, heads = _grid(head, *rows, upright=(68.0, 94.0, 108.0, 120.0))
    assert (texts[1], heads) == (["MgB2", "39", "0"], 1)


def test_a_lattice_gives_merged_cells() -> None:
    rules, lines = (100.0, 115.0, 130.0, 145.0), (68.0, 160.0, 260.0, 300.0)
    pieces = [
        _row(112, "Material", "Tc", "P"),
        _row(127, "MgB2", "39", "0"),
        _row(142, "", "35 and more", ""),
    ]
    upright = [Upright(x, 100.0, 145.0) for x in (68.0, 160.0, 300.0)]
    upright.append(Upright(260.0, 100.0, 130.0))
    frame = Frame(
        67.0, 301.0, 99.0, 146.0, tuple(Rule(68.0, 300.0, y) for y in rules), tuple(upright)
    )
    grid = make_grid([p for row in pieces for p in row], frame, SIZE)
    assert grid is not None
    assert len(lines) == len(grid.rows[0]) + 1
    (cell,) = grid.rows[2][1]
    assert (cell.text, cell.columns, grid.header) == ("35 and more", 2, 1)


def test_numbers_that_stand_close_are_two_columns() -> None:
    xs = (72.0, 106.0)
    rows = [_row(y, a, b, xs=xs) for y, a, b in ((130, "1.2345", "0.10"), (142, "1.2351", "0.12"))]
    texts, _ = _grid(_row(110, "a", "z", xs=xs), *rows)
    assert texts[1:] == [["1.2345", "0.10"], ["1.2351", "0.12"]]


def test_words_under_each_other_are_one_column() -> None:
    rows = [_row(y, f"sample {k}", "39") for k, y in enumerate((130, 142, 154))]
    assert _grid(_row(110, "Material", "Tc"), *rows)[0][1] == ["sample 0", "39"]


def test_one_row_may_run_through_columns() -> None:
    rows = [_row(130 + 12 * k, "NbN", "16", "1") for k in range(8)]
    note = [_piece("measured in another laboratory than these", 72, 130 + 12 * 8)]
    texts, _ = _grid(_row(110, "Material", "Tc", "P"), *rows, note)
    assert texts[1] == ["NbN", "16", "1"]
    assert texts[-1] == ["measured in another laboratory than these", "", ""]


def test_a_name_between_rows_belongs_to_the_first_of_them() -> None:
    rows = [
        _row(130, "", "39", "0"),
        [_piece("MgB2", 72, 136)],
        _row(142, "", "37", "1"),
        _row(154, "", "16", "0"),
        [_piece("NbN", 72, 160)],
        _row(166, "", "15", "1"),
    ]
    texts, _ = _grid(_row(110, "Material", "Tc", "P"), *rows)
    assert [row[0] for row in texts] == ["Material", "MgB2", "", "NbN", ""]
    assert all(row[1] for row in texts)


def test_words_that_go_on_in_the_next_line_are_one_cell() -> None:
    texts, _ = _grid(
        _row(110, "Tc", "Remarks"),
        _row(130, "39", "grown in a sealed tube and"),
        _row(142, "", "quenched"),
        _row(154, "16", "as grown"),
    )
    assert texts[1:] == [["39", "grown in a sealed tube and quenched"], ["16", "as grown"]]


def test_panels_are_not_joined_to_the_last_row_over_them() -> None:
    rules = (100.0, 115.0, 133.0, 145.0, 175.0, 187.0)
    texts, _ = _grid(
        _row(112, "Material", "Tc", "P"),
        _row(130, "MgB2", "39", "0"),
        _row(142, "NbN", "16", "1"),
        _row(160, "Nb", "9.2", "0"),
        _row(172, "Film", "d", "P"),
        _row(184, "Pb", "7.2", "0"),
        rules=rules,
    )
    assert [row[0] for row in texts] == ["Material", "MgB2", "NbN", "Nb", "Film", "Pb"]


@pytest.mark.parametrize("text", ["39", "3.8(2)", "−0.17", "< 2", "3–5", "∼ 40", "8 ± 0.5", "39 K"])
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "x", "MgB2", "P4/nmm", "T = 0 K", "–", "3a", "H2O"])
def test_no_numbers(text: str) -> None:
    assert not is_number(text) or text == "3a"  # a number with the mark of a note


def test_lines_are_parted_where_their_pieces_are() -> None:
    parts = parts_of(set_line("MgB_{2}   39 K"))
    assert (parts[0].text, parts[0].x0, parts[0].shifts[-1]) == ("MgB2", 72, "sub")
    assert parts[1].text == "39 K"
    assert parts[0].x1 < parts[1].x0


def test_cells_that_stand_to_and_fro_under_one_head_are_one_column() -> None:
    # Centred "0" and "0.1" leave a narrow strip that no row crosses.
    texts, header = _grid(
        _row(100, "Compound", "P", "a"),
        [*_row(114, "MgB2"), _piece("0", 181, 114), _piece("3.08", 272, 114)],
        [*_row(126, "NbN"), _piece("0", 190, 126), _piece("4.39", 272, 126)],
        [*_row(138, "NbC"), _piece("0.1", 170, 138), _piece("4.47", 272, 138)],
        rules=(90, 105, 145),
    )
    assert (len(texts[0]), header) == (3, 1)
    assert [row[1] for row in texts[1:]] == ["0", "0", "0.1"]
