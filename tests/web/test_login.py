"""Logging in and out as a browser does it; what a session and a token open, and when they end."""

from __future__ import annotations

import statistics
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from scmine.database.audit import Action, entries
from scmine.database.sessions import Tokens
from scmine.database.store import Database
from scmine.database.users import Users
from scmine.web.app import create_app
from scmine.web.next_page import safe_next
from scmine.web.options import WebOptions
from scmine.web.security import Viewer
from tests.web.browsing import serving
from tests.web.conftest import csrf_token_of
from tests.web.people import (
    add_people,
    logged_in,
    password_of,
    renew_token,
    send_log_in,
    visitor,
)

SESSION = "scmine-session-8000"
PAGES = ("/account", "/users", "/audit")


@pytest.fixture
def app(database: Database) -> FastAPI:
    """The application over a database with one user of each role."""
    add_people(database)
    return create_app(database, WebOptions(login_attempts=3))


class TestLogIn:
    @pytest.mark.parametrize("path", PAGES)
    def test_a_stranger_is_led_to_the_log_in_and_back(self, app: FastAPI, path: str) -> None:
        answer = visitor(app).get(f"{path}?a=1&b=2")
        assert answer.status_code == 303
        place = urlsplit(answer.headers["location"])
        assert place.path == "/login"
        assert parse_qs(place.query) == {"next": [f"{path}?a=1&b=2"]}

    def test_a_part_of_a_page_is_answered_by_the_whole_log_in(self, app: FastAPI) -> None:
        answer = visitor(app).get("/account", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert answer.headers["hx-redirect"] == "/login?next=%2F"

    def test_name_and_password_lead_to_the_page_that_was_wanted(self, app: FastAPI) -> None:
        browser = visitor(app)
        answer = send_log_in(browser, "ada", password_of("Ada"), "/account?x=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?x=1")
        assert "Ada" in browser.get("/account").text

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, app: FastAPI) -> None:
        cookie = send_log_in(visitor(app), "Ada", password_of("Ada")).headers["set-cookie"]
        assert cookie.startswith(f"{SESSION}=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Domain" not in cookie
        assert "Secure" not in cookie

    def test_over_https_the_cookie_is_bound_to_the_host(self, app: FastAPI) -> None:
        browser = visitor(app, "https://127.0.0.1")
        cookie = send_log_in(browser, "Ada", password_of("Ada")).headers["set-cookie"]
        assert cookie.startswith("__Host-scmine-session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert browser.get("/account").status_code == 200

    @pytest.mark.parametrize(("name", "password"), [("Ada", "wrong"), ("Bob", "x"), ("", "")])
    def test_a_wrong_name_and_a_wrong_password_are_told_alike(
        self, app: FastAPI, name: str, password: str
    ) -> None:
        browser = visitor(app)
        answer = send_log_in(browser, name, password)
        assert answer.status_code in {401, 422}
        assert answer.status_code == 422 or "Name or password is wrong." in answer.text
        assert SESSION not in browser.cookies

    def test_an_unknown_name_takes_as_long_as_a_wrong_password(self, app: FastAPI) -> None:
        logins = app.state.guard.logins
        logins._attempts = 100
        logins.log_in("Nobody", "wrong", address="")  # the first one makes the hash to compare with

        def seconds(name: str) -> float:
            start = time.process_time()
            logins.log_in(name, "wrong", address="")
            return time.process_time() - start

        known = statistics.median(seconds("Ada") for _ in range(5))
        unknown = statistics.median(seconds("Nobody") for _ in range(5))
        assert 0.5 < known / unknown < 2

    def test_guessing_is_stopped_and_said_for_how_long(self, app: FastAPI) -> None:
        browser = visitor(app)
        for _ in range(3):
            assert send_log_in(browser, "Ada", "wrong").status_code == 401
        answer = send_log_in(browser, "Ada", password_of("Ada"))
        assert answer.status_code == 429
        assert 800 < int(answer.headers["retry-after"]) <= 900
        assert "try again in" in answer.text
        assert send_log_in(browser, "Vera", password_of("Vera")).status_code == 303

    def test_a_session_that_was_planted_is_not_taken(self, app: FastAPI) -> None:
        """Session fixation: the attacker knows a cookie that the victim logs in with."""
        planted = visitor(app)
        planted.cookies.set(SESSION, "known-to-the-attacker", domain="127.0.0.1")
        assert send_log_in(planted, "Ada", password_of("Ada")).status_code == 303
        attacker = visitor(app)
        attacker.cookies.set(SESSION, "known-to-the-attacker", domain="127.0.0.1")
        assert attacker.get("/account").status_code == 303

    def test_logging_in_again_gives_another_session_and_ends_the_first(self, app: FastAPI) -> None:
        browser = logged_in(app, "Vera")
        first = browser.cookies[SESSION]
        token = browser.headers["X-CSRF-Token"]
        form = {"name": "Ada", "password": password_of("Ada"), "csrf_token": token}
        assert browser.post("/login", data=form).status_code == 303
        assert browser.cookies[SESSION] != first
        old = visitor(app)
        old.cookies.set(SESSION, first, domain="127.0.0.1")
        assert old.get("/account").status_code == 303

    def test_another_site_cannot_log_a_visitor_in(self, app: FastAPI) -> None:
        form = {"name": "Vera", "password": password_of("Vera")}
        answer = visitor(app).post("/login", data=form)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers or SESSION not in answer.headers["set-cookie"]


class TestNextPage:
    @pytest.mark.parametrize(
        "wanted",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n//evil.example",
            "javascript:alert(1)",
            "/x\r\nSet-Cookie: a=b",
            "records",
            "http:/evil.example",
            "///evil.example",
            "",
        ],
    )
    def test_nobody_is_sent_to_another_site_or_given_a_header(
        self, app: FastAPI, wanted: str
    ) -> None:
        answer = send_log_in(visitor(app), "Vera", password_of("Vera"), wanted)
        assert answer.headers["location"] == "/"
        assert "a=b" not in str(answer.headers)
        assert visitor(app).get("/login", params={"next": wanted}).status_code == 200

    @given(st.text(alphabet="/\\:@.ab?#\t\n\r \x00%é", max_size=12))
    def test_what_is_taken_is_a_path_of_this_server(self, wanted: str) -> None:
        taken = safe_next(wanted)
        assert taken.startswith("/")
        assert taken[1:2] not in {"/", "\\"}
        assert not set(taken) & set("\\\t\n\r \x00")


class TestEnds:
    def test_logging_out_ends_the_session_for_who_copied_it_too(self, app: FastAPI) -> None:
        browser = logged_in(app, "Vera")
        copy = visitor(app)
        copy.cookies.set(SESSION, browser.cookies[SESSION], domain="127.0.0.1")
        assert copy.get("/account").status_code == 200
        answer = browser.post("/logout")
        assert answer.status_code == 303
        assert SESSION not in browser.cookies
        assert copy.get("/account").status_code == 303

    def test_nobody_is_logged_out_by_a_link(self, app: FastAPI) -> None:
        browser = logged_in(app, "Vera")
        assert browser.get("/logout").status_code == 405
        assert browser.get("/account").status_code == 200

    def test_a_new_password_ends_other_sessions_and_renews_this_one(self, app: FastAPI) -> None:
        here, elsewhere = logged_in(app, "Vera"), logged_in(app, "Vera")
        before = here.cookies[SESSION]
        new = "yet another long secret"
        form = {"current": password_of("Vera"), "password": new, "again": new}
        assert here.post("/account/password", data=form).status_code == 303
        assert here.cookies[SESSION] != before
        assert here.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 303
        assert send_log_in(visitor(app), "Vera", password_of("Vera")).status_code == 401
        assert send_log_in(visitor(app), "Vera", new).status_code == 303

    @pytest.mark.parametrize(
        ("current", "password", "again", "said"),
        [
            ("wrong", "x" * 20 + "abc", "x" * 20 + "abc", "current password is wrong"),
            (None, "a long enough secret", "another", "differ"),
            (None, "short", "short", "at least 12"),
        ],
    )
    def test_a_password_is_not_changed_by_mistake(
        self, app: FastAPI, current: str | None, password: str, again: str, said: str
    ) -> None:
        browser = logged_in(app, "Vera")
        current = current or password_of("Vera")
        form = {"current": current, "password": password, "again": again}
        answer = browser.post("/account/password", data=form)
        assert answer.status_code == 422
        assert said in answer.text
        assert browser.get("/account").status_code == 200

    def test_disabling_a_user_ends_sessions_and_tokens(
        self, app: FastAPI, database: Database
    ) -> None:
        browser = logged_in(app, "Vera")
        secret = make_token(browser)
        program = visitor(app)
        program.headers["Authorization"] = f"Bearer {secret}"
        assert program.get("/account").status_code == 200
        Users(database).disable("Vera", by="Ada")
        assert browser.get("/account").status_code == 303
        assert program.get("/account").status_code == 303

    def test_all_sessions_can_be_ended_at_once(self, app: FastAPI) -> None:
        here, elsewhere = logged_in(app, "Vera"), logged_in(app, "Vera")
        assert "Log out everywhere (2)" in here.get("/account").text
        assert here.post("/account/sessions").status_code == 303
        assert elsewhere.get("/account").status_code == 303


def make_token(browser: TestClient, **form: str) -> str:
    """Make a token in the browser; what the page shows."""
    answer = browser.post("/account/tokens", data={"label": "a script", "role": "viewer"} | form)
    assert answer.status_code == 200
    secret = answer.text.partition('<code class="secret">')[2].partition("<")[0]
    assert secret.startswith("scmine_")
    return secret


class TestTokens:
    def test_a_token_is_shown_once(self, app: FastAPI) -> None:
        browser = logged_in(app, "Cora")
        secret = make_token(browser, days="30")
        page = browser.get("/account").text
        assert "a script" in page
        assert secret not in page

    def test_a_program_needs_no_token_of_a_page(self, app: FastAPI) -> None:
        app.add_api_route("/api/echo", lambda: {"done": True}, methods=["POST"])
        program = visitor(app)
        program.headers["Authorization"] = f"Bearer {make_token(logged_in(app, 'Cora'))}"
        assert program.post("/api/echo", data={"a": "b"}).json() == {"done": True}

    def test_a_wrong_token_is_not_helped_by_a_cookie(self, app: FastAPI) -> None:
        browser = logged_in(app, "Ada")
        headers = {"Authorization": "Bearer scmine_wrong"}
        assert browser.get("/account", headers=headers).status_code == 303

    def test_a_token_has_the_role_that_was_asked_for(self, app: FastAPI) -> None:
        program = visitor(app)
        program.headers["Authorization"] = f"Bearer {make_token(logged_in(app, 'Ada'))}"
        assert program.get("/account").status_code == 200
        assert program.get("/users").status_code == 403

    def test_a_token_above_ones_role_is_refused(self, app: FastAPI) -> None:
        browser = logged_in(app, "Cora")
        answer = browser.post("/account/tokens", data={"label": "x", "role": "admin"})
        assert answer.status_code == 422
        assert "cannot be admin" in answer.text

    @pytest.mark.parametrize("path", ["/account/tokens", "/account/password", "/users"])
    def test_a_token_makes_no_tokens_and_changes_no_passwords(
        self, app: FastAPI, path: str
    ) -> None:
        program = visitor(app)
        secret = make_token(logged_in(app, "Ada"), role="admin")
        program.headers["Authorization"] = f"Bearer {secret}"
        form = {
            "label": "x",
            "role": "admin",
            "current": password_of("Ada"),
            "password": "a long enough secret",
            "again": "a long enough secret",
            "name": "Mallory",
        }
        assert program.post(path, data=form).status_code == 403

    def test_revoking_ends_it_at_once_and_another_users_cannot_be(
        self, app: FastAPI, database: Database
    ) -> None:
        cora = logged_in(app, "Cora")
        secret = make_token(cora)
        stored = Users(database).get("Cora")
        assert stored
        [token] = Tokens(database).of(stored)
        path = f"/account/tokens/{token.id}/revoke"
        assert logged_in(app, "Vera").post(path).status_code == 404
        program = visitor(app)
        program.headers["Authorization"] = f"Bearer {secret}"
        assert program.get("/account").status_code == 200
        assert cora.post(path).status_code == 303
        assert program.get("/account").status_code == 303

    def test_the_api_says_401_in_json(self, app: FastAPI) -> None:
        def whoami(user: Viewer) -> dict[str, str]:
            return {"name": user.name}

        app.add_api_route("/api/whoami", whoami)
        answer = visitor(app).get("/api/whoami")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["error"]["code"] == "unauthorized"
        program = visitor(app)
        program.headers["Authorization"] = f"bearer {make_token(logged_in(app, 'Cora'))}"
        assert program.get("/api/whoami").json() == {"name": "Cora"}


def test_log_ins_are_in_the_audit_log(app: FastAPI, database: Database) -> None:
    browser = visitor(app)
    send_log_in(browser, "Ada", "wrong")
    send_log_in(browser, "Ada", password_of("Ada"))
    renew_token(browser)
    browser.post("/logout")
    lines = [(line.action, line.who, line.target) for line in entries(database)[:3]]
    assert lines == [
        (Action.LOGGED_OUT, "Ada", ""),
        (Action.LOGGED_IN, "Ada", ""),
        (Action.LOGIN_FAILED, "", "Ada"),
    ]


def test_without_users_nobody_logs_in(database: Database) -> None:
    browser = visitor(create_app(database))
    assert browser.get("/login").status_code == 303
    page = browser.get("/account").text
    assert "scmine users add NAME" in page
    assert csrf_token_of(page)


def test_one_logs_in_by_keyboard(database: Database, page: Page) -> None:
    add_people(database)
    with serving(create_app(database)) as url:
        page.goto(f"{url}/account")
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.type("Ada")
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        assert page.get_by_role("alert").inner_text() == "Name or password is wrong."
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type(password_of("Ada"))
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/account")
        assert "admin" in page.inner_text("h1")
        page.get_by_role("button", name="Log out", exact=True).click()
        page.wait_for_url(f"{url}/login")
        page.go_back()
        assert "Ada" not in page.inner_text("main")
