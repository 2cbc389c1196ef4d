"""What workers run in the tests of batches: it does what each item says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any


def make_echo(**options: Any) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Answers each item with itself, the options and what it runs in; may sleep or die before."""
    if options.get("fail"):
        raise ValueError("no model here")
    if options.get("die"):
        os._exit(3)

    def answer(batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for item in batch:
            time.sleep(item.get("sleep", 0))
            if item.get("die"):
                os._exit(7)
        about = {"pid": os.getpid(), "variables": sorted(os.environ)}
        return [item | options | about for item in batch]

    return answer
