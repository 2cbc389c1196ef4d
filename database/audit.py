"""The audit log: who logged in, who failed to, who changed a user. It is only added to.

Changes of records are not written a second time: they are read from the revisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from scmine.database.clean import clean
from scmine.database.models import RevisionModel
from scmine.database.revision import ChangeKind
from scmine.database.store import Database
from scmine.database.user_models import AuditModel

LENGTH = 200
"""How much of a name, target or address is kept: part of them is typed by anybody."""


class Action(StrEnum):
    """What the log notes."""

    LOGGED_IN = "logged in"
    LOGIN_FAILED = "log-in failed"
    LOGGED_OUT = "logged out"
    USER_ADDED = "user added"
    ROLE_CHANGED = "role changed"
    PASSWORD_CHANGED = "password changed"
    USER_DISABLED = "user disabled"
    USER_ENABLED = "user enabled"
    TOKEN_MADE = "token made"
    TOKEN_REVOKED = "token revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the log; ``who`` is empty where nobody was logged in."""

    id: int
    made: datetime
    who: str
    action: str
    target: str
    address: str


def note(
    connection: Connection,
    action: Action | str,
    *,
    who: str,
    target: str = "",
    address: str = "",
    now: datetime | None = None,
) -> None:
    """Write a line in the transaction of ``connection``, so that it stands if the change does."""
    row = {"who": who, "action": str(action), "target": target, "address": address}
    cut = {name: clean(value)[:LENGTH] for name, value in row.items()}
    connection.execute(insert(AuditModel), {"made": now or datetime.now(UTC), **cut})


def audit(
    database: Database, who: str, action: Action | str, target: str = "", *, address: str = ""
) -> None:
    """Write a line by itself."""
    with database.writing() as connection:
        note(connection, action, who=who, target=target, address=address)


def entries(
    database: Database, *, before: int | None = None, who: str | None = None, limit: int = 100
) -> list[AuditEntry]:
    """Lines of the log, latest first; ``before`` is the id of the last line already seen."""
    c = AuditModel.__table__.c
    statement = select(AuditModel.__table__).order_by(c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(c.id < before)
    if who is not None:
        statement = statement.where(c.who == who)
    return [AuditEntry(**row) for row in database.rows(statement)]


def logged_in_from(database: Database, who: str, address: str, since: datetime) -> bool:
    """Whether a user has logged in from an address since some time."""
    c = AuditModel.__table__.c
    statement = select(c.id).where(
        c.who == who, c.action == str(Action.LOGGED_IN), c.address == address, c.made >= since
    )
    with database.reading() as connection:
        return connection.scalar(statement.limit(1)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """A revision as the audit shows it; what it changed stands in the record's history."""

    id: int
    made: datetime
    who: str
    kind: str
    record_id: str
    number: int


def record_changes(
    database: Database, *, before: int | None = None, limit: int = 100
) -> list[RecordChange]:
    """Who changed which records, latest first, from the revisions themselves."""
    c = RevisionModel.__table__.c
    statement = (
        select(c.id, c.made, c.who, c.kind, c.record_id, c.number)
        .where(c.kind != ChangeKind.EXTRACTED.value)
        .order_by(c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(c.id < before)
    return [RecordChange(**row) for row in database.rows(statement)]
