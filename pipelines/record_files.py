"""Records from files of anybody: CSV, JSON lines, Parquet, and databases of scmine.

Opens and parses; what a row says is read in ``record_columns``. Nothing is lost: what cannot be
read is handed on with its line and the reason.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from scmine.database.record import Record
from scmine.database.store import Database
from scmine.pipelines.record_columns import ColumnMap

LARGEST_CELL = 16 * 1024 * 1024
"""Characters of a CSV cell; a quote that is never closed makes one of all that follows."""

_SQLITE = b"SQLite format 3\x00"
_PARQUET = b"PAR1"
_JSON_LINES = (".jsonl", ".ndjson", ".json")
_DELIMITERS = ",;\t|"
_DECIMAL_POINT = re.compile(
    r"(?:^|[;\t|])[ \"]{0,4}\d{1,12}\.\d{1,12}[ \"]{0,4}(?:[;\t|]|$)", re.MULTILINE
)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


class UnreadableFileError(ValueError):
    """A file that holds no table of records; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a source: its record, or None, and what could not be read of it.

    ``where`` is the line or the row, counted from 1 as an editor counts, or the record's id;
    ``tc_unknown`` as of a `Reading`.
    """

    where: str
    record: Record | None
    problems: tuple[str, ...] = ()
    tc_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows as items, and how its columns are read."""

    columns: ColumnMap
    items: Iterator[Item]
    note: str = ""


def is_database(target: str) -> bool:
    """Whether ``target`` is a database: a URL, or a file of SQLite."""
    if "://" in target:
        return True
    path = Path(target)
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


def database_items(database: Database) -> Iterator[Item]:
    """The records of a database, those of a document together."""
    for record in database.records():
        yield Item(record.record_id, record)


def open_table(path: Path, given: Mapping[str, str] | None = None) -> Table:
    """A file of records of any kind, told by its beginning and its name.

    Parameters
    ----------
    path
        CSV (also with semicolons or tabs), JSON lines or one JSON list, or Parquet.
    given
        Columns that the user names, ours to theirs.

    Raises
    ------
    UnreadableFileError
        The file is empty, no table, or has no column that names a material.
    ColumnsError
        ``given`` names a column that is not there, or a field that is none of ours.
    OSError
        The file cannot be read.
    """
    with path.open("rb") as stream:
        begin = stream.read(len(_PARQUET))
    if begin == _PARQUET:
        return _parquet(path, given)
    text, note = _decoded(path)
    if not text.strip():
        raise UnreadableFileError(f"{path}: the file is empty")
    if path.suffix.lower() in _JSON_LINES or text.lstrip()[:1] in "{[":
        return _json(path, text, given)
    return _csv(path, text, given, note)


def _decoded(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return raw.decode("latin-1"), "no UTF-8, read as Latin-1"


def _checked(path: Path, columns: ColumnMap, header: Sequence[str]) -> ColumnMap:
    if not columns.is_own and not columns.fields.keys() & {"raw_material", "formula"}:
        listed = ", ".join(header) or "none"
        raise UnreadableFileError(
            f"{path}: no column names a material; the columns are: {listed}. "
            "Say which one does: --columns raw_material=COLUMN"
        )
    return columns


def _csv(path: Path, text: str, given: Mapping[str, str] | None, note: str) -> Table:
    csv.field_size_limit(LARGEST_CELL)
    text = text.replace("\x00", "")
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [_unescaped(name).strip() for name in next(reader)]
    except (csv.Error, StopIteration) as error:
        raise UnreadableFileError(f"{path}: no CSV: {error}") from error
    columns = _checked(path, ColumnMap.of(header, given), header)
    # Where the comma parts no cells and no cell has a decimal point, it is the decimal one.
    comma = delimiter != "," and not _DECIMAL_POINT.search(text)
    columns = replace(columns, decimal_comma=comma)
    return Table(columns, _csv_items(reader, header, columns, str(path)), note)


def _csv_items(reader: Any, header: list[str], columns: ColumnMap, source: str) -> Iterator[Item]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Item(f"line {line}", None, (f"no CSV: {error}",))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        problems: tuple[str, ...] = ()
        if len(cells) != len(header):
            problems = (f"{len(cells)} cells, the header has {len(header)}",)
            if len(cells) < len(header) / 2 or reader.line_num - line > 50:
                yield Item(f"line {line}", None, problems)
                continue
        row = {name: _unescaped(cell) for name, cell in zip(header, cells, strict=False)}
        yield _item(columns, row, line, source, problems)


def _unescaped(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _item(
    columns: ColumnMap,
    row: Mapping[str, Any],
    number: int,
    source: str,
    problems: tuple[str, ...] = (),
    counted: str = "line",
) -> Item:
    reading = columns.read(row, number, source)
    told = (*problems, *reading.problems)
    return Item(f"{counted} {number}", reading.record, told, reading.tc_unknown)


def _json(path: Path, text: str, given: Mapping[str, str] | None) -> Table:
    rows: Iterable[tuple[int, Any, str]]
    counted = "line"
    entries = _json_list(path, text)
    if entries is None:
        rows = _json_lines(text)
    else:
        rows = [(n, row, "") for n, row in enumerate(entries, start=1)]
        counted = "entry"
    rows = iter(rows)
    before: list[tuple[int, Any, str]] = []
    for entry in rows:
        before.append(entry)
        if isinstance(entry[1], dict):
            break
    first = before[-1][1] if before else None
    if not isinstance(first, dict):
        raise UnreadableFileError(f"{path}: no line holds a JSON object")
    columns = _checked(path, ColumnMap.of(list(first), given), list(first))
    return Table(columns, _json_items(chain(before, rows), columns, str(path), counted))


def _json_list(path: Path, text: str) -> list[Any] | None:
    """The entries of a file that is one JSON list, or one object of entries by name.

    None for JSON lines, whose first line is an object of its own.
    """
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise UnreadableFileError(f"{path}: no JSON: nested too deep") from error
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("["):
            raise UnreadableFileError(f"{path}: no JSON: {error}") from error
        return None
    if isinstance(whole, list):
        return whole
    entries = list(whole.values()) if isinstance(whole, dict) else []
    lists = [value for value in entries if isinstance(value, list)]
    if len(lists) == 1 and all(isinstance(entry, dict) for entry in lists[0]):
        return lists[0]
    return entries if entries and all(isinstance(e, dict) for e in entries) else None


def _json_lines(text: str) -> Iterator[tuple[int, Any, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line), ""
            except (json.JSONDecodeError, RecursionError) as error:
                yield number, None, f"no JSON: {error}"


def _json_items(
    rows: Iterable[tuple[int, Any, str]], columns: ColumnMap, source: str, counted: str
) -> Iterator[Item]:
    for number, row, problem in rows:
        if isinstance(row, dict):
            yield _item(columns, row, number, source, counted=counted)
        else:
            yield Item(f"{counted} {number}", None, (problem or "no JSON object",))


def _parquet(path: Path, given: Mapping[str, str] | None) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        header = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(f"{path}: no Parquet: {error}") from error
    columns = _checked(path, ColumnMap.of(header, given), header)

    def items() -> Iterator[Item]:
        number = 0
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield _item(columns, row, number, str(path), counted="row")

    return Table(columns, items())
