"""Quality: whether a text layer says what the page shows, judged by its statistics."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scmine.extractors.lexicons import load_words

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


def text_problem(lines: Iterable[str], unmapped: int) -> str:
    """What is wrong with a text layer whose lines are given, in words; empty if nothing is.

    ``unmapped`` counts the characters without a Unicode value.
    """
    text = " ".join(lines)
    visible = [c for c in text if not c.isspace()]
    if len(visible) < MIN_CHARACTERS:
        return ""
    if unmapped > MAX_UNMAPPED_SHARE * len(visible):
        share = unmapped / len(visible)
        return f"the fonts give no Unicode value for {share:.0%} of the characters"
    letters = sum(c.isalpha() for c in visible) / len(visible)
    words = re.findall(r"[^\W\d_]+", text.lower())
    known = sum(w in load_words("function_words.txt") for w in words) / max(len(words), 1)
    few_letters = letters < MIN_LETTER_SHARE and known < 3 * MIN_FUNCTION_WORD_SHARE
    if few_letters or (known < MIN_FUNCTION_WORD_SHARE and len(words) > MIN_WORDS):
        return (
            f"the text layer is not prose: {letters:.0%} letters, {known:.1%} function words; "
            "its fonts may map letters to other characters"
        )
    return ""
