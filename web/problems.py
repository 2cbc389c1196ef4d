"""What goes wrong, told to people as a page and to programs as JSON; details stay in the log.

Programs get ``{"error": {"code": …, "message": …, "fields": …}}``, where ``fields``, for what was
sent and does not fit, maps a name to what is wrong with it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from scmine.database.errors import UnavailableError
from scmine.web.pages import render
from scmine.web.security import LoginNeeded, is_api, known_user
from scmine.web.shield import add_headers

LOG = logging.getLogger("scmine.web")

RETRY_S = 10
"""When to try again if the database cannot be reached."""

CODES = {413: "too_large", 422: "invalid"}
"""Names of statuses that Python's releases name differently."""


def problem(
    status: int,
    message: str,
    *,
    code: str | None = None,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An error as programs get it; ``code`` is by default the name of the status.

    >>> problem(404, "there is no such record").body
    b'{"error":{"code":"not_found","message":"there is no such record"}}'
    """
    name = code or CODES.get(status) or HTTPStatus(status).name.lower()
    error: dict[str, Any] = {"code": name, "message": message}
    if fields is not None:
        error["fields"] = dict(fields)
    return JSONResponse({"error": error}, status, dict(headers or {}))


def handle_problems(app: FastAPI) -> None:
    """Let ``app`` answer every error."""
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(RequestValidationError, _not_fitting)
    app.add_exception_handler(LoginNeeded, _log_in)
    app.add_exception_handler(UnavailableError, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


def _told(request: Request, error: Exception) -> Response:
    """What a route refused, as it said."""
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code, error.detail, headers=error.headers)


def _not_fitting(request: Request, error: Exception) -> Response:
    """What was sent does not fit what a route takes."""
    assert isinstance(error, RequestValidationError)
    fields = {
        ".".join(str(part) for part in wrong["loc"][1:]) or str(wrong["loc"][0]): str(wrong["msg"])
        for wrong in error.errors()
    }
    message = "; ".join(f"{name}: {what}" for name, what in fields.items())
    return _answer(request, 422, message, fields=fields)


def _log_in(request: Request, _error: Exception) -> Response:
    """The way to the log-in, and back to where it was wanted to go."""
    if is_api(request):
        headers = {"WWW-Authenticate": "Bearer"}
        return problem(401, "log in, or send a token that works", headers=headers)
    seen = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    next_page = seen if request.method == "GET" and "hx-request" not in request.headers else "/"
    login = f"/login?{urlencode({'next': next_page})}"
    if "hx-request" in request.headers:
        # A redirect would put the page of the log-in into a part of this page.
        return Response(status_code=401, headers={"HX-Redirect": login})
    return RedirectResponse(login, 303)


def _unavailable(request: Request, error: Exception) -> Response:
    """The database is not there or held by another program: nothing was changed."""
    # Where it is stays in the log.
    LOG.error("%s %s: %s", request.method, request.url.path, error)
    message = "the database cannot be reached, or another program writes to it; try again soon"
    headers = {"Retry-After": str(RETRY_S)}
    if is_api(request):
        return problem(503, message, headers=headers)
    response = render(request, "error.html", None, status=503, code=503, message=message)
    response.headers.update(headers)
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours: an id to report; what happened stands with it in the log."""
    name = secrets.token_hex(4)
    LOG.error("fault %s: %s %s", name, request.method, request.url.path, exc_info=error)
    message = f"a fault of scmine; its trace is in the server's log under {name}"
    if is_api(request):
        response: Response = problem(500, message)
    else:
        response = render(request, "error.html", None, status=500, code=500, message=message)
    # The framework answers this outside of all middleware.
    add_headers(request.scope, response.headers)
    return response


def _answer(
    request: Request,
    status: int,
    message: str,
    *,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    if is_api(request):
        return problem(status, message, fields=fields, headers=headers)
    try:
        user = known_user(request)
    except (HTTPException, UnavailableError):
        user = None
    response = render(request, "error.html", user, status=status, code=status, message=message)
    response.headers.update(headers or {})
    return response
