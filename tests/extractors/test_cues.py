"""Cues: how a sentence means its claim."""

from __future__ import annotations

import pytest

from scmine.database.record import TcKind
from scmine.extractors.cues import (
    cues,
    measurement_method_of,
    tc_kind_of,
    tc_method_of,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tconset =", TcKind.ONSET),
        ("zero resistance at", TcKind.ZERO),
        ("the midpoint of the transition", TcKind.MIDPOINT),
        ("from the onset at 5 K to zero resistance at", TcKind.UNSPECIFIED),
        ("Tc =", TcKind.UNSPECIFIED),
    ],
)
def test_tc_kind(text: str, expected: TcKind) -> None:
    assert tc_kind_of(text) is expected


def test_methods_have_standard_names() -> None:
    assert measurement_method_of("ac susceptibility") == "magnetic susceptibility"
    assert measurement_method_of("heat capacity") == "specific heat"
    assert measurement_method_of("some new probe") == "some new probe"
    assert tc_method_of("with the Allen–Dynes formula") == "Allen-Dynes"
    assert tc_method_of("the Allen-Dynes formula and the McMillan formula") is None


@pytest.mark.parametrize(
    ("before", "absent"),
    [
        ("No superconductivity was observed down to ", True),
        ("LaFePO is not superconducting above ", True),
        ("Although H3S is not stable, its superconductivity was enhanced to ", False),
        ("It is not only a metal but shows superconductivity up to ", False),
        ("It is not clear whether the superconductivity above ", False),
        ("Without doping, superconductivity appears with Tc raised to ", False),
    ],
)
def test_only_a_denial_of_superconductivity_is_an_absence(before: str, absent: bool) -> None:
    match = cues()["absence"]["pattern"].search(before)
    assert (match is not None and match.end() == len(before)) is absent
