"""The two cookies: a session's secret, and a visitor's before log-in. Scripts can read neither."""

from __future__ import annotations

import secrets

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from scmine.web.options import WebOptions

SESSION, VISITOR = "session", "visitor"


def session_secret(request: Request) -> str | None:
    """What the session's cookie holds."""
    return request.cookies.get(_name(request, SESSION))


def csrf_key(request: Request) -> str:
    """What a forger does not know: the session's secret, else the visitor's, made if need be.

    ``scmine.web.shield`` sends a visitor's secret that was made here.
    """
    found = session_secret(request) or request.cookies.get(_name(request, VISITOR))
    if found:
        return found
    if not hasattr(request.state, "new_visitor"):
        request.state.new_visitor = secrets.token_urlsafe(32)
    return str(request.state.new_visitor)


def keep_session(request: Request, response: Response, secret: str) -> None:
    """Let the browser hold a session's secret until it is closed."""
    _set(request, response, SESSION, secret)


def keep_visitor(request: Request, response: Response, secret: str) -> None:
    """Let the browser hold a visitor's secret until it is closed."""
    _set(request, response, VISITOR, secret)


def forget_session(request: Request, response: Response) -> None:
    """Let the browser drop the session's secret."""
    secure = _secure(request.url)
    response.delete_cookie(
        _name(request, SESSION), path="/", secure=secure, httponly=True, samesite="lax"
    )


def _set(request: Request, response: Response, kind: str, secret: str) -> None:
    response.set_cookie(
        _name(request, kind),
        secret,
        path="/",
        secure=_secure(request.url),
        httponly=True,
        samesite="lax",
    )


def _name(request: Request, kind: str) -> str:
    """The cookie's name.

    Browsers take a name with ``__Host-`` only from this very host and over https. On loopback,
    where all ports share cookies, the port keeps servers of several databases apart.
    """
    if _secure(request.url):
        return f"__Host-scmine-{kind}"
    options = request.app.state.options
    assert isinstance(options, WebOptions)
    return f"scmine-{kind}-{options.port}"


def _secure(url: URL) -> bool:
    return url.scheme == "https"
