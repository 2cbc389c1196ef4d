"""The cache: what it keeps, for whom, and what becomes of broken files."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from scmine.extractors.llm.cache import KEPT, Cache, CacheError, Kept, key_of
from scmine.extractors.llm.request import Ending, Message, Request
from tests.llm_requests import GOOD, request

ANSWERED = Kept(Ending.ANSWERED, GOOD, "", 50, 20)


def key(asked: Request, model: str = "m", url: str = "http://a/v1", tokens: int = 9) -> str:
    return key_of(asked, model, url, {"answer_tokens": tokens})


def test_what_was_put_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "cache.db"
    with Cache(path) as cache:
        assert cache.get("k") is None
        cache.put("k", "m", "claims@1", ANSWERED)
    with Cache(path) as cache:
        assert cache.get("k") == ANSWERED
        assert str(cache).startswith("1 answers, 0.")
        assert str(path) in str(cache)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("ending", list(Ending))
def test_only_endings_that_would_come_again_are_kept(tmp_path: Path, ending: Ending) -> None:
    with Cache(tmp_path / "cache.db") as cache:
        cache.put("k", "m", "claims@1", Kept(ending, None, "why", 1, 1))
        assert (cache.get("k") is not None) == (ending in KEPT)


def test_the_key_is_of_all_that_decides_an_answer() -> None:
    asked = request()
    assert key(asked) == key(replace(asked, doc_id="other", place="p7"))
    others = [
        key(replace(asked, prompt="claims@2")),
        key(replace(asked, messages=(*asked.messages, Message("user", "and?")))),
        key(replace(asked, messages=(Message("user", "a"), *asked.messages[1:]))),
        key(asked, model="n"),
        key(asked, url="http://b/v1"),
        key(asked, tokens=10),
    ]
    assert len({key(asked), *others}) == len(others) + 1


def test_a_broken_file_of_ours_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with Cache(path) as cache:
        for number in range(400):
            cache.put(f"k{number}", "m", "claims@1", ANSWERED)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    with Cache(path) as cache:
        assert cache.set_aside is not None
        assert cache.set_aside.read_bytes() == data
        assert cache.count() == 0
        cache.put("k", "m", "claims@1", ANSWERED)
        assert cache.get("k") == ANSWERED


def test_a_file_that_breaks_meanwhile_does_not_end_the_run(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with Cache(path) as cache:
        other = sqlite3.connect(path)
        other.execute("DROP TABLE answers")
        other.close()
        assert cache.get("k") is None
        cache.put("k", "m", "claims@1", ANSWERED)
        assert "no such table" in cache.trouble


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\x00 and then nothing"])
def test_files_of_others_are_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing.db"
    path.write_bytes(content)
    with pytest.raises(CacheError, match="llm_cache"):
        Cache(path)
    assert path.read_bytes() == content


def test_databases_of_others_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE records (id)")
    connection.close()
    with pytest.raises(CacheError, match="another program's"):
        Cache(path)


def test_a_cache_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Cache(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CacheError, match="newer scmine"):
        Cache(path)


def test_a_place_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CacheError, match="Name another file"):
        Cache(tmp_path / "file" / "cache.db")


def fill(path: Path, number: int) -> None:
    with Cache(path) as cache:
        for each in range(50):
            cache.put(f"{number}-{each}", "m", "claims@1", ANSWERED)
        assert not cache.trouble


def test_several_processes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=fill, args=(path, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    with Cache(path) as cache:
        assert cache.count() == 200
        assert cache.set_aside is None
