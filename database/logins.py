"""Logging in: a name and a password for a user, and no more attempts than are allowed.

Attempts are kept in the database, so that all processes count together and a restart forgets none.
An attempt is counted before the password is looked at, so that attempts side by side cannot
outrun the count, and forgotten when it succeeds.

Who fails on purpose must not lock others out: from where a user has logged in before, attempts are
counted apart from those of strangers (OWASP, "Slow down online guessing attacks with device
cookies", with the address in place of the cookie).
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, text

from scmine.database.audit import Action, logged_in_from, note
from scmine.database.errors import DatabaseError
from scmine.database.store import Database
from scmine.database.user_models import LoginAttemptModel
from scmine.database.users import StoredUser, Users, name_key, utc_now

WINDOW = timedelta(minutes=15)
"""For how long an attempt counts."""

PER_ADDRESS = 5
"""From one address, which a whole group may share, there may be so many times more."""

REMEMBERED = timedelta(days=90)
"""For how long a place counts from which somebody logged in."""


class TooManyAttempts(DatabaseError):
    """Too many attempts to log in failed; ``wait_s`` is how long to wait."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many attempts to log in; try again in {math.ceil(wait_s / 60)} min")
        self.wait_s = wait_s


class Logins:
    """Attempts to log in.

    Parameters
    ----------
    attempts
        How many may fail for one name within 15 minutes; from each address that the user has logged
        in from before, as many again.
    now
        The clock.
    """

    def __init__(
        self, database: Database, *, attempts: int, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._database = database
        self._attempts = attempts
        self._now = now
        self._users = Users(database, now)

    def log_in(
        self,
        name: str,
        password: str,
        *,
        address: str,
        noted: Action | None = Action.LOGGED_IN,
    ) -> StoredUser | None:
        """The user of this name and password, or None.

        ``noted`` is what the audit log gets where they are right; a failure it gets always.

        Raises
        ------
        TooManyAttempts
            Too many attempts failed for this name, or from this address.
        """
        own_key = self._own_key(name, address)
        limits = {own_key: self._attempts}
        if address:
            limits[_key("address", network(address))] = self._attempts * PER_ADDRESS
        attempts = self._count(limits)
        user = self._users.check_password(name, password)
        now = self._now()
        if user is None:
            target = self._known(name)
            with self._database.writing() as connection:
                failed = Action.LOGIN_FAILED
                note(connection, failed, who="", target=target, address=address, now=now)
            return None
        # Only this name's failures are forgotten: who has a password of their own could
        # otherwise go on guessing those of others from the same address.
        own = LoginAttemptModel.key == own_key
        with self._database.writing() as connection:
            done = delete(LoginAttemptModel).where(own | LoginAttemptModel.id.in_(attempts))
            connection.execute(done)
            if noted:
                note(connection, noted, who=user.name, address=address, now=now)
        return user

    def _own_key(self, name: str, address: str) -> str:
        """What failures for a name are counted by: the name, and an address known to be its own."""
        user = self._users.get(name)
        since = self._now() - REMEMBERED
        is_known = logged_in_from(self._database, user.name if user else "", address, since)
        return _key("name", f"{name_key(name)}\n{address}" if is_known else name_key(name))

    def _count(self, limits: dict[str, int]) -> Sequence[int]:
        """Note an attempt for each key; their ids."""
        now = self._now()
        with self._database.writing() as connection:
            _lock(connection, limits)
            old = LoginAttemptModel.made <= now - WINDOW
            connection.execute(delete(LoginAttemptModel).where(old))
            wait = max(_wait(connection, key, limit, now) for key, limit in limits.items())
            if wait:
                raise TooManyAttempts(wait)
            rows = [{"key": key, "made": now} for key in limits]
            made = insert(LoginAttemptModel).returning(LoginAttemptModel.id)
            return list(connection.execute(made, rows).scalars())

    def _known(self, name: str) -> str:
        """The name if it is a user's: people type passwords into the field of the name."""
        user = self._users.get(name)
        return user.name if user else "unknown name"


def _wait(connection: Connection, key: str, limit: int, now: datetime) -> int:
    """Seconds until there may be one more attempt of this key."""
    statement = (
        select(LoginAttemptModel.made)
        .where(LoginAttemptModel.key == key)
        .order_by(LoginAttemptModel.made.desc())
        .offset(limit - 1)
        .limit(1)
    )
    made = connection.scalar(statement)
    return 0 if made is None else max(1, math.ceil((made + WINDOW - now).total_seconds()))


def _lock(connection: Connection, keys: dict[str, int]) -> None:
    """Let attempts of the same keys wait in line; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for number in sorted(int(key[:15], 16) for key in keys):
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _key(kind: str, value: str) -> str:
    """What an attempt is counted by; a hash, since passwords are typed into the wrong field."""
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "replace")).hexdigest()


def network(address: str) -> str:
    """What an address is counted by: of IPv6 its /64, all of which one machine has.

    >>> network("192.0.2.7"), network("2001:db8::1:7"), network("2001:db8::2:9")
    ('192.0.2.7', '2001:db8::/64', '2001:db8::/64')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
