"""The pages of users and of the audit log: who may see them, and what they change."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from scmine.database.audit import audit
from scmine.database.curation import Curation
from scmine.database.store import Database
from scmine.database.users import Role, Users
from scmine.web.app import create_app
from tests.web.people import add_people, logged_in, password_of, send_log_in, visitor

NEW = "a long enough secret"


@pytest.fixture
def app(database: Database) -> FastAPI:
    """The application over a database with one user of each role."""
    add_people(database)
    return create_app(database)


@pytest.mark.parametrize("name", ["Vera", "Cora"])
def test_only_admins_see_users_and_the_audit_log(app: FastAPI, name: str) -> None:
    browser = logged_in(app, name)
    for path in ("/users", "/audit"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "this needs the role admin" in answer.text
    assert 'href="/users"' not in browser.get("/account").text


@pytest.mark.parametrize("name", ["Vera", "Cora"])
def test_only_admins_change_users(app: FastAPI, database: Database, name: str) -> None:
    browser = logged_in(app, name)
    before = Users(database).all()
    for path, form in (
        ("/users", {"name": "Mallory", "password": NEW, "role": "admin"}),
        (f"/users/{name}/role", {"role": "admin"}),
        ("/users/Ada/password", {"password": NEW}),
        ("/users/Ada/disable", {}),
    ):
        assert browser.post(path, data=form).status_code == 403
    assert Users(database).all() == before


def test_an_admin_adds_changes_and_disables_a_user(app: FastAPI, database: Database) -> None:
    ada = logged_in(app, "Ada")
    form = {"name": "Åsa von Öst", "password": NEW, "role": "viewer"}
    assert ada.post("/users", data=form).status_code == 303
    path = "/users/%C3%85sa%20von%20%C3%96st"
    assert f'action="{path}/role"' in ada.get("/users").text
    assert ada.post(f"{path}/role", data={"role": "curator"}).status_code == 303
    found = Users(database).get("Åsa von Öst")
    assert found
    assert found.role is Role.CURATOR
    assert send_log_in(visitor(app), "Åsa von Öst", NEW).status_code == 303
    assert ada.post(f"{path}/disable").status_code == 303
    assert send_log_in(visitor(app), "Åsa von Öst", NEW).status_code == 401
    assert ada.post(f"{path}/enable").status_code == 303
    assert ada.post(f"{path}/password", data={"password": NEW + "2"}).status_code == 303
    assert send_log_in(visitor(app), "Åsa von Öst", NEW + "2").status_code == 303
    log = ada.get("/audit").text
    for action in ("user added", "role changed", "user disabled", "user enabled", "log-in failed"):
        assert action in log


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/users", {"name": "vera", "password": NEW, "role": "viewer"}, "already"),
        ("/users", {"name": "New", "password": "short", "role": "viewer"}, "at least 12"),
        ("/users", {"name": "New", "password": NEW, "role": "king"}, "is no role"),
        ("/users/Ada/disable", {}, "last admin"),
        ("/users/Ada/role", {"role": "viewer"}, "last admin"),
        ("/users/Bob/role", {"role": "viewer"}, "no user Bob"),
    ],
)
def test_what_cannot_be_done_is_said(
    app: FastAPI, path: str, form: dict[str, str], said: str
) -> None:
    answer = logged_in(app, "Ada").post(path, data=form)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_first_user_closes_the_door(database: Database) -> None:
    app = create_app(database)
    browser = visitor(app)
    page = browser.get("/users")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"name": "Ada", "password": password_of("Ada"), "role": "admin", "csrf_token": token}
    assert browser.post("/users", data=form).status_code == 303
    assert browser.get("/users").headers["location"].startswith("/login")
    assert logged_in(app, "Ada").get("/users").status_code == 200


def test_the_audit_log_goes_back_page_by_page(app: FastAPI, database: Database) -> None:
    for number in range(150):
        audit(database, "Ada", "counted", f"<b>{number}</b>")
    ada = logged_in(app, "Ada")
    first = ada.get("/audit").text
    assert "&lt;b&gt;149&lt;/b&gt;" in first
    older = first.partition('href="/audit?before=')[2].partition('"')[0]
    assert "&lt;b&gt;10&lt;/b&gt;" in ada.get(f"/audit?before={older}").text
    for wrong in ("0", "x", str(2**40)):
        assert ada.get(f"/audit?before={wrong}").status_code == 422


def test_changes_of_records_are_shown_from_their_revisions(
    app: FastAPI, database: Database
) -> None:
    ada = logged_in(app, "Ada")
    assert "No record has been changed" in ada.get("/audit/records").text
    record = next(iter(database.records()))
    Curation(database).edit(record.record_id, {"tc_K": 38.0}, who="Cora", expected=0)
    page = ada.get("/audit/records").text
    assert "<td>Cora</td><td>edited</td>" in page
    assert f'href="/records/{record.record_id}/history"' in page
    assert logged_in(app, "Cora").get("/audit/records").status_code == 403
