"""A small collection of made-up papers with claims of many kinds, for the pages that list them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scmine.database.record import Record
from scmine.database.results import DocumentResult
from scmine.database.store import Database, open_database

HYDRIDE = {"formula": "LaH10", "composition": {"La": 1.0, "H": 10.0}, "material_class": "hydride"}
DIBORIDE = {"formula": "MgB2", "composition": {"Mg": 1.0, "B": 2.0}, "material_class": "MgB2-like"}
OWN, CITED = {"origin": "this_work"}, {"origin": "cited"}


def paper(name: str, year: int | None, claims: Sequence[dict[str, Any]]) -> DocumentResult:
    """A paper called ``name`` with these claims."""
    doc_id = name.encode().hex().rjust(64, "0")
    shared = {"path": f"papers/{name}.pdf", "title": f"On {name}", "year": year}
    records = [
        Record(
            **{
                "record_id": f"{name}-{i:03}",
                "doc_id": doc_id,
                "raw_material": "a material",
                "sentence": f"Sentence {i} of {name}.",
                "evidence": "measured",
                **shared,
                **claim,
            }
        )
        for i, claim in enumerate(claims)
    ]
    return DocumentResult(
        doc_id=doc_id,
        reader="pdf",
        status="done",
        pipeline_version="1",
        records=records,
        **shared,
    )


def collection() -> list[DocumentResult]:
    """Six papers: four agree on MgB2, one is far off, one is of hydrides under pressure."""
    agreed = [
        paper(f"diboride{i}", 2001 + i, [DIBORIDE | OWN | {"tc_K": tc} for tc in (38.5, 39.0)])
        for i in range(4)
    ]
    off = paper(
        "misprint",
        2010,
        [
            DIBORIDE | CITED | {"tc_K": 390.0, "flags": ["above_class_record"]},
            {"raw_material": "=HYPERLINK(1)", "name": "<script>alert(1)</script>", "tc_K": 7.0},
        ],
    )
    coupling = {"evidence": "calculated", "lambda": 2.2, "omega_log_K": 1300.0, "mu_star": 0.1}
    hydrides = paper(
        "hydrides",
        2019,
        [
            HYDRIDE | OWN | {"tc_K": 250.0, "pressure_GPa": 170.0},
            HYDRIDE | OWN | coupling | {"tc_K": 280.0, "pressure_GPa": 200.0},
            HYDRIDE | CITED | {"tc_min_K": 240.0, "tc_max_K": 260.0, "pressure_GPa": 180.0},
            HYDRIDE | OWN | {"superconducting": False, "lowest_temperature_K": 4.0},
        ],
    )
    return [*agreed, off, hydrides]


@contextmanager
def collected(folder: Path, papers: Sequence[DocumentResult] | None = None) -> Iterator[Database]:
    """A SQLite database with the collection, or with other papers."""
    with open_database(folder / "collection.db") as database:
        run = database.start_run("1")
        for result in collection() if papers is None else papers:
            database.save_document(run, result)
        yield database
