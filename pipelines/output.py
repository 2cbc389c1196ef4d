"""Where a command writes: standard output, or a file that appears only once it is whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scmine.database.replacing import replacing


@contextmanager
def open_output(out: Path | None) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of ``out`` at the end, or vanishes on an error.

    None stands for standard output. A device or a pipe is written to directly.

    Raises
    ------
    OSError
        If ``out`` cannot be written; the message names it.
    """
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replacing(out) as stream:
        yield stream
