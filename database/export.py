"""Writing records to files that other programs read: CSV, JSON lines, Parquet, SuperCon².

Any records, from a database or not. What SuperCon²'s columns hold lives in
``scmine.database.supercon2``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

from scmine.database.columns import column_types
from scmine.database.record import COLUMNS, Record
from scmine.database.replacing import replacing
from scmine.database.supercon2 import SUPERCON2_COLUMNS, supercon2_row

SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
"""The format that the end of a file's name stands for."""

PARQUET_BATCH = 10_000
"""Records in a row group of a Parquet file; so many are in memory at a time."""

_RISKY_STARTS = "=+-@\t\r\n'"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class MoreColumns:
    """Columns that an export gets behind those of the record.

    ``types`` are as `scmine.database.columns.column_types` has them; ``values`` gives a record's
    value for each of them.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    values: Callable[[Record], Mapping[str, Any]] = lambda _: {}

    def row(self, record: Record) -> dict[str, Any]:
        """The record's own columns and these."""
        return {**record.to_row(), **self.values(record)}


def export_records(
    records: Iterable[Record],
    format: str | None = None,
    out: Path | None = None,
    more: MoreColumns | None = None,
) -> int:
    """Write records to a file or to standard output; return how many were written.

    They are written as they come, so any number fits into memory. A file appears, or is replaced,
    only once all is written.

    Parameters
    ----------
    records
        What to write, in this order.
    format
        ``csv`` (all columns; lists and maps as JSON; empty where nothing is known), ``jsonl`` (one
        JSON object a line), ``parquet`` (typed columns; lists and maps as JSON), or ``supercon2``
        (CSV with SuperCon²'s columns; claims of a Tc only). If None, the end of the name of
        ``out`` tells.
    out
        The file; standard output if None. A device or a pipe is written to directly.
    more
        Columns to add behind those of the record; ``supercon2`` takes none.

    Raises
    ------
    ValueError
        An unknown format or end of a name, Parquet to standard output, which it cannot do, or
        columns added to ``supercon2``.
    OSError
        ``out`` cannot be written.

    Notes
    -----
    Papers are untrusted and CSV is opened in spreadsheets, which run a cell that starts with
    ``=``, ``+``, ``-`` or ``@`` as a formula. In both CSV formats a cell that starts with one of
    these, with a tab, a line break or an apostrophe, and is not a plain number such as ``-3``,
    gets an apostrophe before it. Dropping one leading apostrophe gives back what the paper
    printed; JSON lines and Parquet hold it unchanged.
    """
    write = _WRITERS[_format_name(format, out)]
    if more is not None and write is _write_supercon2:
        raise ValueError("supercon2 has columns of its own: add columns to another format")
    more = more or MoreColumns()
    if out is not None:
        with replacing(Path(out)) as stream:
            return write(records, stream, more)
    if write is _write_parquet:
        raise ValueError("parquet cannot go to standard output: name a file to write to")
    count = write(records, sys.stdout.buffer, more)
    sys.stdout.buffer.flush()
    return count


def _format_name(format: str | None, out: Path | None) -> str:
    if format is None:
        if out is None:
            raise ValueError(f"name a format: one of {', '.join(FORMATS)}")
        suffix = Path(out).suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(
                f"{out}: the end of the name tells no format; use one of {', '.join(SUFFIXES)}, "
                f"or name a format: one of {', '.join(FORMATS)}"
            )
        return SUFFIXES[suffix]
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}: use one of {', '.join(FORMATS)}")
    return format


@contextmanager
def _as_text(stream: BinaryIO) -> Iterator[io.TextIOWrapper]:
    """``stream`` for text in UTF-8, whatever the locale says; it stays open."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def _write_jsonl(records: Iterable[Record], stream: BinaryIO, more: MoreColumns) -> int:
    count = 0
    with _as_text(stream) as text:
        for record in records:
            json.dump(more.row(record), text, ensure_ascii=False, allow_nan=False)
            text.write("\n")
            count += 1
    return count


def _write_csv(records: Iterable[Record], stream: BinaryIO, more: MoreColumns) -> int:
    rows = (_flat(more.row(record)).values() for record in records)
    return write_rows((*COLUMNS, *more.types), rows, stream)


def _write_supercon2(records: Iterable[Record], stream: BinaryIO, _more: MoreColumns) -> int:
    rows = (row.values() for row in map(supercon2_row, records) if row is not None)
    return write_rows(SUPERCON2_COLUMNS, rows, stream)


def write_rows(header: Sequence[str], rows: Iterable[Iterable[Any]], stream: BinaryIO) -> int:
    """Write a table as CSV that is safe in spreadsheets; return how many rows it has."""
    count = 0
    with _as_text(stream) as text:
        # Rows end in CR LF, as RFC 4180 has it; the writer then also quotes cells with a bare CR.
        writer = csv.writer(text)
        writer.writerow(header)
        for row in rows:
            writer.writerow([safe_cell(value) for value in row])
            count += 1
    return count


def safe_cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("-3"), safe_cell(-3.5), safe_cell(None), safe_cell(True)
    ("'=1+1", '-3', '-3.5', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if text.startswith(tuple(_RISKY_STARTS)) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given for ``cell``: without the apostrophe that it put before it.

    >>> plain_cell("'=1+1"), plain_cell("'tis"), plain_cell("-3")
    ('=1+1', "'tis", '-3')
    """
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """``row`` with lists and maps as JSON text."""
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for name, value in row.items()
    }


class ParquetRows:
    """A Parquet file that takes records as they come; close it, or use it in a ``with`` statement.

    Lists and maps are JSON text. As many records are in memory as a row group has. ``count`` are
    the records taken so far; ``arrow_bytes`` is what those that are written take in Arrow.
    """

    def __init__(self, stream: BinaryIO, more: MoreColumns | None = None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        arrow = {"number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
        self._more = more or MoreColumns()
        types = {**column_types(), **self._more.types}
        self._schema = pa.schema([(n, arrow.get(kind, pa.string())) for n, kind in types.items()])
        self._table = pa.Table
        self._writer = pq.ParquetWriter(stream, self._schema)
        self._rows: list[dict[str, Any]] = []
        self.count = self.arrow_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def add(self, record: Record) -> None:
        """Write a record, sooner or later."""
        self._rows.append(_flat(self._more.row(record)))
        self.count += 1
        if len(self._rows) >= PARQUET_BATCH:
            self._flush()

    def close(self) -> None:
        """Write what is left, and the file's end."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            table = self._table.from_pylist(self._rows, schema=self._schema)
            self._writer.write_table(table)
            self.arrow_bytes += table.nbytes
            self._rows = []


def _write_parquet(records: Iterable[Record], stream: BinaryIO, more: MoreColumns) -> int:
    with ParquetRows(stream, more) as rows:
        for record in records:
            rows.add(record)
    return rows.count


_WRITERS: dict[str, Callable[[Iterable[Record], BinaryIO, MoreColumns], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
    "supercon2": _write_supercon2,
}
FORMATS = tuple(_WRITERS)
"""The formats that records can be written in."""
