"""Questions with NUL, which PostgreSQL refuses and requests can have, are answered: by nothing."""

from __future__ import annotations

from scmine.database.curation import Curation
from scmine.database.judged import Judged, JudgedFilter
from scmine.database.papers import Papers
from scmine.database.store import Database


def test_nul_in_a_question_finds_nothing(database: Database) -> None:
    papers = Papers(database)
    assert list(papers.page("a\0b", "\0")) == []
    assert papers.statuses("\0") == {}
    assert Curation(database).proposals(doc_id="\0") == []
    assert Judged(database).count(JudgedFilter(who="\0")) == 0
