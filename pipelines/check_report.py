"""What ``scmine check`` shows: findings as a table, CSV or JSON lines; the summary; the rules."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from rich import box
from rich.console import Console
from rich.progress import MofNCompleteColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from scmine.database.export import safe_cell
from scmine.database.record import Record
from scmine.pipelines.check import WEIGHT, Checked, CheckSummary
from scmine.pipelines.check import Progress as ProgressHook
from scmine.pipelines.progress_bar import bar_with
from scmine.pipelines.report import wide_console
from scmine.pipelines.tables import file_cell, shorten_end, value_or_range
from scmine.validator.finding import Finding, Severity
from scmine.validator.plausibility.composed import ELSEWHERE
from scmine.validator.plausibility.rules import Rule, rules
from scmine.validator.plausibility.values import value_of

COLUMNS = (
    "where", "path", "page", "record_id", "doc_id", "raw_material", "formula", "tc_K",
    "pressure_GPa", "severity", "finding", "fields", "message",
)  # fmt: skip
"""The columns of findings as CSV and as JSON lines, one finding a row."""

PROBLEMS_SHOWN = 50
MATERIAL_CHARS = 30
FILE_CHARS = 28
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: ""}


@contextmanager
def check_progress(total: int | None, *, quiet: bool) -> Iterator[ProgressHook | None]:
    """A bar on standard error, if that is a terminal; else None."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = bar_with(MofNCompleteColumn(), TimeRemainingColumn())
    task = bar.add_task("", total=total)
    with bar:
        yield lambda done: bar.update(task, completed=done)


def write_findings(found: Iterable[Checked], format: str, stream: BinaryIO) -> int:
    """Write findings as ``csv`` or ``jsonl``; how many there were."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    count = 0
    try:
        writer = csv.writer(text)
        if format == "csv":
            writer.writerow(COLUMNS)
        for row in _rows(found):
            if format == "csv":
                row["fields"] = " ".join(row["fields"])
                writer.writerow([safe_cell(row[name]) for name in COLUMNS])
            else:
                text.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    finally:
        text.detach()
    return count


def _rows(found: Iterable[Checked]) -> Iterator[dict[str, Any]]:
    for checked in found:
        record = checked.record
        for finding in checked.findings:
            yield {
                "where": checked.where,
                "path": record.path,
                "page": record.page,
                "record_id": record.record_id,
                "doc_id": record.doc_id,
                "raw_material": record.raw_material,
                "formula": record.formula,
                "tc_K": record.tc_K,
                "pressure_GPa": record.pressure_GPa,
                "severity": finding.severity.value,
                "finding": finding.name,
                "fields": list(finding.fields),
                "message": finding.message,
            }


def print_findings(found: Iterable[Checked], limit: int | None, *, of_file: bool) -> None:
    """The table of findings for people, the heaviest first; at most ``limit`` rows."""
    rows = [(checked, finding) for checked in found for finding in checked.findings]
    rows.sort(key=lambda row: -WEIGHT[row[1].severity])
    shown = rows if limit is None else rows[:limit]
    if not shown:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("line" if of_file else "paper", no_wrap=True)
    table.add_column("material", no_wrap=True)
    table.add_column("Tc (K)", justify="right", no_wrap=True)
    table.add_column("P (GPa)", justify="right", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("finding", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1, min_width=30)
    for checked, finding in shown:
        table.add_row(*_cells(checked, finding, of_file=of_file))
    hidden = len(rows) - len(shown)
    if hidden:
        table.caption = f"and {hidden} more; --limit shows more, -o writes all to a file"
    with wide_console() as console:
        console.print(table)


def _cells(checked: Checked, finding: Finding, *, of_file: bool) -> list[Text]:
    record = checked.record
    page = "" if record.page is None else f" p. {record.page}"
    where = checked.where if of_file else shorten_end(file_cell(record.path), FILE_CHARS) + page
    cells = [
        where.removeprefix("line "),
        shorten_end(_one_line(record.raw_material), MATERIAL_CHARS),
        value_or_range(record.tc_K, record.tc_min_K, record.tc_max_K),
        value_or_range(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa),
        finding.severity.value,
        finding.name,
        _one_line(finding.message) + _values(record, finding),
    ]
    texts = [Text(cell) for cell in cells]
    texts[4].stylize(_STYLES[finding.severity])
    return texts


def _values(record: Record, finding: Finding) -> str:
    """The values of the fields that a message is about, but for those that have columns."""
    shown = {"raw_material", "tc_K", "tc_min_K", "tc_max_K", "pressure_GPa", "sentence", "title"}
    named = ((f, value_of(record, f)) for f in finding.fields if f not in shown)
    told = [f"{name} {value}" for name, value in named if isinstance(value, int | float)]
    return f" ({', '.join(told)})" if told else ""


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def print_summary(summary: CheckSummary, console: Console | None = None) -> None:
    """What was found by rule, what could not be read, which columns were not used."""
    if console is None:
        with wide_console() as wide:
            print_summary(summary, wide)
        return
    if summary.by_rule:
        table = Table()
        table.add_column("finding")
        table.add_column("severity")
        table.add_column("records", justify="right")
        order = sorted(summary.by_rule.items(), key=lambda e: (-WEIGHT[e[0][1]], -e[1], e[0][0]))
        for (name, severity), count in order:
            table.add_row(name, severity.value, str(count))
        console.print(table)
    for line in _summary_lines(summary):
        console.print(Text(line))
    if summary.unread:
        console.print("Could not be read:")
        for where, problem in summary.unread[:PROBLEMS_SHOWN]:
            console.print(Text(f"  {where}: {_one_line(problem)}"))
        hidden = len(summary.unread) - PROBLEMS_SHOWN
        if hidden > 0:
            console.print(f"  and {hidden} more")


def _summary_lines(summary: CheckSummary) -> Iterator[str]:
    if summary.note:
        yield f"{summary.source}: {summary.note}"
    if summary.used:
        pairs = ", ".join(f"{ours} from {theirs!r}" for ours, theirs in summary.used.items())
        yield f"Columns read: {pairs}"
    if summary.unused:
        yield f"Columns not read: {', '.join(summary.unused)} (--columns OURS=THEIRS reads them)"
    if summary.not_observed:
        yield (
            f"{_rows_have(summary.not_observed)} a Tc of 0 that is calculated, or with the lowest "
            "temperature beside it: read as no superconductivity"
        )
    if summary.tc_unknown:
        yield (
            f"{_rows_have(summary.tc_unknown)} a Tc of 0: read as unknown, since it may mean no "
            "superconductivity or, as in the tables made from SuperCon, no reported Tc"
        )
    lost = f", {summary.lost} rows could not be read" if summary.lost else ""
    yield (
        f"{summary.records} records in {summary.source}{lost}; "
        f"{summary.flagged} have an error or a warning"
    )
    if summary.updated:
        yield f"Flags of {summary.updated} records were changed"


def _rows_have(number: int) -> str:
    return "1 row has" if number == 1 else f"{number} rows have"


def print_rules(wanted: Sequence[str]) -> None:
    """Rules with their reason and source; all where none is named."""
    names = list(wanted) or list(rules())
    with wide_console() as console:
        for i, name in enumerate(names):
            if i:
                console.print()
            for line in _rule_lines(rules()[name]):
                console.print(Text(line))


def _rule_lines(rule: Rule) -> Iterator[str]:
    weight = f"at most {rule.severity.value}" if rule.kind in ELSEWHERE else rule.severity.value
    yield f"{rule.name} ({weight})"
    yield f"  {rule.reason}"
    yield f"  Fields: {', '.join(rule.fields)}"
    yield f"  Source: {rule.source}"
