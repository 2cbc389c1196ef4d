"""Files of records as rows: CSV, JSON lines and Parquet as scmine exports them, SuperCon²'s CSV.

Any size: they are read row by row. What a cell says is read in ``scmine.database.import_values``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from scmine.database.errors import DatabaseError
from scmine.database.export import plain_cell
from scmine.database.import_values import Reason, RowError
from scmine.database.record import COLUMNS

LONGEST_CELL = 2**24
"""Characters of a cell of CSV, and bytes of a line of JSON; a quote that is never closed makes one
cell of all that follows."""

PARQUET_BATCH = 1000

_PARQUET = b"PAR1"
_HEAD_BYTES = 65536
_SUPERCON2 = frozenset({"rawMaterial", "criticalTemperature"})
"""Columns by which SuperCon²'s CSV is told."""
_OURS = frozenset({"record_id", "doc_id", "raw_material"})
"""Columns of which an export of ours, or what was left of it, has one."""


class ImportFormat(StrEnum):
    """The formats that can be imported."""

    SUPERCON2 = "supercon2"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class ImportFileError(DatabaseError):
    """A file that holds no records that can be imported; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file: its line, or number in Parquet, counted from 1."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be taken apart."""

    line: int
    error: RowError


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: its rows, its columns, how much of it is read, and how much there is."""

    format: ImportFormat
    columns: tuple[str, ...]
    rows: Iterator[Row | BrokenRow]
    done: Callable[[], int]
    total: int


@contextmanager
def open_source(path: Path, format: ImportFormat | None = None) -> Iterator[Source]:
    """A file of records of any size; its format is told by its beginning unless given.

    Raises
    ------
    ImportFileError
        The file is empty, or is none of the formats.
    OSError
        The file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        stream.seek(0)
        if not head.strip():
            raise ImportFileError(f"{path}: the file is empty")
        found = format or _format_of(path, head)
        size = path.stat().st_size
        if found is ImportFormat.PARQUET:
            yield _parquet(path)
        elif found is ImportFormat.JSONL:
            columns = _checked(path, _json_columns(head), _OURS)
            yield Source(found, columns, _json_lines(stream), stream.tell, size)
        else:
            needed = _SUPERCON2 if found is ImportFormat.SUPERCON2 else _OURS
            header = _header(head)
            _checked(path, header, needed)
            with _wide_cells():
                rows = _csv_rows(stream, header, _delimiter(head))
                # Closed here, while the stream is open, also where not all rows are taken.
                with closing(rows):
                    yield Source(found, header, rows, stream.tell, size)


def _format_of(path: Path, head: bytes) -> ImportFormat:
    if head.startswith(_PARQUET):
        return ImportFormat.PARQUET
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        return ImportFormat.JSONL
    if start == b"[":
        raise ImportFileError(
            f"{path}: this is one JSON list; write one object a line (JSON lines) instead"
        )
    header = set(_header(head))
    if header >= _SUPERCON2:
        return ImportFormat.SUPERCON2
    if header & _OURS:
        return ImportFormat.CSV
    raise ImportFileError(
        f"{path}: neither an export of scmine nor of SuperCon²: no column is called raw_material "
        "or rawMaterial. scmine check reads tables of other shapes"
    )


def _checked(path: Path, columns: tuple[str, ...], needed: frozenset[str]) -> tuple[str, ...]:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise ImportFileError(f"{path}: two columns are called {', '.join(twice)}")
    if not needed & set(columns):
        listed = ", ".join(sorted(needed))
        raise ImportFileError(f"{path}: of the columns {listed} there is none in the file")
    return columns


def _first_line(head: bytes) -> str:
    text = head.decode("utf-8-sig", errors="replace")
    return text.splitlines()[0] if text else ""


def _delimiter(head: bytes) -> str:
    return max(",;\t", key=_first_line(head).count)


def _header(head: bytes) -> tuple[str, ...]:
    rows = csv.reader([_first_line(head)], delimiter=_delimiter(head))
    return tuple(plain_cell(name).strip() for name in next(rows, []))


def _json_columns(head: bytes) -> tuple[str, ...]:
    """The keys of the first line, as far as it can be read; other lines may have others."""
    line = _first_line(head)
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        # The line may be broken, or longer than what was looked at.
        return tuple(name for name in COLUMNS if f'"{name}"' in line)
    return tuple(first) if isinstance(first, dict) else ()


@contextmanager
def _wide_cells() -> Iterator[None]:
    """Let ``csv`` take long cells, and put its limit back."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _csv_rows(
    stream: IO[bytes], header: tuple[str, ...], delimiter: str
) -> Generator[Row | BrokenRow, None, None]:
    # Bytes that are no UTF-8 become lone surrogates, by which their row is found.
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
    try:
        yield from _csv_cells(csv.reader(text, delimiter=delimiter), header)
    finally:
        text.detach()  # it would close the stream


def _csv_cells(reader: Any, header: tuple[str, ...]) -> Iterator[Row | BrokenRow]:
    first = True
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BrokenRow(line, RowError(Reason.NOT_A_ROW, str(error)))
            continue
        if first or not any(cell.strip() for cell in cells):
            first = False
            continue
        if len(cells) != len(header):
            detail = f"{len(cells)} cells, the header has {len(header)}"
            yield BrokenRow(line, RowError(Reason.CELL_COUNT, detail))
        elif any(_has_surrogates(cell) for cell in cells):
            yield BrokenRow(line, RowError(Reason.NOT_UTF8))
        else:
            row = dict(zip(header, map(plain_cell, cells), strict=True))
            # An empty cell says nothing; in CSV that and an empty text are the same.
            yield Row(line, {name: cell or None for name, cell in row.items()})


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)


def _json_lines(stream: IO[bytes]) -> Iterator[Row | BrokenRow]:
    number = 0
    while raw := stream.readline(LONGEST_CELL + 1):
        number += 1
        if len(raw) > LONGEST_CELL:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_CELL)
            yield BrokenRow(number, RowError(Reason.TOO_LONG, f"more than {LONGEST_CELL} bytes"))
            continue
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            yield BrokenRow(number, RowError(Reason.NOT_UTF8))
            continue
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield BrokenRow(number, RowError(Reason.NOT_A_ROW, f"no JSON: {error}"))
            continue
        if isinstance(values, dict):
            yield Row(number, values)
        else:
            yield BrokenRow(number, RowError(Reason.NOT_A_ROW, "no JSON object"))


def _parquet(path: Path) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        columns = _checked(path, tuple(file.schema_arrow.names), _OURS)
    except (pa.ArrowException, OSError) as error:
        raise ImportFileError(f"{path}: this Parquet file cannot be read: {error}") from error
    done = 0

    def rows() -> Iterator[Row | BrokenRow]:
        nonlocal done
        try:
            for batch in file.iter_batches(PARQUET_BATCH):
                for values in batch.to_pylist():
                    done += 1
                    yield Row(done, values)
        except (pa.ArrowException, OSError) as error:
            raise ImportFileError(
                f"{path}: this Parquet file is damaged behind row {done}: {error}"
            ) from error

    return Source(ImportFormat.PARQUET, columns, rows(), lambda: done, file.metadata.num_rows)
