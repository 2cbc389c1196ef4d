"""The queue: what comes first and why, judging on and on, two curators, skipping."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from scmine.database.curation import Curation
from scmine.database.filters import RecordFilter
from scmine.database.record import RecordStatus
from scmine.database.store import Database
from scmine.web.known_values import KnownValues
from scmine.web.worklist import OPENED_S, SKIPPED_S, Worklist
from tests.web.record_cases import record_id, save_papers

PAPER = RecordFilter(doc="papers/cd.pdf")


@pytest.fixture(autouse=True)
def _papers(database: Database) -> None:
    save_papers(database)


class Clock:
    """Time as a test lets it pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worklist(database: Database, clock: Clock) -> Worklist:
    return Worklist(database, KnownValues(database), clock)


def test_the_most_doubtful_come_first_and_say_why(worklist: Worklist) -> None:
    order = worklist.order(PAPER)
    assert order[0].record_id == record_id("doubtful")
    assert order[-1].record_id in {record_id("calm"), record_id("MgB2")}
    words = [reason.words for reason in order[0].reasons]
    assert any("3900 K" in w for w in words)
    assert "a label or a phrase that the paper ties to no formula" in words
    assert "the extractor was 30% sure" in words


def test_what_is_judged_does_not_come_again(worklist: Worklist, database: Database) -> None:
    first = worklist.next(PAPER, "ada")
    assert first is not None
    Curation(database).judge(first, "invalid", who="ada", expected=0)
    seen = {first}
    while (found := worklist.next(PAPER, "ada", after=first)) is not None:
        assert found not in seen
        seen.add(found)
        Curation(database).judge(found, "validated", who="ada", expected=0)
    assert len(seen) == 4


def test_two_curators_get_different_records(worklist: Worklist, clock: Clock) -> None:
    first = worklist.next(PAPER, "ada")
    assert first is not None
    assert worklist.open(first, "ada") is None
    second = worklist.next(PAPER, "bob")
    assert second not in (first, None)
    assert worklist.open(first, "bob") == "ada"
    clock.now += OPENED_S + 1
    assert worklist.next(PAPER, "bob") == first


def test_a_skipped_record_comes_later_and_to_others_now(worklist: Worklist, clock: Clock) -> None:
    first = worklist.next(PAPER, "ada")
    assert first is not None
    worklist.open(first, "ada")
    worklist.skip(first, "ada")
    assert worklist.next(PAPER, "ada") != first
    assert worklist.next(PAPER, "bob") == first
    clock.now += SKIPPED_S + 1
    assert worklist.next(PAPER, "ada") == first


def test_neighbours_follow_the_order(worklist: Worklist) -> None:
    order = [item.record_id for item in worklist.order(PAPER)]
    assert worklist.beside(PAPER, order[1]) == (order[0], order[2])
    assert worklist.beside(PAPER, order[0])[0] is None
    assert worklist.beside(PAPER, "gone") == (None, None)


def test_the_list_shows_reasons_progress_and_heeds_filters(client: TestClient) -> None:
    page = client.get("/queue?text=Superconductors").text
    assert "the extractor was 30% sure" in page
    assert "judged today" in page
    assert record_id("calm") in client.get("/queue?contains=Nb").text
    assert record_id("MgB2") not in client.get("/queue?contains=Nb&without=N").text


def test_judging_leads_to_the_next_record_with_a_way_back(
    client: TestClient, database: Database
) -> None:
    search = "source=text&contains=Mg"
    first = client.get(f"/queue/next?{search}", follow_redirects=False).headers["location"]
    name = first.split("/")[2].split("?")[0]
    answer = client.post(
        f"/records/{name}/judge",
        data={"expected": "0", "status": "validated", "then": "queue", "search": search},
    )
    assert answer.status_code == 200
    assert "Accepted" in answer.text
    assert answer.url.path.startswith("/queue")
    assert f'action="/records/{name}/undo"' in answer.text
    undo = {"expected": "1", "then": "queue", "search": search}
    back = client.post(f"/records/{name}/undo", data=undo)
    assert back.url.path == f"/queue/{name}"
    found = Curation(database).record(name)
    assert found is not None
    assert found.status is RecordStatus.NEW


def test_skipping_leads_on(client: TestClient) -> None:
    name = record_id("doubtful")
    answer = client.post("/queue/skip", data={"record": name, "search": ""})
    assert answer.status_code == 200
    assert answer.url.path.startswith("/queue/")
    assert name not in answer.url.path


def test_an_empty_queue_says_so(client: TestClient) -> None:
    assert "Nothing is left to judge" in client.get("/queue?contains=Xe").text
    answer = client.get("/queue/next?contains=Xe")
    assert answer.url.path == "/queue"


def test_a_filter_that_makes_no_sense_is_told(client: TestClient) -> None:
    assert client.get("/queue?tc_min=abc").status_code == 400
