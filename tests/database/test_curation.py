"""Curation: each change is a revision, is checked, can be undone, and says who made it and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scmine.database.audit import record_changes
from scmine.database.curation import Curation
from scmine.database.editing import EDITABLE, ChangeError
from scmine.database.record import Record
from scmine.database.results import DocumentResult
from scmine.database.revision import (
    ChangeKind,
    ConflictError,
    ErrorType,
    NoChangeError,
    NotFoundError,
)
from scmine.database.status import StatusError
from scmine.database.store import Database
from scmine.database.structure import StructureRow

MakeResult = Callable[..., DocumentResult]


@pytest.fixture
def curation(database: Database, make_result: MakeResult) -> Curation:
    """The curation of a database with records a-0 and a-1, with a structure ``s``."""
    structures = [StructureRow(structure_id="s", verdict="consistent")]
    other = [StructureRow(structure_id="t", verdict="consistent")]
    run = database.start_run("p1")
    database.save_document(run, make_result("a", structures=structures))
    database.save_document(run, make_result("b", structures=other))
    return Curation(database)


def in_force(curation: Curation, record_id: str = "a-0") -> Record:
    """The record, which is there."""
    record = curation.record(record_id)
    assert record is not None
    return record


def test_an_edit_is_a_revision_of_the_record(curation: Curation, database: Database):
    before, start = in_force(curation), datetime.now(UTC)
    assert curation.revision_number("a-0") == 0
    made = curation.edit(
        "a-0",
        {"tc_K": 38, "lambda": 0.87},
        who="anna",
        why="table 2",
        error_type="from_table",
        expected=0,
    )
    assert (made.number, made.parent, made.kind) == (1, 0, ChangeKind.EDITED)
    assert (made.who, made.why, made.error_type) == ("anna", "table 2", ErrorType.FROM_TABLE)
    assert start <= made.when <= datetime.now(UTC)
    assert made.changes == {
        "tc_K": (39.0, 38.0),
        "lambda": (None, 0.87),
        "status": ("new", "curated"),
        "error_type": (None, "from_table"),
    }
    expected = {"tc_K": 38.0, "lambda_": 0.87, "status": "curated", "error_type": "from_table"}
    after = Record.model_validate(
        before.model_dump() | {"lambda_": None} | expected, by_name=True, by_alias=False
    )
    assert after == made.record == in_force(curation)
    assert after in list(database.records())
    first, second = curation.history("a-0")
    assert (first.record, first.kind, first.who) == (before, ChangeKind.EXTRACTED, "scmine")
    assert second == made
    assert curation.revision_number("a-0") == 1


def test_a_record_nobody_changed_has_its_extraction_as_history(
    curation: Curation, database: Database
):
    (only,) = curation.history("a-1")
    assert (only.number, only.record) == (0, in_force(curation, "a-1"))
    assert (only.why, only.when) == ("pipeline p1", database.runs()[0].started)


def test_statuses_follow_the_table(curation: Curation):
    assert curation.judge("a-0", "validated", who="b", expected=0).status == "validated"
    # A check holds only for the values that were checked.
    assert curation.edit("a-0", {"tc_K": 1}, who="b", expected=1).status == "curated"
    kept = curation.edit("a-0", {"tc_K": 2}, status="validated", who="b", expected=2)
    assert kept.status == "validated"
    assert curation.judge("a-0", "removed", who="b", expected=3).status == "removed"
    with pytest.raises(StatusError, match="brought back"):
        curation.judge("a-0", "validated", who="b", expected=4)
    with pytest.raises(StatusError, match=r"removed cannot be changed.*curated"):
        curation.edit("a-0", {"tc_K": 3}, who="b", expected=4)
    with pytest.raises(StatusError, match="nobody has judged"):
        curation.judge("a-0", "new", who="b", expected=4)
    assert curation.revision_number("a-0") == 4
    back = curation.edit("a-0", {"tc_K": 3}, status="curated", who="b", expected=4)
    assert (back.status, back.record.tc_K) == ("curated", 3.0)


def test_the_same_verdict_with_another_error_type(curation: Curation):
    curation.judge("a-0", "invalid", who="b", error_type="linking", expected=0)
    again = curation.judge("a-0", "invalid", who="b", error_type="extraction", expected=1)
    assert again.changes == {"error_type": ("linking", "extraction")}
    with pytest.raises(NoChangeError):
        curation.judge("a-0", "invalid", who="b", error_type="extraction", expected=2)
    # Without an error type the one that was given stays.
    assert curation.judge("a-0", "validated", who="b", expected=2).record.error_type == "extraction"


def test_what_changes_nothing_is_no_revision(curation: Curation):
    for changes in ({}, {"tc_K": 39}, {"lambda": None}, {"formula": ""}):
        with pytest.raises(NoChangeError, match="a-0"):
            curation.edit("a-0", changes, who="b", expected=0)
    assert curation.revision_number("a-0") == 0
    assert in_force(curation).status == "new"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tc_K": float("nan")}, "tc_K: .*finite"),
        ({"tc_K": "inf"}, "tc_K: .*finite"),
        ({"tc_K": "high"}, "tc_K: .*number.*'high'"),
        ({"tc_K": True}, "tc_K: True is no number"),
        ({"tc_K": -1}, "tc_K: -1 is below 0"),
        ({"tc_min_K": 40, "tc_max_K": 39}, "tc_min_K: 40 is above tc_max_K, 39"),
        ({"pressure_max_GPa": 1, "pressure_min_GPa": 2}, "pressure_min_GPa: 2 is above"),
        ({"lambda": [1]}, "lambda: .*number"),
        ({"formula": 3}, "formula: .*string.*3"),
        ({"composition": {"Mg": "two"}}, "composition: Mg .*number.*'two'"),
        ({"composition": {"Mg": 0}}, "composition: the amount of Mg"),
        ({"composition": {"mg": 1}}, "composition: 'mg' is no element"),
        ({"composition": {"Mg": float("inf")}}, "composition: this cannot be stored"),
        ({"wyckoff": [{"x": float("nan")}]}, "wyckoff: this cannot be stored"),
        ({"space_group_number": 231}, "space_group_number: .*231"),
        ({"gamma_deg": 180}, "gamma_deg: "),
        ({"a_A": 0}, "a_A: "),
        ({"tc_relation": "<="}, "tc_relation: "),
        ({"evidence": "guessed"}, "evidence: .*'measured', 'calculated'"),
        ({"raw_material": " "}, "raw_material: "),
        ({"raw_material": None}, "raw_material: "),
        ({"structure_id": "nowhere"}, "structure_id: .*nowhere"),
        ({"structure_id": "t"}, "structure_id: its document has no structure t"),
        ({"lambda_": 1}, "lambda_: there is no such column"),
        ({"record_id": "x"}, "record_id: .*document"),
        ({"title": "x"}, "title: .*document"),
        ({"page": 3}, "page: .*where"),
        ({"status": "curated"}, "status: .*beside"),
        ({"flags": []}, "flags: .*scmine check --update"),
        ({"tc_K": "x", "page": 1, "nothing": 1}, "page.*nothing|nothing.*page"),
    ],
)
def test_what_a_record_cannot_hold_is_refused(
    curation: Curation, changes: dict[str, Any], message: str
):
    before = in_force(curation)
    with pytest.raises(ChangeError, match=message) as caught:
        curation.edit("a-0", changes, who="b", expected=0)
    assert set(caught.value.problems) <= set(changes)
    assert in_force(curation) == before
    assert len(curation.history("a-0")) == 1


def test_a_range_is_held_against_the_end_that_is_there(curation: Curation):
    curation.edit("a-0", {"tc_min_K": 40}, who="b", expected=0)
    with pytest.raises(ChangeError, match="tc_max_K: 39 is below tc_min_K, 40"):
        curation.edit("a-0", {"tc_max_K": 39}, who="b", expected=1)


def test_unknown_names_of_statuses_and_errors_are_refused(curation: Curation):
    with pytest.raises(ChangeError, match=r"status: 'good' is none of new, curated"):
        curation.judge("a-0", "good", who="b", expected=0)
    with pytest.raises(ChangeError, match=r"error_type: 'ocr' is none of from_table"):
        curation.edit("a-0", {"tc_K": 1}, error_type="ocr", who="b", expected=0)
    with pytest.raises(ValueError, match="name of the person"):
        curation.edit("a-0", {"tc_K": 1}, who=" ", expected=0)


def test_every_editable_column_is_written_and_undone(curation: Curation):
    values: dict[str, Any] = {
        "composition": {"Mg": 1.0, "B": 2.0},
        "variables": {"x": "0.1"},
        "wyckoff": [{"site": "1a"}],
        "structure_id": "s",
        "superconducting": True,
        "space_group_number": 191,
        "tc_relation": "~",
        "tc_kind": "onset",
        "pressure_kind": "applied",
        "evidence": "measured",
        "origin": "cited",
    }
    before = in_force(curation)
    row = before.to_row()
    for column in EDITABLE:
        number = column.split("_")[-1] in {"K", "GPa", "T", "A", "deg", "star"}
        values.setdefault(column, 2.5 if number or column == "lambda" else f"new {column}")
        assert values[column] != row[column]
    made = curation.edit("a-0", values, who="b", expected=0)
    assert {c: v[1] for c, v in made.changes.items() if c != "status"} == values
    after = in_force(curation).to_row()
    assert {c: after[c] for c in EDITABLE} == values
    assert {c: after[c] for c in row if c not in (*EDITABLE, "status")} == {
        c: row[c] for c in row if c not in (*EDITABLE, "status")
    }
    assert curation.undo("a-0", who="b", expected=1).record == in_force(curation) == before


def test_undo_goes_back_step_by_step_and_redo_forward(curation: Curation):
    states = [in_force(curation)]
    for tc in (1, 2, 3):
        states.append(curation.edit("a-0", {"tc_K": tc}, who="b", expected=tc - 1).record)
    for number, of in ((2, 3), (1, 2), (0, 1)):
        made = curation.undo("a-0", who="c", expected=None)
        assert (made.kind, made.of, made.record) == (ChangeKind.UNDONE, of, states[number])
    with pytest.raises(NoChangeError, match="nothing to undo"):
        curation.undo("a-0", who="c", expected=None)
    for number in (1, 2):
        made = curation.redo("a-0", who="c", expected=None)
        assert (made.kind, made.of, made.record) == (ChangeKind.REDONE, number, states[number])
    assert curation.undo("a-0", who="c", expected=None).record == states[1]
    # Another change ends the redo, and undo goes back to before it.
    curation.judge("a-0", "invalid", who="c", expected=None)
    with pytest.raises(NoChangeError, match="nothing to redo"):
        curation.redo("a-0", who="c", expected=None)
    assert curation.undo("a-0", who="c", expected=None).record == states[1]
    assert curation.undo("a-0", who="c", expected=None).record == states[0]
    history = curation.history("a-0")
    assert [r.number for r in history] == list(range(len(history)))
    assert [r.parent for r in history] == [None, *range(len(history) - 1)]


def test_whoever_comes_second_is_told(curation: Curation):
    curation.edit("a-0", {"tc_K": 1}, who="anna", expected=0)
    attempts: list[Callable[[], object]] = [
        lambda: curation.edit("a-0", {"tc_K": 2}, who="b", expected=0),
        lambda: curation.judge("a-0", "invalid", who="b", expected=0),
        lambda: curation.undo("a-0", who="b", expected=0),
        lambda: curation.redo("a-0", who="b", expected=0),
    ]
    for attempt in attempts:
        with pytest.raises(ConflictError, match=r"changed by anna .*revision 1; you saw 0") as told:
            attempt()
        assert told.value.current == curation.history("a-0")[-1]
    assert in_force(curation).tc_K == 1.0
    with pytest.raises(ConflictError, match=r"read from its paper .*revision 0; you saw 3") as told:
        curation.edit("a-1", {"tc_K": 2}, who="b", expected=3)
    assert [told.value.current] == curation.history("a-1")


def test_two_revisions_can_be_compared(curation: Curation):
    curation.edit("a-0", {"tc_K": 1}, who="b", expected=0)
    curation.edit("a-0", {"tc_K": 2, "name": "x"}, who="b", expected=1)
    assert curation.difference("a-0", 0, 2) == {
        "tc_K": (39.0, 2.0),
        "name": (None, "x"),
        "status": ("new", "curated"),
    }
    assert curation.difference("a-0", 2, 1) == {"tc_K": (2.0, 1.0), "name": ("x", None)}
    with pytest.raises(NotFoundError, match="no revision 9"):
        curation.difference("a-0", 0, 9)


def test_what_is_not_there_is_named(curation: Curation):
    assert curation.record("zz") is None
    attempts: list[Callable[[], object]] = [
        lambda: curation.revision_number("zz"),
        lambda: curation.edit("zz", {"tc_K": 1}, who="b", expected=None),
        lambda: curation.judge("zz", "invalid", who="b", expected=None),
        lambda: curation.undo("zz", who="b", expected=None),
        lambda: curation.history("zz"),
    ]
    for attempt in attempts:
        with pytest.raises(NotFoundError, match="zz"):
            attempt()
    with pytest.raises(NotFoundError, match="no document"):
        curation.add("zz", {"raw_material": "MgB2"}, who="b")
    with pytest.raises(NotFoundError, match="no proposal 7"):
        curation.accept(7, who="b")


def test_ids_may_be_abbreviated(curation: Curation):
    assert curation.ids_starting("a-") == ["a-0", "a-1"]
    assert curation.ids_starting("", limit=3) == ["a-0", "a-1", "b-0"]
    assert curation.ids_starting("A") == curation.ids_starting("%") == []


def test_the_composition_follows_the_formula(curation: Curation, database: Database):
    amounts = {"MgB4": {"Mg": 1.0, "B": 4.0}}
    reading = Curation(database, compose=amounts.get)
    curation.edit("a-0", {"composition": {"Mg": 1, "B": 2}}, who="b", expected=0)
    assert reading.edit("a-0", {"formula": "MgB4"}, who="b", expected=1).record.composition == {
        "Mg": 1.0,
        "B": 4.0,
    }
    # What is given is taken, and what cannot be told is unknown.
    given = {"formula": "MgB6", "composition": {"B": 6}}
    assert reading.edit("a-0", given, who="b", expected=2).record.composition == {"B": 6.0}
    assert reading.edit("a-0", {"tc_K": 3}, who="b", expected=3).record.composition == {"B": 6.0}
    assert reading.edit("a-0", {"formula": "MgBx"}, who="b", expected=4).record.composition == {}
    assert curation.undo("a-0", who="b", expected=5).record.composition == {"B": 6.0}
    assert curation.edit("a-0", {"formula": "MgB4"}, who="b", expected=6).record.composition == {}


def test_another_composition_names_no_structure_of_the_old_one(
    curation: Curation, database: Database
):
    reading = Curation(database, compose={"MgB4": {"Mg": 1.0, "B": 4.0}}.get)
    curation.edit("a-0", {"structure_id": "s"}, who="b", expected=0)
    assert reading.edit("a-0", {"tc_K": 3}, who="b", expected=1).record.structure_id == "s"
    made = reading.edit("a-0", {"formula": "MgB4"}, who="b", expected=2)
    assert made.changes["structure_id"] == ("s", None)
    assert reading.undo("a-0", who="b", expected=3).record.structure_id == "s"


def test_flags_that_a_check_renewed_survive_a_change(curation: Curation, database: Database):
    curation.edit("a-0", {"tc_K": 1}, who="b", expected=0)
    database.set_flags({"a-0": ["odd"]})
    assert curation.edit("a-0", {"tc_K": 2}, who="b", expected=1).record.flags == ["odd"]
    assert curation.undo("a-0", who="b", expected=2).record.flags == ["odd"]
    assert curation.undo("a-0", who="b", expected=3).record.flags == ["odd"]


def test_text_that_no_database_holds_is_replaced(curation: Curation):
    made = curation.edit("a-0", {"name": "a\x00b"}, who="b\x00", why="\udce4", expected=0)
    assert (made.record.name, made.who, made.why) == ("a�b", "b�", "�")
    assert curation.history("a-0")[1] == made


def test_a_record_that_the_reading_missed_is_added(curation: Curation, database: Database):
    doc_id = in_force(curation).doc_id
    values = {
        "raw_material": "NbN",
        "tc_K": 16,
        "page": 2,
        "boxes": [[2, 1, 2, 3, 4]],
        "sentence": "NbN has a Tc of 16 K.",
    }
    made = curation.add(doc_id, values, who="anna", why="figure 3")
    assert (made.number, made.parent, made.kind, made.who) == (0, None, ChangeKind.ADDED, "anna")
    assert made.changes["tc_K"] == (None, 16.0)
    record = in_force(curation, made.record_id)
    assert record == made.record
    assert (record.title, record.year, record.path) == ("On MgB2", 2001, "/papers/a.pdf")
    assert (record.status, record.extractor, record.confidence) == ("curated", "curator", None)
    assert (record.source, record.page, record.boxes) == ("text", 2, [[2, 1, 2, 3, 4]])
    listed = [r.record_id for r in database.records() if r.doc_id == doc_id]
    assert listed == ["a-0", "a-1", made.record_id]
    with pytest.raises(NoChangeError, match="nothing to undo"):
        curation.undo(made.record_id, who="b", expected=0)
    curation.edit(made.record_id, {"tc_K": 17}, who="b", expected=0)
    assert curation.undo(made.record_id, who="b", expected=1).record == made.record
    assert [r.kind for r in curation.history(made.record_id)] == ["added", "edited", "undone"]


def test_the_same_is_added_once_unless_the_first_was_changed(curation: Curation):
    doc_id = in_force(curation).doc_id
    first = curation.add(doc_id, {"raw_material": "NbN"}, who="b")
    with pytest.raises(NoChangeError, match=first.record_id):
        curation.add(doc_id, {"raw_material": "NbN"}, who="c")
    curation.judge(first.record_id, "removed", who="b", expected=0)
    second = curation.add(doc_id, {"raw_material": "NbN"}, who="b")
    assert second.record_id != first.record_id


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "raw_material"),
        ({"raw_material": ""}, "raw_material"),
        ({"raw_material": "NbN", "confidence": 1}, "confidence"),
        ({"raw_material": "NbN", "tc_K": "warm"}, "tc_K"),
        ({"raw_material": "NbN", "page": "two"}, "page"),
        ({"raw_material": "NbN", "structure_id": "t"}, "structure_id"),
    ],
)
def test_what_cannot_be_added(curation: Curation, values: dict[str, Any], message: str):
    with pytest.raises(ChangeError, match=message):
        curation.add(in_force(curation).doc_id, values, who="b")


def test_the_audit_lists_what_persons_did(curation: Curation, database: Database):
    doc_id = in_force(curation).doc_id
    added = curation.add(doc_id, {"raw_material": "NbN", "tc_K": 16}, who="anna")
    curation.edit("a-0", {"tc_K": 38}, who="ben", expected=0)
    curation.undo("a-0", who="ben", expected=1)
    listed = [(c.record_id, c.who, c.kind) for c in record_changes(database)]
    assert listed == [
        ("a-0", "ben", "undone"),
        ("a-0", "ben", "edited"),
        (added.record_id, "anna", "added"),
    ]
