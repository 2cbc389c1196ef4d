"""Requests of a crawl: named, paced, repeated with patience, bounded, and stopped by a refusal.

How the pace is kept between processes lives in ``pace``, one request in ``connection``, what has
come of a file in ``part``.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from platformdirs import user_state_path
from requests.cookies import RequestsCookieJar

from scmine.pipelines.crawl.address import check_address, server_of
from scmine.pipelines.crawl.clock import Clock, SystemClock
from scmine.pipelines.crawl.connection import PassingError, Reply, asked, is_proxied
from scmine.pipelines.crawl.contact import contact_of
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    NotThereError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.pace import Pace, Turn
from scmine.pipelines.crawl.part import PartFile
from scmine.pipelines.crawl.web import Answer, Download
from scmine.pipelines.settings import Settings

MAX_ANSWER_MB = 64
MIN_INTERVAL_S = 3.0
"""arXiv's terms of use: one request in three seconds, https://info.arxiv.org/help/api/tou.html."""
REFUSED_S = 3600.0
"""How long nothing is asked of a server that refused without saying for how long."""
ANSWER_S = 300.0
"""How long one request may take from its connection to the end of an answer."""
FILE_S = 1800.0
"""The same for a file; where the server goes on there, what has come until then is not lost."""
_FIRST_WAIT_S = 5.0
_REDIRECTS = 5
_MB = 1 << 20
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_SITES = ("arxiv.org", "crossref.org", "unpaywall.org")
_PORTS = {"http": 80, "https": 443}

Result = TypeVar("Result")


def _no_headers() -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class _Wish(Generic[Result]):
    """What is asked for: where, for how long, and how its answer is read.

    ``headers`` are for the server of ``url`` alone, ``more`` are those of each try.
    """

    url: str
    headers: dict[str, str]
    read: Callable[[Reply], Result]
    within_s: float
    more: Callable[[], dict[str, str]] = _no_headers
    public: bool = False


class PoliteWeb:
    """The `scmine.pipelines.crawl.web.Web` of all crawls.

    Parameters
    ----------
    settings
        The contact, the interval, how often and how long to wait, sizes.
    clock
        What tells the time and waits.
    folder
        Where the pace is kept; None is the user's folder of states.
    answer_s, file_s
        How long one request for an answer, or for a file, may take.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        folder: Path | None = None,
        *,
        answer_s: float = ANSWER_S,
        file_s: float = FILE_S,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._folder = folder or user_state_path("scmine") / "pace"
        self._answer_s = answer_s
        self._file_s = file_s
        name = f"scmine/{version('scmine')} ({contact_of(settings)})"
        self._headers = {"User-Agent": name, "Accept-Encoding": "identity"}

    def get(
        self,
        url: str,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask for something of at most `MAX_ANSWER_MB`."""

        def read(reply: Reply) -> Answer:
            body = b"".join(reply.chunks(MAX_ANSWER_MB * _MB))
            return Answer(reply.url, reply.media_type, body)

        return self._patiently(_Wish(_whole(url, params), headers or {}, read, self._answer_s))

    def download(
        self, url: str, to: Path, headers: dict[str, str] | None = None, *, public: bool = False
    ) -> Download:
        """Fetch a file of at most ``crawl_max_file_MB`` to ``to``; see `Web.download`."""
        with PartFile(to, self._settings.crawl_max_file_MB * _MB) as part:
            given = headers or {}
            self._patiently(_Wish(url, given, part.take, self._file_s, part.headers, public))
            return Download(to, part.media_type, part.keep())

    def _patiently(self, wish: _Wish[Result]) -> Result:
        """Try until it works, the tries are used up, or the server refuses."""
        tries = self._settings.crawl_tries
        for tried in range(1, tries + 1):
            try:
                return self._follow(wish, last=tried == tries)
            except PassingError as error:
                if tried == tries:
                    raise UnreachableError(f"{wish.url}: {error}, after {tried} tries") from error
                most_s = self._settings.crawl_max_wait_s
                backed_off = back_off_s(tried, most_s, random.random())
                self._clock.sleep(max(backed_off, error.wait_s or 0.0))
        raise AssertionError("every try returns or raises")

    def _follow(self, wish: _Wish[Result], *, last: bool) -> Result:
        """One request and the redirects behind it, which stay with the server's site."""
        here, cookies = wish.url, RequestsCookieJar()
        more = wish.more()
        for _ in range(_REDIRECTS + 1):
            if server_of(here) is None:
                raise BrokenAnswerError(f"{here[:200]!r} is no address of a web server")
            if wish.public:
                check_address(here, resolve=not is_proxied(here))
            # Keys are for the server they were given for, not for others of its site.
            keys = wish.headers if server_of(here) == server_of(wish.url) else {}
            headers = keys | self._headers | more
            within_s, public = wish.within_s, wish.public
            with (
                self._pace(here).turn() as turn,
                asked(here, headers, cookies, within_s, public=public) as reply,
            ):
                turn.asked()
                self._check(reply, here, turn, last=last, part="Range" in more)
                if reply.status not in _MOVED:
                    return wish.read(reply)
                here = _there(wish.url, here, reply)
        raise BrokenAnswerError(f"{wish.url}: redirects without end")

    def _check(self, reply: Reply, url: str, turn: Turn, *, last: bool, part: bool) -> None:
        """Raise for an answer that is not what was asked for; ``part`` of a file may come."""
        status, words = reply.status, f"{reply.status} {reply.reason}".strip()
        if status in _GONE:
            raise NotThereError(f"{url}: {words}")
        wait_s = retry_after_s(reply.headers.get("Retry-After", ""), self._clock)
        if status in (401, 403):
            turn.refuse(max(REFUSED_S, wait_s or 0.0))
            raise RefusedError(f"{url}: {words}")
        if status in _PASSING:
            if wait_s is not None and wait_s > self._settings.crawl_max_wait_s:
                turn.refuse(wait_s)
                raise RefusedError(f"{url}: {words}; it asks to wait {wait_s:.0f} s")
            if status == 429 and last:
                turn.refuse(REFUSED_S)
                tries = self._settings.crawl_tries
                raise RefusedError(f"{url}: {words}, after {tries} tries")
            turn.wait(wait_s or 0.0)
            raise PassingError(words, wait_s)
        expected = (200, 206, 416) if part else (200,)
        if status not in expected and status not in _MOVED:
            raise BrokenAnswerError(f"{url}: {words}")

    def _pace(self, url: str) -> Pace:
        """The pace of a server; faster than 3 s only on this machine itself."""
        interval_s = self._settings.crawl_interval_s
        if not is_loopback(urlsplit(url).hostname or ""):
            interval_s = max(MIN_INTERVAL_S, interval_s)
        return Pace(self._folder, _site(url), interval_s, self._clock)


def _whole(url: str, params: dict[str, str] | None) -> str:
    """An address with its parameters."""
    try:
        return requests.Request("GET", url, params=params).prepare().url or url
    except ValueError as error:  # all of the library's errors for addresses are
        raise BrokenAnswerError(f"{url[:200]!r} is no address of a web server") from error


def _there(first: str, here: str, reply: Reply) -> str:
    """Where a redirect leads, which stays with the server's site."""
    location = reply.headers.get("Location", "").strip()
    if not location:
        raise BrokenAnswerError(f"{first}: a redirect to nowhere")
    try:
        there = urljoin(here, location)
    except ValueError:
        there = ""
    if server_of(there) is None:
        raise BrokenAnswerError(f"{first}: sends us to what is no address: {location[:200]!r}")
    # What goes with a request, keys of plug-ins too, must not leave in the clear.
    schemes = ("https",) if urlsplit(here).scheme == "https" else ("http", "https")
    if _site(there) != _site(first) or urlsplit(there).scheme not in schemes:
        raise BrokenAnswerError(f"{first}: sends us to another server: {there[:200]!r}")
    return there


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its own name.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("arxiv.org")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _site(url: str) -> str:
    """The server of an address, or the group of servers that keep one pace."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    for site in _SITES:
        if host == site or host.endswith(f".{site}"):
            return site
    usual = parts.port in (None, _PORTS.get(parts.scheme))
    return host if usual else f"{host}:{parts.port}"


def back_off_s(tried: int, most_s: float, chance: float) -> float:
    """Seconds to wait after so many tries: doubled each time, spread by ``chance``, bounded.

    >>> back_off_s(1, 900.0, 0.0), back_off_s(3, 900.0, 1.0), back_off_s(20, 900.0, 0.5)
    (5.0, 30.0, 900.0)
    """
    return min(most_s, _FIRST_WAIT_S * 2.0 ** min(tried - 1, 30) * (1 + chance / 2))


def retry_after_s(value: str, clock: Clock) -> float | None:
    """Seconds that ``Retry-After`` asks for, in either of its forms; None if it says nothing.

    RFC 9110, 10.2.3.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text.lstrip("0")[:9] or 0)
    try:
        return max(0.0, (parsedate_to_datetime(text) - clock.now()).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
