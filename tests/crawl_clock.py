"""The clock of a crawl as tests move it: waiting takes no time, and the time of day can jump."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2024, 6, 3, 6, 0, tzinfo=UTC)


class CrawlClock:
    """A clock that stands still until somebody waits or moves it; threads may share it.

    ``slept`` has all waits in seconds, in order. ``on_sleep`` is called with each wait before the
    time moves, for tests that let something happen then.
    """

    def __init__(self, start: datetime = START) -> None:
        self.slept: list[float] = []
        self.on_sleep: Callable[[float], None] | None = None
        self._now = start
        self._monotonic_s = 1000.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time of day."""
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        """Seconds that were slept or passed, which jumps do not change."""
        with self._lock:
            return self._monotonic_s

    def sleep(self, seconds: float) -> None:
        """Be later at once."""
        if self.on_sleep is not None:
            self.on_sleep(seconds)
        with self._lock:
            self.slept.append(seconds)
        self.move(max(0.0, seconds))

    def move(self, seconds: float) -> None:
        """Let time pass without anybody waiting."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic_s += seconds

    def jump(self, seconds: float) -> None:
        """Set the time of day forward, or back, as a person or a time server does."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
