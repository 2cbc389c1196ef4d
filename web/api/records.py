"""Records over the API: searching, reading, changing them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from scmine.database.curation import Curation
from scmine.database.record import COLUMNS, Record
from scmine.database.revision import NotFoundError, Revision
from scmine.database.search import FACETS, LARGEST_PAGE, Search, Sort
from scmine.database.store import Database
from scmine.pipelines.curate import curation_of
from scmine.web.api.answers import CHANGING, READING, refusals
from scmine.web.api.parameters import asked_for, filter_parameters
from scmine.web.api.schemas import (
    AddIn,
    CountOut,
    EditIn,
    FacetValue,
    RecordOut,
    RecordPage,
    RevisionOut,
    TurnIn,
)
from scmine.web.csv_file import csv_file, text_file
from scmine.web.dependencies import Db
from scmine.web.record_query import LARGEST_TEXT, RecordQuery
from scmine.web.security import Curator, Viewer

router = APIRouter(tags=["records"])

Asked = Annotated[RecordQuery, Depends(asked_for)]
RecordId = Annotated[str, Path(max_length=64)]
Order = Annotated[Literal["asc", "desc"], Query()]
SortBy = Annotated[Sort, Query(description="What to sort by; unknown values come last.")]
FILTERED: dict[str, Any] = {"parameters": filter_parameters()}


@router.get("/records", responses=READING, openapi_extra=FILTERED)
def search_records(
    user: Viewer,
    db: Db,
    asked: Asked,
    sort: SortBy = "tc_K",
    order: Order = "desc",
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Records of a page.")] = 50,
    after: Annotated[
        str | None,
        Query(
            max_length=LARGEST_TEXT,
            description="`next` or `previous` of another page of the same search and order.",
        ),
    ] = None,
    count: Annotated[
        Literal["yes", "no"], Query(description="Whether to count all that match.")
    ] = "no",
) -> RecordPage:
    """A page of the records that match, sorted."""
    search = Search(db)
    with refusals():
        page = search.page(
            asked.wanted, sort=sort, descending=order == "desc", limit=limit, after=after
        )
        total = search.count(asked.wanted) if count == "yes" else None
    return RecordPage(
        records=page.records,
        next=page.next,
        previous=page.previous,
        count=None if total is None else CountOut(number=total.number, exact=total.exact),
    )


CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}
LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}
}


@router.get(
    "/records.csv", responses=READING | CSV, openapi_extra=FILTERED, response_class=Response
)
def records_as_csv(
    user: Viewer, db: Db, asked: Asked, sort: SortBy = "tc_K", order: Order = "desc"
) -> Response:
    """All records that match as CSV, in the columns of every export; safe in spreadsheets."""
    rows = (record.to_row().values() for record in _all(db, asked, sort, order))
    return csv_file("records.csv", COLUMNS, rows)


@router.get(
    "/records.jsonl", responses=READING | LINES, openapi_extra=FILTERED, response_class=Response
)
def records_as_lines(
    user: Viewer, db: Db, asked: Asked, sort: SortBy = "tc_K", order: Order = "desc"
) -> Response:
    """All records that match, one JSON object a line."""
    lines = (
        json.dumps(record.to_row(), ensure_ascii=False, allow_nan=False) + "\n"
        for record in _all(db, asked, sort, order)
    )
    return text_file("records.jsonl", lines, "application/jsonl")


def _all(db: Database, asked: RecordQuery, sort: str, order: str) -> Iterator[Record]:
    return Search(db).every(asked.wanted, sort=sort, descending=order == "desc")


@router.get("/facets", responses=READING, openapi_extra=FILTERED)
def facets(user: Viewer, db: Db, asked: Asked) -> dict[str, list[FacetValue]]:
    """How many of the records that match have which class, evidence, status and so on."""
    found = Search(db).facets(asked.wanted, FACETS)
    return {
        name: [FacetValue(value=str(value), count=number) for value, number in values]
        for name, values in found.items()
    }


@router.get("/records/{record_id}", responses=READING)
def one_record(user: Viewer, db: Db, record_id: RecordId) -> RecordOut:
    """A record, with the number of the revision in force."""
    curation = curation_of(db)
    with refusals():
        number = curation.revision_number(record_id)
        record = curation.record(record_id)
        if record is None:
            raise NotFoundError(f"there is no record {record_id}")
    return RecordOut(revision=number, record=record)


@router.get("/records/{record_id}/history", responses=READING)
def history(user: Viewer, db: Db, record_id: RecordId) -> list[RevisionOut]:
    """All revisions of a record, oldest first."""
    with refusals():
        found = curation_of(db).history(record_id)
    return [RevisionOut.from_revision(revision) for revision in found]


@router.patch("/records/{record_id}", responses=CHANGING)
def change_record(user: Curator, db: Db, record_id: RecordId, given: EditIn) -> RevisionOut:
    """Change values of a record, its status, or both, as one revision."""
    curation = curation_of(db)
    with refusals():
        if given.status is not None and not given.changes:
            revision = curation.judge(
                record_id,
                given.status,
                who=user.name,
                why=given.why,
                error_type=given.error_type,
                expected=given.expected,
            )
        else:
            revision = curation.edit(
                record_id,
                given.changes,
                who=user.name,
                why=given.why,
                error_type=given.error_type,
                status=given.status,
                expected=given.expected,
            )
    return RevisionOut.from_revision(revision)


@router.post("/records/{record_id}/undo", responses=CHANGING)
def undo(user: Curator, db: Db, record_id: RecordId, given: TurnIn) -> RevisionOut:
    """Take back the last change that is not taken back yet."""
    return _turned(Curation.undo, db, user.name, record_id, given)


@router.post("/records/{record_id}/redo", responses=CHANGING)
def redo(user: Curator, db: Db, record_id: RecordId, given: TurnIn) -> RevisionOut:
    """Put the change in force again that was taken back last."""
    return _turned(Curation.redo, db, user.name, record_id, given)


def _turned(
    turn: Callable[..., Revision], db: Database, who: str, record_id: str, given: TurnIn
) -> RevisionOut:
    with refusals():
        revision = turn(curation_of(db), record_id, who=who, expected=given.expected)
    return RevisionOut.from_revision(revision)


@router.post("/records", responses=CHANGING, status_code=201)
def add_record(user: Curator, db: Db, given: AddIn) -> RevisionOut:
    """Add a record that reading the paper missed."""
    with refusals():
        revision = curation_of(db).add(given.doc_id, given.values, who=user.name, why=given.why)
    return RevisionOut.from_revision(revision)
