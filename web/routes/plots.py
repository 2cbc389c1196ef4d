"""The plots and their data."""

from __future__ import annotations

from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from scmine.database.store import Database
from scmine.web.choices import choices
from scmine.web.coverage_plots import GROUPS
from scmine.web.csv_file import csv_file
from scmine.web.dependencies import Db
from scmine.web.pages import render
from scmine.web.plot_kinds import KINDS, PAGES, PlotOptions, make_plot, read_options
from scmine.web.printing import number
from scmine.web.record_query import RecordQuery, read_page_query, read_query
from scmine.web.security import Viewer

FIRST_PAGE = "tc-year"

TABLE_ROWS = 500
"""Points listed as a table on the page; the CSV has all."""

TAKEN = ("log", "mu_star", "by", "table")
"""What a page of plots takes besides the filter."""

QUICK = frozenset({"documents", "flags"})
"""Plots that are made in no time and have few rows: their table is on the page at once."""

router = APIRouter(include_in_schema=False)


@router.get("/plots")
def first(request: Request, user: Viewer) -> Response:
    """The first plot, of the records that the address asks for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/plots/{FIRST_PAGE}{query}")


@router.get("/plots/{name}.json")
def data(name: str, request: Request, user: Viewer, db: Db) -> Response:
    """What the browser draws."""
    query, options = _asked(name, request)
    return JSONResponse(make_plot(db, name, query, options).to_json())


@router.get("/plots/{name}.csv")
def as_csv(name: str, request: Request, user: Viewer, db: Db) -> Response:
    """All points of a plot, those too that are not drawn."""
    query, options = _asked(name, request)
    plot = make_plot(db, name, query, options, all_points=True)
    return csv_file(f"{name}.csv", plot.header, plot.rows())


@router.get("/plots/{name}")
def page(name: str, request: Request, user: Viewer, db: Db) -> Response:
    """A page of plots with the filter of the records."""
    if name not in PAGES:
        raise HTTPException(404, f"there is no plot {name!r}; there are {', '.join(PAGES)}")
    query = read_page_query(request.query_params, TAKEN)
    options = read_options(request.query_params)
    as_table = "table" in request.query_params
    parts = [_part(db, one, query, options, as_table=as_table) for one in PAGES[name]]
    return render(
        request,
        "plots.html",
        user,
        status=400 if query.problems or options.problems else 200,
        query=query,
        options=options,
        choices=choices(),
        path=f"/plots/{name}",
        kind=KINDS[name],
        groups=GROUPS,
        tabs=[(KINDS[one].title, query.address(f"/plots/{one}"), one == name) for one in PAGES],
        parts=parts,
        records=query.address("/records"),
        number=number,
    )


def _part(
    db: Database, name: str, query: RecordQuery, options: PlotOptions, *, as_table: bool
) -> dict[str, object]:
    """One plot of a page: its addresses, and its rows where they are asked for or are few."""
    kind = KINDS[name]
    part: dict[str, object] = {
        "kind": kind,
        "json": query.address(f"/plots/{name}.json", None, options.pairs),
        "csv": query.address(f"/plots/{name}.csv", None, options.pairs),
        "table": query.address(f"/plots/{name}", None, (*options.pairs, ("table", "1"))),
        "is_points": name in {"tc-year", "tc-pressure", "lambda-omega"},
    }
    if as_table or name in QUICK:
        plot = make_plot(db, name, query, options)
        part |= {"plot": plot, "rows": list(islice(plot.rows(), TABLE_ROWS))}
    return part


def _asked(name: str, request: Request) -> tuple[RecordQuery, PlotOptions]:
    """What an address of data asks for; an error where it makes no sense."""
    if name not in KINDS:
        raise HTTPException(404, f"there is no plot {name!r}; there are {', '.join(KINDS)}")
    query, options = read_query(request.query_params), read_options(request.query_params)
    if problems := {**query.problems, **options.problems}:
        raise HTTPException(400, "; ".join(problems.values()))
    return query, options
