"""The papers: the list, the page of one with its highlights, its file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response

from scmine.database.layers import DocumentLayers
from scmine.database.papers import PaperOrder, Papers
from scmine.database.record import RecordStatus
from scmine.database.store import Database
from scmine.web import printing
from scmine.web.dependencies import Db, Options
from scmine.web.open_file import OpenFileResponse
from scmine.web.options import WebOptions
from scmine.web.pages import render
from scmine.web.paper_files import PaperFiles, files_in
from scmine.web.paper_highlights import highlights
from scmine.web.paper_labels import NAMES, OTHER
from scmine.web.paper_layers import layers_of, paper_of, pdf_named
from scmine.web.paper_text import ShownPassage, shown_passages, shown_tables, stored_passages
from scmine.web.routes import paper_add
from scmine.web.security import Role, Viewer

router = APIRouter(include_in_schema=False)
router.include_router(paper_add.router)

PAPERS_A_PAGE = 50
_Text = Annotated[str, Query(max_length=200)]


@router.get("/papers")
def paper_list(
    request: Request,
    user: Viewer,
    db: Db,
    text: _Text = "",
    status: Annotated[str, Query(max_length=40)] = "",
    sort: PaperOrder = PaperOrder.TITLE,
    descending: bool = False,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """The papers, with what came of each."""
    papers = Papers(db)
    statuses = papers.statuses(text)
    number = statuses.get(status, 0) if status else sum(statuses.values())
    found = papers.page(
        text,
        status,
        order=sort,
        descending=descending,
        limit=PAPERS_A_PAGE,
        offset=PAPERS_A_PAGE * (page - 1),
    )
    state = {"text": text, "status": status, "sort": sort.value, "descending": descending}

    def url(**changes: Any) -> str:
        """The address of this list with something else of it."""
        asked = {k: v for k, v in (state | {"page": 1} | changes).items() if v}
        return "/papers?" + urlencode({k: int(v) if v is True else v for k, v in asked.items()})

    return render(
        request,
        "papers.html",
        user,
        papers=found,
        statuses=statuses,
        number=number,
        page=page,
        pages=max(1, -(-number // PAPERS_A_PAGE)),
        first=PAPERS_A_PAGE * (page - 1) + 1,
        orders=PaperOrder,
        record_statuses=[s.value for s in RecordStatus],
        url=url,
        text=text,
        wanted=status,
        sort=sort.value,
        descending=descending,
    )


@router.get("/papers/{doc_id}")
def paper_page(
    request: Request,
    user: Viewer,
    db: Db,
    options: Options,
    doc_id: str,
    view: Annotated[str, Query(pattern="^(|page|text)$")] = "",
) -> Response:
    """A paper with its highlights and records: its pages if they are at hand, else its text."""
    paper = paper_of(db, doc_id)
    files = _files(options, db)
    named = pdf_named(db, paper)
    has_file = named is not None and files.pdf(*named) is not None
    as_pages = has_file and view != "text"
    layers = None if as_pages else layers_of(db, doc_id)
    has_layers = Papers(db).has_layers(doc_id) if as_pages else layers is not None
    return render(
        request,
        "paper.html",
        user,
        paper=paper,
        records=Papers(db).records(doc_id),
        as_pages=as_pages,
        has_file=has_file,
        lost=named[1] if named is not None and not has_file else None,
        unread=files.unread,
        has_layers=has_layers,
        passages=[] if as_pages else _passages(db, layers, doc_id),
        tables=shown_tables(layers) if layers else [],
        labels=NAMES | {OTHER: "other"},
        may_add=user.role >= Role.CURATOR,
        p=printing,
    )


def _passages(db: Db, layers: DocumentLayers | None, doc_id: str) -> list[ShownPassage]:
    return shown_passages(layers) if layers else stored_passages(db.passages(doc_id))


@router.get("/papers/{doc_id}/highlights")
def paper_highlights(user: Viewer, db: Db, doc_id: str) -> Response:
    """What is drawn over the pages, for the script of the page."""
    paper_of(db, doc_id)
    return JSONResponse(highlights(layers_of(db, doc_id), Papers(db).records(doc_id)))


@router.api_route("/papers/{doc_id}/file", methods=["GET", "HEAD"])
def paper_file(user: Viewer, db: Db, options: Options, doc_id: str) -> Response:
    """The PDF, whole or a range of it, if the file at hand is the one that was read."""
    paper = paper_of(db, doc_id)
    named = pdf_named(db, paper)
    if named is None:
        raise HTTPException(404, "this paper was not read from a PDF; its page shows its text")
    opened = _files(options, db).opened(*named)
    if opened is None:
        raise HTTPException(
            404,
            f"the file has moved or changed: it was read as {named[1]}. Start the server with "
            "the folder that holds it now: scmine serve --papers DIR",
        )
    return OpenFileResponse(
        opened,
        media_type="application/pdf",
        headers={
            "Content-Disposition": "inline",
            # The file never changes: its address is its hash.
            "Cache-Control": "private, max-age=86400",
        },
    )


def _files(options: WebOptions, db: Database) -> PaperFiles:
    on_a_server = "://" in db.where
    return files_in(options.papers, None if on_a_server else Path(db.where).parent)
