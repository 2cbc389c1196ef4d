"""Families: whether a composition is a member of an open formula (``LaFeAsO1-xFx``, ``A3C60``)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from scmine.extractors.amounts import Amount
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, parse_formula

_LARGEST = 4
"""What a variable of a formula may stand for at most."""

_TOLERANCE = Fraction(1, 10**6)


def is_member(composition: Mapping[str, float], family: str) -> bool:
    """Whether some values of the variables of ``family`` give ``composition``.

    One placeholder may stand for one element. Mixed sites, such as ``(Sr,Ca)``, are not tried.

    >>> is_member({"La": 1, "Fe": 1, "As": 1, "O": 0.9, "F": 0.1}, "LaFeAsO1-xFx")
    True
    >>> is_member({"K": 3, "C": 60}, "A3C60"), is_member({"K": 1, "C": 60}, "A3C60")
    (True, False)
    """
    formula = parse_formula(family)
    if formula is None or not composition or not (formula.variables or formula.placeholders):
        return False
    wanted = {symbol: Fraction(str(amount)) for symbol, amount in composition.items()}
    amounts = _with_element(formula, wanted)
    if amounts is None:
        return False
    values: dict[str, Amount] = {}
    for symbol, amount in amounts.items():
        fixed = amount.substitute(values)
        if len(fixed.variables) == 1 and fixed.coefficients:
            ((name, slope),) = fixed.coefficients.items()
            value = (wanted.get(symbol, Fraction(0)) - fixed.constant) / slope
            if not 0 <= value <= _LARGEST:
                return False
            values[name] = Amount.number(value)
    given = {symbol: amount.substitute(values) for symbol, amount in amounts.items()}
    return set(wanted) <= set(given) and all(
        not amount.variables and abs(amount.constant - wanted.get(symbol, 0)) <= _TOLERANCE
        for symbol, amount in given.items()
    )


def _with_element(formula: Formula, wanted: Mapping[str, Fraction]) -> dict[str, Amount] | None:
    """The amounts by element, the one placeholder as the one element that is not named else."""
    amounts = dict(formula.amounts)
    if not formula.placeholders:
        return amounts
    others = [symbol for symbol in wanted if symbol not in amounts]
    if len(formula.placeholders) > 1 or len(others) != 1 or others[0] not in elements():
        return None
    (placeholder,) = formula.placeholders
    return {others[0] if s == placeholder else s: amount for s, amount in amounts.items()}
