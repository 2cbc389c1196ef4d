"""Corrections as training examples: listed with what they change, and to be downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from scmine.corpora.corrections.choosing import chosen, corrections_in, entries_of, wanted_of
from scmine.corpora.corrections.exporting import ExportFormat, as_zip, files_of
from scmine.database.judged import Judged, JudgedFilter
from scmine.database.revision import ErrorType
from scmine.web.correction_text import card_of
from scmine.web.dependencies import Db
from scmine.web.pages import render
from scmine.web.security import Viewer

router = APIRouter()

PAGE_SIZE = 20
MAX_PAGE = 1_000_000

FORMATS = {
    ExportFormat.JSONL: "JSON lines",
    ExportFormat.LABEL_STUDIO: "Label Studio",
    ExportFormat.INCEPTION: "INCEpTION",
    ExportFormat.CORPUS: "SuperMat TEI",
}
"""The formats of an export and their names on the page."""

_TYPES = {".jsonl": "application/x-ndjson", ".zip": "application/zip"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for."""

    user: str
    error_type: str
    since: str
    until: str

    @property
    def filter(self) -> JudgedFilter:
        """The filter of records.

        Raises
        ------
        HTTPException
            422 for a day or an error type that is none.
        """
        try:
            kind = ErrorType(self.error_type) if self.error_type else None
            since, until = (date.fromisoformat(d) if d else None for d in (self.since, self.until))
        except ValueError as error:
            raise HTTPException(422, f"this is no filter of corrections: {error}") from error
        return wanted_of(self.user, kind, since, until)

    def query(self, page: int | None = None) -> str:
        """The same as the query of an address."""
        fields = {"user": self.user, "error_type": self.error_type}
        fields |= {"since": self.since, "until": self.until}
        if page is not None and page > 1:
            fields["page"] = str(page)
        return urlencode({name: value for name, value in fields.items() if value})


@router.get("/corrections")
def list_corrections(
    request: Request,
    user: Viewer,
    db: Db,
    by: Annotated[str, Query(alias="user", max_length=200)] = "",
    error_type: Annotated[str, Query(max_length=40)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
) -> Response:
    """The judged records, page by page, with what each changed, and the sums."""
    wanted = Wanted(by, error_type, since, until)
    judged = Judged(db)
    total = judged.count(wanted.filter)
    offset = (page - 1) * PAGE_SIZE
    records = judged.records(wanted.filter, limit=PAGE_SIZE, offset=offset)
    return render(
        request,
        "corrections.html",
        user,
        cards=[card_of(entry) for entry in entries_of(db, records)],
        total=total,
        first=offset + 1,
        sums=judged.sums(wanted.filter),
        wanted=wanted,
        users=judged.users(),
        error_types=list(ErrorType),
        formats=FORMATS,
        before=wanted.query(page - 1) if page > 1 else None,
        after=wanted.query(page + 1) if offset + PAGE_SIZE < total else None,
        page=page,
    )


@router.get("/corrections/export/{name}")
def export(
    user: Viewer,
    db: Db,
    name: ExportFormat,
    by: Annotated[str, Query(alias="user", max_length=200)] = "",
    error_type: Annotated[str, Query(max_length=40)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The examples of the records that are wanted as a file; several files come in a zip."""
    wanted = Wanted(by, error_type, since, until).filter
    corrections = corrections_in(chosen(db, wanted))
    try:
        files = files_of(name, corrections)
    except ModuleNotFoundError as error:
        if error.name != "cassis":
            raise
        raise HTTPException(501, "this server lacks pip install 'scmine[exchange]'") from error
    if len(files) == 1 and name in (ExportFormat.JSONL, ExportFormat.INCEPTION):
        ((file, data),) = files.items()
    else:
        file, data = f"corrections-{name}.zip", as_zip(files)
    media = _TYPES[file[file.rindex(".") :]]
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(data, media_type=media, headers=headers)
