"""Requests of a crawl: named, paced, repeated with patience, bounded, and stopped by a refusal.

How the pace is kept between processes lives in ``pace``.
"""

from __future__ import annotations

import ipaddress
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from platformdirs import user_state_path
from urllib3.exceptions import HTTPError

from scmine.pipelines.crawl.clock import Clock, SystemClock
from scmine.pipelines.crawl.contact import contact_of
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    CrawlError,
    NotThereError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.pace import Pace
from scmine.pipelines.crawl.web import Answer, Download
from scmine.pipelines.settings import Settings

MAX_ANSWER_MB = 64
MIN_INTERVAL_S = 3.0
"""arXiv's terms of use: one request in three seconds, https://info.arxiv.org/help/api/tou.html."""
REFUSED_S = 3600.0
"""How long nothing is asked of a server that refused without saying for how long."""
_TIMEOUT_S = (20.0, 60.0)
_FIRST_WAIT_S = 5.0
_REDIRECTS = 5
_CHUNK = 1 << 16
_MB = 1 << 20
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_SITES = ("arxiv.org", "crossref.org", "unpaywall.org")

Result = TypeVar("Result")
Read = Callable[[requests.Response], Result]


class _PassingError(Exception):
    """A failure that may not hold another time; ``wait_s`` is what the server asked for."""

    def __init__(self, reason: str, wait_s: float | None = None, status: int | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
        self.status = status


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
    """

    def __init__(
        self, settings: Settings, clock: Clock | None = None, folder: Path | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._folder = folder or user_state_path("scmine") / "pace"
        self._session = requests.Session()
        name = f"scmine/{version('scmine')} ({contact_of(settings)})"
        self._session.headers.update({"User-Agent": name, "Accept-Encoding": "identity"})

    def get(
        self,
        url: str,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask for something of at most `MAX_ANSWER_MB`."""
        whole = requests.Request("GET", url, params=params).prepare().url or url

        def read(response: requests.Response) -> Answer:
            body = b"".join(_chunks(response, MAX_ANSWER_MB * _MB))
            return Answer(response.url, media_type(response), body)

        return self._patiently(whole, headers or {}, read)

    def download(self, url: str, to: Path, headers: dict[str, str] | None = None) -> Download:
        """Fetch a file of at most ``crawl_max_file_MB`` to ``to``."""
        part = to.with_name(f"{to.name}.part")

        def read(response: requests.Response) -> Download:
            size = 0
            with part.open("wb") as stream:
                for chunk in _chunks(response, self._settings.crawl_max_file_MB * _MB):
                    stream.write(chunk)
                    size += len(chunk)
                stream.flush()
                os.fsync(stream.fileno())
            return Download(to, media_type(response), size)

        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            came = self._patiently(url, headers or {}, read)
            part.replace(to)
        except OSError as error:
            raise CrawlError(f"{to}: cannot be written: {error.strerror or error}") from error
        finally:
            part.unlink(missing_ok=True)
        return came

    def _patiently(self, url: str, headers: dict[str, str], read: Read[Result]) -> Result:
        """Try until it works, the tries are used up, or the server refuses."""
        settings = self._settings
        for tried in range(1, settings.crawl_tries + 1):
            try:
                return self._follow(url, headers, read)
            except _PassingError as error:
                wait_s = error.wait_s
                if wait_s is not None and wait_s > settings.crawl_max_wait_s:
                    self._pace(url).refused(wait_s)
                    raise RefusedError(f"{url}: {error}; it asks to wait {wait_s:.0f} s") from error
                if tried == settings.crawl_tries:
                    if error.status == 429:
                        self._pace(url).refused(REFUSED_S)
                        raise RefusedError(f"{url}: {error}, after {tried} tries") from error
                    raise UnreachableError(f"{url}: {error}, after {tried} tries") from error
                backed_off = back_off_s(tried, settings.crawl_max_wait_s, random.random())
                self._clock.sleep(max(backed_off, wait_s or 0.0))
        raise AssertionError("every try returns or raises")

    def _follow(self, url: str, headers: dict[str, str], read: Read[Result]) -> Result:
        """One request and the redirects behind it, which stay with the server's site."""
        here = url
        for _ in range(_REDIRECTS + 1):
            with self._asked(here, headers) as response:
                if response.status_code not in _MOVED:
                    return read(response)
                there = urljoin(here, response.headers.get("Location", ""))
                # What goes with a request, keys of plug-ins too, must not leave in the clear.
                schemes = ("https",) if urlsplit(here).scheme == "https" else ("http", "https")
                if _site(there) != _site(url) or urlsplit(there).scheme not in schemes:
                    raise BrokenAnswerError(f"{url}: sends us to another server: {there[:200]}")
                here = there
        raise BrokenAnswerError(f"{url}: redirects without end")

    @contextmanager
    def _asked(self, url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        """An answer that may be read; its failures by their names."""
        pace = self._pace(url)
        with pace.turn():
            try:
                with self._session.get(
                    url, headers=headers, stream=True, allow_redirects=False, timeout=_TIMEOUT_S
                ) as response:
                    self._check(response, url, pace)
                    yield response
            except requests.exceptions.SSLError as error:
                raise UnreachableError(f"{url}: the connection is not safe: {error}") from error
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
                raise BrokenAnswerError(f"{url}: no address of a server") from error
            except (requests.RequestException, HTTPError) as error:
                raise _PassingError(type(error).__name__) from error

    def _check(self, response: requests.Response, url: str, pace: Pace) -> None:
        """Raise for an answer that is not what was asked for."""
        status = response.status_code
        if status in _GONE:
            raise NotThereError(f"{url}: {status} {response.reason}")
        if status in _PASSING:
            wait_s = retry_after_s(response.headers.get("Retry-After", ""), self._clock)
            raise _PassingError(f"{status} {response.reason}", wait_s, status)
        if status in (401, 403):
            pace.refused(REFUSED_S)
            raise RefusedError(f"{url}: {status} {response.reason}")
        if status != 200 and status not in _MOVED:
            raise BrokenAnswerError(f"{url}: {status} {response.reason}")

    def _pace(self, url: str) -> Pace:
        """The pace of a server; faster than 3 s only on this machine itself."""
        interval_s = self._settings.crawl_interval_s
        if not is_loopback(urlsplit(url).hostname or ""):
            interval_s = max(MIN_INTERVAL_S, interval_s)
        return Pace(self._folder, _site(url), interval_s, self._clock)


def _chunks(response: requests.Response, most: int) -> Iterator[bytes]:
    """The body in pieces, whole and bounded; packed as it came, since sources are archives."""
    size = 0
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        size += len(chunk)
        if size > most:
            raise BrokenAnswerError(f"{response.url}: larger than {most // _MB} MB")
        yield chunk
    told = response.headers.get("Content-Length", "")
    if told.isdigit() and int(told) != size:
        raise _PassingError(f"{size} of {told} bytes came")


def media_type(response: requests.Response) -> str:
    """The media type that a server tells, without parameters, in small letters."""
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


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
    host = (parts.hostname or "").lower()
    for site in _SITES:
        if host == site or host.endswith(f".{site}"):
            return site
    return f"{host}:{parts.port}" if parts.port else host


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
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - clock.now()).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
