"""Space groups and structure words in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.lexicons import load_rows
from scmine.extractors.spacegroups import find_space_groups, lookup_space_group
from scmine.extractors.structure_types import find_structure_types


@pytest.mark.parametrize(
    ("printed", "symbol", "number"),
    [
        ("P4/nmm", "P4/nmm", 129),
        ("I4/mmm", "I4/mmm", 139),
        ("Fm-3m", "Fm-3m", 225),
        ("Fm3\u0304m", "Fm-3m", 225),
        ("Fm3m", "Fm-3m", 225),
        ("F43m", "F-43m", 216),
        ("Im3¯m", "Im-3m", 229),
        ("Im 3 ¯ m", "Im-3m", 229),
        (r"Im\bar{3}m", "Im-3m", 229),
        ("Pm¯3n", "Pm-3n", 223),
        ("P63/mmc", "P63/mmc", 194),
        ("P6_3/mmc", "P63/mmc", 194),
        ("P6 3 /mmc", "P63/mmc", 194),
        ("I4 1 /amd", "I41/amd", 141),
        ("R-3m", "R-3m", 166),
        ("R3m", "R3m", 160),
        ("C2/m", "C2/m", 12),
        ("Cmca", "Cmce", 64),
        ("Pnma", "Pnma", 62),
        ("Pbnm", "Pnma", 62),
    ],
)
def test_symbol_in_a_sentence(printed: str, symbol: str, number: int) -> None:
    text = f"It crystallizes in {printed} at low temperature."
    hits = find_space_groups(text)
    assert [(text[h.start : h.end], h.symbol, h.number) for h in hits] == [
        (printed, symbol, number)
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("space group No. 139", 139),
        ("space group #225", 225),
        ("space group Fm-3m (225)", 225),
        ("tetragonal (space group P4/nmm, No. 129)", 129),
        ("space group P1", 1),
        ("in the C2 space group", 5),
    ],
)
def test_number_or_short_symbol_with_context(text: str, number: int) -> None:
    assert [h.number for h in find_space_groups(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "the C2 domain, Cc, Pm, P2 and P1 were seen",
        "Ca2CuO3 on the Cu-O plane, B1 phase, Pb-free",
        "I am in Panama",
        "Phys. Rev. 138, A112 (1965)",
        "space group No. 999",
        "C60 and P-T diagram",
    ],
)
def test_no_false_hits(text: str) -> None:
    assert find_space_groups(text) == []


def test_hint_lets_short_symbols_stand_alone() -> None:
    assert find_space_groups("Cc") == []
    assert [h.number for h in find_space_groups("Cc", typography_hint="symbol")] == [9]


def test_all_230_groups_are_found_by_symbol_and_number() -> None:
    rows = load_rows("space_groups.csv")
    assert [int(row["number"]) for row in rows] == list(range(1, 231))
    for row in rows:
        number = int(row["number"])
        for name in (row["symbol"], *row["spellings"].split(), *row["settings"].split()):
            group = lookup_space_group(name)
            assert group is not None
            assert (group.symbol, group.number, group.setting) == (row["symbol"], number, name)
        assert lookup_space_group(number) == lookup_space_group(row["symbol"])
        assert [h.number for h in find_space_groups(f"space group {row['symbol']}.")] == [number]


def test_structure_types() -> None:
    text = "tetragonal ThCr 2 Si 2 -type, A15, perovskite; NaCl structure; 122-type, NaCl solution"
    assert [name for _, _, name in find_structure_types(text)] == [
        "tetragonal",
        "ThCr2Si2-type",
        "A15-type",
        "perovskite",
        "NaCl-type",
        "122-type",
    ]


@given(st.text() | st.text(st.sampled_from("PIFCRABmnabcd0123456/-_ ()\u0304¯No.#")))
def test_any_string_gives_known_groups(text: str) -> None:
    for start, end, symbol, number in find_space_groups(text):
        assert 0 <= start < end <= len(text)
        assert number is not None
        assert lookup_space_group(number) == lookup_space_group(symbol)
    for start, end, name in find_structure_types(text):
        assert text[start:end]
        assert name
