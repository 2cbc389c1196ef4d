"""The table of statuses: complete, readable, and the same in the documentation."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from scmine.database.record import RecordStatus
from scmine.database.revision import ErrorType
from scmine.database.status import (
    StatusError,
    allowed,
    check_step,
    standings,
    status_after_edit,
    steps,
)

PAGE = Path(__file__).parents[2] / "docs" / "curation.md"


def test_the_table_has_each_status_and_each_pair_once():
    assert list(standings()) == list(RecordStatus)
    assert set(steps()) == set(itertools.permutations(RecordStatus, 2))
    assert all(step.reason.endswith(".") for step in steps().values())


def test_steps_are_taken_or_refused_as_the_table_says():
    for (old, new), step in steps().items():
        assert (new in allowed(old)) is step.allowed
        if step.allowed:
            check_step(old, new)
        else:
            with pytest.raises(StatusError, match=re.escape(step.reason)):
                check_step(old, new)


def test_only_what_nobody_has_judged_is_new():
    assert not any(step.allowed for step in steps().values() if step.new is RecordStatus.NEW)


def test_every_status_can_be_left_and_reached():
    for status in RecordStatus:
        assert allowed(status)
        assert status is RecordStatus.NEW or any(status in allowed(old) for old in RecordStatus)


@pytest.mark.parametrize("status", RecordStatus)
def test_an_edit_takes_an_allowed_step_or_none(status: RecordStatus):
    standing = standings()[status]
    if standing.after_edit is None:
        with pytest.raises(StatusError, match="another status first"):
            status_after_edit(status)
    else:
        check_step(status, status_after_edit(status))


def test_a_change_does_not_leave_a_record_new():
    with pytest.raises(StatusError, match=r"new.*curated"):
        check_step(RecordStatus.NEW, RecordStatus.NEW)


def test_the_documentation_has_the_same_tables():
    page = PAGE.read_text(encoding="utf-8")
    rows = [
        f"| `{s.old}` | `{s.new}` | {'yes' if s.allowed else 'no'} | {s.reason} |"
        for s in steps().values()
    ]
    assert "\n".join(rows) in page
    for standing in standings().values():
        after = "not possible" if standing.after_edit is None else f"`{standing.after_edit}`"
        may = {"changed": standing.takes_changed, "gone": standing.takes_gone}
        proposals = ", ".join(name for name, taken in may.items() if taken) or "nothing"
        assert f"| `{standing.status}` | {standing.meaning} | {after} | {proposals} |" in page


def test_the_documentation_has_each_error_type():
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w\w+)` \| [^|]+ \|$", page, re.MULTILINE) == list(ErrorType)
