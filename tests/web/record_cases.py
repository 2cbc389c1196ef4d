"""Papers for the pages of records: one with claims of every kind, one with hostile text."""

from __future__ import annotations

from typing import Any

from pymatgen.core import Lattice, Structure

from scmine.database.record import Place, Record, Source
from scmine.database.results import DocumentResult
from scmine.database.store import Database
from scmine.database.structure import StructureRow

PAPER = "cd" * 32
HOSTILE = "ef" * 32
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"

SENTENCE = "MgB2 becomes superconducting at 39 K under 1.5 GPa, with λ = 0.87."
TABLE = "x | Tc (K) | P (GPa) || 0.15 | 37.5 | 2"
NAMES = ("MgB2", "LSCO", "doubtful", "calm")


def record_id(name: str) -> str:
    """The id of one of the paper's records."""
    return f"rec-{name}"


def structure() -> StructureRow:
    """The cell of MgB2, from a structure type."""
    atoms = Structure(
        Lattice.hexagonal(3.086, 3.524),
        ["Mg", "B", "B"],
        [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]],
    )
    return StructureRow(
        structure_id="str-mgb2",
        verdict="consistent",
        formula="MgB2",
        space_group="P6/mmm",
        space_group_number=191,
        way="prototype",
        estimated=["sites", "c_A"],
        origin="prototype AlB2",
        reasons=[{"name": "n", "severity": "note", "message": "no site is stated", "fields": []}],
        stated={"formula": "MgB2", "space_group": "P6/mmm", "a_A": 3.086},
        structure=atoms.as_dict(),
        sentence="MgB2 crystallizes in P6/mmm.",
        page=2,
    )


def _record(name: str, **values: Any) -> Record:
    given = {"doc_id": PAPER, "path": "papers/cd.pdf", "title": "Superconductors of all kinds"}
    return Record(record_id=record_id(name), **(given | values))


def paper() -> DocumentResult:
    """The paper with claims of every kind."""
    place = Place(
        id="p1", source=Source.TEXT, page=2, sentence=SENTENCE, raw_material="MgB2", raw_tc="39 K"
    )
    other = place.model_copy(update={"id": "p2", "page": 5, "section": "Conclusions"})
    records = [
        _record(
            "MgB2",
            raw_material="MgB2",
            formula="MgB2",
            composition={"Mg": 1.0, "B": 2.0},
            raw_tc="39 K",
            tc_K=39.0,
            raw_pressure="1.5 GPa",
            pressure_GPa=1.5,
            lambda_=0.87,
            sentence=SENTENCE,
            places=[place, other],
            page=2,
            boxes=[[2, 72.0, 100.0, 300.0, 112.0]],
            confidence=0.95,
            structure_id="str-mgb2",
        ),
        _record(
            "LSCO",
            raw_material="La2-xSrxCuO4",
            formula="La1.85Sr0.15CuO4",
            composition={"La": 1.85, "Sr": 0.15, "Cu": 1.0, "O": 4.0},
            variables={"x": "0.15"},
            raw_tc="37.5 K",
            tc_K=37.5,
            raw_pressure="2 GPa",
            pressure_GPa=2.0,
            sentence=TABLE,
            source=Source.TABLE,
            page=3,
        ),
        _record(
            "doubtful",
            raw_material="sample 2",
            raw_tc="3900 K",
            tc_K=3900.0,
            sentence="sample 2 has a Tc of 3900 K",
            confidence=0.3,
            flags=["unresolved_sample", "tc_out_of_range"],
        ),
        _record(
            "calm",
            raw_material="Nb",
            formula="Nb",
            composition={"Nb": 1.0},
            raw_tc="9.2 K",
            tc_K=9.2,
            sentence="Nb has 9.2 K",
            confidence=0.99,
        ),
    ]
    return DocumentResult(
        doc_id=PAPER,
        path="papers/cd.pdf",
        reader="pdf",
        status="done",
        pipeline_version="5",
        title="Superconductors of all kinds",
        records=records,
        structures=[structure()],
    )


def hostile_paper() -> DocumentResult:
    """A paper that has markup in every text that it states."""
    place = Place(id="h1", source=Source.TEXT, section=SCRIPT, sentence=SCRIPT, raw_material=SCRIPT)
    record = Record(
        record_id="rec-hostile",
        doc_id=HOSTILE,
        path=f"papers/{SCRIPT}.pdf",
        doi=f"10.1/{SCRIPT}",
        arxiv_id=SCRIPT,
        title=SCRIPT,
        authors=[SCRIPT],
        journal=SCRIPT,
        publisher=SCRIPT,
        raw_material=SCRIPT,
        formula=SCRIPT,
        name=SCRIPT,
        material_class=SCRIPT,
        doping=SCRIPT,
        shape=SCRIPT,
        substrate=SCRIPT,
        fabrication=SCRIPT,
        variables={SCRIPT: SCRIPT},
        raw_tc=SCRIPT,
        raw_pressure=SCRIPT,
        measurement_method=SCRIPT,
        tc_method=SCRIPT,
        space_group=SCRIPT,
        crystal_structure=SCRIPT,
        prototype=SCRIPT,
        wyckoff=[{"site": SCRIPT}],
        section=SCRIPT,
        sentence=f"{SCRIPT} || {SCRIPT}",
        places=[place, place.model_copy(update={"id": "h2"})],
        extractor=SCRIPT,
        model_version=SCRIPT,
        flags=[SCRIPT],
        structure_id="str-hostile",
    )
    hostile = StructureRow(
        structure_id="str-hostile",
        verdict="underdetermined",
        formula=SCRIPT,
        repairs=[SCRIPT],
        estimated=[SCRIPT],
        origin=SCRIPT,
        reasons=[{"name": SCRIPT, "severity": "note", "message": SCRIPT, "fields": []}],
        stated={"formula": SCRIPT, "space_group": SCRIPT},
        sentence=SCRIPT,
    )
    return DocumentResult(
        doc_id=HOSTILE,
        path=f"papers/{SCRIPT}.pdf",
        reader="pdf",
        status="done",
        pipeline_version="5",
        title=SCRIPT,
        authors=[SCRIPT],
        doi=f"10.1/{SCRIPT}",
        arxiv_id=SCRIPT,
        journal=SCRIPT,
        publisher=SCRIPT,
        records=[record],
        structures=[hostile],
    )


def save_papers(database: Database) -> None:
    """Put both papers into a database."""
    run = database.start_run("5")
    database.save_document(run, paper())
    database.save_document(run, hostile_paper())
