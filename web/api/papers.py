"""Papers, the crystal structures they state, and proposals of later readings, over the API."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from scmine.database.lookup import structure
from scmine.database.papers import Paper, PaperOrder, Papers
from scmine.database.revision import NotFoundError, ProposalState
from scmine.pipelines.curate import curation_of
from scmine.web.api.answers import CHANGING, READING, refusals
from scmine.web.api.schemas import PaperOut, PaperPage, ProposalOut, RevisionOut, StructureOut
from scmine.web.dependencies import Db
from scmine.web.record_query import LARGEST_TEXT
from scmine.web.security import Curator, Viewer

router = APIRouter()

MOST_SKIPPED = 10_000_000
"""Papers that may be passed over; far more than any database has."""

Id = Annotated[str, Path(max_length=64)]
ProposalId = Annotated[int, Path(ge=1, le=2**31 - 1)]


def _paper(paper: Paper) -> PaperOut:
    return PaperOut.model_validate(dataclasses.asdict(paper))


@router.get("/papers", responses=READING, tags=["papers"])
def list_papers(
    user: Viewer,
    db: Db,
    text: Annotated[
        str, Query(max_length=LARGEST_TEXT, description="A part of title, authors, ids or path.")
    ] = "",
    status: Annotated[
        str | None, Query(max_length=LARGEST_TEXT, description="How reading it ended.")
    ] = None,
    sort: Annotated[PaperOrder, Query(description="What to sort by.")] = PaperOrder.TITLE,
    order: Annotated[Literal["asc", "desc"], Query()] = "asc",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> PaperPage:
    """The papers whose title, authors, DOI, arXiv id or path contain a text."""
    found = Papers(db).page(
        text,
        status,
        order=sort,
        descending=order == "desc",
        limit=limit + 1,
        offset=offset,
    )
    return PaperPage(papers=[_paper(p) for p in found[:limit]], more=len(found) > limit)


@router.get("/papers/{doc_id}", responses=READING, tags=["papers"])
def one_paper(user: Viewer, db: Db, doc_id: Id) -> PaperOut:
    """A paper by its ``doc_id``, the SHA-256 of its file."""
    with refusals():
        paper = Papers(db).one(doc_id)
        if paper is None:
            raise NotFoundError(f"there is no paper {doc_id}")
    return _paper(paper)


@router.get("/structures/{structure_id}", responses=READING, tags=["structures"])
def one_structure(user: Viewer, db: Db, structure_id: Id) -> StructureOut:
    """A crystal structure, the verdict on it, and the records that name it."""
    with refusals():
        found = structure(db, structure_id)
        if found is None:
            raise NotFoundError(f"there is no structure {structure_id}")
    names = StructureOut.model_fields
    return StructureOut.model_validate({name: getattr(found, name) for name in names})


@router.get("/proposals", responses=READING, tags=["proposals"])
def list_proposals(
    user: Viewer,
    db: Db,
    state: Annotated[ProposalState, Query(description="What became of them.")] = ProposalState.OPEN,
    doc_id: Annotated[str | None, Query(max_length=64, description="Those of one paper.")] = None,
) -> list[ProposalOut]:
    """What later readings propose for records that a person had judged."""
    found = curation_of(db).proposals(state, doc_id)
    return [ProposalOut.from_proposal(proposal) for proposal in found]


@router.post("/proposals/{proposal_id}/accept", responses=CHANGING, tags=["proposals"])
def accept(user: Curator, db: Db, proposal_id: ProposalId) -> RevisionOut:
    """Put what is proposed in force, as a revision."""
    with refusals():
        revision = curation_of(db).accept(proposal_id, who=user.name)
    return RevisionOut.from_revision(revision)


@router.post(
    "/proposals/{proposal_id}/dismiss", responses=CHANGING, status_code=204, tags=["proposals"]
)
def dismiss(user: Curator, db: Db, proposal_id: ProposalId) -> None:
    """Leave the record as it is; the same is not proposed again."""
    with refusals():
        curation_of(db).dismiss(proposal_id, who=user.name)
