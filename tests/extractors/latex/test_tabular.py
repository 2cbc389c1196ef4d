"""LaTeX's tables as grids: spans, heads by rules, notes, and columns that set numbers in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors.document import PassageKind
from tests.extractors.latex.read_source import document_of, rows, texts


def _rows(folder: Path, source: str, preamble: str = "") -> tuple[list[list[str]], int]:
    document = document_of(folder, source, preamble)
    return rows(document), len(document.tables[0].header)


def test_spans_of_columns_and_rows(tmp_path: Path) -> None:
    source = r"""\begin{tabular}{lccc} \hline\hline
         & \multicolumn{2}{c}{$T_c$ (K)} & \multirow{2}{*}{Ref.} \\ \cline{2-3}
        Phase & theory & expt. & \\ \hline
        \multirow{2}{*}{$R\bar3m$} & 10 & 11 & \cite{a} \\
         & 12 & 13(1) & this work \\[2pt]
        $Im\bar{3}m$ & -- & \ldots & \\ \hline\hline \end{tabular}"""
    found, heads = _rows(tmp_path, source)
    assert found == [
        ["", "Tc (K)", "", "Ref."],
        ["Phase", "theory", "expt.", "Ref."],
        ["R3̄m", "10", "11", "[1]"],
        ["R3̄m", "12", "13(1)", "this work"],
        ["Im3̄m", "–", "…", ""],
    ]
    assert heads == 2
    head = document_of(tmp_path, source).tables[0].rows[0]
    assert [cell.columns for cell in head] == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ("columns", "row", "cells"),
    [
        (r"lr@{.}l", r"A & 203 & 5", ["A", "203.5"]),
        (r"lr@{$\pm$}lc", r"A & 155 & 2 & x", ["A", "155±2", "x"]),
        (r"l r@{\,--\,}l", r"A & 1 & 2", ["A", "1–2"]),
        (r"lr@{\,$\pm$\,}lc", r"A & 155 & 2 & x", ["A", "155±2", "x"]),
        (r"lr@{~\hspace{2pt}$\pm$~}l", r"A & 155 & 2", ["A", "155±2"]),
        (r"lr@{\quad}l", r"A & 1 & 2", ["A", "1", "2"]),
        (r"l>{$}c<{$}", r"A & T_c", ["A", "Tc"]),
        (r"lD{.}{.}{-1}", r"A & -1.5", ["A", "−1.5"]),
        (r"lS[table-format=2.1]", r"A & {none}", ["A", "none"]),
        (r"lSS", r"A & 1.5e-3 & 12+-3", ["A", "1.5 × 10−3", "12 ± 3"]),
        (r"lSS", r"A & -1.5(2)e3 & <5", ["A", "−1.5(2) × 103", "<5"]),
        (r"*{2}{c}|p{3cm}|X", r"a & b & c & d", ["a", "b", "c", "d"]),
        (r"@{\extracolsep{\fill}}lcc", r"a & b & c", ["a", "b", "c"]),
        (r"Lk{2}", r"a & x", ["a", "x"]),
    ],
)
def test_columns(tmp_path: Path, columns: str, row: str, cells: list[str]) -> None:
    own = r"\newcolumntype{L}{>{\raggedright}l}\newcolumntype{k}[1]{>{$}p{#1cm}<{$}}"
    found, _ = _rows(tmp_path, rf"\begin{{tabular}}{{{columns}}}{row}\\ \end{{tabular}}", own)
    assert found == [cells]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r"\begin{tabular}[c]{@{}c@{}}Space\\ group\end{tabular}", "Space group"),
        (r"\makecell{Space\\ group}", "Space group"),
        (r"39\footnotemark[1]", "39"),
        (r"39\tablenotemark{a}", "39a"),
        (r"{a \& b}", "a & b"),
        (r"\textbf{H$_3$S}", "H3S"),
    ],
)
def test_cells(tmp_path: Path, cell: str, text: str) -> None:
    found, _ = _rows(tmp_path, rf"\begin{{tabular}}{{cc}}x & {cell}\\y & 1\end{{tabular}}")
    assert found[0] == ["x", text]


@pytest.mark.parametrize(
    ("lines", "heads"),
    [
        (r"A & B \\ \midrule x & 1 \\ y & 2", 1),
        (r"A & B \\ x & 1 \\ y & 2", 1),
        (r"\hline P & 100 \\ \hline x & 1 \\ \hline y & 2 \\ \hline", 1),
        (r"A & B \\ & (K) \\ \hline x & 1", 2),
        (r"A & B \\ x & 1 \\ y & 2 \\ \hline mean & 3", 1),
        (r"\hline A & \multicolumn{1}{c}{B} \\ \hline & (K) \\ \hline x & 1 \\ \hline", 2),
    ],
)
def test_heads_by_rules(tmp_path: Path, lines: str, heads: int) -> None:
    assert _rows(tmp_path, rf"\begin{{tabular}}{{cc}}{lines}\end{{tabular}}")[1] == heads


def test_long_tables_have_one_head(tmp_path: Path) -> None:
    source = r"""\begin{longtable}{lc} \caption{Long.}\label{l}\\ \hline A & B \\ \hline
        \endfirsthead \hline A & B (cont.) \\ \hline \endhead \hline \endfoot
        x & 1 \\ y & 2 \\ \end{longtable}"""
    document = document_of(tmp_path, source)
    assert rows(document) == [["A", "B"], ["x", "1"], ["y", "2"]]
    assert len(document.tables[0].header) == 1
    assert document.tables[0].caption == "Table 1: Long."


def test_tables_of_astronomers(tmp_path: Path) -> None:
    source = r"""\begin{deluxetable}{lc}\tablecaption{Ours}\tablehead{\colhead{A} & \colhead{B}}
        \startdata x & 1 \\ y & 2 \enddata \tablenotetext{a}{A note.}\end{deluxetable}"""
    document = document_of(tmp_path, source)
    assert rows(document) == [["A", "B"], ["x", "1"], ["y", "2"]]
    assert texts(document, PassageKind.FOOTNOTE) == ["A note."]


def test_several_grids_of_one_table_share_its_caption(tmp_path: Path) -> None:
    source = r"""\begin{table}\caption{Both at 10 GPa.}
        \begin{tabular}{cc}a & 1\end{tabular}\quad\begin{tabular}{cc}b & 2\end{tabular}
        \end{table}"""
    captions = [table.caption for table in document_of(tmp_path, source).tables]
    assert captions == ["Table 1: Both at 10 GPa."] * 2


def test_too_wide_a_table_is_told(tmp_path: Path) -> None:
    document = document_of(tmp_path, "Text.\\begin{tabular}{c}" + "a & " * 500 + "b\\end{tabular}")
    assert max(len(row) for table in document.tables for row in table.rows) <= 200


def test_a_note_within_a_cell_is_no_text_of_it(tmp_path: Path) -> None:
    source = (
        r"\begin{tabular}{lc} Nb\tablenote{A note.} & 9.2\tablefootnote{Another.} \\ \end{tabular}"
    )
    found, _ = _rows(tmp_path, source)
    assert found == [["Nb", "9.2"]]
    assert texts(document_of(tmp_path, source), PassageKind.FOOTNOTE) == ["A note.", "Another."]
