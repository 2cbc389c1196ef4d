"""Formulas set off from the text: which of them say something that a sentence could say."""

from __future__ import annotations

import re

MAX_STATED = 80
"""Characters of a formula set off from the text that states a value."""

_STATES_VALUE = re.compile(
    r"[=≈≃∼~<>≤≥]\s?[−-]?\d[\d.,()]*(?:\s?[±–−-]\s?[\d.]+)?\s?(?:[A-Za-zÅμ]|%)"
)


def states_value(text: str) -> bool:
    """Whether a formula gives a quantity its value, rather than a relation or a derivation.

    >>> states_value("Tc = 39 K"), states_value("Tc = ωlog/1.2 exp(−1/λ)")
    (True, False)
    """
    return len(text) <= MAX_STATED and _STATES_VALUE.search(text) is not None
