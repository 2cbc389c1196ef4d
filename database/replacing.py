"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of ``out`` at the end, or vanishes on an error.

    Raises
    ------
    IsADirectoryError, FileNotFoundError, PermissionError
        If ``out`` is a folder, stands in no folder, or cannot be written.
    """
    if out.is_dir():
        raise IsADirectoryError(f"{out}: this is a folder; name a file")
    if out.exists() and not out.is_file():
        with out.open("wb") as stream:  # renaming onto a device such as /dev/null would destroy it
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
