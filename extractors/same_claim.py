"""Same claim: whether two records of one paper state the same of the same material.

Only the judgement on two records; which of several are put together lives in ``coherence``, and
how they are put together in ``merging``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

from scmine.database.record import Evidence, Record, Source, TcKind
from scmine.extractors.specimens import may_be_one, sample_of

ROUGHLY = 0.05
"""Largest relative difference between an approximate Tc and the value it may be rounded from."""

ROW_MARK = " || "
"""What stands in the sentence of a table's claim between the heads and the row."""

_COUPLING = ("lambda_", "omega_log_K", "omega2_K")
_CRYSTAL = ("a_A", "b_A", "c_A", "space_group", "wyckoff")

_NUMBERS = (
    *_COUPLING, "mu_star", "lowest_temperature_K", "tc_uncertainty_K",
    "a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg",
)  # fmt: skip

_OTHERS = (
    "tc_kind", "evidence", "origin", "superconducting", "tc_method",
    "pressure_kind", "space_group", "crystal_structure", "prototype", "wyckoff", "substrate",
    "fabrication", "structure_id",
)  # fmt: skip

_TC = ("tc_K", "tc_min_K", "tc_max_K", "tc_relation")

_NOTHING: tuple[object, ...] = (None, "", [], TcKind.UNSPECIFIED, Evidence.UNKNOWN)
"""What fields hold that say nothing."""


def same_claim(first: Record, second: Record) -> bool:
    """Whether two records with the same ``material_key`` state the same thing.

    They share a value and contradict each other in nothing; what only one of them says (a
    pressure, a kind of Tc) is no contradiction, and a value that two measurements gave is one. The
    order of the two does not matter.

    >>> a, b, c = (
    ...     Record(record_id="", doc_id="", raw_material="MgB2", tc_K=tc, tc_relation=relation)
    ...     for tc, relation in ((39.2, "="), (39.0, "~"), (39.0, "="))
    ... )
    >>> same_claim(a, b), same_claim(b, c), same_claim(a, c)
    (True, True, False)
    """
    return share_a_value(first, second) and may_be_same(first, second)


def may_be_same(first: Record, second: Record) -> bool:
    """Whether nothing keeps two records from being one claim; they need not share a value."""
    return (
        same_tc(first, second)
        and not _table_heads(first) & _table_heads(second)
        and agree(first, second)
    )


def _table_heads(record: Record) -> set[str]:
    """The heads of the tables that state a record; rows of one table are claims of their own."""
    rows = [p.sentence for p in record.places if p.source is Source.TABLE]
    return {row.split(ROW_MARK)[0] for row in rows}


def agree(first: Record, second: Record) -> bool:
    """Whether no condition, sample or property of one contradicts the other's; Tc aside."""
    return (
        _pressures_agree(first, second)
        and all(_numbers_agree(getattr(first, n), getattr(second, n)) for n in _NUMBERS)
        and all(_others_agree(getattr(first, n), getattr(second, n)) for n in _OTHERS)
        and (first.magnetic_field_T or 0.0) == (second.magnetic_field_T or 0.0)
        and _variables_agree(first.variables, second.variables)
        and may_be_one(sample_of(first), sample_of(second))
    )


def signature(record: Record) -> str:
    """All that ``same_claim`` looks at: equal for records that cannot be told apart."""
    sample = sample_of(record)
    said = [
        [getattr(record, name) for name in (*_TC, *_NUMBERS, *_OTHERS)],
        None if record.tc_K is not None else record.raw_tc,
        _pressure(record),
        record.raw_pressure if states_pressure(record) and not any(_pressure(record)) else None,
        record.magnetic_field_T or 0.0,
        sorted((name, _number(value)) for name, value in record.variables.items()),
        [sorted(words) for words in (sample.labels, sample.phases, sample.shapes)],
        [sample.doping, sample.dopant],
        sorted(p.sentence for p in record.places if p.source is Source.TABLE),
    ]
    return json.dumps(said, ensure_ascii=False, default=str)


def states_tc(record: Record) -> bool:
    """Whether a record has a Tc, as a number or only as printed."""
    return record.raw_tc is not None or any(getattr(record, n) is not None for n in _TC[:3])


def same_tc(first: Record, second: Record) -> bool:
    """Whether two records have the same Tc but for rounding, or one of them has none."""
    if not states_tc(first) or not states_tc(second):
        return True
    if first.tc_K is None or second.tc_K is None:
        ends = [[getattr(r, name) for name in _TC] for r in (first, second)]
        numbers = any(v is not None for v in ends[0][:3])
        return ends[0] == ends[1] and (numbers or first.raw_tc == second.raw_tc)
    if (first.tc_relation == ">") != (second.tc_relation == ">"):
        return False
    if _same_number(first.tc_K, second.tc_K):
        return True
    # What holds at another pressure is not that value rounded.
    return states_pressure(first) == states_pressure(second) and (
        (first.tc_relation == "~" and may_stand_for(first, second.tc_K))
        or (second.tc_relation == "~" and may_stand_for(second, first.tc_K))
    )


def may_stand_for(record: Record, fine: float) -> bool:
    """Whether the Tc of ``record``, as it is printed, may be ``fine`` (in kelvin) rounded."""
    return record.tc_K is not None and is_rounded(
        record.tc_K, _decimals(record.raw_tc or "", record.tc_K), fine
    )


def _decimals(printed: str, value_K: float) -> int:
    """Decimals of ``value_K`` in kelvin as ``printed`` has it, in kelvin or millikelvin."""
    for digits in re.findall(r"\d{1,9}(?:\.\d{1,9})?", printed):
        for unit in (0, 3):
            if _same_number(float(f"{digits}e-{unit}"), value_K):
                return len(digits.partition(".")[2]) + unit
    return len(f"{value_K:.6f}".rstrip("0").partition(".")[2])


def is_rounded(value: float, digits: int, fine: float) -> bool:
    """Whether ``value``, printed with ``digits`` decimals, may stand for ``fine``.

    The last digit counts, up to 5 %; a last zero before the point may be rounded too, up to 2.5 %.

    >>> is_rounded(39.0, 0, 39.4), is_rounded(39.0, 1, 39.4), is_rounded(1.0, 0, 1.4)
    (True, False, False)
    >>> is_rounded(200.0, 0, 203.0), is_rounded(90.0, 0, 86.0)
    (True, False)
    """
    difference = abs(value - fine)
    if difference <= min(0.5 * 10.0**-digits * (1 + 1e-9), ROUGHLY * abs(fine)):
        return True
    tens = digits == 0 and value % 10 == 0
    return tens and difference <= min(5.0, 0.5 * ROUGHLY * abs(fine))


def _same_number(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=1e-6, abs_tol=1e-12)


def _numbers_agree(first: float | None, second: float | None) -> bool:
    return first is None or second is None or _same_number(first, second)


def _others_agree(first: object, second: object) -> bool:
    if first in _NOTHING or second in _NOTHING:
        return True
    if isinstance(first, str) and isinstance(second, str):
        return first.casefold() == second.casefold()
    return first == second


def _variables_agree(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    return all(_number(first[name]) == _number(second[name]) for name in first.keys() & second)


def _number(text: str) -> float | str:
    """``0.8`` and ``0.80`` are one value."""
    try:
        return float(text)
    except ValueError:
        return text


def _pressure(record: Record) -> tuple[float | None, float | None, float | None]:
    return record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa


def states_pressure(record: Record) -> bool:
    """Whether a record has a pressure, as a number or only as printed."""
    return record.raw_pressure is not None or _pressure(record) != (None, None, None)


def _pressures_agree(first: Record, second: Record) -> bool:
    """Whether the pressures are the same, or one is not said."""
    if not states_pressure(first) or not states_pressure(second):
        return True
    return _pressure(first) == _pressure(second) and (
        _pressure(first) != (None, None, None) or first.raw_pressure == second.raw_pressure
    )


def share_a_value(first: Record, second: Record) -> bool:
    """Whether something that both state makes them one claim."""
    if states_tc(first) and states_tc(second):
        return same_tc(first, second)
    if first.superconducting is False and second.superconducting is False:
        return True
    if any(_both_state(first, second, name) for name in _COUPLING):
        return True
    # A cell belongs to one pressure, and what leaves the pressure out may mean any.
    return states_pressure(first) == states_pressure(second) and any(
        _both_state(first, second, name) for name in _CRYSTAL
    )


def _both_state(first: Record, second: Record, name: str) -> bool:
    return getattr(first, name) not in _NOTHING and getattr(second, name) not in _NOTHING
