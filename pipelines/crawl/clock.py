"""The time of a crawl: the system's, or one that a test moves."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> datetime:
        """The time of day, with its zone (UTC); it may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment that all processes of this machine share; it never jumps."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a clock of a test moves on at once."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time of day, with its zone (UTC)."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since the machine was started."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(max(0.0, seconds))
