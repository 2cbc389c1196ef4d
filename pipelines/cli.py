"""The command line: what each command takes, and how errors reach the user.

Nothing is done here: commands import what they need when they are called, so that ``--help`` does
not wait for libraries that it has no use for. Commands on texts and annotated corpora live in
``cli_corpora``. ``docs/cli.md`` is written from these files.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scmine.pipelines import (
    cli_check,
    cli_corpora,
    cli_formula,
    cli_references,
    cli_structure,
    cli_tc,
    cli_train,
)
from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error

if TYPE_CHECKING:
    from scmine.database.filters import RecordFilter
    from scmine.database.store import Database

app = typer.Typer(
    name="scmine",
    help="Mines papers on superconductors into a database of claims with provenance.",
    epilog="Start with: scmine ingest papers/ && scmine show",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich would more than double the time it takes
    pretty_exceptions_enable=False,
)


class ReaderName(StrEnum):
    """The readers by name; what they are is said in ``scmine.pipelines.settings``."""

    AUTO = "auto"
    PDF = "pdf"
    GROBID = "grobid"


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    SUPERCON2 = "supercon2"
    CIF = "cif"
    POSCAR = "poscar"


class OriginName(StrEnum):
    """Whose result a value is."""

    THIS_WORK = "this_work"
    CITED = "cited"


class EvidenceName(StrEnum):
    """Whether a value was measured or calculated."""

    MEASURED = "measured"
    CALCULATED = "calculated"
    UNKNOWN = "unknown"


Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="DB",
        help="A SQLite file or a SQLAlchemy URL (postgresql://…). Default: scmine.db.",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="A settings file. Default: scmine.toml in this folder, if there is one.",
    ),
]
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


@app.callback(invoke_without_command=True)
def start(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    """Mines papers on superconductors into a database of claims with provenance."""
    if show_version:
        from importlib.metadata import version

        print(f"scmine {version('scmine')}")
        raise typer.Exit


@app.command(no_args_is_help=True)
def ingest(
    paths: Annotated[
        list[Path],
        # What cannot be read is one file's end and not the run's: no check beforehand.
        typer.Argument(
            metavar="PATH",
            readable=False,
            help="Papers (PDF, LaTeX and archives of it, arXiv's HTML, TEI, JATS, Markdown, text) "
            "and folders of them.",
        ),
    ],
    db: Db = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Papers at a time. Default: one for each CPU."),
    ] = None,
    reader: Annotated[
        ReaderName | None,
        typer.Option(
            metavar="auto|pdf|grobid",
            help="What reads PDFs: the built-in reader or a GROBID server; auto takes the server "
            "if one is named and there. Default: auto.",
        ),
    ] = None,
    grobid_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The GROBID server. Default: GROBID_URL, else http://localhost:8070 for "
            "--reader grobid.",
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Time that a paper may take. Default: 120."),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option(metavar="MB", help="Memory that a worker may take. Default: 2048."),
    ] = None,
    ocr: Annotated[
        bool | None,
        typer.Option(
            "--ocr",
            help="Read pages that are images by OCR (extra [ocr] and the program tesseract).",
        ),
    ] = None,
    ocr_language: Annotated[
        str | None,
        typer.Option(metavar="LANG", help="Language that OCR reads: eng, deu+eng. Default: eng."),
    ] = None,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry",
            help="Try again what ended as timeout, crashed, out_of_memory or failed.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Do again also what the database already holds.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Process at most N files.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as one JSON object, nothing else.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress and no summary.")
    ] = False,
    config: Config = None,
    processor: Annotated[str | None, typer.Option(hidden=True)] = None,
    debug: Debug = False,
) -> None:
    """Mine papers for claims and save them in a database.

    Every file ends in a named status. A paper that hangs, crashes or takes too much memory is
    given up and the rest goes on. Ctrl-C, or even a kill, loses nothing that was done: the same
    command goes on where it was.

    \b
    Examples:
      scmine ingest papers/
      scmine ingest papers/ more/mgb2.pdf --db sc.db --workers 8
      scmine ingest papers/ --retry --timeout 600
      scmine ingest scans/ --ocr --ocr-language deu+eng
      scmine ingest papers/ --json > summary.json
      scmine ingest papers/ --reader grobid --grobid-url http://localhost:8070

    \b
    Exit codes: 0 every file ended in a status; 1 a path is missing or the database or the
    workers failed; 2 wrong usage; 130 interrupted.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.report import make_progress, print_summary
        from scmine.pipelines.run import PROCESSOR
        from scmine.pipelines.run import ingest as run_ingest
        from scmine.pipelines.settings import load_settings

        every = load_settings(config).progress_every
        with make_progress(quiet=quiet or as_json, every=every) as progress:
            summary = run_ingest(
                paths,
                db,
                workers=workers,
                timeout_s=timeout,
                memory_MB=memory,
                reader=reader,
                grobid_url=grobid_url,
                ocr=ocr,
                ocr_language=ocr_language,
                retry=retry,
                force=force,
                limit=limit,
                config=config,
                progress=progress,
                processor=processor or PROCESSOR,
                debug=debug,
            )
        if as_json:
            print(json.dumps(summary.to_json(), indent=2, ensure_ascii=False))
        elif not quiet:
            print_summary(summary)
        if quiet or as_json:
            for path in summary.missing:
                print(f"scmine: {path}: cannot be found or listed", file=sys.stderr)
        raise typer.Exit(summary.exit_code)


@app.command()
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
    limit: Limit = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show records as a table, the highest Tc first.

    \b
    Examples:
      scmine show
      scmine show --material MgB2
      scmine show --tc-min 77 --pressure-max 1 --evidence measured --origin this_work
      scmine show --flag contradicted
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.show import print_records

        wanted = _wanted(
            material=material,
            tc_min_K=tc_min,
            tc_max_K=tc_max,
            pressure_min_GPa=pressure_min,
            pressure_max_GPa=pressure_max,
            evidence=evidence,
            origin=origin,
            flag=flag,
            limit=limit,
            order="tc",
        )
        with _open(db, config) as database:
            print_records(database, wanted)


@app.command()
def export(
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            metavar="csv|jsonl|parquet|supercon2|cif|poscar",
            help="The format; supercon2 is SuperCon²'s CSV, cif and poscar write the crystal "
            "structures of the records to a folder. "
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
    limit: Limit = None,
    with_references: Annotated[
        bool,
        typer.Option(
            "--with-references",
            help="Add columns that compare each record with the reference sets of the database "
            "(docs/references.md).",
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
    """
    with clear_errors(debug=debug):
        from scmine.database.export import export_records
        from scmine.pipelines.export_structures import export_structures

        name = _export_format(format, output)
        wanted = _wanted(
            material=material,
            tc_min_K=tc_min,
            tc_max_K=tc_max,
            pressure_min_GPa=pressure_min,
            pressure_max_GPa=pressure_max,
            evidence=evidence,
            origin=origin,
            flag=flag,
            limit=limit,
            order="document",
        )
        with _open(db, config) as database:
            more = cli_references.export_columns(database) if with_references else None
            try:
                if format in (Format.CIF, Format.POSCAR):
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


@app.command()
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


def _open(db: str | None, config: Path | None) -> Database:
    """The database to read from; it has to be there."""
    from scmine.database.store import open_database
    from scmine.pipelines.settings import load_settings

    return open_database(load_settings(config, db=db).db, create=False)


def _wanted(
    *, evidence: EvidenceName | None, origin: OriginName | None, **others: Any
) -> RecordFilter:
    """The filter that the flags ask for."""
    from scmine.database.filters import RecordFilter
    from scmine.database.record import Evidence as RecordEvidence
    from scmine.database.record import Origin as RecordOrigin

    try:
        return RecordFilter(
            evidence=None if evidence is None else RecordEvidence(evidence.value),
            origin=None if origin is None else RecordOrigin(origin.value),
            **others,
        )
    except ValueError as error:
        usage_error(str(error))


cli_check.register(app)
cli_corpora.register(app)
cli_formula.register(app)
cli_tc.register(app)
cli_references.register(app)
cli_structure.register(app)
app.add_typer(cli_train.train_app, name="train")


def main() -> None:
    """Run the command line; the entry point of ``scmine``."""
    app()


if __name__ == "__main__":
    main()
