"""What was known of a report's materials before: by reference sets, and by the database itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scmine.database.record import Evidence, Record
from scmine.database.store import Database
from scmine.pipelines.crawl import report_text
from scmine.pipelines.crawl.report_claims import Group
from scmine.pipelines.crawl.report_values import NewMaterial, ReportPaper
from scmine.validator.references.compare import Agreement, Comparison, Novelty, compare
from scmine.validator.references.index import ReferenceIndex

WORDS = {
    Novelty.KNOWN: "",
    Novelty.OTHER_DOPING: "known at another doping",
    Novelty.SYSTEM_KNOWN: "composition not known, others of these elements are",
    Novelty.NEW: "no entry has just these elements",
}
"""How much of a material the reference sets have; empty where they have it."""

_NEWEST_FIRST = (Novelty.NEW, Novelty.SYSTEM_KNOWN, Novelty.OTHER_DOPING, Novelty.KNOWN)


class KnownMaterials:
    """The reference sets of a database, each material looked up once."""

    def __init__(self, database: Database) -> None:
        self.sets = tuple(stored.name for stored in database.reference_sets())
        entries = database.reference_entries() if self.sets else ()
        self._index = ReferenceIndex(entries)
        self._found: dict[str, Comparison | None] = {}

    def of(self, record: Record) -> Comparison | None:
        """What the sets say of a record; None without sets or a composition."""
        if not self.sets:
            return None
        if record.record_id not in self._found:
            self._found[record.record_id] = compare(record, self._index)
        return self._found[record.record_id]

    def words(self, record: Record) -> str:
        """What the sets know of a claim, in a few words; empty if nothing can be said."""
        found = self.of(record)
        if found is None:
            return ""
        if found.agreement in (Agreement.ABOVE, Agreement.BELOW):
            ends = f"{found.known_tc_K[0]:g}", f"{found.known_tc_K[-1]:g}"
            span = ends[0] if ends[0] == ends[1] else "–".join(ends)
            return f"{found.agreement.value} the known {span} K"
        return WORDS[found.novelty] or "known"


def new_materials(
    groups: Sequence[Group],
    keys: Mapping[str, str],
    before: set[str],
    known: KnownMaterials,
    papers: Mapping[str, ReportPaper],
    most: int,
) -> tuple[list[NewMaterial], int]:
    """Materials that were not known, each once, and how many more there are.

    Those that the reference sets know least come first, else they are as in ``groups``. ``keys``
    are composition keys of records, ``before`` those that other documents of the database have.
    """
    found: dict[str, tuple[int, NewMaterial]] = {}
    for group in groups:
        key = keys.get(group.top.record_id)
        if key is None or key in found:
            continue
        comparison = known.of(group.top)
        novelty = comparison.novelty if comparison is not None else Novelty.KNOWN
        if key in before and novelty is Novelty.KNOWN:
            continue
        calculated = group.top.evidence is Evidence.CALCULATED
        material = NewMaterial(
            material=report_text.material(group.top),
            to_references=WORDS[novelty],
            to_database=key not in before,
            tc=report_text.tc(group.top) + (", calculated" if calculated else ""),
            paper=papers[group.top.doc_id],
        )
        found[key] = _NEWEST_FIRST.index(novelty), material
    ordered = [material for _, material in sorted(found.values(), key=lambda pair: pair[0])]
    return ordered[:most], max(0, len(ordered) - most)
