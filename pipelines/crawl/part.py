"""A file that is on its way: what has come of it is kept between the tries of one download.

What is missing is asked for only where the server has told by what it knows this very file again
(RFC 9110, 13.1.5 and 14); otherwise, and whenever its answer does not fit, the file comes anew.
"""

from __future__ import annotations

import glob
import os
import re
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path

from scmine.pipelines.crawl.connection import PassingError, Reply, number
from scmine.pipelines.crawl.errors import NotKeptError

LEFT_BEHIND_S = 86400.0
"""Parts that are older were left by a process that was killed."""
_SURE_S = 60.0
"""A time of change is only a mark of a file that is older than this (RFC 9110, 8.8.2.2)."""
_STRONG = re.compile(r'"[\x21\x23-\x7e]{0,1000}"')
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class PartFile:
    """The part of a file that has come, beside the place ``to`` that the whole will have.

    Within a ``with`` statement, at whose end it is removed.
    """

    def __init__(self, to: Path, most: int) -> None:
        self._to = to
        # Crawls into two databases may fetch one paper to one folder.
        self._path = to.with_name(f"{to.name}.{os.getpid()}.part")
        self._most = most
        self._size = 0
        self._mark: str | None = None
        self._whole: int | None = None
        self.media_type = ""

    def __enter__(self) -> PartFile:
        try:
            self._to.parent.mkdir(parents=True, exist_ok=True)
            for left in self._to.parent.glob(f"{glob.escape(self._to.name)}.*.part"):
                if time.time() - left.stat().st_mtime > LEFT_BEHIND_S:
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise self._not_kept(error) from error
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self._path.unlink()

    def headers(self) -> dict[str, str]:
        """What a request adds to be answered with the rest only; nothing if all is to come."""
        if not self._size or self._mark is None:
            return {}
        return {"Range": f"bytes={self._size}-", "If-Range": self._mark}

    def take(self, reply: Reply) -> None:
        """Take in what comes: the rest where that was asked for, or the whole.

        Raises
        ------
        PassingError
            Something is missing.
        scmine.pipelines.crawl.errors.BrokenAnswerError
            The file is too large.
        NotKeptError
            The file cannot be written.
        """
        if reply.status == 416:
            self._forget()
            raise PassingError("the server does not have the rest of the file")
        if reply.status == 206:
            self._check_rest(reply)
        else:
            self._forget()
            self._mark, self.media_type = _mark(reply), reply.media_type
            self._whole = number(reply.headers.get("Content-Length", ""))
        chunks = reply.chunks(self._most, self._size)
        try:
            with self._path.open("ab" if self._size else "wb") as stream:
                for chunk in chunks:
                    stream.write(chunk)
                    self._size += len(chunk)
        except OSError as error:
            raise self._not_kept(error) from error
        if self._whole is not None and self._size != self._whole:
            words = f"{self._size} of {self._whole} bytes came"
            self._forget()
            raise PassingError(words)

    def keep(self) -> int:
        """Put the whole file to its place; its size in bytes."""
        try:
            with self._path.open("rb+") as stream:
                os.fsync(stream.fileno())
            self._path.replace(self._to)
        except OSError as error:
            raise self._not_kept(error) from error
        return self._size

    def _check_rest(self, reply: Reply) -> None:
        """Let only what follows here pass."""
        match = _RANGE.fullmatch(reply.headers.get("Content-Range", "").strip())
        mark = _mark(reply)
        fits = match is not None and int(match[1]) == self._size and int(match[2]) >= self._size
        if match is not None and match[3] != "*" and self._whole is not None:
            fits = fits and int(match[3]) == self._whole
        if not fits or mark not in (None, self._mark):
            self._forget()
            raise PassingError("the server sends another part of the file than the rest")

    def _forget(self) -> None:
        """Begin anew."""
        self._size, self._mark, self._whole, self.media_type = 0, None, None, ""

    def _not_kept(self, error: OSError) -> NotKeptError:
        return NotKeptError(f"{self._to}: cannot be written: {error.strerror or error}")


def _mark(reply: Reply) -> str | None:
    """By what the server knows this very file again; None if it does not say, or not surely."""
    tag = reply.headers.get("ETag", "").strip()
    if tag:
        return tag if _STRONG.fullmatch(tag) else None
    changed = reply.headers.get("Last-Modified", "").strip()
    try:
        age = parsedate_to_datetime(reply.headers.get("Date", "")) - parsedate_to_datetime(changed)
    except (TypeError, ValueError, OverflowError):
        return None
    return changed if age.total_seconds() >= _SURE_S and changed.isascii() else None
