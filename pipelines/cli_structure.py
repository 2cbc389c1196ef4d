"""The command line of crystal structures: ``structure``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error

if TYPE_CHECKING:
    from scmine.pipelines.structure import OutputFormat
    from scmine.validator.structures.hosts import Hosts


class StructureFormat(StrEnum):
    """The forms of a structure; what they hold is said in ``scmine.pipelines.structure``."""

    SUMMARY = "summary"
    CIF = "cif"
    POSCAR = "poscar"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command of this module to the command line ``app``."""
    app.command(no_args_is_help=True)(structure)


def _number(help_text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar="NUMBER", help=help_text)
    return option


def structure(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="A CIF or POSCAR to check."
        ),
    ] = None,
    formula: Annotated[
        str | None, typer.Option(metavar="FORMULA", help="The formula: LaH10, La1.85Sr0.15CuO4.")
    ] = None,
    space_group: Annotated[
        str | None,
        typer.Option(
            metavar="SYMBOL", help="Symbol in any spelling (Fm-3m, Fm3m, P4/nmm:2) or number."
        ),
    ] = None,
    a: Annotated[
        str | None, _number("Edge a: 5.10, '5.102(3)', '0.51 nm'. Default unit: Å.")
    ] = None,
    b: Annotated[str | None, _number("Edge b.")] = None,
    c: Annotated[str | None, _number("Edge c.")] = None,
    alpha: Annotated[str | None, _number("Angle α in degrees.")] = None,
    beta: Annotated[str | None, _number("Angle β in degrees.")] = None,
    gamma: Annotated[str | None, _number("Angle γ in degrees.")] = None,
    pressure: Annotated[
        str | None, _number("Pressure: 150, '1500 kbar'. Default unit: GPa.")
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SITE",
            help="One site: 'H 32f 0.12 0.12 0.12', 'As1 0 0 0.3545(2)', 'K 2a occ 0.8'; "
            "once for each.",
        ),
    ] = None,
    sites: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="A file with one site a line."
        ),
    ] = None,
    prototype: Annotated[
        str | None, typer.Option(metavar="NAME", help="The structure type: ThCr2Si2, A15.")
    ] = None,
    crystal_system: Annotated[
        str | None, typer.Option(metavar="SYSTEM", help="The crystal system: tetragonal.")
    ] = None,
    volume: Annotated[str | None, _number("Volume of the cell in Å³.")] = None,
    density: Annotated[str | None, _number("Density in g/cm³.")] = None,
    z: Annotated[str | None, _number("Formula units in the cell.")] = None,
    hosts: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            exists=True,
            help="Known structures (CIFs) that a doped one may have.",
        ),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Many statements: CSV or JSON lines with the record's columns; -o is a folder.",
        ),
    ] = None,
    format: Annotated[
        StructureFormat | None,
        typer.Option(
            "--format",
            "-f",
            metavar="summary|cif|poscar|json",
            help="What to put out. Default: what OUT ends with, a summary without OUT.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to write (.cif, .vasp, .json), of --input the folder.",
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Rebuild a crystal structure from what is stated of it, or check one in a file.

    Says which way led to the atoms, what was repaired or estimated, what speaks against them, the
    symmetry that they have and the shortest distances. A structure is only handed out if nothing
    that is stated contradicts it.

    \b
    Examples:
      scmine structure --formula LaH10 --space-group Fm-3m --a 5.10 --pressure 150
      scmine structure --formula LaH10 --space-group Fm-3m --a 5.10 --site "La 4b 1/2 1/2 1/2" \\
        --site "H 32f 0.12 0.12 0.12" --site "H 8c 1/4 1/4 1/4" -o LaH10.cif
      scmine structure --formula BaFe2As2 --prototype ThCr2Si2 --a 3.9625 --c 13.0168 -f poscar
      scmine structure paper.cif --formula MgB2 --space-group P6/mmm
      scmine structure --input records.csv -o structures/

    \b
    Exit codes: 0 the structure is consistent or repaired (--input: every line was read);
    1 underdetermined, contradictory, or a line could not be read; 2 wrong usage.
    """
    given = {
        "formula": formula, "space_group": space_group, "a_A": a, "b_A": b, "c_A": c,
        "alpha_deg": alpha, "beta_deg": beta, "gamma_deg": gamma, "pressure_GPa": pressure,
        "wyckoff": site, "prototype": prototype, "crystal_structure": crystal_system,
        "volume_A3": volume, "density_g_cm3": density, "formula_units": z,
    }  # fmt: skip
    with clear_errors(debug=debug):
        from scmine.pipelines.structure import OutputFormat, run_structure, stated_values
        from scmine.pipelines.structure_input import StatementError, read_given
        from scmine.validator.structures.hosts import read_hosts
        from scmine.validator.structures.output import OutputError

        stated = stated_values(given)
        form = None if format is None else OutputFormat(format.value)
        known = None if hosts is None else read_hosts(hosts)
        try:
            if batch is not None:
                done = _run_batch(batch, output, form, known, stated, file, sites)
            else:
                done = run_structure(read_given(stated, file, sites), form, output, hosts=known)
        except (StatementError, OutputError) as error:
            usage_error(str(error))
        if not done:
            raise typer.Exit(EXIT_FAILED)


def _run_batch(
    batch: Path,
    output: Path | None,
    form: OutputFormat | None,
    hosts: Hosts | None,
    stated: dict[str, object],
    *files: Path | None,
) -> bool:
    """Run ``--input``; whether every line was read."""
    from scmine.pipelines.structure import OutputFormat
    from scmine.pipelines.structure_batch import run_batch

    if stated or any(files):
        usage_error("--input has all statements in its file; leave the other options out")
    if output is None:
        usage_error("--input needs a folder to write into: -o FOLDER")
    if form is OutputFormat.SUMMARY:
        usage_error("--input writes cif, poscar or json")
    return run_batch(batch, output, form or OutputFormat.CIF, hosts=hosts)
