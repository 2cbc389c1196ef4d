"""Importing files of records: new ones are added, others changed by revisions, the rest refused.

An import is made in batches, each written as a whole. The same file can be imported again: what is
there is unchanged, so that an import that was stopped goes on where it was. What becomes of a row
is decided in ``scmine.database.import_plan``, files are opened in ``scmine.database.import_files``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from scmine.database.curation import Curation
from scmine.database.editing import ChangeError
from scmine.database.errors import DatabaseError
from scmine.database.import_files import BrokenRow, ImportFormat, Row, Source, open_source
from scmine.database.import_plan import Outcome, Plan, plan_of
from scmine.database.import_rows import IMPORTED, Claim, claim_of
from scmine.database.import_state import (
    Seen,
    State,
    add_new,
    state_of,
    supercon2_key,
    supercon2_rows,
)
from scmine.database.import_values import Reason, RowError, read_columns
from scmine.database.record import COLUMNS
from scmine.database.results import RunState
from scmine.database.revision import ChangeKind, ConflictError, NoChangeError, NotFoundError
from scmine.database.status import StatusError
from scmine.database.store import Database

BATCH = 500
"""Rows that are looked up and written at a time."""

ReadRow = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes values by our columns of a row of another program; raises ``RowError``."""

Compose = Callable[[str], Mapping[str, float] | None]


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a row, or would become in a dry run.

    ``reason``, ``column`` and ``detail`` say why it was refused; ``changes`` which columns change,
    with the values before and after.
    """

    file: str
    line: int
    outcome: Outcome
    record_id: str | None = None
    reason: Reason | None = None
    column: str = ""
    detail: str = ""
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class FileSummary:
    """A file that was read: its format, its rows, and columns that no record has."""

    path: Path
    format: ImportFormat
    rows: int = 0
    unknown_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class ImportSummary:
    """What an import did, or would do.

    ``kept`` counts, by column, the rows that differ from a record in how it was found, ``older``
    those that say what the record said before its last changes, and ``documents_kept`` those that
    say something else of a paper that is there: none of these changes anything.
    """

    dry_run: bool
    files: list[FileSummary] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refused: Counter[Reason] = field(default_factory=Counter)
    changed_columns: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    older: Counter[str] = field(default_factory=Counter)
    new_documents: int = 0
    documents_kept: int = 0

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(file.rows for file in self.files)


class Importer:
    """Imports files into a database.

    Parameters
    ----------
    database
        The open database.
    who
        The name of the user who imports.
    compose
        Gives the composition of a formula, as for `scmine.database.curation.Curation`.
    read_supercon2
        Reads a row of SuperCon²'s CSV.
    dry_run
        Write nothing, only say what would be done.
    tell
        Is called with each row that is not unchanged.
    progress
        Is called with the file, how much of it is read, and how much there is.
    """

    def __init__(
        self,
        database: Database,
        *,
        who: str,
        compose: Compose,
        read_supercon2: ReadRow,
        dry_run: bool = False,
        tell: Callable[[Event], None] | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._database = database
        self._who = who
        self._compose = compose
        self._curation = Curation(database, compose=compose)
        self._read_supercon2 = read_supercon2
        self._tell = tell or (lambda _event: None)
        self._progress = progress or (lambda _file, _done, _total: None)
        self._run: int | None = None
        self._events: list[Event] = []
        self.summary = ImportSummary(dry_run=dry_run)

    def run(self, paths: Sequence[Path], format: ImportFormat | None = None) -> ImportSummary:
        """Import files, one after the other; ``format`` is told from each file if None.

        Raises
        ------
        ImportFileError
            A file holds no records. Those before it are imported.
        DatabaseError, OSError
            The database cannot be written, or a file cannot be read.
        """
        with Seen() as seen, self._finished():
            for path in paths:
                with open_source(path, format) as source:
                    self._import(path, source, seen)
        return self.summary

    @contextmanager
    def _finished(self) -> Iterator[None]:
        """Note how the run of the import ended, if there is one: something was written."""
        state = RunState.INTERRUPTED
        try:
            yield
            state = RunState.FINISHED
        except DatabaseError:
            state = RunState.FAILED
            raise
        finally:
            if self._run is not None:
                counts = {outcome.value: n for outcome, n in self.summary.outcomes.items()}
                self._database.finish_run(self._run, state, counts)

    def _import(self, path: Path, source: Source, seen: Seen) -> None:
        unknown: tuple[str, ...] = ()
        if source.format is not ImportFormat.SUPERCON2:
            unknown = tuple(name for name in source.columns if name not in COLUMNS)
        file = FileSummary(path, source.format, unknown_columns=unknown)
        self.summary.files.append(file)
        rows = iter(source.rows)
        while batch := list(islice(rows, BATCH)):
            file.rows += len(batch)
            if source.format is ImportFormat.SUPERCON2:
                batch = self._without_own(batch)
            claims = (self._claim(path, source.format, row) for row in batch)
            self._import_batch(path, [claim for claim in claims if claim is not None], seen)
            self._tell_batch()
            self._progress(path.name, source.done(), source.total)

    def _without_own(self, rows: Sequence[Row | BrokenRow]) -> list[Row | BrokenRow]:
        """The rows but those that records of the database would be exported as.

        SuperCon²'s columns have no place for our ``record_id``, by which other rows are known.
        """
        doc_ids = {row.values.get("hash") for row in rows if isinstance(row, Row)}
        known = supercon2_rows(self._database, [name for name in doc_ids if name])
        rest: list[Row | BrokenRow] = []
        for row in rows:
            if isinstance(row, Row) and supercon2_key(row.values) in known:
                self.summary.outcomes[Outcome.UNCHANGED] += 1
            else:
                rest.append(row)
        return rest

    def _claim(self, path: Path, format: ImportFormat, row: Row | BrokenRow) -> Claim | None:
        try:
            if isinstance(row, BrokenRow):
                raise row.error
            if format is ImportFormat.SUPERCON2:
                return claim_of(row.line, self._read_supercon2(row.values))
            return claim_of(row.line, read_columns(row.values))
        except RowError as error:
            named = row.values.get("record_id") if isinstance(row, Row) else None
            self._refuse(path, row.line, error, named if isinstance(named, str) else None)
            return None

    def _import_batch(self, path: Path, claims: Sequence[Claim], seen: Seen) -> None:
        state = state_of(self._database, claims)
        plans: list[tuple[Claim, Plan]] = []
        for claim in claims:
            try:
                if claim.record_id is not None and not seen.add_record(claim.record_id):
                    raise RowError(Reason.TWICE, claim.record_id, "record_id")
                plans.append((claim, self._plan(claim, state)))
            except RowError as error:
                self._refuse(path, claim.line, error, claim.record_id)
        self._count_documents(plans, state, seen)
        if self.summary.dry_run:
            for claim, plan in plans:
                self._done(path, claim, plan)
            return
        new = [plan.record for _, plan in plans if plan.outcome is Outcome.NEW]
        if new:
            why = f"import of {path.name}"
            add_new(self._database, new, self._run_id(), who=self._who, why=why)
        for claim, plan in plans:
            self._apply(path, claim, plan)

    def _plan(self, claim: Claim, state: State) -> Plan:
        present = state.records.get(claim.record_id or "")
        return plan_of(claim, present, state.structures, self._compose)

    def _count_documents(
        self, plans: Iterable[tuple[Claim, Plan]], state: State, seen: Seen
    ) -> None:
        for claim, plan in plans:
            self.summary.kept.update(plan.kept)
            self.summary.older.update(plan.older)
            document = state.documents.get(plan.record.doc_id)
            if document is not None:
                said = claim.document().items()
                differs = any(v and v != document[name] for name, v in said)
                self.summary.documents_kept += differs
            elif plan.outcome is Outcome.NEW and seen.add_document(plan.record.doc_id):
                self.summary.new_documents += 1

    def _apply(self, path: Path, claim: Claim, plan: Plan) -> None:
        """Make the change that a plan asks for; what somebody else made meanwhile is a conflict."""
        if plan.outcome is Outcome.CHANGED:
            self._run_id()
            try:
                self._write_change(path, plan)
            except (ConflictError, NotFoundError) as error:
                self._refuse(path, claim.line, RowError(Reason.CONFLICT, str(error)))
                return
            except (ChangeError, StatusError) as error:
                self._refuse(path, claim.line, RowError(Reason.INVALID_VALUE, str(error)))
                return
            except NoChangeError:
                plan = Plan(Outcome.UNCHANGED, plan.record)
        self._done(path, claim, plan)

    def _write_change(self, path: Path, plan: Plan) -> None:
        given: dict[str, Any] = {
            "who": self._who,
            "why": f"import of {path.name}",
            "error_type": plan.error_type,
            "expected": plan.revision,
            "kind": ChangeKind.IMPORTED,
        }
        name = plan.record.record_id
        if plan.edits or plan.status is None:
            self._curation.edit(name, plan.edits, status=plan.status, **given)
        else:
            self._curation.judge(name, plan.status, **given)

    def _tell_batch(self) -> None:
        """Tell what became of the rows of a batch, in the order of the file."""
        for event in sorted(self._events, key=lambda event: event.line):
            self._tell(event)
        self._events.clear()

    def _run_id(self) -> int:
        """The run of this import, begun with the first thing that is written."""
        if self._run is None:
            files = [str(file.path) for file in self.summary.files]
            self._run = self._database.start_run(IMPORTED, {"files": files, "who": self._who})
        return self._run

    def _done(self, path: Path, claim: Claim, plan: Plan) -> None:
        self.summary.outcomes[plan.outcome] += 1
        self.summary.changed_columns.update(plan.changes.keys())
        if plan.outcome is not Outcome.UNCHANGED:
            self._events.append(
                Event(
                    str(path),
                    claim.line,
                    plan.outcome,
                    plan.record.record_id,
                    changes=plan.changes,
                )
            )

    def _refuse(self, path: Path, line: int, error: RowError, record_id: str | None = None) -> None:
        self.summary.outcomes[Outcome.REFUSED] += 1
        self.summary.refused[error.reason] += 1
        self._events.append(
            Event(
                str(path),
                line,
                Outcome.REFUSED,
                record_id,
                error.reason,
                error.column,
                error.detail,
            )
        )
