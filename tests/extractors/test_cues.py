"""Cues: how a sentence means its claim."""

from __future__ import annotations

import pytest

from scmine.database.record import TcKind
from scmine.extractors.cues import measurement_method_of, tc_kind_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tconset =", TcKind.ONSET),
        ("zero resistance at", TcKind.ZERO),
        ("the midpoint of the transition", TcKind.MIDPOINT),
        ("from the onset at 5 K to zero resistance at", TcKind.ZERO),
        ("The onset and zero-resistance temperatures are", TcKind.UNSPECIFIED),
        (
            "onset temperature (Tconset) and zero-resistivity temperature (Tczero) are",
            TcKind.UNSPECIFIED,
        ),
        ("Tc =", TcKind.UNSPECIFIED),
    ],
)
def test_tc_kind(text: str, expected: TcKind) -> None:
    assert tc_kind_of(text) is expected


def test_methods_have_standard_names() -> None:
    assert measurement_method_of("ac susceptibility") == "magnetic susceptibility"
    assert measurement_method_of("heat capacity") == "specific heat"
    assert measurement_method_of("some new probe") == "some new probe"
