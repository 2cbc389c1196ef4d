"""The files of reference sets as rows: tables and JSON, packed or not, with their line numbers.

Nothing here knows what a column means. Files come from anywhere: what is unpacked and what JSON
may hold is bounded.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from scmine.validator.references.entry import ReferenceFileError

MAX_JSON_BYTES = 2**28
"""The largest JSON that is read, unpacked: as objects it takes several times as much memory."""

MAX_TABLE_BYTES = 2**33
"""The largest table after unpacking; it is read row by row."""

HEADER_ROWS = 5
"""Within how many rows a table's column names are looked for: notes and titles may come first."""

_PEEK = 65536
_MAX_CELL = 2**24  # a CIF may stand in a cell


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table or an item of a JSON list: values by name (small letters), and its line.

    ``key`` is the item's name where JSON has names for its items.
    """

    line: int
    values: dict[str, Any]
    key: str = ""

    def text(self, name: str) -> str:
        """The value as text without blanks around it; empty if there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that does not fit the table."""

    line: int
    detail: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file looks like, from its beginning: JSON or a table with these header rows."""

    is_json: bool
    delimiter: str = ","
    headers: tuple[tuple[str, ...], ...] = ()


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, unpacked if it is gzip, bzip2 or a ZIP archive of one file.

    Raises
    ------
    ReferenceFileError
        An archive that does not hold exactly one file.
    OSError
        The file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(path) as unpacked:
            yield cast(IO[bytes], unpacked)
    elif start.startswith(b"BZh"):
        with bz2.open(path) as unpacked:
            yield unpacked
    elif start == b"PK\x03\x04":
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if not n.endswith("/")]
            names = [n for n in names if not n.startswith("__MACOSX/")]
            if len(names) != 1:
                raise ReferenceFileError(
                    f"{path}: the archive holds {len(names)} files; unpack it and name one of them"
                )
            with archive.open(names[0]) as unpacked:
                yield unpacked
    else:
        with path.open("rb") as file:
            yield file


def shape_of(path: Path) -> Shape:
    """What the beginning of the file looks like; raises as `open_bytes` does."""
    try:
        with open_bytes(path) as stream:
            start = stream.read(_PEEK)
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise ReferenceFileError(f"{path}: the archive is damaged: {error}") from error
    text = start.decode("utf-8-sig", errors="replace")
    if not text.strip():
        raise ReferenceFileError(f"{path}: the file is empty")
    if text.lstrip()[:1] in "[{":
        return Shape(is_json=True)
    lines = text.splitlines(keepends=True)
    if len(start) == _PEEK and len(lines) > 1:
        lines.pop()  # it may be cut
    head = "".join(lines[:HEADER_ROWS])
    delimiter = max("\t,;", key=head.count)
    with _wide_cells():
        rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    return Shape(False, delimiter, tuple(names_of(row) for row in rows[:HEADER_ROWS]))


def names_of(row: list[str]) -> tuple[str, ...]:
    """Column names as they are compared: without blanks around them and in small letters."""
    return tuple(cell.strip().lower() for cell in row)


def table_rows(path: Path, delimiter: str, header: tuple[str, ...]) -> Iterator[Row | BrokenRow]:
    """The rows of a table behind its header; rows before it and repeated headers are left out.

    A row with more cells than there are columns, or with fewer than half of them, is broken;
    missing cells at the end are empty.
    """
    with open_bytes(path) as stream, _wide_cells():
        bounded = _Bounded(stream, MAX_TABLE_BYTES, str(path))
        text = io.TextIOWrapper(io.BufferedReader(bounded), "utf-8-sig", "replace", newline="")
        reader = csv.reader(text, delimiter=delimiter)
        seen = False
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield BrokenRow(line, str(error))
                continue
            if names_of(cells) == header:
                seen = True
            elif seen and any(cell.strip() for cell in cells):
                yield _row(line, cells, header)


def _row(line: int, cells: list[str], header: tuple[str, ...]) -> Row | BrokenRow:
    extra = [cell for cell in cells[len(header) :] if cell.strip()]
    if extra or 2 * len(cells) < len(header):
        return BrokenRow(line, f"{len(cells)} cells for {len(header)} columns")
    return Row(line, dict(zip(header, cells, strict=False)))


def json_items(path: Path) -> list[Row]:
    """The items of a JSON list, or of an object of objects, in order; small letters as names.

    An object whose only list is one of objects (``{"entries": [...]}``) stands for that list.

    Raises
    ------
    ReferenceFileError
        The file is no JSON, or holds no list of objects.
    """
    with open_bytes(path) as stream:
        content = _Bounded(stream, MAX_JSON_BYTES, str(path)).readall()
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReferenceFileError(f"{path}: this is no valid JSON: {error}") from error
    if isinstance(data, dict):
        lists = [v for v in data.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        if len(lists) == 1:
            data = lists[0]
    if isinstance(data, dict):
        pairs = [(str(key), item) for key, item in data.items()]
    elif isinstance(data, list):
        pairs = [("", item) for item in data]
    else:
        pairs = []
    if not any(isinstance(item, dict) for _, item in pairs):
        raise ReferenceFileError(f"{path}: the JSON holds no list of objects")
    return [
        Row(number, {str(k).lower(): v for k, v in item.items()}, key)
        if isinstance(item, dict)
        else Row(number, {}, key)
        for number, (key, item) in enumerate(pairs, start=1)
    ]


class _Bounded(io.RawIOBase):
    """A stream that raises once more than ``limit`` bytes have been read from it."""

    def __init__(self, stream: IO[bytes], limit: int, name: str) -> None:
        self._stream, self._left, self._limit, self._name = stream, limit, limit, name

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes into ``buffer``; return how many."""
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise ReferenceFileError(f"{self._name}: the archive is damaged: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise ReferenceFileError(
                f"{self._name}: more than {self._limit >> 20} MiB; this is no reference set"
            )
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _wide_cells() -> Iterator[None]:
    """Let ``csv`` take long cells, and put its limit back."""
    before = csv.field_size_limit(_MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
