"""Sessions of browsers and tokens of programs: made, recognised, ended. Only hashes are stored.

Who may have one is decided by ``scmine.database.users`` and by who calls; cookies and headers are
no matter of this module.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from scmine.database.audit import Action, note
from scmine.database.clean import clean
from scmine.database.store import Database
from scmine.database.user_models import SessionModel, TokenModel, UserModel
from scmine.database.users import (
    USER_COLUMNS,
    Role,
    StoredUser,
    UserError,
    stored_user,
    utc_now,
)

SEEN_EVERY = timedelta(minutes=1)
"""How exactly last uses are known: not each request writes to the database."""

TOKEN_START = "scmine_"
"""How tokens begin, so that programs that look for leaked secrets recognise them."""

MAX_LABEL = 100
MAX_TOKENS = 50
"""Tokens that a user may have at a time."""


def hash_of(secret: str) -> str:
    """What is stored of a secret of 256 random bits; those need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Sessions:
    """The sessions of a database.

    Parameters
    ----------
    idle, lifetime
        A session ends when it was not used for ``idle``, and ``lifetime`` after the log-in.
    now
        The clock.
    """

    def __init__(
        self,
        database: Database,
        *,
        idle: timedelta,
        lifetime: timedelta,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._idle = idle
        self._lifetime = lifetime
        self._now = now

    def begin(self, user: StoredUser, *, address: str = "") -> str:
        """Begin a session; the secret that the browser is to hold. Sessions run out are dropped."""
        secret = secrets.token_urlsafe(32)
        now = self._now()
        row = {
            "id": hash_of(secret),
            "user_id": user.id,
            "made": now,
            "seen": now,
            "address": address,
        }
        c = SessionModel
        ended = (c.seen <= now - self._idle) | (c.made <= now - self._lifetime)
        with self._database.writing() as connection:
            connection.execute(delete(SessionModel).where(ended))
            connection.execute(insert(SessionModel), row)
        return secret

    def user(self, secret: str) -> StoredUser | None:
        """Whose session this is; None if it is unknown, has ended, or the user is disabled."""
        now = self._now()
        statement = (
            select(SessionModel.seen.label("seen"), *USER_COLUMNS)
            .join(UserModel, UserModel.id == SessionModel.user_id)
            .where(
                SessionModel.id == hash_of(secret),
                SessionModel.seen > now - self._idle,
                SessionModel.made > now - self._lifetime,
                UserModel.active,
            )
        )
        row = next(self._database.rows(statement), None)
        if row is None:
            return None
        if now - row.pop("seen") >= SEEN_EVERY:
            seen = update(SessionModel).where(SessionModel.id == hash_of(secret)).values(seen=now)
            with self._database.writing() as connection:
                connection.execute(seen)
        return stored_user(row)

    def end(self, secret: str) -> None:
        """End one session; an unknown one is no error."""
        with self._database.writing() as connection:
            connection.execute(delete(SessionModel).where(SessionModel.id == hash_of(secret)))

    def number(self, user: StoredUser) -> int:
        """How many sessions of a user have not ended."""
        now = self._now()
        statement = select(func.count()).where(
            SessionModel.user_id == user.id,
            SessionModel.seen > now - self._idle,
            SessionModel.made > now - self._lifetime,
        )
        with self._database.reading() as connection:
            return connection.scalar(statement) or 0

    def end_all(self, user: StoredUser) -> None:
        """End all sessions of a user."""
        with self._database.writing() as connection:
            connection.execute(delete(SessionModel).where(SessionModel.user_id == user.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """A token as it is listed; what a program sends is not known any more."""

    id: int
    label: str
    role: Role
    made: datetime
    ends: datetime | None
    used: datetime | None
    revoked: datetime | None

    def works(self, now: datetime) -> bool:
        """Whether it lets anybody in."""
        return self.revoked is None and (self.ends is None or self.ends > now)


class Tokens:
    """The tokens of a database, by which programs use the API."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def make(
        self,
        user: StoredUser,
        label: str,
        role: Role | None = None,
        *,
        days: int | None = None,
        by: str,
    ) -> str:
        """Make a token and return it, this one time.

        Parameters
        ----------
        label
            What it is for.
        role
            What it may do, at most what the user may. None: what the user may.
        days
            After how many days it ends. None: never.

        Raises
        ------
        UserError
            The role is above the user's, the label is empty, or there are too many tokens.
        """
        role = user.role if role is None else role
        label = " ".join(clean(label).split())[:MAX_LABEL]
        if role > user.role:
            raise UserError(f"a token of {user.name} cannot be {role.name.lower()}")
        if not label:
            raise UserError("say what the token is for")
        if sum(token.works(self._now()) for token in self.of(user)) >= MAX_TOKENS:
            raise UserError(f"{user.name} has {MAX_TOKENS} tokens; revoke some first")
        secret = TOKEN_START + secrets.token_urlsafe(32)
        now = self._now()
        row = {
            "user_id": user.id,
            "hash": hash_of(secret),
            "label": label,
            "role": role.name.lower(),
            "made": now,
            "ends": None if days is None else now + timedelta(days=days),
        }
        with self._database.writing() as connection:
            connection.execute(insert(TokenModel), row)
            target = f"{user.name}: {label} ({row['role']})"
            note(connection, Action.TOKEN_MADE, who=by, target=target, now=now)
        return secret

    def user(self, secret: str) -> StoredUser | None:
        """Who a program with this token is, with the lower of both roles; None if nobody."""
        now = self._now()
        statement = (
            select(
                TokenModel.id.label("token"),
                TokenModel.role.label("token_role"),
                TokenModel.used,
                *USER_COLUMNS,
            )
            .join(UserModel, UserModel.id == TokenModel.user_id)
            .where(
                TokenModel.hash == hash_of(secret),
                TokenModel.revoked.is_(None),
                TokenModel.ends.is_(None) | (TokenModel.ends > now),
                UserModel.active,
            )
        )
        row = next(self._database.rows(statement), None)
        if row is None:
            return None
        token, used = row.pop("token"), row.pop("used")
        if used is None or now - used >= SEEN_EVERY:
            with self._database.writing() as connection:
                seen = update(TokenModel).where(TokenModel.id == token).values(used=now)
                connection.execute(seen)
        role = min(Role.named(row.pop("token_role")), Role.named(row["role"]))
        return stored_user({**row, "role": role.name})

    def of(self, user: StoredUser) -> list[StoredToken]:
        """The tokens of a user, latest first."""
        c = TokenModel
        statement = (
            select(c.id, c.label, c.role, c.made, c.ends, c.used, c.revoked)
            .where(c.user_id == user.id)
            .order_by(c.id.desc())
        )
        rows = self._database.rows(statement)
        return [StoredToken(**{**row, "role": Role.named(row["role"])}) for row in rows]

    def revoke(self, user: StoredUser, token_id: int, *, by: str) -> None:
        """End a token of a user.

        Raises
        ------
        UserError
            The user has no such token.
        """
        own = (TokenModel.id == token_id) & (TokenModel.user_id == user.id)
        with self._database.writing() as connection:
            label = connection.scalar(select(TokenModel.label).where(own))
            if label is None:
                raise UserError(f"{user.name} has no token {token_id}")
            still = own & TokenModel.revoked.is_(None)
            done = connection.execute(update(TokenModel).where(still).values(revoked=self._now()))
            if done.rowcount:
                target = f"{user.name}: {label}"
                note(connection, Action.TOKEN_REVOKED, who=by, target=target, now=self._now())
