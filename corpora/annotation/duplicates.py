"""Units that say the same twice: the first is kept, and of the others it is known why they went.

A paper that is there as TEI and as PDF gives most of its sentences twice, with other blanks,
dashes, ligatures and marks of citations (``[20–25]``, ``[20][21]``). Texts are the same if they are
equal but for those, or if their n-grams nearly all agree; texts with different numbers are never
the same, since a number is what a claim is about. Alike pairs are found exactly, by a set
similarity join over rare n-grams (Bayardo, Ma and Srikant, WWW 2007).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scmine.corpora.annotation.grams import Grams, hashed_grams

ALIKE = 0.85
"""Common n-grams over all n-grams of both from which two texts count as the same."""
GRAM = 5
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CITATION = re.compile(r"\[\d{1,2}(?:\s?[,–-]\s?\d{1,2})*\]")  # and not [110], a direction
_LETTERS = re.compile(r"[\W_]+")


class Sameness(StrEnum):
    """How a text is the same as one before it."""

    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Text ``index`` was left out, since text ``kept`` says the same; ``likeness`` up to 1."""

    index: int
    kept: int
    sameness: Sameness
    likeness: float


def find_duplicates(texts: Sequence[str], alike: float = ALIKE) -> list[Duplicate]:
    """The texts that say what an earlier one says, in order; what is kept is never left out.

    >>> found = find_duplicates(["Tc  of MgB2 is 39 K.", "Tc of MgB2 is 39\u2009K.", "Tc is 40 K."])
    >>> [(d.index, d.kept, str(d.sameness)) for d in found]
    [(1, 0, 'exact')]
    """
    bare = [_bare(text) for text in texts]
    numbers = [tuple(_NUMBER.findall(_plain(text))) for text in texts]
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    found: list[Duplicate] = []
    kept: list[int] = []
    for i, key in enumerate(zip(bare, numbers, strict=True)):
        if key in first:
            found.append(Duplicate(i, first[key], Sameness.EXACT, 1.0))
        else:
            first[key] = i
            kept.append(i)
    near = _near([bare[i] for i in kept], [numbers[i] for i in kept], alike)
    originals = {kept[i]: kept[j] for i, j, _ in near}
    found = [
        Duplicate(d.index, originals.get(d.kept, d.kept), d.sameness, d.likeness) for d in found
    ]
    found += [Duplicate(kept[i], kept[j], Sameness.NEAR, round(s, 3)) for i, j, s in near]
    return sorted(found, key=lambda d: d.index)


def _bare(text: str) -> str:
    """A text without what readings of one page differ in: blanks, dashes, ligatures, case."""
    return _LETTERS.sub("", _plain(text)).casefold()


def _plain(text: str) -> str:
    """A text without ligatures and the like, and without citations by number."""
    return _CITATION.sub("", unicodedata.normalize("NFKC", text))


def _near(
    texts: Sequence[str], numbers: Sequence[tuple[str, ...]], alike: float
) -> list[tuple[int, int, float]]:
    """(text, an earlier one that is kept, their likeness) for all with such an earlier one."""
    grams = _grams(texts)
    seen, spread = np.unique(np.concatenate(grams), return_counts=True) if grams else ((), ())
    index: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    found = []
    for i, own in enumerate(grams):
        rare = own[np.argsort(spread[np.searchsorted(seen, own)], kind="stable")]
        # Two sets that are alike enough share one of these, whichever comes first.
        prefix = rare[: len(rare) - math.ceil(alike * len(rare)) + 1]
        keys = [(gram, numbers[i]) for gram in prefix.tolist()]
        candidates = sorted({j for key in keys for j in index.get(key, ())})
        best = max(((_likeness(own, grams[j]), -j) for j in candidates), default=(0.0, 0))
        if best[0] >= alike:
            found.append((i, -best[1], best[0]))
            continue
        for key in keys:
            index.setdefault(key, []).append(i)
    return found


def _grams(texts: Sequence[str]) -> list[Grams]:
    """The n-grams of each text, each once and in order."""
    return [np.unique(hashes) for hashes in hashed_grams([t.ljust(GRAM) for t in texts], GRAM)]


def _likeness(a: Grams, b: Grams) -> float:
    smaller, larger = sorted((len(a), len(b)))
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (smaller + larger - common)
