"""The annotations of tagger and language model made one, with a reason wherever they differ.

Both are taken for voters that err independently: the tagger as often as its score says, the
language model as often as ``LLM_TRUST`` says, whose figure only decides what is shown first and
which of two variants is proposed. The annotator sees the other variant in the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scmine.corpora.exchange.annotated import Annotations, ordered
from scmine.extractors.claim import Link, Mention

LLM_TRUST = 0.7
"""How likely a mention or link of the language model is right. An assumption, not a measurement."""
UNSEEN = 0.3
"""How likely something is that the tagger did not propose but the language model did."""


class Agreement(StrEnum):
    """How a mention or link of the merged annotations came about."""

    BOTH = "both"
    BOUNDS_DIFFER = "bounds_differ"
    LABEL_DIFFERS = "label_differs"
    ONLY_MODEL = "only_model"
    ONLY_LLM = "only_llm"


@dataclass(frozen=True, slots=True)
class Merged:
    """Annotations, how each of their mentions came about, and the corrections they will need.

    ``corrections`` is the expected number of mentions that one of the two got wrong, among those
    on which they differ.
    """

    annotations: Annotations
    agreement: tuple[Agreement, ...] = ()
    corrections: float = 0.0

    def counts(self) -> Mapping[Agreement, int]:
        """How many mentions there are of each kind."""
        return Counter(self.agreement)


@dataclass(slots=True)
class _Slot:
    """A mention on its way into the merged annotations."""

    mention: Mention
    agreement: Agreement
    reasons: list[str] = field(default_factory=list)


def merge_mentions(model: Sequence[Mention], llm: Sequence[Mention]) -> Merged:
    """One list of mentions from two, without links.

    >>> tagger = [Mention(0, 4, "material", "MgB2", 0.9), Mention(9, 13, "tcValue", "39 K", 0.8)]
    >>> other = [Mention(0, 4, "material", "MgB2"), Mention(9, 11, "tcValue", "39")]
    >>> merged = merge_mentions(tagger, other)
    >>> [str(a) for a in merged.agreement], merged.annotations.reasons[1]
    (['both', 'bounds_differ'], "bounds differ: the language model marks '39'")
    """
    slots, left = _matched(model, llm)
    for other in left:
        over = [s for s in slots if _overlap(s.mention, other)]
        if over:
            over[0].reasons.append(f"the language model also marks {_named(other)}")
            if over[0].agreement in (Agreement.BOTH, Agreement.ONLY_MODEL):
                over[0].agreement = Agreement.BOUNDS_DIFFER
        else:
            score = agreed(UNSEEN, LLM_TRUST)
            reason = "only the language model; the tagger marks nothing here"
            slot = _Slot(replace(other, score=score), Agreement.ONLY_LLM, [reason])
            slots.append(slot)
    slots.sort(key=lambda s: (s.mention.start, s.mention.end, s.mention.label))
    annotations = ordered([s.mention for s in slots], (), ["; ".join(s.reasons) for s in slots])
    return Merged(
        annotations,
        tuple(s.agreement for s in slots),
        sum(1 - s.mention.score for s in slots if s.agreement is not Agreement.BOTH),
    )


def merge_links(merged: Merged, model: Sequence[Link], llm: Sequence[Link] | None) -> Merged:
    """The merged mentions with links of both; None if the language model was not asked for them.

    Links name mentions of ``merged`` by their index.
    """
    mine = {(k.head, k.tail, str(k.label)): k for k in model}
    theirs = None if llm is None else {(k.head, k.tail, str(k.label)): k for k in llm}
    links: list[Link] = []
    reasons: list[str] = []
    corrections = merged.corrections
    for key in sorted(mine.keys() | (theirs or {}).keys()):
        if theirs is None:
            links.append(mine[key])
            reasons.append("")
        elif key in mine and key in theirs:
            links.append(replace(mine[key], score=agreed(mine[key].score, LLM_TRUST)))
            reasons.append("")
        elif key in mine:
            links.append(replace(mine[key], score=agreed(mine[key].score, 1 - LLM_TRUST)))
            reasons.append("only the linker; the language model does not link these")
            corrections += 1 - links[-1].score
        else:
            links.append(replace(theirs[key], score=agreed(UNSEEN, LLM_TRUST)))
            reasons.append("only the language model; the linker does not link these")
            corrections += 1 - links[-1].score
    found = merged.annotations
    annotations = ordered(found.mentions, links, found.reasons, reasons)
    return replace(merged, annotations=annotations, corrections=corrections)


def agreed(one: float, other: float) -> float:
    """The probability of what two independent voters hold for true with these probabilities.

    >>> round(agreed(0.9, 0.7), 2), round(agreed(0.9, 0.3), 2)
    (0.95, 0.79)
    """
    both, none = one * other, (1 - one) * (1 - other)
    return round(both / (both + none), 4) if both + none else 0.5


def _matched(model: Sequence[Mention], llm: Sequence[Mention]) -> tuple[list[_Slot], list[Mention]]:
    """The model's mentions, each with the one of the language model nearest to it; the rest."""
    pairs = sorted(
        (
            (-_likeness(mine, theirs), i, j)
            for i, mine in enumerate(model)
            for j, theirs in enumerate(llm)
            if _overlap(mine, theirs)
        ),
    )
    partner: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in partner and j not in partner.values():
            partner[i] = j
    slots = []
    for i, mine in enumerate(model):
        if i not in partner:
            slots.append(_alone(mine))
            continue
        theirs = llm[partner[i]]
        free = not any(_overlap(theirs, m) for j, m in enumerate(model) if j != i)
        slots.append(_paired(mine, theirs, may_replace=free))
    taken = set(partner.values())
    return slots, [theirs for j, theirs in enumerate(llm) if j not in taken]


def _alone(mine: Mention) -> _Slot:
    score = agreed(mine.score, 1 - LLM_TRUST)
    reason = "only the tagger; the language model marks nothing here"
    return _Slot(replace(mine, score=score), Agreement.ONLY_MODEL, [reason])


def _paired(mine: Mention, theirs: Mention, *, may_replace: bool) -> _Slot:
    same_bounds = (mine.start, mine.end) == (theirs.start, theirs.end)
    same_label = str(mine.label) == str(theirs.label)
    if same_bounds and same_label:
        extractor = f"{mine.extractor}+{theirs.extractor}"
        score = agreed(mine.score, LLM_TRUST)
        return _Slot(replace(mine, score=score, extractor=extractor), Agreement.BOTH)
    score = agreed(mine.score, 1 - LLM_TRUST)
    if score >= 0.5 or not may_replace:
        kept, other, who = replace(mine, score=score), theirs, "the language model"
    else:
        kept, other, who = replace(theirs, score=round(1 - score, 4)), mine, "the tagger"
    if same_label:
        return _Slot(kept, Agreement.BOUNDS_DIFFER, [f"bounds differ: {who} marks {other.text!r}"])
    what = f"label differs: {who} says {other.label}"
    if not same_bounds:
        what += f" and marks {other.text!r}"
    return _Slot(kept, Agreement.LABEL_DIFFERS, [what])


def _likeness(a: Mention, b: Mention) -> float:
    """Common characters over all characters of both; same labels break ties."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return common / (max(a.end, b.end) - min(a.start, b.start)) + 0.1 * (a.label == b.label)


def _overlap(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _named(mention: Mention) -> str:
    return f"{mention.text!r} as {mention.label}"
