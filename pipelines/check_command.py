"""One run of ``scmine check``: a source, what is wanted of it, and where the findings go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from scmine.database.store import Database, open_database
from scmine.pipelines.check import (
    Checked,
    CheckSummary,
    Wanted,
    check_database,
    check_file,
)
from scmine.pipelines.check_report import (
    check_progress,
    print_findings,
    print_summary,
    write_findings,
)
from scmine.pipelines.output import open_output
from scmine.pipelines.record_files import is_database
from scmine.pipelines.references import reference_check
from scmine.pipelines.settings import SettingsError
from scmine.validator.plausibility.composed import Check, default_checks
from scmine.validator.plausibility.papers import DoubtedPaper, RetractionsError, papers_with

TABLE = "table"
FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""The format that the end of a file's name stands for."""

FILES = (*FORMATS, ".tsv", ".txt", ".json", ".parquet")
"""Endings of files of records; another name that is not there is that of a database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a run is to do; ``limit`` None shows all findings in a table.

    ``references`` is the database whose reference sets records are compared with; None: the one
    that is checked.
    """

    source: str
    wanted: Wanted = field(default_factory=Wanted)
    columns: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    output: Path | None = None
    limit: int | None = None
    retractions: Path | None = None
    references: str | None = None
    update: bool = False
    quiet: bool = False


def run_check(request: Request) -> CheckSummary:
    """Check, give out the findings, print the summary; what it came to.

    Raises
    ------
    SettingsError
        What is asked for does not go together, or the list of retractions cannot be read.
    OSError, UnreadableFileError, DatabaseError
        The source cannot be read.
    """
    missing = not Path(request.source).exists()
    named_as_file = Path(request.source).suffix.lower() in FILES
    is_db = is_database(request.source) or (missing and not named_as_file)
    if request.update and not is_db:
        raise SettingsError(f"{request.source}: --update writes into a database, this is a file")
    if request.columns and is_db:
        raise SettingsError("--columns is for files; a database has the columns of scmine")
    format = _format(request)
    summary = CheckSummary(source=request.source)
    with _findings(request, summary, is_db=is_db) as found:
        if format == TABLE and request.output is None:
            print_findings(found, request.limit, of_file=not is_db)
        elif format == TABLE:
            raise SettingsError(f"{request.output}: a table goes to standard output only")
        else:
            with open_output(request.output) as stream:
                write_findings(found, format, stream)
    if not request.quiet:
        # Findings that go to standard output as data are not mixed with words for people.
        on_stdout = format != TABLE and request.output is None
        print_summary(summary, Console(stderr=True, highlight=False) if on_stdout else None)
    return summary


def _format(request: Request) -> str:
    if request.format is not None:
        return request.format
    if request.output is None:
        return TABLE
    suffix = request.output.suffix.lower()
    if suffix not in FORMATS:
        raise SettingsError(
            f"{request.output}: the end of the name tells no format; use .csv or .jsonl, "
            "or --format"
        )
    return FORMATS[suffix]


@contextmanager
def _findings(
    request: Request, summary: CheckSummary, *, is_db: bool
) -> Iterator[Iterator[Checked]]:
    """The findings as they come, with the bar around them."""
    doubted = _doubted(request)
    others = list(default_checks())
    if request.references is not None:
        with open_database(request.references, create=False) as database:
            others += _reference_checks(database)
    if not is_db:
        with check_progress(None, quiet=request.quiet) as progress:
            yield check_file(
                Path(request.source),
                request.wanted,
                summary,
                columns=request.columns,
                doubted=doubted,
                others=others,
                progress=progress,
            )
        return
    with open_database(request.source, create=False) as database:
        if request.references is None:
            others += _reference_checks(database)
        total = sum(database.counts().records.values())
        with check_progress(total, quiet=request.quiet) as progress:
            yield check_database(
                database,
                request.wanted,
                summary,
                update=request.update,
                doubted=doubted,
                others=others,
                progress=progress,
            )


def _reference_checks(database: Database) -> list[Check]:
    """The comparison with the reference sets of a database, if it has any."""
    check = reference_check(database)
    return [] if check is None else [check]


def _doubted(request: Request) -> Sequence[DoubtedPaper]:
    try:
        return papers_with(request.retractions)
    except RetractionsError as error:
        raise SettingsError(f"retractions: {error}") from error
