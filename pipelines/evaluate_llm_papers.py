"""The papers that a language model is measured on, and what our own models make of them.

Gold passages become a document, so that claims go through the same steps as those of a paper that
was read. Which papers are chosen is said in ``scmine.corpora.held_out``; how answers are scored, in
``scmine.corpora.llm_scores``.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scmine.corpora.llm_scores import (
    PRINTED,
    PaperScores,
    SystemScores,
    can_link,
    found_link_scores,
    given_link_scores,
    mention_scores,
    pair_scores,
    shuffled,
)
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.scored import ScoredPaper, Triple, scored_paper
from scmine.corpora.types import Paper
from scmine.database.record import Record
from scmine.extractors.claim import Claim, Link, Linker, Mention, Tagger
from scmine.extractors.coherence import one_story
from scmine.extractors.document import Document
from scmine.extractors.extract import extract, warm_up
from scmine.extractors.llm.findings import Findings
from scmine.extractors.merging import place_of
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.records import records_of

OURS = "scmine"
"""The name of our own models among the systems."""


class Measured(StrEnum):
    """What a language model can be measured in."""

    MENTIONS = "mentions"
    LINKS = "links"
    LINKS_FOUND = "links-found"
    CLAIMS = "claims"


@dataclass(frozen=True, slots=True)
class MeasuredPaper:
    """An annotated paper in the forms that scorers, requests and extraction want."""

    paper: Paper
    gold: ScoredPaper
    document: Document
    findings: Findings

    @classmethod
    def of(cls, paper: Paper) -> MeasuredPaper:
        """``paper`` in these forms; the document has its passages in their order.

        ``findings`` are what our tagger finds in it: as in ``ingest``, names and open formulas
        are resolved by them, whoever read the claims.
        """
        gold = scored_paper(SUPERMAT, paper)
        source = paper.source or paper.stem.encode()
        document = Document(
            doc_id=hashlib.sha256(source).hexdigest(),
            path=f"{paper.stem}.tei.xml",
            reader=SUPERMAT,
            passages=tuple(p.passage for p in gold.passages),
        )
        return cls(paper, gold, document, Findings(document))

    @property
    def stem(self) -> str:
        """The paper's name."""
        return self.paper.stem

    def linkable(self) -> list[int]:
        """The passages whose gold mentions may be linked."""
        return [i for i, p in enumerate(self.gold.passages) if can_link(p.mentions)]

    def order(self, passage: int, order: int) -> list[int]:
        """The indices of a passage's gold mentions in an order (``PRINTED`` or a shuffle)."""
        return shuffled(len(self.gold.passages[passage].mentions), order, self.stem, passage)

    def in_order(self, passage: int, order: int) -> list[Mention]:
        """The gold mentions of a passage in an order."""
        mentions = self.gold.passages[passage].mentions
        return [mentions[i] for i in self.order(passage, order)]

    def gold_triples(self, passage: int, order: int, links: Iterable[Link]) -> set[Triple]:
        """Links between mentions given in an order, by the gold's own indices."""
        at = self.order(passage, order)
        return {(str(link.label), at[link.head], at[link.tail]) for link in links}


def triples(links: Iterable[Link]) -> set[Triple]:
    """Links as scorers take them."""
    return {(str(link.label), link.head, link.tail) for link in links}


def our_scores(
    papers: Sequence[MeasuredPaper],
    tasks: Sequence[Measured],
    orders: Sequence[int],
    models: tuple[Tagger, Linker],
    done: Callable[[int], None],
) -> tuple[SystemScores, float]:
    """The scores of our own tagger, linker and extraction, and the seconds they took.

    ``done`` is told how many papers are done. Loading the models is not counted.
    """
    warm_up()
    scores = SystemScores(OURS)
    started = time.perf_counter()
    for number, paper in enumerate(papers, 1):
        scores.add(paper.stem, _our_scores(paper, tasks, orders, *models))
        done(number)
    return scores, time.perf_counter() - started


def _our_scores(
    paper: MeasuredPaper,
    tasks: Sequence[Measured],
    orders: Sequence[int],
    tagger: Tagger,
    linker: Linker,
) -> PaperScores:
    passages = [p.passage for p in paper.gold.passages]
    scores: PaperScores = {}
    if Measured.MENTIONS in tasks or Measured.LINKS_FOUND in tasks:
        found = tagger.tag(passages)
        if Measured.MENTIONS in tasks:
            scores |= mention_scores(paper.gold, found)
        if Measured.LINKS_FOUND in tasks:
            links = [triples(linker.link(p, m)) for p, m in zip(passages, found, strict=True)]
            scores |= found_link_scores(paper.gold, found, links)
    if Measured.LINKS in tasks:
        by_order = {
            order: [
                paper.gold_triples(i, order, linker.link(passage, paper.in_order(i, order)))
                for i, passage in enumerate(passages)
            ]
            for order in (PRINTED, *orders)
        }
        scores |= given_link_scores(paper.gold, by_order)
    if Measured.CLAIMS in tasks:
        scores |= pair_scores(paper.paper, extract(paper.document).records)
    return scores


def records_of_answers(
    paper: MeasuredPaper, placed: Sequence[tuple[Claim, int | None]], version: str
) -> list[Record]:
    """The records that claims of a language model alone make, read and merged as all claims are.

    ``placed`` are claims with the positions of their passages.
    """
    document = paper.document
    claims = [claim for claim, _ in placed]
    profile = PaperProfile.of(document)
    pairs = records_of(claims, document, paper.findings.context, profile, version)
    stated = [r.model_copy(update={"places": [place_of(r, placed[n][1])]}) for r, n in pairs]
    return one_story(stated)
