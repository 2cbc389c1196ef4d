"""Users and the audit log, for admins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from scmine.database.audit import AuditEntry, RecordChange, entries, record_changes
from scmine.database.users import MIN_PASSWORD, Role, UserError
from scmine.web.dependencies import Db
from scmine.web.pages import render
from scmine.web.routes.account import Name, Password
from scmine.web.security import Admin, User, bearer, guard

router = APIRouter(include_in_schema=False)

PAGE = 100
"""Lines of the audit log on one page."""

LARGEST_ID = 2**31 - 1


@router.get("/users")
def users_page(request: Request, user: Admin) -> Response:
    """All users, and the form that adds one."""
    return _users(request, user)


@router.post("/users")
def add_user(request: Request, user: Admin, name: Name, password: Password, role: Name) -> Response:
    """Add a user."""
    return _changed(
        request,
        user,
        lambda: guard(request).users.add(name, password, Role.named(role), by=user.name),
    )


@router.post("/users/{name}/role")
def change_role(request: Request, user: Admin, name: str, role: Name) -> Response:
    """Change a user's role."""
    return _changed(
        request,
        user,
        lambda: guard(request).users.set_role(name, Role.named(role), by=user.name),
    )


@router.post("/users/{name}/password")
def set_password(request: Request, user: Admin, name: str, password: Password) -> Response:
    """Give a user another password; the user's sessions end."""
    return _changed(
        request, user, lambda: guard(request).users.set_password(name, password, by=user.name)
    )


@router.post("/users/{name}/disable")
def disable(request: Request, user: Admin, name: str) -> Response:
    """Lock a user out."""
    return _changed(request, user, lambda: guard(request).users.disable(name, by=user.name))


@router.post("/users/{name}/enable")
def enable(request: Request, user: Admin, name: str) -> Response:
    """Let a user in again."""
    return _changed(request, user, lambda: guard(request).users.enable(name, by=user.name))


Before = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


@router.get("/audit")
def audit_page(request: Request, user: Admin, db: Db, before: Before = None) -> Response:
    """The audit log, latest first."""
    found = entries(db, before=before, limit=PAGE + 1)
    return _log(request, user, "audit.html", found, before)


@router.get("/audit/records")
def record_changes_page(request: Request, user: Admin, db: Db, before: Before = None) -> Response:
    """Who changed which records, latest first."""
    found = record_changes(db, before=before, limit=PAGE + 1)
    return _log(request, user, "audit_records.html", found, before)


def _log(
    request: Request,
    user: User,
    template: str,
    found: Sequence[AuditEntry] | Sequence[RecordChange],
    before: int | None,
) -> Response:
    shown = found[:PAGE]
    older = shown[-1].id if len(found) > PAGE else None
    return render(request, template, user, entries=shown, older=older, before=before)


def _changed(request: Request, user: User, change: Callable[[], object]) -> Response:
    """Do what was asked for and show the users; say why if it could not be done."""
    if bearer(request) is not None:
        raise HTTPException(403, "log in with a browser for this")
    try:
        change()
    except UserError as error:
        return _users(request, user, status=422, message=str(error))
    return RedirectResponse("/users", 303)


def _users(request: Request, user: User, *, status: int = 200, **context: Any) -> Response:
    values: dict[str, Any] = {"message": ""}
    return render(
        request,
        "users.html",
        user,
        status=status,
        users=guard(request).users.all(),
        roles=list(Role),
        min_password=MIN_PASSWORD,
        **values | context,
    )
