"""``scmine serve``: the web pages of a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_options import Config, Db


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(serve)


def serve(
    db: Db = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="The port to listen on.")
    ] = 8000,
    papers: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR", help="A folder of papers that are not where they were read; repeatable."
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Browse and curate the database in a web browser."""
    import uvicorn

    from scmine.pipelines.cli_options import open_named
    from scmine.web.app import create_app
    from scmine.web.options import WebOptions

    with open_named(db, config) as database:
        options = WebOptions(host=host, port=port, papers=tuple(papers or ()))
        uvicorn.run(create_app(database, options), host=host, port=port, log_level="warning")
