"""A worker process: takes papers from its parent one by one and sends back what was made of each.

Started by ``scmine.pipelines.workers`` and by nothing else, as
``python -P -m scmine.pipelines.worker_main RESULT_FD``. Tasks come as lines of JSON on standard
input, answers go as lines of JSON to the given file descriptor; a paper can do no more to the
parent than hand it text. How a paper is processed is not known here: the first line names the
function that makes the processor. Nothing here writes a database.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scmine.database.clean import clean
from scmine.pipelines.parent_death import outlive_nothing
from scmine.pipelines.raised import told

Processor = Callable[..., dict[str, Any]]
"""Takes a path and the SHA-256 its file should have; returns plain data (what JSON can say).

For a source that has a PDF, the path of that is the third argument. Where results are to call the
paper by another name than its path, ``name`` says it."""

_HARD_LIMIT_FACTOR = 2
_MB = 1 << 20


def main() -> int:
    """Set the limits, build the processor, then work until the parent closes standard input."""
    results = int(sys.argv[1])
    outlive_nothing()
    setup = json.loads(sys.stdin.buffer.readline() or "null")
    if setup is None:
        return 0
    _set_limits(setup["memory_MB"])
    try:
        processor = load_processor(setup["processor"], setup["options"])
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to be told
        _send(results, {"start_error": f"{type(error).__name__}: {error}"})
        return 1
    _send(results, {"ready": True})
    tasks = _tasks_in_background()
    while True:
        _send(results, _process(processor, json.loads(tasks.get())))


def load_processor(name: str, options: dict[str, Any]) -> Processor:
    """Call the factory that ``name`` ("module:function") points to with ``options``.

    The factory loads what processing needs, so that it is loaded once a worker.
    """
    module, _, function = name.partition(":")
    made: Processor = getattr(importlib.import_module(module), function)(**options)
    return made


def _process(processor: Processor, task: dict[str, Any]) -> dict[str, Any]:
    """One paper: its result, or what its processing raised."""
    _reset_peak_memory()
    started = time.perf_counter()
    answer: dict[str, Any]
    try:
        pdf = [task["pdf"]] if task["pdf"] is not None else []
        name = {"name": task["name"]} if task["name"] is not None else {}
        answer = {"result": processor(task["path"], task["doc_id"], *pdf, **name)}
    except MemoryError:
        answer = {"status": "out_of_memory", "reason": "memory could not be allocated"}
    except Exception as error:  # noqa: BLE001 - one paper must not end the run; it is named failed
        answer = {"status": "failed", "reason": told(error)}
    answer["seconds"] = time.perf_counter() - started
    answer["peak_memory_MB"] = _peak_memory_MB()
    return answer


def _send(fd: int, answer: dict[str, Any]) -> None:
    """One line of JSON, without the characters that neither JSON's readers nor databases take."""
    try:
        data = json.dumps(clean(answer), allow_nan=False).encode("ascii")
    except (TypeError, ValueError) as error:
        reason = f"the result is not plain data: {error}"
        data = json.dumps({"status": "failed", "reason": reason}).encode("ascii")
    view = memoryview(data + b"\n")
    while view:
        view = view[os.write(fd, view) :]


def _tasks_in_background() -> queue.SimpleQueue[bytes]:
    """The lines of standard input, read by a thread that ends the process where they end.

    The end means that the parent is gone or has no more work for this worker. If a paper is still
    in work then, nobody waits for it, so the process ends at once, also on systems that send no
    signal when a parent dies.
    """
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            tasks.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return tasks


def _set_limits(memory_MB: int) -> None:
    """No core dumps, and an end to memory that the parent's watch could be too slow for.

    The parent kills a worker whose resident memory passes the limit; it looks ten times a second.
    ``RLIMIT_DATA`` at twice the limit stops a single huge allocation between two looks. It counts
    writable private memory only. ``RLIMIT_AS`` would also count address space that libraries
    (onnxruntime, Arrow, the C library's arenas) reserve and never touch, which is many times what
    they use, so that any useful value kills innocent papers.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere it does not count mapped memory
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = _HARD_LIMIT_FACTOR * memory_MB * _MB
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _reset_peak_memory() -> None:
    """Make the kernel forget the peak of earlier papers (``man 5 proc_pid_clear_refs``, 5)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:  # no such file outside Linux: the peak is then that of the worker's life
        return


def _peak_memory_MB() -> float:
    """Peak resident memory in MB (2^20 bytes) since the last reset, as far as the system knows."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except (OSError, UnicodeDecodeError):
        pass  # no /proc: ask the portable way
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MB if sys.platform == "darwin" else peak / 1024


if __name__ == "__main__":
    sys.exit(main())
