"""Space groups and structure words in running text."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import spglib
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.lexicons import load_rows
from scmine.extractors.spacegroups import find_space_groups, lookup_space_group


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
        ("Fm3 \u0304m", "Fm-3m", 225),
        ("Fm\u0304 3m", "Fm-3m", 225),
        ("Fm3-m", "Fm-3m", 225),
        ("Fm-3 m", "Fm-3m", 225),
        ("P63∕mmc", "P63/mmc", 194),
        ("P63mmc", "P63/mmc", 194),
        ("P 6=m m m", "P6/mmm", 191),
        ("I 4/m m m", "I4/mmm", 139),
        ("P 4/m 2/m 2/m", "P4/mmm", 123),
        ("F 4/m -3 2/m", "Fm-3m", 225),
        ("R-3m:H", "R-3m", 166),
        ("P4/nmm:2", "P4/nmm", 129),
        ("P21/n", "P21/c", 14),
        ("I2/a", "C2/c", 15),
        ("P2<sub>1</sub>/m", "P21/m", 11),
        ("𝑃6₃∕𝑚𝑚𝑐", "P63/mmc", 194),
        ("R3m (No. 166)", "R-3m", 166),
        ("Pm3n #223", "Pm-3n", 223),
        ("D_{4h}^{17}", "I4/mmm", 139),
        ("O_h^5", "Fm-3m", 225),
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
        ("space group Oh5", 225),
        ("(SG: 225)", 225),
        ("space group Pa3", 205),
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
        "the P2 structure of NaxCoO2 and the C2 phase",
        "a current density of 3000 A mm2",
        "in the space group 100 K apart",
        "iodine I4, Pa3 and In",
        "Phys. Rev. B 12, P63 (1990)",
    ],
)
def test_no_false_hits(text: str) -> None:
    assert find_space_groups(text) == []


def test_symbols_joined_to_formulas_and_lists_of_short_ones() -> None:
    text = "P63/mmc-CeH9, Im-3m-H3S and H3S-R3m"
    assert [h.symbol for h in find_space_groups(text)] == ["P63/mmc", "Im-3m"]
    listed = find_space_groups("the space groups Cmcm, Pm and C2")
    assert [h.number for h in listed] == [63, 6, 5]


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        ("Fm3m", "Fm-3m"),
        ("Cmca", "Cmce"),
        ("Pbnm", "Pbnm"),
        ("P21/n", "P21/n"),
        ("P 4/n 21/m m", "P4/nmm"),
        ("P4/nmm:2", "P4/nmm:2"),
        ("Fd-3mS", "Fd-3m:1"),
        ("R-3mR", "R-3m:R"),
    ],
)
def test_the_setting_that_was_printed_stays(printed: str, stated: str) -> None:
    group = lookup_space_group(printed)
    assert group is not None
    assert group.stated == stated


BARS = {
    "lost": "{0}",
    "dash after": "{0}-",
    "macron before": "¯{0}",
    "macron after": "{0}¯",
    "combining after": "{0}\u0304",
    "combining before": "\u0305{0}",
    "blank and combining": "{0} \u0304",
    "minus": "−{0}",
    "LaTeX": r"\bar{{{0}}}",
    "LaTeX without braces": r"\bar {0}",
    "overline": r"\overline{{{0}}}",
    "dollars": r"$\bar{{{0}}}$",
}


def printed_variants(symbol: str) -> list[str]:
    """The ways in which papers print ``symbol`` (with ``-`` for the bar)."""
    found = [symbol, f"${symbol}$", f"{symbol[0]} {symbol[1:]}"]
    if "-" in symbol:
        found += [re.sub(r"-(\d)", lambda m, b=b: b.format(m[1]), symbol) for b in BARS.values()]
    screw = re.sub(r"(?<![-\d])([2346])([1-5])(?!\d)", r"\1_\2", symbol)
    if screw != symbol:
        lowered = re.sub(r"_(\d)", lambda m: chr(ord("₀") + int(m[1])), screw)
        braces = re.sub(r"_(\d)", r"_{\1}", screw)
        found += [screw, lowered, braces, f"${braces}$", screw.replace("_", " ")]
    if "/" in symbol:
        found += [symbol.replace("/", slash) for slash in ("∕", "⁄", " / ")]
    return found


def test_every_printed_variant_of_every_group_is_that_group_or_another_s_own_symbol() -> None:
    rows = load_rows("space_groups.csv")
    numbers = {row["symbol"]: int(row["number"]) for row in rows}
    wrong = []
    for row in rows:
        for printed in printed_variants(row["symbol"]):
            own = numbers.get(printed, int(row["number"]))  # `P31m` may have lost a bar or not
            group = lookup_space_group(printed)
            hits = find_space_groups(f"It has space group {printed} at low temperature.")
            if group is None or group.number != own or [h.number for h in hits] != [own]:
                wrong.append((printed, group, hits))
    assert wrong == []


def test_the_table_agrees_with_spglib() -> None:
    for hall in range(1, 531):
        kind = spglib.get_spacegroup_type(hall)
        short, full = (
            re.sub(r"[_ ]", "", s) for s in (kind.international_short, kind.international_full)
        )
        for name in (short, full, kind.schoenflies):
            group = lookup_space_group(name)
            # names that two groups share are left out of the table
            assert group is None or group.number == kind.number, name
        assert lookup_space_group(short) is not None


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


@given(
    st.sampled_from(load_rows("space_groups.csv")),
    st.sampled_from(sorted(BARS.values())),
    st.integers(0, 8),
)
def test_a_bar_anywhere_never_makes_another_group(row: dict[str, str], bar: str, at: int) -> None:
    symbol = row["symbol"]
    bare = symbol.replace("-", "")
    place = min(at, len(bare) - 1)
    printed = bare[:place] + bar.format(bare[place]) + bare[place + 1 :]
    group = lookup_space_group(printed)
    if group is not None and "-" in symbol:
        assert group.symbol.replace("-", "") == bare or not printed.replace(bare[place], "")


@given(st.text() | st.text(st.sampled_from("PIFCRABmnabcd0123456/-_ ()\u0304¯No.#")))
def test_any_string_gives_known_groups(text: str) -> None:
    for start, end, symbol, number in find_space_groups(text):
        assert 0 <= start < end <= len(text)
        assert number is not None
        assert lookup_space_group(number) == lookup_space_group(symbol)


@pytest.mark.shared
def test_every_symbol_of_the_structure_targets_is_known(shared: Path) -> None:
    with (shared / "data" / "dfpt_structure_targets.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["space_group_number"].isdecimal() and " " not in row["space_group_symbol"]
        ]
    assert len(rows) > 50
    for row in rows:
        group = lookup_space_group(row["space_group_symbol"])
        assert group is not None
        assert group.number == int(row["space_group_number"]), row["space_group_symbol"]
