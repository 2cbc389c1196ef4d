"""Attacks on the application: other sites, forged requests and hosts, paths, large bodies."""

from __future__ import annotations

import http.client
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from playwright.sync_api import Page
from starlette.responses import HTMLResponse, Response

from scmine.database.store import Database
from scmine.web.app import create_app
from scmine.web.options import WebOptions
from scmine.web.shield import POLICY
from tests.web.browsing import serving
from tests.web.conftest import csrf_token_of
from tests.web.people import BASE, add_people, logged_in, visitor

CHANGE = "/users"
"""Something that changes the database, without users too: it adds the first one."""

FORM = {"name": "Mallory", "password": "a long enough secret", "role": "admin"}


@pytest.fixture
def app(database: Database) -> FastAPI:
    """The application over a database without users."""
    return create_app(database)


def names(database: Database) -> list[str]:
    with TestClient(create_app(database), base_url=BASE) as browser:
        return re.findall(r'<th scope="row">([^<]+)</th>', browser.get("/users").text)


class TestForgery:
    """Without users, on loopback: another site's page must not reach the database either."""

    def test_a_form_without_a_token_changes_nothing(self, app: FastAPI, database: Database) -> None:
        answer = visitor(app).post(CHANGE, data=FORM)
        assert answer.status_code == 403
        assert "load it again" in answer.text
        assert names(database) == []

    @pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "A" * 88, "=" * 88])
    def test_a_made_up_token_changes_nothing(
        self, app: FastAPI, database: Database, token: str
    ) -> None:
        browser = visitor(app)
        browser.get("/account")
        for kind in ("field", "header"):
            form = FORM | ({"csrf_token": token} if kind == "field" else {})
            headers = {"X-CSRF-Token": token.encode()} if kind == "header" else {}
            assert browser.post(CHANGE, data=form, headers=headers).status_code == 403
        assert names(database) == []

    def test_a_token_of_another_visitor_changes_nothing(
        self, app: FastAPI, database: Database
    ) -> None:
        token = csrf_token_of(visitor(app).get("/account").text)
        answer = visitor(app).post(CHANGE, data=FORM | {"csrf_token": token})
        assert answer.status_code == 403
        assert names(database) == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:9999"},
            {"Origin": "http://127.0.0.1:8000.evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_another_origin_changes_nothing_even_with_a_token(
        self, app: FastAPI, database: Database, headers: dict[str, str]
    ) -> None:
        browser = visitor(app)
        form = FORM | {"csrf_token": csrf_token_of(browser.get("/account").text)}
        assert browser.post(CHANGE, data=form, headers=headers).status_code == 403
        assert names(database) == []

    def test_our_own_form_is_taken(self, app: FastAPI, database: Database) -> None:
        browser = visitor(app)
        form = FORM | {"csrf_token": csrf_token_of(browser.get("/account").text)}
        headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
        assert browser.post(CHANGE, data=form, headers=headers).status_code == 303

    def test_a_token_is_written_otherwise_each_time(self, app: FastAPI) -> None:
        browser = visitor(app)
        tokens = {csrf_token_of(browser.get("/account").text) for _ in range(3)}
        assert len(tokens) == 3

    def test_a_page_of_another_site_cannot_change_anything_in_a_real_browser(
        self, app: FastAPI, database: Database, page: Page
    ) -> None:
        evil = FastAPI()
        with serving(app) as ours:
            fields = "".join(f'<input name="{k}" value="{v}">' for k, v in FORM.items())
            form = f'<form method="post" action="{ours}{CHANGE}">{fields}<button>x</button></form>'
            evil.add_api_route("/", lambda: HTMLResponse(form))
            with serving(evil) as theirs:
                page.goto(f"{ours}/account")
                page.goto(theirs)
                page.get_by_role("button").click()
                page.wait_for_url(f"{ours}{CHANGE}")
                assert "another site" in page.inner_text("main")
        assert names(database) == []


class TestPrograms:
    """JSON to the API needs no token of a page: only our own pages and programs can send it."""

    @pytest.fixture
    def echo(self, app: FastAPI) -> FastAPI:
        app.add_api_route("/api/echo", lambda: {"done": True}, methods=["POST"])
        return app

    def test_json_from_a_program_is_taken(self, echo: FastAPI) -> None:
        assert visitor(echo).post("/api/echo", json={}).json() == {"done": True}

    def test_a_form_to_the_api_is_not(self, echo: FastAPI) -> None:
        answer = visitor(echo).post("/api/echo", data={"a": "b"})
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "forbidden"

    def test_text_that_is_json_is_not(self, echo: FastAPI) -> None:
        headers = {"Content-Type": "text/plain"}
        answer = visitor(echo).post("/api/echo", content=b"{}", headers=headers)
        assert answer.status_code == 403

    def test_json_from_another_site_is_not(self, echo: FastAPI) -> None:
        headers = {"Origin": "https://evil.example"}
        answer = visitor(echo).post("/api/echo", json={}, headers=headers)
        assert answer.status_code == 403

    def test_no_other_site_is_allowed_to_ask(self, echo: FastAPI) -> None:
        headers = {
            "Origin": "https://evil.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        answer = visitor(echo).options("/api/echo", headers=headers)
        assert "access-control-allow-origin" not in answer.headers


class TestHosts:
    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9", "[::1]:8000", "LOCALHOST."])
    def test_own_names_are_served(self, app: FastAPI, host: str) -> None:
        assert visitor(app).get("/account", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host",
        ["evil.example", "127.0.0.1.evil.example", "localhost:x", "a@127.0.0.1", "", "x y", "[::1"],
    )
    def test_other_names_are_refused(self, app: FastAPI, host: str) -> None:
        answer = visitor(app).get("/account", headers={"Host": host})
        assert answer.status_code == 421
        assert "--host-name" in answer.text

    def test_a_name_can_be_allowed(self, database: Database) -> None:
        app = create_app(database, WebOptions(names=("sc.example.org",)))
        headers = {"Host": "sc.example.org"}
        assert visitor(app).get("/account", headers=headers).status_code == 200

    def test_two_hosts_are_refused(self, app: FastAPI) -> None:
        with serving(app) as url:
            parts = urlsplit(url)
            connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
            connection.putrequest("GET", "/account", skip_host=True)
            connection.putheader("Host", "127.0.0.1")
            connection.putheader("Host", "evil.example")
            connection.endheaders()
            assert connection.getresponse().status in {400, 421}
            connection.close()


class TestPlaces:
    """Without users only this machine is served."""

    def test_another_machine_is_refused(self, app: FastAPI) -> None:
        browser = TestClient(app, base_url=BASE, client=("192.0.2.7", 5000))
        answer = browser.get("/account")
        assert answer.status_code == 403
        assert "scmine users add" in answer.text

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
    def test_what_a_proxy_passes_on_is_refused(self, app: FastAPI, header: str) -> None:
        assert visitor(app).get("/account", headers={header: "192.0.2.7"}).status_code == 403

    def test_a_token_that_nobody_gave_is_refused(self, app: FastAPI) -> None:
        headers = {"Authorization": "Bearer scmine_x"}
        answer = visitor(app).get("/account", headers=headers)
        assert answer.status_code == 303


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/..%2fapp.py",
            "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
            "/static//etc/passwd",
            "/static/..%5capp.py",
            "/static/vendor/../../app.py",
            "/static/%00",
            "/static/",
            "/static/vendor",
        ],
    )
    def test_no_path_leads_out_of_the_static_files(self, app: FastAPI, path: str) -> None:
        with serving(app) as url:
            parts = urlsplit(url)
            connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
            connection.putrequest("GET", path, skip_accept_encoding=True)
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
        assert answer.status in {400, 404, 405}
        assert b"def create_app" not in body
        assert b"root:" not in body

    def test_a_link_out_of_the_folder_is_not_followed(self, app: FastAPI, tmp_path: Path) -> None:
        assert visitor(app).get("/static/scmine.css").status_code == 200
        assert visitor(app).get(f"/static{tmp_path}").status_code == 404


class TestSizes:
    @pytest.fixture
    def small(self, database: Database) -> FastAPI:
        return create_app(database, WebOptions(max_body_MB=1))

    def test_a_large_body_is_refused_before_it_is_read(self, small: FastAPI) -> None:
        answer = visitor(small).post(CHANGE, content=b"x" * (2**20 + 1))
        assert answer.status_code == 413

    def test_a_large_body_without_a_length_is_refused(self, small: FastAPI) -> None:
        def parts() -> object:
            for _ in range(40):
                yield b"a=" + b"x" * 2**15 + b"&"

        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = visitor(small).post(CHANGE, content=parts(), headers=headers)
        assert answer.status_code == 413

    @pytest.mark.parametrize("length", ["-1", "1e3", "٣"])
    def test_a_length_that_is_none_is_refused(self, small: FastAPI, length: str) -> None:
        headers = {"Content-Length": length.encode()}
        answer = visitor(small).post(CHANGE, content=b"", headers=headers)
        assert answer.status_code in {400, 413}


class TestHeaders:
    @pytest.mark.parametrize("path", ["/account", "/no-such", "/static/scmine.css", "/login"])
    def test_every_answer_has_them(self, app: FastAPI, path: str) -> None:
        headers = visitor(app).get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]

    def test_refusals_and_faults_have_them_too(self, app: FastAPI) -> None:
        def fault() -> None:
            raise ValueError("a detail that nobody should see")

        app.add_api_route("/fault", fault)
        app.add_api_route("/api/fault", fault)
        browser = TestClient(app, base_url=BASE, raise_server_exceptions=False)
        for path, headers in (("/fault", {}), ("/api/fault", {}), ("/", {"Host": "evil.example"})):
            answer = browser.get(path, headers=headers)
            assert answer.status_code in {421, 500}
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "nobody should see" not in answer.text

    def test_a_fault_has_an_id_that_stands_in_the_log(
        self, app: FastAPI, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fault() -> None:
            raise ValueError("a detail")

        app.add_api_route("/api/fault", fault)
        browser = TestClient(app, base_url=BASE, raise_server_exceptions=False)
        message = browser.get("/api/fault").json()["error"]["message"]
        found = re.search(r"under ([0-9a-f]{8})", message)
        assert found
        assert f"fault {found[1]}: GET /api/fault" in caplog.text
        assert "ValueError: a detail" in caplog.text

    def test_private_pages_are_not_kept_and_files_are_asked_for_again(self, app: FastAPI) -> None:
        browser = visitor(app)
        assert browser.get("/account").headers["cache-control"] == "no-store"
        first = browser.get("/static/scmine.css")
        assert first.headers["cache-control"] == "no-cache"
        again = browser.get("/static/scmine.css", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304

    def test_a_route_may_say_how_long_an_answer_is_kept(self, app: FastAPI) -> None:
        kept = {"Cache-Control": "private, max-age=60"}
        app.add_api_route("/kept", lambda: Response("x", headers=kept))
        assert visitor(app).get("/kept").headers["cache-control"] == "private, max-age=60"

    def test_only_the_worker_of_pdf_js_may_run_webassembly(self, app: FastAPI) -> None:
        assert "wasm-unsafe-eval" not in POLICY["script-src"]
        answer = visitor(app).get("/static/vendor/pdfjs/pdf.worker.min.mjs")
        assert "script-src 'self' 'wasm-unsafe-eval'" in answer.headers["content-security-policy"]

    def test_pages_are_packed_and_files_in_parts_are_not(self, app: FastAPI) -> None:
        def pdf(request: Request) -> Response:
            return Response(b"%PDF-" * 1000, media_type="application/pdf")

        app.add_api_route("/file", pdf)
        browser = visitor(app)
        assert browser.get("/account").headers["content-encoding"] == "gzip"
        assert "content-encoding" not in browser.get("/file").headers


EVIL = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">'
    '"\'><svg onload=alert(3)><a href="javascript:alert(4)">x</a>{{7*7}}'
)


def test_what_a_paper_says_is_never_run(database: Database, page: Page) -> None:
    with database.writing() as connection:
        for column in ("title", "journal"):
            connection.exec_driver_sql(f"UPDATE documents SET {column} = ?", (EVIL,))
        for column in ("raw_material", "formula", "name", "raw_tc", "section"):
            connection.exec_driver_sql(f"UPDATE records SET {column} = ?", (EVIL,))
        connection.exec_driver_sql("UPDATE passages SET text = ?", (EVIL,))
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    with serving(create_app(database)) as url:
        seen = set()
        waiting = ["/records", "/queue", "/papers", "/materials", "/plots", "/corrections"]
        while waiting and len(seen) < 30:
            path = waiting.pop(0)
            seen.add(path)
            answer = page.goto(url + path)
            assert answer
            kind = answer.headers["content-type"]
            if not kind.startswith("text/html"):
                continue
            page.wait_for_load_state("networkidle")
            assert "49{{" not in page.content()
            links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            assert not [link for link in links if link.startswith("javascript:")]
            for link in links:
                inner = urlsplit(link)
                place = inner.path + (f"?{inner.query}" if inner.query else "")
                wanted = link.startswith(url) and place not in seen and place not in waiting
                if wanted and inner.path.split("/")[1] in {"records", "papers", "materials"}:
                    waiting.append(place)
    assert opened == []
    for part in ("records", "papers"):
        assert any(path.startswith(f"/{part}/") for path in seen), "the walk has seen single pages"


def test_users_and_what_they_type_are_escaped(database: Database, page: Page) -> None:
    add_people(database)
    app = create_app(database)
    browser = logged_in(app, "Ada")
    answer = browser.post("/account/tokens", data={"label": EVIL[:90], "role": "viewer"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    answer = visitor(app).get("/login", params={"next": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_the_server_listens_on_loopback_only(app: FastAPI) -> None:
    with serving(app) as url:
        port = urlsplit(url).port
        with socket.create_connection(("127.0.0.1", int(port or 0)), timeout=5) as connection:
            assert connection.getpeername()[0] == "127.0.0.1"
