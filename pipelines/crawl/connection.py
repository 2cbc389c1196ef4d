"""One request over a connection of its own: whom it may reach, how long it may take, what comes.

A connection is closed with its answer. Someone else watches the time, since a server that sends a
byte now and then keeps every read of it waiting.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from requests.utils import get_environ_proxies, select_proxy
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from scmine.pipelines.crawl.address import is_public
from scmine.pipelines.crawl.errors import BrokenAnswerError, UnreachableError

CONNECT_S = 20.0
"""How long a connection may take to each address of a server."""
SILENCE_S = 60.0
"""How long a server may say nothing."""
_CHUNK = 1 << 16
_MB = 1 << 20


class PassingError(Exception):
    """A failure that may not hold another time; ``wait_s`` is what the server asked for."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class _Watch:
    """Ends a connection when its time is over.

    ``public``: it may only lead to the public Internet.
    """

    def __init__(self, within_s: float, *, public: bool) -> None:
        self.within_s = within_s
        self.over = False
        self._public = public
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(within_s, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def connected(self, made: socket.socket) -> None:
        """Watch a connection."""
        peer = str(made.getpeername()[0])
        if self._public and not is_public(peer):
            # Nothing has been sent yet. The name led elsewhere when it was looked at.
            raise BrokenAnswerError(f"{peer} is no server of the public Internet")
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            # Our own handle: TLS takes the other one over.
            self._socket = made.dup()
            if self.over:
                self._shut()

    def check(self) -> None:
        """Raise if the time is over."""
        if self.over:
            raise PassingError(f"not done within {self.within_s:g} s")

    def _end(self) -> None:
        with self._lock:
            self.over = True
            if self._socket is not None:
                self._shut()

    def _shut(self) -> None:
        assert self._socket is not None
        with suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_RDWR)


class _WatchedConnection(HTTPConnection):
    """A connection that is under watch before anything goes over it."""

    watch: _Watch

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        try:
            self.watch.connected(made)
        except BaseException:
            made.close()
            raise
        return made


class _WatchedAdapter(HTTPAdapter):
    """Makes watched connections, also through proxies."""

    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> HTTPConnectionPool:
        pool: HTTPConnectionPool = super().get_connection_with_tls_context(*given, **named)
        kinds = (_WatchedConnection, pool.ConnectionCls)
        pool.ConnectionCls = type("WatchedConnection", kinds, {"watch": self._watch})
        return pool


class Reply:
    """An answer, whose body may be read once."""

    def __init__(self, response: requests.Response, watch: _Watch) -> None:
        self._response = response
        self._watch = watch
        self.url = str(response.url)
        self.status = response.status_code
        self.reason = str(response.reason or "")
        self.headers = response.headers

    @property
    def media_type(self) -> str:
        """The media type that the server tells, without parameters, in small letters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def chunks(self, most: int, had: int = 0) -> Iterator[bytes]:
        """The body in pieces, whole and bounded; packed as it came, since sources are archives.

        ``most`` bytes are taken at most, with the ``had`` ones of an earlier answer.

        Raises
        ------
        BrokenAnswerError
            There are more.
        PassingError
            There are less than the server has told.
        """
        told, size = number(self.headers.get("Content-Length", "")), 0
        if told is not None and had + told > most:
            raise BrokenAnswerError(f"{self.url}: larger than {most // _MB} MB")
        try:
            for chunk in self._response.raw.stream(_CHUNK, decode_content=False):
                size += len(chunk)
                if had + size > most:
                    raise BrokenAnswerError(f"{self.url}: larger than {most // _MB} MB")
                yield chunk
        except (HTTPError, OSError) as error:
            self._watch.check()
            raise PassingError(f"{_words(error)} after {size} bytes") from error
        self._watch.check()
        if told is not None and told != size:
            raise PassingError(f"{size} of {told} bytes came")


@contextmanager
def asked(
    url: str,
    headers: dict[str, str],
    cookies: RequestsCookieJar,
    within_s: float,
    *,
    public: bool = False,
) -> Iterator[Reply]:
    """The answer to one request; its connection is closed at the end.

    Redirects are not followed. A proxy of the environment (``HTTPS_PROXY``, ``NO_PROXY``) is used;
    ``public`` is then its business. Log-ins of ``.netrc`` are not: they are not meant for crawls.

    Raises
    ------
    PassingError
        There is no answer, or it takes longer than ``within_s``; for now.
    UnreachableError
        The server is not the one that it says it is.
    BrokenAnswerError
        There is no such address, or with ``public`` it is not one of the public Internet.
    """
    public = public and not is_proxied(url)
    with _Watch(within_s, public=public) as watch, _OneRequest() as session:
        session.auth = _no_log_in
        session.cookies = cookies
        for scheme in ("http://", "https://"):
            session.mount(scheme, _WatchedAdapter(watch))
        try:
            response = session.get(
                url,
                headers=headers | {"Connection": "close"},
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_S, SILENCE_S),
            )
        except (requests.RequestException, HTTPError, ValueError, OSError) as error:
            watch.check()
            raise _named(error, url) from error
        with response:
            yield Reply(response, watch)


def is_proxied(url: str) -> bool:
    """Whether the environment names a proxy for an address."""
    return select_proxy(url, get_environ_proxies(url, None)) is not None


class _OneRequest(requests.Session):
    """A session that leaves redirects alone: the library's own reads them whole to look ahead."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _no_log_in(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """A log-in that adds nothing; without one, requests looks into ``.netrc``."""
    return request


def _named(error: Exception, url: str) -> Exception:
    """Why there is no answer, as one of our errors."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UnreachableError(f"{url}: the connection is not safe: {cause.verify_message}")
    if isinstance(error, requests.exceptions.InvalidHeader):
        return BrokenAnswerError(f"{url}: a header that is none")
    if isinstance(error, ValueError):  # both libraries' errors for addresses are
        return BrokenAnswerError(f"{url[:200]!r} is no address that can be asked")
    return PassingError(_words(error))


def _words(error: BaseException) -> str:
    """What happened to a connection, for people."""
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not work"
    causes = list(_causes(error))
    if any(isinstance(cause, TimeoutError | requests.Timeout) for cause in causes):
        return "no answer in time"
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno is not None and cause.strerror:
            return cause.strerror
    return "the connection was lost"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it."""
    seen: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop(0)
        if one is None or any(one is other for other in seen):
            continue
        seen.append(one)
        yield one
        inner = (getattr(one, "reason", None), *one.args, one.__cause__, one.__context__)
        left += [cause for cause in inner if isinstance(cause, BaseException)]


def number(text: str) -> int | None:
    """A number of bytes as HTTP writes it; None if it is none.

    >>> number("120"), number("\\u00b2"), number("-1")
    (120, None, None)
    """
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
