"""Who asks, and what a role may do; every route takes its user from here.

Without users in the database nobody logs in: whoever sits at this machine may do all. With users,
a browser shows a session's cookie and a program a token. Guarding against other sites lives in
``scmine.web.csrf``, what holds for every answer in ``scmine.web.shield``.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from scmine.database.logins import Logins
from scmine.database.sessions import Sessions, Tokens
from scmine.database.store import Database
from scmine.database.users import Role, StoredUser, Users
from scmine.pipelines.person import login_name
from scmine.web.cookies import session_secret
from scmine.web.options import WebOptions

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers by which a proxy says that it passes on what somebody else asks."""


@dataclass(frozen=True, slots=True)
class User:
    """Who asks: the name that revisions and the audit log carry, and the role."""

    name: str
    role: Role


class LoginNeeded(Exception):
    """There are users, and the request is of none of them; it is answered by a way to log in."""


class Guard:
    """The users of the database that is served, with what sessions and log-ins are held to."""

    def __init__(self, database: Database, options: WebOptions) -> None:
        self.users = Users(database)
        self.tokens = Tokens(database)
        self.logins = Logins(database, attempts=options.login_attempts)
        self.sessions = Sessions(
            database,
            idle=timedelta(hours=options.session_idle_h),
            lifetime=timedelta(hours=options.session_h),
        )
        self._any = False

    def has_users(self) -> bool:
        """Whether one has to log in."""
        # Users are never deleted: one look that finds some will do.
        self._any = self._any or self.users.any()
        return self._any


def guard(request: Request) -> Guard:
    """The users and sessions of the application."""
    found = request.app.state.guard
    assert isinstance(found, Guard)
    return found


def is_api(request: Request) -> bool:
    """Whether a program asks, which reads JSON."""
    return request.url.path.startswith("/api/")


def bearer(request: Request) -> str | None:
    """The token that a program sends; a request that has one is never let in by a cookie."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.casefold() == "bearer" else None


def stored_user(request: Request) -> StoredUser | None:
    """The user whose session or token came with the request."""
    token = bearer(request)
    if token is not None:
        return guard(request).tokens.user(token)
    secret = session_secret(request)
    return guard(request).sessions.user(secret) if secret else None


def current_user(request: Request) -> User:
    """The user of a request; without users the person at this machine, who may do all.

    Raises
    ------
    LoginNeeded
        There are users, and this is none of them, or a token came that lets nobody in.
    """
    user = known_user(request)
    if user is None:
        raise LoginNeeded
    return user


def known_user(request: Request) -> User | None:
    """The user of a request, as `current_user`, or None; looked up once a request."""
    if not hasattr(request.state, "user"):
        request.state.user = _known_user(request)
    known: User | None = request.state.user
    return known


def _known_user(request: Request) -> User | None:
    if bearer(request) is None and not guard(request).has_users():
        _check_local(request)
        return User(login_name(), Role.ADMIN)
    found = stored_user(request)
    return None if found is None else User(found.name, found.role)


def _check_local(request: Request) -> None:
    """Without users only this machine is served, and not what a proxy passes on."""
    address = request.client.host if request.client else ""
    try:
        local = ipaddress.ip_address(address).is_loopback
    except ValueError:
        local = True  # no address of a network: a socket of this machine
    if not local or any(name in request.headers for name in FORWARDED):
        raise HTTPException(
            403,
            "this server has no users and serves only its own machine; "
            "`scmine users add NAME` makes the first one",
        )


class _Needs:
    """A dependency that lets in users of at least one role."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(self, user: Annotated[User, Depends(current_user)]) -> User:
        if user.role < self.role:
            raise HTTPException(403, f"this needs the role {self.role.name.lower()}")
        return user


Viewer = Annotated[User, Depends(_Needs(Role.VIEWER))]
Curator = Annotated[User, Depends(_Needs(Role.CURATOR))]
Admin = Annotated[User, Depends(_Needs(Role.ADMIN))]
