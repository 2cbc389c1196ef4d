"""Bringing a database to today's tables: nothing to do, make them, or run the steps that lack.

Which steps there are lives in ``scmine.database.migrations``. Alembic is loaded only when a step
is due: opening a database is done for every command.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from scmine.database.crawl_models import CrawlRunModel  # noqa: F401  its tables belong to Base
from scmine.database.errors import DatabaseError
from scmine.database.llm_models import LlmUseModel  # noqa: F401  its table belongs to Base
from scmine.database.migrations import REVISIONS, VERSION_TABLE
from scmine.database.models import Base
from scmine.database.search_rows import refresh
from scmine.database.user_models import UserModel  # noqa: F401  its tables belong to Base

POSTGRESQL_LOCK = 7_226_463
"""The advisory lock that one process holds while it migrates; any number of our own does."""


def migrate(engine: Engine, where: str) -> None:
    """Run the steps that the database lacks; two processes that open it at once wait in line.

    Raises
    ------
    DatabaseError
        The database is of a newer scmine, or of another program.
    """
    with engine.connect() as connection:
        if revision_of(connection, where) == REVISIONS[-1]:
            return
    writing = engine.execution_options(writes=True)
    with writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:number)")
            connection.execute(lock, {"number": POSTGRESQL_LOCK})
        # Another process may have done it while this one waited for the lock.
        if revision_of(connection, where) != REVISIONS[-1]:
            run_steps(connection)
            refresh(connection)


def revision_of(connection: Connection, where: str) -> str | None:
    """The last step that was run on the database, or None if it is empty.

    Raises
    ------
    DatabaseError
        The database is of a newer scmine, or of another program.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        # A server's database may well be shared with others; a file is ours or not.
        others = tables
        if connection.dialect.name == "postgresql":
            others = tables & set(Base.metadata.tables)
        if others:
            raise DatabaseError(
                f"{where}: this database belongs to another program (it has a table "
                f"{min(others)}); name another"
            )
        return None
    revision = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    if revision is not None and revision not in REVISIONS:
        raise DatabaseError(
            f"{where}: this database was made by a newer scmine (its schema is {revision}, this "
            f"scmine knows up to {REVISIONS[-1]}); update scmine with: pip install -U scmine"
        )
    return revision


def run_steps(connection: Connection, last: str = REVISIONS[-1]) -> None:
    """Let Alembic run what lacks, up to the step ``last``, in the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).parent / "migrations"
    # The option's value passes through configparser, where % is special.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, last)
