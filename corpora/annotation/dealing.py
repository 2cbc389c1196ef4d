"""Who annotates what: the same few units for all, so that agreement can be told, the rest dealt."""

from __future__ import annotations

import random
from collections.abc import Sequence


def deal(count: int, annotators: Sequence[str], overlap: int, seed: int = 0) -> list[list[int]]:
    """The units of each annotator, by their index among ``count`` in the order of annotation.

    ``overlap`` units are drawn at random for all, since agreement on the most doubtful alone would
    be no figure for the rest. They come first, in their order; then each annotator gets every n-th
    of the others.

    >>> deal(6, ["a", "b"], 2)
    [[3, 5, 0, 2], [3, 5, 1, 4]]
    """
    common = sorted(random.Random(seed).sample(range(count), min(overlap, count)))
    others = [i for i in range(count) if i not in set(common)]
    return [[*common, *others[n :: len(annotators)]] for n in range(len(annotators))]
