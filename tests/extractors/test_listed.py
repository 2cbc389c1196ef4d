"""Lists: runs of neighbours."""

from __future__ import annotations

from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.listed import runs_of


@given(st.lists(st.integers(0, 9)))
def test_runs_keep_all_members_and_break_only_where_denied(members: list[int]) -> None:
    runs = runs_of(members, lambda a, b: b >= a)
    assert list(chain.from_iterable(runs)) == members
    assert all(b >= a for run in runs for a, b in pairwise(run))
    assert all(second[0] < first[-1] for first, second in pairwise(runs))
