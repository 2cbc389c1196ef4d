"""Which papers of a corpus a score is taken on: those that no packaged model was trained on.

What the split is lives in ``splits``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scmine.corpora.splits import DEV, OTHER, TRAIN, part_of
from scmine.corpora.types import Paper

HELD_OUT, ALL = "held-out", "all"
CHOICES = (HELD_OUT, DEV, TRAIN, OTHER, ALL)


def choose(corpus: str, papers: Iterable[Paper], choice: str) -> list[Paper]:
    """The papers of ``choice``, one of ``CHOICES``; ``held-out`` is all but ``train``.

    Raises
    ------
    ValueError
        If there is no such choice.
    """
    if choice not in CHOICES:
        raise ValueError(f"no part {choice!r}; there are {', '.join(CHOICES)}")
    wanted = {ALL: {TRAIN, DEV, OTHER}, HELD_OUT: {DEV, OTHER}}.get(choice, {choice})
    return [p for p in papers if part_of(corpus, p.stem) in wanted]


def count_parts(corpus: str, papers: Iterable[Paper]) -> dict[str, int]:
    """How many papers are of which part; all three are named."""
    counts = Counter(part_of(corpus, p.stem) for p in papers)
    return {part: counts[part] for part in (TRAIN, DEV, OTHER)}
