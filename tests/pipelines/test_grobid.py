"""Ingest through a GROBID server: who reads, what is said, and that nothing is sent twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scmine.database.store import open_database
from scmine.extractors import read
from scmine.pipelines import IngestSummary, ingest
from scmine.pipelines.grobid import choose_reader
from scmine.pipelines.settings import SettingsError, load_settings
from tests.grobid_server import Answer, FakeGrobid
from tests.grobid_tei import tei_of

COMMAND = [sys.executable, "-P", "-m", "scmine.pipelines.cli", "ingest", "papers"]
LINES = (
    "Superconductivity of magnesium diboride, number {}",
    "We report superconductivity in MgB2 with a critical temperature Tc = 39 K.",
    "The transition of LaH10 was seen at Tc = 250 K under a pressure of 170 GPa.",
)


@pytest.fixture
def folder(own_folder: Path, tiny_pdf: Callable[..., bytes]) -> Path:
    """Six papers in ``papers``."""
    papers = own_folder / "papers"
    papers.mkdir()
    for number in range(6):
        lines = [LINES[0].format("abcdef"[number]), *LINES[1:]]
        (papers / f"{number}.pdf").write_bytes(tiny_pdf(*lines))
    return papers


class Replaying(FakeGrobid):
    """Answers each paper with its TEI, after ``delay_s``."""

    def __init__(self, folder: Path, delay_s: float = 0.0, health: str = "") -> None:
        answers = {p.read_bytes(): tei_of(read(p)) for p in folder.glob("*.pdf")}
        self.delay_s = delay_s
        super().__init__(lambda n, pdf: Answer(answers[pdf], delay_s=self.delay_s), health)


def go(folder: Path, url: str | None, reader: str = "grobid", **options: object) -> IngestSummary:
    options = {"workers": 2, "timeout_s": 60} | options
    return ingest(folder, db="t.db", reader=reader, grobid_url=url, **options)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCMINE_GROBID_WAIT_S", "0.05")


def documents() -> dict[str, tuple[str, str, str]]:
    """Status, reader and reason of each document by the number of its file."""
    with open_database("t.db", create=False) as database:
        return {Path(d.path).stem: (d.status, d.reader, d.reason) for d in database.documents()}


def test_papers_are_read_by_the_server_and_each_is_sent_once(folder: Path) -> None:
    with Replaying(folder) as fake:
        summary = go(folder, fake.url)
        assert summary.statuses == {"done": 6}
        assert summary.readers == {"grobid": 6}
        assert summary.records == 12
        assert "PDFs are read by GROBID 0.8.2" in summary.notes[0]
        assert go(folder, fake.url).already_done == 6
        assert set(fake.sent.values()) == {1}
    assert {d[:2] for d in documents().values()} == {("done", "grobid")}
    with open_database("t.db", create=False) as database:
        options = database.runs()[0].options
    assert options["grobid"] == {"url": fake.url, "version": "0.8.2", "parallel": None}


def test_a_killed_run_goes_on_without_sending_what_is_done(folder: Path) -> None:
    with Replaying(folder, delay_s=0.5) as fake:
        command = [*COMMAND, "--db", "t.db", "--reader", "grobid", "--workers", "1"]
        process = subprocess.Popen([*command, "--grobid-url", fake.url], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(fake.sent) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.7)  # the paper in work is answered to nobody
        done = {stem for stem, d in documents().items() if d[0] == "done"}
        assert 1 <= len(done) < 6
        fake.delay_s = 0.0
        before = fake.sent.total()
        summary = go(folder, fake.url)
    assert (summary.already_done, summary.processed) == (len(done), 6 - len(done))
    assert fake.sent.total() == before + 6 - len(done)
    assert sorted(fake.sent.values()) in ([1] * 6, [1] * 5 + [2])  # the one in work when killed


def test_no_more_papers_at_once_than_the_server_announces(folder: Path) -> None:
    with Replaying(folder, delay_s=0.2, health='{"pool": {"maxActive": 2}}') as fake:
        summary = go(folder, fake.url, workers=4)
    assert (summary.workers, fake.most_at_once) == (2, 2)


def test_a_server_that_dies_fails_the_rest_until_it_is_back(folder: Path) -> None:
    with Replaying(folder) as fake:
        port = int(fake.url.rpartition(":")[2])
        answer = fake.script

        def dying(number: int, pdf: bytes) -> Answer:
            if number == 2:
                fake.die()
                return Answer(cut=0)
            return answer(number, pdf)

        fake.script = dying
        summary = go(folder, fake.url, workers=1)
    assert summary.statuses == {"done": 2, "failed": 4}
    assert summary.exit_code == 0
    reasons = [reason for status, _, reason in documents().values() if status == "failed"]
    assert sum("it broke off" in reason for reason in reasons) == 1
    assert sum("GROBID not reachable" in reason for reason in reasons) == 3
    with FakeGrobid(answer, port=port) as back:
        assert go(folder, back.url).already_done == 6
        assert not back.sent
        assert go(folder, back.url, retry=True).statuses == {"done": 4}
        assert back.sent.total() == 4


def test_auto_goes_on_without_a_server_that_dies(folder: Path) -> None:
    with Replaying(folder) as fake:
        answer = fake.script

        def dying(number: int, pdf: bytes) -> Answer:
            if number == 2:
                fake.die()
                return Answer(cut=0)
            return answer(number, pdf)

        fake.script = dying
        summary = go(folder, fake.url, "auto", workers=1)
    assert summary.statuses == {"done": 6}
    assert summary.readers == {"grobid": 2, "pdf": 4}
    reasons = [reason for _, reader, reason in documents().values() if reader == "pdf"]
    assert all("read by the built-in reader" in reason for reason in reasons)


def test_auto_asks_once_and_says_that_it_reads_itself(folder: Path) -> None:
    with Replaying(folder) as fake:
        url = fake.url
        assert go(folder, url, "auto", limit=1).readers == {"grobid": 1}
        assert fake.asked["isalive"] == 1
    summary = go(folder, url, "auto", limit=1)
    assert summary.readers == {"pdf": 1}
    (note,) = summary.notes
    assert note == (
        f"GROBID not reachable (connection refused) at {url}; the built-in reader reads the PDFs."
    )
    assert documents()["1"][2] == ""


def test_a_broken_answer_ends_as_done_with_a_warning(folder: Path) -> None:
    tei = tei_of(read(folder / "0.pdf"))
    with FakeGrobid(lambda number, pdf: Answer(tei[: len(tei) // 2])) as fake:
        summary = go(folder, fake.url, limit=1)
    assert (summary.statuses, summary.readers) == ({"done": 1}, {"pdf": 1})
    assert "not well-formed XML" in documents()["0"][2]
    assert [p.reason for p in summary.stepped_in] == [documents()["0"][2]]


def test_auto_without_a_url_asks_nobody() -> None:
    assert choose_reader(load_settings()).options == {}
    assert choose_reader(load_settings(reader="pdf", grobid_url="http://x")).options == {}


def test_no_server_is_an_error_before_work_begins(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"not reachable .*docker compose up grobid"):
        go(folder, "http://127.0.0.1:9")
    assert not Path("t.db").exists()
    with pytest.raises(SettingsError, match="grobid_url: 'nonsense' is no URL"):
        go(folder, "nonsense")


def test_the_command_line(folder: Path) -> None:
    shutil.copy(folder / "0.pdf", "one.pdf")
    command = [*COMMAND[:-1], "one.pdf", "--db", "t.db"]
    failed = subprocess.run(
        [*command, "--reader", "grobid", "--grobid-url", "http://me:secret@127.0.0.1:9"],
        capture_output=True,
        text=True,
    )
    assert failed.returncode == 2
    assert "GROBID not reachable" in failed.stderr
    assert "secret" not in failed.stderr
    with Replaying(folder) as fake:
        environment = os.environ | {"GROBID_URL": fake.url}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0
        assert f"at {fake.url}" in done.stderr
        assert "Read: 1 by grobid." in done.stdout
    command = [sys.executable, "-P", "-m", "scmine.pipelines.cli", "info", "--db", "t.db", "--json"]
    info = subprocess.run(command, capture_output=True, text=True)
    assert json.loads(info.stdout)["readers"] == {"grobid": 1}
