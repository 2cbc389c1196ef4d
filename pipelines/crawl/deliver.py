"""Getting the report of a crawl to its readers: as files of a folder, and by e-mail.

A report that could not be sent is lost nowhere: it can be built and sent again at any time.
"""

from __future__ import annotations

from collections.abc import Sequence

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


def is_wanted(settings: CrawlSettings) -> bool:
    """Whether the settings ask for reports after crawls."""
    return settings.report_folder is not None or settings.report_to is not None


def deliver(database: Database, run_ids: Sequence[int], settings: CrawlSettings) -> list[str]:
    """Write and send the report of crawls as the settings say; what was done, a line each.

    Files and mails that fail are told among the lines: the crawl itself is done.
    """
    if not run_ids or not is_wanted(settings):
        return []
    url, retries = settings.report_url or "", settings.crawl_retries
    report = report_of(database, run_ids, base_url=url, retries=retries)
    notes = []
    if settings.report_folder is not None:
        try:
            notes += [f"report: {path}" for path in write(report, settings)]
        except OSError as error:
            notes.append(f"the report could not be written: {tidy_reason(str(error))}")
    if settings.report_to is not None:
        try:
            notes.append(send(report, settings))
        except OSError as error:
            runs = " ".join(f"--run {run_id}" for run_id in run_ids)
            notes.append(
                f"the report could not be sent: {tidy_reason(str(error))}. "
                f"`scmine crawl report {runs} --send` sends it"
            )
    return notes


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


def send(report: Report, settings: CrawlSettings) -> str:
    """Send the report to those whom the settings name; a line that says so.

    Raises
    ------
    scmine.pipelines.crawl.mail.MailError
        It could not be sent.
    """
    sender, to = mail.report_addresses(settings)
    numbers = ".".join(str(run.id) for run in report.runs)
    letter = mail.message(
        subject(report),
        as_markdown(report),
        page(report, plot=False),
        sender=sender,
        to=to,
        name=f"crawl.{numbers}",
    )
    mail.send(letter, settings)
    return f"report sent to {', '.join(to)}"
