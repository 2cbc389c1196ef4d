"""Pressures that are not put on a sample that is measured, told by the words around them."""

from __future__ import annotations

import re

import pytest

from scmine.extractors.other_pressures import other_pressure

PRESSURE = re.compile(r"\[(.+?)\]")


def kind(text: str) -> str | None:
    """The kind of the pressure that ``text`` has in square brackets."""
    match = PRESSURE.search(text)
    assert match is not None
    return other_pressure(text[: match.start()], match[1], text[match.end() :])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grown in [100 mTorr] of oxygen", "gas"),
        ("at an oxygen partial pressure of [0.2 bar]", "gas"),
        ("in a vacuum better than [1×10−6 mbar]", "gas"),
        ("annealed under [1 atm] of oxygen", "gas"),
        ("filled with [30 bar] of argon gas", "gas"),
        ("under an argon pressure of [3 bar]", "gas"),
        ("a bulk modulus of [151 GPa]", "property"),
        ("B0 = [151 GPa]", "property"),
        ("the yield strength is [80 MPa]", "property"),
        ("raised in steps of [0.5 GPa]", "difference"),
        ("after increasing the pressure by [2 GPa]", "difference"),
        ("within an uncertainty of ± [5 GPa]", "difference"),
        ("was synthesized at [6 GPa] and 1250 °C", "synthesis"),
        ("sintered under [3 GPa] for 2 h", "synthesis"),
        ("high-pressure synthesis at [6 GPa]", "synthesis"),
        ("prepared under a pressure of [6 GPa]", "synthesis"),
        ("hot-pressed at [1 GPa]", "synthesis"),
    ],
)
def test_other_pressures(text: str, expected: str | None) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Tc = 250 K at [170 GPa]",
        "under a hydrostatic pressure of [2 GPa]",
        "The sample prepared by arc melting shows Tc = 5 K at [2 GPa]",
        "the annealed crystal becomes superconducting under [3 GPa]",
        "with increasing pressure up to [10 GPa]",
        "superconducts at [ambient pressure]",
        "by applying a pressure of [4 GPa]",
        "with Tc of 39 K at [ambient pressure] and 28 K at 10 GPa",
        "a helium-gas pressure cell, Tc = 3 K at [0.7 GPa]",
    ],
)
def test_applied_pressures(text: str) -> None:
    assert kind(text) is None
