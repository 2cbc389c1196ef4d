"""Hand-made gold tables, and what a reader may have made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scmine.corpora.gold_tables import GoldPaper
from scmine.extractors.document import Box, Cell, Document, Table

ROWS = [
    ["Sample", "Tc", "P"],
    ["", "(K)", "(GPa)"],
    ["MgB2", "39", "0"],
    ["Nb3Sn", "18.3", "–"],
    ["H3S", "203", "155"],
]


def gold_paper(
    rows: Sequence[Sequence[str]] = ROWS,
    header_rows: int = 2,
    claims: Sequence[dict[str, Any]] = (),
    pages_complete: Sequence[int] = (1, 2),
    tables: Sequence[dict[str, Any]] | None = None,
) -> GoldPaper:
    """A paper whose one table is on page 2, if ``tables`` does not say otherwise."""
    table = {"page": 2, "header_rows": header_rows, "rows": rows, "claims": claims}
    return GoldPaper.model_validate(
        {
            "file": "a.pdf",
            "sha256": "0" * 64,
            "split": "dev",
            "pages_complete": pages_complete,
            "tables": [table] if tables is None else tables,
        }
    )


def read_table(rows: Sequence[Sequence[str]] = ROWS, header_rows: int = 2, page: int = 2) -> Table:
    """A table as a reader gives it."""
    cells = tuple(
        tuple(Cell(text, is_header=n < header_rows) for text in row) for n, row in enumerate(rows)
    )
    return Table(cells, box=Box(page, 0, 0, 100, 100))


def document(*tables: Table) -> Document:
    """A document with these tables and nothing else."""
    return Document(doc_id="", path="a.pdf", reader="test", tables=tables)
