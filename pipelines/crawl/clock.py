"""The time of a crawl: the system's, or one that a test moves."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


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
        """Seconds since the machine was started, those in which it slept too where that is told."""
        boot_time = getattr(time, "CLOCK_BOOTTIME", None)  # of Linux alone
        return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(max(0.0, seconds))


def boot_id() -> str:
    """What tells this start of the machine from others, as far as the system says it."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""
