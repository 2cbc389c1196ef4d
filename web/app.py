"""The web application: what it consists of, put together. What a page does lives in its route."""

from __future__ import annotations

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from scmine.database.store import Database
from scmine.web.api.answers import answer_refusals
from scmine.web.csrf import check_csrf
from scmine.web.options import WebOptions
from scmine.web.pages import FOLDER
from scmine.web.problems import handle_problems
from scmine.web.routes import (
    account,
    admin,
    api,
    corrections,
    feed,
    licenses,
    materials,
    papers,
    plots,
    proposals,
    queue,
    record,
    records,
)
from scmine.web.security import Guard
from scmine.web.shield import Shield

ROUTERS = (
    records.router,
    record.router,
    queue.router,
    proposals.router,
    papers.router,
    materials.router,
    plots.router,
    corrections.router,
    feed.router,
    account.router,
    admin.router,
    licenses.router,
    api.router,
)


NOT_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf", "application/octet-stream")
"""What is packed already, or read in parts."""


def create_app(database: Database, options: WebOptions | None = None) -> FastAPI:
    """The application that serves ``database``; the caller opens and closes it."""
    options = options or WebOptions()
    app = FastAPI(
        title="scmine",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(_check_path), Depends(check_csrf)],
    )
    app.state.database = database
    app.state.options = options
    app.state.guard = Guard(database, options)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/", _first_page, include_in_schema=False)
    handle_problems(app)
    answer_refusals(app)
    app.add_middleware(
        GZipMiddleware, minimum_size=1000, compresslevel=5, exclude_content_types=NOT_PACKED
    )
    app.add_middleware(Shield, options=options)
    return app


def _check_path(request: Request) -> None:
    """Nothing has NUL in its name, and PostgreSQL would not take it in a question."""
    if "\0" in request.scope["path"]:
        raise HTTPException(404, "there is no such page")


def _first_page() -> Response:
    return RedirectResponse("/records")
