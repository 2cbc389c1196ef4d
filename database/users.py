"""Users of the web pages: their names, passwords and roles. At least one admin always stays.

Users are never deleted, since revisions name them; a user that is disabled cannot log in, and
sessions and tokens end. Sessions and tokens live in ``scmine.database.sessions``, how often one may
try to log in in ``logins``.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, delete, func, insert, select, text, update

from scmine.database.audit import Action, note
from scmine.database.clean import clean
from scmine.database.errors import DatabaseError
from scmine.database.store import Database
from scmine.database.user_models import SessionModel, UserModel

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_PASSWORD = 12
"""Characters of a password at least; NIST SP 800-63B asks for 8 and advises 15."""

MAX_PASSWORD = 1024
MAX_NAME = 64

HASHING = threading.BoundedSemaphore(2)
"""Hashing takes 64 MB and all of a CPU; attempts to log in must not take all of a machine."""

POSTGRESQL_LOCK = 7_226_464
"""The advisory lock of changes that count admins; SQLite has one writer anyway."""


USER_COLUMNS = tuple(
    UserModel.__table__.c[name] for name in ("id", "name", "role", "active", "made")
)
"""What is read of users: all but the password."""


class Role(IntEnum):
    """What a user may do; each role may do what the one before may."""

    VIEWER = 1
    CURATOR = 2
    ADMIN = 3

    @classmethod
    def named(cls, name: str) -> Role:
        """The role of a name.

        >>> Role.named("curator").name
        'CURATOR'
        """
        try:
            return cls[name.upper()]
        except KeyError:
            roles = ", ".join(role.name.lower() for role in cls)
            raise UserError(f"{name!r} is no role; roles are {roles}") from None


class UserError(DatabaseError):
    """A name, password or role that cannot be taken, or a user that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUser:
    """A user as stored, without the password."""

    id: int
    name: str
    role: Role
    active: bool
    made: datetime


def utc_now() -> datetime:
    """The time; tests put another clock in its place."""
    return datetime.now(UTC)


def clean_name(name: str) -> str:
    """A user's name in its one form (NFC, no spaces around it).

    Raises
    ------
    UserError
        It is empty, too long, or has other characters than letters, digits and ``. _ - @ +``
        and single spaces.

    >>> clean_name(" Ana Lovelace ")
    'Ana Lovelace'
    """
    name = unicodedata.normalize("NFC", name).strip()
    fits = all(c.isalnum() or unicodedata.combining(c) or c in "._-@+ " for c in name)
    if len(name) > MAX_NAME or not fits or "  " in name or not any(map(str.isalnum, name)):
        raise UserError(
            f"a user's name has 1 to {MAX_NAME} letters, digits, single spaces and . _ - @ +"
        )
    return name


def clean_password(password: str, name: str) -> str:
    """A password in its one form (NFC), so that each keyboard gives the same.

    Raises
    ------
    UserError
        It is too short, too long, or made of little more than the name or one character.
    """
    password = clean(unicodedata.normalize("NFC", password))
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise UserError(f"a password has at least {MIN_PASSWORD} characters")
    if len(set(password.replace(name, "").casefold())) < 4:
        raise UserError("this password is too easily guessed; take several words")
    return password


class Users:
    """The users of a database.

    Parameters
    ----------
    now
        The clock.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def any(self) -> bool:
        """Whether there are users at all; without, nobody needs to log in."""
        with self._database.reading() as connection:
            return connection.scalar(select(UserModel.id).limit(1)) is not None

    def all(self) -> list[StoredUser]:
        """All users, by name."""
        return [stored_user(row) for row in self._database.rows(_columns().order_by(UserModel.key))]

    def get(self, name: str) -> StoredUser | None:
        """The user of a name, in whatever case it is written."""
        rows = self._database.rows(_columns().where(UserModel.key == name_key(name)))
        return next((stored_user(row) for row in rows), None)

    def add(self, name: str, password: str, role: Role | None = None, *, by: str) -> StoredUser:
        """Add a user; the first one has to be an admin, later ones are viewers unless said.

        Raises
        ------
        UserError
            The name is taken, or name or password cannot be taken.
        """
        name = clean_name(name)
        hashed = _hashed(clean_password(password, name))
        with self._changing() as connection:
            if connection.scalar(select(UserModel.id).where(UserModel.key == name_key(name))):
                raise UserError(f"there is a user {name} already")
            first = connection.scalar(select(UserModel.id).limit(1)) is None
            if role is None:
                role = Role.ADMIN if first else Role.VIEWER
            if first and role is not Role.ADMIN:
                raise UserError("the first user has to be an admin")
            row = {
                "name": name,
                "key": name_key(name),
                "password": hashed,
                "role": role.name.lower(),
                "active": True,
                "made": self._now(),
            }
            connection.execute(insert(UserModel), row)
            self._note(connection, Action.USER_ADDED, by, f"{name} ({row['role']})")
        found = self.get(name)
        assert found is not None
        return found

    def set_role(self, name: str, role: Role, *, by: str) -> None:
        """Change the role of a user, from the next request on; the last admin stays one."""
        with self._changing() as connection:
            user = self._found(connection, name)
            if role is not Role.ADMIN:
                self._keep_an_admin(connection, user)
            self._update(connection, user, role=role.name.lower())
            change = f"{user.name}: {user.role.name.lower()} to {role.name.lower()}"
            self._note(connection, Action.ROLE_CHANGED, by, change)

    def set_password(self, name: str, password: str, *, by: str) -> None:
        """Change a password and end all sessions of the user; tokens stay."""
        hashed = _hashed(clean_password(password, clean_name(name)))
        with self._changing() as connection:
            user = self._found(connection, name)
            self._update(connection, user, password=hashed)
            self._end_sessions(connection, user)
            self._note(connection, Action.PASSWORD_CHANGED, by, user.name)

    def disable(self, name: str, *, by: str) -> None:
        """Lock a user out: sessions end, tokens do not work; the last admin stays."""
        with self._changing() as connection:
            user = self._found(connection, name)
            self._keep_an_admin(connection, user)
            self._update(connection, user, active=False)
            self._end_sessions(connection, user)
            self._note(connection, Action.USER_DISABLED, by, user.name)

    def enable(self, name: str, *, by: str) -> None:
        """Let a user in again."""
        with self._changing() as connection:
            user = self._found(connection, name)
            self._update(connection, user, active=True)
            self._note(connection, Action.USER_ENABLED, by, user.name)

    def check_password(self, name: str, password: str) -> StoredUser | None:
        """The active user of this name and password; None, after the same time, if there is none.

        A hash with weaker parameters than today's is made anew.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        password = clean(unicodedata.normalize("NFC", password))[: MAX_PASSWORD + 1]
        statement = (
            _columns().add_columns(UserModel.password).where(UserModel.key == name_key(name))
        )
        row = next(self._database.rows(statement), None)
        hashed = row.pop("password") if row else _nobodys_hash()
        try:
            with HASHING:
                _hasher().verify(hashed, password)
        except (InvalidHashError, VerificationError):
            return None
        user = stored_user(row) if row else None
        if user is None or not user.active:
            return None
        if _hasher().check_needs_rehash(hashed):
            with self._database.writing() as connection:
                self._update(connection, user, password=_hashed(password))
        return user

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """A transaction in which nobody else changes users."""
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": POSTGRESQL_LOCK})
            yield connection

    def _found(self, connection: Connection, name: str) -> StoredUser:
        row = connection.execute(_columns().where(UserModel.key == name_key(name))).one_or_none()
        if row is None:
            raise UserError(f"there is no user {name}")
        return stored_user(row._asdict())

    def _keep_an_admin(self, connection: Connection, user: StoredUser) -> None:
        others = (
            select(func.count())
            .select_from(UserModel)
            .where(UserModel.role == "admin", UserModel.active, UserModel.id != user.id)
        )
        if user.role is Role.ADMIN and user.active and not connection.scalar(others):
            raise UserError(f"{user.name} is the last admin; make another one first")

    def _update(self, connection: Connection, user: StoredUser, **values: object) -> None:
        connection.execute(update(UserModel).where(UserModel.id == user.id).values(**values))

    def _end_sessions(self, connection: Connection, user: StoredUser) -> None:
        connection.execute(delete(SessionModel).where(SessionModel.user_id == user.id))

    def _note(self, connection: Connection, action: Action, by: str, target: str) -> None:
        note(connection, action, who=by, target=target, now=self._now())


def _columns() -> Select[Any]:
    """What is read of users."""
    return select(*USER_COLUMNS)


def stored_user(row: Mapping[str, Any]) -> StoredUser:
    """The user of a row of `USER_COLUMNS`."""
    return StoredUser(**{**row, "role": Role.named(row["role"])})


def name_key(name: str) -> str:
    """What tells users apart: their names without case and without forms of characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", name).strip())
    return str(clean(folded.casefold()))


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the second choice of RFC 9106: 64 MB, three passes."""
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError as error:
        raise UserError(
            "passwords need the package argon2-cffi; install it with: pip install 'scmine[web]'"
        ) from error
    return PasswordHasher()


def _hashed(password: str) -> str:
    with HASHING:
        return _hasher().hash(password)


@cache
def _nobodys_hash() -> str:
    """What the password of an unknown user is held against, so that it takes as long."""
    return _hashed("nobody has this password")
