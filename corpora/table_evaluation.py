"""Everything that is scored of gold tables, as one typed object that JSON can say.

Counting lives in ``table_scores`` and ``claim_scores``; this module only puts figures together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scmine.corpora.claim_scores import CLAIMS, PaperClaims
from scmine.corpora.evaluation import Figures
from scmine.corpora.table_scores import HEAD_ROWS, TABLES, Miss, PaperTables

CELLS = "cells"


@dataclass(frozen=True, slots=True)
class TableSetting:
    """What was scored.

    Attributes
    ----------
    folder, gold
        Where the PDFs were looked for, and where the gold files are from.
    split
        ``dev``, ``test`` or ``all``.
    papers
        How many papers were scored.
    missing
        Papers of the gold that were not scored, by file, and why.
    unread
        Papers that could not be read, by file, and why; they count as found empty.
    """

    folder: str
    gold: str
    split: str
    papers: int
    missing: Mapping[str, str]
    unread: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableEvaluation:
    """What reader and extractor score on gold tables.

    Attributes
    ----------
    figures
        ``tables``, ``cells`` (all, and of them ``head`` and ``body``), ``head rows``, ``claims``.
    fields
        The fields of claims one by one.
    misses
        All wrong cells, then all wrong claims.
    """

    setting: TableSetting
    figures: Mapping[str, Figures]
    fields: Figures
    misses: tuple[Miss, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; percentages have two decimals."""
        return {
            **asdict(self.setting),
            "figures": {name: figures.to_json() for name, figures in self.figures.items()},
            "fields": self.fields.to_json(),
            "misses": [asdict(miss) for miss in self.misses],
        }


def table_evaluation(
    setting: TableSetting, tables: Sequence[PaperTables], claims: Sequence[PaperClaims]
) -> TableEvaluation:
    """The figures of papers, given in one order for tables and claims; there must be some."""
    return TableEvaluation(
        setting,
        {
            TABLES: Figures.of([{TABLES: paper.tables} for paper in tables]),
            CELLS: Figures.of([paper.cells for paper in tables]),
            HEAD_ROWS: Figures.of([{HEAD_ROWS: paper.head_rows} for paper in tables]),
            CLAIMS: Figures.of([{CLAIMS: paper.claims} for paper in claims]),
        },
        Figures.of([paper.fields for paper in claims]),
        tuple(miss for papers in (tables, claims) for paper in papers for miss in paper.misses),
    )
