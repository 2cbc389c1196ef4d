"""The command line of what comes in and goes out as a whole: ``import``, ``backup``, ``restore``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import Config, Db, Quiet, SummaryAsJson, open_named


class ImportFormatName(StrEnum):
    """The formats of an import."""

    AUTO = "auto"
    SUPERCON2 = "supercon2"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.command(name="import", no_args_is_help=True)(import_files)
    app.command(no_args_is_help=True)(backup)
    app.command(no_args_is_help=True)(restore)


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            readable=False,
            help="Exports of scmine (CSV, JSON lines, Parquet) and CSV of SuperCon².",
        ),
    ],
    db: Db = None,
    format: Annotated[
        ImportFormatName,
        typer.Option(
            "--format",
            "-f",
            metavar="auto|supercon2|csv|jsonl|parquet",
            help="The format of the files; auto tells it from the beginning of each.",
        ),
    ] = ImportFormatName.AUTO,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="OUT",
            help="Write each row that is new, changed or refused to OUT (.csv or .json), with its "
            "line, and the reason or the values before and after.",
        ),
    ] = None,
    as_json: SummaryAsJson = False,
    quiet: Quiet = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Add records from files to the database, and change those that it has.

    Rows are known by their record_id. What changes becomes a revision; what a person has changed
    since is not overwritten, its row is refused as a conflict. A cell that cannot be read refuses
    its row, with the reason. The same file can be imported again and changes nothing more; an
    import that was stopped goes on that way.

    \b
    Examples:
      scmine import records.csv --dry-run
      scmine import records.csv --report refused.csv
      scmine import records.parquet more.jsonl --db sc.db
      scmine import supercon2_v22.12.03.csv --db supercon2.db

    \b
    Exit codes: 0 all rows are in the database, or would be; 1 rows were refused, or a file or the
    database cannot be read; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.import_files import Request, run_import
        from scmine.pipelines.import_report import ReportNameError, print_import, summary_json

        request = Request(
            files,
            None if format is ImportFormatName.AUTO else format.value,
            dry_run,
            report,
            quiet or as_json,
        )
        with open_named(db, config, create=not dry_run) as database:
            try:
                summary, first = run_import(database, request)
            except ReportNameError as error:
                usage_error(str(error))
            if as_json:
                print(json.dumps(summary_json(summary), indent=2, ensure_ascii=False))
            elif not quiet:
                print_import(summary, first, database.where, report)
        if summary.refused:
            raise typer.Exit(EXIT_FAILED)


def backup(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file to write, such as scmine-backup.zip; only its owner can read it.",
        ),
    ],
    db: Db = None,
    quiet: Quiet = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Write all that the database holds to one file, from which restore makes it again.

    The database may be in use: the backup is its state at one moment. A backup of a SQLite file
    can be restored to PostgreSQL and the other way round. It holds users with the hashes of their
    passwords, but not who is logged in.

    \b
    Examples:
      scmine backup -o scmine-backup.zip
      scmine backup --db postgresql://me@host/sc -o /backups/sc.zip

    \b
    Exit codes: 0 written; 1 the database cannot be read or the file cannot be written; 2 wrong
    usage.
    """
    with clear_errors(debug=debug):
        from scmine.database.backup import back_up
        from scmine.pipelines.references import shown_progress

        with open_named(db, config) as database:
            with shown_progress(quiet=quiet) as told:
                manifest = back_up(
                    database,
                    output,
                    None if told is None else lambda done, total: told("rows", done, total),
                )
            if not quiet:
                print(f"{database.where}: {manifest.rows} rows in {output}", file=sys.stderr)


def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", readable=False, help="A backup made by scmine backup."),
    ],
    db: Db = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Where the file named by --db is there already, keep it under another name "
            "beside the new one. Nobody may have it open.",
        ),
    ] = False,
    quiet: Quiet = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Make a database from a backup; nothing that is there is written over.

    DB is a file that is not there yet, or a PostgreSQL database without rows of scmine. The
    backup is checked to the last byte before the database appears. One of an older scmine is
    brought to today's tables.

    \b
    Examples:
      scmine restore scmine-backup.zip --db restored.db
      scmine restore scmine-backup.zip --db postgresql://me@host/new
      scmine restore scmine-backup.zip --replace

    \b
    Exit codes: 0 restored; 1 the backup is damaged, the database is there already or cannot be
    written; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.database.restore import restore as put_back
        from scmine.pipelines.references import shown_progress
        from scmine.pipelines.settings import load_settings

        target = load_settings(config, db=db).db
        with shown_progress(quiet=quiet) as told:
            done = put_back(
                file,
                target,
                replace=replace,
                progress=None if told is None else lambda n, total: told("rows", n, total),
            )
        if not quiet:
            made = f"{done.manifest.made:%Y-%m-%d %H:%M} UTC"
            print(f"{done.where}: {done.manifest.rows} rows, of {made}", file=sys.stderr)
            if done.kept is not None:
                print(f"the file that was there is now {done.kept}", file=sys.stderr)
