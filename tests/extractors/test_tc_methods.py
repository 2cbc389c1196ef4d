"""The method that a calculated Tc comes from."""

from __future__ import annotations

import pytest

from scmine.extractors.tc_methods import method_beside, methods_in, tc_method_of


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("with the Allen–Dynes formula", "Allen-Dynes"),
        ("the Allen-Dynes modified McMillan equation", "Allen-Dynes"),
        ("the McMillan formula modified by Allen and Dynes", "Allen-Dynes"),
        ("McMillan's equation", "McMillan"),
        ("solving the anisotropic Migdal–Éliashberg equations", "Migdal-Eliashberg"),
        ("density functional theory for superconductors (SCDFT)", "SCDFT"),
        ("the Eliashberg spectral function α2F(ω)", None),
        ("the Allen-Dynes formula and the McMillan formula", None),
        ("measured by four probes", None),
    ],
)
def test_method_of_a_text(text: str, method: str | None) -> None:
    assert tc_method_of(text) == method


def test_two_methods_are_two() -> None:
    names = [name for _, _, name in methods_in("the McMillan and the Allen-Dynes formula")]
    assert names == ["McMillan", "Allen-Dynes"]


def test_method_beside_a_value() -> None:
    text = "McMillan's formula gives 190 K, whereas SCDFT gives 180 K"
    assert method_beside(text, 25, 30, [(52, 57)]) == "McMillan"
    assert method_beside(text, 52, 57, [(25, 30)]) == "SCDFT"


def test_a_method_that_is_only_compared_with() -> None:
    text = "The Eliashberg equations give 171 K, 8 % more than the result of Allen and Dynes"
    assert method_beside(text, 30, 35, []) == "Migdal-Eliashberg"
