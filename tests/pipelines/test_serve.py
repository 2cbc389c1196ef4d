"""``scmine serve`` as a process: its first line, what it refuses, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scmine.database.store import open_database
from scmine.pipelines.serve import ServeError, bound, is_loopback

COMMAND = (sys.executable, "-m", "scmine.pipelines.cli", "serve")


@pytest.fixture
def db(own_folder: Path) -> str:
    path = own_folder / "sc.db"
    open_database(path).close()
    return str(path)


@contextmanager
def served(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address that the first line names, and the process."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("scmine serves "), process.communicate()[1]
        yield line.partition(" at ")[2].split()[0], process
    finally:
        process.kill()
        process.communicate()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_it_says_where_it_is_serves_and_ends_by_ctrl_c(db: str) -> None:
    with served("--db", db, "--port", "0") as (url, process):
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}account", timeout=30) as answer:
            assert answer.status == 200
            assert "server" not in {name.casefold() for name in answer.headers}
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out == "scmine: ended\n"
    assert "Traceback" not in error
    assert "GET /account" not in error


def test_with_log_each_request_is_a_line(db: str) -> None:
    with served("--db", db, "--port", "0", "--log") as (url, process):
        with urllib.request.urlopen(f"{url}account", timeout=30):
            pass
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert '"GET /account HTTP/1.1" 200' in out + error


def test_a_proxy_is_believed_only_if_it_is_named(db: str) -> None:
    """Without users a forwarded request is refused; that it was forwarded is always seen."""
    for more in ((), ("--trusted-proxy", "127.0.0.1")):
        with served("--db", db, "--port", "0", *more) as (url, _process):
            asked = urllib.request.Request(f"{url}account", headers={"X-Forwarded-For": "1.2.3.4"})
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(asked, timeout=30)
            assert refused.value.code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_others_are_not_served_without_users(db: str, host: str) -> None:
    done = run("--db", db, "--host", host)
    assert done.returncode == 2
    assert "can be reached from other machines" in done.stderr
    assert "scmine users add NAME" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said(db: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("--db", db, "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_what_is_not_there_is_said(db: str, own_folder: Path) -> None:
    assert "there is no such database" in run("--db", str(own_folder / "no.db")).stderr
    assert "there is no such folder" in run("--db", db, "--papers", "nowhere").stderr
    assert "no address of this machine" in run("--db", db, "--host", "no.such.host.invalid").stderr


def test_a_missing_extra_is_said(db: str, own_folder: Path) -> None:
    """A package that cannot be imported stands in for one that is not installed."""
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.argv = ['scmine', 'serve']\n"
        "from scmine.pipelines.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SCMINE_DB": db},
    )
    assert done.returncode == 1
    assert "pip install 'scmine[web]'" in done.stderr


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("127.9.9.9", True), ("0.0.0.0", False), ("::1", True)]
)
def test_only_loopback_is_this_machine_alone(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_an_address_of_another_machine_cannot_be_taken() -> None:
    with pytest.raises(ServeError, match=r"192\.0\.2\.1"):
        bound("192.0.2.1", 0)
