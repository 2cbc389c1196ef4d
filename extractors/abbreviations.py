"""Abbreviations: short forms that a paper defines for its compounds, such as "La2-xSrxCuO4 (LSCO)".

A definition is believed only if the letters of the short form can stand for the elements of the
formula, or its digits count them (``nicknames``): a wrong expansion is worse than none. Labels of
samples are found by ``samples``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements, symbols
from scmine.extractors.formula import looks_like_formula, parse_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.nicknames import may_mean

LONGEST_FORMULA = 90
"""Characters of a printed formula, blanks included, that are looked at."""

MOST_PLACES = 300
"""Brackets of a passage that are looked at: no paper has as many, damaged files may."""

_SHORT = (
    r"(?:\d{1,2}(?:\.\d+)?\s?%\s?)?[A-Z][A-Za-z/]{0,12}"
    r"(?:[-–:‐−]\s?[A-Za-z\d]{1,8}|\s?\d{3,5}|\d{2,5})?|\d{2,5}"
)
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]")
_WORDS_BETWEEN = re.compile(
    r"(?:\s+(?:with|for|where)\s+[A-Z][a-z]?\s?[=:]\s?[A-Za-z, ]{1,30}"
    r"|\s*\([A-Z][a-z]?\s?[=:]\s?[A-Za-z, ]{1,40}\))?(?:\s+[a-z][a-z-]{1,14}){0,3}\s*$"
)
_SHORT_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z-]{0,20}[A-Z]{2,20})\)")
_QUOTES = "\"'“”‘’ "


class Definition(NamedTuple):
    """``short`` stands for ``formula`` (as printed), from character ``start`` of the text on."""

    short: str
    formula: str
    start: int


def find_abbreviations(text: str) -> Iterator[Definition]:
    """The short forms that ``text`` defines for formulas, in order of print.

    >>> list(find_abbreviations("Films of La2-xSrxCuO4 (LSCO) and of PCCO (Pr2-xCexCuO4)."))
    ... # doctest: +NORMALIZE_WHITESPACE
    [Definition(short='LSCO', formula='La2-xSrxCuO4', start=9),
     Definition(short='PCCO', formula='Pr2-xCexCuO4', start=36)]
    """
    plain = uniform(text)
    found = [*_bracketed(plain), *_short_first(plain), *_announced(plain)]
    yield from sorted(set(found), key=lambda d: (d.start, d.short))


def _bracketed(text: str) -> Iterator[Definition]:
    """``FORMULA (SHORT)``, also ``(SHORT or SHORT)`` and ``(hereafter SHORT)``."""
    for bracket in islice(_BRACKET.finditer(text), MOST_PLACES):
        shorts = list(short_forms(bracket[1]))
        if not shorts:
            continue
        before = formula_before(text, bracket.start())
        if before is None:
            continue
        for short in shorts:
            if _is_believed(short, before[1], announced=bool(cue_pattern().search(bracket[1]))):
                yield Definition(short, before[1], before[0])


def _short_first(text: str) -> Iterator[Definition]:
    """``SHORT (FORMULA)``."""
    places = re.finditer(rf"(?<![\w-])({_SHORT})\s?(?=[(\[])", text)
    for match in islice(places, MOST_PLACES):
        formula = _bracketed_formula(text, match.end())
        if formula is not None and _is_believed(match[1], formula):
            yield Definition(match[1], formula, match.start())


def _announced(text: str) -> Iterator[Definition]:
    """``FORMULA, hereafter SHORT`` and its like, without brackets around."""
    for cue in islice(cue_pattern().finditer(text), MOST_PLACES):
        short = re.match(rf"({_SHORT})(?![\w-])", text[cue.end() :].lstrip(_QUOTES))
        before = formula_before(text, cue.start())
        if short and before and _is_believed(short[1], before[1], announced=True):
            yield Definition(short[1], before[1], before[0])


@cache
def cue_pattern() -> re.Pattern[str]:
    """Words that announce a short form, with the filling words after them."""
    words = load_toml("material_references.toml")["definitions"]
    cues, fillers = "|".join(words["cues"]), "|".join(words["fillers"])
    return re.compile(
        rf"[\s,;(]{{0,3}}\b(?:(?:and|which|is|are|was|were|will|be|we)\s){{0,3}}(?:{cues})\b"
        rf"(?:[\s,]{{1,2}}(?:{fillers})\b){{0,8}}[\s:]{{0,2}}",
        re.IGNORECASE,
    )


def short_forms(inside: str) -> Iterator[str]:
    """The short forms that a bracket holds; nothing if it begins with something else."""
    rest = cue_pattern().sub("", f" {inside}", count=1).strip(_QUOTES + "=:")
    for piece in re.split(r"\s*(?:,|;|\bor\b|/(?=[A-Z]{3}))\s*", rest):
        piece = piece.strip(_QUOTES)
        if not re.fullmatch(_SHORT, piece):
            return
        yield piece


def formula_before(text: str, end: int) -> tuple[int, str] | None:
    """The longest formula that ends at ``end``, with its start; up to three words may follow it.

    >>> formula_before("in Pr 0.88 LaCe 0.12 CuO 4 single crystals (PLCCO)", 42)
    (3, 'Pr 0.88 LaCe 0.12 CuO 4')
    """
    low = max(0, end - LONGEST_FORMULA)
    window = text[low:end].rstrip(" ,;:-")
    words = _WORDS_BETWEEN.search(window)
    for stop in dict.fromkeys((len(window), words.start() if words else len(window))):
        piece = window[:stop].rstrip(" ,;:-")
        for start in re.finditer(r"(?<![\w.)\]])(?=[A-Z(\[])", piece):
            candidate = piece[start.start() :]
            if _is_formula(candidate):
                return low + start.start(), candidate
    return None


def _is_formula(text: str) -> bool:
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    if first != text and (first in symbols("not_formulas") or re.fullmatch("[A-Z]{3,}", first)):
        return False  # "In FeSe", "HTS YBa2Cu3O7"
    if text.count("(") != text.count(")") or text.count("[") != text.count("]"):
        return False  # begins within a bracket
    if any(m[1] not in _ligands() for m in _SHORT_IN_BRACKETS.finditer(text)):
        return False  # "YBa2Cu3O7 (YBCO) Bi2Sr2CaCu2O8"
    formula = parse_formula(text) if looks_like_formula(text) else None
    return formula is not None and sum(s in elements() for s in formula.amounts) > 1


def _ligands() -> dict[str, str]:
    ligands: dict[str, str] = load_toml("formula_symbols.toml")["ligands"]
    return ligands


def _bracketed_formula(text: str, start: int) -> str | None:
    """The formula that a bracket at ``start`` holds, alone or before a comma or a value."""
    depth = 0
    for end in range(start, min(len(text), start + LONGEST_FORMULA)):
        depth += (text[end] in "([") - (text[end] in ")]")
        if depth == 0:
            break
    else:
        return None
    inside = text[start + 1 : end]
    for piece in (inside, re.split(r"\s*(?:[,;:]\s|\bwith\b|\bfor\b)", inside)[0]):
        if _is_formula(piece.strip()):
            return piece.strip()
    return None


def _is_believed(short: str, printed: str, announced: bool = False) -> bool:
    """Whether ``short`` can mean the formula and is no formula or symbol itself."""
    formula = parse_formula(printed)
    if formula is None or short in elements() or short in symbols("not_formulas"):
        return False
    own = parse_formula(short)
    if own is not None and set(own.amounts) <= set(formula.amounts) and re.search(r"\d", short):
        return False  # a part of the formula: La2-xSrxCuO4 (CuO2 planes)
    capitals = len(re.findall(r"[A-Z]", short))
    if capitals < (2 if announced else 3) and not re.search(r"\d{2}", short):
        return False  # two capitals may be anything: "SC", "NS"
    return may_mean(short, formula)
