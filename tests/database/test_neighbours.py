"""The records beside one are those beside it in the pages of the search."""

from __future__ import annotations

import pytest

from scmine.database.filters import RecordFilter
from scmine.database.neighbours import neighbours
from scmine.database.search import SORTS, Search
from scmine.database.store import open_database
from tests.web.record_cases import save_papers


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_they_are_those_of_the_list(target: str, sort: str, descending: bool) -> None:
    with open_database(target) as database:
        save_papers(database)
        page = Search(database).page(RecordFilter(), sort=sort, descending=descending)
        listed = [record.record_id for record in page.records]
        assert len(listed) == 5
        for i, name in enumerate(listed):
            before = listed[i - 1] if i else None
            behind = listed[i + 1] if i + 1 < len(listed) else None
            found = neighbours(database, name, RecordFilter(), sort=sort, descending=descending)
            assert found == (before, behind)


def test_a_filter_is_heeded_and_an_unknown_record_has_none(target: str) -> None:
    with open_database(target) as database:
        save_papers(database)
        wanted = RecordFilter(elements=("Nb",))
        behind = neighbours(database, "rec-MgB2", wanted, sort="tc_K")[1]
        assert behind == "rec-calm"
        assert neighbours(database, "none", RecordFilter()) == (None, None)
