"""Users of a database that is served, and browsers without scripts that log in as them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert

from scmine.database.store import Database
from scmine.database.user_models import UserModel
from scmine.database.users import Role
from tests.web.conftest import csrf_token_of

BASE = "http://127.0.0.1:8000"
PEOPLE = {"Ada": Role.ADMIN, "Cora": Role.CURATOR, "Vera": Role.VIEWER}


def password_of(name: str) -> str:
    """The password that a user of `add_people` has."""
    return f"{name} keeps a long secret"


@cache
def _rows() -> list[dict[str, Any]]:
    """The users as stored; hashing is slow on purpose, so it is done once for all tests."""
    made = datetime.now(UTC)
    return [
        {
            "name": name,
            "key": name.casefold(),
            "password": PasswordHasher().hash(password_of(name)),
            "role": role.name.lower(),
            "active": True,
            "made": made,
        }
        for name, role in PEOPLE.items()
    ]


def add_people(database: Database) -> None:
    """One user of each role."""
    with database.writing() as connection:
        connection.execute(insert(UserModel), _rows())


def visitor(app: FastAPI, base: str = BASE) -> TestClient:
    """A browser that nobody has logged in with; it does not follow redirects."""
    return TestClient(app, base_url=base, follow_redirects=False)


def send_log_in(
    browser: TestClient, name: str, password: str, next_page: str = "/", **headers: str
) -> Any:
    """Fill the form of the log-in and send it."""
    token = csrf_token_of(browser.get("/login").text)
    form = {"name": name, "password": password, "next": next_page, "csrf_token": token}
    return browser.post("/login", data=form, headers=headers)


def logged_in(app: FastAPI, name: str, base: str = BASE) -> TestClient:
    """A browser of a user of `add_people`; it sends the token that forms carry."""
    browser = visitor(app, base)
    assert send_log_in(browser, name, password_of(name)).status_code == 303
    renew_token(browser)
    return browser


def renew_token(browser: TestClient) -> None:
    """Load a page, and send its token from now on."""
    browser.headers["X-CSRF-Token"] = csrf_token_of(browser.get("/account").text)
