"""What later readings of papers propose for records that a person has judged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from starlette.responses import Response

from scmine.database.curation import Curation
from scmine.database.revision import NoChangeError, NotFoundError, ProposalState
from scmine.database.status import StatusError
from scmine.web.dependencies import Db
from scmine.web.pages import render
from scmine.web.routes.record import HELPERS, Form, to
from scmine.web.security import Curator, Role, Viewer

MOST_SHOWN = 200
"""Proposals of one page; the others come as these are decided."""

LARGEST_ID = 2**31 - 1

router = APIRouter(include_in_schema=False)


@router.get("/proposals")
def show_proposals(
    request: Request, user: Viewer, db: Db, state: str = "open", decided: str = "", doc: str = ""
) -> Response:
    """The proposals in one state."""
    if state not in set(ProposalState):
        raise HTTPException(422, f"there are the states {', '.join(ProposalState)}, not {state!r}")
    curation = Curation(db)
    found = curation.proposals(ProposalState(state), doc or None)
    shown = [
        (proposal, record)
        for proposal in found[:MOST_SHOWN]
        if (record := curation.record(proposal.record_id)) is not None
    ]
    return render(
        request,
        "proposals.html",
        user,
        **HELPERS,
        proposals=shown,
        number=len(found),
        state=state,
        states=list(ProposalState),
        decided=decided if decided in set(ProposalState) else "",
        can_curate=user.role >= Role.CURATOR,
    )


@router.post("/proposals/{proposal_id}")
def decide(
    user: Curator,
    db: Db,
    proposal_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    form: Form,
) -> Response:
    """Accept a proposal, or dismiss it."""
    decision = form.get("decision", "")
    curation = Curation(db)
    try:
        if decision == "accept":
            revision = curation.accept(proposal_id, who=user.name)
            return to(f"/records/{revision.record_id}?done={revision.number}")
        if decision == "dismiss":
            curation.dismiss(proposal_id, who=user.name)
            return to("/proposals?decided=dismissed")
    except NotFoundError as error:
        raise HTTPException(404, error.what) from error
    except (NoChangeError, StatusError) as error:
        raise HTTPException(409, str(error)) from error
    raise HTTPException(422, "a proposal is accepted or dismissed")
