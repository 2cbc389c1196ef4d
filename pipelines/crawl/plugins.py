"""Plug-ins: installed packages that offer full text, or that are sources of papers themselves.

A package names them as entry points. ``scmine.crawl_offers`` are called without arguments and give
an `OfferPlugin`; ``scmine.crawl_sources`` are called with settings, web and a text, and give a
`scmine.pipelines.crawl.source.Source`. ``docs/crawl.md`` has a whole example. Plug-ins are code
that the user has installed: they are trusted, but not to be without faults. A fault of one is told
by the plug-in's name and the kind of error alone, since its words might hold a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from scmine.pipelines.crawl.address import server_of
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Server
from scmine.pipelines.crawl.source import Source
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings_crawl import CrawlSettings

OFFERS, SOURCES = "scmine.crawl_offers", "scmine.crawl_sources"

MAX_OFFERS = 20
"""Offers of one plug-in for one paper."""

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,8000}[\x21-\x7e])?")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Tell = Callable[[str], None]
"""Told what is wrong with a plug-in."""


class PluginError(CrawlError):
    """A plug-in that cannot be used, or that failed."""


class OfferPlugin(Protocol):
    """What an entry point of ``scmine.crawl_offers`` gives when it is called."""

    hosts: Collection[str]
    """The servers that its offers lead to (``api.example.org``), and its headers go to."""

    def offers(self, paper: ListedPaper) -> Iterable[Offer]:
        """Where it knows the text of a paper; nothing for papers of others."""
        ...


@dataclass(frozen=True, slots=True)
class OffersPlugin:
    """A plug-in in use: what it offers is checked, and its faults end nothing but its offers."""

    name: str
    plugin: OfferPlugin
    tell: Tell

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """Its offers for a paper; a fault of its is told and ends them."""
        given = 0
        try:
            hosts = frozenset(host.lower() for host in self.plugin.hosts)
            for offer in self.plugin.offers(paper):
                problem = _problem(offer, hosts)
                given += 1
                if problem is not None or given > MAX_OFFERS:
                    self.tell(f"plug-in {self.name}: {problem or 'too many offers'}")
                    return
                yield replace(offer, server=Server.VOUCHED)
        except Exception as error:  # noqa: BLE001 - code of others, which may raise anything
            self.tell(f"plug-in {self.name}: {_fault(error)}")


def offer_plugins(tell: Tell) -> list[OffersPlugin]:
    """The installed plug-ins that offer text, by name; those that cannot be used are told."""
    found = []
    for entry in _entries(OFFERS):
        try:
            plugin = _called(entry)
            if not callable(getattr(plugin, "offers", None)) or not _are_hosts(plugin):
                raise PluginError(f"plug-in {entry.name}: gives no `hosts`, or has no `offers`")
        except PluginError as error:
            tell(str(error))
            continue
        found.append(OffersPlugin(entry.name, plugin, tell))
    return found


def source_names() -> list[str]:
    """The names of the installed plug-ins that are sources."""
    return [entry.name for entry in _entries(SOURCES)]


def offer_names() -> list[str]:
    """The names of the installed plug-ins that offer text."""
    return [entry.name for entry in _entries(OFFERS)]


def plugin_source(name: str, settings: CrawlSettings, web: Web, words: str) -> Source:
    """The source of an installed plug-in; ``words`` are what the user asks of it.

    Raises
    ------
    PluginError
        If there is none of this name, or it cannot be used.
    CrawlError
        If it says that it cannot do what is asked.
    """
    entry = next((entry for entry in _entries(SOURCES) if entry.name == name), None)
    if entry is None:
        known = ", ".join(source_names()) or "none is installed"
        raise PluginError(f"there is no plug-in {name[:60]!r} for a source; there are: {known}")
    source = _called(entry, settings, web, words)
    parts = ("pages", "offers")
    if not all(callable(getattr(source, part, None)) for part in parts) or not all(
        isinstance(getattr(source, part, None), str) for part in ("name", "query")
    ):
        raise PluginError(f"plug-in {name}: gives no source with name, query, pages and offers")
    if source.name in ("arxiv", "crossref", "folder", "list"):
        raise PluginError(f"plug-in {name}: its source has the name of another, {source.name!r}")
    return source


def _entries(group: str) -> list[EntryPoint]:
    found = {entry.name: entry for entry in sorted(entry_points(group=group), key=str)}
    return [found[name] for name in sorted(found)]


def _called(entry: EntryPoint, *arguments: object) -> Any:
    """What an entry point gives; its faults by the plug-in's name."""
    try:
        return entry.load()(*arguments)
    except CrawlError:
        raise
    except Exception as error:  # noqa: BLE001 - code of others, which may raise anything
        raise PluginError(f"plug-in {entry.name}: {_fault(error)}") from None


def _fault(error: BaseException) -> str:
    """The kind of an error, and where in the plug-in it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"


def _are_hosts(plugin: Any) -> bool:
    hosts = getattr(plugin, "hosts", None)
    if isinstance(hosts, str) or not isinstance(hosts, Collection):
        return False
    return bool(hosts) and all(isinstance(host, str) for host in hosts)


def _problem(offer: Offer, hosts: Collection[str]) -> str | None:
    """What is wrong with an offer, without a word of it that might be secret; None if nothing."""
    if not isinstance(offer, Offer) or not isinstance(offer.kind, FileKind):
        return "gives something that is no Offer"
    server = server_of(offer.url)
    if server is None:
        return "offers what is no address of a web server"
    if server not in hosts:
        return f"offers a file of {server[:100]!r}, which is none of its hosts"
    parts = urlsplit(offer.url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        return "offers a file without https"
    for name, value in offer.headers:
        if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
            return f"sends a header that cannot be sent: {name[:40]!r}"
    return None
