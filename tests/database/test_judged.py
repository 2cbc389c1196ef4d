"""Judged records are listed by who judged them, when, and for what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scmine.database.judged import Judged, JudgedFilter
from scmine.database.record import RecordStatus
from scmine.database.revision import ErrorType
from scmine.database.store import Database
from tests.corpora.corrections.corrected_database import DOC_ID, curate, save


@pytest.fixture
def judged(database: Database) -> Judged:
    save(database)
    assert Judged(database).records() == []
    curate(database)
    return Judged(database)


def names(judged: Judged, **wanted: object) -> list[str]:
    return [r.record_id for r in judged.records(JudgedFilter(**wanted))]  # type: ignore[arg-type]


def test_records_judged_last_come_first(judged: Judged) -> None:
    assert names(judged) == ["MgB2-38 K", "FeSe-300 K", "MgB2-16 K", "MgB2-39 K"]
    (second,) = judged.records(limit=1, offset=1)
    assert (second.record_id, second.who, second.doc_id) == ("FeSe-300 K", "ada", DOC_ID)
    assert (second.status, second.error_type) == (RecordStatus.INVALID, ErrorType.EXTRACTION)
    assert second.made is not None
    assert second.made.tzinfo is not None


def test_filters(judged: Judged) -> None:
    now = datetime.now(UTC)
    assert names(judged, who="bob") == ["MgB2-16 K"]
    assert names(judged, error_type=ErrorType.EXTRACTION) == ["FeSe-300 K"]
    assert names(judged, since=now + timedelta(days=1)) == []
    assert len(names(judged, since=now - timedelta(days=1), until=now + timedelta(days=1))) == 4
    assert names(judged, doc_id="nothing") == []
    assert judged.count(JudgedFilter(who="ada")) == 3
    assert judged.users() == ["ada", "bob"]
    assert judged.documents() == [DOC_ID]


def test_sums(judged: Judged) -> None:
    assert set(judged.sums()) == {
        ("validated", "", "tagger@1", 1),
        ("validated", "", "table-rules", 1),
        ("curated", "linking", "tagger@1", 1),
        ("invalid", "extraction", "tagger@1", 1),
    }


def test_histories_hold_the_record_as_extracted(judged: Judged) -> None:
    histories = {h.record.record_id: h for h in judged.of_document(DOC_ID)}
    changed = histories["MgB2-16 K"]
    assert [r.record.raw_material for r in changed.revisions] == ["MgB2", "NbN"]
    assert changed.record.raw_material == "NbN"
