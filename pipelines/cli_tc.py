"""The command line of the formulas of Tc: ``tc``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from typing import Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error

MU_STARS = [0.10, 0.13, 0.16]

_FREQUENCY = "K is meant without a unit; 97meV, 782cm-1 and 23.4THz are understood."


def register(app: typer.Typer) -> None:
    """Add the command of this module to the command line ``app``."""
    app.command(no_args_is_help=True)(tc)


def tc(
    coupling: Annotated[
        float | None, typer.Option("--lambda", min=0.0, metavar="λ", help="The coupling λ.")
    ] = None,
    omega_log: Annotated[
        str | None,
        typer.Option(metavar="VALUE", help=f"The logarithmic mean frequency. {_FREQUENCY}"),
    ] = None,
    omega2: Annotated[
        str | None,
        typer.Option(
            metavar="VALUE", help="The root mean square frequency ω2, which shape factors need."
        ),
    ] = None,
    theta_d: Annotated[
        str | None,
        typer.Option(metavar="VALUE", help="The Debye temperature, for McMillan's formula."),
    ] = None,
    mu_star: Annotated[
        list[float] | None,
        typer.Option(
            min=0.0,
            max=1.0,
            metavar="μ*",
            help="The Coulomb pseudopotential; may be given several times. Default: "
            + ", ".join(f"{m:.2f}" for m in MU_STARS)
            + ".",
        ),
    ] = None,
    stated_tc: Annotated[
        float | None,
        typer.Option(
            "--tc",
            min=0.0,
            metavar="K",
            help="A Tc. What is not given of λ and ω_log (or Θ_D) is then calculated from it; if "
            "both are given, the Tc is compared, and the μ* that it needs is calculated.",
        ),
    ] = None,
    formula: Annotated[
        str, typer.Option(metavar="NAME|all", help="One formula only; the table names them.")
    ] = "all",
    guess_unit: Annotated[
        bool,
        typer.Option(
            "--guess-unit",
            help="Say which unit of a bare --omega-log (or --theta-d) agrees with --tc and "
            "--lambda.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Calculate Tc from λ, ω_log and μ* by the formulas in use, or λ, ω_log or μ* from a Tc.

    Prints one line a formula, with what speaks against using it there. docs/physics.md explains
    the formulas and their ranges.

    Exit code 1 if no formula gives a value.

    \b
    Examples:
    scmine tc --lambda 2.07 --omega-log 1125.1 --mu-star 0.10
    scmine tc --lambda 0.82 --theta-d 277 --mu-star 0.13 --formula mcmillan
    scmine tc --tc 203 --omega-log 115meV
    scmine tc --tc 39 --lambda 0.87 --omega-log 62meV
    scmine tc --tc 166 --lambda 2.07 --omega-log 97 --guess-unit
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.tc import Question, QuestionError, print_answer

        try:
            question = Question.read(
                coupling=coupling,
                omega_log=omega_log,
                omega2=omega2,
                theta_d=theta_d,
                mu_stars=mu_star or MU_STARS,
                tc_K=stated_tc,
                formula_name=formula,
            )
            answered = print_answer(question, guess_unit=guess_unit, as_json=as_json)
        except QuestionError as error:
            usage_error(str(error))
        if not answered:
            raise typer.Exit(1)
