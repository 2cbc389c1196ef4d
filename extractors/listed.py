"""Lists in running text: neighbours that stand in a row, parted from those that do not.

What may stand between two members of a list is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Member = TypeVar("Member")


def runs_of(
    members: Sequence[Member], go_on: Callable[[Member, Member], bool]
) -> list[list[Member]]:
    """``members`` in order, parted wherever ``go_on`` denies that one lists the next.

    >>> runs_of([1, 2, 4, 5, 9], lambda a, b: b == a + 1)
    [[1, 2], [4, 5], [9]]
    """
    runs: list[list[Member]] = []
    for member in members:
        if runs and go_on(runs[-1][-1], member):
            runs[-1].append(member)
        else:
            runs.append([member])
    return runs
