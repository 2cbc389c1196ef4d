"""The command line of curation: ``history``, ``proposals``, ``curate``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import AsJson, Config, Db, open_named


class StatusName(StrEnum):
    """The verdicts that a person may give."""

    CURATED = "curated"
    VALIDATED = "validated"
    INVALID = "invalid"
    OBSOLETE = "obsolete"
    REMOVED = "removed"


class ErrorName(StrEnum):
    """Where an extraction went wrong."""

    FROM_TABLE = "from_table"
    EXTRACTION = "extraction"
    LINKING = "linking"
    TC_CLASSIFICATION = "tc_classification"
    COMPOSITION_RESOLUTION = "composition_resolution"
    VALUE_RESOLUTION = "value_resolution"
    ANOMALY = "anomaly"
    AMENDMENT = "amendment"


class StateName(StrEnum):
    """What became of a proposal, or all of them."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    REPLACED = "replaced"
    ALL = "all"


RecordId = Annotated[
    str,
    typer.Argument(
        metavar="RECORD_ID", help="The record, by its id or a start of it that no other has."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.command(no_args_is_help=True)(history)
    app.command()(proposals)
    app.command(no_args_is_help=True)(curate)


def history(
    record_id: RecordId,
    db: Db = None,
    as_json: AsJson = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show how a record was extracted and what was changed in it since: by whom, when and why.

    \b
    Examples:
      scmine history 3f9a1c
      scmine history 3f9a1c --db sc.db --json

    \b
    Exit codes: 0 shown; 1 there is no such record, or the database cannot be read; 2 wrong usage,
    or an id that several records start with.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.curate import UnclearId, curation_of, full_id
        from scmine.pipelines.curate_report import print_history

        with open_named(db, config) as database:
            curation = curation_of(database)
            try:
                name = full_id(curation, record_id)
            except UnclearId as error:
                usage_error(str(error))
            print_history(curation.history(name), as_json=as_json)


def proposals(
    db: Db = None,
    state: Annotated[
        StateName,
        typer.Option(
            metavar="open|accepted|dismissed|replaced|all",
            help="Only proposals of which this became; replaced are those that a later reading "
            "took back.",
        ),
    ] = StateName.OPEN,
    accept: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="Put proposal N in force; may be given several times."),
    ] = None,
    dismiss: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="Turn proposal N down; may be given several times."),
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """List what later readings propose for records that persons have changed or judged.

    A paper that is read again never overwrites such records. Where the new reading says something
    new, it is listed here, to be accepted or dismissed.

    \b
    Examples:
      scmine proposals
      scmine proposals --accept 3 --accept 5 --dismiss 4
      scmine proposals --state all --json

    \b
    Exit codes: 0 done; 1 a proposal is not there or was decided before, or the database cannot be
    read; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.curate import curation_of
        from scmine.pipelines.curate_report import print_proposals, print_revision
        from scmine.pipelines.person import login_name

        if both := set(accept or ()) & set(dismiss or ()):
            usage_error(f"proposal {min(both)} cannot be accepted and dismissed")
        with open_named(db, config) as database:
            curation = curation_of(database)
            for number in accept or ():
                print_revision(curation.accept(number, who=login_name()), as_json=as_json)
            for number in dismiss or ():
                curation.dismiss(number, who=login_name())
            if not accept and not dismiss:
                print_proposals(database, curation, state.value, as_json=as_json)


def curate(
    record_id: RecordId,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="COLUMN=VALUE",
            help="Change a column (docs/records.md lists them); may be given several times. "
            "Nothing behind the sign makes it unknown; lists and maps are JSON.",
        ),
    ] = None,
    status: Annotated[
        StatusName | None,
        typer.Option(
            metavar="curated|validated|invalid|obsolete|removed",
            help="Where the record stands from now on. Default: curated, if a value was changed.",
        ),
    ] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, for the history.")] = "",
    error_type: Annotated[
        ErrorName | None,
        typer.Option(
            "--error-type",
            metavar="TYPE",
            help="Where the extraction went wrong: from_table, extraction, linking, "
            "tc_classification, composition_resolution, value_resolution, anomaly or amendment.",
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False,
    redo: Annotated[
        bool, typer.Option("--redo", help="Put the change that was undone in force again.")
    ] = False,
    revision: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Only if revision N is in force, so that nobody else's change goes unnoticed.",
        ),
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Change a record, or give a verdict on it. Each change is kept and can be undone.

    \b
    Examples:
      scmine curate 3f9a1c --set tc_K=39 --why "39 K is of MgB2" --error-type linking
      scmine curate 3f9a1c --set formula=MgB2 --set "pressure_GPa="
      scmine curate 3f9a1c --status validated
      scmine curate 3f9a1c --undo

    \b
    Exit codes: 0 done; 1 there is no such record, nothing would change, a step between statuses is
    not allowed, or another revision is in force; 2 wrong usage, or a value that a record cannot
    hold.
    """
    with clear_errors(debug=debug):
        from scmine.database.editing import ChangeError
        from scmine.pipelines.curate import UnclearId, Wish, carry_out, curation_of, full_id
        from scmine.pipelines.curate_report import print_revision, remark

        wish = Wish(
            values=values or [],
            status=None if status is None else status.value,
            why=why,
            error_type=None if error_type is None else error_type.value,
            undo=undo,
            redo=redo,
            expected=revision,
        )
        if problem := wish.problem():
            usage_error(problem)
        with open_named(db, config) as database:
            curation = curation_of(database)
            try:
                made = carry_out(curation, full_id(curation, record_id), wish)
            except (ChangeError, UnclearId) as error:
                usage_error(str(error))
            print_revision(made, as_json=as_json)
            if said := remark(made):
                print(f"scmine: {said}", file=sys.stderr)
