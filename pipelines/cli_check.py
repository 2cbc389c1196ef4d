"""The command line of the validator's rules: ``check``.

As in ``cli``, nothing is done here, and nothing is imported before the command is called.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import QuietEnd


class SeverityName(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class CheckFormat(StrEnum):
    """How findings are given out."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


DEFAULT_LIMIT = 200


def register(app: typer.Typer) -> None:
    """Add the command of this module to the command line ``app``."""
    app.command()(check)


def check(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|DB",
            help="A CSV, JSON lines or Parquet file, or a database of scmine. "
            "Default: the database of the settings, scmine.db.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns",
            metavar="OURS=THEIRS",
            help="Read the file's column THEIRS into our column OURS; may be given several times.",
        ),
    ] = None,
    severity: Annotated[
        SeverityName,
        typer.Option(metavar="error|warning|note", help="Show findings of this weight and above."),
    ] = SeverityName.WARNING,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE", help="Show findings of this rule only; may be given several times."
        ),
    ] = None,
    format: Annotated[
        CheckFormat | None,
        typer.Option(
            "--format",
            "-f",
            metavar="table|csv|jsonl",
            help="How findings are given out. Default: what OUT ends with, else a table.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to write findings to. Default: standard output.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="At most N findings in the table; 0: all."),
    ] = DEFAULT_LIMIT,
    retractions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A list of retracted papers besides the packaged one (docs/validator.md).",
        ),
    ] = None,
    references: Annotated[
        str | None,
        typer.Option(
            metavar="DB",
            help="Compare also with the reference sets of this database. "
            "Default: those of the database that is checked.",
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Write errors and warnings into the flags of the database's records."
        ),
    ] = False,
    explain: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE", help="Print what this rule tests, why, and its source; check nothing."
        ),
    ] = None,
    list_rules: Annotated[
        bool, typer.Option("--rules", help="Print all rules so; check nothing.")
    ] = False,
    quiet: QuietEnd = False,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A settings file. Default: scmine.toml in this folder, if there is one.",
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Hold records against what is plausible, and say what speaks against them.

    Takes records of scmine and tables of others: columns are recognised by their names and units,
    those that are not are said. Rules know ranges, the highest Tc of each class of
    superconductors, slipped units, words that contradict values, valences, isotopes, formulas of
    Tc, and retracted papers; each has a reason and a source. Nothing is dropped or changed; only
    --update writes, and only flags.

    \b
    Examples:
      scmine check
      scmine check sc.db --severity note --rule above_class_record
      scmine check supercon.csv
      scmine check mine.csv --columns raw_material=Probe --columns "tc_K=T_onset (K)"
      scmine check records.jsonl -o findings.csv
      scmine check sc.db --update
      scmine check --explain above_class_record
      scmine check --rules

    \b
    Exit codes: 0 done, whatever was found; 1 some of the input could not be read; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.validator.plausibility.rules import rules

        for name in (*(rule or ()), *(explain or ())):
            if name not in rules():
                usage_error(f"there is no rule {name!r}; scmine check --rules lists them")
        if explain or list_rules:
            from scmine.pipelines.check_report import print_rules

            print_rules(explain or ())
            return
        from scmine.pipelines.check import Wanted
        from scmine.pipelines.check_command import Request, run_check
        from scmine.pipelines.record_columns import ColumnsError
        from scmine.pipelines.record_files import UnreadableFileError
        from scmine.pipelines.settings import load_settings
        from scmine.validator.finding import Severity

        settings = load_settings(config, retractions=retractions)
        request = Request(
            source=settings.db if source is None else source,
            wanted=Wanted(Severity(severity.value), frozenset(rule) if rule else None),
            columns=_pairs(columns or ()),
            format=None if format is None else format.value,
            output=output,
            limit=limit or None,
            retractions=settings.retractions,
            references=references,
            update=update,
            quiet=quiet,
        )
        try:
            summary = run_check(request)
        except UnreadableFileError as error:
            print(f"scmine: {error}", file=sys.stderr)
            raise typer.Exit(EXIT_FAILED) from None
        except ColumnsError as error:
            usage_error(str(error))
        raise typer.Exit(summary.exit_code)


def _pairs(columns: Sequence[str]) -> dict[str, str]:
    """What ``--columns OURS=THEIRS`` says, each time that it is given."""
    pairs = {}
    for pair in columns:
        ours, equals, theirs = pair.partition("=")
        if not equals or not ours.strip() or not theirs:
            usage_error(f"--columns {pair}: write OURS=THEIRS, such as tc_K=T_onset")
        pairs[ours.strip()] = theirs
    return pairs
