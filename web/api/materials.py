"""Compositions across papers, and what curators corrected, over the API."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from scmine.corpora.corrections.listing import as_plain, entries
from scmine.corpora.corrections.stored import stored_corrections
from scmine.database.materials import Materials, MaterialSort
from scmine.database.revision import NotFoundError
from scmine.web.api.answers import READING, refusals
from scmine.web.api.papers import MOST_SKIPPED
from scmine.web.api.records import FILTERED, LINES, Asked
from scmine.web.api.schemas import ClaimOut, MaterialOut, MaterialPageOut, OneMaterialOut, SpreadOut
from scmine.web.csv_file import text_file
from scmine.web.dependencies import Db
from scmine.web.material_page import read_material_page
from scmine.web.record_query import LARGEST_TEXT
from scmine.web.security import Viewer

router = APIRouter()


@router.get("/materials", responses=READING, openapi_extra=FILTERED, tags=["materials"])
def list_materials(
    user: Viewer,
    db: Db,
    asked: Asked,
    sort: Annotated[MaterialSort, Query(description="What to sort by.")] = "papers",
    order: Annotated[Literal["asc", "desc"], Query()] = "desc",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> MaterialPageOut:
    """The compositions of the records that match, with their papers and the ends of Tc."""
    found = Materials(db).page(
        asked.wanted, sort=sort, descending=order == "desc", limit=limit + 1, offset=offset
    )
    shown = [MaterialOut.model_validate(dataclasses.asdict(m)) for m in found[:limit]]
    return MaterialPageOut(materials=shown, more=len(found) > limit)


@router.get("/materials/{key}", responses=READING, tags=["materials"])
def one_material(
    user: Viewer, db: Db, key: Annotated[str, Path(max_length=LARGEST_TEXT)]
) -> OneMaterialOut:
    """All claims of a Tc on one composition, how they spread, and which lie far from the others."""
    with refusals():
        page = read_material_page(db, key)
        if not page.records:
            raise NotFoundError(f"there is no record of {key}")
    return OneMaterialOut(
        key=page.key,
        formula=page.formula,
        papers=page.papers,
        claims=[
            ClaimOut(
                record_id=claim.record.record_id,
                doc_id=claim.record.doc_id,
                tc_K=claim.tc_K,
                pressure_GPa=claim.pressure_GPa,
                evidence=claim.record.evidence,
                origin=claim.record.origin,
                outlier=claim.outlier or None,
            )
            for claim in page.claims
        ],
        spreads=[SpreadOut.model_validate(dataclasses.asdict(spread)) for spread in page.spreads],
    )


@router.get(
    "/corrections.jsonl", responses=READING | LINES, response_class=Response, tags=["corrections"]
)
def corrections(user: Viewer, db: Db) -> Response:
    """What curators judged, one JSON object a line: whether it gives an example, or why not."""
    lines = (_line(as_plain(entry)) for entry in entries(stored_corrections(db)))
    return text_file("corrections.jsonl", lines, "application/jsonl")


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"
