"""Users, sessions, tokens, attempts to log in: what lets in whom, and until when."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text

from scmine.database.audit import Action, audit, entries
from scmine.database.logins import WINDOW, Logins, TooManyAttempts
from scmine.database.sessions import MAX_TOKENS, Sessions, Tokens
from scmine.database.store import Database, open_database
from scmine.database.user_models import UserModel
from scmine.database.users import Role, StoredUser, UserError, Users, clean_name

PASSWORD = "a long enough secret"
OTHER = "another long secret"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **time: float) -> None:
        self.time += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(database: Database, clock: Clock) -> Users:
    return Users(database, clock)


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, idle=timedelta(hours=1), lifetime=timedelta(hours=10), now=clock)


@cache
def _hashed() -> str:
    return PasswordHasher().hash(PASSWORD)


class KnownUsers(Users):
    """Users whose password, `PASSWORD`, was hashed once for all tests: that is slow on purpose."""

    def add(self, name: str, password: str, role: Role | None = None, *, by: str) -> StoredUser:
        assert password == PASSWORD
        row = {
            "name": name,
            "key": name.casefold(),
            "password": _hashed(),
            "role": (role or (Role.VIEWER if self.any() else Role.ADMIN)).name.lower(),
            "active": True,
            "made": self._now(),
        }
        with self._database.writing() as connection:
            connection.execute(insert(UserModel), row)
        found = self.get(name)
        assert found is not None
        return found


class WithKnownUsers:
    """Tests of what users have, not of users."""

    @pytest.fixture
    def users(self, database: Database, clock: Clock) -> Users:
        return KnownUsers(database, clock)


class TestUsers:
    def test_there_are_none_until_one_is_added(self, users: Users) -> None:
        assert not users.any()
        users.add("Ada", PASSWORD, by="ops")
        assert users.any()

    def test_the_first_is_an_admin_and_later_ones_viewers(self, users: Users) -> None:
        with pytest.raises(UserError, match="first user has to be an admin"):
            users.add("Vera", PASSWORD, Role.VIEWER, by="ops")
        assert users.add("Ada", PASSWORD, by="ops").role is Role.ADMIN
        assert users.add("Vera", PASSWORD, by="ops").role is Role.VIEWER
        assert [user.name for user in users.all()] == ["Ada", "Vera"]

    def test_names_that_differ_in_case_or_form_are_one(self, users: Users) -> None:
        users.add("Andr\N{LATIN SMALL LETTER E WITH ACUTE}", PASSWORD, by="ops")
        with pytest.raises(UserError, match="already"):
            users.add("ANDRE\N{COMBINING ACUTE ACCENT}", PASSWORD, by="ops")
        found = users.check_password("andre\N{COMBINING ACUTE ACCENT}", PASSWORD)
        assert found is not None
        assert found.name == "Andr\N{LATIN SMALL LETTER E WITH ACUTE}"

    @pytest.mark.parametrize("name", ["", "  ", "..", "a/b", "a\nb", "a<b", "x" * 65, "a  b"])
    def test_names_that_cannot_be_taken(self, users: Users, name: str) -> None:
        with pytest.raises(UserError, match="a user's name has"):
            users.add(name, PASSWORD, by="ops")

    @pytest.mark.parametrize("password", ["", "short", "a" * 16, "AdaAdaAdaAda", "x" * 2000])
    def test_passwords_that_cannot_be_taken(self, users: Users, password: str) -> None:
        with pytest.raises(UserError, match="password"):
            users.add("Ada", password, by="ops")

    def test_a_password_is_stored_as_a_slow_hash(self, users: Users, database: Database) -> None:
        users.add("Ada", PASSWORD, by="ops")
        with database.reading() as connection:
            stored = connection.scalar(text("SELECT password FROM users"))
        assert stored.startswith("$argon2id$v=19$m=65536")

    def test_a_password_is_the_same_on_every_keyboard(self, users: Users) -> None:
        users.add("Ada", "cafe\N{COMBINING ACUTE ACCENT} au lait noir", by="ops")
        composed = "caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait noir"
        assert users.check_password("Ada", composed)

    def test_wrong_names_and_passwords_let_nobody_in(self, users: Users) -> None:
        users.add("Ada", PASSWORD, by="ops")
        for name, password in (
            ("Ada", "wrong"),
            ("Ada", ""),
            ("Ada", PASSWORD + "x" * 5000),
            ("Bob", PASSWORD),
            ("", ""),
            ("\x00", "\x00"),
            ("\ud800", "\ud800"),
            ("Ada'--", PASSWORD),
        ):
            assert users.check_password(name, password) is None

    def test_a_disabled_user_is_not_let_in(self, users: Users) -> None:
        users.add("Ada", PASSWORD, by="ops")
        users.add("Vera", PASSWORD, by="ops")
        users.disable("vera", by="Ada")
        assert users.check_password("Vera", PASSWORD) is None
        users.enable("Vera", by="Ada")
        assert users.check_password("Vera", PASSWORD)

    def test_the_last_admin_stays(self, users: Users) -> None:
        users.add("Ada", PASSWORD, by="ops")
        users.add("Eve", PASSWORD, Role.ADMIN, by="ops")
        users.disable("Eve", by="Ada")
        for change in (
            lambda: users.disable("Ada", by="Ada"),
            lambda: users.set_role("Ada", Role.CURATOR, by="Ada"),
        ):
            with pytest.raises(UserError, match="last admin"):
                change()
        users.enable("Eve", by="Ada")
        users.set_role("Ada", Role.VIEWER, by="Eve")

    def test_two_admins_cannot_demote_each_other_at_once(self, users: Users) -> None:
        users.add("Ada", PASSWORD, by="ops")
        users.add("Eve", PASSWORD, Role.ADMIN, by="ops")
        refused: list[str] = []
        start = threading.Barrier(2)

        def demote(name: str) -> None:
            start.wait()
            try:
                users.set_role(name, Role.VIEWER, by="ops")
            except UserError:
                refused.append(name)

        threads = [threading.Thread(target=demote, args=(name,)) for name in ("Ada", "Eve")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert [user.role for user in users.all()].count(Role.ADMIN) == 1

    def test_an_unknown_user_is_an_error(self, users: Users) -> None:
        for change in (
            lambda: users.disable("Bob", by="ops"),
            lambda: users.set_role("Bob", Role.ADMIN, by="ops"),
            lambda: users.set_password("Bob", PASSWORD, by="ops"),
        ):
            with pytest.raises(UserError, match="no user Bob"):
                change()

    def test_changes_are_in_the_audit_log(self, users: Users, database: Database) -> None:
        users.add("Ada", PASSWORD, by="ops")
        users.add("Vera", PASSWORD, by="Ada")
        users.set_role("Vera", Role.CURATOR, by="Ada")
        users.set_password("Vera", OTHER, by="Ada")
        users.disable("Vera", by="Ada")
        lines = [(entry.who, entry.action, entry.target) for entry in entries(database)]
        assert lines == [
            ("Ada", Action.USER_DISABLED, "Vera"),
            ("Ada", Action.PASSWORD_CHANGED, "Vera"),
            ("Ada", Action.ROLE_CHANGED, "Vera: viewer to curator"),
            ("Ada", Action.USER_ADDED, "Vera (viewer)"),
            ("ops", Action.USER_ADDED, "Ada (admin)"),
        ]


@given(st.text(max_size=80))
def test_a_name_is_refused_or_in_its_one_form(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except UserError:
        return
    assert clean_name(cleaned) == cleaned
    assert not set(cleaned) & set("<>&\"'/\\\n\r\t\x00")


class TestSessions(WithKnownUsers):
    def test_a_session_knows_its_user(self, users: Users, sessions: Sessions) -> None:
        ada = users.add("Ada", PASSWORD, by="ops")
        secret = sessions.begin(ada)
        assert sessions.user(secret) == ada
        assert sessions.user(secret + "x") is None
        assert sessions.number(ada) == 1

    def test_only_a_hash_is_stored(
        self, users: Users, sessions: Sessions, database: Database
    ) -> None:
        secret = sessions.begin(users.add("Ada", PASSWORD, by="ops"))
        with database.reading() as connection:
            rows = connection.execute(text("SELECT * FROM sessions")).all()
        assert len(rows) == 1
        assert secret not in str(rows)

    def test_it_ends_when_it_is_not_used(
        self, users: Users, sessions: Sessions, clock: Clock
    ) -> None:
        secret = sessions.begin(users.add("Ada", PASSWORD, by="ops"))
        for _ in range(3):
            clock.pass_(minutes=50)
            assert sessions.user(secret)
        clock.pass_(minutes=61)
        assert sessions.user(secret) is None

    def test_it_ends_after_its_lifetime_even_when_used(
        self, users: Users, sessions: Sessions, clock: Clock
    ) -> None:
        secret = sessions.begin(users.add("Ada", PASSWORD, by="ops"))
        for _ in range(11):
            clock.pass_(minutes=54)
            assert sessions.user(secret)
        clock.pass_(minutes=10)
        assert sessions.user(secret) is None

    def test_logging_out_ends_one_and_a_new_password_all(
        self, users: Users, sessions: Sessions
    ) -> None:
        ada = users.add("Ada", PASSWORD, by="ops")
        first, second, third = (sessions.begin(ada) for _ in range(3))
        sessions.end(first)
        assert [sessions.user(s) is None for s in (first, second, third)] == [True, False, False]
        users.set_password("Ada", OTHER, by="Ada")
        assert sessions.user(second) is None
        assert sessions.user(third) is None

    def test_a_disabled_user_has_no_session_even_when_enabled_again(
        self, users: Users, sessions: Sessions
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        vera = users.add("Vera", PASSWORD, by="ops")
        secret = sessions.begin(vera)
        users.disable("Vera", by="Ada")
        assert sessions.user(secret) is None
        users.enable("Vera", by="Ada")
        assert sessions.user(secret) is None

    def test_a_changed_role_holds_at_once(self, users: Users, sessions: Sessions) -> None:
        users.add("Ada", PASSWORD, by="ops")
        secret = sessions.begin(users.add("Vera", PASSWORD, by="ops"))
        users.set_role("Vera", Role.CURATOR, by="Ada")
        found = sessions.user(secret)
        assert found
        assert found.role is Role.CURATOR


class TestTokens(WithKnownUsers):
    def test_a_token_has_at_most_the_role_of_its_user(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        tokens = Tokens(database, clock)
        users.add("Ada", PASSWORD, by="ops")
        cora = users.add("Cora", PASSWORD, Role.CURATOR, by="ops")
        with pytest.raises(UserError, match="cannot be admin"):
            tokens.make(cora, "script", Role.ADMIN, by="Cora")
        reading = tokens.make(cora, "reads", Role.VIEWER, by="Cora")
        writing = tokens.make(cora, "writes", by="Cora")
        assert [t.user(s).role for t, s in ((tokens, reading), (tokens, writing))] == [  # type: ignore[union-attr]
            Role.VIEWER,
            Role.CURATOR,
        ]
        users.set_role("Cora", Role.VIEWER, by="Ada")
        found = tokens.user(writing)
        assert found
        assert found.role is Role.VIEWER

    def test_it_ends_by_time_by_revoking_and_with_its_user(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        tokens = Tokens(database, clock)
        users.add("Ada", PASSWORD, by="ops")
        vera = users.add("Vera", PASSWORD, by="ops")
        short = tokens.make(vera, "short", days=1, by="Vera")
        long = tokens.make(vera, "long", by="Vera")
        clock.pass_(days=1)
        assert tokens.user(short) is None
        assert tokens.user(long)
        users.disable("Vera", by="Ada")
        assert tokens.user(long) is None
        users.enable("Vera", by="Ada")
        tokens.revoke(vera, tokens.of(vera)[0].id, by="Vera")
        assert tokens.user(long) is None
        assert entries(database)[0].action == Action.TOKEN_REVOKED

    def test_it_is_listed_with_its_last_use_and_never_shown_again(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        tokens = Tokens(database, clock)
        ada = users.add("Ada", PASSWORD, by="ops")
        secret = tokens.make(ada, "  the\nnightly   run ", by="Ada")
        assert secret.startswith("scmine_")
        assert tokens.of(ada)[0].used is None
        clock.pass_(hours=2)
        tokens.user(secret)
        [token] = tokens.of(ada)
        assert (token.label, token.used) == ("the nightly run", clock())
        with database.reading() as connection:
            assert secret not in str(connection.execute(text("SELECT * FROM api_tokens")).all())

    def test_another_users_token_cannot_be_revoked(self, users: Users, database: Database) -> None:
        tokens = Tokens(database)
        ada = users.add("Ada", PASSWORD, by="ops")
        vera = users.add("Vera", PASSWORD, by="ops")
        secret = tokens.make(ada, "hers", by="Ada")
        with pytest.raises(UserError, match="has no token"):
            tokens.revoke(vera, tokens.of(ada)[0].id, by="Vera")
        assert tokens.user(secret)

    def test_there_are_not_any_number_of_them(self, users: Users, database: Database) -> None:
        tokens = Tokens(database)
        ada = users.add("Ada", PASSWORD, by="ops")
        for number in range(MAX_TOKENS):
            tokens.make(ada, str(number), by="Ada")
        with pytest.raises(UserError, match="revoke some"):
            tokens.make(ada, "one more", by="Ada")


class TestLogins(WithKnownUsers):
    def test_a_name_is_refused_after_so_many_failures_and_let_in_after_a_while(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        logins = Logins(database, attempts=3, now=clock)
        for number in range(3):
            assert logins.log_in("Ada", "wrong", address=f"10.0.0.{number}") is None
            clock.pass_(minutes=1)
        with pytest.raises(TooManyAttempts) as refused:
            logins.log_in("ada", PASSWORD, address="10.0.0.9")
        assert refused.value.wait_s == WINDOW.total_seconds() - 3 * 60
        clock.pass_(seconds=refused.value.wait_s)
        assert logins.log_in("Ada", PASSWORD, address="10.0.0.9")

    def test_an_address_is_refused_however_many_names_it_tries(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        logins = Logins(database, attempts=1, now=clock)
        for number in range(5):
            assert logins.log_in(f"user{number}", "wrong", address="10.0.0.1") is None
        with pytest.raises(TooManyAttempts):
            logins.log_in("Ada", PASSWORD, address="10.0.0.1")
        assert logins.log_in("Ada", PASSWORD, address="10.0.0.2")

    def test_a_success_forgets_the_failures_of_that_name_only(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        users.add("Eve", PASSWORD, by="ops")
        logins = Logins(database, attempts=2, now=clock)
        logins.log_in("Ada", "wrong", address="10.0.0.1")
        assert logins.log_in("Eve", PASSWORD, address="10.0.0.1")
        logins.log_in("Ada", "wrong", address="10.0.0.1")
        with pytest.raises(TooManyAttempts):
            logins.log_in("Ada", PASSWORD, address="10.0.0.1")

    def test_a_restart_and_another_process_forget_nothing(
        self, users: Users, database: Database, target: str, clock: Clock
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        Logins(database, attempts=1, now=clock).log_in("Ada", "wrong", address="")
        with open_database(target) as other, pytest.raises(TooManyAttempts):
            Logins(other, attempts=1, now=clock).log_in("Ada", PASSWORD, address="")

    def test_attempts_side_by_side_do_not_outrun_the_count(
        self, users: Users, database: Database, clock: Clock
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        logins = Logins(database, attempts=3, now=clock)
        ends: list[str] = []

        def attempt() -> None:
            try:
                logins.log_in("Ada", "wrong", address="10.0.0.1")
                ends.append("checked")
            except TooManyAttempts:
                ends.append("refused")

        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == ["checked"] * 3 + ["refused"] * 5

    def test_what_was_typed_as_an_unknown_name_is_nowhere_stored(
        self, users: Users, database: Database
    ) -> None:
        users.add("Ada", PASSWORD, by="ops")
        Logins(database, attempts=3).log_in("my secret password", "Ada", address="10.0.0.1")
        failure = entries(database)[0]
        assert (failure.action, failure.target) == (Action.LOGIN_FAILED, "unknown name")
        assert failure.address == "10.0.0.1"
        with database.reading() as connection:
            stored = connection.execute(text("SELECT * FROM login_attempts")).all()
        assert "my secret" not in str(stored)


def test_the_audit_log_is_read_page_by_page(database: Database) -> None:
    for number in range(5):
        audit(database, "Ada", "counted", str(number))
    first = entries(database, limit=3)
    assert [entry.target for entry in first] == ["4", "3", "2"]
    assert [entry.target for entry in entries(database, before=first[-1].id)] == ["1", "0"]
    assert entries(database, who="Bob") == []


def test_what_is_noted_is_cut_to_what_fits(database: Database) -> None:
    audit(database, "Ada\x00", "x", "y" * 5000)
    [entry] = entries(database)
    assert (entry.who, len(entry.target)) == ("Ada\N{REPLACEMENT CHARACTER}", 200)
