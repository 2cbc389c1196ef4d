"""Questions: what is shown and asked, and the message that asks it.

Prompt and the paper's text in fences come together here, for papers as for worked examples, so
that both look the same. Which parts of a paper are shown lives in ``tasks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from scmine.extractors.llm.answers import (
    CheckAnswer,
    ClaimsAnswer,
    CrystalAnswer,
    LinksAnswer,
    MentionsAnswer,
    TableAnswer,
    WhoseAnswer,
)
from scmine.extractors.llm.cost import TURN_TOKENS, schema_tokens, tokens_of
from scmine.extractors.llm.fencing import fenced, marker_of, shown_text
from scmine.extractors.llm.request import Task
from scmine.prompts.loading import Prompt, load

ANSWERS: Mapping[Task, type[BaseModel]] = {
    Task.CLAIMS: ClaimsAnswer,
    Task.LINKS: LinksAnswer,
    Task.TABLE: TableAnswer,
    Task.CRYSTAL: CrystalAnswer,
    Task.WHOSE: WhoseAnswer,
    Task.CHECK: CheckAnswer,
    Task.MENTIONS: MentionsAnswer,
}
"""The type of each task's answer."""

FENCE_TOKENS = 150
"""Tokens of the fences around three places, and of short facts."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the model takes: ``context_tokens`` for question and answer together, of which
    ``answer_tokens`` are kept for the answer."""

    context_tokens: int = 8192
    answer_tokens: int = 2048

    @property
    def question(self) -> int:
        """Tokens that are left for the question."""
        return max(self.context_tokens - self.answer_tokens, 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A place of the paper as it is shown: its name (``p12``), what it is, and its text.

    Lists that we make of what was found are places too. Only what ``quotable`` says may be quoted.
    """

    name: str
    kind: str
    text: str
    quotable: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """What one request asks: ``about`` are facts of the paper a line each, ``asked`` names in
    words what is asked about, ``words`` are further ones of ours that the prompt has a place for.
    """

    task: Task
    place: str
    asked: str
    places: tuple[Shown, ...]
    about: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the places that may be quoted."""
        return tuple(dict.fromkeys(p.name for p in self.places if p.quotable))


def user_text(question: Question, prompt: Prompt) -> str:
    """The message that asks ``question``: the same words for the same question."""
    places = list(question.places)
    if question.about:
        places.insert(0, Shown("about", "not to be quoted", question.about, quotable=False))
    texts = [_lines(p.text) for p in places]
    marker = marker_of(texts)
    data = "\n\n".join(
        fenced(marker, p.name, p.kind, text) for p, text in zip(places, texts, strict=True)
    )
    values = {"marker": marker, "data": data, "asked": question.asked, **question.words}
    return prompt.fill(values)


def _lines(text: str) -> str:
    """Each line as it may be sent; the breaks between lines are ours."""
    return "\n".join(shown_text(line) for line in text.split("\n"))


def fixed_tokens(task: Task) -> int:
    """Tokens that every question of a task takes, the paper's text aside."""
    prompt = load(task)
    words = tokens_of(prompt.system) + tokens_of(prompt.user)
    return words + schema_tokens(ANSWERS[task]) + 2 * TURN_TOKENS + FENCE_TOKENS
