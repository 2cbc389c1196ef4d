"""What reference sets know of a record: in words, as entries, in the queue's reasons."""

from __future__ import annotations

from fastapi.testclient import TestClient

from scmine.database.curation import Curation
from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo
from scmine.database.store import Database
from scmine.web.known_values import KnownValues
from scmine.web.worklist import Worklist
from tests.web.record_cases import record_id, save_papers


def add_set(database: Database, formula: str, key: str, system: str, tc: float) -> None:
    entry = ReferenceEntry(
        formula=formula,
        key=key,
        system=system,
        composition={"Nb": 1.0},
        tc_K=tc,
        evidence=Evidence.MEASURED,
        set_name="known",
        source="<b>10.1/x</b>",
    )
    info = ReferenceSetInfo(name="known", kind="test", path="known.csv", sha256="0" * 64)
    database.add_reference_set(info, [entry])


def test_without_sets_nothing_is_known(database: Database) -> None:
    save_papers(database)
    record = Curation(database).record(record_id("calm"))
    assert record is not None
    assert KnownValues(database).of(record) is None


def test_a_set_that_is_added_is_seen_and_disagreement_leads_the_queue(
    database: Database, client: TestClient
) -> None:
    save_papers(database)
    known = KnownValues(database)
    record = Curation(database).record(record_id("calm"))
    assert record is not None
    assert known.of(record) is None
    add_set(database, "Nb", "Nb", "Nb", 1.0)
    found = known.of(record)
    assert found is not None
    assert "The reference sets have this composition." in found.words
    assert [entry.tc_K for entry in found.entries] == [1.0]
    page = client.get(f"/records/{record_id('calm')}").text
    assert "What is known of it elsewhere" in page
    assert "<b>10.1" not in page
    order = Worklist(database, known).order(RecordFilter(elements=("Nb",), without=("N",)))
    words = [reason.words for item in order for reason in item.reasons]
    assert any("what the reference sets know: 1 K" in w for w in words)
