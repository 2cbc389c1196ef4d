"""The command line of what comes in and goes out as a whole: ``backup``, ``restore``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors
from scmine.pipelines.cli_options import Config, Db, open_named

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.command(no_args_is_help=True)(backup)
    app.command(no_args_is_help=True)(restore)


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
