"""What can go wrong at a server of papers; a test hands these to ``ArxivServer.fail``."""

from __future__ import annotations

from dataclasses import dataclass, field

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY l0 "lol">%s]>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>&l9;</ListRecords></OAI-PMH>
""" % b"".join(b'<!ENTITY l%d "%s">' % (k, b"&l%d;" % (k - 1) * 10) for k in range(1, 10))

STRANGE_FILE = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error>&file;</error></OAI-PMH>
"""


@dataclass(frozen=True)
class Fault:
    """What happens to a request instead of its answer, or to its answer.

    ``status`` None leaves the answer what it is; ``body`` and ``media_type`` stand in for what
    would be sent. ``cut`` closes the connection after so many bytes of the body, whose whole
    length was announced. ``endless`` sends without end. ``dead`` closes the connection unanswered.
    ``delay_s`` passes, in real seconds, before the answer, ``drip_s`` after each byte of it.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    media_type: str | None = None
    cut: int | None = None
    endless: bool = False
    dead: bool = False
    delay_s: float = 0.0
    drip_s: float = 0.0


def unavailable(retry_after: str | None = None) -> Fault:
    """503, perhaps with Retry-After: seconds or a date as HTTP writes it."""
    return Fault(503, _retry(retry_after), b"Retry after a while", "text/plain")


def too_many(retry_after: str | None = None) -> Fault:
    """429."""
    return Fault(429, _retry(retry_after), b"Rate exceeded.", "text/plain")


def refused() -> Fault:
    """403, as for a robot that was shut out."""
    return Fault(403, body=b"<html><h1>Access Denied</h1></html>", media_type="text/html")


def broken(status: int = 500) -> Fault:
    """An error of the server."""
    return Fault(status, body=b"Internal Server Error", media_type="text/plain")


def cut(after: int) -> Fault:
    """The connection ends after so many bytes of the body."""
    return Fault(cut=after)


def dead() -> Fault:
    """The connection ends without an answer."""
    return Fault(dead=True)


def wrong(body: bytes, media_type: str) -> Fault:
    """Something else than what was asked for, with status 200."""
    return Fault(200, body=body, media_type=media_type)


def sign_in_page() -> Fault:
    """A web page in place of a file."""
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Hello</body></html>"
    return wrong(page, "text/html; charset=utf-8")


def empty(media_type: str | None = None) -> Fault:
    """No body, with status 200."""
    return Fault(200, body=b"", media_type=media_type)


def endless() -> Fault:
    """A body that never ends."""
    return Fault(endless=True)


def moved(url: str, status: int = 302) -> Fault:
    """A redirect."""
    return Fault(status, {"Location": url}, b"", "text/html")


def slow(delay_s: float = 0.0, drip_s: float = 0.0) -> Fault:
    """An answer that takes its time, in real seconds."""
    return Fault(delay_s=delay_s, drip_s=drip_s)


def xml_bomb() -> Fault:
    """XML of a thousand million words in a few bytes."""
    return wrong(LAUGHS, "text/xml")


def xml_with_a_file() -> Fault:
    """XML that asks its reader for a file of its machine."""
    return wrong(STRANGE_FILE, "text/xml")


def _retry(after: str | None) -> dict[str, str]:
    return {} if after is None else {"Retry-After": after}
