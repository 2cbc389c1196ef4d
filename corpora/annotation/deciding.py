"""Which version of a unit counts, where there are several, and why.

What was adjudicated wins. Else annotators have to say the same; where they do not, the unit stays
undecided unless the user names whom to follow, or lets the majority of three or more decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scmine.corpora.annotation.versions import Unit, Version
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link

_FEWEST_FOR_MAJORITY = 3
MAJORITY = "majority"
"""The annotator of a version that was voted on."""


class How(StrEnum):
    """Why a version counts."""

    ADJUDICATED = "adjudicated"
    SINGLE = "single"
    AGREED = "agreed"
    FOLLOWED = "followed"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class Decision:
    """A unit with the version that counts."""

    unit: Unit
    version: Version
    how: How


def decide(unit: Unit, follow: str | None = None, *, majority: bool = False) -> Decision | None:
    """The version of ``unit`` that counts; None where annotators differ and nothing decides.

    Parameters
    ----------
    follow
        The annotator whose version counts where annotators differ.
    majority
        Let more than half of three or more annotators decide on each mention and link. A mention
        or link that exactly half have leaves the unit undecided.
    """
    settled = [v for v in unit.versions if v.adjudicated]
    if settled:
        return Decision(unit, settled[0], How.ADJUDICATED) if _all_same(settled) else None
    versions = unit.independent
    if not versions:
        return None
    if len(versions) == 1:
        return Decision(unit, versions[0], How.SINGLE)
    if _all_same(versions):
        known = next((v for v in versions if v.links is not None), versions[0])
        return Decision(unit, known, How.AGREED)
    for version in versions:
        if version.annotator == follow:
            return Decision(unit, version, How.FOLLOWED)
    if majority and len(versions) >= _FEWEST_FOR_MAJORITY:
        voted = vote(versions)
        return None if voted is None else Decision(unit, voted, How.MAJORITY)
    return None


def vote(versions: Sequence[Version]) -> Version | None:
    """What more than half of the versions say; None where exactly half say something.

    A link stands if more than half of those versions that know links have it, and both its ends
    stand.
    """
    votes = Counter(mark for v in versions for mark in v.marks())
    linking = [v for v in versions if v.links is not None]
    pairs = Counter(pair for v in linking for pair in _pairs(v))
    is_tied = any(2 * n == len(versions) for n in votes.values()) or any(
        2 * n == len(linking) for n in pairs.values()
    )
    if is_tied:
        return None
    kept = sorted(mark for mark, n in votes.items() if 2 * n > len(versions))
    at = {mark: i for i, mark in enumerate(kept)}
    mentions = tuple(
        GoldMention(spans[0][0], spans[-1][1], label, fragments=spans if len(spans) > 1 else ())
        for spans, label in kept
    )
    links = tuple(
        Link(at[head], at[tail], label)
        for (head, tail, label), n in sorted(pairs.items())
        if 2 * n > len(linking) and head in at and tail in at
    )
    return Version(MAJORITY, mentions, links if linking else None)


def _all_same(versions: Sequence[Version]) -> bool:
    return all(a.says_same(b) for i, a in enumerate(versions) for b in versions[i + 1 :])


_Mark = tuple[tuple[tuple[int, int], ...], str]


def _pairs(version: Version) -> frozenset[tuple[_Mark, _Mark, str]]:
    """The links of a version with their ends as mentions are compared."""
    marks = [(m.spans, str(m.label)) for m in version.mentions]
    return frozenset((marks[k.head], marks[k.tail], str(k.label)) for k in version.links or ())
