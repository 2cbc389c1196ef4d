"""Quality: whether a text layer says what the page shows, judged by its statistics.

Fonts can map letters or digits to others, to signs, or to nothing. Whole files, single pages and
single fonts are judged; what follows from it is decided in ``reader``.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from scmine.extractors.lexicons import load_rows, load_words
from scmine.extractors.pdf.lines import Line

MAX_UNMAPPED_SHARE = 0.2
"""More characters than this without a Unicode value: the fonts do not say what they show. Papers
read well have under 1 %."""

MIN_LETTER_SHARE = 0.45
"""Papers have 76–92 % letters among their visible characters, the broken layers seen 14 %."""

MIN_FUNCTION_WORD_SHARE = 0.04
"""English, German and French papers have 24–35 % function words; the broken layers seen 6 %."""

MIN_WORDS = 500
"""A short text of few function words may be a list or slides."""

MIN_CHARACTERS = 400
"""Less text than this says nothing about a text layer."""

MIN_LIKENESS = 0.70
"""How like the letters of a page must be to those of running text (1: the same). 917 pages of
papers have 0.74 and more, 0.74 being references to Japanese authors; letters mapped at random
have 0.59 in the mean."""

SUSPECT_LIKENESS = 0.85
"""Below this a page is broken if it also has next to no function words."""

SUSPECT_FUNCTION_WORDS = 0.01
"""Pages of references have more: "and" and "of"."""

MIN_PAGE_LETTERS = 250
MIN_FONT_LETTERS = 400
"""Fewer letters in words say nothing of a page or a font."""

MAX_SIGN_SHARE = 0.5
"""More signs than this that are neither letters nor digits make no page of a paper."""

MIN_YEARS = 8
MIN_YEAR_SHARE = 0.2
"""Numbers such as (1998) are years: 90 % and more of them in 105 papers. With mapped digits they
are not."""

MIN_FONT_UNMAPPED = 20
"""A font with fewer characters of unknown meaning than this is not named."""

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = frozenset(string.ascii_lowercase)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_DECIMAL = re.compile(r"(?<![\w.])[-−–]?\d{1,3}\.\d{1,8}(?:\(\d{1,3}\))?(?![\w.])")
"""Numbers with decimals, of which lists of atomic sites are full; broken fonts do not make them."""

_YEAR = re.compile(r"\((\d{4})[a-z]?\)")


@dataclass(frozen=True, slots=True)
class Quality:
    """What is wrong with a text layer: with all of it, with pages, with fonts; empty if nothing.

    ``pages`` gives the reason by page number, ``fonts`` by font name.
    """

    problem: str = ""
    pages: Mapping[int, str] = field(default_factory=dict)
    fonts: Mapping[str, str] = field(default_factory=dict)


def judge(
    pages: Sequence[Sequence[Line]], unmapped: Mapping[str, int], painted: Mapping[str, int]
) -> Quality:
    """Judge the text layer whose pages have these lines.

    Parameters
    ----------
    unmapped, painted
        By font: how many of its characters have no Unicode value, and how many there are.
    """
    texts = [" ".join(line.text for line in lines) for lines in pages]
    problem = text_problem(texts, sum(unmapped.values())) or _digit_problem(texts)
    if problem:
        return Quality(problem)
    broken = {n: reason for n, text in enumerate(texts, 1) if (reason := _page_problem(text))}
    judged = sum(len(text) > MIN_CHARACTERS for text in texts)
    if broken and 2 * len(broken) > judged:
        return Quality(f"on {len(broken)} of {len(pages)} pages {next(iter(broken.values()))}")
    return Quality("", broken, _font_problems(pages, unmapped, painted))


def text_problem(lines: Iterable[str], unmapped: int) -> str:
    """What is wrong with a text layer whose lines are given, in words; empty if nothing is.

    ``unmapped`` counts the characters without a Unicode value.
    """
    text = _DECIMAL.sub(" ", " ".join(lines))
    visible = "".join(text.split())
    if len(visible) < MIN_CHARACTERS:
        return ""
    if unmapped > MAX_UNMAPPED_SHARE * len(visible):
        share = unmapped / len(visible)
        return f"the fonts give no Unicode value for {share:.0%} of the characters"
    letters = sum(map(str.isalpha, visible)) / len(visible)
    words = _WORD.findall(text)
    known = _function_words(words)
    few_letters = letters < MIN_LETTER_SHARE and known < 3 * MIN_FUNCTION_WORD_SHARE
    if few_letters or (known < MIN_FUNCTION_WORD_SHARE and len(words) > MIN_WORDS):
        return (
            f"the text layer is not prose: {letters:.0%} letters, {known:.1%} function words; "
            "its fonts may map letters to other characters"
        )
    return ""


def letter_likeness(text: str) -> float:
    """How like the letters of the longer words of ``text`` are to those of running text, 0 to 1.

    The cosine between the counts of the letters a to z and their frequencies in English, German or
    French, whichever is nearest; 1.0 where there is no such letter.

    >>> round(letter_likeness("the films were grown on sapphire and annealed in vacuum"), 2)
    0.9
    >>> round(letter_likeness("gur svyzf jrer tebja ba fnccuver naq naarnyrq va inphhz"), 2)
    0.74
    """
    counts = Counter("".join(_LONG_WORD.findall(text)).lower())
    found = [counts.get(letter, 0) for letter in "abcdefghijklmnopqrstuvwxyz"]
    length = math.hypot(*found)
    if not length:
        return 1.0
    return max(
        sum(x * y for x, y in zip(found, usual, strict=True)) / length for usual in _languages()
    )


@cache
def _languages() -> tuple[tuple[float, ...], ...]:
    """The frequencies of the letters in each language, as vectors of length 1."""
    rows = load_rows("letter_frequencies.csv")
    result = []
    for name in ("english", "german", "french"):
        values = [float(row[name]) for row in rows]
        result.append(tuple(v / math.hypot(*values) for v in values))
    return tuple(result)


def _function_words(words: Sequence[str]) -> float:
    known = load_words("function_words.txt")
    return sum(w.lower() in known for w in words) / max(len(words), 1)


def _digit_problem(texts: Iterable[str]) -> str:
    """Digits mapped to others are told by years that are none."""
    years = [int(y) for text in texts for y in _YEAR.findall(text)]
    fine = sum(1800 <= y <= 2035 for y in years)
    if len(years) < MIN_YEARS or fine >= MIN_YEAR_SHARE * len(years):
        return ""
    odd = next(y for y in years if not 1800 <= y <= 2035)
    return (
        f"its fonts may map digits to others: of {len(years)} numbers such as ({odd:04d}), where "
        f"papers have years, {fine} can be one"
    )


def _page_problem(text: str) -> str:
    # Dots that lead to page numbers and lines of dashes are no text.
    said = _DECIMAL.sub(" ", re.sub(r"([^\w\s])(?:\s?\1){2,}", "", text))
    visible = "".join(said.split())
    if len(visible) >= MIN_CHARACTERS:
        signs = (len(visible) - sum(map(str.isalnum, visible))) / len(visible)
        if signs > MAX_SIGN_SHARE:
            return f"{signs:.0%} of the characters are signs"
    if _letters_are_odd(text, MIN_PAGE_LETTERS):
        return "the letters are not distributed as in words"
    return ""


def _letters_are_odd(text: str, least: int) -> bool:
    """Whether the letters in the words of ``text`` are not those of a language."""
    long_words = "".join(_LONG_WORD.findall(text)).lower()
    latin = sum(map(_LATIN.__contains__, long_words))
    if latin < least or latin < 0.5 * len(long_words):
        return False
    likeness = letter_likeness(text)
    few = SUSPECT_FUNCTION_WORDS if likeness >= MIN_LIKENESS else 2 * MIN_FUNCTION_WORD_SHARE
    return likeness < SUSPECT_LIKENESS and _function_words(_WORD.findall(text)) < few


def _font_problems(
    pages: Sequence[Sequence[Line]], unmapped: Mapping[str, int], painted: Mapping[str, int]
) -> dict[str, str]:
    problems = {}
    texts: dict[str, list[str]] = {}
    for line in (line for lines in pages for line in lines):
        texts.setdefault(line.font, []).append(line.text)
    for font, parts in texts.items():
        if _letters_are_odd(" ".join(parts), MIN_FONT_LETTERS):
            problems[font] = "its letters are not distributed as in words"
    for font, count in unmapped.items():
        if count >= MIN_FONT_UNMAPPED and count > MAX_UNMAPPED_SHARE * painted[font]:
            problems[font] = f"no Unicode value for {count} of its {painted[font]} characters"
    return problems
