"""Serving the web pages of a database from this process, until it is interrupted.

What the pages are lives in ``scmine.web``, what the command takes in ``cli_serve``.
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scmine.database.errors import DatabaseError
from scmine.database.store import Database, open_database

if TYPE_CHECKING:
    from scmine.pipelines.settings import Settings
    from scmine.web.options import WebOptions

PACKAGES = ("argon2", "fastapi", "jinja2", "python_multipart", "uvicorn")
"""What the extra ``[web]`` brings, by the names of the modules."""

SHUTDOWN_S = 5
"""How long answers under way may take once the server is to end."""


WAIT_S = 8.0
"""How long a page waits for another program that writes to the database; people give up then."""


class ServeError(DatabaseError):
    """The pages cannot be served; the message says why and what to do."""


class NeedsUsers(ServeError):
    """An address that others can reach, and a database without users."""


def check_installed() -> None:
    """Raise a `ServeError` if what pages need is not installed."""
    absent = [name for name in PACKAGES if not _is_installed(name)]
    if absent:
        raise ServeError(
            f"web pages need more packages ({', '.join(absent)}); "
            "install them with: pip install 'scmine[web]'"
        )


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # barred from being imported
        return False


def fetch_scripts() -> None:
    """Get the scripts of others into this installation, and say so."""
    from scmine.web.scripts import VENDOR, ScriptsError, complete, get_scripts

    if complete():
        print(f"all scripts are in {VENDOR} already")
        return
    try:
        get_scripts()
    except ScriptsError as error:
        raise ServeError(str(error)) from error
    print(f"the scripts are in {VENDOR}")


def serve(
    settings: Settings,
    *,
    papers: Sequence[Path] = (),
    trusted_proxy: str | None = None,
    open_browser: bool = False,
    log: bool = False,
) -> None:
    """Serve the database that ``settings`` name, until Ctrl-C.

    Parameters
    ----------
    papers
        Folders in which papers are looked for that are not where they were read.
    trusted_proxy
        The address of a proxy that says for whom it asks.
    open_browser
        Open the first page in this machine's browser.
    log
        Print a line for each request.

    Raises
    ------
    NeedsUsers
        The address can be reached from elsewhere, and there are no users.
    ServeError
        The address or the port cannot be taken, or a folder of papers is not there.
    """
    for folder in papers:
        if not folder.is_dir():
            raise ServeError(f"{folder}: there is no such folder")
    with open_database(settings.db, create=False, wait_s=WAIT_S) as database:
        _check_users(database, settings.web_host)
        with bound(settings.web_host, settings.web_port) as listening:
            options = _options(settings, listening.getsockname()[1], papers)
            _say_start(database, options)
            _run(database, options, listening, trusted_proxy, open_browser, log)
    print("scmine: ended")


def _check_users(database: Database, host: str) -> None:
    from scmine.database.users import Users

    if not is_loopback(host) and not Users(database).any():
        raise NeedsUsers(
            f"{host} can be reached from other machines, and {database.where} has no users; make "
            f"one first: scmine users add NAME --db {database.where}"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address or name.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)

    Raises
    ------
    ServeError
        The name is not known.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ServeError(f"{host} is no address of this machine: {error.strerror}") from error
    return all(ipaddress.ip_address(address[4][0]).is_loopback for address in found)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens on an address of this machine.

    Raises
    ------
    ServeError
        The port is in use, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port {port} is in use, maybe by another scmine; take another: "
                f"--port {port + 1}, or --port 0 for any that is free"
            ) from error
        if error.errno == errno.EACCES:
            raise ServeError(f"port {port} is for administrators; take one from 1024 on") from error
        raise ServeError(f"{host}, port {port}: {error.strerror}") from error


def _options(settings: Settings, port: int, papers: Sequence[Path]) -> WebOptions:
    from scmine.web.options import WebOptions

    return WebOptions(
        host=settings.web_host,
        port=port,
        papers=tuple(papers),
        names=tuple(settings.web_names),
        session_idle_h=settings.web_session_idle_h,
        session_h=settings.web_session_h,
        login_attempts=settings.web_login_attempts,
        max_body_MB=settings.web_max_body_MB,
    )


def url_of(options: WebOptions) -> str:
    """Where the pages are, as a browser on this machine is told.

    >>> from scmine.web.options import WebOptions
    >>> url_of(WebOptions(host="::1", port=8001)), url_of(WebOptions(host="0.0.0.0"))
    ('http://[::1]:8001/', 'http://127.0.0.1:8000/')
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{options.port}/"


def _say_start(database: Database, options: WebOptions) -> None:
    """One line with the address, and what is missing."""
    from scmine.web.scripts import missing

    print(f"scmine serves {database.where} at {url_of(options)} (Ctrl-C ends it)", flush=True)
    absent = missing()
    if absent:
        uses = ", ".join(f"{package.use} ({package.name})" for package in absent)
        print(
            f"scmine: scripts of others are missing, for: {uses}. "
            "`scmine serve --get-scripts` gets them.",
            file=sys.stderr,
        )


def _run(
    database: Database,
    options: WebOptions,
    listening: socket.socket,
    trusted_proxy: str | None,
    open_browser: bool,
    log: bool,
) -> None:
    import webbrowser

    import uvicorn

    from scmine.web.app import create_app

    # A fault is logged with its id by scmine.web; the server would log it a second time.
    logging.getLogger("uvicorn.error").addFilter(_is_no_fault)
    config = uvicorn.Config(
        create_app(database, options),
        log_level="info" if log else "warning",
        access_log=log,
        proxy_headers=trusted_proxy is not None,
        forwarded_allow_ips=trusted_proxy or "",
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    if open_browser:
        webbrowser.open(url_of(options))  # the socket listens already, so the browser waits
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return


def _is_no_fault(entry: logging.LogRecord) -> bool:
    return "Exception in ASGI application" not in entry.getMessage()
