"""Where a command writes: standard output, or a file that appears only once it is whole."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


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
    if out.is_dir():
        raise IsADirectoryError(f"{out}: this is a folder; name a file")
    if out.exists() and not out.is_file():
        with out.open("wb") as stream:  # renaming onto /dev/null would destroy it
            yield stream
        return
    target = out.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{out}: there is no folder {target.parent}; make it first")
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except PermissionError as error:
        raise PermissionError(f"{out}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
