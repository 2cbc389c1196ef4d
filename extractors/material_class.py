"""The class of a superconductor by what it is made of.

Applies the rules of the data file in order; where none fits the class stays unknown. Nothing here
reads formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scmine.extractors.elements import elements
from scmine.extractors.lexicons import load_toml

_RATIO_TOLERANCE = 0.05


def classify(symbols: Iterable[str], composition: Mapping[str, float] | None) -> str | None:
    """The class of a material, or None when no rule of the data file fits.

    Parameters
    ----------
    symbols
        The elements of the material, which are known even while its variables are open.
    composition
        Element to amount, or None while a variable is open; rules on amounts then do not fit.

    >>> classify(["La", "Sr", "Cu", "O"], None), classify(["H", "S"], {"H": 3.0, "S": 1.0})
    ('cuprate', 'hydride')
    """
    known = elements()
    present = {known[s].counts_as for s in symbols if s in known}
    if not present:
        return None
    amounts: dict[str, float] = {}
    for symbol, amount in (composition or {}).items():
        counts_as = known[symbol].counts_as
        amounts[counts_as] = amounts.get(counts_as, 0.0) + amount
    for rule in load_toml("material_classes.toml")["rule"]:
        if _elements_fit(rule, present) and _amounts_fit(rule, amounts):
            return str(rule["class"])
    return None


def _elements_fit(rule: Mapping[str, Any], present: set[str]) -> bool:
    """Whether the rule's conditions on which elements are there hold."""
    kinds = {elements()[s].kind for s in present}
    families = rule.get("families")
    return (
        present.issuperset(rule.get("all", ()))
        and all(present & set(choice) for choice in rule.get("any", ()))
        and present.isdisjoint(rule.get("none", ()))
        and ("any_kind" not in rule or bool(kinds & set(rule["any_kind"])))
        and ("only_kinds" not in rule or kinds <= set(rule["only_kinds"]))
        and ("count" not in rule or len(present) == rule["count"])
        and (
            not families or any(set(f) <= present and len(present) <= len(f) + 1 for f in families)
        )
    )


def _amounts_fit(rule: Mapping[str, Any], amounts: Mapping[str, float]) -> bool:
    """Whether the rule's conditions on amounts hold; with amounts unknown they do not."""
    needs = {"minimum", "fraction", "maximum_fraction", "sum_ratio"} & rule.keys()
    if not needs:
        return True
    total = sum(amounts.values())
    if not total:
        return False
    if "minimum" in rule and amounts.get(rule["minimum"][0], 0.0) < rule["minimum"][1]:
        return False
    if "fraction" in rule and amounts.get(rule["fraction"][0], 0.0) / total < rule["fraction"][1]:
        return False
    if "maximum_fraction" in rule:
        element, most = rule["maximum_fraction"]
        if amounts.get(element, 0.0) / total > most:
            return False
    if "sum_ratio" in rule:
        above, below, ratio = rule["sum_ratio"]
        denominator = sum(amounts.get(s, 0.0) for s in below)
        numerator = sum(amounts.get(s, 0.0) for s in above)
        if not denominator:
            return False
        return abs(numerator / denominator - ratio) <= _RATIO_TOLERANCE * ratio
    return True
