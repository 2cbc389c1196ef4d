"""What a title and an abstract say, as features that ``relevance`` weighs.

Markup is taken off first, so that ``MgB$_2$``, ``MgB<sub>2</sub>`` and ``MgB₂`` are one word, as
are ``$T_\\mathrm{c}$`` and ``T c``. A feature is a list of ``data/relevance_words.toml`` of which
something is there: words, two words beside each other, formulas. What it weighs lives elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from scmine.extractors.elements import elements
from scmine.extractors.lexicons import load_toml

WORDS_FILE = "relevance_words.toml"
LONGEST = 6000
"""Characters that are read of a title or an abstract; arXiv's own limit is 1920."""

_MARKUP = re.compile(r"[$\\{}<_^*~]")
_TAG = re.compile(r"</?[A-Za-z]{1,6}>")
_COMMAND = re.compile(
    r"\\(?:mathrm|mathit|mathbf|mathcal|textit|textbf|text|textrm|textsubscript|emph|rm|it|bf|sf"
    r"|cal|ce|em|,|;|!|:|\s)\s?|[$^_{}*~]|\\(?=[A-Za-z])"
)
_SPLIT_TC = re.compile(r"\bT c\b")
_FORMULA = re.compile(r"\b(?:[A-Z][a-z]?[\d.,xyδ+−-]*){2,12}")
_SYMBOL = re.compile(r"[A-Z][a-z]?")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-z]{2}")
_NO_BRACKETS = str.maketrans("", "", "()[]")
_SHORTEST_FORMULA = 2
_PAIR = 2  # elements of a set that says little
_SYMBOL_LETTERS = 2


def plain(text: str) -> str:
    """``text`` without TeX's and HTML's markup, in Unicode's compatible form.

    >>> plain(r"MgB$_2$ with $T_\\mathrm{c}$ = 39 K and T$_{\\rm c}$")
    'MgB2 with Tc = 39 K and Tc'
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if _MARKUP.search(text):
        text = _COMMAND.sub("", _TAG.sub("", text))
    return _SPLIT_TC.sub("Tc", text) if "T c" in text else text


def features(title: str, abstract: str) -> set[str]:
    """The lists that a paper touches; those of its title once more, as ``title …``.

    >>> sorted(features("Superconductivity in MgB$_2$", "The energy gap is measured."))
    ['formulas', 'near', 'superconductor', 'title formulas', 'title superconductor']
    """
    heading = lists_of(title)
    return heading | {f"title {name}" for name in heading} | lists_of(abstract)


def lists_of(text: str) -> set[str]:
    """The names of the lists that ``text`` touches."""
    text = plain(text)
    names: set[str] = set()
    waiting: tuple[tuple[str, str], ...] = ()
    for word in _WORD.findall(text.lower()):
        for name, start in waiting:
            if _begins(word, start):
                names.add(name)
        found, waiting = _of_word(word)
        names.update(found)
    if "formulas" not in names:
        for formula in _FORMULA.findall(text.translate(_NO_BRACKETS)):
            if _of_family(formula):
                names.add("formulas")
                break
    return names


def is_readable(text: str) -> bool:
    """Whether there is a word in Latin letters, without which the lists can say nothing.

    >>> is_readable("超伝導"), is_readable("Supraleitung")
    (False, True)
    """
    return _LATIN.search(text[:LONGEST]) is not None


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The lists of ``word``; of each pair that it begins, the list and how the second begins."""
    names: list[str] = []
    pairs: list[tuple[str, str]] = []
    for name, table in load_toml(WORDS_FILE).items():
        if word in table.get("words", ()) or word.startswith(tuple(table.get("begins", ()))):
            names.append(name)
        for pair in table.get("pairs", ()):
            first, _, second = pair.partition(" ")
            if _begins(word, first):
                pairs.append((name, second))
    return tuple(names), tuple(pairs)


def _begins(word: str, start: str) -> bool:
    """Whether ``word`` begins so; a start of one or two letters is a word of its own."""
    return word == start if len(start) <= _SYMBOL_LETTERS else word.startswith(start)


@lru_cache(maxsize=20_000)
def _of_family(formula: str) -> bool:
    """Whether ``formula`` has all elements of a family; what has other letters is none."""
    symbols = set(_SYMBOL.findall(formula))
    if len(symbols) < _SHORTEST_FORMULA or not symbols <= elements().keys():
        return False
    return any(
        needed <= symbols
        and ("O" in needed or "O" not in symbols)
        and (len(needed) > _PAIR or len(symbols) <= _PAIR + 1)
        for needed in _families()
    )


@cache
def _families() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(s.split()) for s in load_toml(WORDS_FILE)["formulas"]["sets"])
