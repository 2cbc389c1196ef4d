"""Splits the text of physics papers into tokens for the taggers, and describes each token.

Formulas that are printed in one piece stay whole (``La2-xSrxCuO4``), numbers part from their units
(``30K`` gives ``30`` and ``K``), words part at dashes, slashes and brackets. ``Features`` are the
strings a statistical tagger sees of a token. What a formula means is not decided here: that is a
parser's work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scmine.extractors.lexicons import load_lists

_LEXICON = load_lists("tokens.toml")
ELEMENTS = _LEXICON["elements"]
"""Symbols of the elements up to americium, and D for deuterium."""
PLACEHOLDERS = _LEXICON["placeholders"]
"""Letters that stand for an element in a general formula."""

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_UNITS = frozenset(_LEXICON["units"])
_AMBIGUOUS = frozenset(_LEXICON["ambiguous"])

_EL = "(?>" + "|".join(sorted((*ELEMENTS, *PLACEHOLDERS), key=len, reverse=True)) + ")"
_SIGN = rf"[+±{re.escape(DASHES)}]"
_VARIABLE = "[xyzwnmkδε](?![a-z])"
_NUMBER = r"\d++(?:\.\d+)?"
_AMOUNT = (
    rf"(?>(?:{_NUMBER})?(?:{_VARIABLE})?(?:{_SIGN}(?:{_NUMBER})?{_VARIABLE}"
    rf"|(?<=[xyzδ]){_SIGN}{_NUMBER})*)"
)
_GROUP = rf"[(\[](?:{_EL}{_AMOUNT}[,.·•⋅]?)++[)\]](?=[\dxyzwnmδA-Z(]|{_SIGN})"
_FORMULA = rf"(?:(?:{_GROUP}|{_EL}){_AMOUNT}(?:[·•⋅](?:{_NUMBER})?[xyz]?(?=[A-Z(]))?)++"
_FORMULA_TOKEN = re.compile(rf"{_FORMULA}(?![^\W\d_])")
_TOKEN = re.compile(
    rf"{_FORMULA}(?![^\W_])|{_NUMBER}|'s\b|(?>[^\W\d_]+)\d*|\.\.\.|[^\w\s]|_|\d",
)
_LONGEST_CHUNK = 120  # characters; longer runs without a blank are no formulas


@lru_cache(maxsize=50_000)
def split_chunk(chunk: str) -> tuple[str, ...]:
    """The tokens of a run of characters without blanks; joined, they give the run again.

    >>> split_chunk("(La2-xSrxCuO4),")
    ('(', 'La2-xSrxCuO4', ')', ',')
    >>> split_chunk("Ba(Fe1-xCox)2As2-based")
    ('Ba(Fe1-xCox)2As2', '-', 'based')
    >>> split_chunk("30K"), split_chunk("8-32"), split_chunk("c-axis")
    (('30', 'K'), ('8', '-', '32'), ('c', '-', 'axis'))
    """
    if len(chunk) > _LONGEST_CHUNK:
        return tuple(re.findall(r"\w+|\W", chunk))
    return tuple(_TOKEN.findall(chunk))


def is_formula(token: str) -> bool:
    """Whether a token reads as a formula of two or more elements, or of one with an amount.

    Capitals alone are taken for an abbreviation.

    >>> [is_formula(t) for t in ("MgB2", "FeSe", "H3S", "YBCO", "In", "resistivity")]
    [True, True, True, False, False, False]
    """
    if token in ELEMENTS or (token.isalpha() and token.isupper()):
        return False
    return _is_whole_formula(token)


@lru_cache(maxsize=50_000)
def _is_whole_formula(token: str) -> bool:
    return _FORMULA_TOKEN.fullmatch(token) is not None


@dataclass(frozen=True, slots=True)
class Features:
    """What a tagger sees of a token, four strings from the most general to the most particular."""

    kind: str
    shape: str
    prefix: str
    suffix: str


@lru_cache(maxsize=50_000)
def features(token: str) -> Features:
    """Describe a token; numbers keep only their digits' count, formulas their count of elements.

    >>> [features(token).kind for token in ("LaFeAsO", "43", "GPa", "Cuprates")]
    ['<formula4>', '<00>', 'GPa', 'cuprates']
    """
    return Features(token_kind(token), token_shape(token), token[:2], token[-3:])


def token_kind(token: str) -> str:
    """The class of a formula, element, number or dash; other words in lower case."""
    if token[0].isdigit():
        return "<" + re.sub(r"\d", "0", token)[:6] + ">"
    if token in DASHES:
        return "-"
    if token in "∼~≈≃≅":
        return "~"
    if token in _UNITS or token in _AMBIGUOUS:
        return token
    if token in ELEMENTS:
        return "<element>"
    if is_formula(token):
        return f"<formula{min(len(re.findall(_EL, token)), 6)}>"
    return token.lower()


def token_shape(token: str) -> str:
    """Capitals as X, small letters x, digits 0, Greek g, runs of small letters cut at four.

    >>> token_shape("Bi2212"), token_shape("superconducting")
    ('Xx0000', 'xxxx')
    """
    shape = "".join(_shape_of(c) for c in token[:24])
    return re.sub(r"x{5,}", "xxxx", shape)


def _shape_of(char: str) -> str:
    if char.isdigit():
        return "0"
    if "Α" <= char <= "ω":
        return "g"
    if char.isalpha():
        return "X" if char.isupper() else "x"
    return "-" if char in DASHES else char
