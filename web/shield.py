"""What holds for every request and every answer: which host is asked, how much may be sent, and
what browsers are told of where scripts, styles and pictures may come from.

A path only decides here whether an answer may be kept. Who asks is not looked at.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scmine.web.cookies import keep_visitor
from scmine.web.options import WebOptions

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
"""Where each kind of content may come from (W3C, Content Security Policy level 3)."""

WASM = "'self' 'wasm-unsafe-eval'"
"""What the worker of pdf.js may do: its decoders of images are WebAssembly. A worker has a policy
of its own, that of the answer with its script; pages need not allow it."""

WORKERS = "/static/vendor/pdfjs/"

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer" browsers would send forms with "Origin: null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

MB = 2**20
HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]?#]+)(?::\d{1,5})?")


def add_headers(scope: Scope, headers: MutableHeaders) -> None:
    """Add the headers of every answer; only how long it may be kept is left to the route."""
    path = scope.get("path", "")
    scripts = WASM if path.startswith(WORKERS) else POLICY["script-src"]
    policy = POLICY | {"script-src": scripts}
    headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
    headers.update(FIXED_HEADERS)
    # Files are asked for again each time, and answered by 304 while they are the same: the parts
    # of a library must not come from two versions of scmine.
    headers.setdefault("Cache-Control", "no-cache" if path.startswith("/static/") else "no-store")


class Shield:
    """The outermost layer of the application.

    Parameters
    ----------
    options
        By which names it may be called, and how large a request may be.
    """

    def __init__(self, app: ASGIApp, options: WebOptions) -> None:
        self._app = app
        self._limit = options.max_body_MB * MB
        own = {"localhost", socket.gethostname(), options.host, *options.names}
        self._names = frozenset(name.casefold() for name in own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_headers(scope, headers)
                _send_visitor(scope, headers)
            await send(message)

        refusal = self._refusal(Headers(scope=scope))
        app: ASGIApp = refusal or self._app
        await app(scope, _Limited(receive, self._limit), send_with_headers)

    def _refusal(self, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not is_own_host(hosts[0], self._names):
            # A name of another site that leads to this machine (DNS rebinding) would make that
            # site's pages count as ours.
            return PlainTextResponse(
                "scmine is not called by this name here; "
                "`scmine serve --host-name NAME` allows one\n",
                421,
            )
        length = headers.get("content-length", "0")
        # Python reads no more than some thousand digits.
        fits = length.isascii() and length.isdigit() and len(length) < 20
        if not fits or int(length) > self._limit:
            return PlainTextResponse(f"at most {self._limit // MB} MB may be sent\n", 413)
        return None


def is_own_host(host: str, names: Iterable[str]) -> bool:
    """Whether a Host header is an address or one of ``names``.

    An address cannot be another site's name for this machine.

    >>> is_own_host("127.0.0.1:8000", ()), is_own_host("[::1]:8000", ())
    (True, True)
    >>> is_own_host("LOCALHOST", ("localhost",)), is_own_host("evil.example:8000", ("localhost",))
    (True, False)
    """
    found = HOST.fullmatch(host)
    if not found:
        return False
    name = found["name"].casefold().rstrip(".")
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name in names
    return True


class _Limited:
    """What is received of a request, up to a limit; its length need not have been said."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, "more was sent than is allowed")
        return message


def _send_visitor(scope: Scope, headers: MutableHeaders) -> None:
    """Send the secret of a new visitor, if a form with a token made from it is sent."""
    secret = scope["state"].get("new_visitor")
    if secret:
        carrier = Response()
        keep_visitor(Request(scope), carrier, secret)
        headers.append("set-cookie", carrier.headers["set-cookie"])
