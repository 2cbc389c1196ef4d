"""Settings of space groups: which ones a symbol means."""

from __future__ import annotations

import numpy as np
import pytest

from scmine.extractors.spacegroup_table import lookup_space_group
from scmine.validator.structures.expressions import Floats
from scmine.validator.structures.settings import (
    SETTINGS,
    all_settings,
    group_named,
    operations,
    printed_settings,
)


def meant(symbol: str) -> list[str]:
    group = group_named(symbol)
    assert group is not None
    return [f"{s} {s.axes}" for s in printed_settings(group)[0]]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("P4/nmm", ["P4/nmm:1 tetragonal", "P4/nmm:2 tetragonal"]),
        ("P4/nmm:2", ["P4/nmm:2 tetragonal"]),
        ("Pbnm", ["Pbnm orthorhombic"]),
        ("Cmca", ["Cmce orthorhombic"]),
        ("Bmab", ["Bmeb orthorhombic"]),
        ("I2/m", ["I2/m monoclinic b", "I2/m monoclinic c", "I2/m monoclinic a"]),
        ("P2_1/n", ["P21/n monoclinic b", "P21/n monoclinic c", "P21/n monoclinic a"]),
        ("R-3m", ["R-3m:H hexagonal", "R-3m:R rhombohedral"]),
        ("R-3m:R", ["R-3m:R rhombohedral"]),
        ("Fm3m", ["Fm-3m cubic"]),
        ("I2/b", ["I2/b monoclinic c", "I2/b monoclinic a"]),
        ("F4/mmm", []),
    ],
)
def test_a_symbol_means_its_settings(printed: str, expected: list[str]) -> None:
    assert meant(printed) == expected


def test_the_other_settings_of_the_group_are_told_too() -> None:
    group = lookup_space_group("Pnma")
    assert group is not None
    own, other = printed_settings(group)
    assert len(own) == 1
    assert {s.name for s in other} == {"Pmnb", "Pbnm", "Pcmn", "Pmcn", "Pnam"}


def test_an_unknown_symbol_names_no_group() -> None:
    assert group_named("Q4/xyz") is None


def test_there_are_530_settings_of_230_groups() -> None:
    settings = all_settings()
    assert len(settings) == SETTINGS
    assert {s.number for s in settings} == set(range(1, 231))
    assert len({str(s) + s.axes for s in settings}) > 500


@pytest.mark.parametrize("hall", [1, 63, 209, 294, 409, 434, 460, 525, 530])
def test_operations_are_a_group(hall: int) -> None:
    rotations, translations = operations(hall)
    have = {_key(r, t) for r, t in zip(rotations, translations, strict=True)}
    assert len(have) == len(rotations)
    for r, t in zip(rotations[:7], translations[:7], strict=True):
        for other, shift in zip(rotations, translations, strict=True):
            assert _key(r @ other, r @ shift + t) in have


def _key(rotation: Floats, translation: Floats) -> tuple[tuple[int, ...], tuple[int, ...]]:
    numbers = np.rint(rotation).astype(int).ravel().tolist()
    parts = (np.rint(translation * 24).astype(int) % 24).tolist()
    return tuple(numbers), tuple(parts)
