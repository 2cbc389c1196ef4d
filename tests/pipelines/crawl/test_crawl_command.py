"""``scmine crawl`` as people and timers call it, against a server that speaks as arXiv does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scmine.database.crawl_leases import Lease
from scmine.database.store import open_database
from tests.arxiv_server import ArxivServer
from tests.arxiv_server_papers import MadePaper, made_paper

COMMAND = [sys.executable, "-m", "scmine.pipelines.cli", "crawl"]
ARXIV = ("arxiv", "--category", "cond-mat.supr-con", "--since", "2024-05-01", "--db", "t.db")


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    papers: list[MadePaper] = [
        made_paper("2405.00001", "MgB2", 39.0),
        made_paper("2405.00002", "Nb3Sn", 18.1, date(2024, 5, 2)),
    ]
    with ArxivServer(papers) as started:
        yield started


def scmine(
    server: ArxivServer | None, *args: str, input: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    given = {} if server is None else server.settings()
    given |= {"crawl_contact": "ada@example.org", "crawl_interval_s": "0", "workers": "1"}
    env = {f"SCMINE_{name.upper()}": value for name, value in given.items()} | more
    return subprocess.run(
        [*COMMAND, *args],
        capture_output=True,
        text=True,
        env=os.environ | env,
        input=input,
        timeout=300,
    )


def crawled(server: ArxivServer, *args: str) -> dict[str, Any]:
    done = scmine(server, *ARXIV, *args, "--json")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["crawls"]
    return dict(found)


def test_new_papers_become_records_and_new_versions_take_their_place(
    server: ArxivServer, own_folder: Path
) -> None:
    tried = crawled(server, "--dry-run")
    assert sorted(c["name"] for c in tried["candidates"]) == ["2405.00001v1", "2405.00002v1"]
    (diboride,) = (c for c in tried["candidates"] if c["name"] == "2405.00001v1")
    assert diboride["score"] > 0.9
    assert diboride["words"][:2] == ["Superconductivity", "MgB2"]
    assert list(own_folder.glob("t.db")) == []
    assert not any("e-print" in asked.path for asked in server.asked())

    first = crawled(server)
    assert (first["state"], first["counts"]["read"]) == ("finished", 2)
    server.put(server.papers["2405.00001"].revised(date(2024, 5, 9), 38.5))
    server.put(server.papers["2405.00002"].withdrawn(date(2024, 5, 9)))
    second = crawled(server)
    assert (second["counts"]["changed"], second["counts"]["withdrawn"]) == (1, 1)
    with open_database("t.db") as database:
        stands = {(r.arxiv_id, r.status.value, *r.flags) for r in database.records()}
        titles = {d.title for d in database.documents()}
    assert {(number, status) for number, status, *_ in stands} == {
        ("2405.00001", "obsolete"),
        ("2405.00001", "new"),
        ("2405.00002", "new"),
    }
    assert all("withdrawn" in flags for n, _, *flags in stands if n == "2405.00002")
    assert "Superconductivity at 39 K in MgB2" in titles

    shown = scmine(None, "status", "--db", "t.db")
    assert "3 read, 1 withdrawn" in shown.stdout
    assert "complete from 2024-05-01 to 2024-05-09" in shown.stdout
    assert json.loads(scmine(None, "status", "--db", "t.db", "--json").stdout)["problems"] == []


def test_a_dry_run_shows_scores_and_words(server: ArxivServer, own_folder: Path) -> None:
    shown = scmine(server, *ARXIV, "--dry-run").stdout
    assert "Superconductivity, MgB2" in shown
    bare = scmine(server, *ARXIV, "--dry-run", "--no-relevance").stdout
    assert "Superconductivity, MgB2" not in bare
    assert "2405.00001v1" in bare


def test_a_category_that_only_the_server_does_not_know_ends_with_1(
    server: ArxivServer, own_folder: Path
) -> None:
    done = scmine(server, "arxiv", "--category", "cond-mat.no-such", "--dry-run", "--db", "t.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no set physics:cond-mat:no-such" in done.stderr


def test_a_refusal_ends_with_1_and_says_so(server: ArxivServer, own_folder: Path) -> None:
    from tests.arxiv_server_faults import Fault

    server.fail("/e-print", Fault(status=403), times=None)
    done = scmine(server, *ARXIV)
    assert done.returncode == 1
    assert "refused" in done.stdout
    assert "the same command goes on from there" in done.stdout


FEW_TRIES = {"SCMINE_CRAWL_TRIES": "2", "SCMINE_CRAWL_MAX_WAIT_S": "1"}


@pytest.mark.parametrize(
    ("more", "words", "asked"),
    [
        ({"SCMINE_CRAWL_FOLDER": "/dev/full/x"}, "cannot be written: Not a directory", 2),
        ({"XDG_STATE_HOME": "/dev/full"}, "the pace cannot be kept: Not a directory", 0),
        ({"SCMINE_ARXIV_OAI_URL": "http://127.0.0.1:1/"}, "Connection refused, after 2 tries", 0),
        ({"SCMINE_ARXIV_FILES_URL": "arxiv"}, "arxiv_files_url: begin with https://", 0),
        ({"SCMINE_CRAWL_CONTACT": "ada@example.org\r\nX: y"}, "is no e-mail address", 0),
    ],
)
def test_what_ends_a_crawl_is_told_in_words(
    server: ArxivServer, own_folder: Path, more: dict[str, str], words: str, asked: int
) -> None:
    done = scmine(server, *ARXIV, **FEW_TRIES, **more)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode in (1, 2)
    assert words in said
    assert "Traceback" not in said
    # One paper's file at most is asked for in vain: what ends one ends all.
    assert len([a for a in server.asked() if a.path != "/oai"]) <= 1
    assert len(server.asked()) <= asked


def test_a_second_crawl_ends_with_1_and_says_who_runs(
    server: ArxivServer, own_folder: Path
) -> None:
    with open_database("t.db") as database, Lease(database, "arxiv"):
        done = scmine(server, *ARXIV)
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr
    assert server.asked() == []


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["arxiv"], 2, ""),
        (["arxiv", "--limit", "3"], 2, "name what to crawl"),
        (["arxiv", "--category", "x", "--since", "yesterday"], 2, "--since"),
        (["arxiv", "--category", "cond-mat.supr-con", "--category", "x"], 2, "no category 'x'"),
        (["arxiv", "--category", "cond-mat/supr-con"], 2, "no category 'cond-mat/supr-con'"),
        (["arxiv", "--category", "quant-ph.supr-con", "--dry-run"], 2, "no category"),
        (["arxiv", "--category", ""], 2, "no category ''"),
        (["arxiv", "--category", "cond-mat.supr-con", "--every", "daily"], 2, "five fields"),
        (["arxiv", "--category", "cond-mat.supr-con", "--every", "0 6 * * *", "--dry-run"], 2, ""),
        (["status", "--db", "none.db"], 1, "none.db"),
        (["retry", "--db", "none.db"], 1, "none.db"),
    ],
)
def test_wrong_usage_is_told(own_folder: Path, args: list[str], code: int, words: str) -> None:
    done = scmine(None, *args)
    assert (done.returncode, words in done.stderr) == (code, True)


def test_retry_tells_what_will_be_tried(own_folder: Path) -> None:
    open_database("t.db").close()
    done = scmine(None, "retry", "--db", "t.db", "--threshold", "0.3")
    assert "0 papers that could not be fetched and 0 that were skipped" in done.stdout
