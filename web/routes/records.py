"""The table of records, with its facets and columns, and what it shows as CSV and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from scmine.database.cursors import CursorError
from scmine.database.record import Record
from scmine.database.search import Count, Search
from scmine.database.store import Database
from scmine.web import record_columns
from scmine.web.choices import choices
from scmine.web.csv_file import csv_file, text_file
from scmine.web.dependencies import Db
from scmine.web.facets import facets_of
from scmine.web.pages import render, short_name
from scmine.web.record_columns import SORTED_BY
from scmine.web.record_query import read_page_query
from scmine.web.security import Viewer
from scmine.web.table_view import TableView, read_view

PAGE = 50
"""Records on a page of the table."""

TAKEN = ("sort", "order", "column", "after", "facets")
"""What the table takes besides the filter."""

router = APIRouter(include_in_schema=False)


@router.get("/records")
def table(request: Request, user: Viewer, db: Db) -> Response:
    """The table of the records that the address asks for."""
    view = _view(request)
    search = Search(db)
    try:
        page = search.page(
            view.query.wanted,
            sort=view.sort,
            descending=view.descending,
            limit=PAGE,
            after=view.cursor,
        )
    except CursorError as error:
        raise HTTPException(400, f"{error}; begin again at the first page of the table") from error
    return render(
        request,
        "records.html",
        user,
        status=400 if view.query.problems else 200,
        query=view.query,
        view=view,
        choices=choices(),
        page=page,
        total=_total(search.count(view.query.wanted)),
        columns=record_columns.chosen(view.columns),
        every_column=record_columns.all_columns(),
        shown=view.columns,
        cell=record_columns.cell,
        record_address=record_columns.record_address,
        search=view.address().partition("?")[2],
        facets=facets_of(search, view) if "facets" in request.query_params else None,
        database_name=short_name(db),
    )


@router.get("/records/facets")
def facets(request: Request, user: Viewer, db: Db) -> Response:
    """The counts beside the table, which the page asks for once it is shown."""
    view = _view(request)
    return render(request, "facets.html", user, facets=facets_of(Search(db), view))


@router.get("/records.csv")
def as_csv(request: Request, user: Viewer, db: Db) -> Response:
    """All records of the view as CSV, in the columns shown; safe in spreadsheets."""
    view = _checked(_view(request))
    names = record_columns.export_columns(record_columns.chosen(view.columns))
    rows = (record_columns.export_row(r, names).values() for r in _records(db, view))
    return csv_file("records.csv", names, rows)


@router.get("/records.jsonl")
def as_jsonl(request: Request, user: Viewer, db: Db) -> Response:
    """All records of the view as JSON lines, in the columns shown."""
    view = _checked(_view(request))
    names = record_columns.export_columns(record_columns.chosen(view.columns))
    lines = (
        json.dumps(record_columns.export_row(r, names), ensure_ascii=False, allow_nan=False) + "\n"
        for r in _records(db, view)
    )
    return text_file("records.jsonl", lines, "application/jsonl")


def _view(request: Request) -> TableView:
    parameters = request.query_params
    return read_view(read_page_query(parameters, TAKEN, SORTED_BY.values()), parameters)


def _checked(view: TableView) -> TableView:
    """The view; a page that says what is wrong where its filter makes no sense."""
    if view.query.problems:
        said = (f"{view.query.label(name)}: {why}" for name, why in view.query.problems.items())
        raise HTTPException(400, "; ".join(said))
    return view


def _total(count: Count) -> str:
    number = f"{count.number:,}" if count.exact else f"more than {count.number:,}"
    return f"{number} record{'' if count.exact and count.number == 1 else 's'}"


def _records(db: Database, view: TableView) -> Iterator[Record]:
    return Search(db).every(view.query.wanted, sort=view.sort, descending=view.descending)
