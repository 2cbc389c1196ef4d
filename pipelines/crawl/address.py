"""Addresses that strangers name: which of them may be asked at all.

Records of Crossref and Unpaywall are written by many; none of them may lead a crawl to this
machine, its neighbours, or a file.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from scmine.pipelines.crawl.errors import BrokenAnswerError, UnreachableError
from scmine.pipelines.settings_crawl import CrawlSettings

MAX_ADDRESS = 2000
"""Characters of an address."""

_PORTS = {None, 80, 443}


def server_of(url: str) -> str | None:
    """Host and port of an address of the web, in small letters; None if it is none.

    >>> server_of("https://API.crossref.org/works"), server_of("http://[::1]:81/"), server_of("/x")
    ('api.crossref.org', '::1:81', None)
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    return f"{host.lower()}:{port}" if port else host.lower()


def own_servers(settings: CrawlSettings) -> set[str]:
    """The servers that the settings name: they may be on this machine."""
    urls = (settings.crossref_url, settings.unpaywall_url, settings.arxiv_files_url)
    return {server for url in urls if (server := server_of(url)) is not None}


def check_address(url: str, own: Collection[str] = ()) -> None:
    """Let an address pass that leads to a web server of the public Internet, or to one of ``own``.

    The web still turns down redirects from there to elsewhere.

    Raises
    ------
    BrokenAnswerError
        If it leads anywhere else, or is no address.
    UnreachableError
        If its host has no address of the Internet now.
    """
    shown = repr(url[:200])
    server = server_of(url)
    if server is None or len(url) > MAX_ADDRESS or not url.isprintable():
        raise BrokenAnswerError(f"{shown} is no address of a web server")
    if server in own:
        return
    parts = urlsplit(url)
    if parts.port not in _PORTS:
        raise BrokenAnswerError(f"{shown} leads to a port that papers do not come from")
    if not all(ipaddress.ip_address(ip).is_global for ip in _addresses(parts.hostname or "")):
        raise BrokenAnswerError(f"{shown} leads to no server of the public Internet")


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"{host[:200]}: its address is not known") from error
    return [str(entry[4][0]).partition("%")[0] for entry in found]
