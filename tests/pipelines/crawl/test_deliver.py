"""Reports after crawls: files and mail, each mail once, whatever fails on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from scmine.database.crawl import crawl_run, crawl_runs
from scmine.database.crawl_mail import crawls_to_mail, set_mail
from scmine.database.crawl_progress import start_crawl
from scmine.database.crawl_values import MailState
from scmine.database.store import Database, open_database
from scmine.pipelines.crawl import mail
from scmine.pipelines.crawl.deliver import deliver, send_now
from scmine.pipelines.crawl.report import report_of
from scmine.pipelines.settings import Settings
from tests.crawled import SIX, add_crawl
from tests.mail_server import PASSWORD, mail_server, scripted_server
from tests.web.collection import DIBORIDE, OWN, collected, paper

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[Database]:
    """A paper with a claim, the crawl 1 that brought it, and the crawl 2 that brought nothing."""
    one = paper("one", 2026, [DIBORIDE | OWN | {"tc_K": 39.0}])
    with collected(tmp_path, [one]) as database:
        add_crawl(database, [{"doc_id": one.doc_id, "title": "On MgB2"}])
        add_crawl(database, [])
        yield database


def settings(port: int, **given: Any) -> Settings:
    own = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    return Settings(**{"report_to": "ada@example.org"} | own | given)


def states(database: Database) -> list[MailState | None]:
    return [run.mail for run in crawl_runs(database)]


def waiting(database: Database, run_ids: Sequence[int]) -> Sequence[int]:
    set_mail(database, run_ids, MailState.WAITING)
    return run_ids


def closed_port() -> int:
    with scripted_server(lambda line: None) as port:
        return port


def test_a_mail_that_failed_goes_with_the_next_one_and_once(crawled: Database) -> None:
    dead = deliver(crawled, waiting(crawled, [1]), settings(closed_port()))
    assert dead.mail is MailState.WAITING
    assert "cannot be reached" in dead.problems[0]
    assert "cannot be reached" in (crawl_runs(crawled)[0].mail_reason or "")
    third = add_crawl(crawled, [{"key": "2611.00009", "state": "failed", "reason": "no text"}])
    with mail_server() as server:
        sent = deliver(crawled, waiting(crawled, [third]), settings(server.port))
        again = deliver(crawled, [third], settings(server.port))
    (got,) = server.mails
    assert (sent.mail, sent.crawls, again.mail) == (MailState.SENT, [1, 3], None)
    assert states(crawled) == [MailState.SENT, None, MailState.SENT]
    assert crawl_runs(crawled)[0].mail_reason is None
    text = got.get_body(("plain",))
    assert text is not None
    assert "Crawl 1 of arxiv" in text.get_content()
    assert "Crawl 3 of arxiv" in text.get_content()
    assert "39 K" in got["Subject"]


def test_an_empty_night_is_mailed_only_if_wanted(crawled: Database) -> None:
    with mail_server() as server:
        quiet = deliver(crawled, waiting(crawled, [2]), settings(server.port))
        assert (quiet.mail, server.mails) == (MailState.EMPTY, [])
        told = deliver(crawled, waiting(crawled, [2]), settings(server.port, report_empty=True))
    assert told.mail is MailState.SENT
    (got,) = server.mails
    assert "no new claim of a Tc; 0 papers read" in got["Subject"]


def test_a_crawl_that_broke_off_is_mailed_with_its_reason(crawled: Database) -> None:
    """Killed crawls among them: the next one of the source notes it, and its report tells."""
    killed = start_crawl(crawled, "arxiv", "cond-mat.supr-con", SIX, mail=True)
    assert crawls_to_mail(crawled) == []
    start_crawl(crawled, "arxiv", "cond-mat.supr-con", SIX)
    assert crawls_to_mail(crawled) == [killed]
    with mail_server() as server:
        assert deliver(crawled, [], settings(server.port)).mail is MailState.SENT
    text = server.mails[0].get_body(("plain",))
    assert text is not None
    assert "killed (its process ended without a word)" in text.get_content()


def test_after_an_interruption_nothing_is_sent(crawled: Database, tmp_path: Path) -> None:
    with mail_server() as server:
        own = settings(server.port, report_folder=tmp_path / "reports")
        done = deliver(crawled, waiting(crawled, [1]), own, interrupted=True)
    assert (done.mail, server.mails, states(crawled)[0]) == (None, [], MailState.WAITING)
    assert [Path(path).suffix for path in done.files] == [".md", ".html"]


def test_a_folder_that_cannot_be_written_stops_no_mail(crawled: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with mail_server() as server:
        own = settings(server.port, report_folder=tmp_path / "file")
        done = deliver(crawled, waiting(crawled, [1]), own)
    assert (done.mail, len(server.mails), done.files) == (MailState.SENT, 1, [])
    assert "could not be written" in done.problems[0]


def test_a_mail_that_some_do_not_get_is_not_sent_again_to_the_others(crawled: Database) -> None:
    with mail_server(refused=frozenset({"bob@example.org"})) as server:
        own = settings(server.port, report_to="ada@example.org,bob@example.org")
        done = deliver(crawled, waiting(crawled, [1]), own)
        assert deliver(crawled, [1], own).mail is None
    assert (done.mail, len(server.mails)) == (MailState.SENT, 1)
    assert "does not take mail for bob@example.org" in done.problems[0]


def test_a_person_may_send_it_again(crawled: Database) -> None:
    with mail_server() as server:
        own = settings(server.port)
        deliver(crawled, waiting(crawled, [1]), own)
        send_now(crawled, report_of(crawled, [1]), own)
    first, second = server.mails
    assert first["Message-ID"] != second["Message-ID"]


DELIVER = """
import os, signal, sys
from scmine.database.store import open_database
from scmine.pipelines.crawl import deliver
from scmine.pipelines.settings import Settings
own = Settings(report_to="ada@example.org", smtp_host="127.0.0.1", smtp_port=int(sys.argv[2]),
    smtp_security="none")
if "killed" in sys.argv:
    deliver.set_mail = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
with open_database(sys.argv[1]) as database:
    print(deliver.deliver(database, [1], own).mail)
"""


def process(database: Database, port: int, *more: str) -> subprocess.Popen[str]:
    args = [sys.executable, "-c", DELIVER, database.where, str(port), *more]
    return subprocess.Popen(args, stdout=subprocess.PIPE, text=True)


def test_two_processes_send_one_mail(crawled: Database) -> None:
    waiting(crawled, [1])
    with mail_server(delay_s=2.0) as server:
        both = [process(crawled, server.port) for _ in range(2)]
        said = sorted(p.communicate(timeout=120)[0].strip() for p in both)
    assert len(server.mails) == 1
    assert said == ["None", "sent"]


def test_a_process_killed_before_it_notes_doubles_its_mail_once(crawled: Database) -> None:
    waiting(crawled, [1])
    with mail_server() as server:
        killed = process(crawled, server.port, "killed")
        assert killed.wait(120) == -signal.SIGKILL
        assert states(crawled)[0] is MailState.WAITING
        assert deliver(crawled, [1], settings(server.port)).mail is MailState.SENT
        assert deliver(crawled, [1], settings(server.port)).mail is None
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


COMMAND = [sys.executable, "-m", "scmine.pipelines.cli"]
CRAWL = [*COMMAND, "crawl", "folder", "in", "--db", "t.db"]


def crawl(port: int, *more: str, **given: str) -> subprocess.CompletedProcess[str]:
    own = {"report_to": "ada@example.org", "smtp_host": "127.0.0.1", "smtp_port": str(port)}
    own |= {"smtp_security": "none", "crawl_settle_s": "0", "workers": "1"} | given
    env = os.environ | {f"SCMINE_{name.upper()}": value for name, value in own.items()}
    return subprocess.run([*CRAWL, *more], capture_output=True, text=True, env=env, timeout=300)


def test_the_command_sends_and_says_so(own_folder: Path) -> None:
    Path("in").mkdir()
    text = "We measured the resistivity of Mo5B9 and found superconductivity at Tc = 14.2 K."
    Path("in/a.md").write_text(f"# On Mo5B9\n\n## Abstract\n\n{text}\n")
    wrong = {"smtp_user": "scmine", "smtp_password": "not-this-one"}
    with mail_server(log_in=True) as server:
        refused = crawl(server.port, "--json", **wrong)
        assert server.mails == []
        assert (refused.returncode, refused.stderr.count("could not be sent")) == (0, 1)
        report = json.loads(refused.stdout)["report"]
        assert (report["mail"], report["crawls"]) == ("waiting", [1])
        shown = crawl_status()
        assert "e-mail waiting (the mail server" in shown
        again = crawl(server.port, **wrong | {"smtp_password": PASSWORD})
    (got,) = server.mails
    assert got["Subject"].endswith("14.2 K in Mo5B9; 1 new claim, 1 paper read")
    assert (again.returncode, "report sent to ada@example.org" in again.stderr) == (0, True)
    assert crawl_status().count("e-mail sent") == 2
    for said in (refused.stdout, refused.stderr, again.stderr, shown, info()):
        assert "not-this-one" not in said
        assert PASSWORD not in said


def crawl_status() -> str:
    asked = [*COMMAND, "crawl", "status", "--db", "t.db"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def info() -> str:
    env = os.environ | {"SCMINE_SMTP_PASSWORD": PASSWORD}
    asked = [*COMMAND, "info"]
    done = subprocess.run(asked, capture_output=True, text=True, env=env, check=True)
    return done.stdout + done.stderr


def test_reports_are_sent_on_request_all_that_wait(crawled: Database, tmp_path: Path) -> None:
    waiting(crawled, [1, 2])
    with mail_server() as server:
        own = {"report_to": "ada@example.org", "smtp_host": "127.0.0.1", "smtp_security": "none"}
        own |= {"smtp_port": str(server.port)}
        env = os.environ | {f"SCMINE_{name.upper()}": value for name, value in own.items()}
        asked = [*COMMAND, "crawl", "report", "--send", "--db", crawled.where]
        done = subprocess.run(asked, capture_output=True, text=True, env=env, timeout=120)
    assert (done.returncode, done.stderr) == (0, "scmine: report sent to ada@example.org\n")
    assert (len(server.mails), states(crawled)) == (1, [MailState.SENT, MailState.SENT])


def test_crawls_at_set_times_deliver_each_time(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scmine.pipelines.crawl import command
    from scmine.pipelines.crawl.source_commands import folder_source

    Path("in").mkdir()
    request = command.CrawlRequest(every="0 6 * * *", network=False, quiet=True, relevance=False)
    with mail_server() as server:
        own = settings(server.port, db="t.db", report_empty=True, report_folder=Path("reports"))
        monkeypatch.setattr(command, "run_at", lambda times, job, quiet: [job(), job()])
        command.run_crawl(lambda s, web: [folder_source(s, Path("in"))], own, request)
    assert len(server.mails) == 2
    assert len(list(Path("reports").iterdir())) == 4
    with open_database("t.db") as database:
        assert crawl_run(database) is not None
        assert states(database) == [MailState.SENT, MailState.SENT]


def test_no_one_to_send_to_is_told_and_nothing_lost(crawled: Database) -> None:
    with pytest.raises(mail.MailError, match="report_to"):
        mail.report_addresses(Settings())
    done = deliver(crawled, waiting(crawled, [1]), Settings(report_to="ada@example.org"))
    assert "smtp_host" in done.problems[0]
    assert states(crawled)[0] is MailState.WAITING
