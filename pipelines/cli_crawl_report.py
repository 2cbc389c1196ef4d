"""The command line of ``scmine crawl report``.

As in ``cli``, nothing is done here, and nothing is imported before the command is called.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import Config, Db

if TYPE_CHECKING:
    from scmine.pipelines.crawl.report_values import Report


class ReportFormat(StrEnum):
    """The forms of a report."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def register(crawl_app: typer.Typer) -> None:
    """Add the command to the group ``scmine crawl``."""
    crawl_app.command()(report)


def report(
    run: Annotated[
        list[int] | None,
        typer.Option(
            "--run", min=1, metavar="N", help="The number of a crawl; repeat. Default: the last."
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DATE",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
            help="All crawls that began on this day (UTC) or later, as one report.",
        ),
    ] = None,
    format: Annotated[
        ReportFormat,
        typer.Option("--format", "-f", metavar="markdown|html|json", help="The form."),
    ] = ReportFormat.MARKDOWN,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, else to the screen."),
    ] = None,
    send: Annotated[
        bool,
        typer.Option(
            "--send",
            help="Send it by e-mail, as the settings report_to and smtp_… say. Without --run and "
            "--since: all that waits to be sent, as one report, else the last.",
        ),
    ] = False,
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Report on crawls: new claims by Tc, new materials, what is odd, what failed.

    The report is made anew from the database, so what was corrected since a crawl is corrected in
    its report too. Which were sent or written before does not matter.

    \b
    Examples:
      scmine crawl report
      scmine crawl report --since 2026-11-20 -f html -o week.html
      scmine crawl report --run 12 --send

    \b
    Exit codes: 0 done; 1 there is no such crawl, or the report could not be written or sent;
    2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.database.crawl_mail import crawls_to_mail
        from scmine.database.store import open_database
        from scmine.pipelines.crawl.deliver import send_now
        from scmine.pipelines.crawl.report import report_of, report_since
        from scmine.pipelines.output import open_output
        from scmine.pipelines.settings import load_settings

        if run and since is not None:
            usage_error("--run and --since each say which crawls; give one of them")
        settings = load_settings(config, db=db)
        url, retries = settings.report_url or "", settings.crawl_retries
        with open_database(settings.db, create=False) as database:
            if since is not None:
                from datetime import UTC

                begin = since.replace(tzinfo=UTC)
                made = report_since(database, begin, base_url=url, retries=retries)
            else:
                runs = run or (crawls_to_mail(database) if send else [])
                made = report_of(database, runs, base_url=url, retries=retries)
            if send:
                print(f"scmine: {send_now(database, made, settings)}", file=sys.stderr)
        if not send or output is not None:
            with open_output(output) as stream:
                stream.write(_text(made, format).encode())


def _text(made: Report, form: ReportFormat) -> str:
    from scmine.pipelines.crawl.report_html import page
    from scmine.pipelines.crawl.report_markdown import as_markdown

    if form is ReportFormat.JSON:
        return json.dumps(made.to_json(), indent=2, ensure_ascii=False) + "\n"
    return page(made) if form is ReportFormat.HTML else as_markdown(made)
