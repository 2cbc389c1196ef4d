"""Options that several commands take, and the database that they name.

What a single command takes stands with it. Nothing is imported before a command is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scmine.database.store import Database

Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="DB",
        help="A SQLite file or a SQLAlchemy URL (postgresql://…). Default: scmine.db.",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="A settings file. Default: scmine.toml in this folder, if there is one.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, nothing else.")]
SummaryAsJson = Annotated[
    bool, typer.Option("--json", help="Print the summary as one JSON object, nothing else.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
QuietEnd = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no summary.")]


def open_named(db: str | None, config: Path | None, *, create: bool = False) -> Database:
    """The database that the options name; it has to be there unless ``create``."""
    from scmine.database.store import open_database
    from scmine.pipelines.settings import load_settings

    return open_database(load_settings(config, db=db).db, create=create)
