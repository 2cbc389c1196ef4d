"""What is asked of a language model and what comes back: the types between tasks and the client.

A task makes requests, a client turns them into replies, and nothing of either knows the other.
How a request is worded lives in ``prompts/`` and ``tasks``; how it is sent in ``client``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel


class Task(StrEnum):
    """What a request is for; also the names of the prompts."""

    CLAIMS = "claims"
    LINKS = "links"
    TABLE = "table"
    CRYSTAL = "crystal"
    WHOSE = "whose"
    CHECK = "check"
    MENTIONS = "mentions"


class Ending(StrEnum):
    """How a request ended. Every request ends in exactly one of these."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    INVALID = "invalid"
    TOO_LONG = "too_long"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    OVER_BUDGET = "over_budget"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what is sent; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One question with all it needs; equal questions are equal requests.

    ``prompt`` is the prompt's name and version (``claims@1``). ``place`` names what of the paper is
    asked about (``p12``, ``t0``, ``document``), ``doc_id`` the paper, and ``shown`` the places
    whose text is in the messages and may be quoted; none of the three is sent. ``answer`` is the
    type the reply must have; its JSON Schema is sent where the server takes one.
    """

    task: Task
    prompt: str
    messages: tuple[Message, ...]
    answer: type[BaseModel]
    doc_id: str = ""
    place: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and money of one request; ``cost`` is None where no price is known.

    A reply from the cache has the tokens it once took, and a cost of 0.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """How a request ended, and its answer if it is ``answered``.

    ``reason`` says in words why there is no answer. ``calls`` counts what was sent to the server:
    0 from the cache, 2 where the first answer had to be repaired.
    """

    request: Request
    ending: Ending
    answer: BaseModel | None = None
    usage: Usage = Usage()
    reason: str = ""
    cached: bool = False
    calls: int = 0
    seconds: float = 0.0


class Asker(Protocol):
    """Sends requests. Replies come as they end, in any order, one for each request."""

    model: str

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Replies to ``requests``; a request that cannot be sent is a reply that says why."""
        ...
