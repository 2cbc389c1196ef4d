"""What an import tells people: a summary on standard output, and each row in a report file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scmine.database.export import safe_cell
from scmine.database.import_plan import Outcome
from scmine.database.import_values import Reason
from scmine.database.importing import Event, ImportSummary
from scmine.database.replacing import replacing
from scmine.pipelines.report import wide_console
from scmine.pipelines.tables import shorten_end

REPORT_COLUMNS = (
    "file",
    "line",
    "outcome",
    "record_id",
    "reason",
    "column",
    "before",
    "after",
    "detail",
)
"""The columns of a report: a line for each column that changes, one for any other row."""

SHOWN, DETAIL_CHARS = 5, 60
"""Rows of a reason, and changes of a dry run, that are named; the report has all."""


class ReportNameError(ValueError):
    """A report whose name ends neither in .csv nor in .json."""


class FirstRows:
    """The first refused rows of each reason, and the first rows that change, for the summary."""

    def __init__(self) -> None:
        self.refused: dict[Reason, list[Event]] = {}
        self.changed: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Keep a row if it is one of the first."""
        rows = self.changed
        if event.reason is not None:
            rows = self.refused.setdefault(event.reason, [])
        if event.outcome is not Outcome.NEW and len(rows) < SHOWN:
            rows.append(event)


def report_rows(event: Event) -> Iterator[dict[str, Any]]:
    """The lines of a report that tell of a row."""
    row: dict[str, Any] = {
        "file": event.file,
        "line": event.line,
        "outcome": event.outcome.value,
        "record_id": event.record_id,
        "reason": None if event.reason is None else event.reason.value,
        "column": event.column or None,
        "before": None,
        "after": None,
        "detail": event.detail or None,
    }
    if not event.changes:
        yield row
    for column, (before, after) in event.changes.items():
        yield row | {"column": column, "before": before, "after": after}


@contextmanager
def open_report(out: Path | None) -> Iterator[Callable[[Event], None]]:
    """What writes rows to a report as they come; nothing where ``out`` is None.

    The file appears only once it is whole.

    Raises
    ------
    ReportNameError
        The name of ``out`` ends neither in .csv nor in .json.
    OSError
        ``out`` cannot be written.
    """
    if out is None:
        yield lambda _event: None
        return
    suffix = out.suffix.lower()
    if suffix not in {".csv", ".json"}:
        raise ReportNameError(f"{out}: a report is CSV or JSON: end its name in .csv or .json")
    with replacing(out) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        write, finish = (_csv if suffix == ".csv" else _json)(text)
        yield write
        finish()
        text.flush()
        text.detach()


def _csv(text: io.TextIOWrapper) -> tuple[Callable[[Event], None], Callable[[], None]]:
    writer = csv.writer(text)
    writer.writerow(REPORT_COLUMNS)

    def cell(value: Any) -> str:
        listed = isinstance(value, list | dict)
        return safe_cell(json.dumps(value, ensure_ascii=False) if listed else value)

    def write(event: Event) -> None:
        for row in report_rows(event):
            writer.writerow([cell(row[name]) for name in REPORT_COLUMNS])

    return write, lambda: None


def _json(text: io.TextIOWrapper) -> tuple[Callable[[Event], None], Callable[[], None]]:
    first = True

    def write(event: Event) -> None:
        nonlocal first
        for row in report_rows(event):
            text.write("[\n" if first else ",\n")
            text.write(json.dumps(row, ensure_ascii=False))
            first = False

    return write, lambda: print("[]" if first else "\n]", file=text)


def print_import(summary: ImportSummary, first: FirstRows, where: str, report: Path | None) -> None:
    """Say what an import did, or would do."""
    with wide_console() as console:
        for line in _lines(summary, first, where):
            console.print(line, markup=False, highlight=False)
        if report is not None:
            console.print(f"all rows but the unchanged ones: {report}", markup=False)
        elif summary.refused:
            console.print("--report FILE.csv writes all of them", markup=False)


def _lines(summary: ImportSummary, first: FirstRows, where: str) -> Iterator[str]:
    counts = {outcome: summary.outcomes.get(outcome, 0) for outcome in Outcome}
    would = "would be " if summary.dry_run else ""
    head = "dry run, nothing is written" if summary.dry_run else where
    yield f"{head}: {_rows(summary.rows)} of {len(summary.files)} file(s)"
    for file in summary.files:
        if file.unknown_columns:
            listed = ", ".join(file.unknown_columns)
            yield f"  {file.path}: columns that no record has are left out: {listed}"
    documents = f", with {summary.new_documents} new papers" if summary.new_documents else ""
    yield f"  {counts[Outcome.NEW]} {would}new{documents}"
    yield f"  {counts[Outcome.CHANGED]} {would}changed{_columns(summary.changed_columns)}"
    for event in first.changed if summary.dry_run else ():
        yield f"    line {event.line}, {event.record_id}: {_changes(event)}"
    yield f"  {counts[Outcome.UNCHANGED]} unchanged"
    if summary.kept:
        listed = _columns(summary.kept)
        yield f"  differ in how a claim was found, which no import changes{listed}"
    if summary.older:
        listed = _columns(summary.older)
        yield f"  are older than what the database has, which stays as it is{listed}"
    if summary.documents_kept:
        rows = _rows(summary.documents_kept)
        yield f"  {rows} say something else of a paper that is there, which stays as it is"
    yield f"  {counts[Outcome.REFUSED]} refused"
    for reason, number in summary.refused.most_common():
        lines = [_line(event) for event in first.refused[reason]]
        more = ", …" if number > len(lines) else ""
        yield f"    {number} {reason}: line {', '.join(lines)}{more}"


def _rows(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def _columns(counts: Any) -> str:
    listed = ", ".join(f"{column} {number}" for column, number in counts.most_common())
    return f" ({listed})" if listed else ""


def _changes(event: Event) -> str:
    said = (f"{c}: {before!r} → {after!r}" for c, (before, after) in event.changes.items())
    return "; ".join(shorten_end(text, DETAIL_CHARS) for text in said)


def _line(event: Event) -> str:
    what = " ".join(part for part in (event.column, event.detail) if part)
    return f"{event.line} ({shorten_end(what, DETAIL_CHARS)})" if what else str(event.line)


def summary_json(summary: ImportSummary) -> dict[str, Any]:
    """The summary as JSON has it."""
    return {
        "dry_run": summary.dry_run,
        "files": [
            {
                "path": str(file.path),
                "format": file.format.value,
                "rows": file.rows,
                "unknown_columns": list(file.unknown_columns),
            }
            for file in summary.files
        ],
        **{outcome.value: summary.outcomes.get(outcome, 0) for outcome in Outcome},
        "new_documents": summary.new_documents,
        "changed_columns": dict(summary.changed_columns),
        "kept_columns": dict(summary.kept),
        "older_columns": dict(summary.older),
        "documents_kept": summary.documents_kept,
        "reasons": {reason.value: number for reason, number in summary.refused.items()},
    }
