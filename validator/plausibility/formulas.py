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
from scmine.validator.plausibility.ceilings import ceilings
from scmine.validator.plausibility.rules import Rule

_CATIONS = frozenset({"alkali", "alkaline_earth", "rare_earth"})
_ORGANIC = frozenset({"C", "H", "D", "N", "O"})


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


def class_not_of_formula(rule: Rule, record: Record) -> Iterator[Finding]:
    """A class of ours that is not the one of the formula."""
    if not record.formula or not record.composition:
        return
    known = {ceiling.material_class for ceiling in ceilings()}
    if record.material_class not in known or record.doping:
        return  # a dopant that is only named may decide the class
    parsed = parse_formula(record.formula)
    decision = classify(parsed) if parsed is not None else None
    if decision is not None and decision.name != record.material_class:
        yield rule.finding(
            f"{record.formula} is of class {decision.name} ({decision.rule}), "
            f"the record says {record.material_class}"
        )


def open_site_sum(rule: Rule, record: Record) -> Iterator[Finding]:
    """Electropositive metals, two of them in fractions, whose sum just misses a whole number."""
    amounts = {
        symbol: amount
        for symbol, amount in record.composition.items()
        if symbol in elements() and elements()[symbol].kind in _CATIONS
    }
    if sum(not float(amount).is_integer() for amount in amounts.values()) < 2:
        return
    total = sum(amounts.values())
    missing = abs(total - round(total))
    if rule.options["low"] <= missing <= rule.options["high"]:
        names = " + ".join(f"{symbol} {amount:g}" for symbol, amount in amounts.items())
        yield rule.finding(f"{names} = {total:g} is no whole number")


def unbalanced_variable(rule: Rule, record: Record) -> Iterator[Finding]:
    """A variable that one site loses and no other gains in the same amount."""
    parsed = parse_formula(record.raw_material)
    if parsed is None:
        return
    for variable in sorted(parsed.variables):
        shares = [a.coefficients.get(variable, 0) for a in parsed.amounts.values()]
        gained, lost = sum(s for s in shares if s > 0), -sum(s for s in shares if s < 0)
        if gained and lost and gained != lost:
            yield rule.finding(
                f"{record.raw_material}: of {variable} sites lose {float(lost):g} and gain "
                f"{float(gained):g}"
            )


def repeated_element(rule: Rule, record: Record) -> Iterator[Finding]:
    """An element that stands twice outside brackets, in a formula that is not organic."""
    for text in dict.fromkeys((record.raw_material, record.formula)):
        parsed = parse_formula(text) if text else None
        if parsed is None:
            continue
        twice = _twice(parsed)
        if twice:
            yield rule.finding(f"{text}: {', '.join(twice)} stands twice")
            return


def _twice(formula: Formula) -> list[str]:
    sites = Counter(part.symbol for part in formula.parts if isinstance(part, Site))
    return [s for s, n in sites.items() if n > 1 and s in elements() and s not in _ORGANIC]
