"""The JSON API, version 1, its OpenAPI description, and a page that shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response

from scmine.web.api import materials, papers, records
from scmine.web.api.parameters import check_names
from scmine.web.pages import render
from scmine.web.security import Viewer

PREFIX = "/api/v1"

SUMMARY = """Records of superconductors, the papers they are from, and their history.

Reading needs a user if the database has any: send `Authorization: Bearer TOKEN` with a token of
your account page. Changes need the role curator and the number of the revision that you saw
(`expected`); if another is in force the answer is 409 and nothing is written. Every error is
`{"error": {"code", "message", "fields"}}`."""


def only_known(request: Request, user: Viewer) -> None:
    """Refuse parameters that the description does not name."""
    # Releases of FastAPI differ in whether a route's path begins with its router's.
    path = PREFIX + request.scope["route"].path.removeprefix(PREFIX)
    operation = description()["paths"][path][request.method.lower()]
    described = operation.get("parameters", ())
    check_names(request, [p["name"] for p in described if p["in"] == "query"])


router = APIRouter()
versioned = APIRouter(prefix=PREFIX, dependencies=[Depends(only_known)])
versioned.include_router(records.router)
versioned.include_router(papers.router)
versioned.include_router(materials.router)


@cache
def description() -> dict[str, Any]:
    """The OpenAPI description of the API."""
    return get_openapi(
        title="scmine", version="1", description=SUMMARY, routes=versioned.routes
    ) | {"security": [{"token": []}, {}]}


@router.get(f"{PREFIX}/openapi.json", include_in_schema=False)
def openapi(user: Viewer) -> Response:
    """The description that tools read."""
    return JSONResponse(description())


@router.get("/api", include_in_schema=False)
def page(request: Request, user: Viewer) -> Response:
    """The description for people."""
    return render(request, "api.html", user, api=description())


router.include_router(versioned)
