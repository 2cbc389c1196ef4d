"""Adding a record to a paper: the form that our own extraction fills in, and saving it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from scmine.database.curation import Curation
from scmine.database.editing import ChangeError
from scmine.database.layer_packing import DocumentLayers
from scmine.database.papers import Paper
from scmine.database.record import Record
from scmine.database.revision import NoChangeError
from scmine.web.dependencies import Db
from scmine.web.pages import render
from scmine.web.paper_layers import layers_of, paper_of
from scmine.web.paper_selection import (
    MAX_CHARACTERS,
    Selection,
    SelectionError,
    of_boxes,
    of_characters,
    of_row,
    read_boxes,
)
from scmine.web.paper_suggestion import ASKED, suggested
from scmine.web.record_fields import fields
from scmine.web.record_form import read_form
from scmine.web.security import Curator

router = APIRouter()

_WHERE = ("passage", "start", "end", "table", "row", "page", "boxes", "text")
"""The parameters that say what is selected."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A paper, what of it is selected, and the parameters that said so."""

    paper: Paper
    layers: DocumentLayers | None
    selection: Selection
    where: dict[str, str]


def _asked(db: Db, doc_id: str, given: Mapping[str, Any]) -> _Asked:
    paper, layers = paper_of(db, doc_id), layers_of(db, doc_id)
    where = {name: str(given[name]) for name in _WHERE if given.get(name) not in (None, "")}
    try:
        selection = _selection(layers or DocumentLayers(), where)
    except SelectionError as error:
        raise HTTPException(422, str(error)) from error
    return _Asked(paper, layers, selection, where)


def _selection(layers: DocumentLayers, where: Mapping[str, str]) -> Selection:
    def number(name: str) -> int:
        try:
            return int(where.get(name, ""))
        except ValueError:
            raise SelectionError(f"{name} must be a number") from None

    if "passage" in where:
        return of_characters(layers, number("passage"), number("start"), number("end"))
    if "table" in where:
        return of_row(layers, number("table"), number("row"))
    text = where.get("text", "")[:MAX_CHARACTERS]
    boxes = read_boxes(number("page"), where["boxes"]) if "boxes" in where else ()
    return of_boxes(layers, boxes, text)


@router.get("/papers/{doc_id}/add")
def form(
    request: Request,
    user: Curator,
    db: Db,
    doc_id: str,
    claim: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> Response:
    """The form for what the parameters select, filled in as our own extraction reads it."""
    asked = _asked(db, doc_id, request.query_params)
    claims = suggested(doc_id, asked.paper.title or "", asked.layers, asked.selection)
    number = min(claim, len(claims) - 1)
    return _form(request, user, asked, claims[number], claims=claims, number=number)


async def _given(request: Request) -> dict[str, str]:
    """The fields of the form that are text, the last of each name."""
    form = await request.form()
    return {name: v for name, v in form.multi_items() if isinstance(v, str)}


@router.post("/papers/{doc_id}/add")
def add(
    request: Request,
    user: Curator,
    db: Db,
    doc_id: str,
    given: Annotated[Mapping[str, str], Depends(_given)],
) -> Response:
    """Save the record, then back to the page with it in view; what is wrong is said by field."""
    asked = _asked(db, doc_id, given)
    filled = read_form(given, Record(record_id="", doc_id=doc_id, raw_material=""))
    doubts = {} if given.get("anyway") else filled.doubts
    problems = filled.errors | doubts
    if not problems:
        record = filled.changes | asked.selection.provenance()
        why = given.get("why", "")[:MAX_CHARACTERS]
        try:
            revision = Curation(db).add(doc_id, record, who=user.name, why=why)
        except ChangeError as error:
            problems = error.problems
        except NoChangeError as error:
            problems = {"": str(error)}
    if problems:
        return _form(request, user, asked, filled.texts, problems, doubts=doubts, status=422)
    if request.headers.get("accept") == "application/json":
        return JSONResponse({"record_id": revision.record_id}, status_code=201)
    return RedirectResponse(f"/papers/{doc_id}#record={revision.record_id}", status_code=303)


def _form(
    request: Request,
    user: Curator,
    asked: _Asked,
    values: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    *,
    doubts: Mapping[str, str] | None = None,
    claims: Sequence[Mapping[str, str]] = (),
    number: int = 0,
    status: int = 200,
) -> Response:
    """The form as a page of its own, or for a script (``part=form``) without what is around it."""
    whole = request.query_params.get("part") != "form"
    return render(
        request,
        "paper_add.html" if whole else "paper_add_form.html",
        user,
        status=status,
        paper=asked.paper,
        selection=asked.selection,
        where=asked.where,
        query=urlencode(asked.where),
        fields=[fields()[name] for name in ASKED],
        values=values,
        problems=problems or {},
        doubts=doubts or {},
        claims=claims,
        number=number,
    )
