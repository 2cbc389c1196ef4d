"""Lists of sites that do not make the formula: incomplete, or wrong for sure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.validator.structures.missing_sites import Contents, may_lack_sites

OF_CUBIC_P = frozenset({1, 3, 6, 8, 12, 24})
OF_FM3M = frozenset({4, 8, 24, 32, 48, 96, 192})


@pytest.mark.parametrize(
    ("amounts", "composition", "volume", "may"),
    [
        ({"La": 4, "H": 32}, {"La": 1, "H": 10}, 132.7, True),  # 8c is left out
        ({"La": 4, "H": 40}, {"La": 1, "H": 9}, 132.7, False),  # too many for La
        ({"La": 4, "H": 40}, {"La": 1, "H": 16}, 132.7, True),  # 24e is left out
        ({"La": 4, "H": 40}, {"La": 1, "H": 60}, 132.7, False),  # no room
        ({"La": 4}, {"Y": 1, "H": 10}, 132.7, False),  # another element
        ({"La": 4, "H": 32}, {"La": 1, "H": 10}, None, True),
        ({"La": 4, "H": 38}, {"La": 1, "H": 10}, 132.7, False),  # no position of 2
        ({"La": 4, "H": 40}, {"La": 1, "H": 10}, 132.7, False),  # nothing is lacking
    ],
)
def test_more_sites_need_room_and_positions(
    amounts: dict[str, float], composition: dict[str, float], volume: float | None, may: bool
) -> None:
    assert may_lack_sites(Contents(amounts, OF_FM3M, volume), composition, 150.0) is may


def test_no_element_need_be_complete_where_the_cell_is_far_too_large() -> None:
    listed = Contents({"Mo": 6, "S": 8}, OF_CUBIC_P, 600.0)
    assert may_lack_sites(listed, {"Mo": 1, "S": 2}, None)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["La", "H", "O"]), st.floats(0.01, 200), max_size=3),
    st.dictionaries(st.sampled_from(["La", "H", "O"]), st.floats(0.01, 200), min_size=1),
    st.floats(1, 5000) | st.none(),
)
def test_any_contents_have_an_answer(
    amounts: dict[str, float], composition: dict[str, float], volume: float | None
) -> None:
    answer = may_lack_sites(Contents(amounts, OF_CUBIC_P, volume), composition, None)
    assert answer in (True, False)
