"""What the database's reference sets know of a record, ready for pages.

The comparison itself lives in ``scmine.validator.references``. The index of all entries takes
seconds to build, so it is kept as long as the sets stay the same.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.database.record import Record
from scmine.database.reference import ReferenceEntry
from scmine.database.store import Database
from scmine.validator.finding import Finding
from scmine.validator.references.compare import (
    Agreement,
    Comparison,
    Novelty,
    compare,
    material_of_record,
)
from scmine.validator.references.findings import findings_of
from scmine.validator.references.index import ReferenceIndex

SHOWN = 12
"""Entries of the composition that a page lists."""

NOVELTY = {
    Novelty.KNOWN: "The reference sets have this composition.",
    Novelty.OTHER_DOPING: "The reference sets have this material at another doping only.",
    Novelty.SYSTEM_KNOWN: "The reference sets have these elements in other amounts only.",
    Novelty.NEW: "The reference sets have nothing of just these elements.",
}

AGREEMENT = {
    Agreement.AGREES: "The Tc agrees with what is known for it.",
    Agreement.ABOVE: "The Tc is above what is known for it.",
    Agreement.BELOW: "The Tc is below what is known for it.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the sets say of a record: in words, the entries of its composition, and findings."""

    comparison: Comparison
    words: str
    entries: Sequence[ReferenceEntry]
    more: int
    findings: Sequence[Finding]


class KnownValues:
    """The reference sets of a database, for any number of threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._sets: tuple[str, ...] = ()
        self._index = ReferenceIndex(())

    def of(self, record: Record) -> Known | None:
        """What is known of a record's material; None without sets or a composition."""
        with self._lock:
            index = self._current()
            comparison = compare(record, index) if len(index) else None
            if comparison is None:
                return None
            material = material_of_record(record)
            numbers = index.of_key(material.key) if material is not None else []
            entries = [index.entries[n] for n in numbers]
            findings = findings_of(record, comparison, index)
        entries.sort(key=lambda entry: (entry.tc_K is None, -(entry.tc_K or 0.0)))
        agreement = comparison.agreement
        words = " ".join(
            [NOVELTY[comparison.novelty], *([AGREEMENT[agreement]] if agreement else [])]
        )
        more = max(0, len(entries) - SHOWN)
        return Known(comparison, words, entries[:SHOWN], more, findings)

    def _current(self) -> ReferenceIndex:
        """The index of today's sets; built anew where one was added or removed."""
        sets = tuple(stored.sha256 for stored in self._database.reference_sets())
        if sets != self._sets:
            self._index = ReferenceIndex(self._database.reference_entries())
            self._sets = sets
        return self._index
