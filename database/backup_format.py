"""What a backup looks like: a ZIP archive with a manifest and the rows of each table as JSON lines.

Names, limits and how a value is written as JSON. Writing an archive lives in
``scmine.database.backup``, reading one in ``scmine.database.restore``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, LargeBinary, Table

from scmine.database.errors import DatabaseError

FORMAT = "scmine-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"

MAX_MANIFEST_BYTES = 2**20
MAX_ROW_BYTES = 2**28
"""The longest line of a part that is read: one row, which has to fit into memory."""

MAX_RATIO, RATIO_FREE_BYTES = 250, 2**24
"""How much a part may grow when it is unpacked, above the size from which it matters. Rows of
records shrink to a tenth; deflate can make 1,032 bytes of one, which only a bomb does."""

LEFT_OUT = frozenset(
    {
        *("sessions", "login_attempts", "crawl_leases"),
        *("search_terms", "search_documents", "search_due", "record_search"),
    }
)
"""Tables that are not backed up: who is logged in, or has tried to be, is nothing that a database
knows, and a session brought back would let a thief in; who crawls is another process. What records
are searched by is made anew."""


class BackupError(DatabaseError):
    """A file that is no sound backup, or a place it cannot be restored to; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table in a backup: its file in the archive, its columns, and what the file must hold."""

    table: str
    file: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; ``schema`` is the last step run on its database.

    ``parts`` are in the order in which they can be restored: a table behind those it refers to.
    """

    schema: str
    scmine_version: str
    made: datetime
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(part.rows for part in self.parts)

    def to_json(self) -> str:
        """The text of ``manifest.json``."""
        content = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "schema": self.schema,
            "scmine_version": self.scmine_version,
            "made": self.made.isoformat(),
            "left_out": sorted(LEFT_OUT),
            "tables": [asdict(part) for part in self.parts],
        }
        return json.dumps(content, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: bytes, name: str) -> Manifest:
        """Read a manifest; ``name`` is how messages call the backup.

        Raises
        ------
        BackupError
            It is of another program, of a newer scmine, or damaged.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BackupError(f"{name}: the backup's manifest is no JSON: {error}") from error
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise BackupError(f"{name}: this is no backup of scmine; scmine backup makes one")
        version = content.get("format_version")
        if not isinstance(version, int) or version > FORMAT_VERSION:
            raise BackupError(
                f"{name}: this backup is of a newer scmine (its format is {version}, this scmine "
                f"knows up to {FORMAT_VERSION}); update scmine with: pip install -U scmine"
            )
        try:
            return cls(
                schema=_of(str, content["schema"]),
                scmine_version=_of(str, content["scmine_version"]),
                made=datetime.fromisoformat(_of(str, content["made"])),
                parts=tuple(_part(entry) for entry in _of(list, content["tables"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BackupError(f"{name}: the backup's manifest is damaged: {error!r}") from error


def _part(entry: Mapping[str, Any]) -> Part:
    part = Part(
        table=_of(str, entry["table"]),
        file=_of(str, entry["file"]),
        columns=tuple(_of(str, column) for column in _of(list, entry["columns"])),
        rows=_of(int, entry["rows"]),
        bytes=_of(int, entry["bytes"]),
        sha256=_of(str, entry["sha256"]),
    )
    if part.file != file_of(part.table):
        raise ValueError(f"table {part.table!r} is in the file {part.file!r}")
    if part.rows < 0 or part.bytes < 0:
        raise ValueError(f"table {part.table!r} has a negative size")
    return part


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def file_of(table: str) -> str:
    """The file of a table in the archive.

    >>> file_of("records")
    'tables/records.jsonl'
    """
    return f"tables/{table}.jsonl"


def line_of(row: Mapping[str, Any]) -> bytes:
    """A row as a line of JSON: times and days in ISO 8601, bytes in base64."""
    text = json.dumps(dict(row), ensure_ascii=False, separators=(",", ":"), default=_plain)
    return f"{text}\n".encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"a backup cannot hold {type(value).__name__}")


def decoders(table: Table) -> dict[str, Callable[[Any], Any]]:
    """For each column that JSON has no type for, what makes its value of what `line_of` wrote."""
    found: dict[str, Callable[[Any], Any]] = {}
    for column in table.c:
        if isinstance(column.type, DateTime):
            found[column.name] = _time
        elif isinstance(column.type, Date):
            found[column.name] = _day
        elif isinstance(column.type, LargeBinary):
            found[column.name] = _bytes
    return found


def _time(value: Any) -> Any:
    return None if value is None else datetime.fromisoformat(value)


def _day(value: Any) -> Any:
    return None if value is None else date.fromisoformat(value)


def _bytes(value: Any) -> Any:
    return None if value is None else base64.b64decode(value, validate=True)
