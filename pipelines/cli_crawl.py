"""The command line of crawls: ``scmine crawl arxiv|status|retry``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called. Other
modules add commands to `crawl_app`, with the options that stand here.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import AsJson, Config, Db, QuietEnd, SummaryAsJson, open_named

crawl_app = typer.Typer(
    help="Fetch new and changed papers from arXiv and other sources, and mine them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Since = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Changes from this day on. What is complete already is not listed again. Default: "
        "from the end of the last complete listing, else a week back.",
    ),
]
Once = Annotated[
    bool, typer.Option("--once", help="Crawl once and end, as cron and systemd want (default).")
]
Every = Annotated[
    str | None,
    typer.Option(
        metavar="CRON",
        help='Stay and crawl at these times, local time: "0 6 * * *" is each morning at six.',
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say what would be fetched; fetch nothing, write nothing."),
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Fetch at most N papers.")]
Threshold = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="X",
        help="Do not fetch papers whose title and abstract score less. Default: the model's own.",
    ),
]
NoRelevance = Annotated[
    bool, typer.Option("--no-relevance", help="Fetch whatever is listed, without a score.")
]
Wait = Annotated[
    bool, typer.Option("--wait", help="Wait for another crawl of the source on this database.")
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", metavar="DIR", help="The folder for fetched papers. Default: crawled."
    ),
]


@crawl_app.command(no_args_is_help=True)
def arxiv(
    category: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A category, as cond-mat.supr-con; may be repeated."),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help='A query in arXiv\'s language, as ti:hydride AND abs:"high pressure".',
        ),
    ] = None,
    since: Since = None,
    db: Db = None,
    once: Once = False,
    every: Every = None,
    dry_run: DryRun = False,
    limit: Limit = None,
    threshold: Threshold = None,
    no_relevance: NoRelevance = False,
    wait: Wait = False,
    folder: Folder = None,
    as_json: SummaryAsJson = False,
    quiet: QuietEnd = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Fetch new and changed papers of arXiv, and mine them.

    One request in three seconds, under your name. Papers are judged by title and abstract before
    they are fetched. What was done is saved at once: after Ctrl-C, or even a kill, the same
    command goes on where it was. New versions take the place of older ones, whose records become
    obsolete; withdrawn papers are marked.

    \b
    Examples:
      scmine crawl arxiv --category cond-mat.supr-con --dry-run
      scmine crawl arxiv --category cond-mat.supr-con --since 2024-01-01 --db sc.db
      scmine crawl arxiv --category cond-mat.supr-con --db sc.db --every "0 6 * * *"
      scmine crawl arxiv --query 'abs:superhydride' --since 2024-01-01 --no-relevance
      scmine crawl arxiv --category cond-mat.supr-con --category cond-mat.mtrl-sci --limit 100

    \b
    Exit codes: 0 done, whatever became of single papers and of the report; 1 not finished: refused,
    out of reach, a category that arXiv does not know, or another crawl is running; 2 wrong usage;
    130 interrupted.
    """
    if not category and not query:
        usage_error("name what to crawl: --category cond-mat.supr-con, or --query")
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.arxiv import ArxivSource
        from scmine.pipelines.crawl.arxiv_names import current
        from scmine.pipelines.crawl.errors import CrawlError

        for name in category or ():
            try:
                current(name)
            except CrawlError as error:
                usage_error(f"--category: {error}")
        names: list[str | None] = [*(category or ())] or [None]
        crawl_command(
            lambda settings, web: [ArxivSource(settings, web, name, query) for name in names],
            {
                "since": None if since is None else since.date(),
                "limit": limit,
                "dry_run": dry_run,
                "relevance": not no_relevance,
                "wait": wait,
                "every": None if once else every,
                "as_json": as_json,
                "quiet": quiet,
            },
            config,
            {"db": db, "relevance_threshold": threshold, "crawl_folder": folder},
        )


def crawl_command(
    make_sources: Any, request: dict[str, Any], config: Path | None, settings: dict[str, Any]
) -> None:
    """Crawl and end with the exit code; for commands, within `clear_errors`.

    ``request`` has the fields of `scmine.pipelines.crawl.command.CrawlRequest`, ``settings`` those
    settings that options have given (None: not given).
    """
    from scmine.pipelines.crawl.command import CrawlRequest, run_crawl
    from scmine.pipelines.crawl.schedule import ScheduleError
    from scmine.pipelines.settings import load_settings

    wanted = CrawlRequest(**request)
    if wanted.every is not None and wanted.dry_run:
        usage_error("--dry-run goes with one crawl, not with --every")
    try:
        code = run_crawl(make_sources, load_settings(config, **settings), wanted)
    except ScheduleError as error:
        usage_error(f"--every: {error}")
    raise typer.Exit(code)


@crawl_app.command()
def status(
    db: Db = None,
    all_problems: Annotated[
        bool, typer.Option("--all", help="List each paper that could not be fetched or read.")
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show what was listed, fetched, read, what failed and waits, and the last crawls.

    \b
    Examples:
      scmine crawl status
      scmine crawl status --db sc.db --all
      scmine crawl status --json

    \b
    Exit codes: 0 shown; 1 the database cannot be read; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.status import show_status

        with open_named(db, config) as database:
            show_status(database, as_json=as_json, all_problems=all_problems)


@crawl_app.command()
def retry(
    db: Db = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Papers of this source only, as arxiv."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, metavar="X", help="Also papers that were skipped and score X or more."
        ),
    ] = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Let the next crawl fetch again what failed or was given up.

    What was fetched and could not be read, scmine ingest --retry tries again.

    \b
    Examples:
      scmine crawl retry
      scmine crawl retry --source arxiv --threshold 0.2 --db sc.db

    \b
    Exit codes: 0 done; 1 the database cannot be written; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.status import let_retry

        with open_named(db, config) as database:
            print(let_retry(database, source, threshold))
