"""Quantities: numbers with units from short strings and from running text."""

from __future__ import annotations

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import (
    Kind,
    Quantity,
    find_quantities,
    parse_quantity,
    parse_quantity_list,
)

KINDS: tuple[Kind, ...] = get_args(Kind)
PRINTED = st.text(st.sampled_from("0123456789.,-−–~∼≈<>≤±()×^⁻³ KGPakbrTÅnmeV°xand to\u2009c/"))


def parse(text: str, kind: Kind = "temperature") -> Quantity:
    quantity = parse_quantity(text, kind)
    assert quantity is not None
    return quantity


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("34.1 K", "temperature", 34.1),
        ("30K", "temperature", 30.0),
        ("52.4 mK", "temperature", 0.0524),
        ("4,2 K", "temperature", 4.2),
        ("1,200 K", "temperature", 1200.0),
        ("1.5×10−3 K", "temperature", 0.0015),
        ("1.5 x10-3 K", "temperature", 0.0015),
        ("10⁻³ K", "temperature", 0.001),
        ("Tc = 39 K", "temperature", 39.0),
        ("x = 0.1, Tc 39 K", "temperature", 39.0),
        ("12 kbar", "pressure", 1.2),
        ("1.5 Mbar", "pressure", 150.0),
        ("100 MPa", "pressure", 0.1),
        ("1 atm", "pressure", 1.01325e-4),
        ("150 G Pa", "pressure", 150.0),
        ("9 T", "field", 9.0),
        ("500 Oe", "field", 0.05),
        ("10 kOe", "field", 1.0),
        ("3.905 Å", "length", 3.905),
        ("3.905 \u212b", "length", 3.905),
        ("0.39 nm", "length", 3.9),
        ("390 pm", "length", 3.9),
        ("120°", "angle", 120.0),
        ("1.32(5)", "number", 1.32),
    ],
)
def test_value_in_canonical_unit(text: str, kind: Kind, value: float) -> None:
    assert parse(text, kind).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("from 16 K to 21 K", 16, 21),
        ("16-21 K", 16, 21),
        ("16 K – 21 K", 16, 21),
        ("8 ∼32 K", 8, 32),
        ("between 2.5 and 6 K", 2.5, 6),
        ("from 21 to 16 K", 16, 21),
    ],
)
def test_range_keeps_its_ends_in_order(text: str, low: float, high: float) -> None:
    quantity = parse(text)
    assert (quantity.value, quantity.minimum, quantity.maximum) == (None, low, high)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("~ 115 K", "~"),
        ("∼1.6 K", "~"),
        ("about 20 K", "~"),
        ("near 20 K", "~"),
        ("up to 39 K", "<"),
        ("as high as 203 K", "<"),
        ("below 2 K", "<"),
        ("≤ 3 K", "<"),
        ("at least 30 K", ">"),
        ("more than 30 K", ">"),
        ("≥30 K", ">"),
        ("39 K", "="),
    ],
)
def test_relation_by_sign_or_word(text: str, relation: str) -> None:
    assert parse(text).relation == relation


@pytest.mark.parametrize(
    ("text", "value", "uncertainty"),
    [
        ("38 ± 0.5 K", 38, 0.5),
        ("(38 ± 0.5) K", 38, 0.5),
        ("1.234(5) K", 1.234, 0.005),
        ("12(5) K", 12, 5),
        ("500(20) mK", 0.5, 0.02),
    ],
)
def test_uncertainty(text: str, value: float, uncertainty: float) -> None:
    quantity = parse(text)
    assert quantity.value == pytest.approx(value)
    assert quantity.uncertainty == pytest.approx(uncertainty)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("34", "unit_missing"),
        ("25 °C", "unit_odd"),
        ("1 2 K", "split_number"),
        ("10-3 K", "ambiguous_exponent"),
        ("-5 K", "unphysical"),
    ],
)
def test_what_is_not_sure_stays_unknown_with_a_flag(text: str, flag: str) -> None:
    quantity = parse(text)
    assert (quantity.value, quantity.minimum, quantity.maximum) == (None, None, None)
    assert flag in quantity.flags


def test_unit_of_a_table_header_counts_only_where_none_is_printed() -> None:
    for text, value in (("34", 34.0), ("34 mK", 0.034)):
        quantity = parse_quantity(text, "temperature", default_unit="K")
        assert quantity is not None
        assert quantity.value == pytest.approx(value)
    apart = parse("39.2 [a] K")
    assert apart.value == 39.2
    assert apart.flags == ("unit_apart",)


@pytest.mark.parametrize("text", ["ambient pressure", "AP", "ambi- ent pressure", "zero pressure"])
def test_ambient_pressure_is_zero_by_convention(text: str) -> None:
    quantity = parse(text, "pressure")
    assert (quantity.value, quantity.flags) == (0.0, ("ambient",))


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("0, 1.0, 1.58 and 2.1 GPa", "pressure", [0.0, 1.0, 1.58, 2.1]),
        ("27 and 35 K", "temperature", [27.0, 35.0]),
        ("10 K, 12 K, and 14 K", "temperature", [10.0, 12.0, 14.0]),
        ("30, 37.7, 36 K for x = 0, 0.1, 0.2", "temperature", [30.0, 37.7, 36.0]),
        ("500 mK and 2 K", "temperature", [0.5, 2.0]),
        ("", "temperature", []),
    ],
)
def test_list_shares_the_unit_that_follows(text: str, kind: Kind, values: list[float]) -> None:
    assert [q.value for q in parse_quantity_list(text, kind)] == values


def test_list_as_one_quantity_has_its_ends_and_a_flag() -> None:
    quantity = parse("30, 37.7, 36 K")
    assert (quantity.value, quantity.minimum, quantity.maximum) == (None, 30.0, 37.7)
    assert "list" in quantity.flags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("with 10 K/min, 5 mJ/mol K2 and 3 W K-1", []),
        ("Ba 0.6 K 0.4 Fe 2 As 2 and K x Fe 2 Se 2", []),
        ("KFe2As2 below 3 K.", ["3 K"]),
        ("Tc of 27 and 35 K (Fig. 3, 10 K)", ["27 and 35 K", "10 K"]),
        ("for x = 0.1 and 10 K", ["10 K"]),
        ("in 2008, 5 K", ["5 K"]),
        ("Tc ∼ 5–7 K, < 2K; about 12.3 K", ["∼ 5–7 K", "< 2K", "12.3 K"]),
        ("from 10 K to 20 K", ["10 K to 20 K"]),
        ("Bi-2212 K-edge", []),
    ],
)
def test_temperatures_in_running_text(text: str, found: list[str]) -> None:
    assert [text[s:e] for s, e, _ in find_quantities(text, "temperature")] == found


def test_fields_in_running_text_are_no_critical_temperatures() -> None:
    text = "at 9 T and 14.5 T, not at 4 T c"
    assert [text[s:e] for s, e, _ in find_quantities(text, "field")] == ["9 T", "14.5 T"]


def test_pressures_in_running_text_with_ambient() -> None:
    text = "at ambient pressure and at 3.6 − 3.7 GPa."
    found = find_quantities(text, "pressure")
    assert [text[s:e] for s, e, _ in found] == ["ambient pressure", "3.6 − 3.7 GPa"]
    assert [(q.value, q.maximum) for _, _, q in found] == [(0.0, None), (None, 3.7)]


def test_frequency_factors_follow_from_the_codata_constants() -> None:
    k_b, h, c, e = 1.380649e-23, 6.62607015e-34, 299792458.0, 1.602176634e-19
    expected = {"K": 1.0, "meV": 1e-3 * e / k_b, "cm-1": 100 * h * c / k_b, "THz": 1e12 * h / k_b}
    units = load_toml("units.toml")["frequency"]["units"]
    factors = {s: u["factor"] for u in units for s in u["spellings"]}
    for unit, factor in expected.items():
        assert factors[unit] == pytest.approx(factor, rel=1e-12)
        assert parse(f"100 {unit}", "frequency").value == pytest.approx(100 * factor)


@given(st.one_of(st.text(), PRINTED), st.sampled_from(KINDS))
def test_any_string_gives_finite_ordered_values(text: str, kind: Kind) -> None:
    for quantity in parse_quantity_list(text, kind, None):
        for number in (quantity.value, quantity.minimum, quantity.maximum, quantity.uncertainty):
            assert number is None or math.isfinite(number)
        if quantity.minimum is not None and quantity.maximum is not None:
            assert quantity.minimum <= quantity.maximum
    for start, end, quantity in find_quantities(text, kind):
        assert 0 <= start < end <= len(text)
        assert quantity.unit_printed


@given(
    st.decimals(min_value="0.001", max_value="9999", places=3),
    st.sampled_from([("K", "temperature"), ("GPa", "pressure"), ("Å", "length"), ("T", "field")]),
    st.sampled_from(["", " ", "\u2009", "\u00a0"]),
)
def test_printed_number_comes_back(number: object, unit: tuple[str, Kind], blank: str) -> None:
    printed = f"{number}{blank}{unit[0]}"
    assert parse(printed, unit[1]).value == pytest.approx(float(str(number)))
    found = find_quantities(f"a value of {printed} was seen", unit[1])
    assert [(s, e) for s, e, _ in found] == [(11, 11 + len(printed))]


def test_a_number_in_brackets_as_large_as_the_value_is_no_uncertainty() -> None:
    second = parse_quantity("250 (220) K", "temperature")
    assert second is not None
    assert (second.value, second.uncertainty, second.flags) == (250.0, None, ("bracketed",))
    rough = parse_quantity("12(6) K", "temperature")
    assert rough is not None
    assert (rough.value, rough.uncertainty) == (12.0, 6.0)
