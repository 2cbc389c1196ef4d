"""Numbers that a person typed against what the paper prints, to the digit.

The validator lets rounding pass (``scmine.validator.plausibility.printed``); a person who changes
171 to 172 is asked. Nothing here forbids anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from scmine.database.record import Record
from scmine.extractors.quantities import Kind, Quantity, parse_quantity_list
from scmine.validator.plausibility.printed import CLOSE
from scmine.web.highlight import marked, numbers_of, parts
from scmine.web.record_fields import fields, shown

_RAW: dict[str, tuple[Kind, str, tuple[str, ...]]] = {
    "raw_tc": ("temperature", "K", ("tc_K", "tc_min_K", "tc_max_K")),
    "raw_pressure": (
        "pressure",
        "GPa",
        ("pressure_GPa", "pressure_min_GPa", "pressure_max_GPa"),
    ),
}
"""For each raw column what it prints, the unit of the numbers, and their columns."""

_IN_SENTENCE = ("lambda", "omega_log_K", "omega2_K", "mu_star")
"""Numbers without a raw column: they are looked for in the record's sentence."""

EQUAL = 1e-6
"""Relative difference of two numbers that are the same but for floating point."""


def not_as_printed(before: Record, after: Record, changed: Collection[str]) -> dict[str, str]:
    """What was changed so that it is not what the paper prints: a remark by column.

    >>> old = Record(record_id="r", doc_id="d", raw_material="x", raw_tc="171 K", tc_K=171.0)
    >>> new = old.model_copy(update={"tc_K": 172.0})
    >>> not_as_printed(old, new, {"tc_K"})
    {'tc_K': '172 K is not what was printed, “171 K”'}
    """
    row = after.to_row()
    found: dict[str, str] = {}
    for raw_column, (kind, unit, columns) in _RAW.items():
        raw = row[raw_column]
        if not raw:
            continue
        printed = [q for q in parse_quantity_list(raw, kind) if _is_read(q)]
        for column in columns:
            value = row[column]
            touched = [name for name in (column, raw_column) if name in changed]
            if value is None or not touched or not printed:
                continue
            if not any(_says(quantity, value, unit) for quantity in printed):
                text = f"{shown(column, value)} is not what was printed, “{raw}”"
                found.setdefault(touched[0], text)
    stood, stands = _in_sentence(before), _in_sentence(after)
    for column in _IN_SENTENCE:
        if column in changed and row[column] is not None and column in stood - stands:
            label, old = fields()[column].label, shown(column, before.to_row()[column])
            found[column] = (
                f"{label} = {shown(column, row[column])} is not in the sentence, which has {old}"
            )
    return found


def _is_read(quantity: Quantity) -> bool:
    """Whether a printed number was read with its unit; others cannot be held against anything."""
    has_number = (quantity.value, quantity.minimum, quantity.maximum) != (None, None, None)
    return has_number and "unit_missing" not in quantity.flags


def _says(quantity: Quantity, value: float, unit: str) -> bool:
    """Whether a printed quantity has a number; one in another unit was rounded on the way."""
    reach = EQUAL if quantity.unit_printed == unit else CLOSE
    ends = (quantity.value, quantity.minimum, quantity.maximum)
    return any(math.isclose(value, end, rel_tol=reach) for end in ends if end is not None)


def _in_sentence(record: Record) -> set[str]:
    """The columns whose number stands in the record's sentence."""
    return marked(parts(record.sentence, {}, numbers_of(record)))
