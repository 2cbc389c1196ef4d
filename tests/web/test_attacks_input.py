"""Hostile values in every parameter and field, a database that is held or gone, swapped files.

Whatever is sent, the answer is one that was thought of: never a fault of ours, and soon.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from scmine.database.audit import logged_in_from
from scmine.database.logins import Logins, TooManyAttempts
from scmine.database.record import Evidence
from scmine.database.store import Database, open_database
from scmine.database.users import utc_now
from scmine.web.app import create_app
from scmine.web.open_file import OpenFileResponse
from scmine.web.options import WebOptions
from scmine.web.paper_files import PaperFiles
from scmine.web.record_query import FIELDS
from tests.web.conftest import DOC_ID, csrf_token_of, document
from tests.web.papers import sha256, write_paper
from tests.web.people import BASE, add_people, logged_in, password_of, send_log_in, visitor

ACCEPTABLE_S = 5.0
HOSTILE = [
    quote(value, safe="")
    for value in (
        "\x00",
        "a\x00b",
        "1e400",
        "9" * 5000,
        "-" + "9" * 30,
        "99999999999999999999",
        "NaN",
        "x" * 3000,
        "'\"",
        "%_\\",
        "../../../../etc/passwd",
        "\r\nSet-Cookie: a=b",
        "(" * 490,
        "La(" * 1000,
        'a OR "',
        "NEAR(*-^",
        "[[[[",
        "１２²٣",
        "🦀" * 50,
    )
] + ["%ED%A0%80", "%ff%fe", "%00"]
RECORD = "abab-MgB2"
PAGES = (
    "/records",
    "/records/facets",
    "/records.csv",
    "/materials",
    "/plots/tc-year",
    "/plots/tc-year.json",
    "/queue",
    f"/records/{RECORD}",
    "/api/v1/records",
)
OWN = ("sort", "order", "after", "columns", "page", "done", "a", "b", "group", "by", "limit")


@pytest.fixture
def careful(database: Database) -> Iterator[TestClient]:
    """A browser that is shown faults as a person is."""
    app = create_app(database)
    with TestClient(
        app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False
    ) as opened:
        opened.headers["X-CSRF-Token"] = csrf_token_of(opened.get("/no-such-page").text)
        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_no_parameter_makes_a_fault(careful: TestClient, path: str) -> None:
    for name in (*FIELDS, *OWN):
        for value in HOSTILE:
            answer = careful.get(f"{path}?{name}={value}")
            assert answer.status_code < 500, (name, value[:40])
            assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", PAGES)
def test_many_values_are_no_fault_and_not_slow(careful: TestClient, path: str) -> None:
    for name in ("flag", "contains", "without", "status", "class"):
        value = {"contains": "La", "without": "La", "status": "new"}.get(name, "a")
        start = time.monotonic()
        asked = "&".join(f"{name}={value}{i if value == 'a' else ''}" for i in range(5000))
        assert careful.get(f"{path}?{asked}").status_code < 500, name
        assert time.monotonic() - start < ACCEPTABLE_S, name
    words = quote(" ".join(f'"a{i}' for i in range(120)))
    assert careful.get(f"{path}?text={words}").status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/records/{}",
        "/records/{}/history",
        "/structures/{}.cif",
        "/papers/{}",
        "/papers/{}/file",
        "/papers/{}/highlights",
        "/materials/{}",
        "/plots/{}.csv",
        "/queue/{}",
        "/corrections/export/{}",
        "/api/v1/records/{}",
        "/api/v1/structures/{}",
    ],
)
def test_no_name_in_a_path_makes_a_fault(careful: TestClient, path: str) -> None:
    for value in HOSTILE:
        answer = careful.get(path.format(value))
        assert answer.status_code < 500, value[:40]
        assert "root:" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/records/{RECORD}/edit",
        f"/records/{RECORD}/judge",
        f"/papers/{DOC_ID}/add",
        "/proposals/1",
        "/proposals/99999999999999999999",
        "/queue/skip",
        "/login",
        "/users",
    ],
)
def test_no_field_of_a_form_makes_a_fault(careful: TestClient, path: str) -> None:
    fields = ("formula", "raw_material", "tc_K", "variables", "space_group_number", "why")
    ways = ("expected", "status", "error_type", "search", "then", "record", "decision", "name")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for name in (*fields, *ways, "password", "next", "passage", "boxes"):
        for value in [*HOSTILE, "x" * 200_000, "%28La%2C" * 10_000]:
            start = time.monotonic()
            sent = f"expected=0&{name}={value}" if name != "expected" else f"{name}={value}"
            answer = careful.post(path, content=sent, headers=form)
            assert answer.status_code < 500, (name, value[:40])
            assert time.monotonic() - start < ACCEPTABLE_S, (name, value[:40])


@pytest.mark.parametrize(
    "value",
    [
        '"\\ud800"',
        '"a\\u0000b"',
        "1e400",
        "NaN",
        "-Infinity",
        "9" * 5000,
        "[" * 50_000,
        "[" * 900 + "]" * 900,
        '{"a":' * 500 + "1" + "}" * 500,
        '"' + "x" * 100_000 + '"',
        "true",
        "[]",
        '{"\\ud800": 1}',
        '{"La": "9e999"}',
        '{"H": 1e400}',
        "99999999999999999999",
    ],
)
def test_no_json_makes_a_fault(careful: TestClient, value: str) -> None:
    columns = ("formula", "tc_K", "composition", "variables", "boxes", "places", "page", "flags")
    json_type = {"Content-Type": "application/json"}
    for column in (*columns, "lambda", "year", "wyckoff", "authors", "doc_id", "status"):
        number = careful.get(f"/api/v1/records/{RECORD}").json()["revision"]
        change = f'{{"expected": {number}, "changes": {{"{column}": {value}}}}}'
        added = f'{{"doc_id": "{DOC_ID}", "values": {{"raw_material": "x", "{column}": {value}}}}}'
        for answer in (
            careful.patch(f"/api/v1/records/{RECORD}", content=change, headers=json_type),
            careful.post("/api/v1/records", content=added, headers=json_type),
        ):
            assert answer.status_code < 500, column
    for path in ("/records", "/records.csv", f"/records/{RECORD}", "/api/v1/records", "/plots"):
        assert careful.get(path, follow_redirects=True).status_code == 200
    assert careful.get(f"/api/v1/records/{RECORD}/history").status_code == 200


class TestUnavailable:
    """The database is held by another program, or gone."""

    def test_a_writer_that_waits_too_long_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "held.db"
        with open_database(path, wait_s=0.2) as database:
            database.save_document(database.start_run("5"), document())
            app = create_app(database)
            with TestClient(app, base_url=BASE, raise_server_exceptions=False) as browser:
                token = csrf_token_of(browser.get("/records").text)
                other = sqlite3.connect(path, isolation_level=None)
                other.execute("BEGIN IMMEDIATE")
                form = {"expected": "0", "status": "validated", "csrf_token": token}
                held = browser.post(f"/records/{RECORD}/judge", data=form)
                program = browser.post(f"/api/v1/records/{RECORD}/undo", json={"expected": 0})
                reader = browser.get("/records")
                other.execute("ROLLBACK")
                freed = browser.post(f"/records/{RECORD}/judge", data=form)
                other.close()
        assert held.status_code == 503
        assert "try again" in held.text
        assert held.headers["retry-after"]
        assert str(tmp_path) not in held.text
        assert "default-src 'none'" in held.headers["content-security-policy"]
        assert program.status_code in (409, 503)
        assert reader.status_code == 200
        assert freed.status_code == 200

    def test_a_database_that_disappears_is_told_and_its_return_is_seen(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "gone.db"
        with open_database(path) as database:
            database.save_document(database.start_run("5"), document())
            app = create_app(database)
            with TestClient(app, base_url=BASE, raise_server_exceptions=False) as browser:
                database.close()
                away = tmp_path / "away"
                away.mkdir()
                for file in tmp_path.glob("gone.db*"):
                    file.rename(away / file.name)
                os.mkdir(path)
                gone, program = browser.get("/records"), browser.get("/api/v1/records")
                path.rmdir()
                for file in away.iterdir():
                    file.rename(tmp_path / file.name)
                back = browser.get("/records")
        assert gone.status_code == 503
        assert str(tmp_path) not in gone.text
        assert program.json()["error"]["code"] == "service_unavailable"
        assert back.status_code == 200


class TestLockOut:
    """Who fails on purpose locks nobody out for good, and gains no attempts."""

    def test_a_stranger_does_not_lock_the_admin_out(self, database: Database) -> None:
        add_people(database)
        logins = Logins(database, attempts=3)
        right = password_of("Ada")
        assert logins.log_in("Ada", right, address="192.0.2.1")
        for i in range(3):
            assert logins.log_in("Ada", "wrong", address=f"198.51.100.{i}") is None
        with pytest.raises(TooManyAttempts):
            logins.log_in("Ada", right, address="198.51.100.9")
        assert logins.log_in("ada", right, address="192.0.2.1")

    def test_at_a_known_address_attempts_are_counted_too(self, database: Database) -> None:
        add_people(database)
        logins = Logins(database, attempts=3)
        assert logins.log_in("Ada", password_of("Ada"), address="192.0.2.1")
        for _ in range(3):
            assert logins.log_in("Ada", "wrong", address="192.0.2.1") is None
        with pytest.raises(TooManyAttempts):
            logins.log_in("Ada", password_of("Ada"), address="192.0.2.1")

    @pytest.mark.parametrize("name", ["ADA", " Ada ", "Ａda", "aDA\u3000"])
    def test_another_spelling_of_a_name_gains_no_attempts(
        self, database: Database, name: str
    ) -> None:
        add_people(database)
        logins = Logins(database, attempts=2)
        for i in range(2):
            assert logins.log_in("Ada", "wrong", address=f"192.0.2.{i}") is None
        with pytest.raises(TooManyAttempts):
            logins.log_in(name, "wrong", address="192.0.2.9")

    def test_all_addresses_of_an_ipv6_network_count_as_one(self, database: Database) -> None:
        add_people(database)
        logins = Logins(database, attempts=1)
        for i in range(5):
            assert logins.log_in(f"name {i}", "wrong", address=f"2001:db8::{i}") is None
        with pytest.raises(TooManyAttempts):
            logins.log_in("name", "wrong", address="2001:db8::abcd")

    def test_only_a_log_in_makes_an_address_known(self, database: Database) -> None:
        add_people(database)
        app = create_app(database, WebOptions(login_attempts=2))
        send_log_in(visitor(app), "Ada", "wrong")
        long_ago = utc_now().replace(year=2000)
        assert not logged_in_from(database, "Ada", "testclient", long_ago)
        logged_in(app, "Ada")
        assert logged_in_from(database, "Ada", "testclient", long_ago)
        assert not logged_in_from(database, "Cora", "testclient", long_ago)


class TestFile:
    """The PDF that was checked is the one that is sent."""

    def test_a_link_that_is_turned_after_the_check_is_not_followed(self, tmp_path: Path) -> None:
        paper = write_paper(tmp_path)
        secret = tmp_path / "secret.pdf"
        secret.write_bytes(b"%PDF-1.4 a secret")
        link = tmp_path / "link.pdf"
        link.symlink_to(paper)
        files = PaperFiles()
        opened = files.opened(sha256(paper), str(link))
        assert opened is not None
        link.unlink()
        link.symlink_to(secret)
        response = OpenFileResponse(opened, media_type="application/pdf", headers={})
        assert TestClient(response).get("/").content == paper.read_bytes()
        assert not os.path.exists(f"/dev/fd/{opened}")
        assert files.opened(sha256(paper), str(link)) is None

    @pytest.mark.parametrize("bad", ["bytes=9999999999-", "bytes=x-y", "bytes=5-1", "lines=1"])
    def test_no_range_leaves_it_open(self, tmp_path: Path, bad: str) -> None:
        paper = write_paper(tmp_path)
        before = len(os.listdir("/dev/fd"))
        for method in ("GET", "HEAD"):
            opened = PaperFiles().opened(sha256(paper), str(paper))
            assert opened is not None
            response = OpenFileResponse(opened, media_type="application/pdf", headers={})
            assert TestClient(response).request(method, "/", headers={"Range": bad})
        assert len(os.listdir("/dev/fd")) <= before


def test_a_number_too_long_to_read_is_refused(careful: TestClient) -> None:
    answer = careful.post("/login", headers={"Content-Length": "9" * 5000})
    assert answer.status_code == 413
    assert "content-security-policy" in answer.headers


def test_a_session_that_was_ended_everywhere_is_ended(database: Database) -> None:
    add_people(database)
    app = create_app(database)
    first, second = logged_in(app, "Ada"), logged_in(app, "Ada")
    assert first.post("/account/sessions").status_code == 303
    for browser in (first, second):
        assert browser.get("/records").headers["location"].startswith("/login")


def test_numbers_that_overflow_are_refused_and_do_not_break_a_page_that_has_them(
    careful: TestClient, database: Database
) -> None:
    answer = careful.patch(
        f"/api/v1/records/{RECORD}", json={"expected": 0, "changes": {"tc_K": 1e300}}
    )
    assert answer.status_code == 422
    huge = document("cd" * 32)
    numbers = {"tc_K": 1e308, "lambda_": 1e308, "omega_log_K": -1e308, "mu_star": -1e308}
    huge.records[0] = huge.records[0].model_copy(
        update=numbers | {"evidence": Evidence.CALCULATED, "sentence": "−1e308 cm−1 or meV"}
    )
    database.save_document(database.start_run("5"), huge)
    for path in ("/records", "/records/cdcd-MgB2", "/queue", "/plots/tc-year.json", "/materials"):
        assert careful.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/records/a%00b", "/papers/%00/file", "/api/v1/records/%00"])
def test_nul_in_a_path_names_nothing(careful: TestClient, path: str) -> None:
    assert careful.get(path).status_code == 404
    if path.startswith("/api/"):
        assert careful.get(path).json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("way", ["edit", "judge"])
def test_an_unknown_kind_of_error_is_told(careful: TestClient, way: str) -> None:
    form = {"expected": "0", "status": "validated", "error_type": "x", "formula": "Nb"}
    answer = careful.post(f"/records/{RECORD}/{way}", data=form)
    assert answer.status_code == 422
    assert "none of from_table" in answer.text
