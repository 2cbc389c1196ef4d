"""The command line of material strings: ``formula``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from typing import Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors


def register(app: typer.Typer) -> None:
    """Add the command of this module to the command line ``app``."""
    app.command(no_args_is_help=True)(formula)


def formula(
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT",
            help="Formulas, names or whole material strings; - reads them from stdin, one a line.",
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each text, nothing else.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Show what is read from a formula, a name or a material string.

    Prints the formula, its normal form (by which two spellings of one material compare equal),
    the composition, the class and the rule that decided it, and what the text says about doping,
    variables, phase, shape, substrate and fabrication. What is left open is flagged.

    Exit code 1 if nothing is understood of one of the texts.

    Examples: scmine formula "La2-xSrxCuO4 (x = 0.15)" YBCO;
    scmine formula "10 nm FeSe film on SrTiO3" --json
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.formulas import print_formulas

        if not print_formulas(texts, as_json=as_json):
            raise typer.Exit(EXIT_FAILED)
