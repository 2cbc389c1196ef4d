"""Structures: saved and replaced with their document, kept where a person judged a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence, Record
from scmine.database.results import DocumentResult
from scmine.database.store import Database
from scmine.database.structure import StructureOutcome, StructureRow, StructureSource

MakeResult = Callable[..., DocumentResult]
SetStatus = Callable[[str, str], None]

EVERY: dict[str, Any] = {
    "formula": "LaH10",
    "space_group": "Fm-3m",
    "space_group_number": 225,
    "pressure_GPa": 150.0,
    "way": "prototype",
    "repairs": ["the cell was made primitive"],
    "estimated": ["sites"],
    "origin": "LaH10 type",
    "reasons": [{"name": "n", "severity": "note", "message": "m\x00", "fields": ["a_A"]}],
    "stated": {"formula": "LaH10", "a_A": 5.1},
    "stated_in": {"formula": "place", "a_A": "other"},
    "structure": {"sites": [{"abc": [0.0, 0.1, 1 / 3]}], "charge": None},
    "source": StructureSource.TABLE.value,
    "page": 3,
    "boxes": [[3, 1.5, 2.25, 3.0, 4.0]],
    "sentence": "A row.",
}


def structure(name: str = "s", **fields: Any) -> StructureRow:
    """A structure of LaH10, or one with other fields."""
    return StructureRow(structure_id=name, **{"verdict": "consistent", **EVERY, **fields})


def test_a_structure_is_read_back_with_its_paper_and_records(
    database: Database, make_result: MakeResult
):
    result = make_result(structures=[structure()], record={"structure_id": "s"})
    database.save_document(database.start_run("p1"), result)
    (found,) = database.structures()
    for name, value in EVERY.items():
        if name != "reasons":
            assert getattr(found, name) == value
    assert found.reasons[0]["message"] == "m\ufffd"
    assert (found.doc_id, found.path, found.doi) == (result.doc_id, "/papers/a.pdf", "10.1/x")
    assert found.record_ids == ["a-0", "a-1"]
    assert [r.structure_id for r in database.records()] == ["s", "s"]


def test_a_statement_without_atoms_is_kept(database: Database, make_result: MakeResult):
    no_atoms = structure(verdict="underdetermined", structure=None, way=None, space_group=None)
    database.save_document(database.start_run("p1"), make_result(structures=[no_atoms]))
    (found,) = database.structures()
    assert (found.verdict, found.structure, found.way) == ("underdetermined", None, None)
    assert (found.stated, found.record_ids) == (EVERY["stated"], [])


def test_structures_are_replaced_with_their_document(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    database.save_document(run, make_result("a", structures=[structure("s"), structure("t")]))
    database.save_document(run, make_result("b", structures=[structure("u")]))
    database.save_document(run, make_result("a", structures=[structure("t"), structure("s")]))
    assert [s.structure_id for s in database.structures()] == ["t", "s", "u"]
    database.save_document(run, make_result("a", status="failed"))
    assert [s.structure_id for s in database.structures()] == ["u"]


def test_the_structure_of_a_judged_record_stays(
    database: Database, make_result: MakeResult, set_status: SetStatus
):
    run = database.start_run("p1")
    of_record = {"structure_id": "s"}
    first = make_result(structures=[structure("s"), structure("t")], record=of_record)
    database.save_document(run, first)
    set_status("a-1", "curated")
    # A new version of the validator refuses what it gave before.
    again = make_result(structures=[structure("s", verdict="contradictory", structure=None)])
    database.save_document(run, again)
    (kept,) = database.structures()
    assert (kept.structure_id, kept.verdict, kept.record_ids) == ("s", "consistent", ["a-1"])
    database.save_document(run, make_result(status="timeout", records=[], record_passages=[]))
    assert [s.structure_id for s in database.structures()] == ["s"]


def test_a_record_must_name_a_structure_that_is_given(make_result: MakeResult):
    with pytest.raises(ValueError, match="names structure s, which is not given"):
        make_result(record={"structure_id": "s"})
    with pytest.raises(ValueError, match="a structure is given twice"):
        make_result(structures=[structure(), structure()])


def test_structures_are_found_by_their_records_and_by_what_they_state(
    database: Database, make_result: MakeResult
):
    run = database.start_run("p1")
    of_record = {"structure_id": "s", "evidence": "calculated", "raw_material": "lanthanum"}
    database.save_document(run, make_result("a", structures=[structure()], record=of_record))
    alone = structure("u", formula="YH6", pressure_GPa=None, verdict="repaired")
    result = make_result("b", structures=[alone], record={"raw_material": "Nb"})
    database.save_document(run, result)

    def ids(verdict: str | None = None, **asked: Any) -> list[str]:
        return [s.structure_id for s in database.structures(RecordFilter(**asked), verdict)]

    assert ids() == ["s", "u"]
    assert ids(formula="YH") == ["u"]
    assert ids(material="yh6") == ["u"]
    assert ids(material="lanthanum") == ["s"]
    assert ids(pressure_min_GPa=100, pressure_max_GPa=200) == ["s"]
    assert ids(pressure_max_GPa=100) == []
    assert ids(evidence=Evidence.CALCULATED) == ["s"]
    assert ids(tc_min_K=10, formula="YH6") == []
    assert ids(doc="b.pdf") == ["u"]
    assert ids("repaired") == ["u"]
    assert ids(limit=1) == ["s"]
    counts = database.counts()
    assert counts.structures == {"consistent": 1, "repaired": 1}
    assert counts.structure_ways == {structure().way: 2}
    assert counts.records_of_structures == len(list(database.records(RecordFilter(doc="a.pdf"))))


def test_what_came_of_structures_is_given_by_their_ids(
    database: Database, make_result: MakeResult
) -> None:
    no_atoms = structure("t", verdict="underdetermined", way=None, space_group=None)
    result = make_result(structures=[structure(), no_atoms])
    database.save_document(database.start_run("p1"), result)
    outcomes = database.structure_outcomes(["s", "t", "none"])
    assert outcomes["s"].space_group == structure().space_group
    assert outcomes["t"] == StructureOutcome(verdict="underdetermined")
    assert (len(outcomes), database.counts().structure_ways) == (2, {structure().way: 1})


def test_many_structures_come_with_their_own_records(database: Database, make_result: MakeResult):
    number = 1203
    base = make_result(claims=0)
    records = [
        Record(
            record_id=f"r{i}",
            structure_id=f"s{i:04}",
            raw_material="Nb",
            **{n: getattr(base, n) for n in ("doc_id", "path", "title", "doi", "year", "authors")},
        )
        for i in range(number)
    ]
    rows = [structure(f"s{i:04}") for i in range(number)]
    result = make_result(claims=0, records=records, record_passages=[], structures=rows)
    database.save_document(database.start_run("p1"), result)
    found = {s.structure_id: s.record_ids for s in database.structures()}
    assert found == {f"s{i:04}": [f"r{i}"] for i in range(number)}
