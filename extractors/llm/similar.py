"""The choice of examples: those most like what is asked.

Likeness is the cosine between counts of runs of letters and signs, rare ones weighing more: cheap,
the same on every machine, and good at formulas. The examples are ours and stand beside the
prompts; that their answers keep the rules is tested. No heavy model is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from scmine.extractors.llm.cost import TURN_TOKENS, tokens_of
from scmine.extractors.llm.questions import Question, user_text
from scmine.extractors.llm.request import Task
from scmine.extractors.llm.worked import worked_examples
from scmine.prompts.loading import Prompt, load

MOST_EXAMPLES = 4
"""Examples that are sent with a question at most."""

MOST_TOKENS = 1600
"""Tokens that examples may take together."""

_RUNS = (3, 4)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example as it is sent: the question in the form of all questions, the answer as
    JSON. ``is_empty`` says that nothing was to be found."""

    name: str
    group: str
    user: str
    answer: str
    runs: Counter[str]
    tokens: int
    is_empty: bool


def examples_for(question: Question, prompt: Prompt, room: int) -> list[Example]:
    """The examples to send along, at most ``room`` tokens; the most alike comes last.

    Among them is one without anything to find, if there is room for two.
    """
    group = question.words.get("scheme", "")
    known = [e for e in _examples(question.task, prompt.version) if e.group == group]
    ranked = _ranked(_text_of(question), known)
    chosen: list[Example] = []
    left = min(room, MOST_TOKENS)
    for example in _with_empty(ranked):
        if len(chosen) < MOST_EXAMPLES and example.tokens <= left:
            chosen.append(example)
            left -= example.tokens
    return sorted(chosen, key=ranked.index, reverse=True)


@cache
def _examples(task: Task, version: int) -> tuple[Example, ...]:
    """The examples of a prompt, in the form in which they are sent."""
    prompt = load(task, version)
    examples = []
    for worked in worked_examples(task, version):
        user, answer = user_text(worked.question, prompt), worked.answer_text
        examples.append(
            Example(
                name=worked.name,
                group=worked.group,
                user=user,
                answer=answer,
                runs=_runs(_text_of(worked.question)),
                tokens=tokens_of(user) + tokens_of(answer) + 2 * TURN_TOKENS,
                is_empty=worked.is_empty,
            )
        )
    return tuple(examples)


def _text_of(question: Question) -> str:
    """What a question is compared by: the places of the paper that it shows."""
    return " ".join(p.text for p in question.places if p.quotable)


def _with_empty(ranked: Sequence[Example]) -> list[Example]:
    """``ranked`` with the best example that has no answer moved to the second place."""
    empty = next((e for e in ranked if e.is_empty), None)
    if empty is None or empty in ranked[:2]:
        return list(ranked)
    rest = [e for e in ranked if e is not empty]
    return [*rest[:1], empty, *rest[1:]]


def _ranked(asked: str, examples: Sequence[Example]) -> list[Example]:
    """``examples``, the most alike first; by name where they are equally alike."""
    if not examples:
        return []
    counts = [e.runs for e in examples]
    spread = Counter(run for c in counts for run in c)
    weights = {run: math.log(1 + len(examples) / n) for run, n in spread.items()}
    query = _weighed(_runs(asked), weights)
    scores = [_cosine(query, _weighed(c, weights)) for c in counts]
    order = sorted(range(len(examples)), key=lambda i: (-round(scores[i], 12), examples[i].name))
    return [examples[i] for i in order]


def _runs(text: str) -> Counter[str]:
    plain = " ".join(text.lower().split())
    return Counter(plain[i : i + n] for n in _RUNS for i in range(len(plain) - n + 1))


def _weighed(counts: Counter[str], weights: Mapping[str, float]) -> dict[str, float]:
    return {r: (1 + math.log(n)) * weights[r] for r, n in counts.items() if r in weights}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = math.fsum(w * other[r] for r, w in one.items() if r in other)
    sizes = math.sqrt(math.fsum(w * w for w in one.values()))
    sizes *= math.sqrt(math.fsum(w * w for w in other.values()))
    return shared / sizes if sizes else 0.0
