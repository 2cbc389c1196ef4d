"""Users, their tokens and the audit log as the command line prints them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from scmine.database.audit import entries
from scmine.database.sessions import Tokens
from scmine.database.store import Database
from scmine.database.users import Role, StoredUser, UserError, Users, utc_now
from scmine.pipelines.person import login_name
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind


def print_users(database: Database, *, as_json: bool) -> None:
    """All users, by name."""
    users = Users(database).all()
    if as_json:
        _print_json([_plain(asdict(user)) for user in users])
        return
    if not users:
        print(f"{database.where} has no users: scmine users add NAME makes the first one")
        return
    rows = [
        [u.name, u.role.name.lower(), "" if u.active else "disabled", _day(u.made)] for u in users
    ]
    _print_rows(("name", "role", "access", "since"), rows)


def make_token(
    database: Database, name: str, label: str, role: Role | None, days: int | None
) -> None:
    """Make a token and print it, and nothing else, so that a script can take it."""
    user = _user(database, name)
    print(Tokens(database).make(user, label, role, days=days, by=login_name()))


def revoke_token(database: Database, name: str, token_id: int) -> None:
    """End a token of a user."""
    Tokens(database).revoke(_user(database, name), token_id, by=login_name())
    print(f"token {token_id} of {name} does not work any more")


def print_tokens(database: Database, name: str, *, as_json: bool) -> None:
    """The tokens of a user, latest first."""
    tokens = Tokens(database).of(_user(database, name))
    if as_json:
        _print_json([_plain(asdict(token)) for token in tokens])
        return
    now = utc_now()
    rows = [
        [
            str(t.id),
            t.label,
            t.role.name.lower(),
            _day(t.made),
            _day(t.ends) if t.ends else "never",
            _minute(t.used) if t.used else "never",
            "" if t.works(now) else ("revoked" if t.revoked else "ended"),
        ]
        for t in tokens
    ]
    _print_rows(("id", "for", "role", "made", "ends", "last used", "state"), rows)


def print_log(database: Database, limit: int, *, as_json: bool) -> None:
    """The audit log, latest first."""
    found = entries(database, limit=limit)
    if as_json:
        _print_json([_plain(asdict(entry)) for entry in found])
        return
    rows = [[_minute(e.made), e.who, e.action, e.target, e.address] for e in found]
    _print_rows(("when (UTC)", "who", "what", "whom or which", "from"), rows)


def _user(database: Database, name: str) -> StoredUser:
    user = Users(database).get(name)
    if user is None:
        raise UserError(f"there is no user {name}")
    return user


def _print_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with wide_console() as console:
        columns = [Column(name, Kind.NUMBER if name == "id" else Kind.TEXT) for name in names]
        print_table(console, columns, rows)


def _print_json(value: list[dict[str, Any]]) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON holds it: roles by name, times as ISO 8601."""
    plain: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Role):
            plain[name] = value.name.lower()
        else:
            plain[name] = value.isoformat() if isinstance(value, datetime) else value
    return plain


def _day(time: datetime) -> str:
    return time.strftime("%Y-%m-%d")


def _minute(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M")
