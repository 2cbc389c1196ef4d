"""Addresses that strangers name: which of them may be asked at all.

Records of Crossref and Unpaywall are written by many; none of them may lead a crawl to this
machine, its neighbours, or a file.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scmine.pipelines.crawl.errors import BrokenAnswerError, UnreachableError

if TYPE_CHECKING:  # settings check their addresses here
    from scmine.pipelines.settings_crawl import CrawlSettings

MAX_ADDRESS = 2000
"""Characters of an address."""

_PORTS = {None, 80, 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an address of IPv4 at its end


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


def check_address(url: str, *, resolve: bool = True) -> None:
    """Let an address pass that leads to a web server of the public Internet.

    Without ``resolve`` a name may lead anywhere: a proxy will look it up. With it, the connection
    still looks at where the name leads when it is asked (``connection``).

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
    parts = urlsplit(url)
    if parts.port not in _PORTS:
        raise BrokenAnswerError(f"{shown} leads to a port that papers do not come from")
    host = parts.hostname or ""
    if not all(is_public(ip) for ip in (_addresses(host) if resolve else _literal(host))):
        raise BrokenAnswerError(f"{shown} leads to no server of the public Internet")


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the public Internet, for a single machine.

    Addresses that carry one of IPv4 within are what that one is.

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("224.0.0.1")
    (True, False, False)
    >>> is_public("64:ff9b::a9fe:a9fe"), is_public("::ffff:10.0.0.1"), is_public("2002:a00:1::")
    (False, False, False)
    """
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return is_public(str(within))
    return address.is_global and not address.is_multicast


def _literal(host: str) -> list[str]:
    """A host that is an IP address; nothing if it is a name."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return []


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"{host[:200]}: its address is not known") from error
    return [str(entry[4][0]) for entry in found]
