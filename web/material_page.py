"""What the page of one composition shows, read from the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from scmine.database.filters import RecordFilter
from scmine.database.record import Record
from scmine.database.reference import ReferenceEntry
from scmine.database.store import Database
from scmine.database.structure import StoredStructure
from scmine.web.counted import NOT_COUNTED
from scmine.web.material_statistics import Claim, Spread, bounds_tc, claims_of, spreads

MOST_RECORDS = 5000
"""Records of one composition that are read; the best known ones have hundreds."""

MOST_ENTRIES = 200
"""Entries of reference sets, and structures, that are listed."""


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """One composition across papers.

    ``claims`` are the records with a Tc that count, ``not_counted`` how many were judged away.
    """

    key: str
    records: list[Record]
    claims: list[Claim]
    spreads: list[Spread]
    not_counted: int
    references: list[ReferenceEntry]
    structures: list[StoredStructure]

    @property
    def papers(self) -> int:
        """How many papers there are records from."""
        return len({record.doc_id for record in self.records})

    @property
    def outliers(self) -> list[Claim]:
        """The claims far from the others."""
        return [claim for claim in self.claims if claim.outlier]

    @property
    def classes(self) -> list[str]:
        """The classes that the records say, the most frequent first."""
        counted = Counter(r.material_class for r in self.records if r.material_class)
        return [name for name, _ in counted.most_common()]

    @property
    def formula(self) -> str:
        """The formula as most records have it."""
        counted = Counter(r.formula for r in self.records if r.formula)
        return counted.most_common(1)[0][0] if counted else self.key

    @property
    def names(self) -> list[str]:
        """What papers call the material besides its formula, the most frequent first."""
        counted = Counter(r.name for r in self.records if r.name and r.name != self.key)
        return [name for name, _ in counted.most_common(8)]

    @property
    def not_superconducting(self) -> list[Record]:
        """The records that say that no superconductivity was found."""
        return [r for r in self.records if r.superconducting is False]

    @property
    def bounds(self) -> list[Record]:
        """The records that count and only say that Tc is below or above a value."""
        return [
            r
            for r in self.records
            if r.status not in NOT_COUNTED and r.superconducting is not False and bounds_tc(r)
        ]

    @property
    def without_tc(self) -> int:
        """How many records that count say nothing of a Tc, nor that there is none."""
        counted = [r for r in self.records if r.status not in NOT_COUNTED]
        there = len(self.claims) + len(self.bounds) + len(self.not_superconducting)
        return len(counted) - there


def read_material_page(db: Database, key: str) -> MaterialPage:
    """All that a database knows of the composition ``key``, the highest Tc first."""
    wanted = RecordFilter(composition_key=key, order="tc", limit=MOST_RECORDS)
    records = list(db.records(wanted))
    claims = claims_of(record for record in records if record.status not in NOT_COUNTED)
    found = db.structures(RecordFilter(composition_key=key, limit=MOST_ENTRIES))
    return MaterialPage(
        key=key,
        records=records,
        claims=claims,
        spreads=spreads(claims),
        not_counted=sum(record.status in NOT_COUNTED for record in records),
        references=list(islice(db.reference_entries(key=key), MOST_ENTRIES)),
        structures=list(found),
    )
