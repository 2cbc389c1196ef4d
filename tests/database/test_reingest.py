"""A paper read again: what persons did stays, and what is read otherwise now is proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.curation import Curation
from scmine.database.record import Place, Record, Source
from scmine.database.results import DocumentResult
from scmine.database.revision import (
    ChangeKind,
    ConflictError,
    NoChangeError,
    Proposal,
    ProposalState,
)
from scmine.database.store import Database
from scmine.database.structure import StructureRow

MakeResult = Callable[..., DocumentResult]
Read = Callable[..., None]


@pytest.fixture
def read(database: Database, make_result: MakeResult) -> Read:
    """Save a reading of one claim, a-0, with these values, or of none."""

    def save(claims: int = 1, record: dict[str, Any] | None = None, **changes: Any) -> None:
        run = database.start_run("p")
        result = make_result("a", claims=claims, record=record or {}, **changes)
        database.save_document(run, result)

    return save


@pytest.fixture
def curation(database: Database) -> Curation:
    """The curation of the database."""
    return Curation(database)


def in_force(curation: Curation, record_id: str = "a-0") -> Record:
    """The record, which is there."""
    record = curation.record(record_id)
    assert record is not None
    return record


def only(curation: Curation) -> Proposal:
    """The only open proposal."""
    (proposal,) = curation.proposals()
    return proposal


def test_a_new_reading_proposes_and_does_not_overwrite(read: Read, curation: Curation):
    read()
    made = curation.edit("a-0", {"tc_K": 38}, who="anna", expected=0)
    read(record={"tc_K": 40.0, "lambda_": 0.9, "page": 7})
    assert in_force(curation) == made.record
    proposal = only(curation)
    assert (proposal.record_id, proposal.doc_id) == ("a-0", made.record.doc_id)
    assert proposal.changes == {"tc_K": (38.0, 40.0), "lambda": (None, 0.9)}
    assert proposal.proposed is not None
    assert (proposal.proposed.tc_K, proposal.proposed.page) == (40.0, 7)
    assert (proposal.state, proposal.decided_by, proposal.run_id) == ("open", None, 2)


def test_what_was_corrected_is_not_brought_up_again(read: Read, curation: Curation):
    read()
    curation.edit("a-0", {"tc_K": 38}, who="anna", expected=0)
    read()
    assert curation.proposals() == []
    # Only what is new is proposed: the Tc is as the first reading had it.
    read(record={"lambda_": 0.9})
    assert only(curation).changes == {"lambda": (None, 0.9)}
    curation.accept(only(curation).id, who="anna")
    assert (in_force(curation).tc_K, in_force(curation).lambda_) == (38.0, 0.9)


def test_a_proposal_of_what_is_in_force_is_none(read: Read, curation: Curation):
    read()
    curation.edit("a-0", {"tc_K": 38}, who="anna", expected=0)
    read(record={"tc_K": 38.0})
    assert curation.proposals(state=None) == []


def test_what_differs_in_print_alone_proposes_nothing(read: Read, curation: Curation):
    read(record={"raw_tc": "39 K"})
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(record={"raw_tc": "39\u2009K", "sentence": "MgB2, 39 K.", "page": 3, "confidence": 0.5})
    assert curation.proposals(state=None) == []


def test_columns_that_belong_together_are_proposed_together(read: Read, curation: Curation):
    read()
    curation.edit("a-0", {"tc_K": "", "tc_min_K": 30, "tc_max_K": 41}, who="anna", expected=0)
    read(record={"tc_K": 42.0})
    assert only(curation).changes == {
        "tc_K": (None, 42.0),
        "tc_min_K": (30.0, None),
        "tc_max_K": (41.0, None),
    }
    accepted = curation.accept(only(curation).id, who="anna").record
    assert (accepted.tc_K, accepted.tc_min_K, accepted.tc_max_K) == (42.0, None, None)


def test_the_same_is_proposed_once(read: Read, curation: Curation):
    read()
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(record={"tc_K": 40.0})
    first = only(curation)
    read(record={"tc_K": 40.0})
    assert curation.proposals(state=None) == [first]


def test_a_dismissed_proposal_stays_dismissed(read: Read, curation: Curation):
    read()
    judged = curation.judge("a-0", "validated", who="anna", expected=0)
    read(record={"tc_K": 40.0})
    curation.dismiss(only(curation).id, who="ben")
    assert in_force(curation) == judged.record
    read(record={"tc_K": 40.0})
    read()
    read(record={"tc_K": 40.0})
    assert curation.proposals() == []
    (dismissed,) = curation.proposals(state=ProposalState.DISMISSED)
    assert (dismissed.decided_by, dismissed.changes) == ("ben", {"tc_K": (39.0, 40.0)})
    assert dismissed.decided is not None
    assert dismissed.decided >= dismissed.made
    for decide in (curation.accept, curation.dismiss):
        with pytest.raises(NoChangeError, match="was dismissed by ben already"):
            decide(dismissed.id, who="carl")
    # What it adds later is proposed alone.
    read(record={"tc_K": 40.0, "mu_star": 0.1})
    assert only(curation).changes == {"mu_star": (None, 0.1)}


def test_an_accepted_proposal_is_a_revision_that_can_be_undone(read: Read, curation: Curation):
    read(record={"flags": ["old"]})
    before = curation.judge("a-0", "validated", who="anna", expected=0).record
    place = Place(id="a-0", source=Source.TABLE, raw_material="MgB2", page=7)
    new = {"tc_K": 40.0, "page": 7, "source": "table", "confidence": 0.9, "flags": ["new"]}
    read(record={**new, "places": [place], "sentence": "MgB2 40", "boxes": [[7, 1, 2, 3, 4]]})
    proposal = only(curation)
    made = curation.accept(proposal.id, who="ben")
    assert (made.kind, made.who, made.why) == (
        ChangeKind.PROPOSAL,
        "ben",
        f"proposal {proposal.id}",
    )
    # The values come with where they were found, and the check of the old ones is void.
    now = in_force(curation)
    assert (now.tc_K, now.page, now.places, now.sentence) == (40.0, 7, [place], "MgB2 40")
    assert (now.status, now.flags, now.confidence) == ("curated", ["new"], 0.9)
    assert curation.proposals() == []
    assert curation.undo("a-0", who="ben", expected=2).record == before
    assert curation.redo("a-0", who="ben", expected=3).record == now
    read(record=new)
    assert curation.proposals() == []


def test_a_claim_that_is_gone_is_proposed_as_obsolete(read: Read, curation: Curation):
    read(claims=2)
    judged = curation.judge("a-0", "validated", who="anna", expected=0)
    read(claims=0)
    assert in_force(curation) == judged.record
    assert curation.record("a-1") is None
    proposal = only(curation)
    assert proposal.proposed is None
    assert proposal.changes == {"status": ("validated", "obsolete")}
    assert curation.accept(proposal.id, who="ben").record.status == "obsolete"
    read(claims=0)
    assert curation.proposals() == []
    assert curation.undo("a-0", who="ben", expected=2).record == judged.record
    read(claims=0)
    assert curation.proposals() == []


def test_a_claim_that_a_person_rejected_may_go_unnoticed(read: Read, curation: Curation):
    read()
    curation.judge("a-0", "invalid", who="anna", expected=0)
    read(claims=0)
    assert curation.proposals(state=None) == []
    # But another reading of it may be right.
    read(record={"tc_K": 40.0})
    made = curation.accept(only(curation).id, who="anna")
    assert (made.record.tc_K, made.record.status) == (40.0, "curated")


def test_nothing_is_proposed_for_what_was_removed(read: Read, curation: Curation):
    read()
    curation.judge("a-0", "removed", who="anna", expected=0)
    read(record={"tc_K": 40.0})
    read(claims=0)
    assert curation.proposals(state=None) == []


@pytest.mark.parametrize("status", ["partial", "timeout", "empty", "failed"])
def test_what_was_not_read_is_not_gone(read: Read, curation: Curation, status: str):
    read()
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(claims=0, status=status)
    assert curation.proposals(state=None) == []
    # Nor does such a reading take an open proposal back.
    read(record={"tc_K": 40.0})
    first = only(curation)
    read(claims=0, status=status)
    assert only(curation) == first


def test_a_later_reading_replaces_an_open_proposal(read: Read, curation: Curation):
    read()
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(record={"tc_K": 40.0})
    first = only(curation)
    read(record={"tc_K": 41.0})
    second = only(curation)
    assert second.changes == {"tc_K": (39.0, 41.0)}
    with pytest.raises(NoChangeError, match="was replaced already"):
        curation.accept(first.id, who="anna")
    read(claims=0)
    third = only(curation)
    assert third.proposed is None
    read()
    assert curation.proposals() == []
    states = [(p.id, p.state) for p in curation.proposals(state=None)]
    assert states == [(p.id, "replaced") for p in (first, second, third)]
    # Nobody has decided on it, so that it may come again.
    read(record={"tc_K": 40.0})
    assert only(curation).changes == {"tc_K": (39.0, 40.0)}


def test_a_proposal_is_shown_against_what_is_in_force(read: Read, curation: Curation):
    read()
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(record={"tc_K": 40.0, "lambda_": 0.9})
    curation.edit("a-0", {"tc_K": 38}, who="anna", expected=1)
    assert only(curation).changes == {"tc_K": (38.0, 40.0), "lambda": (None, 0.9)}
    curation.edit("a-0", {"tc_K": 40}, who="anna", expected=2)
    assert only(curation).changes == {"lambda": (None, 0.9)}
    curation.edit("a-0", {"lambda": 0.9}, who="ben", expected=3)
    (done,) = curation.proposals(state=ProposalState.ACCEPTED)
    assert (done.decided_by, curation.proposals()) == ("ben", [])


def test_a_record_that_was_undone_to_new_stays(read: Read, curation: Curation):
    read()
    curation.edit("a-0", {"tc_K": 38}, who="anna", expected=0)
    back = curation.undo("a-0", who="anna", expected=1)
    assert back.status == "new"
    read(record={"tc_K": 40.0})
    assert in_force(curation) == back.record
    assert only(curation).changes == {"tc_K": (39.0, 40.0)}
    assert len(curation.history("a-0")) == 3


def test_what_nobody_touched_is_replaced(read: Read, curation: Curation):
    read(claims=2)
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(claims=2, record={"tc_K": 40.0})
    assert (in_force(curation, "a-1").tc_K, in_force(curation).tc_K) == (40.0, 39.0)
    assert [p.record_id for p in curation.proposals()] == ["a-0"]
    assert curation.proposals(doc_id="nowhere") == []


def test_a_reading_between_seeing_and_changing_is_a_conflict(read: Read, curation: Curation):
    read()
    seen = curation.revision_number("a-0")
    read()
    assert curation.revision_number("a-0") == seen, "the same was read"
    read(record={"tc_K": 41.0})
    with pytest.raises(ConflictError, match=r"read from its paper by .* you saw 0") as told:
        curation.edit("a-0", {"lambda": 0.9}, who="anna", expected=seen)
    assert told.value.current == curation.history("a-0")[-1]
    assert told.value.current.record.tc_K == 41.0
    made = curation.edit("a-0", {"lambda": 0.9}, who="anna", expected=told.value.current.number)
    assert [r.number for r in curation.history("a-0")] == [made.number - 1, made.number]
    undone = curation.undo("a-0", who="anna", expected=made.number)
    assert undone.record == told.value.current.record
    with pytest.raises(NoChangeError, match="nothing to undo"):
        curation.undo("a-0", who="anna", expected=undone.number)
    read(record={"tc_K": 42.0})
    assert in_force(curation).tc_K == 41.0, "a record with a history is not replaced"


def test_an_added_record_survives(read: Read, curation: Curation, database: Database):
    read()
    made = curation.add(in_force(curation).doc_id, {"raw_material": "NbN"}, who="anna")
    read(claims=2)
    read(claims=0, status="failed")
    read(claims=1)
    assert in_force(curation, made.record_id) == made.record
    assert curation.proposals(state=None) == []
    assert {r.record_id for r in database.records()} == {"a-0", made.record_id}


def test_a_reading_finds_what_a_person_had_added(read: Read, curation: Curation):
    read(claims=0)
    doc_id = b"a".hex().rjust(64, "0")
    given = {"raw_material": "MgB2", "tc_K": 39}
    made = curation.add(doc_id, given, who="anna")
    # Of two that say the same, one is the one that was added.
    read(claims=2, record={"tc_K": 39.0})
    assert (curation.record("a-0"), curation.proposals(state=None)) == (None, [])
    assert curation.record("a-1") is not None
    # Another Tc is another claim; the same one is not there twice.
    read(record={"tc_K": 38.0})
    assert curation.record("a-0") is not None
    read(record={"tc_K": 39.0, "name": "x"})
    assert curation.record("a-0") is None
    assert in_force(curation, made.record_id) == made.record
    assert only(curation).changes == {"name": (None, "x")}
    curation.accept(only(curation).id, who="anna")
    read(record={"tc_K": 40.0, "name": "x"})
    assert only(curation).record_id == made.record_id
    read(claims=0)
    assert curation.proposals() == []


def test_a_claim_found_under_another_id_is_known_by_its_places(read: Read, curation: Curation):
    def places(*names: str) -> dict[str, Any]:
        shared = {"source": Source.TEXT, "raw_material": "MgB2", "page": 1}
        return {"places": [Place(id=n, **shared) for n in names]}

    read(record=places("one", "two"))
    curation.judge("a-0", "validated", who="anna", expected=0)
    read(record={"record_id": "b-0", "tc_K": 40.0, **places("two", "three")})
    assert curation.record("b-0") is None
    proposal = only(curation)
    assert (proposal.record_id, proposal.changes) == ("a-0", {"tc_K": (39.0, 40.0)})
    assert proposal.proposed is not None
    assert proposal.proposed.record_id == "b-0"
    # It is the same record afterwards, at the new places.
    made = curation.accept(proposal.id, who="anna").record
    assert (made.record_id, [p.id for p in made.places]) == ("a-0", ["two", "three"])
    read(record={"record_id": "b-0", "tc_K": 40.0, **places("three")})
    assert curation.proposals() == []
    curation.undo("a-0", who="anna", expected=2)
    read(record={"record_id": "b-0", "tc_K": 40.0, **places("three")})
    assert curation.proposals() == []
    assert curation.record("b-0") is None


def test_structures_that_history_or_a_proposal_needs_stay(
    read: Read, curation: Curation, database: Database
):
    def structures(*names: str) -> list[StructureRow]:
        return [StructureRow(structure_id=n, verdict="consistent") for n in names]

    read(record={"structure_id": "s"}, structures=structures("s", "unused"))
    curation.edit("a-0", {"structure_id": None}, who="anna", expected=0)
    read(record={"structure_id": "t"}, structures=structures("t"))
    read(claims=0, status="failed")
    assert {s.structure_id for s in database.structures()} == {"s", "t"}
    assert curation.accept(only(curation).id, who="anna").record.structure_id == "t"
    read(claims=0, status="failed")
    curation.undo("a-0", who="anna", expected=2)
    assert curation.undo("a-0", who="anna", expected=3).record.structure_id == "s"
    assert {s.structure_id for s in database.structures()} == {"s", "t"}


def test_a_judgement_of_an_scmine_without_revisions_is_kept(
    read: Read, curation: Curation, set_status: Callable[[str, str], None]
):
    read()
    set_status("a-0", "curated")
    read(record={"tc_K": 40.0})
    assert in_force(curation).tc_K == 39.0
    assert only(curation).changes == {"tc_K": (39.0, 40.0)}
    curation.accept(only(curation).id, who="anna")
    first, second = curation.history("a-0")
    assert (first.status, second.changes["tc_K"]) == ("curated", (39.0, 40.0))
