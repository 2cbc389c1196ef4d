"""URLs of papers: which names are URLs, and what they are called without what is secret in them."""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_URL = re.compile(r"[a-z][a-z0-9+.-]{1,31}://", re.I)
_FILE = "file://"
_SECRET = re.compile(
    r"sig|token|key|cred|secret|passw|auth|expir|^(x-(amz|goog|ms)|s[a-z]{1,2}$)", re.I
)
"""Names of a query's fields that hold secrets, or change with each signing of an address."""


def is_remote(name: str | os.PathLike[str]) -> bool:
    """Whether ``name`` is an fsspec URL, and not a path of this machine (or ``file://``).

    >>> is_remote("s3://bucket/papers"), is_remote("zip://*.pdf::/data/a.zip"), is_remote("a/b.pdf")
    (True, True, False)
    """
    text = os.fspath(name)
    return _URL.match(text) is not None and not text.lower().startswith(_FILE)


def local_path(name: str | os.PathLike[str]) -> str | os.PathLike[str]:
    """``name`` without the ``file://`` before it.

    >>> local_path("file:///data/papers"), local_path("papers")
    ('/data/papers', 'papers')
    """
    text = os.fspath(name)
    return text[len(_FILE) :] if text.lower().startswith(_FILE) else name


def public(name: str | os.PathLike[str]) -> str:
    """A URL without user, password and signatures, as it is saved and shown; a path as it is.

    >>> public("https://me:pw@host/p.pdf?X-Amz-Signature=1f&id=7")
    'https://host/p.pdf?id=7'
    >>> public("zip://a.pdf::s3://bucket/papers.zip")
    'zip://a.pdf::s3://bucket/papers.zip'
    """
    text = os.fspath(name)
    return "::".join(_public(part) for part in text.split("::")) if is_remote(text) else text


def _public(part: str) -> str:
    try:
        parts = urlsplit(part)
    except ValueError:
        return part.rpartition("@")[2]
    place = parts.netloc.rpartition("@")[2]
    if parts.scheme not in ("http", "https"):  # elsewhere ? and # belong to names
        return part.replace(parts.netloc, place, 1) if place != parts.netloc else part
    fields = [f for f in parse_qsl(parts.query, True) if not _SECRET.search(f[0])]
    return urlunsplit((parts.scheme, place, parts.path, urlencode(fields), ""))
