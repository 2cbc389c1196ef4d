"""Papers in stores: other file systems, archives, web servers; listed, fetched, known."""

from __future__ import annotations

import functools
import http.server
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fsspec")

from scmine.database.remote_files import RemoteContent, known_files
from scmine.database.store import open_database
from scmine.pipelines.find import UnusableFileError
from scmine.pipelines.remote import list_remote
from scmine.pipelines.remote_fetch import fetched
from scmine.pipelines.run import ingest
from scmine.pipelines.settings import SettingsError

Papers = Callable[..., Path]


class Server(http.server.ThreadingHTTPServer):
    """A web server of a folder that says its files' ages and lists them; counts what it sends."""

    asked: list[str]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Notes each request."""

    def do_GET(self) -> None:
        """Send a file."""
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        super().do_GET()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Server, Path, str]]:
    folder = tmp_path / "web"
    folder.mkdir()
    server = Server(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server, folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def memory() -> Iterator[Any]:
    """A store in this process's memory, empty before and after."""
    import fsspec

    store = fsspec.filesystem("memory")
    store.store.clear()
    yield store
    store.store.clear()


def paths_in(db: Path) -> list[str]:
    with open_database(db, create=False) as database:
        return [document.path for document in database.documents()]


def test_papers_of_a_store_are_read_once_and_named_by_their_urls(
    memory: Any, faulty: str, tmp_path: Path
) -> None:
    for name, text in {"a.pdf": "one", "b/c.pdf": "two", "b/d.png": "no", ".e.pdf": "no"}.items():
        memory.pipe(f"/papers/{name}", text.encode())
    memory.pipe("/papers/same.pdf", b"one")
    db = tmp_path / "sc.db"
    first = ingest("memory://papers", db, processor=faulty, workers=2)
    assert (first.found, first.statuses["done"], len(first.duplicates)) == (3, 2, 1)
    assert paths_in(db) == ["memory://papers/a.pdf", "memory://papers/b/c.pdf"]
    with open_database(db) as database:
        known = known_files(database, ["memory://papers/a.pdf", "memory://papers/x.pdf"])
    assert list(known) == ["memory://papers/a.pdf"]
    second = ingest("memory://papers", db, processor=faulty, workers=2)
    assert (second.already_done, len(second.duplicates), second.processed) == (2, 1, 0)


def test_what_is_known_is_not_fetched_again(
    web: tuple[Server, Path, str], faulty: str, tmp_path: Path
) -> None:
    server, folder, address = web
    for name in ("a", "b"):
        (folder / f"{name}.pdf").write_text(f"paper {name}")
    db = tmp_path / "sc.db"
    assert ingest(f"{address}/", db, processor=faulty, workers=1).statuses["done"] == 2
    server.asked.clear()
    os.utime(folder / "b.pdf", (0, 0))
    again = ingest(f"{address}/", db, processor=faulty, workers=1)
    assert again.already_done == 2
    assert [path for path in server.asked if path.endswith(".pdf")] == ["/b.pdf"]


def test_a_file_that_was_read_from_a_folder_is_known_by_its_content(
    memory: Any, papers: Papers, faulty: str, tmp_path: Path
) -> None:
    db = tmp_path / "sc.db"
    ingest(papers("one"), db, processor=faulty, workers=1)
    memory.pipe("/x.pdf", b"one")
    summary = ingest("memory://x.pdf", db, processor=faulty, workers=1)
    assert (summary.already_done, summary.processed) == (1, 0)


def test_a_member_of_an_archive_is_a_file(faulty: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "papers.zip", "w") as archive:
        archive.writestr("x/one.pdf", "one")
        archive.writestr("x/two.pdf", "two")
    db = tmp_path / "sc.db"
    url = f"zip://x::file://{tmp_path}/papers.zip"
    assert ingest(url, db, processor=faulty, workers=1).statuses["done"] == 2
    assert paths_in(db)[0] == f"zip://x/one.pdf::file://{tmp_path}/papers.zip"
    assert ingest(url, db, processor=faulty, workers=1).already_done == 2


def test_of_a_paper_in_several_formats_one_is_read(memory: Any) -> None:
    for name in ("2001.01234v1.pdf", "2001.01234v1.tar.gz", "other.pdf"):
        memory.pipe(f"/papers/{name}", b"x")
    found = {
        file.name.rpartition("/")[2]: file.same_as for file in list_remote(["memory://papers"])
    }
    assert found == {
        "2001.01234v1.pdf": "memory://papers/2001.01234v1.tar.gz",
        "2001.01234v1.tar.gz": None,
        "other.pdf": None,
    }


def test_what_cannot_be_had_ends_as_failed_and_says_why(
    web: tuple[Server, Path, str], faulty: str, tmp_path: Path
) -> None:
    _, folder, address = web
    (folder / "large.pdf").write_bytes(b"x" * (2 << 20))
    (tmp_path / "small.toml").write_text("max_file_MB = 1\n")
    urls = [f"{address}/large.pdf", f"{address}/none.pdf", "http://127.0.0.1:9/a.pdf"]
    config = tmp_path / "small.toml"
    summary = ingest(urls, tmp_path / "sc.db", processor=faulty, workers=1, config=config)
    reasons = {problem.path: problem.reason for problem in summary.problems}
    assert "max_file_MB = 1" in reasons[urls[0]]
    assert summary.missing == urls[1:]
    assert summary.exit_code == 1


def test_kinds_of_store_that_are_not_known_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Protocol not known"):
        ingest("nosuchstore://bucket/papers", tmp_path / "sc.db")


def test_a_file_is_gone_when_it_is_no_longer_needed(memory: Any) -> None:
    memory.pipe("/papers/2001.01234v2.pdf", b"text")
    with fetched("memory://papers/2001.01234v2.pdf", max_MB=1) as path:
        assert (path.name, path.read_bytes()) == ("2001.01234v2.pdf", b"text")
    assert not path.parent.exists()
    with (
        pytest.raises(UnusableFileError, match="cannot be fetched"),
        fetched("memory://papers/none.pdf", max_MB=1),
    ):
        pass


def test_the_last_that_is_known_of_a_file_counts(tmp_path: Path) -> None:
    from scmine.database.remote_files import remember_files

    one, two = RemoteContent("1", "a" * 64), RemoteContent("2", "b" * 64)
    with open_database(tmp_path / "sc.db") as database:
        remember_files(database, {"s3://b/a": one, "s3://b/c": one, "s3://b/" + "x" * 3000: one})
        remember_files(database, {"s3://b/a": two})
        names = ["s3://b/a", "s3://b/c", "s3://b/" + "x" * 3000]
        assert known_files(database, names) == {"s3://b/a": two, "s3://b/c": one}
