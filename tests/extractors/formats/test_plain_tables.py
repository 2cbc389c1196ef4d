"""Tables in plain text, by tabs and by columns of blanks."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors import extract
from scmine.extractors.formats.plain import read_plain
from scmine.extractors.formats.plain_tables import tables_in

ALIGNED = """\
Table 2. Calculated values of invented hydrides.
Compound     P (GPa)   λ      ωlog (K)   Tc (K)
XeH6         150       2.10   1200       180
LaBH8        50        1.54   890        126
YMgH12       200       2.45   1100       190
"""

TABBED = """\
Table 1. Invented hydrides

formula\t$T_{\\rm c}^{\\rm max}$ (K)\t$P @ T_c^{max}$ (GPa)\tnotes
LaB _{0.5} H ₈\t112\t80\tmeasured,  Fm3m
$YMg_2H_{12}$\t190/185\t200/170\t$x^2$
"""


def test_tabs_part_cells() -> None:
    [found] = tables_in(["text before", "", *TABBED.splitlines()[2:]])
    assert (found.start, found.stop) == (2, 5)
    assert [len(row) for row in found.rows] == [4, 4, 4]


def test_columns_of_blanks_part_cells() -> None:
    [found] = tables_in(ALIGNED.splitlines())
    assert found.start == 1
    assert found.rows[2] == ("LaBH8", "50", "1.54", "890", "126")


def test_prose_is_no_table() -> None:
    lines = [
        "The left column of a page        and the right one, which stand",
        "side by side in text that        some programs write, hold words",
        "and hardly any numbers in        the second of the two columns.",
        "\tA paragraph may begin with a tab.",
        "\tAnd so may the next one.",
    ]
    assert tables_in(lines) == []


def test_records_of_an_aligned_table(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_text(f"On invented hydrides\n\nSome text on them.\n\n{ALIGNED}", "utf-8")
    document = read_plain(path)
    assert document.tables[0].caption.startswith("Table 2.")
    rows = {r.formula: r for r in extract(document).records}
    assert rows["LaBH8"].tc_K == 126
    assert (rows["LaBH8"].lambda_, rows["LaBH8"].omega_log_K) == (1.54, 890)
    assert rows["YMgH12"].pressure_GPa == 200


def test_tex_in_a_tabbed_table(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_text(f"On $T_c$ of hydrides\n\n{TABBED}\nThe end of $T_c$.\n", "utf-8")
    values = [
        (r.formula, r.tc_K, r.pressure_GPa) for r in extract(read_plain(path)).records if r.tc_K
    ]
    assert sorted(values) == [
        ("LaB0.5H8", 112, 80),
        ("YMg2H12", 185, 170),
        ("YMg2H12", 190, 200),
    ]


@given(st.lists(st.text(alphabet="ab1. \t", max_size=20), max_size=12))
def test_tables_do_not_overlap(lines: list[str]) -> None:
    end = 0
    for table in tables_in(lines):
        assert end <= table.start < table.stop <= len(lines)
        assert len(table.rows) == table.stop - table.start
        end = table.stop
