"""Everything that is scored of tagged papers, as one typed object that JSON can say.

Counting lives in ``evaluate`` (mentions), ``link_scores`` and ``confusion``; this module only puts
figures together. Printing them is the command line's affair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scmine.corpora.confusion import Confusion, confusion
from scmine.corpora.error_cases import ErrorCase, sample_errors
from scmine.corpora.evaluate import (
    Intervals,
    Score,
    add_scores,
    intervals,
    score_passage,
)
from scmine.corpora.link_scores import score_events, score_found, score_given
from scmine.corpora.loading import SC_COMICS
from scmine.corpora.predict import TaggedPaper, TaggedPassage
from scmine.corpora.projection import ProjectionReport
from scmine.corpora.sc_comics import MAIN, scoring_label
from scmine.corpora.scored import LabelledSpan, labelled_spans

WAYS = ("exact", "overlap")
_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """Scores by label and over all as ``micro``, with their 95 % intervals."""

    scores: Mapping[str, Score]
    intervals: Mapping[str, Intervals]

    @classmethod
    def of(cls, papers: Sequence[dict[str, Score]]) -> Figures:
        """The figures of papers, each given as its scores by label."""
        return cls(add_scores(papers), intervals(papers))

    def to_json(self) -> dict[str, Any]:
        """Counts and percentages by label."""
        return {label: self._label_json(label, score) for label, score in self.scores.items()}

    def _label_json(self, label: str, score: Score) -> dict[str, Any]:
        named = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
        bounds = self.intervals[label]._asdict()
        return {
            **{name: round(value, _DIGITS) for name, value in named.items()},
            **{
                f"{name}_interval": [round(bound, _DIGITS) for bound in ends]
                for name, ends in bounds.items()
            },
            **asdict(score),
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """What was scored.

    Attributes
    ----------
    form
        ``printed``, ``reading`` or ``pdf``.
    model
        The tagger's folder, ``packaged`` if it is the one that ships.
    papers, papers_left_out
        How many papers of each part of the split were scored, and how many were not.
    """

    corpus: str
    folder: str
    split: str
    form: str
    model: str
    papers: Mapping[str, int]
    papers_left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a tagger and a linker score on some papers of a corpus.

    Attributes
    ----------
    mentions, main
        By way of counting, ``exact`` and ``overlap``. SC-CoMIcs counts ``Main`` as ``Element``;
        ``main`` is about those alone, None for other corpora.
    links_given, events
        Links and whole doping events between gold mentions.
    links_found
        Links between found mentions, by way of counting.
    unscored_links
        Links by label that run from one passage to another, or were lost on the way to a PDF.
    """

    setting: Setting
    mentions: Mapping[str, Figures]
    main: Mapping[str, Figures] | None
    confusion: Confusion
    links_given: Figures
    links_found: Mapping[str, Figures]
    events: Figures | None
    unscored_links: Counter[str]
    projection: ProjectionReport | None
    errors: tuple[ErrorCase, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; percentages have two decimals."""
        main = None
        if self.main is not None:
            main = {way: figures.to_json() for way, figures in self.main.items()}
        return {
            **asdict(self.setting),
            "mentions": {way: figures.to_json() for way, figures in self.mentions.items()},
            "main_material": main,
            "confusion": self.confusion.rows(),
            "links_between_gold_mentions": self.links_given.to_json(),
            "doping_events_between_gold_mentions": self.events and self.events.to_json(),
            "links_between_found_mentions": {
                way: figures.to_json() for way, figures in self.links_found.items()
            },
            "links_not_scored": dict(sorted(self.unscored_links.items())),
            "projection": self.projection and self.projection.to_json(),
            "errors": [asdict(case) for case in self.errors],
        }


def evaluation(
    setting: Setting,
    papers: Sequence[TaggedPaper],
    unscored: Counter[str],
    projection: ProjectionReport | None = None,
    errors: int = 0,
) -> Evaluation:
    """The scores of ``papers``, which must be at least one; ``errors`` are to be sampled."""
    is_abstracts = setting.corpus == SC_COMICS
    return Evaluation(
        setting=setting,
        mentions={way: _mention_figures(papers, way) for way in WAYS},
        main={way: _mention_figures(papers, way, MAIN) for way in WAYS} if is_abstracts else None,
        confusion=confusion(spans(p) for paper in papers for p in paper.passages),
        links_given=Figures.of([score_given(p) for p in papers]),
        links_found={
            way: Figures.of([score_found(p, exact=way == "exact") for p in papers]) for way in WAYS
        },
        events=Figures.of([score_events(p) for p in papers]) if is_abstracts else None,
        unscored_links=unscored,
        projection=projection,
        errors=tuple(sample_errors(papers, errors)),
    )


def spans(passage: TaggedPassage) -> tuple[list[LabelledSpan], list[LabelledSpan]]:
    """Gold and found spans of a passage, as they are compared."""
    text = passage.gold.text
    return labelled_spans(text, passage.gold.mentions), labelled_spans(text, passage.found)


def _mention_figures(papers: Sequence[TaggedPaper], way: str, only: str | None = None) -> Figures:
    """The figures of all labels, main materials among the elements, or of the label ``only``."""
    by_paper = []
    for paper in papers:
        parts = []
        for passage in paper.passages:
            gold, found = (
                [
                    (start, end, scoring_label(label) if only is None else label)
                    for start, end, label in side
                    if only in (None, label)
                ]
                for side in spans(passage)
            )
            parts.append(score_passage(gold, found, exact=way == "exact"))
        by_paper.append(add_scores(parts))
    return Figures.of(by_paper)
