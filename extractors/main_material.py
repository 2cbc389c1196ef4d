"""Decides which of the materials of an abstract is the one it is about: SC-CoMIcs' ``Main``.

Annotators mark the first mention of that material only, as ``Main``; other mentions and materials
are ``Element``. So the choice is among the different names of an abstract, each at its first
mention, or none of them. What a mention is, is decided before; fitting lives in ``scmine.corpora``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from scmine.extractors.link_model import LinkModel, load_models
from scmine.extractors.sentences import split_sentences
from scmine.extractors.sequence_model import FoundSpan
from scmine.extractors.tokenizer import ELEMENTS, is_formula
from scmine.extractors.words import split_words

MAIN, ELEMENT = "Main", "Element"
MODEL = "main"
_MOST = 6  # a count or rank beyond is "many"
_DOUBT = 0.05  # keeps the network from being certain
_NEAR = 3  # words looked at on either side
_SYMBOL = re.compile("[A-Z][a-z]?")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the places, (start, end), where it is printed, in order."""

    text: str
    places: tuple[tuple[int, int], ...]


def names(text: str, places: Sequence[tuple[int, int]]) -> list[Name]:
    """The different names among ``places`` of an abstract, blanks aside, in order of print."""
    found: dict[str, list[tuple[int, int]]] = {}
    for start, end in sorted(places):
        found.setdefault(re.sub(r"\s+", "", text[start:end]), []).append((start, end))
    return [Name(name, tuple(where)) for name, where in found.items()]


def choices(text: str, found: Sequence[Name]) -> list[dict[str, float]]:
    """The features of each name, and of "none of them" as the last choice."""
    compounds = [i for i, name in enumerate(found) if _looks(name.text) != "element"]
    ranks = {i: rank for rank, i in enumerate(compounds)}
    most = max((len(name.places) for name in found), default=0)
    starts = [start for start, _ in split_sentences(text)]
    symbols = {frozenset(_SYMBOL.findall(name.text)) for name in found}
    rows = []
    for i, name in enumerate(found):
        looks = _looks(name.text)
        rank = ranks.get(i, -1)
        row = {
            f"looks={looks}",
            f"rank={min(i, _MOST)}",
            f"compound={min(rank, _MOST)}",
            f"looks={looks}&compound={min(rank, _MOST)}",
            f"count={min(len(name.places), _MOST)}",
            f"commonest={len(name.places) == most}&compound={min(rank, 2)}",
            f"sentence={min(bisect_right(starts, name.places[0][0]) - 1, _MOST)}",
            f"symbols={min(len(_SYMBOL.findall(name.text)), _MOST)}",
            f"variable={bool(re.search('[xyzδ]', name.text))}",
            f"oxide={bool(re.search('O[0-9xyδ(]*', name.text))}",
            f"within={_within(name, symbols)}",
            f"alone={len(compounds) == 1 and rank == 0}",
            f"name={name.text.lower()}",
            f"name={name.text.lower()}&compound={min(rank, 1)}",
            f"ends={name.text.lower()[-3:]}&compound={min(rank, 1)}",
            *_around(text, *name.places[0]),
        }
        rows.append(dict.fromkeys(sorted(row), 1.0))
    nothing = {"none", f"none&compounds={min(len(compounds), _MOST)}"}
    nothing |= {f"none&has={looks}" for looks in {_looks(name.text) for name in found}}
    return [*rows, dict.fromkeys(sorted(nothing), 1.0)]


def choose_main(text: str, spans: Sequence[FoundSpan]) -> list[FoundSpan]:
    """The spans of an abstract, ``Main`` given to first mentions of its main materials only.

    What the network took for ``Main`` or ``Element`` is weighed with what is typical of a main
    material: the odds of the one are multiplied by those of the other.
    """
    materials = [s for s in spans if s.label in (MAIN, ELEMENT)]
    found = names(text, [(s.start, s.end) for s in materials])
    if not found:
        return list(spans)
    by_place = {(s.start, s.end): s for s in materials}
    model = _loaded()
    shares = model.probabilities(choices(text, found)).astype(np.float64)
    for i, name in enumerate(found):
        first = by_place[name.places[0]]
        main = first.probability if first.label == MAIN else 1 - first.probability
        shares[i] *= (main + _DOUBT) / (1 - main + _DOUBT)
    chosen = {found[i].places[0] for i in model.decide((shares / shares.sum()).astype(np.float32))}
    return [
        s._replace(label=MAIN if (s.start, s.end) in chosen else ELEMENT)
        if s.label in (MAIN, ELEMENT)
        else s
        for s in spans
    ]


@lru_cache(maxsize=1)
def _loaded() -> LinkModel:
    return load_models(files("scmine.extractors") / "models" / "main_material")[MODEL]


def _looks(name: str) -> str:
    """What kind of name it is.

    >>> [_looks(n) for n in ("Zn", "oxygen", "MgB2", "YBCO", "Bi-2212", "Y-Ba-Cu-O", "cuprates")]
    ['element', 'word', 'formula', 'capitals', 'number', 'dashes', 'word']
    """
    if name in ELEMENTS:
        return "element"
    if is_formula(name) or re.search(r"[a-z]?\d", name):
        return "number" if re.search(r"\d{3}", name) else "formula"
    if name.isupper():
        return "capitals"
    if re.search("[A-Z][a-z]?[-–−/]", name):
        return "dashes"
    return "word" if name.isalpha() else "other"


def _within(name: Name, symbols: Set[frozenset[str]]) -> str:
    """Whether the name's symbols are a part of another's, or have another's as a part."""
    mine = frozenset(_SYMBOL.findall(name.text))
    part = any(mine < other for other in symbols)
    whole = any(len(other) > 1 and other < mine for other in symbols)
    return f"{part:d}{whole:d}"


def _around(text: str, start: int, end: int) -> Iterator[str]:
    """The words beside the first mention."""
    before = [w.text.lower() for w in split_words(text[max(0, start - 60) : start])]
    after = [w.text.lower() for w in split_words(text[end : end + 60])]
    for i, word in enumerate(reversed(before[-_NEAR:])):
        yield f"before{i}={word}" if i == 0 else f"before={word}"
    for i, word in enumerate(after[:_NEAR]):
        yield f"after{i}={word}" if i == 0 else f"after={word}"
    if not before:
        yield "opens"
