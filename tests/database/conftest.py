"""What the database's tests share: documents to save, and the places to save them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from scmine.database.backup import back_up
from scmine.database.record import Record
from scmine.database.results import DocumentResult, PassageRow
from scmine.database.search_models import TEXT_TABLE
from scmine.database.store import Database, open_database
from tests.database.backups import fill

PAPER = {"title": "On MgB2", "authors": ["A. One", "B. Two"], "doi": "10.1/x", "year": 2001}


def result_of(
    name: str = "a", claims: int = 2, record: dict[str, Any] | None = None, **changes: Any
) -> DocumentResult:
    """The result of a paper with ``claims`` claims, each from a passage of its own."""
    doc_id = name.encode().hex().rjust(64, "0")
    own = {"path": f"/papers/{name}.pdf", **PAPER, **changes}
    shared = {k: own[k] for k in ("path", *PAPER)}
    records = [
        Record(
            **{
                "record_id": f"{name}-{i}",
                "doc_id": doc_id,
                **shared,
                "raw_material": "MgB2",
                "tc_K": 39.0 - i,
                **(record or {}),
            }
        )
        for i in range(claims)
    ]
    return DocumentResult(
        **{
            "doc_id": doc_id,
            "reader": "pdf",
            "status": "done",
            "pipeline_version": "p1",
            "passages": [
                PassageRow(position=3 * i, kind="paragraph", text=f"Claim {i} of {name}.", page=1)
                for i in range(claims)
            ],
            "records": records,
            "record_passages": list(range(claims)),
            **own,
        }
    )


@pytest.fixture
def make_result() -> Callable[..., DocumentResult]:
    """Make the result of a paper."""
    return result_of


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database can be made, on each kind of database in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "scmine.db")
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def database(target: str) -> Iterator[Database]:
    """A new database."""
    with open_database(target) as opened:
        yield opened


@pytest.fixture
def set_status(target: str) -> Callable[[str, str], None]:
    """Give a record the status that a curator would."""

    def change(record_id: str, status: str) -> None:
        is_url = "://" in target
        engine = create_engine(target if is_url else f"sqlite:///{target}")
        with engine.begin() as connection:
            statement = text("UPDATE records SET status = :status WHERE record_id = :id")
            assert connection.execute(statement, {"status": status, "id": record_id}).rowcount == 1
        engine.dispose()

    return change


@pytest.fixture
def undo_search() -> Callable[[Connection], None]:
    """Take back step 0006, as no step does."""

    def undo(connection: Connection) -> None:
        for table in ("records", "documents"):
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"DROP FUNCTION {table}_due() CASCADE"))
                continue
            for event in ("insert", "update"):
                connection.execute(text(f"DROP TRIGGER {table}_due_{event}"))
        names = (TEXT_TABLE, "record_search", "search_documents", "search_due", "search_terms")
        for table in names:
            connection.execute(text(f"DROP TABLE {table}"))

    return undo


@pytest.fixture
def backup(tmp_path: Path, make_result: Callable[..., DocumentResult]) -> Path:
    """A sound backup."""
    with open_database(tmp_path / "first.db") as database:
        fill(database, make_result)
        back_up(database, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"
