"""Positions of sites of which not all coordinates are printed."""

from __future__ import annotations

import pytest

from scmine.validator.structures.placing import Heed, places
from scmine.validator.structures.printed_sites import printed_sites
from scmine.validator.structures.settings import settings_of_group
from scmine.validator.structures.stated import Coordinate, StatedSite, StatedStructure


@pytest.mark.parametrize(
    ("group", "site", "printed", "meant"),
    [
        (194, "4f", (None, None, 0.5683), (1 / 3, 2 / 3, 0.5683)),
        (139, "4e", (None, None, 0.36), (0, 0, 0.36)),
        (217, "8c", (0.634, None, None), (0.634, 0.634, 0.634)),
        (221, "3d", (None, None, None), (0.5, 0, 0)),
    ],
)
def test_one_variable_means_the_first_triplet_of_the_tables(
    group: int,
    site: str,
    printed: tuple[Coordinate, Coordinate, Coordinate],
    meant: tuple[float, float, float],
) -> None:
    stated = StatedStructure(sites=(StatedSite("Mg", site=site, xyz=printed),))
    hall = settings_of_group(group)[0].hall
    first = places(printed_sites(stated)[0], hall, Heed.NAME)[0]
    off = first.orbit - meant
    assert (abs(off - off.round()) < 1e-6).all(axis=1).any()
