"""Nights of crawling, written straight into a database: one with all that reports tell, one empty.

Run as a program it writes what reports of them are held against to ``tests/fixtures/reports``; look
at the differences before they are kept.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from scmine.database.record import Evidence
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo
from scmine.database.store import Database, open_database
from scmine.database.structure import StructureRow
from scmine.pipelines.crawl.report import report_of
from scmine.pipelines.crawl.report_html import page
from scmine.pipelines.crawl.report_markdown import as_markdown
from tests.crawled import SIX, add_crawl
from tests.web.collection import CITED, DIBORIDE, HYDRIDE, OWN, paper

GOLDEN = Path(__file__).parent / "fixtures" / "reports"
HOSTILE = '<script>alert(1)</script> *bold* [x](javascript:alert(2)) & "q"\r\nBcc: e@x \u202egnid'
SULFIDE = {"formula": "H3S", "composition": {"H": 3.0, "S": 1.0}, "material_class": "hydride"}
CALCULATED = {"evidence": "calculated", "lambda": 2.2, "omega_log_K": 1300.123, "mu_star": 0.1}
AU = {"formula": "Au", "composition": {"Au": 1.0}}


def _papers() -> dict[str, list[dict[str, Any]]]:
    """The claims of each paper."""
    said = "A sentence with <b>tags</b>, _underscores_ and 1. a number | T_c."
    table = "Sample | Tc (K) |  ‖ A | 38 | x"
    return {
        "diboride": [
            DIBORIDE | OWN | {"tc_K": 39.0, "page": 3, "sentence": said, "tc_kind": "onset"},
            DIBORIDE | OWN | {"tc_K": 38.0, "page": 4, "sentence": table},
            AU | OWN | {"superconducting": False, "lowest_temperature_K": 0.02},
        ],
        "hydrides": [
            HYDRIDE | OWN | {"tc_K": 250.0, "pressure_GPa": 170.0, "raw_pressure": "170 GPa"},
            HYDRIDE | OWN | CALCULATED | {"tc_K": 280.0, "pressure_GPa": 200.0},
            SULFIDE | OWN | {"tc_K": 203.0, "tc_relation": "~"},
            SULFIDE | OWN | CALCULATED | {"tc_K": 204.0, "pressure_min_GPa": 150.0},
            HYDRIDE | CITED | {"tc_min_K": 240.0, "tc_max_K": 260.0, "pressure_GPa": 180.0},
            {"raw_material": "a film"} | OWN | {"tc_K": 90.0, "flags": ["material_implied"]},
        ],
        "hostile": [
            {"raw_material": "<i>ThCr2Si2</i>`*_x"} | OWN | {"tc_K": 12.5, "evidence": "unknown"},
            {"formula": "Pb9CuP6O25"} | OWN | {"tc_K": 410.0, "flags": ["tc_out_of_range"]},
        ],
        "newer": [{"formula": "NbN"} | OWN | {"tc_K": 16.0}],
        "older": [{"formula": "NbN"} | OWN | {"tc_K": 17.0}],
    }


def _add_references(database: Database) -> None:
    info = ReferenceSetInfo(name="known", kind="scmine", path="/known.csv", sha256="0" * 64)
    entry = ReferenceEntry(
        formula="MgB2", key="MgB2", system="B-Mg", composition={"Mg": 1.0, "B": 2.0}, line=2
    )
    database.add_reference_set(info, [replace(entry, tc_K=12.0, evidence=Evidence.MEASURED)])


def add_night(database: Database) -> int:
    """A night with all that a report tells; the number of its crawl."""
    run = database.start_run("1")
    ids = {}
    for name, claims in _papers().items():
        made = paper(name, 2026, claims)
        if name == "diboride":
            fields = {"formula": "MgB2", "space_group": "P6/mmm", "structure": {"sites": []}}
            rows = [
                StructureRow(structure_id=f"s{n}", verdict="consistent", **fields) for n in range(2)
            ]
            rows.append(StructureRow(structure_id="t", verdict="incomplete"))
            made = replace(made, structures=rows)
        database.save_document(run, made)
        ids[name] = made.doc_id
    _add_references(database)
    add_crawl(database, [{"key": "2610.00001", "doc_id": ids["older"]}], began=SIX.replace(day=23))
    failed = {"state": "failed", "reason": "no full text is offered"}
    skipped = {"state": "skipped", "title": "Magnons"}
    return add_crawl(
        database,
        [
            {"doc_id": ids["diboride"], "title": "Superconductivity at 39 K"},
            {"doc_id": ids["hydrides"], "title": "Hydrides", "authors": ["Ada One"]},
            {"doc_id": ids["hostile"], "title": HOSTILE, "authors": [HOSTILE], "link": "data:,x"},
            {"key": "2610.00001", "version": 2, "doc_id": ids["newer"], "title": "NbN again"},
            {"key": "2611.00005", "state": "withdrawn", "title": "Taken back"},
            {"key": "2611.00006", "failures": 1} | failed,
            {"key": "2611.00007", "failures": 1} | failed,
            {"key": "2611.00008", "state": "unreadable", "reason": "needs_ocr: no text"},
            {"key": "2611.00009", "score": 0.19} | skipped,
            {"key": "2611.00010", "score": 0.02} | skipped,
        ],
    )


def add_empty_night(database: Database) -> int:
    """A night that brought nothing; the number of its crawl."""
    return add_crawl(database, [])


NIGHTS = {"night": add_night, "empty": add_empty_night}


@contextmanager
def night(name: str) -> Iterator[Database]:
    """A database of this name in the current folder, with the crawl that its report is about."""
    with open_database(f"{name}.db") as database:
        NIGHTS[name](database)
        yield database


def forms(name: str) -> dict[str, str]:
    """The last crawl's report in all forms, by the name of the file that it is held against."""
    with night(name) as database:
        report = report_of(database, [], base_url="https://scmine.example.org")
    texts = {f"{name}.md": as_markdown(report), f"{name}.html": page(report)}
    return {file: text.replace(f"{Path.cwd()}/", "") for file, text in texts.items()}


def main() -> None:
    """Write the files."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in NIGHTS:
            for file, text in forms(name).items():
                (GOLDEN / file).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
