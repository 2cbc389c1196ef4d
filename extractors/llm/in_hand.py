"""What a thread has in hand, so that no two threads of a process do the same work at once.

What the work is stands elsewhere; processes do not see each other's names here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class InHand:
    """Names that are in the hands of a thread. Its methods may be called from any thread.

    >>> in_hand = InHand()
    >>> with in_hand.holding({"a", "b"}):
    ...     pass
    """

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def holding(self, names: Iterable[str]) -> Iterator[None]:
        """Wait until none of ``names`` is in other hands, then hold them all.

        All are taken at once: threads that want some of the same do not wait for each other in
        a ring.
        """
        wanted = frozenset(names)
        with self._changed:
            self._changed.wait_for(lambda: not wanted & self._held)
            self._held |= wanted
        try:
            yield
        finally:
            with self._changed:
                self._held -= wanted
                self._changed.notify_all()
