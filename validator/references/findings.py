"""What a comparison with reference sets finds worth saying, in sentences."""

from __future__ import annotations

from scmine.database.record import Record
from scmine.database.reference import ReferenceEntry
from scmine.validator.finding import Finding, Severity
from scmine.validator.references.compare import (
    AGREEMENT_FACTOR,
    SMALLEST_DIFFERENCE_K,
    Agreement,
    Comparison,
    Novelty,
    compare,
)
from scmine.validator.references.index import Near, ReferenceIndex

NOT_IN_REFERENCES = "not_in_references"
TC_BEYOND_REFERENCES = "tc_beyond_references"
TC_OUTLIER = "tc_outlier"
NOT_OBSERVED_IN_REFERENCES = "not_observed_in_references"
OBSERVED_IN_REFERENCES = "observed_in_references"

WARNING_FACTOR = 3.0
"""How many times the highest known Tc of its composition a Tc has to be to be unlikely: onsets,
films and better samples explain less."""

_TC_FIELDS = ("tc_K", "formula", "pressure_GPa")


def findings(record: Record, index: ReferenceIndex) -> list[Finding]:
    """What the references in ``index`` have to say against ``record``; nothing if they agree.

    ``not_in_references`` (note), ``tc_beyond_references`` (note; a warning far above what is known
    for the composition), ``tc_outlier`` (warning: far from the nearest compositions, and not
    confirmed for its own), ``not_observed_in_references`` and ``observed_in_references`` (notes:
    one of the two found no superconductivity where the other has a Tc).
    """
    comparison = compare(record, index) if len(index) else None
    return [] if comparison is None else findings_of(record, comparison, index)


def findings_of(record: Record, comparison: Comparison, index: ReferenceIndex) -> list[Finding]:
    """The findings of a comparison that was made already."""
    found = [
        _novelty(comparison, index),
        _beyond(record, comparison),
        _outlier(record, comparison),
        _not_observed(record, comparison),
        _observed(record, comparison),
    ]
    return [finding for finding in found if finding is not None]


def _novelty(comparison: Comparison, index: ReferenceIndex) -> Finding | None:
    if comparison.novelty is not Novelty.NEW:
        return None
    message = f"no entry of the reference sets ({', '.join(index.set_names)}) has just its elements"
    if comparison.nearest:
        message += f"; the nearest is {_place(comparison.nearest[0])}"
    return Finding(NOT_IN_REFERENCES, Severity.NOTE, message, ("formula",))


def _beyond(record: Record, comparison: Comparison) -> Finding | None:
    if comparison.agreement in (None, Agreement.AGREES):
        return None
    above = comparison.agreement is Agreement.ABOVE
    known, number = comparison.known_tc_K, len(comparison.known_tc_K)
    span = f"{known[0]:g} K" if known[0] == known[-1] else f"{known[0]:g} to {known[-1]:g} K"
    values = "value" if number == 1 else "values"
    message = (
        f"Tc {_stated(record)} is {'above' if above else 'below'} what is known of the same "
        f"composition: {span} ({number} {values} of {', '.join(comparison.known_sets)}; "
        f"a factor of {AGREEMENT_FACTOR} is allowed for){_sample(record)}"
    )
    far = _lowest(record) > WARNING_FACTOR * known[-1]
    severity = Severity.WARNING if far else Severity.NOTE
    return Finding(TC_BEYOND_REFERENCES, severity, message, _TC_FIELDS)


def _outlier(record: Record, comparison: Comparison) -> Finding | None:
    outlier = comparison.outlier
    if outlier is None or comparison.agreement is Agreement.AGREES:
        return None
    places = ", ".join(_place(near) for near in outlier.neighbours)
    message = (
        f"Tc {_stated(record)} is far from those of the nearest compositions, "
        f"whose median is {outlier.median_K:.3g} K: {places}{_sample(record)}"
    )
    return Finding(TC_OUTLIER, Severity.WARNING, message, _TC_FIELDS)


def _not_observed(record: Record, comparison: Comparison) -> Finding | None:
    lowest = comparison.not_observed_K
    if lowest is None or comparison.known_tc_K or not record.tc_K or record.tc_relation == "<":
        return None
    if record.tc_K <= max(lowest * AGREEMENT_FACTOR, lowest + SMALLEST_DIFFERENCE_K):
        return None
    message = (
        f"Tc {_stated(record)}, but {', '.join(comparison.sets)} says that the same composition "
        f"showed no superconductivity down to {lowest:g} K"
    )
    return Finding(NOT_OBSERVED_IN_REFERENCES, Severity.NOTE, message, _TC_FIELDS)


def _observed(record: Record, comparison: Comparison) -> Finding | None:
    lowest = record.lowest_temperature_K
    known = comparison.known_tc_K
    if record.superconducting is not False or lowest is None or not known:
        return None
    if known[0] <= max(lowest * AGREEMENT_FACTOR, lowest + SMALLEST_DIFFERENCE_K):
        return None
    message = (
        f"no superconductivity down to {lowest:g} K, but {', '.join(comparison.known_sets)} has a "
        f"Tc of {comparison.tc_median_K:g} K for the same composition"
    )
    fields = ("superconducting", "lowest_temperature_K", "formula")
    return Finding(OBSERVED_IN_REFERENCES, Severity.NOTE, message, fields)


def _lowest(record: Record) -> float:
    """The lowest that the record's Tc can be, in K."""
    low = record.tc_K if record.tc_K is not None else record.tc_min_K
    return low or 0.0


def _sample(record: Record) -> str:
    """What the sample is, where that can explain its Tc."""
    what = ", ".join(text for text in (record.shape, record.substrate) if text)
    return f"; the sample is: {what}" if what else ""


def _stated(record: Record) -> str:
    if record.tc_K is not None:
        sign = f"{record.tc_relation} " if record.tc_relation not in (None, "=") else ""
        return f"{sign}{record.tc_K:g} K"
    return f"{record.tc_min_K:g} to {record.tc_max_K:g} K"


def _place(near: Near) -> str:
    """A neighbour with its Tc, its distance and where it stands."""
    entry = near.entries[0]
    return f"{entry.formula}{_tc(entry)} at distance {near.distance:.2g} ({entry.set_name})"


def _tc(entry: ReferenceEntry) -> str:
    return "" if entry.tc_K is None else f" {entry.tc_K:g} K"
