"""The client: one GROBID server, asked over HTTP, and what each of its answers means.

Wraps grobid-client-python, which knows how the service is addressed. That client sends again for
ever while the server is busy and reads answers of any length, so sending itself is done here. What
becomes of an answer lives in ``reader``.
"""

from __future__ import annotations

import io
import json
import logging
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError, ReadTimeoutError

from scmine.extractors.formats.xml_tree import MAX_BYTES
from scmine.extractors.grobid.library import GrobidClient, ServerUnavailableException

DEFAULT_URL = "http://localhost:8070"

COORDINATES = ("title", "head", "p", "s", "note", "figure", "formula", "ref", "biblStruct")
"""The elements for which the server is asked where they stand."""

NO_CONSOLIDATION = {"consolidateHeader": "0", "consolidateCitations": "0"}
"""Said outright, since a server's default may be to look papers up elsewhere."""

CONNECT_S = 10.0
BUSY_TRIES = 20
"""How often a paper is sent to a server that answers that it is busy."""

NAMED_ERRORS = (
    "BAD_INPUT_DATA",
    "NO_BLOCKS",
    "TOO_MANY_BLOCKS",
    "TOO_MANY_TOKENS",
    "TIMEOUT",
    "TAGGING_ERROR",
    "PARSING_ERROR",
    "PDFALTO_CONVERSION_FAILURE",
    "GENERAL",
)
"""GROBID's ``GrobidExceptionStatus``, as its error messages begin."""

PASSING_ERRORS = frozenset({"", "TIMEOUT", "TAGGING_ERROR", "GENERAL"})
"""Errors that the same paper may not meet again, tried once more; "" is one without a name."""

_ERROR_NAME = re.compile(r"\b(?:" + "|".join(NAMED_ERRORS) + r")\b")
_CHUNK = 1 << 16
_REASON_CHARS = 160


class Trouble(Enum):
    """Why there is no answer to read: the server, or this paper."""

    UNREACHABLE = auto()
    BROKEN_OFF = auto()
    BUSY = auto()
    SLOW = auto()
    NOTHING = auto()


class GrobidError(Exception):
    """GROBID gave no text for a paper; ``trouble`` names why, ``reason`` says it in words.

    ``passing`` says that the same paper may fare better another time.
    """

    def __init__(self, trouble: Trouble, reason: str, passing: bool = True) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.reason = reason
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Service:
    """Where the server is and how long to wait for it.

    Parameters
    ----------
    url
        Its root, as ``http://localhost:8070``.
    limit_s
        Seconds that one paper may take there, waits included.
    wait_s
        Seconds before a busy server is asked again, at least; at most twice as many. GROBID's own
        documentation asks for 5 to 10.
    """

    url: str
    limit_s: float = 90.0
    wait_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Announced:
    """What a server says of itself; None is what it does not say.

    ``parallel`` is how many papers it works on at a time.
    """

    version: str | None = None
    parallel: int | None = None


def clean_url(url: str) -> str:
    """``url`` as the root of a server, without the ``/api`` that users may add.

    Raises
    ------
    ValueError
        If it is no URL of a web server.

    Examples
    --------
    >>> clean_url("http://localhost:8070/api/")
    'http://localhost:8070'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{shown_url(url)!r} is no URL of a server (http://host:8070)")
    path = parts.path.rstrip("/").removesuffix("/api").rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def shown_url(url: str) -> str:
    """``url`` without user name and password, for people and for the database.

    >>> shown_url("http://me:secret@host:8070")
    'http://host:8070'
    """
    return re.sub(r"(?<=//)[^/@]*@", "", url)


class Grobid:
    """A GROBID server."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._client = _Client(service.url)
        self._reached = True

    def announced(self) -> Announced:
        """What the server says of itself, if it is there.

        Raises
        ------
        GrobidError
            If it is not.
        """
        try:
            alive, status = self._client.ping()
        except ServerUnavailableException as error:
            raise _unreachable(error.__cause__ or error) from error
        if not alive:
            raise GrobidError(Trouble.UNREACHABLE, f"it answers {status} when asked if it is alive")
        pool = _mapping(self._ask("health")).get("pool")
        parallel = pool.get("maxActive") if isinstance(pool, Mapping) else None
        version = self._ask("version").strip()
        version = str(_mapping(version).get("version", version))
        return Announced(
            version if re.fullmatch(r"\d[\w.-]{0,40}", version) else None,
            parallel if isinstance(parallel, int) and parallel > 0 else None,
        )

    def _ask(self, what: str) -> str:
        """The text of a small answer; empty if there is none, as with older servers."""
        try:
            response, status = self._client.get(
                self._client.get_server_url(what), timeout=CONNECT_S
            )
        except requests.RequestException:
            return ""
        return response.text if status == requests.codes.ok else ""

    def full_text(self, pdf: bytes) -> bytes:
        """The TEI that GROBID makes of a PDF.

        Raises
        ------
        GrobidError
            If it makes none.
        """
        deadline = time.monotonic() + self.service.limit_s
        tries = 0
        while True:
            tries += 1
            try:
                answer = self._client.full_text(pdf, deadline)
            except GrobidError as error:
                wait_s = random.uniform(1, 2) * self.service.wait_s
                again = self._may_try_again(error, tries)
                self._reached = error.trouble is not Trouble.UNREACHABLE
                if not again or time.monotonic() + wait_s > deadline:
                    raise
                time.sleep(wait_s)
            else:
                self._reached = True
                return answer

    def _may_try_again(self, error: GrobidError, tries: int) -> bool:
        """Whether the same paper is sent once more."""
        if error.trouble is Trouble.BUSY:
            return tries < BUSY_TRIES
        if error.trouble is Trouble.UNREACHABLE:
            # It may be starting again; if an earlier paper found it gone, it is not waited for.
            return self._reached and tries < 2
        return error.trouble is Trouble.NOTHING and error.passing and tries < 2


class _Client(GrobidClient):
    """grobid-client-python with one bounded request a call; ``trouble`` keeps what went wrong.

    Its own methods turn every exception into a made-up status 500 and a 503 into endless sending.
    """

    def __init__(self, url: str) -> None:
        super().__init__(grobid_server=url, check_server=False, coordinates=list(COORDINATES))
        self.logger.setLevel(logging.CRITICAL)  # what it would say, errors say
        self.deadline = 0.0
        self.trouble: GrobidError | None = None

    def full_text(self, pdf: bytes, deadline: float) -> bytes:
        """Send ``pdf`` once; ``deadline`` is on the monotonic clock."""
        self.deadline, self.trouble = deadline, None
        _, status, text = self.process_pdf(
            "processFulltextDocument",
            pdf,
            consolidate_header=False,
            consolidate_citations=False,
            include_raw_citations=True,
            include_raw_affiliations=False,
            tei_coordinates=True,
            segment_sentences=False,
        )
        if self.trouble is not None:
            raise self.trouble
        if status == requests.codes.ok and text and text.strip():
            return text.encode("utf-8")
        raise _refusal(status, text or "")

    def call_api(
        self,
        method: str,
        url: str,
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
        timeout: float | None = None,
    ) -> tuple[requests.Response, int]:
        """One request, its answer read within limits of size and time."""
        if files is not None:
            data = NO_CONSOLIDATION | (data or {})
        limit = timeout if files is None else max(self.deadline - time.monotonic(), 0.1)
        try:
            response, status = _send(method, url, headers, params, data, files, limit or CONNECT_S)
        except (requests.RequestException, HTTPError, GrobidError) as error:
            self.trouble = _trouble_of(error, limit or CONNECT_S)
            raise requests.RequestException(str(error)) from error
        if files is not None and status in (429, requests.codes.service_unavailable):
            self.trouble = GrobidError(Trouble.BUSY, f"it is busy ({status})")
            raise requests.RequestException("busy")
        return response, status


def _send(
    method: str,
    url: str,
    headers: dict[str, str] | None,
    params: dict[str, Any] | None,
    data: dict[str, Any] | None,
    files: dict[str, Any] | None,
    limit_s: float,
) -> tuple[requests.Response, int]:
    """Send a request and read its answer, at most ``MAX_BYTES`` in ``limit_s`` seconds."""
    deadline = time.monotonic() + limit_s
    body = bytearray()
    with requests.request(
        method,
        url,
        headers={**(headers or {}), "Accept": "application/xml, application/json, text/plain"},
        params=params,
        data=data,
        files=files,
        timeout=(min(CONNECT_S, limit_s), limit_s),
        stream=True,
        allow_redirects=False,  # papers go to the server that the user named
    ) as incoming:
        # What has come, and not the next so many bytes: a server may send drop by drop.
        while chunk := incoming.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > MAX_BYTES:
                limit = f"its answer is larger than {MAX_BYTES >> 20} MB"
                raise GrobidError(Trouble.NOTHING, limit, passing=False)
            if time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer took too long")
        answer = requests.Response()
        answer.status_code = incoming.status_code
        answer.encoding = "utf-8"  # GROBID's; guessing it takes seconds for a long answer
        answer.raw = io.BytesIO(body)
        return answer, incoming.status_code


def _trouble_of(error: Exception, limit_s: float) -> GrobidError:
    """What an exception while asking means."""
    if isinstance(error, GrobidError):
        return error
    if isinstance(error, requests.ReadTimeout | ReadTimeoutError):
        return GrobidError(Trouble.SLOW, f"it gave no answer in {limit_s:.0f} s")
    if any(isinstance(e, ProtocolError) for e in (error, *error.args)):  # it had been connected
        return GrobidError(Trouble.BROKEN_OFF, "it broke off while it worked on this paper")
    if isinstance(error, DecodeError):
        return GrobidError(Trouble.NOTHING, "its answer is garbled", passing=False)
    return _unreachable(error)


def _unreachable(error: BaseException) -> GrobidError:
    words = "connection refused" if "refused" in str(error) else type(error).__name__
    return GrobidError(Trouble.UNREACHABLE, f"GROBID not reachable ({words})")


def _refusal(status: int, text: str) -> GrobidError:
    """What an answer without text means."""
    if status == requests.codes.ok:
        return GrobidError(Trouble.NOTHING, "it gave an empty answer", passing=False)
    if status == requests.codes.no_content:
        return GrobidError(Trouble.NOTHING, "it found nothing to extract (204)", passing=False)
    if status in (502, 504):
        return GrobidError(Trouble.UNREACHABLE, f"GROBID not reachable (its gateway says {status})")
    if status == requests.codes.request_timeout:
        return GrobidError(Trouble.SLOW, "it gave up waiting (408)")
    match = _ERROR_NAME.search(text)
    name = match[0] if match else ""
    reason = f"it answered {status} {name or _first_words(text)}".rstrip()
    passing = status == requests.codes.internal_server_error and name in PASSING_ERRORS
    return GrobidError(Trouble.NOTHING, reason, passing)


def _first_words(text: str) -> str:
    """The beginning of an error's text, or of the description in it if it is JSON."""
    text = str(_mapping(text).get("description", text))
    words = " ".join(re.sub(r"<[^<>]{0,500}>", " ", text[:4000]).split())
    return words[:_REASON_CHARS]


def _mapping(text: str) -> Mapping[str, Any]:
    """The JSON object in ``text``; empty if it is none."""
    try:
        found = json.loads(text[:_CHUNK])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
