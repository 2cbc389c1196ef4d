"""A worker process that does not outlive its parent, and leaves Ctrl-C to it."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def outlive_nothing() -> None:
    """Die with the parent, also when it is killed while work keeps the interpreter busy.

    Linux only; elsewhere a worker ends when its standard input does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
