"""Migrations: the steps make the tables that the code expects, once, whoever comes first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from scmine.database import migrations
from scmine.database.migrations import REVISIONS, VERSION_TABLE
from scmine.database.models import Base
from scmine.database.results import DocumentResult
from scmine.database.search_models import TEXT_TABLE
from scmine.database.store import Database, DatabaseError, open_database
from tests.database.backups import CRAWL_TABLES


def differences(connection: Connection, **options: bool) -> list[Any]:
    """Where the tables of a database are not those of the models, the words of records aside."""

    def has_model(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or not (name or "").startswith(TEXT_TABLE)

    shared = {"version_table": VERSION_TABLE, "include_name": has_model}
    context = MigrationContext.configure(connection, opts=shared | options)
    return list(compare_metadata(context, Base.metadata))


def test_the_steps_make_the_tables_of_the_models(database: Database):
    with database.reading() as connection:
        assert differences(connection, compare_type=True) == []


def test_records_of_an_older_database_have_no_places_but_stay(
    target: str,
    make_result: Callable[..., DocumentResult],
    undo_search: Callable[[Connection], None],
):
    with open_database(target) as database:
        run = database.start_run("p1")
        database.save_document(run, make_result(claims=2))
    engine = create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        undo_search(connection)
        _undo_structures(connection)
        connection.execute(text("ALTER TABLE records DROP COLUMN places"))
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))
    engine.dispose()
    with open_database(target) as database:
        assert [(r.tc_K, r.places) for r in database.records()] == [(39.0, []), (38.0, [])]


def test_records_of_a_database_without_structures_stay(
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
        _undo_structures(connection)
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0002'"))
    engine.dispose()
    with open_database(target) as database:
        assert list(database.records()) == before
        assert list(database.structures()) == []
        with database.reading() as connection:
            assert differences(connection) == []


def _undo_structures(connection: Connection) -> None:
    """Take back steps 0003 to 0011, as no step does."""
    for table in (*CRAWL_TABLES, "document_llm"):
        connection.execute(text(f"DROP TABLE {table}"))
    connection.execute(text("DROP TABLE document_layers"))
    connection.execute(text("DROP TABLE proposals"))
    connection.execute(text("DROP TABLE revisions"))
    connection.execute(text("ALTER TABLE records DROP COLUMN revision"))
    for table in ("audit_log", "login_attempts", "api_tokens", "sessions", "users"):
        connection.execute(text(f"DROP TABLE {table}"))
    connection.execute(text("DROP TABLE reference_entries"))
    connection.execute(text("DROP TABLE reference_sets"))
    connection.execute(text("DROP INDEX ix_records_structure_id"))
    connection.execute(text("DROP TABLE structures"))


def test_the_list_of_steps_is_that_of_the_modules():
    config = Config()
    assert migrations.__file__
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == REVISIONS


def test_opening_again_changes_nothing(target: str):
    def tables(database: Database) -> list[object]:
        with database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            return [context.get_current_heads(), differences(connection)]

    with open_database(target) as database:
        database.start_run("p1")
        first = tables(database)
    with open_database(target) as database:
        assert tables(database) == first
        assert database.counts().runs == 1


def test_opening_again_does_not_load_alembic(tmp_path: Path):
    file = tmp_path / "a.db"
    open_database(file).close()
    code = (
        "import sys; from scmine.database.store import open_database; "
        f"open_database({str(file)!r}); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_newer_database_is_left_alone(target: str):
    open_database(target).close()
    engine = create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseError, match=r"newer scmine .*9999.* pip install -U scmine"):
        open_database(target)


def test_a_step_that_is_cut_off_leaves_an_empty_database(
    target: str, monkeypatch: pytest.MonkeyPatch
):
    # The last of the first step's tables cannot be made, so none of it may be there.
    monkeypatch.setattr("scmine.database.migrations.VERSION_TABLE", "records")
    with pytest.raises(DatabaseError):
        open_database(target)
    monkeypatch.undo()
    with open_database(target) as database:
        assert database.counts().runs == 0


@pytest.mark.postgresql
def test_a_shared_server_keeps_its_other_tables(postgresql_url: str):
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (url TEXT)"))
    with open_database(postgresql_url) as database:
        assert database.counts().runs == 0
    with engine.begin() as connection:
        assert connection.execute(text("SELECT * FROM bookmarks")).all() == []
    engine.dispose()


@pytest.mark.postgresql
def test_a_table_of_another_program_with_a_name_of_ours(postgresql_url: str):
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE runs (km INTEGER)"))
    engine.dispose()
    with pytest.raises(DatabaseError, match="another program"):
        open_database(postgresql_url)
