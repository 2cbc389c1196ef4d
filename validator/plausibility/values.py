"""What several rules read from a record: a column's value, its Tc, its pressure, its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scmine.database.record import Evidence, PressureKind, Record
from scmine.extractors.elements import elements

LABELS = {
    "tc_K": ("Tc", "K"),
    "tc_min_K": ("the lower end of Tc", "K"),
    "tc_max_K": ("the upper end of Tc", "K"),
    "tc_uncertainty_K": ("the uncertainty of Tc", "K"),
    "lowest_temperature_K": ("the lowest temperature", "K"),
    "pressure_GPa": ("the pressure", "GPa"),
    "pressure_min_GPa": ("the lower end of the pressure", "GPa"),
    "pressure_max_GPa": ("the upper end of the pressure", "GPa"),
    "magnetic_field_T": ("the field", "T"),
    "lambda": ("λ", ""),
    "omega_log_K": ("ω_log", "K"),
    "omega2_K": ("ω₂", "K"),
    "mu_star": ("μ*", ""),
    "a_A": ("a", "Å"),
    "b_A": ("b", "Å"),
    "c_A": ("c", "Å"),
    "alpha_deg": ("α", "°"),
    "beta_deg": ("β", "°"),
    "gamma_deg": ("γ", "°"),
    "space_group_number": ("the number of the space group", ""),
    "year": ("the year", ""),
}
"""What messages call a column of numbers, and its unit."""


def value_of(record: Record, column: str) -> Any:
    """The value of a column, by the name that exports have."""
    return getattr(record, "lambda_" if column == "lambda" else column)


def named(column: str, value: float) -> str:
    """A number as messages write it.

    >>> named("tc_K", 92.0), named("mu_star", 0.1)
    ('Tc = 92 K', 'μ* = 0.1')
    """
    label, unit = LABELS[column]
    return f"{label} = {value:.6g}" + (f" {unit}" if unit and unit != "°" else unit)


def highest_tc(record: Record) -> float | None:
    """The Tc, or the upper end of a range; None for a bound that was not reached."""
    if record.tc_K is not None:
        return None if record.tc_relation == "<" else record.tc_K
    return record.tc_max_K if record.superconducting is not False else None


def highest_pressure(record: Record) -> float | None:
    """The pressure while measuring, or its upper end; None if none is stated."""
    if record.pressure_kind is PressureKind.SYNTHESIS:
        return None
    if record.pressure_GPa is not None:
        return record.pressure_GPa
    return (
        record.pressure_max_GPa if record.pressure_max_GPa is not None else record.pressure_min_GPa
    )


def is_calculated(record: Record) -> bool:
    """Whether the record says that its values are calculated."""
    return record.evidence is Evidence.CALCULATED


def merged_isotopes(composition: Mapping[str, float]) -> dict[str, float]:
    """A composition with deuterium counted as hydrogen.

    >>> merged_isotopes({"D": 3.0, "S": 1.0})
    {'H': 3.0, 'S': 1.0}
    """
    total: dict[str, float] = {}
    for symbol, amount in composition.items():
        known = elements().get(symbol)
        counted = known.counts_as if known is not None else symbol
        total[counted] = total.get(counted, 0.0) + amount
    return total


APART = "[…]"
"""What stands between the sentences of a record that has several."""


def sentences(record: Record) -> list[str]:
    """What the record's places say, sentence by sentence, each once."""
    found = [place.sentence for place in record.places if place.sentence] or [record.sentence]
    parts = (part.strip() for text in found for part in text.split(APART))
    return [part for part in dict.fromkeys(parts) if part]


def sentences_with_tc(record: Record) -> list[str]:
    """Those of the record's sentences that print its Tc; none if it has none."""
    raw = "".join((record.raw_tc or "").split())
    return [s for s in sentences(record) if raw in "".join(s.split())] if raw else []
