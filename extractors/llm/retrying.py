"""The pace of asking: when a server that is busy or broken is asked again, by all who ask it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

BROKEN_PAUSES = 4.0
"""The longest pause for a broken server, in first pauses."""


@dataclass
class Pace:
    """When the next request may be sent; one for each server, shared by all who ask it.

    Each fault doubles the pause, up to ``most_s``; the server's own ``Retry-After`` counts where
    it is longer than ours, up to ``most_s`` too. Faults of requests that were on their way before
    the pause began say nothing new and do not double it. Times are on the monotonic clock, in s.

    Parameters
    ----------
    first_s
        The first pause.
    most_s
        The longest pause.
    chance
        Gives numbers from 0 to 1; by them pauses are spread, so that not all ask again at once.
    """

    first_s: float = 1.0
    most_s: float = 60.0
    chance: random.Random = field(default_factory=random.Random)
    not_before: float = float("-inf")
    _paused_at: float = float("-inf")
    _level: int = 0

    def fault(
        self, now: float, sent_at: float, asked_s: float | None = None, *, is_broken: bool = False
    ) -> None:
        """A request sent at ``sent_at`` was turned away, with the wish to wait ``asked_s``.

        A server that is broken, not busy, gets short pauses: whether it comes back is soon seen.
        """
        if sent_at >= self._paused_at:
            self._level += 1
            self._paused_at = now
        own = self.first_s * 2.0 ** min(self._level - 1, 30)
        own = min(own, BROKEN_PAUSES * self.first_s) if is_broken else own
        own *= self.chance.uniform(0.5, 1.0)
        pause = min(self.most_s, max(own, asked_s or 0.0))
        self.not_before = max(self.not_before, now + pause)

    def success(self) -> None:
        """A request was answered: the next pause is a short one again."""
        self._level = 0

    def wait(self, now: float) -> float:
        """Seconds to wait before a request is sent; 0 where there is no pause."""
        left = self.not_before - now
        return left + self.chance.uniform(0, min(left, self.first_s)) if left > 0 else 0.0
