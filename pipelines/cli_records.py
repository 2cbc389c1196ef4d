"""The command line of what a database holds: ``show``, ``export``, ``info``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines import cli_references
from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_filters import (
    Contains,
    Doc,
    LambdaMax,
    LambdaMin,
    MaterialClass,
    Source,
    SpaceGroup,
    Status,
    System,
    Text,
    Without,
    WithStructure,
    YearMax,
    YearMin,
    filter_of,
)
from scmine.pipelines.cli_options import Config, Db, open_named


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    SUPERCON2 = "supercon2"
    CIF = "cif"
    POSCAR = "poscar"
    HUGGINGFACE = "huggingface"
    DATASETTE = "datasette"


class OriginName(StrEnum):
    """Whose result a value is."""

    THIS_WORK = "this_work"
    CITED = "cited"


class EvidenceName(StrEnum):
    """Whether a value was measured or calculated."""

    MEASURED = "measured"
    CALCULATED = "calculated"
    UNKNOWN = "unknown"


Material = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Only materials whose name or formula contains TEXT."),
]
TcMin = Annotated[
    float | None,
    typer.Option(
        metavar="K", help="Only Tc of K kelvin or more; records without a stated Tc are left out."
    ),
]
TcMax = Annotated[
    float | None,
    typer.Option(
        metavar="K", help="Only Tc of K kelvin or less; records without a stated Tc are left out."
    ),
]
PressureMin = Annotated[
    float | None,
    typer.Option(
        metavar="GPA",
        help="Only pressures of GPA GPa or more; records without a stated pressure are left out.",
    ),
]
PressureMax = Annotated[
    float | None,
    typer.Option(
        metavar="GPA",
        help="Only pressures of GPA GPa or less; records without a stated pressure are left out.",
    ),
]
Evidence = Annotated[
    EvidenceName | None,
    typer.Option(
        metavar="measured|calculated|unknown",
        help="Only values that were measured, that were calculated, or of which neither is known.",
    ),
]
Origin = Annotated[
    OriginName | None,
    typer.Option(
        metavar="this_work|cited",
        help="Only results of the paper itself, or only those that it cites.",
    ),
]
Flag = Annotated[
    str | None,
    typer.Option(
        metavar="FLAG",
        help="Only records with this flag, such as contradicted (see docs/statuses.md).",
    ),
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="At most N records.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.command()(show)
    app.command()(export)
    app.command()(info)


def show(
    db: Db = None,
    material: Material = None,
    tc_min: TcMin = None,
    tc_max: TcMax = None,
    pressure_min: PressureMin = None,
    pressure_max: PressureMax = None,
    evidence: Evidence = None,
    origin: Origin = None,
    flag: Flag = None,
    text: Text = None,
    contains: Contains = None,
    without: Without = None,
    system: System = None,
    lambda_min: LambdaMin = None,
    lambda_max: LambdaMax = None,
    year_min: YearMin = None,
    year_max: YearMax = None,
    material_class: MaterialClass = None,
    space_group: SpaceGroup = None,
    source: Source = None,
    status: Status = None,
    doc: Doc = None,
    with_structure: WithStructure = None,
    limit: Limit = None,
    llm: Annotated[
        bool,
        typer.Option(
            "--llm", help="Say also what a language model was asked about the records' papers."
        ),
    ] = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show records as a table, the highest Tc first.

    Obsolete and removed records are left out unless --status or --doc asks for them.

    \b
    Examples:
      scmine show
      scmine show --material MgB2
      scmine show --tc-min 77 --pressure-max 1 --evidence measured --origin this_work
      scmine show --flag contradicted
      scmine show --contains La,H --without O --tc-min 200
      scmine show --system H-La --year-min 2019
      scmine show --text '"critical field" MgB2 -film'
      scmine show --source llm --llm
      scmine show --status obsolete
    """
    asked = locals()
    with clear_errors(debug=debug):
        from scmine.pipelines.show import print_records

        wanted = filter_of(asked, order="tc")
        with open_named(db, config) as database:
            print_records(database, wanted, asked=llm)


def export(
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            metavar="csv|jsonl|parquet|supercon2|cif|poscar|huggingface|datasette",
            help="The format; supercon2 is SuperCon²'s CSV, cif and poscar write the crystal "
            "structures of the records to a folder, huggingface a data set, datasette a file for "
            "Datasette (docs/exchange.md). "
            "Default: what OUT ends with, csv on standard output.",
        ),
    ] = None,
    db: Db = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to write, or the folder for structures. Default: standard output.",
        ),
    ] = None,
    material: Material = None,
    tc_min: TcMin = None,
    tc_max: TcMax = None,
    pressure_min: PressureMin = None,
    pressure_max: PressureMax = None,
    evidence: Evidence = None,
    origin: Origin = None,
    flag: Flag = None,
    text: Text = None,
    contains: Contains = None,
    without: Without = None,
    system: System = None,
    lambda_min: LambdaMin = None,
    lambda_max: LambdaMax = None,
    year_min: YearMin = None,
    year_max: YearMax = None,
    material_class: MaterialClass = None,
    space_group: SpaceGroup = None,
    source: Source = None,
    status: Status = None,
    doc: Doc = None,
    with_structure: WithStructure = None,
    limit: Limit = None,
    with_references: Annotated[
        bool,
        typer.Option(
            "--with-references",
            help="Add columns that compare each record with the reference sets of the database "
            "(docs/references.md).",
        ),
    ] = False,
    license: Annotated[
        str | None,
        typer.Option(
            "--license",
            metavar="NAME",
            help="The licence that huggingface and datasette name, such as cc-by-4.0.",
        ),
    ] = None,
    split: Annotated[
        bool,
        typer.Option(
            "--split", help="Split a huggingface data set by paper: train, validation and test."
        ),
    ] = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Write records to a file or to standard output, or their crystal structures to a folder.

    \b
    Examples:
      scmine export > records.csv
      scmine export -o records.jsonl
      scmine export --format jsonl --material LaH10 | head
      scmine export -o records.parquet --tc-min 20
      scmine export --format supercon2 -o supercon2.csv
      scmine export -o compared.csv --with-references
      scmine export --format cif -o structures/ --material LaH10
      scmine export --format huggingface -o dataset/ --license cc-by-4.0 --split
      scmine export --format datasette -o sc.db
      scmine export -o hydrides.csv --class hydride --contains H --lambda-min 1
    """
    asked = locals()
    with clear_errors(debug=debug):
        from scmine.database.export import export_records
        from scmine.pipelines.export_copies import export_copy
        from scmine.pipelines.export_structures import export_structures

        name = _export_format(format, output)
        wanted = filter_of(asked, order="document")
        with open_named(db, config) as database:
            more = cli_references.export_columns(database) if with_references else None
            try:
                if format in (Format.HUGGINGFACE, Format.DATASETTE):
                    records = database.records(wanted)
                    print(
                        export_copy(
                            records, format.value, output, wanted, license=license, split=split
                        )
                    )
                elif license is not None or split:
                    usage_error("--license and --split are for huggingface and datasette")
                elif format in (Format.CIF, Format.POSCAR):
                    print(export_structures(database.structures(wanted), format.value, output))
                else:
                    export_records(database.records(wanted), name, output, more)
            except ValueError as error:
                usage_error(str(error))
            except BrokenPipeError:
                raise
            except OSError as error:
                if output is None or error.errno is None:
                    raise
                # It names the hidden file that is written first, not the one that the user did.
                raise OSError(f"{output}: cannot be written: {error.strerror}") from error


def info(
    db: Db = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="List all files that are not done, not only the first 20."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, which lists all of them.")
    ] = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show versions, what the database holds, and which files are not done and why.

    \b
    Examples:
      scmine info
      scmine info --all
      scmine info --db sc.db --json
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.info import print_info
        from scmine.pipelines.settings import load_settings

        print_info(
            load_settings(config, db=db).db,
            as_json=as_json,
            named=db is not None,
            all_problems=every,
        )


def _export_format(format: Format | None, output: Path | None) -> str | None:
    """The format to write; None leaves it to the name of ``output``, warned of if it misleads."""
    from scmine.database.export import SUFFIXES

    if format is None:
        return None if output is not None else Format.CSV.value
    expected = SUFFIXES.get(output.suffix.lower()) if output is not None else None
    content = Format.CSV if format is Format.SUPERCON2 else format
    if expected not in (None, content.value):
        print(
            f"scmine: warning: {output} is written as {format.value}, its name says {expected}",
            file=sys.stderr,
        )
    return format.value
