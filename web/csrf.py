"""No other site may change the database through a visitor's browser: checked here for all routes.

A request that may change something has to come from a page of ours (``Origin`` and
``Sec-Fetch-Site``, which pages cannot forge) and to carry a token that only our pages hold. That
holds without users too, on loopback. Routes do nothing for it; forms carry ``csrf_token``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from scmine.web.cookies import csrf_key
from scmine.web.security import bearer, is_api

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HEADER, FIELD = "x-csrf-token", "csrf_token"
SIZE = 32


def csrf_token(request: Request) -> str:
    """The token that forms and scripts of this session send back with what they change.

    It is masked anew each time: else the length of a compressed page would tell, guess by guess,
    what it is (BREACH).
    """
    mask = secrets.token_bytes(SIZE)
    return base64.urlsafe_b64encode(mask + _xor(mask, _secret(request))).decode()


async def check_csrf(request: Request) -> None:
    """A dependency of the whole application: let nothing be changed from elsewhere.

    A program's token is proof enough, since no browser adds it by itself. So is JSON sent to the
    API from our own origin or by no browser: another site's page would have to ask first, and is
    never allowed.

    Raises
    ------
    HTTPException
        403, for a request that may change something and comes from elsewhere.
    """
    if request.method in SAFE_METHODS:
        return
    _check_origin(request)
    if bearer(request) is not None:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if is_api(request) and kind == "application/json":
        return
    token = request.headers.get(HEADER)
    if token is None and kind in FORMS:
        field = (await request.form()).get(FIELD)
        token = field if isinstance(field, str) else None
    if token is None or not _fits(token, request):
        raise HTTPException(
            403, "this page is out of date, or was not ours; load it again, and then try again"
        )


def _check_origin(request: Request) -> None:
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if site not in {"same-origin", "none"} or (
        origin is not None and urlsplit(origin).netloc.casefold() != host.casefold()
    ):
        raise HTTPException(
            403,
            "this was sent by a page of another site, or a proxy does not pass on the Host header",
        )


def _secret(request: Request) -> bytes:
    return hashlib.sha256(b"csrf:" + csrf_key(request).encode("utf-8", "replace")).digest()


def _fits(token: str, request: Request) -> bool:
    try:
        sent = base64.urlsafe_b64decode(token.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        return False
    return len(sent) == 2 * SIZE and hmac.compare_digest(
        _xor(sent[:SIZE], sent[SIZE:]), _secret(request)
    )


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
