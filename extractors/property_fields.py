"""Numbers of a record besides Tc and pressure: λ, ω_log, ω₂, μ*, magnetic field, cell edges.

Read, converted to the unit of the column, and held against what is plausible. Space groups and
structures live in ``crystal_fields``.
"""

from __future__ import annotations

from typing import Any

from scmine.extractors.claim import Claim
from scmine.extractors.cues import measurement_method_of
from scmine.extractors.quantities import Kind, parse_quantity

PLAUSIBLE = {
    "lambda": (0.0, 10.0),
    "mu_star": (0.0, 0.5),
    "omega_log_K": (1.0, 6000.0),
    "omega2_K": (1.0, 6000.0),
    "magnetic_field_T": (0.0, 1000.0),
    "a_A": (1.5, 300.0),
    "b_A": (1.5, 300.0),
    "c_A": (1.5, 300.0),
    "alpha_deg": (30.0, 150.0),
    "beta_deg": (30.0, 150.0),
    "gamma_deg": (30.0, 150.0),
}
"""Lowest and highest value that is believed, in the unit of the column. Outside, the column was
misread, and the record keeps no number."""


DIGITS = 6
"""Decimals that are kept of a converted number."""


_NUMBERS: tuple[tuple[str, str, Kind], ...] = (
    ("lambda", "lambda", "number"),
    ("mu_star", "mu_star", "number"),
    ("omega_log", "omega_log_K", "frequency"),
    ("omega2", "omega2_K", "frequency"),
    ("magnetic_field", "magnetic_field_T", "field"),
    ("a", "a_A", "length"),
    ("b", "b_A", "length"),
    ("c", "c_A", "length"),
    ("alpha", "alpha_deg", "angle"),
    ("beta", "beta_deg", "angle"),
    ("gamma", "gamma_deg", "angle"),
)
"""What a claim calls a value, the record's column, and the kind of quantity."""


def property_fields(claim: Claim) -> dict[str, Any]:
    """λ, ω_log, ω₂, μ*, method, field and cell numbers, as far as the claim states them."""
    fields: dict[str, Any] = {"flags": []}
    values = claim.values
    for key, column, kind in _NUMBERS:
        if key not in values:
            continue
        quantity = parse_quantity(values[key], kind, "°" if kind == "angle" else None)
        if quantity is None:
            fields["flags"].append(f"{key}_unparsed")
        elif quantity.value is None:
            fields["flags"] += [f"{key}_{flag}" for flag in quantity.flags or ("range",)]
        elif not PLAUSIBLE[column][0] <= quantity.value <= PLAUSIBLE[column][1]:
            fields["flags"].append(f"{key}_implausible")
        else:
            # Digits beyond these come from converting the unit, not from print.
            fields[column] = round(quantity.value, DIGITS)
    if "method" in values:
        fields["measurement_method"] = measurement_method_of(values["method"])
    return fields
