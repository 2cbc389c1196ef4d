"""Every gold mention is counted once, and what stands alone is missed or extra."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.confusion import EXTRA, MISSED, best_match, confusion

SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 5), st.sampled_from(["a", "b"])).map(
        lambda s: (s[0], s[0] + s[1], s[2])
    ),
    max_size=8,
)


def test_the_longest_overlap_decides() -> None:
    gold = [(0, 10, "a")]
    assert confusion([(gold, [(0, 4, "a"), (4, 10, "b")])]).rows() == {"a": {"b": 1}}
    assert best_match((0, 4, "a"), [(0, 2, "b"), (2, 4, "a")]) == (2, 4, "a")


@given(SPANS, SPANS)
def test_each_gold_mention_counts_once(
    gold: list[tuple[int, int, str]], found: list[tuple[int, int, str]]
) -> None:
    counts = confusion([(gold, found)]).counts
    assert sum(n for (label, _), n in counts.items() if label != EXTRA) == len(gold)
    extra = sum(n for (label, _), n in counts.items() if label == EXTRA)
    assert extra == sum(best_match(span, gold) is None for span in found)
    assert (EXTRA, MISSED) not in counts
