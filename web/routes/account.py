"""Logging in and out, one's password and tokens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from scmine.database.audit import Action, audit
from scmine.database.logins import TooManyAttempts
from scmine.database.sessions import MAX_LABEL
from scmine.database.users import MIN_PASSWORD, Role, StoredUser, UserError, utc_now
from scmine.web.cookies import forget_session, keep_session, session_secret
from scmine.web.dependencies import Db
from scmine.web.next_page import safe_next
from scmine.web.pages import render
from scmine.web.security import User, Viewer, bearer, guard, known_user, stored_user

router = APIRouter(include_in_schema=False)

TOKEN_DAYS = (30, 90, 365)
"""After how many days a token can be made to end; it can also be made to last."""

SHORT_FORM, LONG_FORM = 200, 2000
"""Characters that a field of a form may have: names, and passwords or pages to go to."""

Name = Annotated[str, Form(max_length=SHORT_FORM)]
Password = Annotated[str, Form(max_length=LONG_FORM)]


def address_of(request: Request) -> str:
    """Where a request comes from, as the audit log notes it."""
    return request.client.host if request.client else ""


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """The form of the log-in; who is logged in goes on."""
    if known_user(request) is not None:
        return RedirectResponse(safe_next(next), 303)
    return render(request, "login.html", None, next=safe_next(next), name="", message="")


@router.post("/login")
def log_in(
    request: Request,
    name: Name,
    password: Password,
    next: Annotated[str, Form(max_length=LONG_FORM)] = "/",
) -> Response:
    """Begin a session, under a new secret; one that the browser had ends."""
    next_page = safe_next(next)
    guarded = guard(request)
    if not guarded.has_users():
        return RedirectResponse(next_page, 303)
    wait: dict[str, str] = {}
    try:
        user = guarded.logins.log_in(name, password, address=address_of(request))
        status, message = 401, "Name or password is wrong."
    except TooManyAttempts as error:
        user, wait = None, {"Retry-After": str(error.wait_s)}
        status, message = 429, f"{str(error).capitalize()}."
    if user is None:
        page = render(
            request, "login.html", None, status=status, next=next_page, name=name, message=message
        )
        page.headers.update(wait)
        return page
    if earlier := session_secret(request):
        guarded.sessions.end(earlier)
    response = RedirectResponse(next_page, 303)
    keep_session(request, response, guarded.sessions.begin(user, address=address_of(request)))
    return response


@router.post("/logout")
def log_out(request: Request, db: Db) -> Response:
    """End the session; pages that the browser kept are dropped."""
    secret = session_secret(request)
    user = guard(request).sessions.user(secret) if secret else None
    if secret and user:
        guard(request).sessions.end(secret)
        audit(db, user.name, Action.LOGGED_OUT, address=address_of(request))
    response = RedirectResponse("/login", 303)
    forget_session(request, response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/account")
def account_page(request: Request, user: Viewer) -> Response:
    """One's name and role, password and tokens."""
    return _account(request, user)


@router.post("/account/password")
def change_password(
    request: Request,
    user: Viewer,
    current: Password,
    password: Password,
    again: Password,
) -> Response:
    """Change one's password; all sessions end, and this browser gets a new one."""
    stored = _person(request)
    guarded = guard(request)
    try:
        known = guarded.logins.log_in(stored.name, current, address=address_of(request), noted=None)
        if known is None:
            raise UserError("the current password is wrong")
        if password != again:
            raise UserError("the new passwords differ")
        guarded.users.set_password(stored.name, password, by=stored.name)
    except (UserError, TooManyAttempts) as error:
        return _account(request, user, status=422, password_message=str(error))
    response = RedirectResponse("/account?changed=1", 303)
    keep_session(request, response, guarded.sessions.begin(stored, address=address_of(request)))
    return response


@router.post("/account/sessions")
def end_sessions(request: Request, user: Viewer) -> Response:
    """End all sessions, of this browser too."""
    guard(request).sessions.end_all(_person(request))
    response = RedirectResponse("/login", 303)
    forget_session(request, response)
    return response


@router.post("/account/tokens")
def make_token(
    request: Request,
    user: Viewer,
    label: Name,
    role: Name,
    days: Annotated[int | None, Form(ge=1, le=3650)] = None,
) -> Response:
    """Make a token; the page that answers is the only one that shows it."""
    stored = _person(request)
    try:
        secret = guard(request).tokens.make(
            stored, label, Role.named(role), days=days, by=stored.name
        )
    except UserError as error:
        return _account(request, user, status=422, token_message=str(error))
    return _account(request, user, secret=secret)


@router.post("/account/tokens/{token_id}/revoke")
def revoke_token(request: Request, user: Viewer, token_id: int) -> Response:
    """End one of one's tokens."""
    stored = _person(request)
    try:
        guard(request).tokens.revoke(stored, token_id, by=stored.name)
    except (UserError, OverflowError) as error:
        raise HTTPException(404, str(error)) from error
    return RedirectResponse("/account", 303)


def _person(request: Request) -> StoredUser:
    """The user who is logged in; a token must not make tokens or change a password.

    Raises
    ------
    HTTPException
        403, for a program, and 409 where there are no users.
    """
    if bearer(request) is not None:
        raise HTTPException(403, "log in with a browser for this")
    found = stored_user(request)
    if found is None:
        raise HTTPException(409, "there are no users yet: `scmine users add NAME` makes the first")
    return found


def _account(request: Request, user: User, *, status: int = 200, **context: Any) -> Response:
    """The page of one's account."""
    stored = stored_user(request)
    guarded = guard(request)
    values: dict[str, Any] = {"password_message": "", "token_message": "", "secret": None}
    return render(
        request,
        "account.html",
        user,
        status=status,
        stored=stored,
        changed="changed" in request.query_params,
        sessions=guarded.sessions.number(stored) if stored else 0,
        tokens=guarded.tokens.of(stored) if stored else [],
        roles=[role for role in Role if role <= user.role],
        token_days=TOKEN_DAYS,
        max_label=MAX_LABEL,
        min_password=MIN_PASSWORD,
        now=utc_now(),
        **values | context,
    )
