"""The columns that a comparison with reference sets adds to a record in tables."""

from __future__ import annotations

from typing import Any

from scmine.database.record import Record
from scmine.validator.references.compare import compare
from scmine.validator.references.index import ReferenceIndex

REFERENCE_COLUMNS: dict[str, str] = {
    "reference_novelty": "text",
    "reference_entries": "integer",
    "reference_sets": "list",
    "reference_agreement": "text",
    "reference_tc_median_K": "number",
    "reference_tc_min_K": "number",
    "reference_tc_max_K": "number",
    "reference_nearest": "text",
    "reference_distance": "number",
}
"""The added columns with their types, named as in ``scmine.database.columns``."""


def reference_columns(record: Record, index: ReferenceIndex) -> dict[str, Any]:
    """The values of `REFERENCE_COLUMNS` for a record; None where there is nothing to compare."""
    comparison = compare(record, index)
    if comparison is None:
        return {name: [] if kind == "list" else None for name, kind in REFERENCE_COLUMNS.items()}
    known = comparison.known_tc_K
    nearest = comparison.nearest[0] if comparison.nearest else None
    agreement = comparison.agreement
    return {
        "reference_novelty": comparison.novelty.value,
        "reference_entries": comparison.entries,
        "reference_sets": list(comparison.sets),
        "reference_agreement": None if agreement is None else agreement.value,
        "reference_tc_median_K": comparison.tc_median_K,
        "reference_tc_min_K": known[0] if known else None,
        "reference_tc_max_K": known[-1] if known else None,
        "reference_nearest": None if nearest is None else nearest.entries[0].formula,
        "reference_distance": None if nearest is None else round(nearest.distance, 4),
    }
