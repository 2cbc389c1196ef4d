"""The web application: what it consists of, put together. What a page does lives in its route."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from scmine.database.store import Database
from scmine.web.options import WebOptions
from scmine.web.pages import FOLDER, render
from scmine.web.routes import (
    account,
    admin,
    api,
    corrections,
    materials,
    papers,
    plots,
    proposals,
    queue,
    record,
    records,
)

ROUTERS = (
    records.router,
    record.router,
    queue.router,
    proposals.router,
    papers.router,
    materials.router,
    plots.router,
    corrections.router,
    account.router,
    admin.router,
    api.router,
)


def create_app(database: Database, options: WebOptions | None = None) -> FastAPI:
    """The application that serves ``database``; the caller opens and closes it."""
    app = FastAPI(title="scmine", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.database = database
    app.state.options = options or WebOptions()
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/", _first_page, include_in_schema=False)
    app.add_exception_handler(HTTPException, _error_page)
    return app


def _first_page() -> Response:
    return RedirectResponse("/records")


def _error_page(request: Request, error: Exception) -> Response:
    """What went wrong, as a page that leads on."""
    assert isinstance(error, HTTPException)
    return render(
        request,
        "error.html",
        None,
        status=error.status_code,
        code=error.status_code,
        message=error.detail,
    )
