"""Scores of a language model on annotated papers, and of our own models beside it: by one scorer.

A system's answers become scores by paper, measure and label; all figures follow from these counts,
so that they can be written, read again and compared. What a right mention, link or pair is lives in
``evaluate``, ``link_scores`` and ``tc_pairs``; who is asked, and what it costs, in the pipelines.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scmine.corpora.evaluate import Score, add_scores, score_passage
from scmine.corpora.evaluation import Figures, spans
from scmine.corpora.link_scores import score_found, score_given
from scmine.corpora.predict import TaggedPaper, TaggedPassage
from scmine.corpora.scored import ScoredPaper, Triple
from scmine.corpora.tc_pairs import found_pairs, gold_pairs, score
from scmine.corpora.types import Paper
from scmine.database.record import Record
from scmine.extractors.claim import Label, Mention

PRINTED = 0
"""The order in which a text has its mentions; other orders are shuffled, by their number."""

PAIR = "material-Tc pair"
"""The only label of pairs."""

_LINKED = (
    {Label.MATERIAL, Label.TC_VALUE},
    {Label.TC_VALUE, Label.PRESSURE},
    {Label.TC_VALUE, Label.ME_METHOD},
)


class Measure(StrEnum):
    """What is scored, and how."""

    MENTIONS_EXACT = "mentions_exact"
    MENTIONS_OVERLAP = "mentions_overlap"
    LINKS_PRINTED = "links_printed"
    LINKS_SHUFFLED = "links_shuffled"
    LINKS_FOUND_EXACT = "links_found_exact"
    LINKS_FOUND_OVERLAP = "links_found_overlap"
    PAIRS_STRICT = "pairs_strict"
    PAIRS_LENIENT = "pairs_lenient"


Labelled = dict[str, Score]
"""Scores by label; `scmine.corpora.evaluate.add_scores` adds the sum."""

PaperScores = dict[str, Labelled]
"""Those of one paper by measure. One shuffled order alone is ``links_shuffled_1`` and so on."""


@dataclass(slots=True)
class SystemScores:
    """The counts of one system by paper, measure and label."""

    name: str
    papers: dict[str, PaperScores] = field(default_factory=dict)

    def add(self, stem: str, scores: PaperScores) -> None:
        """Add the scores of some measures of a paper."""
        self.papers.setdefault(stem, {}).update(scores)

    def measured(self) -> list[str]:
        """The measures that some paper has, in the order of ``Measure``; single orders last."""
        there = {measure for scores in self.papers.values() for measure in scores}
        known = [str(measure) for measure in Measure if measure in there]
        return known + sorted(there - set(known))

    def of(self, measure: str, stems: Iterable[str] | None = None) -> dict[str, Labelled]:
        """The scores of a measure by paper, of those ``stems`` that have it."""
        chosen = sorted(self.papers if stems is None else stems)
        return {
            stem: self.papers[stem][measure]
            for stem in chosen
            if measure in self.papers.get(stem, {})
        }

    def figures(self, measure: str) -> Figures:
        """Percentages by label with intervals; the measure must be one of ``measured``."""
        return Figures.of(list(self.of(measure).values()))

    def to_json(self) -> dict[str, Any]:
        """All counts, and the figures that follow from them."""
        return {
            "name": self.name,
            "figures": {m: self.figures(m).to_json() for m in self.measured()},
            "papers": {
                stem: {
                    measure: {
                        label: [s.right, s.predicted, s.gold, s.found]
                        for label, s in labelled.items()
                    }
                    for measure, labelled in scores.items()
                }
                for stem, scores in sorted(self.papers.items())
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SystemScores:
        """What ``to_json`` gave; figures are taken anew from the counts.

        Raises
        ------
        KeyError, TypeError, ValueError
            If ``data`` is of another form.
        """
        papers = {
            str(stem): {
                str(measure): {
                    str(label): Score(*map(int, counts)) for label, counts in labelled.items()
                }
                for measure, labelled in scores.items()
            }
            for stem, scores in dict(data["papers"]).items()
        }
        return cls(str(data["name"]), papers)


def shuffled(count: int, order: int, stem: str, passage: int) -> list[int]:
    """The indices of ``count`` mentions of a passage in an order, always the same one.

    >>> shuffled(4, PRINTED, "paper", 3)
    [0, 1, 2, 3]
    >>> shuffled(4, 1, "paper", 3) == shuffled(4, 1, "paper", 3)
    True
    """
    if order == PRINTED:
        return list(range(count))
    return random.Random(f"{order} {stem} {passage}").sample(range(count), count)


def can_link(mentions: Iterable[Mention]) -> bool:
    """Whether two of ``mentions`` have labels that SuperMat links."""
    labels = {mention.label for mention in mentions}
    return any(pair <= labels for pair in _LINKED)


def mention_scores(gold: ScoredPaper, found: Sequence[Sequence[Mention]]) -> PaperScores:
    """The scores of the mentions found in each passage, as those of our taggers are counted."""
    tagged = _tagged(gold, found=found)
    return {
        measure: add_scores(score_passage(*spans(p), exact=exact) for p in tagged.passages)
        for measure, exact in (
            (str(Measure.MENTIONS_EXACT), True),
            (str(Measure.MENTIONS_OVERLAP), False),
        )
    }


def given_link_scores(
    gold: ScoredPaper, by_order: Mapping[int, Sequence[Iterable[Triple]]]
) -> PaperScores:
    """The scores of links between gold mentions, given in one order or in several.

    ``by_order`` has links of each passage by the gold's own indices. Shuffled orders are scored
    one by one and, their counts added up, as one.
    """
    scores: PaperScores = {}
    shuffles: list[Labelled] = []
    for order, links in by_order.items():
        found = score_given(_tagged(gold, given=links))
        if order == PRINTED:
            scores[Measure.LINKS_PRINTED] = found
        else:
            scores[f"{Measure.LINKS_SHUFFLED}_{order}"] = found
            shuffles.append(found)
    if shuffles:
        scores[Measure.LINKS_SHUFFLED] = add_scores(shuffles)
    return scores


def found_link_scores(
    gold: ScoredPaper, found: Sequence[Sequence[Mention]], links: Sequence[Iterable[Triple]]
) -> PaperScores:
    """The scores of links between mentions that were found; ``links`` have their indices."""
    tagged = _tagged(gold, found=found, joined=links)
    return {
        Measure.LINKS_FOUND_EXACT: score_found(tagged, exact=True),
        Measure.LINKS_FOUND_OVERLAP: score_found(tagged, exact=False),
    }


def pair_scores(paper: Paper, records: Iterable[Record]) -> PaperScores:
    """The scores of a paper's material–Tc pairs, as end-to-end results are counted."""
    outcome = score(paper.stem, gold_pairs(paper), found_pairs(records))
    return {
        measure: add_scores([{PAIR: Score(hits, outcome.found, outcome.gold, hits)}])
        for measure, hits in (
            (str(Measure.PAIRS_STRICT), outcome.hits),
            (str(Measure.PAIRS_LENIENT), outcome.lenient_hits),
        )
    }


def _tagged(
    gold: ScoredPaper,
    found: Sequence[Sequence[Mention]] | None = None,
    given: Sequence[Iterable[Triple]] | None = None,
    joined: Sequence[Iterable[Triple]] | None = None,
) -> TaggedPaper:
    """``gold`` with what was found in each passage, in the form that scorers take."""
    count = len(gold.passages)
    nothing: list[tuple[()]] = [()] * count
    return TaggedPaper(
        gold.stem,
        tuple(
            TaggedPassage(passage, tuple(mentions), frozenset(one), frozenset(other))
            for passage, mentions, one, other in zip(
                gold.passages, found or nothing, given or nothing, joined or nothing, strict=True
            )
        ),
    )
