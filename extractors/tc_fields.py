"""Tc and pressure of a record: the printed values of a claim in kelvin and gigapascal.

The only place where a claim's Tc and pressure become numbers; which of several belong together is
worked out in ``pairing``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from scmine.database.record import PressureKind, TcKind
from scmine.extractors.claim import Claim
from scmine.extractors.cues import cues, tc_kind_of
from scmine.extractors.quantities import (
    Quantity,
    parse_quantity,
    parse_quantity_list,
    relation_before,
)

COLDEST_OF_A_CRYOSTAT_K = 5.0
"""Where measurements end at the latest: helium boils at 4.2 K."""

HIGHEST_TC_K = 500.0
"""A Tc above this is not believed and flagged: the highest that calculations give is 473 K."""


def tc_quantities(claim: Claim) -> list[Quantity | None]:
    """The Tc values of a claim in order of print; one None where there is none."""
    if "tc" not in claim.values:
        return [None]
    text = claim.values["tc"]
    return list(parse_quantity_list(text, "temperature", claim.hints.get("tc_unit"))) or [None]


def pressures(claim: Claim) -> list[Quantity | None]:
    """The pressures of a claim in order of print; one None where there is none."""
    if "pressure" not in claim.values:
        return [None]
    unit = claim.hints.get("pressure_unit")
    return list(parse_quantity_list(claim.values["pressure"], "pressure", unit)) or [None]


def tc_fields(claim: Claim, tc: Quantity | None, flags: list[str]) -> dict[str, Any]:
    """The fields of the Tc group; ``flags`` is added to."""
    if "absent" in claim.values:
        lowest = parse_quantity(claim.values.get("absent_down_to", ""), "temperature")
        return {
            "superconducting": False,
            "lowest_temperature_K": _stated(lowest) if lowest else None,
        }
    if "tc" not in claim.values:
        return {}
    fields: dict[str, Any] = {"raw_tc": claim.values["tc"]}
    around = claim.hints.get("tc_kind_words", claim.hints.get("tc_words", ""))
    words = around + " " + claim.values["tc"]
    fields["tc_kind"] = (
        TcKind(claim.hints["tc_kind"]) if claim.hints.get("tc_kind") else tc_kind_of(words)
    )
    if tc is None:
        flags.append("tc_unparsed")
        return fields
    flags += [f"tc_{f}" for f in tc.flags]
    if claim.hints.get("unpaired"):
        flags.append("list_unpaired")
    if claim.hints.get("implied"):
        flags.append("material_implied")
    reached = "up_to" in tc.flags  # "as high as 203 K" states a value that was reached
    fields.update(
        tc_K=tc.value,
        tc_min_K=tc.minimum,
        tc_max_K=tc.maximum,
        tc_uncertainty_K=tc.uncertainty,
        tc_relation="=" if reached else claim.hints.get("tc_relation", tc.relation),
    )
    top = tc.value if tc.value is not None else tc.maximum
    if top is not None:
        # Tc = 0 K and "Tc < 1.8 K" say that superconductivity was not seen, not what Tc is.
        if top == 0:
            fields.update(superconducting=False, tc_K=None)
        elif _is_upper_bound(claim.values["tc"], top) and not claim.hints.get("superconducts"):
            fields.update(superconducting=False, lowest_temperature_K=top)
            fields.update(tc_K=None, tc_max_K=top)
        else:
            fields["superconducting"] = True
        if top > HIGHEST_TC_K:
            flags.append("tc_implausible")
    return fields


def _stated(quantity: Quantity) -> float | None:
    """The number of a quantity, whether it is given as a value or as a bound ("> 1 K")."""
    return next(
        (v for v in (quantity.value, quantity.minimum, quantity.maximum) if v is not None), None
    )


def _is_upper_bound(text: str, top_K: float) -> bool:
    """Whether a printed Tc only says that superconductivity was not seen above it.

    "A Tc of less than 1 K" is a Tc, and so is one below what any cryostat reaches.

    >>> _is_upper_bound("< 1.8 K", 1.8), _is_upper_bound("less than 1 K", 1.0)
    (True, False)
    >>> _is_upper_bound("< 110 K", 110.0)
    False
    """
    return re.match(r"\s*[<≤]", text) is not None and top_K <= COLDEST_OF_A_CRYOSTAT_K


def pressure_fields(claim: Claim, pressure: Quantity | None, flags: list[str]) -> dict[str, Any]:
    """The fields of the pressure; ``flags`` is added to."""
    if "pressure" not in claim.values:
        return {}
    fields: dict[str, Any] = {"raw_pressure": claim.values["pressure"]}
    if pressure is None:
        flags.append("pressure_unparsed")
        return fields
    flags += [f"pressure_{f}" for f in pressure.flags if f != "ambient"]
    relation = _pressure_relation(claim, pressure)
    if pressure.value is not None and relation in ("<", ">"):
        flags.append("pressure_bound")
        below = relation == "<"
        pressure = replace(
            pressure,
            value=None,
            minimum=None if below else pressure.value,
            maximum=pressure.value if below else None,
        )
    kind = PressureKind.SYNTHESIS if _is_of_synthesis(claim) else PressureKind.APPLIED
    fields.update(
        pressure_GPa=pressure.value,
        pressure_min_GPa=pressure.minimum,
        pressure_max_GPa=pressure.maximum,
        pressure_kind=kind,
    )
    return fields


def _pressure_relation(claim: Claim, pressure: Quantity) -> str:
    """Whether the pressure is a bound by its own words or by those before it."""
    if pressure.relation != "=" or "ambient" in pressure.flags:
        return pressure.relation
    return relation_before(claim.hints.get("pressure_lead", ""))


def _is_of_synthesis(claim: Claim) -> bool:
    """Whether a claim's pressure is the one that its sample was made at.

    The words around the pressure tell where they were looked at, else those of the sentence.
    """
    if "pressure_kind" in claim.hints:
        return claim.hints["pressure_kind"] == PressureKind.SYNTHESIS.value
    synthesis = cues()["pressure_kind"]["synthesis"].search(claim.sentence)
    superconducts = re.search(r"supercond|T\s?c\b", claim.sentence)
    return synthesis is not None and superconducts is None
