"""Proposals of later readings: shown as a difference, accepted, dismissed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from scmine.database.curation import Curation
from scmine.database.store import Database
from tests.web.record_cases import paper, record_id, save_papers


@pytest.fixture
def proposal(database: Database) -> int:
    """A judged record of which a later reading found another pressure."""
    save_papers(database)
    Curation(database).judge(record_id("MgB2"), "validated", who="ada", expected=0)
    read = paper()
    changed = [
        r.model_copy(update={"pressure_GPa": 15.0, "raw_pressure": "15 GPa"})
        if r.record_id == record_id("MgB2")
        else r
        for r in read.records
    ]
    database.save_document(database.start_run("6"), replace(read, records=changed))
    (found,) = Curation(database).proposals()
    return found.id


def test_a_proposal_shows_what_would_change(client: TestClient, proposal: int) -> None:
    page = client.get("/proposals").text
    assert "<del>1.5 GPa</del>" in page
    assert "<ins>15 GPa</ins>" in page
    record = client.get(f"/records/{record_id('MgB2')}").text
    assert "A later reading of the paper says otherwise" in record


def test_accepting_puts_it_in_force(client: TestClient, database: Database, proposal: int) -> None:
    answer = client.post(f"/proposals/{proposal}", data={"decision": "accept"})
    assert answer.url.path == f"/records/{record_id('MgB2')}"
    found = Curation(database).record(record_id("MgB2"))
    assert found is not None
    assert found.pressure_GPa == 15.0
    again = client.post(f"/proposals/{proposal}", data={"decision": "dismiss"})
    assert again.status_code == 409


def test_dismissing_leaves_the_record(
    client: TestClient, database: Database, proposal: int
) -> None:
    answer = client.post(f"/proposals/{proposal}", data={"decision": "dismiss"})
    assert "The proposal was dismissed" in answer.text
    found = Curation(database).record(record_id("MgB2"))
    assert found is not None
    assert found.pressure_GPa == 1.5
    assert "<del>1.5 GPa</del>" in client.get("/proposals?state=dismissed").text


@pytest.mark.parametrize("data", [{}, {"decision": "maybe"}])
def test_no_decision_changes_nothing(
    client: TestClient, database: Database, proposal: int, data: dict[str, str]
) -> None:
    assert client.post(f"/proposals/{proposal}", data=data).status_code == 422
    assert len(Curation(database).proposals()) == 1


def test_states_that_there_are_not_are_refused(client: TestClient) -> None:
    assert client.get("/proposals?state=lost").status_code == 422
    assert client.post("/proposals/99", data={"decision": "accept"}).status_code == 404
