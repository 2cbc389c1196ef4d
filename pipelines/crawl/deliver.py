"""Getting the report of a crawl to its readers: as files of a folder, and by e-mail.

A report that could not be sent stays noted as waiting and goes with the next crawl's, in one mail.
A mail is noted as sent when the server has taken it: a process that is killed between both lets the
next one send it a second time, and nothing else does.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from scmine.database.crawl_leases import Lease
from scmine.database.crawl_mail import MAIL_LEASE, crawls_to_mail, set_mail
from scmine.database.crawl_values import MailState
from scmine.database.replacing import replacing
from scmine.database.store import Database
from scmine.pipelines.crawl import mail
from scmine.pipelines.crawl.report import report_of
from scmine.pipelines.crawl.report_html import page
from scmine.pipelines.crawl.report_markdown import as_markdown
from scmine.pipelines.crawl.report_values import Report
from scmine.pipelines.crawl.report_words import subject
from scmine.pipelines.settings_crawl import CrawlSettings
from scmine.pipelines.workers import tidy_reason


@dataclass
class Delivered:
    """What became of a report.

    ``files`` were written; ``mail`` says how its e-mail stands (None: none is wanted), ``reason``
    why it could not be sent, ``crawls`` which crawls it is about. ``notes`` and ``problems`` are
    lines for people: what was done, and what went wrong.
    """

    files: list[str] = field(default_factory=list)
    mail: MailState | None = None
    reason: str | None = None
    crawls: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As plain data, for ``--json``."""
        return asdict(self) | {"mail": None if self.mail is None else self.mail.value}


def is_wanted(settings: CrawlSettings) -> bool:
    """Whether the settings ask for reports after crawls."""
    return settings.report_folder is not None or settings.report_to is not None


def deliver(
    database: Database,
    run_ids: Sequence[int],
    settings: CrawlSettings,
    *,
    interrupted: bool = False,
) -> Delivered:
    """Write the report of crawls and send all that wait, as the settings say.

    Nothing that fails here is an error: the crawl itself is done. After an interruption nothing is
    sent, so that who has pressed Ctrl-C need not wait for a mail server.
    """
    done = Delivered()
    if settings.report_folder is not None and run_ids:
        try:
            done.files = write(_report(database, run_ids, settings), settings)
            done.notes += [f"report: {path}" for path in done.files]
        except OSError as error:
            done.problems.append(f"the report could not be written: {tidy_reason(str(error))}")
    if settings.report_to is not None and not interrupted:
        _send_waiting(database, settings, done)
    return done


def _report(database: Database, run_ids: Sequence[int], settings: CrawlSettings) -> Report:
    url, retries = settings.report_url or "", settings.crawl_retries
    return report_of(database, run_ids, base_url=url, retries=retries)


def _send_waiting(database: Database, settings: CrawlSettings, done: Delivered) -> None:
    """Send one mail about all crawls whose report waits; note how it stands."""
    if not crawls_to_mail(database):
        return
    with Lease(database, MAIL_LEASE, wait=True) as lease:
        done.crawls = crawls_to_mail(database)
        if not done.crawls:
            return  # another process has sent them meanwhile
        report = _report(database, done.crawls, settings)
        if report.is_empty and not settings.report_empty:
            done.mail = MailState.EMPTY
            done.notes.append("nothing new to report: no e-mail (report_empty asks for one)")
        else:
            lease.check()
            done.mail, done.reason = _tried(report, settings, done)
        set_mail(database, done.crawls, done.mail, done.reason)


def _tried(
    report: Report, settings: CrawlSettings, done: Delivered
) -> tuple[MailState, str | None]:
    """Send a report: how it stands then, and what went wrong."""
    try:
        done.notes.append(send(report, settings))
    except mail.PartlyRefusedError as error:
        reason = tidy_reason(str(error))
        done.problems.append(f"the report could not be sent to all: {reason}")
        return MailState.SENT, reason
    except mail.MailError as error:
        reason = tidy_reason(str(error))
        done.problems.append(
            f"the report could not be sent: {reason}. It waits for the next crawl; "
            "`scmine crawl report --send` sends it before"
        )
        return MailState.WAITING, reason
    return MailState.SENT, None


def send_now(database: Database, report: Report, settings: CrawlSettings) -> str:
    """Send a report that somebody asked for, and note that; a line that says so.

    Raises
    ------
    scmine.pipelines.crawl.mail.MailError
        It could not be sent. Whether it waits for the next crawl stays as it was.
    """
    with Lease(database, MAIL_LEASE, wait=True):
        told = send(report, settings, again=True)
        set_mail(database, [run.id for run in report.runs], MailState.SENT)
    return told


def write(report: Report, settings: CrawlSettings) -> list[str]:
    """Write Markdown and HTML to the folder of the settings; their paths.

    Raises
    ------
    OSError
        They cannot be written.
    """
    folder = settings.report_folder
    if folder is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    numbers = "-".join(str(run.id) for run in report.runs)
    stem = f"crawl-{report.when:%Y-%m-%d}-{numbers}"
    paths = []
    for ending, text in ((".md", as_markdown(report)), (".html", page(report))):
        path = folder / (stem + ending)
        with replacing(path) as stream:
            stream.write(text.encode())
        paths.append(str(path))
    return paths


def send(report: Report, settings: CrawlSettings, *, again: bool = False) -> str:
    """Send the report to those whom the settings name; a line that says so.

    ``again`` makes it another mail than the one that was perhaps sent already.

    Raises
    ------
    scmine.pipelines.crawl.mail.MailError
        It could not be sent.
    """
    sender, to = mail.report_addresses(settings)
    letter = mail.message(
        subject(report),
        as_markdown(report),
        page(report, plot=False),
        sender=sender,
        to=to,
        name=_mail_id(report, again=again),
    )
    mail.send(letter, settings)
    return f"report sent to {', '.join(to)}"


def _mail_id(report: Report, *, again: bool) -> str:
    """The id of the mail about these crawls."""
    runs = [f"{run.id} {run.started.isoformat()} {run.source}" for run in report.runs]
    same = hashlib.sha256("\n".join(runs).encode()).hexdigest()[:16]
    return f"crawl.{report.runs[-1].id}.{secrets.token_hex(8) if again else same}"
