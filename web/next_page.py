"""Where to go after logging in: back to a page of ours, never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

FIRST_PAGE = "/"


def safe_next(wanted: str) -> str:
    """``wanted`` if it is a path of this server, else the first page.

    Browsers read a backslash as a slash and skip tabs and line ends, so that ``/\\\\host`` and
    ``/<tab>/host`` lead to another site as ``//host`` does.

    >>> safe_next("/records?tc_min=30"), safe_next("https://evil.example/")
    ('/records?tc_min=30', '/')
    >>> safe_next("//evil.example"), safe_next("/\\\\evil.example")
    ('/', '/')
    """
    plain = all(" " < c != "\\" and c.isprintable() for c in wanted)
    if not plain or not wanted.startswith("/") or wanted.startswith("//"):
        return FIRST_PAGE
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return FIRST_PAGE
    return FIRST_PAGE if parts.scheme or parts.netloc else wanted
