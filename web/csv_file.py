"""Tables as files that a browser saves: CSV that is safe in spreadsheets, sent as it is made."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from starlette.responses import Response, StreamingResponse

from scmine.database.export import safe_cell

CHUNK = 64 * 1024
"""Characters of a file that are sent at a time."""


def csv_file(name: str, header: Sequence[str], rows: Iterable[Iterable[Any]]) -> Response:
    """A table as CSV; lists and maps as JSON, as in every export."""
    return text_file(name, _lines(header, rows), "text/csv; charset=utf-8")


def text_file(name: str, parts: Iterable[str], media_type: str) -> Response:
    """Text that is sent as it is made, to be saved as ``name``."""
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=media_type, headers=head)


def _lines(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    text = io.StringIO()
    # Rows end in CR LF, as RFC 4180 has it; cells with a bare CR are then quoted too.
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(_plain(value)) for value in row])
        if text.tell() > CHUNK:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
