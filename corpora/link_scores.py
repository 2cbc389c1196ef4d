"""Scores links: precision, recall and F1 by label, between gold mentions and between found ones.

Counting is that of ``evaluate``: a link is right if its label and both its mentions are. What the
links of a corpus are, and which way they point, is known to ``scored``.
"""

from __future__ import annotations

from collections.abc import Iterable

from scmine.corpora.evaluate import Score, add_scores
from scmine.corpora.predict import TaggedPaper, TaggedPassage
from scmine.corpora.sc_comics import scoring_label
from scmine.corpora.scored import ROLES, LabelledSpan, Triple, labelled_spans

SpanLink = tuple[str, LabelledSpan, LabelledSpan]
EVENT = "Doping event"


def score_given(paper: TaggedPaper) -> dict[str, Score]:
    """Scores by label of the links between gold mentions."""
    return add_scores(_by_label(p.gold.links, p.links_given) for p in paper.passages)


def score_events(paper: TaggedPaper) -> dict[str, Score]:
    """Scores of whole doping events between gold mentions: a trigger with all its arguments.

    Events of one trigger are taken together, and those without arguments are left out: nothing in
    the links says that they are there.
    """
    return add_scores(
        _by_label(_events(p.gold.links), _events(p.links_given)) for p in paper.passages
    )


def score_found(paper: TaggedPaper, exact: bool) -> dict[str, Score]:
    """Scores by label of the links between found mentions.

    ``exact`` wants the same bounds and labels of both mentions, else a shared character and the
    labels are enough.
    """
    return add_scores(_found_scores(p, exact) for p in paper.passages)


def _by_label(
    gold: Iterable[tuple[str, object, object]], found: Iterable[tuple[str, object, object]]
) -> dict[str, Score]:
    gold, found = set(gold), set(found)
    scores = {}
    for label in {link[0] for link in gold | found}:
        g = {link for link in gold if link[0] == label}
        f = {link for link in found if link[0] == label}
        right = len(g & f)
        scores[label] = Score(right, len(f), len(g), right)
    return scores


def _events(links: Iterable[Triple]) -> set[tuple[str, int, frozenset[tuple[str, int]]]]:
    arguments: dict[int, set[tuple[str, int]]] = {}
    for label, head, tail in links:
        if label in ROLES:
            arguments.setdefault(head, set()).add((label, tail))
    return {(EVENT, trigger, frozenset(found)) for trigger, found in arguments.items()}


def _found_scores(passage: TaggedPassage, exact: bool) -> dict[str, Score]:
    gold = _span_links(passage, is_gold=True)
    found = _span_links(passage, is_gold=False)
    if exact:
        return _by_label(gold, found)
    scores = {}
    for label in {link[0] for link in gold | found}:
        g = [link for link in gold if link[0] == label]
        f = [link for link in found if link[0] == label]
        right = sum(any(_same(a, b) for b in g) for a in f)
        scores[label] = Score(right, len(f), len(g), sum(any(_same(a, b) for b in f) for a in g))
    return scores


def _span_links(passage: TaggedPassage, *, is_gold: bool) -> set[SpanLink]:
    """The links of a passage with the words that they join."""
    mentions = passage.gold.mentions if is_gold else passage.found
    links = passage.gold.links if is_gold else passage.links_found
    spans = [
        (start, end, scoring_label(label))
        for start, end, label in labelled_spans(passage.gold.text, mentions)
    ]
    return {(label, spans[head], spans[tail]) for label, head, tail in links}


def _same(a: SpanLink, b: SpanLink) -> bool:
    return all(
        x[0] < y[1] and y[0] < x[1] and x[2] == y[2] for x, y in zip(a[1:], b[1:], strict=True)
    )
