"""The server: one endpoint that speaks OpenAI's API, and what of that it turned out to take.

Sends one turn and says how that went. Whether it is sent again, and what it costs, is ``client``'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from pydantic import BaseModel as PydanticModel

from scmine.extractors.llm.answer_forms import Form, response_format
from scmine.extractors.llm.bounded import PLAIN, Bound
from scmine.extractors.llm.faults import NO_KEY, Fault, Trouble, Where, fault_of
from scmine.extractors.llm.request import Message, Request
from scmine.extractors.llm.turn import Turn

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_S = 10.0
SEED = 0

MOST_BYTES, MOST_BYTES_PER_TOKEN = 1_000_000, 1024
"""Bytes that an answer may have, and those for each of its tokens: in a stream each token comes in
some 300 bytes of JSON."""

MOST_FILE_BYTES = 500_000_000
"""Bytes that a file of a batch may have; OpenAI takes no larger ones than 200 MB."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which model is asked where, and how.

    Parameters
    ----------
    model
        The model by the name that its server knows.
    url
        The server's address with the version in its path.
    key
        The key; any word for a server that needs none.
    form
        How the model is told the form of its answers. None: the strictest that the server takes.
    concurrency
        Requests at the server at the same time.
    timeout_s
        Seconds that one answer may take from sending to its last word.
    context_tokens, answer_tokens
        Tokens that the model takes, question and answer together, and that an answer may have.
        Where a question leaves less room, an answer may have fewer, down to half of them.
    pause_s
        The first pause before a busy server is asked again, in seconds.
    """

    model: str
    url: str = OPENAI_URL
    key: str = field(default=NO_KEY, repr=False)
    form: Form | None = None
    concurrency: int = 4
    timeout_s: float = 120.0
    context_tokens: int = 8192
    answer_tokens: int = 2048
    pause_s: float = 1.0

    @property
    def where(self) -> Where:
        """The endpoint as messages tell of it."""
        return Where(self.model, self.url, self.key)

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own service."""
        host = urlsplit(self.url).hostname or ""
        return host == "openai.com" or host.endswith(".openai.com")

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return urlsplit(self.url).hostname in LOOPBACK

    def room(self, asked: int) -> int:
        """Tokens that an answer may have to a question of ``asked`` tokens; 0 if it does not fit.

        >>> Endpoint("m", context_tokens=8000, answer_tokens=2000).room(6500)
        1500
        >>> Endpoint("m", context_tokens=8000, answer_tokens=2000).room(7500)
        0
        """
        left = min(self.answer_tokens, self.context_tokens - asked)
        return left if left >= self.answer_tokens / 2 else 0

    def parameters(self) -> dict[str, Any]:
        """What besides the messages decides an answer; part of its name in the cache."""
        form = self.form or "auto"
        return {"answer_tokens": self.answer_tokens, "form": form, "temperature": 0, "seed": SEED}


class Server:
    """The server at an endpoint. Used within one event loop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.form = endpoint.form or Form.JSON_SCHEMA
        self.changes = 0
        """How often what is sent was changed because the server did not take it."""
        self._dropped: set[str] = set()
        self._openai = openai_client(endpoint)

    def body(
        self,
        request: Request,
        messages: Sequence[Message],
        answer_tokens: int,
        *,
        stream: bool = True,
    ) -> dict[str, Any]:
        """What is sent: the parts that the server is not known to refuse."""
        parts: dict[str, Any] = {
            "temperature": 0,
            "seed": SEED,
            "max_tokens": answer_tokens,
            "response_format": response_format(request, self.form),
        }
        if stream:
            parts |= {"stream": True, "stream_options": {"include_usage": True}}
        if "max_tokens" in self._dropped:
            parts["max_completion_tokens"] = parts["max_tokens"]
        if "stream" in self._dropped:
            parts.pop("stream_options", None)
        kept = {k: v for k, v in parts.items() if k not in self._dropped and v is not None}
        said = [{"role": message.role, "content": message.text} for message in messages]
        return {"model": self.endpoint.model, "messages": said, **kept}

    def leave_out(self, part: str, form: Form) -> bool:
        """Send no ``part`` from now on, or a plainer form than ``form``.

        False if that cannot be done: it is left out already, or the form was asked for.
        """
        if part == "response_format":
            plainer = form.plainer
            if self.endpoint.form is not None or plainer is None:
                return False
            if self.form is form:
                self.form = plainer
                self.changes += 1
            return True
        if part in self._dropped:
            return False
        self._dropped.add(part)
        self.changes += 1
        return True

    async def send(self, body: dict[str, Any], turn: Turn) -> Fault | None:
        """Send ``body`` and let ``turn`` take what comes; what went wrong, if anything did.

        The connection is closed when the caller is cancelled, when the answer takes too long, and
        when there is more of it than was asked for.
        """
        endpoint = self.endpoint
        try:
            async with asyncio.timeout(endpoint.timeout_s):
                await self._exchange(body, turn)
        except TimeoutError:
            said = f"after {turn.chars} characters" if turn.has_begun else "without a word of it"
            reason = f"the answer did not end within {endpoint.timeout_s:g} s ({said})"
            return Fault(Trouble.SLOW, reason)
        except openai.APIError as error:
            return fault_of(error, endpoint.where)
        except httpx2.HTTPError as error:  # while `openai` reads the body of an error
            return Fault(Trouble.BROKEN, f"{endpoint.url} broke off: {error}")
        except (ValueError, RecursionError):  # also JSON nested without end
            return Fault(Trouble.BROKEN, f"{endpoint.url} sent an answer that is no JSON")
        return None

    async def _exchange(self, body: dict[str, Any], turn: Turn) -> None:
        found: Any = await self._openai.chat.completions.create(**body)
        if not isinstance(found, openai.AsyncStream):
            turn.take(_plain(found))
            return
        async with found:
            async for piece in found:
                turn.take(_plain(piece))
                if turn.is_too_long:
                    turn.finish = "length"
                    return

    async def close(self) -> None:
        """Close all connections."""
        await self._openai.close()


def openai_client(endpoint: Endpoint) -> openai.AsyncOpenAI:
    """OpenAI's client, held back: it tries nothing again, follows no redirect, and sends the ids of
    an OpenAI account to OpenAI only."""
    most = MOST_BYTES + MOST_BYTES_PER_TOKEN * endpoint.answer_tokens
    http = openai.DefaultAsyncHttpxClient(**_http(endpoint, Bound(most).later))
    client = openai.AsyncOpenAI(http_client=http, **_held_back(endpoint))
    if not endpoint.is_openai:
        client.organization = client.project = None
    return client


def blocking_client(endpoint: Endpoint) -> openai.OpenAI:
    """The same, for one thread."""
    http = openai.DefaultHttpxClient(**_http(endpoint, Bound(MOST_FILE_BYTES)))
    client = openai.OpenAI(http_client=http, **_held_back(endpoint))
    if not endpoint.is_openai:
        client.organization = client.project = None
    return client


def _http(endpoint: Endpoint, bound: Callable[[httpx2.Response], Any]) -> dict[str, Any]:
    return {
        "follow_redirects": False,
        "trust_env": not endpoint.is_local,  # what is on this machine is not behind a proxy
        "headers": PLAIN,
        "event_hooks": {"response": [bound]},
    }


def _held_back(endpoint: Endpoint) -> dict[str, Any]:
    connect_s = min(CONNECT_S, endpoint.timeout_s)
    return {
        "api_key": endpoint.key,
        "base_url": endpoint.url,
        "max_retries": 0,
        "timeout": openai.Timeout(endpoint.timeout_s, connect=connect_s),
    }


def _plain(found: object) -> object:
    """A piece of an answer as mappings, lists and strings."""
    return found.model_dump(warnings=False) if isinstance(found, PydanticModel) else found
