"""Who is asked: from the settings and the environment to what sends requests.

The key is taken from the environment and given to the client only; no setting holds it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from scmine.extractors.llm.answer_forms import Form
from scmine.extractors.llm.batch import BatchAsker
from scmine.extractors.llm.cache import Cache, CacheError
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.cost import Budget, Prices
from scmine.extractors.llm.faults import NO_KEY
from scmine.extractors.llm.server import OPENAI_URL, Endpoint
from scmine.pipelines.settings import LlmMode, Settings, SettingsError

KEY_NAMES = ("SCMINE_LLM_KEY", "OPENAI_API_KEY")
"""Where the key is looked for in the environment; the first that is set counts."""

CACHE_NAME = "llm-cache.db"


def on_stderr(text: str) -> None:
    """Tell the user something on standard error."""
    print(f"scmine: {text}", file=sys.stderr, flush=True)


def asker_of(settings: Settings, say: Callable[[str], None] = on_stderr) -> Client | BatchAsker:
    """What asks the model that the settings name, with its cache and its budget.

    To be closed when all is asked. ``say`` is told of a broken cache and of how batches go on.

    Raises
    ------
    SettingsError
        If no model is named, the key is missing, or an address, a price or the cache is wrong.
    """
    endpoint = endpoint_of(settings)
    budget = Budget(settings.llm_budget, prices_of(settings))
    try:
        cache = Cache(cache_path(settings), say)
    except CacheError as error:
        raise SettingsError(str(error)) from error
    client = Client(endpoint, cache=cache, budget=budget, closes_cache=True)
    return BatchAsker(client, cache, say=say) if settings.llm_batch else client


def endpoint_of(settings: Settings) -> Endpoint:
    """Which model is asked where, with the key.

    Raises
    ------
    SettingsError
        If that cannot be told from the settings.
    """
    if settings.llm is None:
        raise SettingsError("no language model is named; name one: --llm MODEL")
    if settings.llm_answer_tokens >= settings.llm_context_tokens:
        raise SettingsError(
            f"bad setting llm_answer_tokens: {settings.llm_answer_tokens} tokens for the answer "
            f"leave none for the question of llm_context_tokens = {settings.llm_context_tokens}"
        )
    url = clean_url(settings.llm_url or OPENAI_URL)
    form = None if settings.llm_mode is LlmMode.AUTO else Form(settings.llm_mode.value)
    return Endpoint(
        settings.llm,
        url,
        _key_for(url),
        form,
        concurrency=settings.llm_concurrency,
        timeout_s=settings.llm_timeout_s,
        context_tokens=settings.llm_context_tokens,
        answer_tokens=settings.llm_answer_tokens,
    )


def prices_of(settings: Settings) -> Prices:
    """The prices of tokens.

    Raises
    ------
    SettingsError
        If only one of the two is set: costs would be told too low.
    """
    prices = Prices(settings.llm_price_in, settings.llm_price_out)
    if not prices.known and (prices.tokens_in, prices.tokens_out) != (None, None):
        raise SettingsError(
            "of llm_price_in and llm_price_out only one is set; set both (0 for what is free)"
        )
    return prices


def cache_path(settings: Settings) -> Path:
    """The file that answers are kept in."""
    if settings.llm_cache is not None:
        return settings.llm_cache
    from platformdirs import user_cache_path

    return user_cache_path("scmine", appauthor=False) / CACHE_NAME


def clean_url(url: str) -> str:
    """``url`` as the base of an OpenAI-compatible API.

    Raises
    ------
    SettingsError
        If it is no URL of a web server, or holds what does not belong there, such as a key.

    Examples
    --------
    >>> clean_url("http://localhost:8080/v1/chat/completions")
    'http://localhost:8080/v1'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            "bad setting llm_url: it has to begin with http:// or https:// and name a server, as "
            "http://localhost:8080/v1 does"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(
            "bad setting llm_url: it holds more than host, port and path. A key belongs into the "
            f"variable {KEY_NAMES[0]}"
        )
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _key_for(url: str) -> str:
    """The key for the server at ``url``; a placeholder where there is none and none is needed.

    The key of OpenAI is not sent to other machines in the clear.
    """
    endpoint = Endpoint("", url)
    names: tuple[str, ...] = KEY_NAMES
    if not endpoint.is_local and url.startswith("http:"):
        names = KEY_NAMES[:1]
    for name in names:
        key = os.environ.get(name, "").strip()
        if not key:
            continue
        if not key.isascii() or not key.isprintable() or " " in key:
            raise SettingsError(f"the key in {name} holds signs that no key has; set it again")
        return key
    if endpoint.is_openai:
        raise SettingsError(
            f"{url} needs a key and there is none; set {KEY_NAMES[0]} or {KEY_NAMES[1]}, or name "
            "a server of your own (--llm-url)"
        )
    return NO_KEY
