"""One turn: a model's answer as it comes in, piece by piece or at once.

What is read here comes from a server that may send anything, so nothing is taken on trust: what is
not of the form that OpenAI's API describes is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scmine.extractors.llm.cost import tokens_of

CHARS_PER_TOKEN = 16
"""An answer with more characters than this for each token that it may have is not read on: the
server does not keep to the limit that it was given."""


@dataclass
class Turn:
    """An answer, or the part of it that has come.

    ``tokens_in`` and ``tokens_out`` are None until the server says what it counted. ``finish`` is
    the reason why it ended, by OpenAI's names; None if the server gave none.
    """

    answer_tokens: int
    finish: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    has_begun: bool = False
    _text: list[str] = field(default_factory=list)
    _refusal: list[str] = field(default_factory=list)
    _chars: int = 0

    @property
    def text(self) -> str:
        """What the model said, without the reasoning that was sent apart from it."""
        return _whole("".join(self._text))

    @property
    def refusal(self) -> str:
        """What the model said where it refused; empty if it did not."""
        return _whole("".join(self._refusal))

    @property
    def out(self) -> int:
        """Tokens of the answer: what the server counted, else an estimate from what came."""
        if self.tokens_out is not None:
            return self.tokens_out
        return tokens_of(self.text + self.refusal)

    @property
    def chars(self) -> int:
        """Characters that came, reasoning included."""
        return self._chars

    @property
    def is_too_long(self) -> bool:
        """Whether more came than can be an answer."""
        return self._chars > CHARS_PER_TOKEN * self.answer_tokens

    def take(self, data: object) -> None:
        """Add a piece of a stream, or a whole completion."""
        if not isinstance(data, Mapping):
            return
        self._count(data.get("usage"))
        for choice in _mappings(data.get("choices")):
            if choice.get("index") not in (0, None):
                continue
            self.has_begun = True
            said = choice.get("delta") or choice.get("message")
            if isinstance(said, Mapping):
                self._hear(said)
            reason = choice.get("finish_reason")
            self.finish = reason if isinstance(reason, str) and reason else self.finish

    def _hear(self, said: Mapping[str, Any]) -> None:
        for name in ("content", "refusal", "reasoning_content", "reasoning"):
            text = said.get(name)
            if not isinstance(text, str):
                continue
            self._chars += len(text)
            if name == "content":
                self._text.append(text)
            elif name == "refusal":
                self._refusal.append(text)

    def _count(self, usage: object) -> None:
        if not isinstance(usage, Mapping):
            return
        sent, answered = usage.get("prompt_tokens"), usage.get("completion_tokens")
        if _is_count(sent) and _is_count(answered):
            self.tokens_in, self.tokens_out = sent, answered


def _whole(text: str) -> str:
    """``text`` with halves of characters put together, or replaced: no file takes them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a list; nothing if it is none."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield item
