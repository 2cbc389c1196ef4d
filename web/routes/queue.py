"""The queue of records to judge, the most doubtful first: its list, and working through it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from scmine.database.curation import Curation
from scmine.database.filters import RecordFilter
from scmine.database.lookup import judged_since
from scmine.database.record import RecordStatus
from scmine.database.revision import NotFoundError, Revision
from scmine.database.search import Search
from scmine.database.store import Database
from scmine.web.choices import choices
from scmine.web.dependencies import Db
from scmine.web.doubts import doubted
from scmine.web.pages import render
from scmine.web.record_page import record_page
from scmine.web.record_query import read_query
from scmine.web.routes.record import (
    HELPERS,
    Form,
    Known,
    address,
    record_context,
    search_in,
    search_of,
    to,
)
from scmine.web.security import Curator, User
from scmine.web.worklist import UNJUDGED, Worklist

SHOWN = 50
"""Records of the queue that its list shows."""

router = APIRouter(include_in_schema=False)


def _worklist(request: Request, db: Db, known: Known) -> Worklist:
    """The queue, one for the application."""
    state = request.app.state
    if not hasattr(state, "worklist"):
        state.worklist = Worklist(db, known)
    found = state.worklist
    assert isinstance(found, Worklist)
    return found


Queue = Annotated[Worklist, Depends(_worklist)]


@router.get("/queue")
def show_queue(request: Request, user: Curator, db: Db, queue: Queue, done: str = "") -> Response:
    """The first records of the queue, each with why it is there."""
    query = read_query(request.query_params)
    left, more = _left(query.wanted)
    curation = Curation(db)
    rows = []
    for item in queue.order(query.wanted):
        record = curation.record(item.record_id)
        if record is not None and record.status in left:
            rows.append((record, item))
        if len(rows) == SHOWN:
            break
    return render(
        request,
        "queue.html",
        user,
        status=400 if query.problems else 200,
        **HELPERS,
        query=query,
        choices=choices(),
        rows=rows,
        search=search_of(request),
        progress=_progress(db, more, user),
        done=_done(curation, done),
    )


@router.get("/queue/next")
def next_record(
    request: Request, user: Curator, db: Db, queue: Queue, after: str = "", done: str = ""
) -> Response:
    """Lead to the next record to look at."""
    query = read_query(request.query_params)
    found = queue.next(query.wanted, user.name, after=after or None)
    more = {"done": done} if done else {}
    path = "/queue" if found is None else f"/queue/{found}"
    return to(address(path, search_of(request), **more))


@router.post("/queue/skip")
def skip_record(user: Curator, queue: Queue, form: Form) -> Response:
    """Leave a record out for some time, and lead to the next one."""
    record_id = form.get("record", "")[:64]
    queue.skip(record_id, user.name)
    return to(address("/queue/next", search_in(form), after=record_id))


@router.get("/queue/{record_id}")
def work(
    request: Request,
    user: Curator,
    db: Db,
    known: Known,
    queue: Queue,
    record_id: str,
    done: str = "",
) -> Response:
    """One record beside what the paper says, to be judged."""
    query = read_query(request.query_params)
    try:
        page = record_page(db, known, record_id)
    except NotFoundError as error:
        raise HTTPException(404, error.what) from error
    other = queue.open(record_id, user.name)
    before, behind = queue.beside(query.wanted, record_id)
    _, more = _left(query.wanted)
    context = record_context(request, user, page) | {
        "done": _done(Curation(db), done),
        "doubted": doubted(page.record, page.found, page.known),
        "other": other,
        "before": before,
        "behind": behind,
        "progress": _progress(db, more, user),
    }
    return render(request, "queue_work.html", user, **context)


def _left(wanted: RecordFilter) -> tuple[frozenset[RecordStatus], RecordFilter]:
    """The statuses that are still to be judged, and the filter that asks for them."""
    left = wanted.statuses or UNJUDGED
    return left, replace(wanted, statuses=left)


def _progress(db: Database, wanted: RecordFilter, user: User) -> dict[str, Any]:
    """How many records are left, and how many were judged today (UTC)."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    count = Search(db).count(wanted)
    return {
        "left": count.number,
        "exact": count.exact,
        "today": judged_since(db, midnight),
        "mine": judged_since(db, midnight, user.name),
    }


def _done(curation: Curation, done: str) -> Revision | None:
    """The revision that was just made, named in the address as record and number."""
    record_id, _, number = done.rpartition(":")
    if not record_id:
        return None
    try:
        history = curation.history(record_id)
    except NotFoundError:
        return None
    return next((r for r in history if str(r.number) == number), None)
