"""Every route of the application by role and by how a request is sent, found by looking at it.

A route that is added without a role, or that is let off the check against forgery, fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from scmine.database.sessions import Tokens
from scmine.database.store import Database, open_database
from scmine.database.users import Role, Users
from scmine.web.app import ROUTERS, create_app
from scmine.web.routes import api
from scmine.web.security import _Needs
from tests.web.conftest import document
from tests.web.people import add_people, logged_in, visitor

OPEN = {("GET", "/"), ("GET", "/login"), ("POST", "/login"), ("POST", "/logout")}
"""What everybody may ask for: the way in and out."""

ASKS_ITSELF = {("GET", "/feed.atom")}
"""What takes a token as the password of a basic log-in too (``test_feed.py`` says that it asks)."""

VIEWERS_OWN = {
    "/account/password",
    "/account/sessions",
    "/account/tokens",
    "/account/tokens/{token_id}/revoke",
}
"""What a viewer may change: the account, nothing of the database's records."""

ADMINISTRATION = ("/users", "/audit")
SAFE = {"GET", "HEAD"}
NAMES = {Role.VIEWER: "Vera", Role.CURATOR: "Cora", Role.ADMIN: "Ada"}
BODIES: dict[str, dict[str, Any]] = {
    "form": {"data": {"expected": "0"}},
    "multipart": {"files": {"expected": (None, "0")}},
    "text": {"content": '{"expected": 0}', "headers": {"Content-Type": "text/plain"}},
    "nothing": {},
    "htmx": {"data": {"expected": "0"}, "headers": {"HX-Request": "true"}},
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("attacks")
    with open_database(folder / "web.db") as opened:
        opened.save_document(opened.start_run("5"), document())
        add_people(opened)
        yield opened


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    return create_app(database)


def _routes(found: Iterable[Any], before: str = "") -> Iterator[tuple[str, str, Role | None]]:
    """Method, path and role of every route below ``found``."""
    for route in found:
        if isinstance(route, APIRoute):
            path = route.path if route.path.startswith(before) else before + route.path
            for method in route.methods or ():
                yield method, path, _role(route.dependant)
        elif hasattr(route, "original_router"):
            own = route.original_router
            inner = api.PREFIX if own is api.versioned else before
            yield from _routes(own.routes, inner)


def _role(dependant: Any) -> Role | None:
    for inner in dependant.dependencies:
        role = inner.call.role if isinstance(inner.call, _Needs) else _role(inner)
        if role is not None:
            return role
    return None


def _all() -> list[tuple[str, str, Role | None]]:
    """The routes of all routers and the first page."""
    inner = [item for router in ROUTERS for item in _routes(router.routes)]
    return sorted({("GET", "/", None), *inner}, key=lambda r: (r[1], r[0]))


ROUTES = _all()
UNSAFE = [(method, path, role) for method, path, role in ROUTES if method not in SAFE]


def _filled(path: str) -> str:
    """The path with something for each of its parameters."""
    return re.sub(r"\{(\w+)\}", lambda found: "1" if "_id" in found[1] else "Vera", path)


def test_all_routes_are_found(app: FastAPI) -> None:
    """Each route that was found is answered by the application, and there are as many."""
    assert len(ROUTES) > 70
    others = [route for route in app.routes if not hasattr(route, "original_router")]
    assert [getattr(route, "path", "") for route in others] == ["/static", "/"]
    assert len(app.routes) == len(ROUTERS) + len(others)
    with visitor(app) as browser:
        for method, path, role in ROUTES:
            if role is not None and method == "GET":
                status = browser.get(_filled(path)).status_code
                assert status in ({401} if path.startswith("/api/") else {303}), path


@pytest.mark.parametrize(("method", "path", "role"), ROUTES)
def test_every_route_asks_for_a_role(method: str, path: str, role: Role | None) -> None:
    if (method, path) in OPEN | ASKS_ITSELF:
        assert role is None
    elif path.startswith(ADMINISTRATION):
        assert role is Role.ADMIN
    elif method in SAFE or path in VIEWERS_OWN:
        assert role is not None
    else:
        assert role is Role.CURATOR, "what changes records is for curators"


@pytest.mark.parametrize("name", ["Vera", "Cora"])
def test_who_has_too_low_a_role_is_refused(app: FastAPI, database: Database, name: str) -> None:
    browser, own = logged_in(app, name), Role.VIEWER if name == "Vera" else Role.CURATOR
    for method, path, role in ROUTES:
        if role is None or role <= own:
            continue
        answer = browser.request(method, _filled(path), **_sent(method, path))
        assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("name", ["Vera", "Cora"])
def test_a_token_of_too_low_a_role_is_refused(app: FastAPI, database: Database, name: str) -> None:
    """Also one of an admin that was made to do less."""
    own = Role.VIEWER if name == "Vera" else Role.CURATOR
    ada = Users(database).get("Ada")
    assert ada is not None
    secret = Tokens(database).make(ada, "for a script", own, by="Ada")
    program = visitor(app)
    program.headers["Authorization"] = f"Bearer {secret}"
    for method, path, role in ROUTES:
        if role is not None and role > own:
            answer = program.request(method, _filled(path), **_sent(method, path))
            assert answer.status_code == 403, (method, path)


def _sent(method: str, path: str) -> dict[str, Any]:
    if method in SAFE:
        return {}
    values = {"expected": "0", "name": "x", "password": "x", "role": "viewer"}
    return {"json": {}} if path.startswith("/api/") else {"data": values}


@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p, _ in UNSAFE])
@pytest.mark.parametrize("kind", BODIES)
def test_nothing_is_changed_without_the_token_of_a_page(
    admin: TestClient, method: str, path: str, kind: str
) -> None:
    assert admin.request(method, _filled(path), **BODIES[kind]).status_code == 403


@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p, _ in UNSAFE])
@pytest.mark.parametrize("origin", ["null", "http://evil.example", "http://127.0.0.1:8001", ""])
def test_nothing_is_changed_from_another_origin(
    admin_with_token: TestClient, method: str, path: str, origin: str
) -> None:
    sent = _sent(method, path)
    answer = admin_with_token.request(method, _filled(path), headers={"Origin": origin}, **sent)
    assert answer.status_code == 403
    site = {"Sec-Fetch-Site": "same-site"}
    answer = admin_with_token.request(method, _filled(path), headers=site, **sent)
    assert answer.status_code == 403


@pytest.fixture(scope="module")
def admin(app: FastAPI) -> TestClient:
    """An admin's browser that a page of another site uses: it sends the cookie only."""
    browser = logged_in(app, "Ada")
    del browser.headers["X-CSRF-Token"]
    return browser


@pytest.fixture(scope="module")
def admin_with_token(app: FastAPI) -> TestClient:
    return logged_in(app, "Ada")


def test_a_method_that_no_route_has_changes_nothing(admin_with_token: TestClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        for _, path, _ in ROUTES:
            if (method, path) not in {(m, p) for m, p, _ in ROUTES}:
                answer = admin_with_token.request(method, _filled(path))
                assert answer.status_code in {403, 404, 405}, (method, path)
                assert "access-control-allow-origin" not in answer.headers


def test_a_role_that_is_lowered_holds_at_once(app: FastAPI, database: Database) -> None:
    users = Users(database)
    browser = logged_in(app, "Cora")
    cora = users.get("Cora")
    assert cora is not None
    program = visitor(app)
    token = Tokens(database).make(cora, "for a script", by="Cora")
    program.headers["Authorization"] = f"Bearer {token}"
    for client in (browser, program):
        assert client.get("/queue").status_code == 200
    users.set_role("Cora", Role.VIEWER, by="Ada")
    try:
        for client in (browser, program):
            assert client.get("/queue").status_code == 403
            assert client.get("/records").status_code == 200
    finally:
        users.set_role("Cora", Role.CURATOR, by="Ada")
