"""The class of a superconductor, and the rule that decided.

Applies the rules of the data file in order: to what a formula is made of, and where there is none
to the words of a printed material. A formula is not read here, and nothing is known of structures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from scmine.extractors.amounts import Amount
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula
from scmine.extractors.lexicons import load_toml

OTHER = "other"
_NOMINAL = (
    0.1,
    1.0,
    2.0,
    3.0,
    0.5,
)  # open variables are put at the first of these that is possible
_DOPANT = 0.05
_OPEN_ANIONS = {"O", "H", "D"}
_F_ELECTRON = {"rare_earth", "actinide"}
_FAMILY_SHARE = 0.25


class ClassDecision(NamedTuple):
    """The class of a material and the rule that decided, in words."""

    name: str
    rule: str


def classify(formula: Formula, dopants: Iterable[str] = ()) -> ClassDecision | None:
    """The class of a material by its composition; None while an open site may change it.

    Parameters
    ----------
    formula
        Its variables may be open: they then count as 0.1, a typical doping.
    dopants
        Elements that the text names beside the formula (``Cs`` of "Cs-doped C60").

    >>> from scmine.extractors.formula import parse_formula
    >>> classify(parse_formula("La2-xSrxCuO4")).name, classify(parse_formula("D3S")).name
    ('cuprate', 'hydride')
    >>> classify(parse_formula("Nb"))
    ClassDecision(name='element', rule='one element')
    """
    amounts, unknown = _nominal_amounts(formula)
    for symbol in dopants:
        if symbol in elements():
            amounts.setdefault(elements()[symbol].counts_as, _DOPANT)
    if not amounts:
        return None
    for rule in load_toml("material_classes.toml")["rule"]:
        if unknown and (rule["class"] == OTHER or "count" in rule or "only_kinds" in rule):
            continue
        if _elements_fit(rule, set(amounts)) and _amounts_fit(rule, amounts, unknown):
            return ClassDecision(rule["class"], rule["rule"])
    return None


def class_of_words(text: str) -> ClassDecision | None:
    """The class that the words of a printed material name; None if they name none.

    >>> class_of_words("lanthanum superhydride").name, class_of_words("LSCO").name
    ('hydride', 'cuprate')
    """
    for pattern, decision in _word_rules():
        if pattern.search(text):
            return decision
    return None


@cache
def _word_rules() -> tuple[tuple[re.Pattern[str], ClassDecision], ...]:
    return tuple(
        (re.compile(word["pattern"], re.IGNORECASE), ClassDecision(word["class"], word["rule"]))
        for word in load_toml("material_classes.toml")["word"]
    )


def _nominal_amounts(formula: Formula) -> tuple[dict[str, float], float]:
    """Element to amount with variables at a nominal value, and how much is on unknown sites."""
    amounts: dict[str, float] = {}
    unknown = 0.0
    for symbol, amount in _values(formula).items():
        listed = _elements_of(symbol)
        if not listed:
            unknown += amount
        for element in listed:
            counts_as = elements()[element].counts_as
            amounts[counts_as] = amounts.get(counts_as, 0.0) + amount / len(listed)
    return {symbol: amount for symbol, amount in amounts.items() if amount > 0}, unknown


def _elements_of(symbol: str) -> list[str]:
    """The elements that a site of a formula stands for; none if that is not known."""
    if symbol in elements():
        return [symbol]
    if symbol.startswith("("):
        parts = [_elements_of(part) for part in re.findall(r"[A-Z][a-z]?", symbol)]
        return [element for part in parts for element in part] if all(parts) else []
    stands_for = load_toml("material_classes.toml")["placeholders"].get(symbol)
    return [stands_for] if stands_for else []


def _values(formula: Formula) -> dict[str, float]:
    """Symbol to number, with every open variable at the first nominal value that is possible.

    Oxygen or hydrogen that is all open (``Oy``, ``Hx``) counts as one for each other atom.
    """
    amounts = formula.amounts
    open_anions = {
        s for s, a in amounts.items() if s in _OPEN_ANIONS and a.variables and not a.constant
    }
    for value in _NOMINAL:
        numbers = {name: Amount.number(str(value)) for name in formula.variables}
        values = {s: float(a.substitute(numbers).constant) for s, a in amounts.items()}
        if all(v >= 0 for v in values.values()) and any(values.values()):
            others = sum(v for s, v in values.items() if s not in open_anions)
            return values | dict.fromkeys(open_anions, others or 1.0)
    return dict.fromkeys(amounts, 1.0)


def _elements_fit(rule: Mapping[str, Any], present: set[str]) -> bool:
    """Whether the rule's conditions on which elements are there hold."""
    kinds = {elements()[s].kind for s in present}
    rest = {elements()[s].kind for s in present - set(rule.get("all", ()))}
    return (
        present.issuperset(rule.get("all", ()))
        and all(present & set(choice) for choice in rule.get("any", ()))
        and present.isdisjoint(rule.get("none", ()))
        and ("only" not in rule or present <= set(rule["only"]))
        and ("any_kind" not in rule or bool(kinds & set(rule["any_kind"])))
        and ("only_kinds" not in rule or kinds <= set(rule["only_kinds"]))
        and ("rest_kinds" not in rule or (bool(rest) and rest <= set(rule["rest_kinds"])))
        and ("count" not in rule or len(present) == rule["count"])
    )


def _amounts_fit(rule: Mapping[str, Any], amounts: Mapping[str, float], unknown: float) -> bool:
    """Whether the rule's conditions on amounts hold."""
    if "families" in rule and not any(_is_of_family(f, amounts) for f in rule["families"]):
        return False
    if "minimum" in rule and amounts.get(rule["minimum"][0], 0.0) < rule["minimum"][1]:
        return False
    total = sum(amounts.values()) + unknown
    return all(
        _is_within(_sum(amounts, bounds["of"]) / total, bounds)
        for bounds in rule.get("fractions", ())
    ) and all(
        _is_within(_ratio(amounts, bounds["of"], bounds["to"]), bounds)
        for bounds in rule.get("ratios", ())
    )


def _is_of_family(family: Sequence[str], amounts: Mapping[str, float]) -> bool:
    """Whether a compound is of a family: its f-electron element is no mere dopant in it."""
    if not set(family) <= set(amounts) or len(amounts) > len(family) + 1:
        return False
    of_f = sum(a for s, a in amounts.items() if elements()[s].kind in _F_ELECTRON)
    return amounts[family[0]] >= _FAMILY_SHARE * of_f


def _sum(amounts: Mapping[str, float], symbols: Iterable[str]) -> float:
    return sum(amounts.get(symbol, 0.0) for symbol in symbols)


def _ratio(amounts: Mapping[str, float], above: Iterable[str], below: Iterable[str]) -> float:
    denominator = _sum(amounts, below)
    return _sum(amounts, above) / denominator if denominator else float("inf")


def _is_within(value: float, bounds: Mapping[str, Any]) -> bool:
    """Whether ``value`` is between the rule's bounds; nothing at all to compare with is no bar."""
    if value == float("inf"):
        return True
    return bool(bounds.get("min", value) <= value <= bounds.get("max", value))
