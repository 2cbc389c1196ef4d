"""Runs, documents and records: what is saved is read back, and nothing of a person's is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.database.record import Place, PressureKind, Record, Source
from scmine.database.results import DocumentResult, RunState
from scmine.database.store import Database, DatabaseError

MakeResult = Callable[..., DocumentResult]
SetStatus = Callable[[str, str], None]


def test_a_record_with_every_field_is_read_back(database: Database, make_result: MakeResult):
    every = {
        "raw_material": "Mg1−xAlxB₂",
        "formula": "Mg0.9Al0.1B2",
        "composition": {"Mg": 0.9, "Al": 0.1, "B": 2.0},
        "variables": {"x": "0.1"},
        "tc_kind": "onset",
        "superconducting": True,
        "pressure_GPa": 2.5,
        "pressure_kind": PressureKind.APPLIED,
        "lambda_": 0.87,
        "mu_star": 0.1,
        "space_group_number": 191,
        "wyckoff": [{"site": "1a", "xyz": [0, 0, 0.5]}],
        "evidence": "measured",
        "origin": "cited",
        "source": "table",
        "page": 3,
        "boxes": [[3, 1.5, 2.25, 3.0, 4.0]],
        "confidence": 0.1 + 0.2,
        "flags": ["odd"],
    }
    result = make_result(record=every)
    database.save_document(database.start_run("p1"), result)
    assert list(database.records()) == list(result.records)


def test_the_document_and_its_passages_are_read_back(database: Database, make_result: MakeResult):
    result = make_result(
        claims=3,
        reason="page 2 is missing",
        warnings=["w"],
        seconds=1.5,
        steps={"read": 1.0},
        peak_memory_MB=80.5,
        page_count=7,
        status="partial",
        journal="PRB",
        records=[],
        record_passages=[],
    )
    run = database.start_run("p1")
    database.save_document(run, result)
    (document,) = database.documents()
    for name in ("doc_id", "path", "title", "doi", "journal", "year", "page_count", "status"):
        assert getattr(document, name) == getattr(result, name)
    assert (document.authors, document.warnings) == (["A. One", "B. Two"], ["w"])
    assert (document.reason, document.seconds, document.steps) == (
        "page 2 is missing",
        1.5,
        {"read": 1.0},
    )
    assert (document.peak_memory_MB, document.run_id, document.record_count) == (80.5, run, 0)
    assert database.passages(result.doc_id) == list(result.passages)


def test_a_run_knows_when_it_began_and_how_it_ended(database: Database):
    before = datetime.now(UTC)
    first = database.start_run("p1", {"workers": 2})
    second = database.start_run("p2", scmine_version="9.9")
    database.finish_run(first, RunState.FINISHED, {"done": 3})
    one, two = database.runs()
    assert (one.id, one.state, one.counts, one.options) == (
        first,
        "finished",
        {"done": 3},
        {"workers": 2},
    )
    assert one.finished is not None
    assert before <= one.started <= one.finished <= datetime.now(UTC)
    assert (two.id, two.state, two.finished) == (second, "running", None)
    assert (two.pipeline_version, two.scmine_version) == ("p2", "9.9")


def test_a_run_that_never_began_cannot_end(database: Database):
    with pytest.raises(DatabaseError, match="no run 7"):
        database.finish_run(7, RunState.FINISHED, {})


def test_states_are_those_of_the_pipeline_version_asked_for(
    database: Database, make_result: MakeResult
):
    run = database.start_run("p1")
    old, new = make_result("old"), make_result("new", status="failed", pipeline_version="p2")
    database.save_document(run, old)
    database.save_document(run, new)
    assert database.document_states("p1") == {old.doc_id: "done"}
    assert database.document_states("p2") == {new.doc_id: "failed"}


def test_saving_again_replaces_the_document(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    database.save_document(run, make_result(claims=4))
    again = make_result(claims=1, title="On MgB₂", pipeline_version="p2")
    database.save_document(run, again)
    assert list(database.records()) == list(again.records)
    assert database.passages(again.doc_id) == list(again.passages)
    assert [d.pipeline_version for d in database.documents()] == ["p2"]


def test_the_same_file_at_two_paths_is_one_document(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    database.save_document(run, make_result(path="/one/a.pdf"))
    database.save_document(run, make_result(path="/two/copy.pdf"))
    assert [(d.path, d.record_count) for d in database.documents()] == [("/two/copy.pdf", 2)]
    assert {r.path for r in database.records()} == {"/two/copy.pdf"}


@pytest.mark.parametrize("status", ["curated", "validated", "invalid", "removed", "obsolete"])
def test_what_a_person_judged_stays(
    database: Database, make_result: MakeResult, set_status: SetStatus, status: str
):
    run = database.start_run("p1")
    database.save_document(run, make_result(claims=3))
    set_status("a-1", status)
    (kept,) = (r for r in database.records() if r.record_id == "a-1")
    # The new version finds the same claims, one with another value under the kept id.
    database.save_document(run, make_result(claims=2, record={"tc_K": 1.0}))
    found = {r.record_id: r for r in database.records()}
    assert set(found) == {"a-0", "a-1"}
    assert found["a-1"] == kept
    assert found["a-0"].tc_K == 1.0
    # Passages that were kept and passages that came again are not there twice.
    texts = [p.text for p in database.passages(kept.doc_id)]
    assert texts == ["Claim 0 of a.", "Claim 1 of a."]


def test_a_judged_claim_is_known_by_any_of_its_places(
    database: Database, make_result: MakeResult, set_status: SetStatus
):
    def places(*names: str) -> dict[str, object]:
        return {
            "places": [Place(id=n, source=Source.TEXT, raw_material="MgB2", page=1) for n in names]
        }

    run = database.start_run("p1")
    database.save_document(run, make_result(claims=1, record=places("one", "two")))
    set_status("a-0", "curated")
    # A new version names another place first, and so gives the claim another id.
    again = make_result(claims=1, record={"record_id": "b-0", **places("two", "three")})
    database.save_document(run, again)
    assert [r.record_id for r in database.records()] == ["a-0"]
    other = make_result(claims=1, record={"record_id": "b-0", **places("three")})
    database.save_document(run, other)
    assert {r.record_id for r in database.records()} == {"a-0", "b-0"}


def test_a_failed_rerun_keeps_curated_records_with_title_and_passage(
    database: Database, make_result: MakeResult, set_status: SetStatus
):
    run = database.start_run("p1")
    database.save_document(run, make_result(claims=3))
    set_status("a-2", "curated")
    (kept,) = (r for r in database.records() if r.record_id == "a-2")
    failed = make_result(
        claims=0, status="timeout", title=None, authors=(), doi=None, year=None, reader=""
    )
    database.save_document(run, failed)
    assert list(database.records()) == [kept]
    assert [p.text for p in database.passages(kept.doc_id)] == ["Claim 2 of a."]
    assert [d.status for d in database.documents()] == ["timeout"]


def test_a_failed_rerun_without_curated_records_takes_the_title(
    database: Database, make_result: MakeResult
):
    run = database.start_run("p1")
    database.save_document(run, make_result())
    database.save_document(run, make_result(claims=0, title="", authors=(), doi=None, year=None))
    (document,) = database.documents()
    assert (document.title, document.authors, document.doi, document.year) == (None, [], None, None)


def test_a_save_that_fails_changes_nothing(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    before = make_result("a")
    database.save_document(run, before)
    # The id of a record of another document: found only by the database, at the last insert.
    thief = make_result("b")
    stolen = thief.records[0].model_copy(update={"record_id": "a-0"})
    bad = make_result("b", records=[stolen], record_passages=[0])
    with pytest.raises(DatabaseError):
        database.save_document(run, bad)
    assert [d.doc_id for d in database.documents()] == [before.doc_id]
    assert list(database.records()) == list(before.records)
    assert database.passages(bad.doc_id) == []


def test_a_document_of_no_run_is_refused(database: Database, make_result: MakeResult):
    with pytest.raises(DatabaseError, match=r"(?i)foreign key"):
        database.save_document(99, make_result())


def test_a_number_too_large_for_the_database_is_an_error(
    database: Database, make_result: MakeResult
):
    with pytest.raises(DatabaseError):
        database.save_document(database.start_run("p1"), make_result(page_count=10**30))


def test_characters_that_no_database_holds_are_replaced(
    database: Database, make_result: MakeResult
):
    result = make_result(
        claims=1,
        path="/papers/\udce4.pdf",
        title="a\x00b",
        warnings=["\x00"],
        records=[],
        record_passages=[],
    )
    database.save_document(database.start_run("p1"), result)
    (document,) = database.documents()
    assert (document.path, document.title, document.warnings) == ("/papers/�.pdf", "a�b", ["�"])


def test_counts(database: Database, make_result: MakeResult, set_status: SetStatus):
    run = database.start_run("p1")
    database.save_document(run, make_result("a", claims=2))
    database.save_document(run, make_result("b", claims=1, status="partial"))
    set_status("b-0", "curated")
    counts = database.counts()
    assert counts.documents == {"done": 1, "partial": 1}
    assert counts.records == {"curated": 1, "new": 2}
    assert (counts.passages, counts.runs) == (3, 1)
    assert counts.structures == {}


def test_flags_are_replaced_and_nothing_else(database: Database, make_result: MakeResult):
    database.save_document(database.start_run("p1"), make_result("a", claims=2))
    first, second = database.records()
    database.set_flags({first.record_id: ["tc_out_of_range", "a\x00b"]})
    changed, kept = database.records()
    assert changed == first.model_copy(update={"flags": ["tc_out_of_range", "a�b"]})
    assert kept == second


def test_a_record_that_someone_broke_is_named(
    database: Database, make_result: MakeResult, set_status: SetStatus
):
    database.save_document(database.start_run("p1"), make_result())
    set_status("a-1", "fine")
    with pytest.raises(DatabaseError, match="record a-1 "):
        list(database.records())


def test_reading_can_be_left_and_writing_goes_on_meanwhile(
    database: Database, make_result: MakeResult
):
    run = database.start_run("p1")
    database.save_document(run, make_result("a", claims=5))
    reading = database.records()
    next(reading)
    database.save_document(run, make_result("b"))
    # A reader sees the database as it was when it began.
    assert len(list(reading)) == 4
    assert sum(1 for _ in database.records()) == 7


def test_thousands_of_records_a_second(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    results = [make_result(f"d{i}", claims=100) for i in range(20)]
    begin = time.perf_counter()
    for result in results:
        database.save_document(run, result)
    # Measured: 11,000 records/s (SQLite); the bound leaves room for a busy machine.
    assert 2000 / (time.perf_counter() - begin) > 500


printable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
records = st.builds(
    dict,
    raw_material=printable,
    formula=st.none() | printable,
    tc_K=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    composition=st.dictionaries(printable, st.floats(allow_nan=False, allow_infinity=False)),
    variables=st.dictionaries(printable, printable),
    sentence=printable,
    page=st.none() | st.integers(1, 10**6),
    superconducting=st.none() | st.booleans(),
    flags=st.lists(printable),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(values=records)
def test_any_record_is_read_back(
    database: Database, make_result: MakeResult, values: dict[str, Any]
):
    result = make_result(record=values)
    database.save_document(database.start_run("p1"), result)
    read: list[Record] = list(database.records())
    assert read == list(result.records)
