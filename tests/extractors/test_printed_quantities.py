"""Quantities in the forms papers print them: what is read, and that what is printed comes back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.quantities import (
    Kind,
    find_parts,
    find_quantities,
    is_change,
    parse_quantity,
    parse_quantity_list,
    relation_before,
)

# printed, kind, value or (low, high), uncertainty, relation, flags
FORMS = [
    ("39 K", "temperature", 39, None, "=", ()),
    ("39K", "temperature", 39, None, "=", ()),
    ("39-K", "temperature", 39, None, "=", ()),
    ("40 °K", "temperature", 40, None, "=", ()),
    ("1.5 degrees K", "temperature", 1.5, None, "=", ()),
    ("930 mK", "temperature", 0.93, None, "=", ()),
    ("80mK", "temperature", 0.08, None, "=", ()),
    ("2.3 μK", "temperature", 2.3e-6, None, "=", ()),
    ("215(2) K", "temperature", 215, 2, "=", ()),
    ("215(2) K. The", "temperature", 215, 2, "=", ()),
    ("38.5(12) K", "temperature", 38.5, 1.2, "=", ()),
    ("38.5 (12) K", "temperature", 38.5, 1.2, "=", ()),
    ("0.38 (0.16) K", "temperature", 0.38, None, "=", ("bracketed",)),
    ("18 (+1/−2) K", "temperature", 18, 2, "=", ()),
    ("18 +1/-2 K", "temperature", 18, 2, "=", ()),
    ("18^{+1}_{-2} K", "temperature", 18, 2, "=", ()),
    ("7.5±0.3 K", "temperature", 7.5, 0.3, "=", ()),
    ("(7.5 ± 0.3) K", "temperature", 7.5, 0.3, "=", ()),
    ("7.5 (± 0.3) K", "temperature", 7.5, 0.3, "=", ()),
    ("7.5 K ± 0.3 K", "temperature", 7.5, 0.3, "=", ()),
    ("7.5 K ± 300 mK", "temperature", 7.5, 0.3, "=", ()),
    ("7.5 +/- 0.3 K", "temperature", 7.5, 0.3, "=", ()),
    ("26 K to 43 K", "temperature", (26, 43), None, "=", ()),
    ("26 K up to 43 K", "temperature", (26, 43), None, "=", ()),
    ("26 to as high as 43 K", "temperature", (26, 43), None, "=", ()),
    ("26 to about 43 K", "temperature", (26, 43), None, "~", ()),
    ("43 K down to 26 K", "temperature", (26, 43), None, "=", ()),
    ("40 → 35 K", "temperature", (35, 40), None, "=", ()),
    ("300 mK - 2 K", "temperature", (0.3, 2), None, "=", ()),
    ("300mK-2K", "temperature", (0.3, 2), None, "=", ()),
    ("20 K < Tc < 30 K", "temperature", (20, 30), None, "=", ()),
    ("20 ≤ T c ≤ 30 K", "temperature", (20, 30), None, "=", ()),
    ("between 240 and 262 K", "temperature", (240, 262), None, "=", ()),
    ("~10K-20K", "temperature", (10, 20), None, "~", ()),
    ("ca. 40 K", "temperature", 40, None, "~", ()),
    ("of the order of 10 K", "temperature", 10, None, "~", ()),
    ("> 77 K", "temperature", 77, None, ">", ()),
    ("less than 2 K", "temperature", 2, None, "<", ()),
    ("~1/3 of 39 K", "temperature", None, None, "=", ("fraction",)),
    ("half of 39 K", "temperature", None, None, "=", ("fraction",)),
    ("9:1 K", "temperature", 9.1, None, "=", ()),  # the colon is OML's decimal point
    ("9:10:5 K", "temperature", None, None, "=", ("split_number",)),
    ("280 K56,57", "temperature", 280, None, "=", ()),  # references 56 and 57
    ("18 K56", "temperature", 18, None, "=", ()),
    ("1 000 K", "temperature", None, None, "=", ("split_number",)),
    ("2 K/GPa", "temperature", None, None, "=", ("unit_missing",)),
    ("2 K GPa−1", "temperature", None, None, "=", ("unit_missing",)),
    ("2 K per GPa", "temperature", None, None, "=", ("unit_missing",)),
    ("10 K min−1", "temperature", None, None, "=", ("unit_missing",)),
    ("92 at 5 GPa", "pressure", 5, None, "=", ()),
    ("up to 10 GPa", "pressure", 10, None, "<", ("up_to",)),
    ("under 10 GPa", "pressure", 10, None, "=", ()),
    ("P > 150 GPa", "pressure", 150, None, ">", ()),
    ("1.5 Mbar", "pressure", 150, None, "=", ()),
    ("20 kbar", "pressure", 2, None, "=", ()),
    ("700 MPa", "pressure", 0.7, None, "=", ()),
    ("1 atm", "pressure", 1.01325e-4, None, "=", ()),
    ("Ambient pressure", "pressure", 0, None, "=", ("ambient",)),
    ("ambient", "pressure", 0, None, "=", ("ambient",)),
    ("at zero pressure", "pressure", 0, None, "=", ("ambient",)),
    ("under ambient conditions", "pressure", 0, None, "=", ("ambient",)),
    ("P = 0", "pressure", 0, None, "=", ("ambient",)),
    ("ambient pressure to 8 GPa", "pressure", (0, 8), None, "=", ("ambient",)),
    ("P = 0.5 GPa", "pressure", 0.5, None, "=", ()),
    ("20 kG", "field", 2, None, "=", ()),
    ("2×10^4 Oe", "field", 2, None, "=", ()),
]


@pytest.mark.parametrize(("text", "kind", "value", "uncertainty", "relation", "flags"), FORMS)
def test_forms(
    text: str,
    kind: Kind,
    value: float | tuple[float, float] | None,
    uncertainty: float | None,
    relation: str,
    flags: tuple[str, ...],
) -> None:
    quantity = parse_quantity(text, kind)
    assert quantity is not None
    if isinstance(value, tuple):
        assert quantity.value is None
        assert (quantity.minimum, quantity.maximum) == pytest.approx(value)
    elif value is None:
        assert (quantity.value, quantity.minimum, quantity.maximum) == (None, None, None)
    else:
        assert quantity.value == pytest.approx(value)
    assert quantity.uncertainty == (None if uncertainty is None else pytest.approx(uncertainty))
    assert quantity.relation == relation
    assert quantity.flags == flags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tc of 39 K [12], see p. 35 and Fig. 3.", ["39 K"]),
        ("dTc/dP = 2 K/GPa and Tc = 39 K", ["39 K"]),
        ("heated at 5 K min−1 to 300 K", ["300 K"]),
        ("the 2 K GPa-1 slope", []),
        ("In 1986, 35 K was reached", ["35 K"]),
        ("Phys. Rev. B 77, 35 K", ["35 K"]),
        ("215(2) K. The sample", ["215(2) K"]),
    ],
)
def test_no_other_number_is_glued_to_a_temperature(text: str, found: list[str]) -> None:
    assert [text[s:e] for s, e, _ in find_quantities(text, "temperature")] == found


def test_an_arrow_is_a_change_and_a_dash_a_range() -> None:
    assert is_change("40 → 35 K", "temperature")
    assert not is_change("40–35 K", "temperature")


def test_the_words_before_a_number_make_a_bound() -> None:
    expected = {"more than": ">", "Tc >": ">", "below about": "~", "near": "~", "Tc =": "="}
    assert {words: relation_before(f"a {words} ") for words in expected} == expected


@dataclass(frozen=True)
class Printed:
    """A quantity and one way to print it."""

    text: str
    low: float
    high: float
    relation: str


SMALL = st.decimals(min_value="0.1", max_value="990", places=1)
UNITS = st.sampled_from(
    [
        ("temperature", "K", 1.0),
        ("temperature", "mK", 1e-3),
        ("pressure", "GPa", 1.0),
        ("pressure", "kbar", 0.1),
        ("pressure", "Mbar", 100.0),
        ("pressure", "MPa", 1e-3),
        ("field", "T", 1.0),
        ("field", "kOe", 0.1),
    ]
)
BLANK = st.sampled_from([" ", "", "\u2009", "\u00a0"])
SIGNS = st.sampled_from(
    [("", "="), ("~", "~"), ("∼ ", "~"), ("≈", "~"), ("> ", ">"), ("<", "<"), ("≥", ">")]
)
DASH = st.sampled_from(["-", "–", " – ", "−", " to ", "...", " ~ "])


@given(SMALL, UNITS, BLANK, SIGNS)
def test_single_values_come_back(
    number: object, unit: tuple[Kind, str, float], blank: str, sign: tuple[str, str]
) -> None:
    kind, name, factor = unit
    quantity = parse_quantity(f"{sign[0]}{number}{blank}{name}", kind)
    assert quantity is not None
    assert quantity.value == pytest.approx(float(str(number)) * factor)
    assert quantity.relation == sign[1]


@given(SMALL, SMALL, UNITS, BLANK, DASH, st.booleans())
def test_ranges_come_back(
    one: object, two: object, unit: tuple[Kind, str, float], blank: str, dash: str, both: bool
) -> None:
    kind, name, factor = unit
    first = f"{one}{blank}{name}" if both else f"{one}"
    quantity = parse_quantity(f"{first}{dash}{two}{blank}{name}", kind)
    assert quantity is not None
    ends = sorted((float(str(one)) * factor, float(str(two)) * factor))
    assert (quantity.minimum, quantity.maximum) == pytest.approx(tuple(ends))


@given(st.lists(SMALL, min_size=2, max_size=6), UNITS, st.booleans(), st.booleans())
def test_lists_come_back(
    numbers: list[object], unit: tuple[Kind, str, float], each: bool, comma: bool
) -> None:
    kind, name, factor = unit
    words = [f"{n} {name}" if each else f"{n}" for n in numbers[:-1]]
    text = f"{', '.join(words)}{',' if comma else ''} and {numbers[-1]} {name}"
    values = [float(str(n)) * factor for n in numbers]
    assert [q.value for q in parse_quantity_list(text, kind)] == pytest.approx(values)
    spans = find_parts(f"values of {text} were seen", kind)
    assert sum(len(parts) for parts in spans) == len(numbers)


@given(
    SMALL,
    st.integers(min_value=1, max_value=99),
    UNITS,
    st.sampled_from(
        [
            "{n}({u}) {k}",
            "{n} ({u}) {k}",
            "{n} ± {d} {k}",
            "({n} ± {d}) {k}",
            "{n} (±{d}) {k}",
            "{n} {k} ± {d} {k}",
            "{n} (+{d}/-0.1) {k}",
        ]
    ),
)
def test_uncertainties_come_back(
    number: object, last: int, unit: tuple[Kind, str, float], form: str
) -> None:
    kind, name, factor = unit
    quantity = parse_quantity(form.format(n=number, u=last, d=last / 10, k=name), kind)
    assert quantity is not None
    assert quantity.value == pytest.approx(float(str(number)) * factor)
    assert quantity.uncertainty == pytest.approx(last / 10 * factor)


@given(SMALL, SMALL, UNITS, st.sampled_from([" → ", "→", " -> "]))
def test_both_ends_of_a_change_come_back(
    one: object, two: object, unit: tuple[Kind, str, float], arrow: str
) -> None:
    kind, name, factor = unit
    text = f"{one}{arrow}{two} {name}"
    assert is_change(text, kind)
    quantity = parse_quantity(text, kind)
    assert quantity is not None
    values = sorted((float(str(one)) * factor, float(str(two)) * factor))
    assert [quantity.minimum, quantity.maximum] == pytest.approx(values)
