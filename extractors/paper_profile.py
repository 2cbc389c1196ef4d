"""Paper profiles: what a whole paper tells about any claim in it.

Theory or experiment, review or not, where it turns from what is known to its own work, what its
title and abstract state. Reading a single claim lives in ``whose_features`` and ``whose_claim``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.citations import (
    citation_offsets,
    cites_in_round_brackets,
    whose_words,
)
from scmine.extractors.document import Document, Passage, PassageKind

FRONT_SHARE = 0.45
"""The part of a paper in which the turn to its own work is looked for."""

TITLE_WEIGHT = 4
"""A word of the title says as much about the kind of paper as so many of the body."""

_NUMBER = re.compile(r"(?<![\w.])\d{1,4}(?:\.\d{1,4})?(?=\s?(?:m?K\b|GPa|-K\b))")


@dataclass(frozen=True, slots=True)
class PaperProfile:
    """What is known of a paper before a claim in it is read.

    Attributes
    ----------
    theory
        Between 0 (an experiment) and 1 (a calculation), 0.5 where nothing tells.
    is_review
        Whether it reports the work of others.
    citations
        The characters before which citations stand, passage by passage.
    title, abstract
        Their letters and digits.
    own_values
        The temperatures and pressures of the abstract, as printed without unit.
    turn
        The passage (by its place in the paper) and character from which it tells of its own work;
        None if nothing says so.
    order
        The place of each passage in the paper, by its text.
    headed
        Whether its sections are known by name.
    words_of_work
        Words of theory and experiment in a thousand characters of the body.
    body
        The letters and digits of all passages.
    """

    theory: float
    is_review: bool
    citations: tuple[tuple[int, ...], ...]
    title: str
    abstract: str
    own_values: frozenset[str]
    turn: tuple[int, int] | None
    order: dict[str, int]
    headed: bool
    words_of_work: float
    body: str

    @classmethod
    def of(cls, document: Document) -> PaperProfile:
        """The profile of ``document``."""
        passages = document.passages
        front = [p.text for p in passages if p.kind is PassageKind.ABSTRACT]
        title = document.metadata.title or " ".join(
            p.text for p in passages if p.kind is PassageKind.TITLE
        )
        abstract = " ".join(front)
        headed = any(_kind_of(p.section) == "introduction" for p in passages)
        theory, experiment = _counts(passages)
        rounds = cites_in_round_brackets(passages)
        thousands = max(1.0, sum(len(p.text) for p in passages) / 1000)
        return cls(
            theory=_theory(title, abstract, theory, experiment),
            is_review=_is_review(title, abstract),
            citations=tuple(tuple(citation_offsets(p, round_brackets=rounds)) for p in passages),
            title=bare(title),
            abstract=bare(abstract),
            own_values=frozenset(_NUMBER.findall(f"{title} {abstract}")),
            turn=_turn(passages),
            order={p.text: i for i, p in reversed(list(enumerate(passages)))},
            headed=headed,
            words_of_work=(theory + experiment) / thousands,
            body=bare(" ".join(p.text for p in passages)),
        )

    def place_of(self, passage: Passage) -> int | None:
        """The place of ``passage`` in the paper, counted from 0."""
        return self.order.get(passage.text)

    def citations_of(self, passage: Passage) -> tuple[int, ...]:
        """The characters of ``passage`` before which citations stand; none if it is unknown."""
        place = self.place_of(passage)
        return self.citations[place] if place is not None else ()

    def section_of(self, passage: Passage) -> str:
        """``abstract``, ``introduction``, ``methods``, ``results``, ``conclusion`` or nothing."""
        if passage.kind in (PassageKind.ABSTRACT, PassageKind.TITLE):
            return "abstract"
        return _kind_of(passage.section)


def _kind_of(section: str) -> str:
    """What a heading announces; nothing if it is of no known kind."""
    for name, pattern in whose_words()["sections"].items():
        if pattern.search(section):
            return name
    return ""


def bare(text: str) -> str:
    """The letters and digits of ``text``, in lower case.

    >>> bare("La2−xSrx CuO4")
    'la2xsrxcuo4'
    """
    return "".join(c for c in text.lower() if c.isalnum())


def _counts(passages: Sequence[Passage]) -> tuple[int, int]:
    """How many words of theory and of experiment stand in the body."""
    words = whose_words()["paper"]
    body = [p.text for p in passages if p.kind is not PassageKind.HEADING]
    return (
        sum(len(words["theory"].findall(t)) for t in body),
        sum(len(words["experiment"].findall(t)) for t in body),
    )


def _theory(title: str, abstract: str, theory: int, experiment: int) -> float:
    """The share of words of theory among those that tell theory from experiment."""
    words = whose_words()["paper"]
    theory += TITLE_WEIGHT * len(words["theory_title"].findall(title))
    theory += 2 * len(words["theory"].findall(abstract))
    experiment += 2 * len(words["experiment"].findall(abstract))
    return (theory + 1) / (theory + experiment + 2)


def _is_review(title: str, abstract: str) -> bool:
    words = whose_words()["paper"]
    return bool(words["review"].search(title) or words["review_abstract"].search(abstract))


def _turn(passages: Sequence[Passage]) -> tuple[int, int] | None:
    """Where the body first says that it now tells of its own work."""
    words = whose_words()["announcement"]
    body = [i for i, p in enumerate(passages) if p.kind is PassageKind.PARAGRAPH]
    for i in body[: max(3, int(FRONT_SHARE * len(body)))]:
        found = words["own"].search(passages[i].text)
        if found:
            return i, passages[i].sentence_at(found.start())[0]
    for i in body:
        found = words["work"].search(passages[i].text)
        if found:
            return i, 0
    return None
