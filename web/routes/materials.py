"""The list of compositions, and one composition across papers."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from scmine.database.materials import SORTS, Materials
from scmine.database.store import Database
from scmine.web import printing, record_columns
from scmine.web.choices import choices
from scmine.web.csv_file import csv_file
from scmine.web.dependencies import Db
from scmine.web.material_page import MaterialPage, read_material_page
from scmine.web.material_plots import over_pressure, strips
from scmine.web.pages import render, short_name
from scmine.web.plot import PointPlot
from scmine.web.record_query import Pairs, RecordQuery, read_page_query
from scmine.web.security import Viewer

PAGE = 50
"""Compositions on a page of the list."""

LAST_PAGE = 1_000_000

MOST_ROWS = 200
"""Claims that the page of a composition lists; statistics and plots take all."""

MOST_BOUNDS = 12
"""Records that only bound a Tc that the page names."""

CLAIM_COLUMNS = (
    "tc_K",
    "pressure_GPa",
    "evidence",
    "origin",
    "tc_kind",
    "measurement_method",
    "title",
    "year",
    "status",
)

router = APIRouter(include_in_schema=False)


@router.get("/materials")
def listing(request: Request, user: Viewer, db: Db) -> Response:
    """The compositions of the records that the address asks for."""
    query = read_page_query(request.query_params, ("sort", "order", "page"), SORTS)
    sort = request.query_params.get("sort", "papers")
    sort = sort if sort in SORTS else "papers"
    descending = request.query_params.get("order", "desc") != "asc"
    number = _page_number(request)
    materials = Materials(db)
    found = materials.page(
        query.wanted,
        sort=sort,
        descending=descending,
        limit=PAGE + 1,
        offset=(number - 1) * PAGE,
    )
    kept = [("sort", sort), ("order", "desc" if descending else "asc")]

    def sorted_by(name: str) -> str:
        turned = not descending if name == sort else name != "key"
        order = "desc" if turned else "asc"
        return query.address("/materials", None, [("sort", name), ("order", order)])

    return render(
        request,
        "materials.html",
        user,
        status=400 if query.problems else 200,
        query=query,
        choices=choices(),
        kept=kept if kept != [("sort", "papers"), ("order", "desc")] else [],
        materials=found[:PAGE],
        total=materials.count(query.wanted),
        sort=sort,
        descending=descending,
        sorted_by=sorted_by,
        previous=_at_page(query, kept, number - 1) if number > 1 else None,
        next=_at_page(query, kept, number + 1) if len(found) > PAGE else None,
        formula=printing.formula,
        ends=_ends,
        address=record_columns.material_address,
        database_name=short_name(db),
    )


@router.get("/materials/{key}/strips.json")
def strips_data(key: str, user: Viewer, db: Db) -> Response:
    """The composition's Tc by evidence and origin, to be drawn."""
    return JSONResponse(strips(_page(db, key).claims).to_json())


@router.get("/materials/{key}/pressure.json")
def pressure_data(key: str, user: Viewer, db: Db) -> Response:
    """The composition's Tc over pressure, to be drawn."""
    return JSONResponse(over_pressure(_page(db, key).claims).to_json())


@router.get("/materials/{key}/claims.csv")
def claims_csv(key: str, user: Viewer, db: Db) -> Response:
    """The claims of a Tc on the composition, with what is said of those far from the others."""
    page = _page(db, key)
    header = ("record_id", *CLAIM_COLUMNS, "doi", "far_from_the_others")
    rows = (
        (*record_columns.export_row(c.record, header[:-1]).values(), c.outlier) for c in page.claims
    )
    return csv_file("claims.csv", header, rows)


@router.get("/materials/{key}")
def material(key: str, request: Request, user: Viewer, db: Db) -> Response:
    """One composition: its claims across papers and how they spread."""
    page = _page(db, key)
    base = record_columns.material_address(key)
    plots = [_part(base, "strips", strips(page.claims))] if page.claims else []
    if any(claim.pressure_GPa is not None for claim in page.claims):
        plots.append(_part(base, "pressure", over_pressure(page.claims)))
    return render(
        request,
        "material.html",
        user,
        page=page,
        parts=plots,
        columns=record_columns.chosen(CLAIM_COLUMNS),
        cell=record_columns.cell,
        record_address=record_columns.record_address,
        formula=printing.formula,
        number=printing.number,
        tc=printing.tc,
        most_bounds=MOST_BOUNDS,
        most_rows=MOST_ROWS,
        csv=f"{base}/claims.csv",
        records=f"/records?key={quote(key, safe='')}",
    )


def _page(db: Database, key: str) -> MaterialPage:
    """What is known of a composition; a page that says so if that is nothing."""
    page = read_material_page(db, key)
    if not page.records and not page.references:
        raise HTTPException(
            404, f"no record has the composition {key}; look for it in the list of materials"
        )
    return page


def _part(base: str, name: str, plot: PointPlot) -> dict[str, object]:
    """A plot as the template of plots takes it; the table of claims below is its table."""
    return {
        "kind": {"name": name, "title": plot.title, "what": "a Tc"},
        "json": f"{base}/{name}.json",
        "is_points": True,
    }


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    is_number = given.isascii() and given.isdigit() and len(given) < 10
    if not is_number or not 1 <= int(given) <= LAST_PAGE:
        raise HTTPException(400, f"there is no page {given[:20]!r}; pages are numbered from 1")
    return int(given)


def _at_page(query: RecordQuery, kept: Pairs, number: int) -> str:
    return query.address("/materials", None, [*kept, ("page", str(number))])


def _ends(low: float | None, high: float | None, below: float | None, above: float | None) -> str:
    """The lowest and highest Tc, once where they are one, and what other records bound it by."""
    found = printing.number(low) if low == high else printing.interval(None, low, high)
    bounds = [
        f"{sign} {printing.number(value)}"
        for sign, value in (("<", below), (">", above))
        if value is not None
    ]
    return "; ".join([*([found] if found else []), *bounds])
