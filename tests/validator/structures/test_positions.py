"""The table of Wyckoff positions against the operations of all 530 settings."""

from __future__ import annotations

import numpy as np
import pytest

from scmine.validator.structures.orbits import orbit
from scmine.validator.structures.placing import letter_of
from scmine.validator.structures.positions import position, positions
from scmine.validator.structures.settings import SETTINGS, operations, settings_of_group


def test_every_position_has_as_many_points_as_its_multiplicity_says() -> None:
    generator = np.random.default_rng(0)
    for hall in range(1, SETTINGS + 1):
        for p in positions(hall):
            xyz = p.matrices[0] @ generator.random(3) + p.shifts[0]
            assert len(orbit(xyz, operations(hall))) == p.multiplicity, (hall, p.name)
            assert letter_of(xyz, hall) == p.letter


@pytest.mark.parametrize(
    ("number", "index", "letter", "multiplicity", "form"),
    [
        (129, 1, "c", 2, "1/4,1/4,z"),
        (129, 0, "c", 2, "0,1/2,z"),
        (139, 0, "e", 4, "0,0,z"),
        (194, 0, "k", 12, "x,2x,z"),
        (225, 0, "f", 32, "x,x,x"),
        (227, 1, "a", 8, "1/8,1/8,1/8"),
        (62, 0, "c", 4, "x,1/4,z"),
        (166, 0, "c", 6, "0,0,z"),
        (47, 0, "A", 8, "x,y,z"),
    ],
)
def test_positions_of_the_tables(
    number: int, index: int, letter: str, multiplicity: int, form: str
) -> None:
    found = position(settings_of_group(number)[index].hall, letter)
    assert found is not None
    assert (found.multiplicity, found.form) == (multiplicity, form)


def test_a_letter_that_the_setting_lacks_is_none() -> None:
    assert position(settings_of_group(225)[0].hall, "z") is None


def test_the_triplets_of_a_position_fulfil_their_conditions() -> None:
    hall = settings_of_group(194)[0].hall
    for p in positions(hall):
        free = np.array([0.11, 0.23, 0.37])
        points = p.matrices @ free + p.shifts
        residues = np.einsum("kij,kj->ki", p.conditions, points - p.shifts)
        assert np.allclose(residues, np.rint(residues))
