"""The command line of corrections: ``scmine corrections``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import Config, Db, open_named


class ToName(StrEnum):
    """What corrections are written for; see ``scmine.corpora.corrections.exporting``."""

    JSONL = "jsonl"
    LABEL_STUDIO = "label-studio"
    INCEPTION = "inception"
    CORPUS = "corpus"


class ErrorName(StrEnum):
    """Where an extraction went wrong; see ``scmine.database.revision``."""

    FROM_TABLE = "from_table"
    EXTRACTION = "extraction"
    LINKING = "linking"
    TC_CLASSIFICATION = "tc_classification"
    COMPOSITION_RESOLUTION = "composition_resolution"
    VALUE_RESOLUTION = "value_resolution"
    ANOMALY = "anomaly"
    AMENDMENT = "amendment"


_DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(corrections)


def corrections(
    db: Db = None,
    to: Annotated[
        ToName | None,
        typer.Option(
            "--to",
            metavar="jsonl|label-studio|inception|corpus",
            help="Write the examples: JSON lines, tasks of Label Studio, UIMA CAS for INCEpTION, "
            "or SuperMat's TEI. Without it they are listed.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to write; for label-studio and corpus a folder. Default for jsonl: "
            "standard output.",
        ),
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only records that NAME changed last.")
    ] = None,
    error_type: Annotated[
        ErrorName | None,
        typer.Option(metavar="TYPE", help="Only records with this error type, such as linking."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, metavar="DAY", help="Only changes from DAY (2026-01-31) on."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar="DAY", help="Only changes up to DAY.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="List as JSON: sums, and every judged record.")
    ] = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """List or export what curators corrected, as training examples.

    Each judged record is listed with whether it gives an example, and why not if it does not.
    Exit codes: 0 done, 1 the database or the output failed, 2 usage.

    Example: scmine corrections --db scmine.db --error-type linking

    Example: scmine corrections --to label-studio -o tasks
    """
    if to is not None and as_json:
        usage_error("--json lists; leave it out, or leave out --to")
    if to is None and output is not None:
        usage_error("-o wants to know what to write: add --to")
    if to not in (None, ToName.JSONL) and output is None:
        usage_error(f"--to {to} needs -o OUT")
    with clear_errors(debug=debug):
        from scmine.corpora.corrections.choosing import wanted_of
        from scmine.corpora.corrections.exporting import ExportFormat
        from scmine.database.revision import ErrorType
        from scmine.pipelines.corrections import export_corrections, list_corrections

        wanted = wanted_of(
            user,
            None if error_type is None else ErrorType(error_type.value),
            None if since is None else since.date(),
            None if until is None else until.date(),
        )
        with open_named(db, config) as database:
            if to is None:
                list_corrections(database, wanted, as_json=as_json)
                return
            try:
                export_corrections(database, wanted, ExportFormat(to.value), output)
            except ModuleNotFoundError as error:
                if error.name != "cassis":
                    raise
                usage_error("no cassis here: this needs pip install 'scmine[exchange]'")
