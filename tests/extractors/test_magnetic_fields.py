"""The field in which a Tc of running text is stated."""

from __future__ import annotations

import pytest

from scmine.extractors.magnetic_fields import field_of


def field(text: str, tc: str) -> str | None:
    start = text.index(tc)
    found = field_of(text, start, start + len(tc))
    return None if found is None else text[found[0] : found[1]]


@pytest.mark.parametrize(
    ("text", "tc", "expected"),
    [
        ("In a field of 5 T, the Tc is 10 K.", "10 K", "5 T"),
        ("Under an applied magnetic field of 9 T the transition shifts to 5 K.", "5 K", "9 T"),
        ("Tc is 10 K at 9 T.", "10 K", "9 T"),
        ("Tc = 10 K (H = 500 Oe)", "10 K", None),
        ("Tc of 10 K in a magnetic field of 500 Oe", "10 K", "500 Oe"),
        ("At μ0H = 14 T the Tc is 20 K.", "20 K", "14 T"),
    ],
)
def test_fields_of_a_tc(text: str, tc: str, expected: str | None) -> None:
    assert field(text, tc) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Tc = 10 K with an upper critical field of 136 T.",
        "The field was swept from 0 to 9 T for the sample with Tc = 10 K.",
        "In fields up to 9 T the sample has Tc = 10 K.",
        "Tc is 10 K; Hc2 = 9 T.",
    ],
)
def test_critical_fields_and_ranges_are_none(text: str) -> None:
    assert field(text, "10 K") is None


def test_a_field_behind_belongs_to_the_tc_right_before_it() -> None:
    text = "Tc falls from 16 K to 10 K at 9 T."
    assert field(text, "10 K") == "9 T"
    assert field(text, "16 K") is None


def test_a_field_before_holds_for_all_tc_unless_another_is_named() -> None:
    text = "In an externally applied magnetic field of 14 T the Tc are 10 K and 18 K."
    assert (field(text, "10 K"), field(text, "18 K")) == ("14 T", "14 T")
    assert field("In a field of 5 T Tc is 10 K, but 16 K in zero field.", "16 K") is None
