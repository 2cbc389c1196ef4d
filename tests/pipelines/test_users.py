"""``scmine users``: what it takes, prints and refuses, as a process of its own would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scmine.database.sessions import Tokens
from scmine.database.store import open_database
from scmine.database.users import Role, Users
from scmine.pipelines.cli import app

PASSWORD = "a long enough secret"


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = tmp_path / "sc.db"
    open_database(path).close()
    return str(path)


def users(db: str, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["users", *arguments, "--db", db], input=stdin)


def add(db: str, name: str, *more: str) -> Result:
    return users(db, "add", name, "--password-stdin", *more, stdin=f"{PASSWORD}\n")


def test_the_first_user_is_an_admin_and_can_log_in(db: str) -> None:
    assert "has no users" in users(db, "list").stdout
    done = add(db, "ada")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"ada is an admin of {db}\n"
    with open_database(db) as database:
        user = Users(database).check_password("ada", PASSWORD)
    assert user
    assert user.role is Role.ADMIN


def test_roles_passwords_and_access_are_changed(db: str) -> None:
    add(db, "ada")
    assert "cora is a curator" in add(db, "cora", "--role", "curator").stdout
    assert users(db, "role", "cora", "viewer").exit_code == 0
    new = "another long secret"
    assert users(db, "password", "cora", "--password-stdin", stdin=new).exit_code == 0
    assert users(db, "disable", "cora").exit_code == 0
    listed = json.loads(users(db, "list", "--json").stdout)
    assert [(u["name"], u["role"], u["active"]) for u in listed] == [
        ("ada", "admin", True),
        ("cora", "viewer", False),
    ]
    assert users(db, "enable", "cora").exit_code == 0
    with open_database(db) as database:
        assert Users(database).check_password("cora", new)
    shown = users(db, "log").stdout
    for action in ("user added", "role changed", "password changed", "user enabled"):
        assert action in shown


def test_a_token_is_printed_alone_and_can_be_ended(db: str) -> None:
    add(db, "ada")
    secret = users(db, "token", "ada", "--role", "viewer", "--for", "tests").stdout.strip()
    with open_database(db) as database:
        found = Tokens(database).user(secret)
        assert found
        assert (found.name, found.role) == ("ada", Role.VIEWER)
    [listed] = json.loads(users(db, "token", "ada", "--list", "--json").stdout)
    assert (listed["label"], listed["role"]) == ("tests", "viewer")
    assert users(db, "token", "ada", "--revoke", str(listed["id"])).exit_code == 0
    with open_database(db) as database:
        assert Tokens(database).user(secret) is None


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "ada", "--password-stdin"), 1, "already"),
        (("add", "vera", "--password-stdin", "--role", "king"), 2, "is no role"),
        (("role", "ada", "viewer"), 1, "last admin"),
        (("disable", "ada"), 1, "last admin"),
        (("disable", "bob"), 1, "no user bob"),
        (("token", "bob"), 1, "no user bob"),
        (("token", "ada", "--revoke", "9"), 1, "no token 9"),
        (("token", "ada", "--list", "--revoke", "9"), 2, "exclude"),
        (("password", "ada"), 2, "--password-stdin"),
    ],
)
def test_what_cannot_be_done_is_said(
    db: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    add(db, "ada")
    done = users(db, *arguments, stdin=f"{PASSWORD}\n")
    assert done.exit_code == code
    assert said in done.stderr


def test_a_short_password_is_refused(db: str) -> None:
    done = users(db, "add", "ada", "--password-stdin", stdin="short\n")
    assert done.exit_code == 1
    assert "at least 12 characters" in done.stderr


def test_no_password_is_an_argument() -> None:
    shown = CliRunner().invoke(app, ["users", "add", "--help"]).output
    assert "--password-stdin" in shown
    assert "--password " not in shown
