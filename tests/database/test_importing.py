"""Imports: what is new, what changes, what is refused and why, and that nothing is overwritten."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scmine.database import importing
from scmine.database.curation import Curation
from scmine.database.export import export_records
from scmine.database.filters import RecordFilter
from scmine.database.import_plan import Outcome
from scmine.database.import_values import RowError
from scmine.database.importing import Event, Importer, ImportSummary
from scmine.database.record import Record, RecordStatus
from scmine.database.results import DocumentResult
from scmine.database.revision import ChangeKind
from scmine.database.search import Search
from scmine.database.store import Database, open_database
from scmine.database.structure import StructureRow

DOC = "61".rjust(64, "0")
"""The id of the document that `make_result` makes by default."""


def nothing(_row: Mapping[str, Any]) -> dict[str, Any]:
    """No reader of SuperCon²."""
    raise AssertionError("no row of SuperCon² is expected")


def run(
    database: Database, path: Path, *, dry_run: bool = False
) -> tuple[ImportSummary, list[Event]]:
    """Import a file."""
    events: list[Event] = []
    importer = Importer(
        database,
        who="ann",
        compose=lambda formula: {"Nb": 1.0} if formula == "Nb" else None,
        read_supercon2=nothing,
        dry_run=dry_run,
        tell=events.append,
    )
    return importer.run([path]), events


def write(path: Path, *rows: Mapping[str, Any]) -> Path:
    """A file of JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def outcomes(summary: ImportSummary) -> dict[str, int]:
    """The numbers of rows by outcome."""
    return {outcome.value: number for outcome, number in summary.outcomes.items()}


@pytest.fixture
def filled(database: Database, make_result: Callable[..., DocumentResult]) -> Database:
    """A database with a document of two records, `a-0` and `a-1`."""
    run_id = database.start_run("p1")
    structure = StructureRow(structure_id="s", verdict="consistent")
    database.save_document(run_id, make_result("a", structures=[structure]))
    return database


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_what_is_exported_comes_back(
    filled: Database, tmp_path: Path, name: str, make_result: Callable[..., DocumentResult]
):
    odd = {"raw_material": "=1+1\n'", "sentence": 'π\u2028 "x"', "composition": {"Mg": 0.1}}
    odd |= {"superconducting": True, "boxes": [[1, 0.1, 2.5, 3.0, 4.0]], "flags": ["tc_list"]}
    filled.save_document(1, make_result("b", record=odd))
    Curation(filled).judge("a-1", RecordStatus.INVALID, who="bob", expected=0)
    first, second = tmp_path / name, tmp_path / f"again-{name}"
    export_records(filled.records(), out=first)
    with open_database(tmp_path / "new.db") as other:
        told, events = run(other, first, dry_run=True)
        assert outcomes(told) == {"new": 4}
        assert (told.new_documents, [event.line for event in events][:2]) == (2, [*_lines(name)])
        assert other.counts().records == {}
        summary, _ = run(other, first)
        assert (outcomes(summary), summary.new_documents) == ({"new": 4}, 2)
        export_records(other.records(), out=second)
        assert first.read_bytes() == second.read_bytes()
        runs = len(other.runs())
        again, events = run(other, first)
        assert (outcomes(again), events) == ({"unchanged": 4}, [])
        assert len(other.runs()) == runs == 1
        [judged] = other.records(RecordFilter(status=RecordStatus.INVALID))
        [revision] = Curation(other).history(judged.record_id)
        assert (revision.kind, revision.who, revision.number) == (ChangeKind.IMPORTED, "ann", 0)
    unchanged, _ = run(filled, first)
    assert outcomes(unchanged) == {"unchanged": 4}


def _lines(name: str) -> tuple[int, int]:
    return (2, 3) if name.endswith("csv") else (1, 2)


def test_new_documents_say_where_they_are_from(database: Database, tmp_path: Path):
    rows = [
        {"raw_material": "MgB2", "tc_K": 39, "doi": "10.1/x", "title": "On MgB2"},
        {"raw_material": "Nb", "tc_K": 9.2, "doi": "10.1/X"},
    ]
    summary, _ = run(database, write(tmp_path / "x.jsonl", *rows))
    assert summary.new_documents == 1
    assert summary.documents_kept == 0
    [document] = database.documents()
    assert (document.reader, document.status, document.record_count) == ("import", "done", 2)
    assert (document.path, document.title) == ("10.1/x", "On MgB2")
    assert "not been read" in document.reason
    [imported] = database.runs()
    assert (imported.pipeline_version, imported.counts) == ("import", {"new": 2})
    # The paper itself was not read, so that it is when its file comes.
    assert database.document_states("p1") == {}


def test_imported_records_are_found_by_words(database: Database, tmp_path: Path):
    row = {"raw_material": "MgB2", "doi": "10.1/x", "sentence": "A remarkable transition."}
    run(database, write(tmp_path / "x.jsonl", row))
    assert Search(database).count(RecordFilter(text="remarkable")).number == 1


def test_a_change_is_a_revision(filled: Database, tmp_path: Path):
    path = write(tmp_path / "x.jsonl", {"record_id": "a-0", "tc_K": 40, "name": "magnesium boride"})
    told, events = run(filled, path, dry_run=True)
    assert outcomes(told) == {"changed": 1}
    changes = {"name": (None, "magnesium boride"), "tc_K": (39.0, 40.0)}
    assert events[0].changes == changes | {"status": ("new", "curated")}
    assert Curation(filled).revision_number("a-0") == 0
    run(filled, path)
    _, revision = Curation(filled).history("a-0")
    assert (revision.kind, revision.who) == (ChangeKind.IMPORTED, "ann")
    assert revision.changes == events[0].changes
    assert revision.why == "import of x.jsonl"
    again, _ = run(filled, path)
    assert outcomes(again) == {"unchanged": 1}
    assert Curation(filled).revision_number("a-0") == 1
    Curation(filled).undo("a-0", who="bob", expected=1)
    record = Curation(filled).record("a-0")
    assert record is not None
    assert (record.tc_K, record.status) == (39.0, RecordStatus.NEW)


def test_a_file_may_go_over_an_earlier_file(filled: Database, tmp_path: Path):
    for tc in (40, 41):
        summary, _ = run(filled, write(tmp_path / "x.jsonl", {"record_id": "a-0", "tc_K": tc}))
        assert outcomes(summary) == {"changed": 1}
    assert Curation(filled).revision_number("a-0") == 2


def test_a_persons_work_is_never_overwritten(filled: Database, tmp_path: Path):
    old = tmp_path / "old.csv"
    export_records(filled.records(), out=old)
    Curation(filled).edit("a-0", {"tc_K": 38.5}, who="bob", expected=0)
    # What the record said before is no change that anybody wants.
    summary, events = run(filled, old)
    assert (outcomes(summary), events) == ({"unchanged": 2}, [])
    assert dict(summary.older) == {"tc_K": 1}
    path = write(tmp_path / "x.jsonl", {"record_id": "a-0", "tc_K": 41})
    for dry_run in (True, False):
        summary, [event] = run(filled, path, dry_run=dry_run)
        assert outcomes(summary) == {"refused": 1}
        assert (event.reason, event.column) == ("conflict", "tc_K")
        assert "revision 1 is by bob" in event.detail
    record = Curation(filled).record("a-0")
    assert record is not None
    assert record.tc_K == 38.5


def test_a_verdict_of_an_earlier_scmine_is_a_persons_work(
    filled: Database, tmp_path: Path, set_status: Callable[[str, str], None]
):
    set_status("a-0", "validated")
    path = write(tmp_path / "x.jsonl", {"record_id": "a-0", "tc_K": 41})
    summary, [event] = run(filled, path)
    assert (outcomes(summary), event.reason) == ({"refused": 1}, "conflict")
    assert "judged the record validated" in event.detail


def test_somebody_who_is_faster_than_the_import_wins(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Between the look at the record and the change of it."""
    look = importing.state_of

    def slow(*args: Any) -> Any:
        found = look(*args)
        Curation(filled).edit("a-0", {"tc_K": 38.5}, who="bob", expected=0)
        return found

    monkeypatch.setattr(importing, "state_of", slow)
    path = write(tmp_path / "x.jsonl", {"record_id": "a-0", "tc_K": 41})
    summary, [event] = run(filled, path)
    assert (outcomes(summary), event.reason) == ({"refused": 1}, "conflict")
    assert "bob" in event.detail


def test_statuses_go_by_the_allowed_steps(filled: Database, tmp_path: Path):
    rows = [
        {"record_id": "a-0", "status": "validated"},
        {"record_id": "a-1", "status": "invalid", "error_type": "linking"},
    ]
    summary, _ = run(filled, write(tmp_path / "x.jsonl", *rows))
    assert outcomes(summary) == {"changed": 2}
    assert filled.counts().records == {"validated": 1, "invalid": 1}
    record = Curation(filled).record("a-1")
    assert record is not None
    assert record.error_type == "linking"
    # `new` is what nobody has judged: a file that says so asks for nothing.
    back, _ = run(filled, write(tmp_path / "x.jsonl", {"record_id": "a-0", "status": "new"}))
    assert outcomes(back) == {"unchanged": 1}
    removed, _ = run(filled, write(tmp_path / "x.jsonl", {"record_id": "a-0", "status": "removed"}))
    assert outcomes(removed) == {"changed": 1}
    refused, [event] = run(filled, write(tmp_path / "x.jsonl", {"record_id": "a-0", "tc_K": 1}))
    assert (outcomes(refused), event.reason) == ({"refused": 1}, "status_step")


def test_how_a_claim_was_found_stays(filled: Database, tmp_path: Path):
    row = {"record_id": "a-0", "page": 7, "flags": ["tc_list"], "title": "Another", "doc_id": DOC}
    summary, events = run(filled, write(tmp_path / "x.jsonl", row))
    assert (outcomes(summary), events) == ({"unchanged": 1}, [])
    assert (dict(summary.kept), summary.documents_kept) == ({"page": 1, "flags": 1}, 1)


def test_a_formula_brings_its_composition(filled: Database, tmp_path: Path):
    rows = [
        {"record_id": "a-0", "formula": "Nb"},
        {"record_id": "a-1", "formula": "Nb", "composition": {"Nb": 2}},
    ]
    path = write(tmp_path / "x.jsonl", *rows)
    _, events = run(filled, path, dry_run=True)
    run(filled, path)
    curation = Curation(filled)
    found = [r.composition for n in ("a-0", "a-1") if (r := curation.record(n)) is not None]
    assert found == [{"Nb": 1.0}, {"Nb": 2.0}]
    assert [event.changes["composition"][1] for event in events] == found
    again, _ = run(filled, path)
    assert outcomes(again) == {"unchanged": 2}


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        ({"record_id": "a-0", "doc_id": "f" * 64, "tc_K": 1}, "other_document", "doc_id"),
        ({"record_id": "a-0", "tc_K": "39 K"}, "not_a_number", "tc_K"),
        ({"record_id": "a-0", "tc_K": float("nan")}, "not_finite", "tc_K"),
        ({"record_id": "a-0", "status": "fine"}, "unknown_value", "status"),
        ({"record_id": "a-0", "error_type": "bad"}, "unknown_value", "error_type"),
        ({"record_id": "a-0", "space_group_number": 231}, "invalid_value", "space_group_number"),
        ({"record_id": "a-0", "structure_id": "gone"}, "no_structure", "structure_id"),
        ({"record_id": "gone", "tc_K": 1}, "no_document", ""),
        ({"record_id": "x", "doc_id": DOC}, "no_material", "raw_material"),
        ({"raw_material": "x", "doc_id": DOC, "error_type": "x"}, "unknown_value", "error_type"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_rows_are_refused_with_reason_and_line(
    filled: Database, tmp_path: Path, row: dict[str, Any], reason: str, column: str, dry_run: bool
):
    before = [record.to_row() for record in filled.records()]
    path = write(tmp_path / "x.jsonl", {"record_id": "a-1"}, row)
    summary, [event] = run(filled, path, dry_run=dry_run)
    assert outcomes(summary) == {"unchanged": 1, "refused": 1}
    assert (event.reason, event.column, event.line) == (reason, column, 2)
    assert (event.outcome, dict(summary.refused)) == (Outcome.REFUSED, {event.reason: 1})
    assert [record.to_row() for record in filled.records()] == before


def test_a_structure_of_the_document_may_be_named(filled: Database, tmp_path: Path):
    summary, _ = run(filled, write(tmp_path / "x.jsonl", {"record_id": "a-0", "structure_id": "s"}))
    assert outcomes(summary) == {"changed": 1}


def test_an_id_is_taken_once(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    rows = [{"record_id": n, "doc_id": DOC, "raw_material": "x"} for n in "abcab"]
    for dry_run in (True, False):
        path = write(tmp_path / "x.jsonl", *rows)
        summary, events = run(database, path, dry_run=dry_run)
        assert outcomes(summary) == {"new": 3, "refused": 2}
        assert [(e.line, e.reason) for e in events if e.reason] == [(4, "twice"), (5, "twice")]
        assert [event.line for event in events] == [1, 2, 3, 4, 5]
        assert summary.new_documents == 1
    assert [record.record_id for record in database.records()] == ["a", "b", "c"]


def test_columns_that_are_not_there_stay(filled: Database, tmp_path: Path):
    """A table with some columns of an export, one of them another program's."""
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([["record_id", "tc_K", "colour"], ["a-0", "", "red"], ["a-1", "7", ""]])
    summary, events = run(filled, path)
    assert summary.files[0].unknown_columns == ("colour",)
    assert [event.changes["tc_K"] for event in events] == [(39.0, None), (38.0, 7.0)]
    record = Curation(filled).record("a-0")
    assert record is not None
    assert record.raw_material == "MgB2"


def test_characters_that_no_database_holds(database: Database, tmp_path: Path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"doi": "10.1/x", "raw_material": "a\\u0000b", "name": "\\ud800"}\n')
    run(database, path)
    assert [record.raw_material for record in database.records()] == ["a\ufffdb"]
    again, _ = run(database, path)
    assert outcomes(again) == {"unchanged": 1}


def test_a_reading_of_the_paper_joins_what_was_imported(
    database: Database, tmp_path: Path, make_result: Callable[..., DocumentResult]
):
    """The document was known by an import; a curated record of it stays when the paper is read."""
    rows = [{"record_id": "x", "doc_id": DOC, "raw_material": "Nb", "status": "curated"}]
    run(database, write(tmp_path / "x.jsonl", *rows))
    database.save_document(database.start_run("p1"), make_result("a"))
    assert {record.record_id for record in database.records()} == {"a-0", "a-1", "x"}
    [document] = database.documents()
    assert document.reader == "pdf"


KILLED = """
import os, sys
from pathlib import Path
from scmine.database import importing
from scmine.database.store import open_database
importing.BATCH = 100
def progress(file, done, total):
    if done > total / 2:
        os.kill(os.getpid(), 9)
with open_database(sys.argv[1]) as database:
    importing.Importer(
        database, who="a", compose=lambda f: None, read_supercon2=dict, progress=progress
    ).run([Path(sys.argv[2])])
"""


def test_a_killed_import_goes_on_where_it_was(target: str, tmp_path: Path):
    path = tmp_path / "x.parquet"
    records = [
        Record(record_id=f"r{n:04}", doc_id=f"{n // 7:064}", path=f"/{n // 7}", raw_material="Nb")
        for n in range(1000)
    ]
    export_records(records, out=path)
    open_database(target).close()
    ended = subprocess.run([sys.executable, "-c", KILLED, target, str(path)], check=False)
    assert ended.returncode == -9
    with open_database(target) as database:
        half = sum(database.counts().records.values())
        assert 0 < half < 1000
        summary, _ = run(database, path)
        assert outcomes(summary) == {"unchanged": half, "new": 1000 - half}
        found = {record.record_id for record in database.records()}
        assert found == {record.record_id for record in records}


def test_a_row_error_names_its_column():
    error = RowError(importing.Reason.NOT_FINITE, "nan", "tc_K")
    assert str(error) == "not_finite: tc_K nan"
