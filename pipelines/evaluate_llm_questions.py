"""What a language model is asked when it is measured, and how its answers are read.

Requests come from ``scmine.extractors.llm.tasks`` and answers are checked by
``scmine.extractors.llm.evidence``, as in ``scmine ingest``: what is measured is what is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scmine.corpora.llm_scores import PRINTED, can_link
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.scored import Triple
from scmine.database.record import Record
from scmine.extractors.claim import Claim, Label, Link, Mention
from scmine.extractors.llm.answers import ClaimsAnswer, LinksAnswer, MentionsAnswer
from scmine.extractors.llm.evidence import check_claims, check_links, check_mentions
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.request import Reply, Request
from scmine.extractors.llm.tasks import claims_request, links_request, mentions_request
from scmine.pipelines.evaluate_llm_cost import Tally
from scmine.pipelines.evaluate_llm_papers import (
    Measured,
    MeasuredPaper,
    records_of_answers,
    triples,
)

if TYPE_CHECKING:
    from scmine.pipelines.settings import Settings

LABELS = (
    Label.MATERIAL,
    Label.CLASS,
    Label.TC,
    Label.TC_VALUE,
    Label.PRESSURE,
    Label.ME_METHOD,
)
"""SuperMat's six."""

_EXAMPLE = ("user", "assistant")


class Kind(StrEnum):
    """What a request is for, as costs are told."""

    MENTIONS = "mentions"
    LINKS = "links, printed order"
    SHUFFLED = "links, shuffled"
    LINKS_FOUND = "links between found mentions"
    CLAIMS = "claims"


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked about one passage of one paper, for one purpose.

    ``paper`` and ``passage`` count from 0 in the papers measured and in the paper's document;
    ``order`` is that in which mentions are given. Long passages take several ``requests``.
    """

    kind: Kind
    paper: int
    passage: int
    requests: tuple[Request, ...]
    order: int = PRINTED


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions for a model that takes ``context_tokens``, its answer of at most
    ``answer_tokens`` among them; ``similar`` shows it our examples that fit best."""

    context_tokens: int
    answer_tokens: int
    similar: bool = True
    _facts: dict[str, PaperFacts] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, settings: Settings, *, similar: bool = True) -> Questions:
        """The questions for the model of the settings."""
        return cls(settings.llm_context_tokens, settings.llm_answer_tokens, similar)

    def as_before(self, made: Mapping[str, Any]) -> Questions:
        """The questions as they were ``made`` in another run, by what its `to_json` said."""
        return replace(self, **{k: made[k] for k in self.to_json() if k in made}, _facts={})

    def to_json(self) -> dict[str, Any]:
        """How the questions are made."""
        return {
            "context_tokens": self.context_tokens,
            "answer_tokens": self.answer_tokens,
            "similar": self.similar,
        }

    def first(
        self, papers: Sequence[MeasuredPaper], tasks: Iterable[Measured], orders: Iterable[int]
    ) -> list[Job]:
        """All that can be asked at once; ``orders`` are the shuffled ones."""
        tasks, orders = set(tasks), tuple(orders)
        jobs: list[Job] = []
        for number, paper in enumerate(papers):
            if tasks & {Measured.MENTIONS, Measured.LINKS_FOUND}:
                jobs += self._mentions(number, paper)
            if Measured.LINKS in tasks:
                jobs += self._links(number, paper, orders)
            if Measured.CLAIMS in tasks:
                jobs += self._claims(number, paper)
        return jobs

    def between_found(
        self,
        papers: Sequence[MeasuredPaper],
        found: Mapping[str, Sequence[Sequence[Mention]]],
    ) -> list[Job]:
        """What is asked about links between the mentions ``found`` in each paper."""
        return [
            self._link_job(Kind.LINKS_FOUND, number, paper, passage, mentions)
            for number, paper in enumerate(papers)
            for passage, mentions in enumerate(found[paper.stem])
            if can_link(mentions)
        ]

    def _mentions(self, number: int, paper: MeasuredPaper) -> Iterator[Job]:
        for i, passage in enumerate(paper.document.passages):
            requests = mentions_request(
                passage,
                SUPERMAT,
                place=f"p{i}",
                doc_id=paper.document.doc_id,
                context_tokens=self.context_tokens,
                answer_tokens=self.answer_tokens,
            )
            yield Job(Kind.MENTIONS, number, i, self._shown(requests))

    def _links(self, number: int, paper: MeasuredPaper, orders: Iterable[int]) -> Iterator[Job]:
        for order in (PRINTED, *orders):
            kind = Kind.LINKS if order == PRINTED else Kind.SHUFFLED
            for i in paper.linkable():
                given = paper.in_order(i, order)
                yield self._link_job(kind, number, paper, i, given, order)

    def _link_job(
        self,
        kind: Kind,
        number: int,
        paper: MeasuredPaper,
        passage: int,
        mentions: Sequence[Mention],
        order: int = PRINTED,
    ) -> Job:
        requests = links_request(
            paper.document.passages[passage],
            mentions,
            place=f"p{passage}",
            doc_id=paper.document.doc_id,
            context_tokens=self.context_tokens,
            answer_tokens=self.answer_tokens,
        )
        return Job(kind, number, passage, self._shown(requests), order)

    def _claims(self, number: int, paper: MeasuredPaper) -> Iterator[Job]:
        """A passage without any digit states no Tc that could be scored, and is not asked."""
        for i, passage in enumerate(paper.document.passages):
            if not re.search(r"\d", passage.text):
                continue
            requests = claims_request(
                paper.document,
                i,
                facts=self._facts_of(paper),
                context_tokens=self.context_tokens,
                answer_tokens=self.answer_tokens,
            )
            yield Job(Kind.CLAIMS, number, i, self._shown(requests))

    def _facts_of(self, paper: MeasuredPaper) -> PaperFacts:
        if paper.stem not in self._facts:
            found = [paper.findings.mentions(i) for i in range(len(paper.document.passages))]
            self._facts[paper.stem] = PaperFacts.of(paper.document, found)
        return self._facts[paper.stem]

    def _shown(self, requests: Iterable[Request]) -> tuple[Request, ...]:
        """The requests, without their examples if none are to be shown."""
        return tuple(r if self.similar else without_examples(r) for r in requests)


def without_examples(request: Request) -> Request:
    """``request`` without the turns between its instructions and its question."""
    head = [message for message in request.messages[:-1] if message.role not in _EXAMPLE]
    return replace(request, messages=(*head, request.messages[-1]))


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads answers: what the evidence rule lets through, counted in ``tallies``.

    A request that ended without an answer gives nothing.
    """

    replies: Callable[[Job], Sequence[Reply]]
    tallies: MutableMapping[Kind, Tally]

    def mentions(
        self, papers: Sequence[MeasuredPaper], jobs: Iterable[Job]
    ) -> dict[str, list[list[Mention]]]:
        """The mentions found in each passage of the papers, by stem."""
        found: dict[str, list[list[Mention]]] = {
            paper.stem: [[] for _ in paper.document.passages] for paper in papers
        }
        for job in jobs:
            if job.kind is Kind.MENTIONS:
                paper = papers[job.paper]
                found[paper.stem][job.passage] = self._mentions(paper, job)
        return found

    def links_given(
        self, paper: MeasuredPaper, jobs: Sequence[Job], orders: Iterable[int]
    ) -> dict[int, list[set[Triple]]]:
        """The links between gold mentions of each passage, by the order they were given in."""
        found: dict[int, list[set[Triple]]] = {
            order: [set() for _ in paper.document.passages] for order in orders
        }
        for job in jobs:
            if job.kind in (Kind.LINKS, Kind.SHUFFLED):
                links = self._links(paper, job, paper.in_order(job.passage, job.order))
                found[job.order][job.passage] = paper.gold_triples(job.passage, job.order, links)
        return found

    def links_found(
        self, paper: MeasuredPaper, jobs: Sequence[Job], mentions: Sequence[Sequence[Mention]]
    ) -> list[set[Triple]]:
        """The links of each passage between the mentions found there."""
        found: list[set[Triple]] = [set() for _ in paper.document.passages]
        for job in jobs:
            if job.kind is Kind.LINKS_FOUND:
                found[job.passage] = triples(self._links(paper, job, mentions[job.passage]))
        return found

    def records(self, paper: MeasuredPaper, jobs: Sequence[Job], extractor: str) -> list[Record]:
        """The records that the claims of all passages make."""
        placed: list[tuple[Claim, int | None]] = []
        for job in jobs:
            if job.kind is not Kind.CLAIMS:
                continue
            for reply in self.replies(job):
                if not isinstance(reply.answer, ClaimsAnswer):
                    continue
                checked = check_claims(
                    reply.answer,
                    paper.document,
                    shown=reply.request.shown,
                    extractor=extractor,
                    findings=paper.findings,
                )
                placed += checked.claims
                kept = sum(len(claim.values) for claim, _ in checked.claims)
                self.tallies[job.kind].checked(kept, (d.reason.value for d in checked.dropped))
        return records_of_answers(paper, placed, extractor)

    def _mentions(self, paper: MeasuredPaper, job: Job) -> list[Mention]:
        passage = paper.document.passages[job.passage]
        found: dict[tuple[int, int, str], Mention] = {}
        for reply in self.replies(job):
            if isinstance(reply.answer, MentionsAnswer):
                mentions, dropped = check_mentions(reply.answer, passage, LABELS)
                found |= {(m.start, m.end, m.label): m for m in mentions}
                self.tallies[job.kind].checked(len(mentions), (d.reason.value for d in dropped))
        return [found[key] for key in sorted(found)]

    def _links(self, paper: MeasuredPaper, job: Job, mentions: Sequence[Mention]) -> list[Link]:
        passage = paper.document.passages[job.passage]
        found: list[Link] = []
        for reply in self.replies(job):
            if isinstance(reply.answer, LinksAnswer):
                links, dropped = check_links(reply.answer, passage, mentions)
                found += links
                self.tallies[job.kind].checked(len(links), (d.reason.value for d in dropped))
        return found
