"""Mentions of λ, ω_log, ω₂ and μ*: numbers that the name of the quantity stands before.

Names and what may stand between are data (``property_patterns.toml``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from scmine.extractors.claim import Label, Mention
from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import find_quantities

_NUMBER = re.compile(
    r"[~∼≈<>≤≥]?\s?(?:\d+(?:\.\d+)?)(?:\(\d+\))?(?:\s?[-–−±]\s?\d+(?:\.\d+)?)?(?![\d.]*[A-Za-z]{2})"
)
# "λ = 2.1, 2.2 and 2.3", "from 0.5 to 0.9": which of them is meant, the text must tell
_MORE_VALUES = re.compile(
    r"\s*(?:,|(?:,\s*)?(?:and|or|to)\b)\s*\d\.\d+"
    r"(?=\s*(?:[,;)]|(?:and|or|for|at|in|under|when|as|with|respectively)\b|\.(?:\s|$)|$))"
)
_WINDOW = 60
_NOT_AFTER_REACH = 90


@cache
def _patterns() -> dict[str, dict[str, Any]]:
    patterns = {k: dict(v) for k, v in load_toml("property_patterns.toml").items()}
    for entry in patterns.values():
        for key in ("name", "between", "not_after", "not_unit"):
            if key in entry:
                entry[key] = re.compile(entry[key], re.I if key == "not_after" else 0)
    return patterns


def property_mentions(text: str) -> list[Mention]:
    """Mentions of λ, ω_log, ω₂ and μ* in ``text``.

    >>> [(m.label.value, m.text) for m in property_mentions("with λ = 2.1 and μ* = 0.1")]
    [('lambda', '2.1'), ('mu_star', '0.1')]
    """
    names = ("lambda", "omega_log", "omega2", "mu_star")
    return [mention for name in names for mention in _named(text, name)]


def _named(text: str, name: str) -> list[Mention]:
    """Numbers that the name of the quantity stands before."""
    entry = _patterns()[name]
    between = _patterns()["links"]["between"]
    found = []
    for match in entry["name"].finditer(text):
        if "not_after" in entry and entry["not_after"].search(
            text, max(0, match.start() - _NOT_AFTER_REACH), match.start()
        ):
            continue
        for start, end in _values_after(text, match.end(), between, entry):
            found.append(Mention(start, end, Label(name), text[start:end].strip()))
    return found


def _values_after(
    text: str, position: int, between: re.Pattern[str], entry: dict[str, Any]
) -> list[tuple[int, int]]:
    window = text[position : position + _WINDOW]
    if entry["kind"] == "frequency":
        hits = find_quantities(window, "frequency")
        if hits and between.match(window[: hits[0][0]]):
            start, end, quantity = hits[0]
            value = quantity.value or quantity.maximum
            if value is not None and entry["low"] <= value <= entry["high"]:
                return [(position + start, position + end)]
        return []
    match = _NUMBER.search(window)
    if match is None:
        return []
    number_at = match.end() - len(match.group().lstrip())
    if not between.match(window[:number_at]):
        return []
    after = text[position + match.end() :]
    if _MORE_VALUES.match(after) or ("not_unit" in entry and entry["not_unit"].match(after)):
        return []
    digits = re.findall(r"\d+(?:\.\d+)?", match.group())
    if not digits or not entry["low"] <= float(digits[0]) <= entry["high"]:
        return []
    # "λ1 = 0.5": a bare integer that another number follows is an index.
    if "." not in digits[0] and not re.search(r"[=≈≃∼~]", window[: match.start()]):
        return []
    stripped = match.group().lstrip()
    start = position + match.end() - len(stripped)
    return [(start, start + len(stripped.rstrip()))]
