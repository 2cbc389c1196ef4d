"""The command line of reference sets: ``references add``, ``list``, ``remove``, ``show``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error
from scmine.pipelines.cli_options import AsJson, Config, Db, Quiet, open_named

if TYPE_CHECKING:
    from scmine.database.export import MoreColumns
    from scmine.database.store import Database

references_app = typer.Typer(
    help="Reference sets of superconductors, which records are compared with (docs/references.md).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.add_typer(references_app, name="references")


@references_app.command(no_args_is_help=True)
def add(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            readable=False,
            help="A file of a reference set, as downloaded: a table or JSON, packed or not.",
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="The kind of set, such as supercon-mdr, 3dsc, jarvis-epc (docs/references.md has "
            "all). Default: recognised by the columns.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The set's name. Default: its kind.")
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Add a reference set that you have downloaded to the database.

    Says how many entries it gave, and which lines gave none and why. A file that is there already
    is not added again.

    \b
    Examples:
      scmine references add Supercon_data.csv
      scmine references add 20240322_MDR_OAndM.txt --name supercon
      scmine references add mine.csv --kind scmine --name our-measurements

    \b
    Exit codes: 0 added, or there already; 1 the file or the database cannot be read; 2 wrong usage.
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.references import add_file, print_added, shown_progress
        from scmine.validator.references.loaders.kinds import kind_named

        if kind is not None:
            try:
                kind_named(kind)
            except ValueError as error:
                usage_error(str(error))
        with open_named(db, config, create=True) as database:
            with shown_progress(quiet=quiet or as_json) as progress:
                added = add_file(database, file, kind=kind, name=name, progress=progress)
            print_added(added, database.where, as_json=as_json)


@references_app.command(name="list")
def list_sets(
    db: Db = None, as_json: AsJson = False, config: Config = None, debug: Debug = False
) -> None:
    """List the reference sets of the database."""
    with clear_errors(debug=debug):
        from scmine.pipelines.references import print_sets

        with open_named(db, config) as database:
            print_sets(database, as_json=as_json)


@references_app.command(no_args_is_help=True)
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The set's name.")],
    db: Db = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Remove a reference set from the database; records stay as they are."""
    with clear_errors(debug=debug), open_named(db, config) as database:
        number = database.remove_reference_set(name)
        print(f"{name}: {number} entries removed from {database.where}")


@references_app.command(no_args_is_help=True)
def show(
    formula: Annotated[
        str, typer.Argument(metavar="FORMULA", help="A formula or a nickname, in any spelling.")
    ],
    db: Db = None,
    as_json: AsJson = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show what the reference sets have on a material, and on other dopings of it.

    If they have neither: other materials of its elements. The nearest compositions come first.
    Exit code 1 if they have none of these.

    \b
    Examples:
      scmine references show MgB2
      scmine references show LSCO
      scmine references show "Ba(Fe0.92Co0.08)2As2" --json
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.references import print_formula

        with open_named(db, config) as database:
            try:
                found = print_formula(database, formula, as_json=as_json)
            except ValueError as error:
                usage_error(str(error))
        if not found:
            raise typer.Exit(EXIT_FAILED)


def export_columns(database: Database) -> MoreColumns:
    """What ``export --with-references`` adds; a usage error if the database has no sets."""
    from scmine.pipelines.references import export_columns as columns

    if not database.reference_sets():
        usage_error(f"{database.where} has no reference set: scmine references add FILE adds one")
    return columns(database)
