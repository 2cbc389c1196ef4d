"""The command line of other sources than arXiv: ``scmine crawl ids|crossref|folder|from|plugins``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from scmine.pipelines.cli_crawl import (
    DryRun,
    Every,
    Folder,
    Limit,
    NoRelevance,
    Once,
    Since,
    Threshold,
    Wait,
    crawl_command,
)
from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import Config, Db, QuietEnd, SummaryAsJson


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app`` of crawls."""
    app.command(no_args_is_help=True)(ids)
    app.command(no_args_is_help=True)(crossref)
    app.command(no_args_is_help=True)(folder)
    app.command(name="from", no_args_is_help=True)(from_plugin)
    app.command()(plugins)


def ids(
    list_file: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help="DOIs and arXiv identifiers in lines, CSV or BibTeX; - is standard input.",
        ),
    ],
    db: Db = None,
    dry_run: DryRun = False,
    limit: Limit = None,
    wait: Wait = False,
    folder: Folder = None,
    as_json: SummaryAsJson = False,
    quiet: QuietEnd = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Fetch the papers that a list names, and mine them.

    Identifiers may stand in any form that people paste: arXiv:2401.01234v2, addresses, doi:10…,
    cond-mat/0104321. Text of DOIs comes from arXiv, from plug-ins, from what the publisher names
    for text mining, or from free copies that Unpaywall knows. Lines that are not understood, and
    papers that nobody knows, end as failed, with the line's number.

    \b
    Examples:
      scmine crawl ids papers.txt
      scmine crawl ids references.bib --db sc.db --dry-run
      echo arXiv:cond-mat/0104321 | scmine crawl ids -

    \b
    Exit codes: 0 done, whatever became of single papers; 1 not finished; 2 wrong usage; 130
    interrupted.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.errors import CrawlError
        from scmine.pipelines.crawl.source_commands import ids_source, list_lines

        try:
            lines, called = list_lines(list_file)
        except CrawlError as error:
            usage_error(str(error))
        if not any(line.strip() for line in lines):
            usage_error(f"{called}: is empty")
        request = _request(dry_run, limit, wait, as_json, quiet) | {"relevance": False}
        crawl_command(
            lambda settings, web: [ids_source(settings, web, lines, called)],
            request,
            config,
            {"db": db, "crawl_folder": folder},
        )


def crossref(
    query: Annotated[
        str,
        typer.Option("--query", metavar="WORDS", help="Words that titles and authors have."),
    ],
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
    """Fetch articles of all publishers that words find in Crossref, and mine them.

    Only text that can be had: at arXiv, by plug-ins, by the publisher's links for text mining, or
    free copies. Retracted papers are marked.

    \b
    Examples:
      scmine crawl crossref --query "superconducting hydrides" --since 2024-01-01 --dry-run
      scmine crawl crossref --query superconductivity --db sc.db --every "0 5 * * 1"

    \b
    Exit codes: 0 done, whatever became of single papers; 1 not finished; 2 wrong usage; 130
    interrupted.
    """
    if not query.strip():
        usage_error("--query: name words to look for")
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.source_commands import crossref_source

        request = _request(dry_run, limit, wait, as_json, quiet) | {
            "since": None if since is None else since.date(),
            "relevance": not no_relevance,
            "every": None if once else every,
        }
        crawl_command(
            lambda settings, web: [crossref_source(settings, web, query)],
            request,
            config,
            {"db": db, "relevance_threshold": threshold, "crawl_folder": folder},
        )


def folder(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The folder, searched to the bottom.")
    ],
    db: Db = None,
    once: Once = False,
    every: Every = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and read files when they come or change.")
    ] = False,
    dry_run: DryRun = False,
    limit: Limit = None,
    wait: Wait = False,
    as_json: SummaryAsJson = False,
    quiet: QuietEnd = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Mine what is new or changed in a folder; the files stay where they lie.

    Also on network file systems. A file that is still being written is left for the next time. New
    content of a file is a new version of it: the claims of the old one become obsolete. Files that
    are moved or deleted are noted, their claims stay.

    \b
    Examples:
      scmine crawl folder papers/ --db sc.db
      scmine crawl folder /mnt/group/inbox --watch
      scmine crawl folder papers/ --every "*/30 * * * *"

    \b
    Exit codes: 0 done, whatever became of single papers; 1 not finished; 2 wrong usage; 130
    interrupted.
    """
    if sum((watch, every is not None, once)) > 1 or (watch and dry_run):
        usage_error("name one of --once, --every, --watch; --watch does not go with --dry-run")
    with clear_errors(debug=debug):
        if not path.is_dir():
            usage_error(f"{path} is no folder")
        request = _request(dry_run, limit, wait, as_json, quiet)
        request |= {"relevance": False, "every": every, "network": False}
        if watch:
            _watch(path, request | {"wait": True}, config, db)
        from scmine.pipelines.crawl.source_commands import folder_source

        crawl_command(
            lambda settings, web: [folder_source(settings, path)], request, config, {"db": db}
        )


def from_plugin(
    name: Annotated[str, typer.Argument(metavar="PLUGIN", help="The plug-in that is the source.")],
    query: Annotated[
        str, typer.Option("--query", metavar="WORDS", help="What the plug-in is to look for.")
    ] = "",
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
    """Fetch the papers of a source that a plug-in adds, and mine them.

    \b
    Examples:
      scmine crawl plugins
      scmine crawl from preprints --query superconductor --since 2024-01-01

    \b
    Exit codes: 0 done, whatever became of single papers; 1 not finished; 2 wrong usage; 130
    interrupted.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.plugins import plugin_source

        request = _request(dry_run, limit, wait, as_json, quiet) | {
            "since": None if since is None else since.date(),
            "relevance": not no_relevance,
            "every": None if once else every,
        }
        crawl_command(
            lambda settings, web: [plugin_source(name, settings, web, query)],
            request,
            config,
            {"db": db, "relevance_threshold": threshold, "crawl_folder": folder},
        )


def plugins(debug: Debug = False) -> None:
    """List the installed plug-ins of crawls.

    \b
    Examples:
      scmine crawl plugins

    \b
    Exit codes: 0 listed.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.crawl.source_commands import show_plugins

        show_plugins()


def _request(
    dry_run: bool, limit: int | None, wait: bool, as_json: bool, quiet: bool
) -> dict[str, Any]:
    """What all commands ask of a crawl."""
    return {
        "dry_run": dry_run,
        "limit": limit,
        "wait": wait,
        "as_json": as_json,
        "quiet": quiet,
    }


def _watch(path: Path, request: dict[str, Any], config: Path | None, db: str | None) -> None:
    """Watch a folder until it is interrupted; ends with the exit code."""
    from scmine.pipelines.crawl.command import CrawlRequest
    from scmine.pipelines.crawl.source_commands import watch_folder
    from scmine.pipelines.settings import load_settings

    raise typer.Exit(watch_folder(load_settings(config, db=db), path, CrawlRequest(**request)))
