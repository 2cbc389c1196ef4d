"""A worker process for batches of plain data: ``python -P -m scmine.pipelines.batch_worker_main``.

Started by ``scmine.pipelines.batch_workers`` and by nothing else, with the file descriptor for its
answers as argument. The first line of standard input names the factory of what it runs, each
further line is a batch. Lines are JSON both ways.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from scmine.pipelines.parent_death import outlive_nothing


def main() -> int:
    """Make the function, then answer batches until standard input ends."""
    outlive_nothing()
    with os.fdopen(int(sys.argv[1]), "wb") as answers:
        setup = json.loads(sys.stdin.buffer.readline() or "null")
        if setup is None:
            return 0
        module, _, factory = setup["factory"].partition(":")
        try:
            function = getattr(importlib.import_module(module), factory)(**setup["options"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to be told
            _send(answers, {"start_error": f"{type(error).__name__}: {error}"})
            return 1
        _send(answers, {"ready": True})
        for line in sys.stdin.buffer:
            _send(answers, function(json.loads(line)))
    return 0


def _send(stream: Any, answer: Any) -> None:
    stream.write(json.dumps(answer).encode("ascii") + b"\n")
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
