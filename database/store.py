"""The database: opening it, writing runs and documents, reading everything back.

The one place that begins and ends transactions. Where a database may lie is in
``scmine.database.connect``, its tables in ``models``, their steps in ``schema``, the statements
in ``save`` and ``filters``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Executable, func, insert, not_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from scmine.database.clean import clean
from scmine.database.connect import BUSY_TIMEOUT_S, connect, describe, parse_target, use_wal
from scmine.database.errors import DatabaseError, clear_errors
from scmine.database.filters import RecordFilter, query
from scmine.database.models import (
    DocumentModel,
    PassageModel,
    ProposalModel,
    RecordModel,
    RunModel,
    StructureModel,
)
from scmine.database.record import Record
from scmine.database.record_rows import record_of, untouched
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo, StoredReferenceSet
from scmine.database.references import (
    Progress,
    add_set,
    entries_query,
    remove_set,
    sets_query,
    stored_entries,
    stored_set,
)
from scmine.database.results import (
    Counts,
    DocumentResult,
    PassageRow,
    RunState,
    StoredDocument,
    StoredRun,
)
from scmine.database.revision import ProposalState
from scmine.database.save import save
from scmine.database.schema import migrate
from scmine.database.search_rows import refresh
from scmine.database.structure import StoredStructure, StructureOutcome
from scmine.database.structure_query import records_of_structures, structure_query

READ_BATCH = 1000
"""Rows fetched at a time: enough for speed, little enough for any memory."""


def open_database(
    target: str | Path, *, create: bool = True, wait_s: float = BUSY_TIMEOUT_S
) -> Database:
    """Open a database, make it if it is not there, and bring it to today's tables.

    Parameters
    ----------
    target
        The path of a file (SQLite), or an SQLAlchemy URL (``postgresql://user@host/name``).
    create
        Make a file that is not there. A reader gives False, so that a slip in the path is an
        error rather than an empty database.
    wait_s
        How long to wait for another program that writes to the file.

    Raises
    ------
    DatabaseError
        The place holds no database and none can be made there, or it holds one of another
        program or of a newer scmine. The message says what to do.
    """
    url = parse_target(target)
    where = describe(url)
    with clear_errors(where):
        engine = connect(url, create=create, wait_s=wait_s)
        try:
            migrate(engine, where)
            use_wal(engine)
        except BaseException:
            engine.dispose()
            raise
    return Database(engine, where)


class Database:
    """An open database; close it, or use it in a ``with`` statement. Get one by `open_database`.

    Every method raises ``DatabaseError`` if the database cannot be read or written.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(writes=True)
        self.where = where

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; for modules of ``scmine.database`` only."""
        with clear_errors(self.where), self._writing_engine.begin() as connection:
            yield connection
            refresh(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by; for modules of ``scmine.database`` only."""
        with clear_errors(self.where), self._engine.connect() as connection:
            yield connection

    def rows(self, statement: Executable) -> Iterator[dict[str, Any]]:
        """The rows of a query as dicts, fetched as they are needed."""
        with self.reading() as connection:
            result = connection.execution_options(yield_per=READ_BATCH).execute(statement)
            for row in result:
                yield row._asdict()

    def start_run(
        self,
        pipeline_version: str,
        options: Mapping[str, Any] | None = None,
        scmine_version: str | None = None,
    ) -> int:
        """Note that a run has begun now; return its id.

        ``options`` must be what JSON can hold. ``scmine_version`` is the installed one unless
        given.
        """
        row = {
            "started": datetime.now(UTC),
            "scmine_version": scmine_version or version("scmine"),
            "pipeline_version": pipeline_version,
            "options": dict(options or {}),
            "counts": {},
            "state": RunState.RUNNING.value,
        }
        with self.writing() as connection:
            return connection.execute(insert(RunModel).returning(RunModel.id), row).scalar_one()

    def finish_run(self, run_id: int, state: RunState, counts: Mapping[str, int]) -> None:
        """Note that a run has ended now, how, and what it did (counts by any names)."""
        statement = (
            update(RunModel)
            .where(RunModel.id == run_id)
            .values(finished=datetime.now(UTC), state=RunState(state).value, counts=dict(counts))
        )
        with self.writing() as connection:
            if connection.execute(statement).rowcount == 0:
                raise DatabaseError(f"{self.where}: there is no run {run_id}")

    def runs(self) -> list[StoredRun]:
        """All runs, oldest first."""
        rows = self.rows(select(RunModel.__table__).order_by(RunModel.id))
        return [StoredRun(**row | {"state": RunState(row["state"])}) for row in rows]

    def document_states(self, pipeline_version: str) -> dict[str, str]:
        """The status of each document that this version of the pipeline has ended, by doc_id."""
        statement = select(DocumentModel.doc_id, DocumentModel.status).where(
            DocumentModel.pipeline_version == pipeline_version
        )
        return {row["doc_id"]: row["status"] for row in self.rows(statement)}

    def save_document(self, run_id: int, result: DocumentResult) -> None:
        """Save a document, its passages and records in one transaction, in place of earlier ones.

        Records that a person has touched are kept as they are, with their structures. A record of
        ``result`` with the id or a place of one of them is left out, and what it says otherwise is
        proposed (``scmine.database.proposing``).
        Characters that no database can hold (NUL, lone surrogates) become U+FFFD.
        """
        with self.writing() as connection:
            save(connection, run_id, result, self.where)

    def set_flags(self, flags: Mapping[str, Sequence[str]]) -> None:
        """Replace the flags of records, by record id; all else of them stays as it is.

        Others who write these documents wait, so that what is searched is of one state.
        """
        named = select(RecordModel.doc_id).where(RecordModel.record_id.in_(list(flags)))
        with self.writing() as connection:
            documents = select(DocumentModel.doc_id).where(DocumentModel.doc_id.in_(named))
            ordered = documents.order_by(DocumentModel.doc_id).with_for_update()
            connection.execute(ordered).all()
            for name, new in flags.items():
                statement = update(RecordModel).where(RecordModel.record_id == name)
                connection.execute(statement.values(flags=clean(list(new))))

    def documents(self) -> Iterator[StoredDocument]:
        """All documents, by path."""
        number = (
            select(func.count())
            .select_from(RecordModel)
            .where(RecordModel.doc_id == DocumentModel.doc_id)
            .scalar_subquery()
        )
        statement = select(DocumentModel.__table__, number.label("record_count")).order_by(
            DocumentModel.path, DocumentModel.doc_id
        )
        for row in self.rows(statement):
            yield StoredDocument(**row)

    def passages(self, doc_id: str) -> list[PassageRow]:
        """The passages of a document that carry claims, in the order of the paper."""
        table = PassageModel.__table__
        columns = [c for c in table.c if c.name not in {"id", "doc_id"}]
        statement = (
            select(*columns)
            .where(table.c.doc_id == doc_id)
            .order_by(PassageModel.position, PassageModel.id)
        )
        return [PassageRow(**row) for row in self.rows(statement)]

    def records(self, wanted: RecordFilter | None = None) -> Iterator[Record]:
        """The records that ``wanted`` asks for, or all, always in the same order.

        They are read as they are taken, so any number fits into memory.
        """
        for row in self.rows(query(wanted or RecordFilter())):
            yield record_of(row, self.where)

    def structures(
        self, wanted: RecordFilter | None = None, verdict: str | None = None
    ) -> Iterator[StoredStructure]:
        """The crystal structures of the records that ``wanted`` asks for, or all, in fixed order.

        ``verdict`` takes those of one verdict. Structures that no record names are among them
        where ``wanted`` asks only for what a structure states itself: document, material,
        formula, pressure. They are read as they are taken.
        """
        rows = self.rows(structure_query(wanted or RecordFilter(), verdict))
        while batch := list(islice(rows, READ_BATCH)):
            records: dict[str, list[str]] = {}
            for pair in self.rows(records_of_structures([row["structure_id"] for row in batch])):
                records.setdefault(pair["structure_id"], []).append(pair["record_id"])
            for row in batch:
                yield StoredStructure(**row, record_ids=records.get(row["structure_id"], []))

    def add_reference_set(
        self,
        info: ReferenceSetInfo,
        entries: Iterable[ReferenceEntry],
        progress: Progress | None = None,
    ) -> bool:
        """Save a reference set in one transaction; False, and nothing done, if its file is there.

        A name that another file's set has is an error.
        """
        with self.writing() as connection:
            return add_set(connection, info, entries, progress)

    def remove_reference_set(self, name: str) -> int:
        """Delete a reference set; return how many entries it had. An unknown name is an error."""
        with self.writing() as connection:
            return remove_set(connection, name)

    def reference_sets(self) -> list[StoredReferenceSet]:
        """All reference sets, in the order they were added."""
        return [stored_set(row) for row in self.rows(sets_query())]

    def reference_entries(
        self, *, key: str | None = None, system: str | None = None, with_structures: bool = False
    ) -> Iterator[ReferenceEntry]:
        """The entries of all reference sets, or those of a composition key or a chemical system.

        Their CIFs, which are large, are read only ``with_structures``.
        """
        query = entries_query(key=key, system=system, with_structures=with_structures)
        return stored_entries(self.rows(query))

    def structure_outcomes(self, structure_ids: Sequence[str]) -> dict[str, StructureOutcome]:
        """What came of each of these structures, by ``structure_id``."""
        c = StructureModel.__table__.c
        found: dict[str, StructureOutcome] = {}
        for start in range(0, len(structure_ids), READ_BATCH):
            named = c.structure_id.in_(structure_ids[start : start + READ_BATCH])
            query = select(c.structure_id, c.verdict, c.way, c.space_group).where(named)
            found |= {
                row["structure_id"]: StructureOutcome(
                    verdict=row["verdict"], way=row["way"], space_group=row["space_group"]
                )
                for row in self.rows(query)
            }
        return found

    def counts(self) -> Counts:
        """How many documents, records, structures, passages and runs there are."""

        def by(connection: Connection, column: InstrumentedAttribute[Any]) -> dict[str, int]:
            statement = select(column, func.count()).where(column.is_not(None))
            rows = connection.execute(statement.group_by(column).order_by(column))
            return {row[0]: row[1] for row in rows}

        with self.reading() as connection:
            passages = connection.scalar(select(func.count()).select_from(PassageModel))
            runs = connection.scalar(select(func.count()).select_from(RunModel))
            named = select(func.count(RecordModel.structure_id))
            touched = select(func.count()).select_from(RecordModel).where(not_(untouched()))
            waiting = select(func.count()).where(ProposalModel.state == ProposalState.OPEN.value)
            return Counts(
                documents=by(connection, DocumentModel.status),
                records=by(connection, RecordModel.status),
                structures=by(connection, StructureModel.verdict),
                structure_ways=by(connection, StructureModel.way),
                records_of_structures=connection.scalar(named) or 0,
                passages=passages or 0,
                runs=runs or 0,
                touched=connection.scalar(touched) or 0,
                open_proposals=connection.scalar(waiting) or 0,
            )
