"""Numbers as printed: powers of ten, uncertainties, commas."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.printed_number import NUMBER, Number, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        (".5", 0.5),
        ("-3.5", -3.5),
        ("4,25", 4.25),
        ("12,500", 12500),
        ("1,234,567.5", 1234567.5),
        ("2×10^{-4}", 2e-4),
        ("2·10⁵", 2e5),
        ("2x103", 2000),
        ("18+1-2", 18),
        ("39-0.5+1.5", 39),
        ("203 +3 -2", 203),
        ("10^-3", 1e-3),
    ],
)
def test_value(text: str, value: float) -> None:
    assert read_number(text).value == pytest.approx(value)


def test_uncertainty_is_scaled_with_the_power_of_ten() -> None:
    assert read_number("1.23(4)×10^2") == Number(pytest.approx(123), pytest.approx(4))


def test_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number("about three")


@given(st.text(st.sampled_from("0123456789.,-()±×^{}⁻³ ")))
def test_whatever_the_pattern_finds_can_be_read(text: str) -> None:
    for match in re.finditer(NUMBER, text):
        assert abs(read_number(match[0]).value) < float("inf")
