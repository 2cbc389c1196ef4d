"""``scmine check``: records from anywhere held against the validator's rules.

Joins sources, checks and what is done with the findings; how they are shown lives in
``check_report``. Only ``--update`` writes, and only flags.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from scmine.database.record import Record
from scmine.database.store import Database
from scmine.pipelines.record_files import Item, database_items, open_table
from scmine.validator.finding import Finding, Severity
from scmine.validator.plausibility.check import check_records
from scmine.validator.plausibility.composed import Check
from scmine.validator.plausibility.flagging import flags_of, with_flags
from scmine.validator.plausibility.papers import DoubtedPaper

Progress = Callable[[int], None]
"""Called with the number of records done so far."""

WEIGHT = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
"""The order of severities."""

UPDATE_BATCH = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """A row or a record with what was found."""

    where: str
    record: Record
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class CheckSummary:
    """What a check came to; ``unread`` are rows, or cells of them, that could not be read."""

    source: str
    records: int = 0
    flagged: int = 0
    not_observed: int = 0
    tc_unknown: int = 0
    by_rule: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    unread: list[tuple[str, str]] = field(default_factory=list)
    lost: int = 0
    unused: tuple[str, ...] = ()
    used: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    updated: int = 0

    @property
    def exit_code(self) -> int:
        """1 if something of the input could not be read."""
        return 1 if self.unread else 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are handed on: those of these rules (None: all), at least so heavy."""

    severity: Severity = Severity.WARNING
    rules: frozenset[str] | None = None

    def holds(self, finding: Finding) -> bool:
        """Whether ``finding`` is wanted."""
        heavy = WEIGHT[finding.severity] >= WEIGHT[self.severity]
        return heavy and (self.rules is None or finding.name in self.rules)


def check_file(
    path: Path,
    wanted: Wanted,
    summary: CheckSummary,
    *,
    columns: Mapping[str, str] | None = None,
    doubted: Sequence[DoubtedPaper] | None = None,
    others: Sequence[Check] | None = None,
    progress: Progress | None = None,
) -> Iterator[Checked]:
    """The rows of a file for which something wanted was found; ``summary`` counts all.

    The rows of one paper are held against each other, wherever in the file they stand. Raises what
    `open_table` raises.
    """
    table = open_table(path, columns)
    summary.unused, summary.note = table.columns.unused, table.note
    summary.used = {} if table.columns.is_own else table.columns.fields
    items = list(_read(table.items, summary))
    by_paper: dict[str, list[int]] = {}
    for i, (_, record) in enumerate(items):
        by_paper.setdefault(record.doc_id, []).append(i)
    found: dict[int, tuple[Finding, ...]] = {}
    for group in by_paper.values():
        together = [items[i][1] for i in group]
        results = check_records(together, doubted=doubted, others=others)
        found |= {i: tuple(result) for i, result in zip(group, results, strict=True)}
        _advance(summary, progress, together)
    for i, (where, record) in enumerate(items):
        yield from _handed_on(Checked(where, record, found[i]), wanted, summary)


def check_database(
    database: Database,
    wanted: Wanted,
    summary: CheckSummary,
    *,
    update: bool = False,
    doubted: Sequence[DoubtedPaper] | None = None,
    others: Sequence[Check] | None = None,
    progress: Progress | None = None,
) -> Iterator[Checked]:
    """The records of a database for which something wanted was found, document by document.

    With ``update`` the flags of all records, wanted or not, are brought to what was found.
    """
    changes: dict[str, list[str]] = {}
    for _, group in groupby(database_items(database), key=_document_of):
        together = [item.record for item in group if item.record is not None]
        for record, result in zip(
            together, check_records(together, doubted=doubted, others=others), strict=True
        ):
            flags = with_flags(record, flags_of(result)).flags
            if flags != record.flags:
                changes[record.record_id] = flags
            checked = Checked(record.record_id, record, tuple(result))
            yield from _handed_on(checked, wanted, summary)
        _advance(summary, progress, together)
    if update:
        names = list(changes)
        for start in range(0, len(names), UPDATE_BATCH):
            database.set_flags({n: changes[n] for n in names[start : start + UPDATE_BATCH]})
        summary.updated = len(changes)


def _document_of(item: Item) -> str:
    return item.record.doc_id if item.record is not None else ""


def _read(items: Iterable[Item], summary: CheckSummary) -> Iterator[tuple[str, Record]]:
    """The items that gave a record; what could not be read is noted."""
    for item in items:
        summary.unread += [(item.where, problem) for problem in item.problems]
        if item.record is None:
            summary.lost += 1
            continue
        summary.not_observed += bool(summary.used) and item.record.superconducting is False
        summary.tc_unknown += item.tc_unknown
        yield item.where, item.record


def _advance(summary: CheckSummary, progress: Progress | None, done: Sequence[Record]) -> None:
    summary.records += len(done)
    if progress is not None:
        progress(summary.records)


def _handed_on(checked: Checked, wanted: Wanted, summary: CheckSummary) -> Iterator[Checked]:
    """Count what was found; hand on what is wanted of it."""
    for finding in checked.findings:
        summary.by_rule[finding.name, finding.severity] += 1
    summary.flagged += bool(flags_of(checked.findings))
    kept = tuple(finding for finding in checked.findings if wanted.holds(finding))
    if kept:
        yield Checked(checked.where, checked.record, kept)
