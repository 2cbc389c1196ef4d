"""Formulas: amounts that do not close, variables that do not balance, elements twice, classes.

Charges live in ``charges``. Vacancies and excess are real, so that most of these are notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scmine.database.record import Record
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, parse_formula
from scmine.extractors.formula_reader import Site
from scmine.extractors.material_class import classify
from scmine.validator.finding import Finding
from scmine.validator.plausibility.ceilings import known_classes
from scmine.validator.plausibility.rules import Rule
from scmine.validator.plausibility.values import highest_tc

_CATIONS = frozenset({"alkali", "alkaline_earth", "rare_earth"})
_ORGANIC = frozenset({"C", "H", "N", "O"})


def composition_not_of_formula(rule: Rule, record: Record) -> Iterator[Finding]:
    """Amounts that differ from those of the formula beside them."""
    if not record.formula or not record.composition:
        return
    parsed = parse_formula(record.formula)
    amounts = parsed.composition() if parsed is not None else None
    if amounts is None:
        return
    stated = record.composition
    for symbol in sorted(amounts.keys() | stated.keys()):
        one, other = amounts.get(symbol, 0.0), stated.get(symbol, 0.0)
        if abs(one - other) > rule.options["tolerance"] * max(1.0, abs(one)):
            yield rule.finding(
                f"{symbol} is {other:g} in the composition and {one:g} in {record.formula}"
            )
            return


def unread_material(rule: Rule, record: Record) -> Iterator[Finding]:
    """A material with a Tc of which neither a formula nor a class is known."""
    known = record.formula or record.composition or record.name or record.material_class
    if not known and highest_tc(record) is not None:
        yield rule.finding(f"{record.raw_material[:80]!r} is no formula and no known name")


def class_not_of_formula(rule: Rule, record: Record) -> Iterator[Finding]:
    """A class of ours that is not the one of the formula."""
    if not record.formula or not record.composition:
        return
    if record.material_class not in known_classes() or record.doping:
        return  # a dopant that is only named may decide the class
    if set(record.composition.values()) == {1.0}:
        return  # YBaCuO is the name of a system
    parsed = parse_formula(record.formula)
    decision = classify(parsed) if parsed is not None else None
    if decision is not None and decision.name != record.material_class:
        yield rule.finding(
            f"{record.formula} is of class {decision.name} ({decision.rule}), "
            f"the record says {record.material_class}"
        )


def open_site_sum(rule: Rule, record: Record) -> Iterator[Finding]:
    """Electropositive metals, two of them in fractions, whose sum just misses a whole number.

    The metals of the p block may share their sites (Bi1.95Sr1.65La0.4CuO6): if the sum closes with
    these, all is well.
    """
    amounts = _amounts_of(record, _CATIONS)
    if sum(not float(amount).is_integer() for amount in amounts.values()) < 2:
        return
    low, high = rule.options["low"], rule.options["high"]
    total = sum(amounts.values())
    with_others = sum(_amounts_of(record, _CATIONS | {"post_transition", "transition"}).values())
    if low <= abs(total - round(total)) <= high and abs(with_others - round(with_others)) >= low:
        names = " + ".join(f"{symbol} {amount:g}" for symbol, amount in amounts.items())
        yield rule.finding(f"{names} = {total:g} is no whole number")


def _amounts_of(record: Record, kinds: frozenset[str]) -> dict[str, float]:
    known = elements()
    return {s: n for s, n in record.composition.items() if s in known and known[s].kind in kinds}


def unbalanced_variable(rule: Rule, record: Record) -> Iterator[Finding]:
    """A variable that one site loses and one other gains in another amount."""
    parsed = parse_formula(record.raw_material)
    if parsed is None:
        return
    for variable in sorted(parsed.variables):
        shares = [a.coefficients.get(variable, 0) for a in parsed.amounts.values()]
        gained, lost = [s for s in shares if s > 0], [-s for s in shares if s < 0]
        if len(gained) == len(lost) == 1 and gained != lost:
            yield rule.finding(
                f"{record.raw_material}: one site loses {float(lost[0]):g} {variable}, the other "
                f"gains {float(gained[0]):g} {variable}"
            )


def repeated_element(rule: Rule, record: Record) -> Iterator[Finding]:
    """Elements that stand twice outside brackets: two formulas that have run together.

    One alone may sit on two sites (Cu0.5Fe0.5Sr2YCu2O7) and says nothing.
    """
    for text in dict.fromkeys((record.raw_material, record.formula)):
        parsed = parse_formula(text) if text else None
        if parsed is None:
            continue
        twice = _twice(parsed)
        if len(twice) > 1:
            yield rule.finding(f"{text}: {' and '.join(twice)} stand twice")
            return


def _twice(formula: Formula) -> list[str]:
    sites = Counter(part.symbol for part in formula.parts if isinstance(part, Site))
    return [s for s, n in sites.items() if n > 1 and s in elements() and s not in _ORGANIC]
