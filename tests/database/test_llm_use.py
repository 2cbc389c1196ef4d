"""What a language model was asked is kept with its document, and only as long as its records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from scmine.database.backup import back_up
from scmine.database.llm_reading import llm_totals, llm_uses
from scmine.database.llm_use import LlmState, LlmUse
from scmine.database.migrations import VERSION_TABLE
from scmine.database.restore import restore
from scmine.database.results import DocumentResult
from scmine.database.store import Database, open_database
from tests.database.backups import CRAWL_TABLES

MakeResult = Callable[..., DocumentResult]

ASKED = LlmUse(
    model="qwen",
    prompts=["claims@1", "table@2"],
    state=LlmState.OPEN,
    reason="3 requests unavailable: no server at \x00http://x",
    requests=7,
    calls=5,
    cached=1,
    tokens_in=2_000_000_000,
    tokens_out=300,
    cost=0.125,
    reasons={"unlinked_value": 4},
    endings={"answered": 4, "unavailable": 3},
    kept=6,
    drops={"quote_not_found": 2},
    meetings={"agreed": 3},
)


def test_it_is_read_as_it_was_saved(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    database.save_document(run, make_result("a", llm=ASKED))
    database.save_document(run, make_result("b"))
    [found] = llm_uses(database)
    assert found.doc_id == make_result("a").doc_id
    assert "\x00" not in found.reason
    assert {n: getattr(found, n) for n in ("state", "tokens_in", "cost", "drops", "prompts")} == {
        "state": LlmState.OPEN,
        "tokens_in": 2_000_000_000,
        "cost": 0.125,
        "drops": {"quote_not_found": 2},
        "prompts": ["claims@1", "table@2"],
    }
    assert list(llm_uses(database, make_result("b").doc_id)) == []


def test_it_goes_with_the_records_it_came_with(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    database.save_document(run, make_result("a", llm=ASKED))
    database.save_document(run, make_result("a", llm=LlmUse(model="other", prompts=[])))
    assert [use.model for use in llm_uses(database)] == ["other"]
    database.save_document(run, make_result("a"))
    assert list(llm_uses(database)) == []


def test_the_totals_of_a_database(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    for name in "abc":
        use = ASKED if name == "a" else LlmUse(model="qwen", prompts=[], requests=2, cost=None)
        database.save_document(run, make_result(name, llm=use))
    done, left = llm_totals(database)
    assert (done["documents"], done["requests"], done["cost"]) == (2, 4, None)
    assert (left["state"], left["tokens_in"], left["cost"]) == ("open", 2_000_000_000, 0.125)
    assert type(left["requests"]) is int


def test_a_database_of_before_gets_the_table(target: str, make_result: MakeResult):
    with open_database(target) as database:
        run = database.start_run("p1")
        database.save_document(run, make_result(claims=2))
        before = list(database.records())
    engine = create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        _undo(connection)
    engine.dispose()
    with open_database(target) as database:
        assert list(database.records()) == before
        assert list(llm_uses(database)) == []


def _undo(connection: Connection) -> None:
    for table in ("document_llm", *CRAWL_TABLES):
        connection.execute(text(f"DROP TABLE {table}"))
    connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0008'"))


def test_a_backup_holds_it(target: str, make_result: MakeResult, tmp_path: Path):
    with open_database(target) as database:
        run = database.start_run("p1")
        database.save_document(run, make_result("a", llm=ASKED))
        before = list(llm_uses(database))
        back_up(database, tmp_path / "a.zip")
    restore(tmp_path / "a.zip", tmp_path / "new.db")
    with open_database(tmp_path / "new.db") as database:
        assert list(llm_uses(database)) == before
