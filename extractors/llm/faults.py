"""Faults: what it means that a server did not answer, by status, code and words.

What is done about a fault lives in ``client``; the words of servers in ``data/llm_errors.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import openai

NO_KEY = "none"
"""Sent as the key to servers that need none."""

_REASON_CHARS = 300
_READ_CHARS = 4000
"""Of the words of an error, more is not looked at."""

_KEY_LIKE = re.compile(r"\b(?:sk|pk|key)-[\w*.-]{6,}")


class Trouble(Enum):
    """Why there is no answer."""

    BUSY = auto()
    """Too many requests, or the server is starting: later it may answer."""
    BROKEN = auto()
    """No connection, a cut one, or an error of the server: once more it may answer."""
    SLOW = auto()
    """The answer did not end within its time."""
    TOO_LONG = auto()
    FILTERED = auto()
    PART = auto()
    """The server does not take a part of the request; ``part`` names it."""
    REFUSED = auto()
    """The server does not take this request, and will not take it later."""
    HOPELESS = auto()
    """No request will be answered: wrong key, wrong model, wrong address, no credit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer, in words for the user, and how long the server asks to wait."""

    trouble: Trouble
    reason: str
    part: str = ""
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """What is asked and where, for messages; the key only to take it out of them."""

    model: str
    url: str
    key: str

    def cleaned(self, text: str) -> str:
        """``text`` of a server on one line, short, and without the key or what looks like one."""
        if self.key != NO_KEY:
            text = text.replace(self.key, "***")
        text = " ".join(_KEY_LIKE.sub("***", text[:_READ_CHARS]).split())
        text = "".join(c for c in text if c.isprintable())
        return text if len(text) <= _REASON_CHARS else text[: _REASON_CHARS - 1] + "…"


def fault_of(error: openai.APIError, where: Where) -> Fault:
    """What ``error`` means."""
    if isinstance(error, openai.APITimeoutError):
        return Fault(Trouble.BROKEN, f"{where.url} did not answer in time")
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__ or error
        return Fault(Trouble.BROKEN, f"no answer from {where.url}: {where.cleaned(str(cause))}")
    status = error.status_code if isinstance(error, openai.APIStatusError) else None
    said = where.cleaned(_message(error))
    names = " ".join(
        str(name)[:_READ_CHARS] for name in (error.code, error.type, error.param or "")
    )
    told = Told(status, said, f"{names} {_message(error)[:_READ_CHARS]}")
    headers = error.response.headers if isinstance(error, openai.APIStatusError) else {}
    return fault_told(told, where, headers, param=error.param)


@dataclass(frozen=True, slots=True)
class Told:
    """What a server told: the status (None within a stream), its message, all words of it."""

    status: int | None
    message: str
    words: str


def fault_told(
    told: Told, where: Where, headers: Mapping[str, str] | None = None, param: str | None = None
) -> Fault:
    """What it means that a server told this, in an answer of its own or in a line of a batch."""
    status, said = told.status, told.message or "no reason given"
    if _found("too_long", told.words) or status == 413:
        return Fault(Trouble.TOO_LONG, said)
    if _found("no_credit", told.words) or status == 402:
        return Fault(Trouble.HOPELESS, f"the account at {where.url} has no credit left ({said})")
    if _found("filtered", told.words):
        return Fault(Trouble.FILTERED, said)
    if status in (429, 503):
        wait_s = asked_wait(headers or {}, datetime.now(UTC))
        return Fault(Trouble.BUSY, f"{where.url} is busy ({status}: {said})", wait_s=wait_s)
    if status in (401, 403, 404, 405) or (status is not None and 300 <= status < 400):
        return _hopeless(status, said, told.words, where, headers or {})
    if _found("answer_too_long", told.words):
        told_user = f"{where.model} does not give answers so long ({said}); lower llm_answer_tokens"
        return Fault(Trouble.HOPELESS, told_user)
    if status in (400, 422, 501) and (part := _part(told.words, param)):
        return Fault(Trouble.PART, said, part)
    if status is None or status >= 500 or status in (408, 409):
        return Fault(Trouble.BROKEN, f"{where.url} failed ({status or 'in its answer'}: {said})")
    return Fault(Trouble.REFUSED, f"{where.url} does not take the request ({status}: {said})")


def _hopeless(
    status: int, said: str, words: str, where: Where, headers: Mapping[str, str]
) -> Fault:
    """A key, a model or an address that is wrong, and what to do about it."""
    if status in (401, 403):
        reason = (
            f"{where.url} refuses the key ({status}: {said}). Set SCMINE_LLM_KEY (or "
            "OPENAI_API_KEY) to a key of that server that may use the model "
            f"{where.model!r}"
        )
    elif status == 404 and _found("no_model", words):
        reason = (
            f"{where.url} has no model {where.model!r} ({said}). Name another one (--llm), "
            "or make the server load it"
        )
    elif status in (404, 405):
        reason = (
            f"{where.url} has no chat completions ({status}: {said}). Check the address "
            "(--llm-url); it mostly ends in /v1"
        )
    else:
        target = where.cleaned(_target(headers.get("location", "")))
        reason = (
            f"{where.url} sends on to {target}, which is not followed, for the key would go "
            "along. If that is right, give its address (--llm-url)"
        )
    return Fault(Trouble.HOPELESS, reason)


def _target(location: str) -> str:
    """Where a server sends on to, without what a URL may hold besides host and path."""
    try:
        parts = urlsplit(location)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    except ValueError:  # no URL
        return "another address"


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a server asks to wait, as ``Retry-After`` gives them: a number or a date.

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> asked_wait({"retry-after": "7"}, now)
    7.0
    >>> asked_wait({"retry-after": "Thu, 01 Jan 2026 00:00:09 GMT"}, now)
    9.0
    """
    found = headers.get("retry-after-ms")
    if found is not None and re.fullmatch(r"\d{1,9}(?:\.\d+)?", found.strip()):
        return float(found) / 1000
    found = headers.get("retry-after")
    if found is None:
        return None
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", found.strip()):
        return float(found)
    try:
        until = parsedate_to_datetime(found)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _message(error: openai.APIError) -> str:
    """The words of an error's body; some servers write it in ``detail`` or as plain text."""
    try:
        return _words(error)
    except RecursionError:  # nested without end
        return ""


def _words(error: openai.APIError) -> str:
    body = error.body
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        if isinstance(inner, Mapping):
            for name in ("message", "detail", "msg"):
                if inner.get(name):
                    return str(inner[name])
        return str(inner)
    return str(body) if body else error.message


def _part(words: str, param: str | None) -> str:
    """The part of the request that is not taken; empty if none is named."""
    for text in (param or "", words):
        for part, patterns in _patterns()["parts"].items():
            if text and (text == part or (text is not param and _any(patterns, text))):
                return str(part)
    return ""


def _found(name: str, words: str) -> bool:
    return _any(_patterns()[name], words)


def _any(patterns: list[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


@cache
def _patterns() -> dict[str, Any]:
    data = files("scmine.extractors").joinpath("data/llm_errors.toml")
    return tomllib.loads(data.read_text(encoding="utf-8"))
