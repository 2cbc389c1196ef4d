"""Whatever persons and readings do in whatever order: no step leaves the table, nothing is lost.

The model beside the database is that of an editor: states in a row, a cursor that undo and redo
move, and a change that cuts off what lies behind the cursor.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from scmine.database.curation import Curation
from scmine.database.editing import TRACKED, ChangeError, difference
from scmine.database.record import Record, RecordStatus
from scmine.database.results import DocumentResult
from scmine.database.revision import (
    ChangeKind,
    ConflictError,
    ErrorType,
    NoChangeError,
    ProposalState,
    Revision,
)
from scmine.database.status import StatusError, allowed, check_step, status_after_edit
from scmine.database.store import Database

MakeResult = Callable[..., DocumentResult]

EXAMPLES, STEPS = 12, 30
NUMBERS = itertools.count()

people = st.sampled_from(["anna", "ben"])
statuses = st.sampled_from(list(RecordStatus))
errors = st.none() | st.sampled_from(list(ErrorType))
temperatures = st.integers(0, 300).map(float)
values = st.fixed_dictionaries(
    {"tc_K": temperatures},
    optional={"tc_min_K": temperatures, "tc_max_K": temperatures, "name": st.sampled_from("xy")},
)
kinds = st.sampled_from([ChangeKind.EDITED, ChangeKind.IMPORTED])


def tracked(record: Record) -> dict[str, Any]:
    """What of a record its revisions keep."""
    row = record.to_row()
    return {column: row[column] for column in TRACKED}


class Curators(RuleBasedStateMachine):
    """Persons who curate the records of a paper, which is read again and again meanwhile."""

    def __init__(self, database: Database, make_result: MakeResult) -> None:
        super().__init__()
        self.database, self.make_result = database, make_result
        self.curation = Curation(database)
        self.run = database.start_run("p")
        self.paper = f"n{next(NUMBERS)}"
        self.records: list[str] = []
        self.states: dict[str, list[dict[str, Any]]] = {}
        self.cursor: dict[str, int] = {}
        self.seen: dict[str, list[Revision]] = {}
        self.proposed: dict[int, object] = {}

    @initialize()
    def first_reading(self) -> None:
        """The paper is read for the first time: one claim."""
        result = self.make_result(self.paper, claims=1)
        self.doc_id = result.doc_id
        self.database.save_document(self.run, result)
        self.records = [record.record_id for record in result.records]

    def now(self, name: str) -> Record | None:
        """The record in force."""
        return self.curation.record(name)

    def changed(self, revision: Revision, before: Record) -> None:
        """Hold a change that was made against the model."""
        name = revision.record_id
        states = self.states.setdefault(name, [tracked(before)])
        cursor = self.cursor.setdefault(name, 0)
        if revision.kind is ChangeKind.UNDONE:
            self.cursor[name] -= 1
        elif revision.kind is ChangeKind.REDONE:
            self.cursor[name] += 1
        else:
            check_step(before.status, revision.status)
            self.states[name] = [*states[: cursor + 1], tracked(revision.record)]
            self.cursor[name] += 1
        assert tracked(revision.record) == self.states[name][self.cursor[name]]

    def attempt(self, name: str, make: Callable[[], Revision]) -> None:
        """Try a change; if it is refused, nothing has changed."""
        before = self.now(name)
        if before is None:
            return
        number = self.curation.revision_number(name)
        try:
            revision = make()
        except (ChangeError, StatusError, NoChangeError):
            assert self.now(name) == before
            assert self.curation.revision_number(name) == number
            return
        assert revision.number == number + 1
        self.changed(revision, before)

    def name(self, data: st.DataObject) -> str:
        """One of the records, there or gone."""
        return data.draw(st.sampled_from(self.records))

    @rule(
        data=st.data(),
        changes=values | st.just({}),
        who=people,
        status=st.none() | statuses,
        kind=kinds,
    )
    def edit(
        self,
        data: st.DataObject,
        changes: dict[str, Any],
        who: str,
        status: RecordStatus | None,
        kind: ChangeKind,
    ) -> None:
        """A person changes values, or imports them."""
        name = self.name(data)
        before = self.now(name)
        error = data.draw(errors)

        def make() -> Revision:
            revision = self.curation.edit(
                name,
                changes,
                who=who,
                error_type=error,
                status=status,
                expected=self.curation.revision_number(name),
                kind=kind,
            )
            assert before is not None
            assert revision.status == (status or status_after_edit(before.status))
            return revision

        self.attempt(name, make)

    @rule(data=st.data(), who=people, error=errors, sensible=st.booleans())
    def judge(self, data: st.DataObject, who: str, error: ErrorType | None, sensible: bool) -> None:
        """A person gives a verdict, sensible or any."""
        name = self.name(data)
        record = self.now(name)
        possible = allowed(record.status) if record and sensible else frozenset(RecordStatus)
        status = data.draw(st.sampled_from(sorted(possible)))
        self.attempt(
            name,
            lambda: self.curation.judge(name, status, who=who, error_type=error, expected=None),
        )

    @rule(data=st.data(), who=people)
    def undo(self, data: st.DataObject, who: str) -> None:
        """A person undoes; it fails only at the first state."""
        name = self.name(data)
        cursor = self.cursor.get(name, 0)
        self.attempt(name, lambda: self.curation.undo(name, who=who, expected=None))
        assert cursor == 0 or self.cursor[name] == cursor - 1

    @rule(data=st.data(), who=people)
    def undo_everything(self, data: st.DataObject, who: str) -> None:
        """A person undoes until the record is as it was first."""
        name = self.name(data)
        for _ in range(self.cursor.get(name, 0)):
            self.attempt(name, lambda: self.curation.undo(name, who=who, expected=None))
        assert self.cursor.get(name, 0) == 0

    @rule(data=st.data(), who=people)
    def redo(self, data: st.DataObject, who: str) -> None:
        """A person redoes; it fails only at the last state."""
        name = self.name(data)
        cursor, last = self.cursor.get(name, 0), len(self.states.get(name, [0])) - 1
        self.attempt(name, lambda: self.curation.redo(name, who=who, expected=None))
        assert cursor == last or self.cursor[name] == cursor + 1

    @rule(data=st.data(), who=people, off=st.integers(1, 3))
    def edit_what_was_seen_long_ago(self, data: st.DataObject, who: str, off: int) -> None:
        """Another revision is in force than the one that was seen: told, and nothing is done."""
        name = self.name(data)
        before = self.now(name)
        if before is None:
            return
        seen = self.curation.revision_number(name) + off
        for attempt in (self.curation.undo, self.curation.redo):
            with pytest.raises(ConflictError) as told:
                attempt(name, who=who, expected=seen)
            assert told.value.current == self.curation.history(name)[-1]
        assert self.now(name) == before

    @precondition(lambda self: len(self.records) < 3)
    @rule(who=people, tc=st.none() | temperatures)
    def add(self, who: str, tc: float | None) -> None:
        """A person adds a claim."""
        given = {"raw_material": "NbN", "tc_K": tc}
        try:
            revision = self.curation.add(self.doc_id, given, who=who)
        except NoChangeError:
            return
        assert revision.record_id not in self.records
        self.records.append(revision.record_id)
        self.states[revision.record_id] = [tracked(revision.record)]
        self.cursor[revision.record_id] = 0

    @rule(
        claims=st.sampled_from([0, 1, 1]),
        record=st.fixed_dictionaries({}, optional={"tc_K": temperatures, "name": st.just("z")}),
        status=st.sampled_from(["done", "done", "partial", "failed"]),
    )
    def read_again(self, claims: int, record: dict[str, Any], status: str) -> None:
        """The paper is read again: what nobody touched is replaced, all else stays."""
        before = {name: self.now(name) for name in self.records}
        result = self.make_result(self.paper, claims=claims, record=record, status=status)
        self.database.save_document(self.run, result)
        read = {r.record_id: r for r in result.records}
        for name, old in before.items():
            stays = name in self.states or old is None
            assert self.now(name) == (old if stays and old else read.get(name))

    def open_proposals(self) -> list[int]:
        """The ids of the open proposals of this paper."""
        return [p.id for p in self.curation.proposals(doc_id=self.doc_id)]

    @precondition(lambda self: self.open_proposals())
    @rule(data=st.data(), who=people)
    def accept(self, data: st.DataObject, who: str) -> None:
        """A person accepts a proposal: what it says is in force."""
        proposals = {p.id: p for p in self.curation.proposals(doc_id=self.doc_id)}
        proposal = proposals[data.draw(st.sampled_from(sorted(proposals)))]
        name = proposal.record_id

        def make() -> Revision:
            revision = self.curation.accept(proposal.id, who=who)
            row = revision.record.to_row()
            for column, (_, after) in proposal.changes.items():
                assert row[column] == after
            return revision

        self.attempt(name, make)

    @precondition(lambda self: self.open_proposals())
    @rule(data=st.data(), who=people)
    def dismiss(self, data: st.DataObject, who: str) -> None:
        """A person dismisses a proposal."""
        self.curation.dismiss(data.draw(st.sampled_from(self.open_proposals())), who=who)

    @invariant()
    def nothing_is_lost(self) -> None:
        """What was in a history is in it, and its end is what is in force."""
        for name in self.records:
            record = self.now(name)
            if name not in self.states:
                assert record is None or record.status is RecordStatus.NEW
                continue
            history = self.curation.history(name)
            earlier = self.seen.get(name, [])
            assert history[: len(earlier)] == earlier
            assert [r.number for r in history] == list(range(len(history)))
            assert [r.parent for r in history] == [None, *range(len(history) - 1)]
            assert history[-1].record == record
            assert self.curation.revision_number(name) == len(history) - 1
            for old, new in itertools.pairwise(history):
                assert difference(old.record, new.record) == new.changes
            self.seen[name] = history

    @invariant()
    def what_was_decided_stays_decided(self) -> None:
        """Proposals stay; of a record at most one is open, and it changes something."""
        if not self.records:
            return
        every = {p.id: p for p in self.curation.proposals(state=None, doc_id=self.doc_id)}
        for number, decided in self.proposed.items():
            assert every[number] == decided
        waiting = [p for p in every.values() if p.state is ProposalState.OPEN]
        assert len({p.record_id for p in waiting}) == len(waiting)
        assert all(p.changes for p in waiting)
        self.proposed = {n: p for n, p in every.items() if p.state is not ProposalState.OPEN}


def test_no_sequence_leaves_the_table_or_loses_a_revision(
    database: Database, make_result: MakeResult
):
    run_state_machine_as_test(
        lambda: Curators(database, make_result),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None),
    )
