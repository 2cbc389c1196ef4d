"""The import as a command: joined with the readers of formulas and of SuperCon², and shown.

What an import does lives in ``scmine.database.importing``, what is told in ``import_report``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scmine.database.import_files import ImportFormat
from scmine.database.importing import Event, Importer, ImportSummary
from scmine.database.store import Database
from scmine.pipelines.curate import composition_of
from scmine.pipelines.import_report import FirstRows, open_report
from scmine.pipelines.import_supercon2 import read_supercon2
from scmine.pipelines.person import login_name
from scmine.pipelines.references import shown_progress


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported: the files, their format (None: told from each), and how."""

    files: Sequence[Path]
    format: str | None = None
    dry_run: bool = False
    report: Path | None = None
    quiet: bool = False


def run_import(database: Database, request: Request) -> tuple[ImportSummary, FirstRows]:
    """Import files, with a progress bar; return what was done and the first rows to be shown.

    Raises
    ------
    ReportNameError
        The report's name tells no format.
    DatabaseError, OSError
        A file or the database cannot be read or written.
    """
    first = FirstRows()
    with open_report(request.report) as write, shown_progress(quiet=request.quiet) as progress:

        def tell(event: Event) -> None:
            first(event)
            write(event)

        importer = Importer(
            database,
            who=login_name(),
            compose=composition_of,
            read_supercon2=read_supercon2,
            dry_run=request.dry_run,
            tell=tell,
            progress=progress,
        )
        format = None if request.format is None else ImportFormat(request.format)
        return importer.run(request.files, format), first
