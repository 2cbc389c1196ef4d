"""Findings as flags of records: what ingest and ``scmine check --update`` store.

Errors and warnings become flags; notes say nothing against a record and are only printed. Flags of
the extractors stay as they are, and no record is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scmine.database.record import Record
from scmine.validator.finding import Finding, Severity
from scmine.validator.plausibility.check import check_records
from scmine.validator.plausibility.papers import DoubtedPaper
from scmine.validator.plausibility.rules import rules


def flags_of(findings: Iterable[Finding]) -> list[str]:
    """The names of the findings that become flags of a record, each once."""
    return list(dict.fromkeys(f.name for f in findings if f.severity is not Severity.NOTE))


def flagged(
    records: Sequence[Record], doubted: Sequence[DoubtedPaper] | None = None
) -> list[Record]:
    """``records``, those of one paper or of many, with the flags that the validator gives them.

    ``doubted`` is as in `check_records`.

    >>> record = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=3905.0,
    ...     flags=["tc_up_to"])
    >>> flagged([record])[0].flags
    ['tc_up_to', 'tc_out_of_range']
    """
    found = check_records(records, doubted=doubted)
    return [with_flags(record, flags_of(f)) for record, f in zip(records, found, strict=True)]


def with_flags(record: Record, flags: Sequence[str]) -> Record:
    """``record`` with ``flags`` of the validator in the place of those it had of it."""
    own = [flag for flag in record.flags if flag not in rules()]
    new = list(dict.fromkeys([*own, *flags]))
    return record if new == record.flags else record.model_copy(update={"flags": new})
