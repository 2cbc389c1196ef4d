"""Small questions of pages to the database: one structure, how much was judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scmine.database.curation import Curation
from scmine.database.lookup import judged_since, structure
from scmine.database.store import open_database
from tests.web.record_cases import record_id, save_papers


def test_a_structure_comes_with_the_records_that_name_it(target: str) -> None:
    with open_database(target) as database:
        save_papers(database)
        found = structure(database, "str-mgb2")
        assert found is not None
        assert found.record_ids == [record_id("MgB2")]
        assert structure(database, "none") is None


def test_records_count_once_for_each_person_and_undo_is_no_judgement(target: str) -> None:
    with open_database(target) as database:
        save_papers(database)
        start = datetime.now(UTC) - timedelta(minutes=1)
        curation = Curation(database)
        curation.edit(record_id("MgB2"), {"shape": "wire"}, who="ada", expected=0)
        curation.judge(record_id("MgB2"), "validated", who="bob", expected=1)
        curation.judge(record_id("calm"), "validated", who="ada", expected=0)
        curation.undo(record_id("calm"), who="eve", expected=1)
        assert judged_since(database, start) == 2
        assert judged_since(database, start, "ada") == 2
        assert judged_since(database, start, "bob") == 1
        assert judged_since(database, start, "eve") == 0
        assert judged_since(database, datetime.now(UTC) + timedelta(hours=1)) == 0
