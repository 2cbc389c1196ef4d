"""A processor whose papers say what is to happen to them; workers import it by name."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scmine.extractors import PIPELINE_VERSION
from scmine.pipelines.find import shown


def make_processor() -> Callable[..., dict[str, Any]]:
    return process


def make_none() -> Callable[..., dict[str, Any]]:
    raise ImportError("a library is missing")


def make_dead() -> Callable[..., dict[str, Any]]:
    os._exit(7)


def process(path: str, doc_id: str, *, name: str | None = None) -> dict[str, Any]:
    """The first word of the file is a deed, the rest its argument."""
    deed, _, argument = Path(path).read_text(encoding="latin-1").strip().partition(" ")
    DEEDS.get(deed, lambda argument: None)(argument)
    if deed == "changed":
        doc_id = "0" * 64
    tc = "warm" if deed == "nonsense" else 39.0
    record: dict[str, Any] = {
        "record_id": doc_id[:20],
        "doc_id": doc_id,
        "raw_material": deed,
        "tc_K": tc,
    }
    if deed == "huge":
        record["page"] = 10**30
    answer = {
        "doc_id": doc_id,
        "path": shown(name or path),
        "reader": "faulty",
        "status": "done",
        "pipeline_version": PIPELINE_VERSION,
        "steps": {"read": 0.5},
        "records": [record | {"path": shown(name or path)}],
    }
    return answer | ODD_ANSWERS.get(deed, {})


def tell_names(argument: str) -> None:
    """Say what this process has in its environment."""
    raise ValueError(" ".join(name for name in os.environ if argument in name))


def eat(argument: str) -> None:
    """Grow page by page, as a leak does."""
    kept = []
    while True:
        kept.append(bytearray(os.urandom(1 << 12) * (1 << 11)))
        time.sleep(0.005)


def grab(argument: str) -> None:
    """Ask for more than there is in one go."""
    bytearray(64 << 30)


def garble(argument: str) -> None:
    """Write what is no answer to each pipe there may be."""
    for fd in sorted(int(name) for name in os.listdir("/dev/fd")):
        if fd < 3:
            continue
        try:
            os.write(fd, b"\x80\x04cos\nsystem\n(S'true'\ntR.\n")
        except OSError:
            continue


def chatter(argument: str) -> None:
    """What careless libraries do."""
    print("{}", flush=True)
    os.write(1, b"not an answer\n")
    os.write(2, b"not an answer\n")


def fail(argument: str) -> None:
    raise ValueError(f"no good: {argument}\x1b[31m\ud800\n second line")


def core(argument: str) -> None:
    raise ValueError(resource.getrlimit(resource.RLIMIT_CORE))


def sleep(argument: str) -> None:
    time.sleep(float(argument))


def spin(argument: str) -> None:
    """Hang without ever sleeping."""
    while True:
        pass


def spawn(argument: str) -> None:
    """Leave a child behind and die."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(argument).write_text(str(child.pid), encoding="ascii")
    os._exit(3)


def orphan(argument: str) -> None:
    """Kill whoever started this process."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


ODD_ANSWERS: dict[str, dict[str, Any]] = {
    "splendid": {"status": "splendid"},
    "scan": {"status": "needs_ocr", "reason": "no text", "records": []},
    "silent": {"records": []},
    "elsewhere": {"path": "another.pdf", "records": []},
    "outdated": {"pipeline_version": "0.0", "records": []},
}
"""What the answer says differently, by deed."""

DEEDS: dict[str, Callable[[str], None]] = {
    "hang": lambda argument: time.sleep(3600),
    "spin": spin,
    "segfault": lambda argument: ctypes.string_at(0) and None,
    "exit": lambda argument: os._exit(0),
    "sleep": sleep,
    "names": tell_names,
    "eat": eat,
    "grab": grab,
    "garble": garble,
    "chatter": chatter,
    "fail": fail,
    "core": core,
    "spawn": spawn,
    "orphan": orphan,
}
