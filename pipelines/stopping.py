"""Signals that end a run: the first lets it end well, a second one cuts it off."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

ONE_STOP_S = 0.3
"""Signals that follow the first within this are the same stop: ``timeout`` of GNU coreutils sends
SIGTERM to its child and then to the child's process group, so that one stop arrives twice."""


@contextlib.contextmanager
def stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Within this, a first Ctrl-C or SIGTERM calls ``stop``; a second raises KeyboardInterrupt.

    Only the main thread can take signals; elsewhere the caller keeps its own handling.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    first_at: float | None = None

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal first_at
        if first_at is None:
            first_at = time.monotonic()
            stop()
        elif time.monotonic() - first_at > ONE_STOP_S:
            raise KeyboardInterrupt

    with stop_signals_taken_by(handle):
        yield


@contextlib.contextmanager
def stop_signals_taken_by(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Within this, ``handle`` takes Ctrl-C and SIGTERM; for the main thread."""
    before = {number: signal.signal(number, handle) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
