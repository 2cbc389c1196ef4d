"""Records as a plain SQLite file that Datasette serves as it is, and the metadata for it.

Two tables, ``documents`` and ``records``, with foreign keys and full-text indexes in the form that
Datasette finds by itself. It is a copy to look at; ``scmine backup`` makes what can be restored.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from scmine.database.columns import Column, describe_columns
from scmine.database.record import Record
from scmine.database.replacing import replacing
from scmine.database.results import DOCUMENT_COLUMNS

INSERT_BATCH = 1000

DOCUMENTS = ("doc_id", *DOCUMENT_COLUMNS)
SEARCHED = {
    "records": ("raw_material", "formula", "name", "sentence"),
    "documents": ("title", "authors", "journal", "doi", "arxiv_id"),
}
"""The columns of the full-text indexes."""

FACETS = ("material_class", "evidence", "origin", "status")
_INDEXED = ("doc_id", "formula", "tc_K", "pressure_GPa", "material_class", "status")
_TYPES = {"number": "REAL", "integer": "INTEGER", "boolean": "INTEGER"}


@dataclass(frozen=True, slots=True)
class WrittenDatasette:
    """What was written: the database, its metadata, and how many records and documents."""

    file: Path
    metadata: Path
    records: int
    documents: int


def write_datasette(
    records: Iterable[Record],
    out: Path,
    *,
    license: str | None = None,
    title: str = "Superconductors from the literature",
) -> WrittenDatasette:
    """Write records to a SQLite file for Datasette, and its metadata beside it.

    Parameters
    ----------
    records
        What to write; they are written as they come.
    out
        The file, such as ``sc.db``; it appears, or is replaced, only once it is whole. The
        metadata is ``sc.metadata.json`` beside it. Serve both with
        ``datasette sc.db -m sc.metadata.json``.
    license, title
        What the metadata says.

    Raises
    ------
    OSError
        ``out`` or the metadata cannot be written.
    """
    target = out.resolve()
    if target.is_dir():
        raise IsADirectoryError(f"{out}: this is a folder; name a file")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{out}: there is no folder {target.parent}; make it first")
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        number, documents = _write(records, partial)
        metadata = target.with_name(f"{target.stem}.metadata.json")
        content = _metadata(target.stem, license=license, title=title)
        with replacing(metadata) as stream:
            stream.write(json.dumps(content, indent=1, ensure_ascii=False).encode())
        partial.replace(target)
    except sqlite3.Error as error:
        raise OSError(f"{out}: cannot be written: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return WrittenDatasette(out, out.with_name(metadata.name), number, documents)


def _columns(table: str) -> list[Column]:
    own = DOCUMENTS if table == "documents" else None
    return [
        c for c in describe_columns() if (c.name in own if own else c.name not in DOCUMENT_COLUMNS)
    ]


def _write(records: Iterable[Record], path: Path) -> tuple[int, int]:
    names = {table: [c.name for c in _columns(table)] for table in SEARCHED}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A file that is thrown away on any error needs no journal.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN")
        connection.execute(_table("documents", "doc_id", ""))
        reference = ", FOREIGN KEY ([doc_id]) REFERENCES [documents]([doc_id])"
        connection.execute(_table("records", "record_id", reference))
        rest = iter(records)
        number = 0
        while batch := [record.to_row() for record in islice(rest, INSERT_BATCH)]:
            for table in ("documents", "records"):
                marks = ", ".join("?" * len(names[table]))
                either = " OR IGNORE" if table == "documents" else ""
                connection.executemany(
                    f"INSERT{either} INTO {table} ({_listed(names[table])}) VALUES ({marks})",
                    ([_plain(row[name]) for name in names[table]] for row in batch),
                )
            number += len(batch)
        _index(connection)
        [documents] = connection.execute("SELECT count(*) FROM documents").fetchone()
        connection.execute("COMMIT")
    return number, documents


def _table(name: str, key: str, reference: str) -> str:
    """The statement that makes a table."""
    columns = ", ".join(
        f"[{c.name}] {_TYPES.get(c.type, 'TEXT')}{' PRIMARY KEY' if c.name == key else ''}"
        for c in _columns(name)
    )
    return f"CREATE TABLE [{name}] ({columns}{reference})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)


def _plain(value: Any) -> Any:
    """A value as SQLite holds it: lists and maps as JSON text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _index(connection: sqlite3.Connection) -> None:
    for column in _INDEXED:
        connection.execute(f"CREATE INDEX [ix_records_{column}] ON [records] ([{column}])")
    for table, columns in SEARCHED.items():
        # Datasette finds the index of a table by content="…" in the statement that made it.
        connection.execute(
            f"CREATE VIRTUAL TABLE [{table}_fts] USING FTS5 "
            f'({_listed(columns)}, content="{table}", tokenize="unicode61 remove_diacritics 2")'
        )
        connection.execute(
            f"INSERT INTO [{table}_fts] (rowid, {_listed(columns)}) "
            f"SELECT rowid, {_listed(columns)} FROM [{table}]"
        )


def _metadata(name: str, *, license: str | None, title: str) -> Mapping[str, Any]:
    rights = "The sentences quote the papers, whose rights stay with their authors and publishers."
    content: dict[str, Any] = {"title": title, "description": rights}
    if license is not None:
        content["license"] = license
    tables: dict[str, dict[str, Any]] = {
        "records": {
            "title": "Claims",
            "description": "One row is one claim of one paper; unknown values are empty.",
            "sort_desc": "tc_K",
            "facets": list(FACETS),
        },
        "documents": {"title": "Papers", "label_column": "title", "sort": "year"},
    }
    for table, described in tables.items():
        described["columns"] = {
            c.name: f"{c.meaning} Unit: {c.unit}" if c.unit else c.meaning for c in _columns(table)
        }
    return content | {"databases": {name: {"tables": tables}}}
