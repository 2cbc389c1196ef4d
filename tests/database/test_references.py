"""Reference sets in the database: added once, read back as they were, removed as a whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from scmine.database.migrations import VERSION_TABLE
from scmine.database.record import Evidence
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo, UnreadRow
from scmine.database.results import DocumentResult
from scmine.database.store import Database, DatabaseError, open_database
from tests.database.backups import CRAWL_TABLES

INFO = ReferenceSetInfo(
    name="ours",
    kind="table",
    path="/data/ours.csv",
    sha256="a" * 64,
    unread=[UnreadRow(7, "formula_not_read", "Ba-1\x00")],
)


def entry_of(**values: Any) -> ReferenceEntry:
    """An entry with all that one can have, changed by ``values``."""
    full: dict[str, Any] = {
        "formula": "Mg1B2",
        "key": "MgB2",
        "system": "B-Mg",
        "composition": {"Mg": 1.0, "B": 2.0},
        "tc_K": 39.0,
        "superconducting": True,
        "lambda_": 0.87,
        "omega_log_K": 670.0,
        "pressure_GPa": 0.5,
        "evidence": Evidence.MEASURED,
        "space_group": "P6/mmm",
        "cif": "data_x\n",
        "structure_file": "x.cif",
        "set_name": "ours",
        "entry_id": "7",
        "line": 2,
        "source": "10.1/x",
    }
    return ReferenceEntry(**(full | values))


NOT_OBSERVED = entry_of(
    formula="ZrZn2",
    key="ZrZn2",
    system="Zn-Zr",
    composition={"Zr": 1.0, "Zn": 2.0},
    tc_K=None,
    superconducting=False,
    lowest_temperature_K=0.02,
    cif=None,
    ambient_unless_stated=True,
    line=3,
)
UNKNOWN = entry_of(tc_K=None, superconducting=None, line=4, open_amounts=True)


def test_entries_come_back_as_they_were(database: Database):
    entries = [entry_of(), NOT_OBSERVED, UNKNOWN]
    assert database.add_reference_set(INFO, entries)
    assert list(database.reference_entries(with_structures=True)) == entries
    # CIFs are large: they come if asked for
    assert [e.cif for e in database.reference_entries()] == [None, None, None]
    assert [e.line for e in database.reference_entries(key="MgB2")] == [2, 4]
    assert [e.line for e in database.reference_entries(system="Zn-Zr")] == [3]
    assert list(database.reference_entries(key="Nb3Sn")) == []


def test_a_set_is_listed_with_what_was_not_read(database: Database):
    database.add_reference_set(INFO, [entry_of(), NOT_OBSERVED])
    [stored] = database.reference_sets()
    assert (stored.name, stored.kind, stored.path, stored.sha256) == (
        INFO.name,
        INFO.kind,
        INFO.path,
        INFO.sha256,
    )
    assert stored.entry_count == 2
    assert stored.added.tzinfo is not None
    assert list(stored.unread) == [
        UnreadRow(7, "formula_not_read", "Ba-1\N{REPLACEMENT CHARACTER}")
    ]


def test_a_file_is_added_once(database: Database):
    assert database.add_reference_set(INFO, [entry_of()])
    other = ReferenceSetInfo(name="again", kind="table", path="/else.csv", sha256=INFO.sha256)
    assert not database.add_reference_set(other, [entry_of(set_name="again")])
    assert [s.name for s in database.reference_sets()] == ["ours"]
    assert len(list(database.reference_entries())) == 1


def test_a_name_is_one_sets(database: Database):
    database.add_reference_set(INFO, [entry_of()])
    other = ReferenceSetInfo(name="ours", kind="table", path="/else.csv", sha256="b" * 64)
    with pytest.raises(DatabaseError, match=r"'ours' is there already.*another name"):
        database.add_reference_set(other, [entry_of()])
    assert len(list(database.reference_entries())) == 1


def test_a_set_is_removed_whole_and_alone(database: Database):
    database.add_reference_set(INFO, [entry_of(), NOT_OBSERVED])
    other = ReferenceSetInfo(name="others", kind="table", path="/o.csv", sha256="b" * 64)
    database.add_reference_set(other, [entry_of(set_name="others")])
    assert database.remove_reference_set("ours") == 2
    assert [e.set_name for e in database.reference_entries()] == ["others"]
    with pytest.raises(DatabaseError, match=r"no reference set called 'ours'; there are others"):
        database.remove_reference_set("ours")
    # and can be added again
    assert database.add_reference_set(INFO, [entry_of()])


def test_a_set_that_fails_leaves_nothing(database: Database):
    def broken():
        yield entry_of()
        raise OSError("the file went away")

    with pytest.raises(DatabaseError, match="went away"):
        database.add_reference_set(INFO, broken())
    assert database.reference_sets() == []
    assert list(database.reference_entries()) == []


def test_many_entries_are_told_as_they_are_written(database: Database):
    told: list[int] = []
    entries = (entry_of(line=n, cif=None) for n in range(2500))
    database.add_reference_set(INFO, entries, told.append)
    assert told == [1000, 2000, 2500]
    assert [e.line for e in database.reference_entries()] == list(range(2500))


def test_a_database_without_sets_gets_their_tables(
    target: str,
    make_result: Callable[..., DocumentResult],
    undo_search: Callable[[Connection], None],
):
    with open_database(target) as database:
        run = database.start_run("p1")
        database.save_document(run, make_result(claims=2))
        before = list(database.records())
    engine = create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        undo_search(connection)
        users = ("audit_log", "login_attempts", "api_tokens", "sessions", "users")
        for table in (
            *CRAWL_TABLES,
            *users,
            "document_llm",
            "document_layers",
            "proposals",
            "revisions",
        ):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("ALTER TABLE records DROP COLUMN revision"))
        connection.execute(text("DROP TABLE reference_entries"))
        connection.execute(text("DROP TABLE reference_sets"))
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0003'"))
    with open_database(target) as database:
        assert list(database.records()) == before
        assert database.reference_sets() == []
    assert {"reference_sets", "reference_entries"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_opening_does_not_load_the_validator(tmp_path: Path):
    code = (
        "import sys; from scmine.database.store import open_database; "
        f"open_database({str(tmp_path / 'a.db')!r}).reference_sets(); "
        "print([m for m in sys.modules if m.startswith('scmine.validator')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
