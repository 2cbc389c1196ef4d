"""``scmine serve``: the web pages of a database.

What it does lives in ``scmine.pipelines.serve``; nothing is imported before it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import Config, Db


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(serve)


def serve(
    db: Db = None,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="The address to listen on; any but a loopback address needs users. "
            "Default: 127.0.0.1.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            metavar="PORT",
            help="The port to listen on; 0 takes a free one. Default: 8000.",
        ),
    ] = None,
    papers: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR", help="A folder of papers that are not where they were read; repeatable."
        ),
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the pages in the browser of this machine.")
    ] = False,
    host_name: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A name of a host by which the pages may be called, besides localhost and this "
            "machine's own; repeatable.",
        ),
    ] = None,
    trusted_proxy: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="The address of a proxy whose X-Forwarded-For and X-Forwarded-Proto are "
            "believed (docs/serve.md). Default: none.",
        ),
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Print a line for each request.")] = False,
    get_scripts: Annotated[
        bool,
        typer.Option(
            "--get-scripts",
            help="Get the scripts of others that pages use, if the installation lacks them, by "
            "npm; serve nothing.",
        ),
    ] = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Browse and curate the database in a web browser, until Ctrl-C.

    Without users only this machine is served, and nobody has to log in: docs/serve.md.

    \b
    Examples:
      scmine serve
      scmine serve --db sc.db --papers ~/papers --open
      scmine serve --host 0.0.0.0 --host-name sc.example.org

    \b
    Exit codes: 0 ended by Ctrl-C; 1 the database cannot be opened or the port is in use; 2 wrong
    usage, an address other than loopback without users among it.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.serve import NeedsUsers, check_installed, fetch_scripts
        from scmine.pipelines.serve import serve as run
        from scmine.pipelines.settings import load_settings

        if get_scripts:
            fetch_scripts()
            return
        check_installed()
        settings = load_settings(config, db=db, web_host=host, web_port=port, web_names=host_name)
        try:
            run(
                settings,
                papers=papers or (),
                trusted_proxy=trusted_proxy,
                open_browser=open_browser,
                log=log,
            )
        except NeedsUsers as error:
            usage_error(str(error))
