"""Tables fit where they can, numbers stay whole where they cannot."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from scmine.pipelines.report import print_table
from scmine.pipelines.tables import (
    MATERIAL_MAX_CHARS,
    Column,
    Kind,
    shorten_end,
    shorten_middle,
)

COLUMNS = (
    Column("material", Kind.MATERIAL),
    Column("Tc (K)", Kind.NUMBER),
    Column("space group"),
    Column("paper", Kind.FILE),
)


def _lines(width: int, *rows: tuple[str, str, str, str]) -> list[str]:
    out = io.StringIO()
    print_table(Console(file=out, width=width), COLUMNS, rows)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_empty_columns_are_left_out() -> None:
    lines = _lines(80, ("MgB2", "39", "", "a.pdf"), ("Nb", "", "", "b.pdf"))
    assert lines[0].split() == ["material", "Tc", "(K)", "paper"]
    assert [line.split() for line in lines[2:]] == [["MgB2", "39", "a.pdf"], ["Nb", "b.pdf"]]


def test_a_material_never_takes_more_than_its_share() -> None:
    name = _lines(200, ("x" * 100, "39", "", "a.pdf"))[-1].split()[0]
    assert name == "x" * (MATERIAL_MAX_CHARS - 1) + "…"


def test_texts_from_papers_cannot_steer_the_terminal() -> None:
    lines = _lines(80, ("Mg\x1b[31m\nB2", "39", "", "a.pdf"))
    assert lines[-1].startswith("Mg [31m B2")


def test_headings_break_before_names_are_cut_further() -> None:
    lines = _lines(40, ("MgB2", "39", "Im-3m", "a" * 60 + ".pdf"))
    assert max(map(len, lines)) <= 40
    assert not any("space group" in line for line in lines)
    assert lines[-1].endswith("aaa.pdf")


def test_numbers_stay_whole_even_if_nothing_fits() -> None:
    number = "123.456789–234.567891"
    lines = _lines(20, ("MgB2" * 20, number, "P6_3/mmc", "a" * 60 + ".pdf"))
    assert number in lines[-1]
    assert lines[-1].endswith(".pdf")


@given(text=st.text(max_size=60), width=st.integers(min_value=1, max_value=50))
def test_shortened_text_fits_and_short_text_is_left_alone(text: str, width: int) -> None:
    for shorten in (shorten_end, shorten_middle):
        found = shorten(text, width)
        assert cell_len(found) <= width
        assert (found == text) == (cell_len(text) <= width)
