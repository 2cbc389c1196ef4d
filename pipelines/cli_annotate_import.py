"""The command line of what annotators give back: ``scmine annotate import|agreement|adjudicate``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error

if TYPE_CHECKING:
    from scmine.pipelines.annotate_import import Question


class FormatName(StrEnum):
    """The formats by name; see ``scmine.corpora.annotation.guess_format``."""

    LABEL_STUDIO = "label-studio"
    INCEPTION = "inception"
    BRAT = "brat"
    DOCCANO = "doccano"
    JSONL = "jsonl"


class SchemaName(StrEnum):
    """The annotation schemes; see ``scmine.extractors.schemes``."""

    SUPERMAT = "supermat"
    SC_COMICS = "sc-comics"


class ListName(StrEnum):
    """What a list of differences is written as."""

    CSV = "csv"
    JSONL = "jsonl"
    LABEL_STUDIO = "label-studio"


class CountingName(StrEnum):
    """What offsets count; see ``scmine.corpora.annotation.versions``."""

    CODE_POINTS = "code-points"
    UTF16 = "utf-16"


Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE…",
        help="What came back: exports of Label Studio (JSON), INCEpTION (zip), doccano (JSONL or "
        "zip), folders of brat, JSON lines. NAME=FILE says who made a file.",
    ),
]
From = Annotated[
    FormatName | None,
    typer.Option(
        "--from",
        metavar="label-studio|inception|brat|doccano|jsonl",
        help="The format of all files. Default: each is told by what is in it.",
    ),
]
Units = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The units as they were exported. Default: units.jsonl beside the files, or a "
        "folder above.",
    ),
]
Schema = Annotated[
    SchemaName, typer.Option(metavar="supermat|sc-comics", help="The labels that there are.")
]
Offsets = Annotated[
    CountingName | None,
    typer.Option(
        metavar="code-points|utf-16",
        help="What offsets count, where the file prints no words that tell. Default: what the "
        "tool counts (doccano: utf-16).",
    ),
]
Adjudicated = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE", help="What an adjudicator decided, in any of the formats; it wins."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``app``."""
    app.command("import", no_args_is_help=True)(import_)
    app.command("agreement", no_args_is_help=True)(agreement)
    app.command("adjudicate", no_args_is_help=True)(adjudicate)


def import_(
    files: Files,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="A new folder for the corpus."),
    ],
    from_: From = None,
    units: Units = None,
    schema: Schema = SchemaName.SUPERMAT,
    offsets: Offsets = None,
    adjudicated: Adjudicated = None,
    follow: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Where annotators differ, take what NAME says."),
    ] = None,
    majority: Annotated[
        bool, typer.Option("--majority", help="Where three or more differ, let most decide.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say what was done as JSON.")] = False,
    debug: Debug = False,
) -> None:
    """Turn what annotators gave back into a corpus to train from.

    DIR gets a TEI file a paper (supermat) or .txt and .ann files (sc-comics), annotations.jsonl
    with every version, and problems.jsonl with what was refused or mapped. Offsets are exact: a
    text that is not the exported one is matched by a named change (line ends, accents, blanks at
    the ends) or refused. Units on which annotators differ are left out unless an adjudicator,
    --follow or --majority decides.
    Exit codes: 0 done, 1 something was refused (the rest is written), 2 usage.

    Example: scmine annotate import export.json -o annotated

    Example: scmine annotate import anna=brat/anna ben=brat/ben --majority -o annotated

    Then: scmine train tagger SUPERMAT SC-COMICS -o model --with-annotations annotated
    """
    with clear_errors(debug=debug), _named_extra():
        from scmine.pipelines.annotate_import import import_annotations

        question = _question(files, adjudicated, from_, units, schema, offsets)
        if not import_annotations(question, output, follow, majority=majority, as_json=as_json):
            raise typer.Exit(EXIT_FAILED)


def agreement(
    files: Files,
    from_: From = None,
    units: Units = None,
    schema: Schema = SchemaName.SUPERMAT,
    offsets: Offsets = None,
    rounds: Annotated[
        int, typer.Option(min=20, metavar="N", help="Draws for the 95 % intervals.")
    ] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    debug: Debug = False,
) -> None:
    """How far annotators agree: Cohen's and Fleiss' kappa, Krippendorff's alpha, F1.

    Over words, units, spans and links, by label, with 95 % intervals, and a table of the labels
    that two annotators gave to the same words. What is not defined is said with the reason. What
    was adjudicated does not count.
    Exit codes: 0 done, 1 something was refused (the rest counts), 2 usage.

    Example: scmine annotate agreement export.json

    Example: scmine annotate agreement anna=brat/anna ben=brat/ben --json
    """
    with clear_errors(debug=debug), _named_extra():
        from scmine.pipelines.annotate_agreement import tell_agreement

        question = _question(files, None, from_, units, schema, offsets)
        if not tell_agreement(question, rounds, as_json=as_json):
            raise typer.Exit(EXIT_FAILED)


def adjudicate(
    files: Files,
    to: Annotated[
        ListName,
        typer.Option(
            metavar="csv|jsonl|label-studio",
            help="A row a difference, a line a unit, or tasks of Label Studio with each version "
            "as a prediction.",
        ),
    ] = ListName.CSV,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="Default: standard output."),
    ] = None,
    from_: From = None,
    units: Units = None,
    schema: Schema = SchemaName.SUPERMAT,
    offsets: Offsets = None,
    adjudicated: Adjudicated = None,
    majority: Annotated[
        bool, typer.Option("--majority", help="Leave out what most of three or more decide.")
    ] = False,
    debug: Debug = False,
) -> None:
    """List the units on which annotators differ: in boundaries, labels, what is missing, links.

    Units with most differences come first. What was adjudicated already is left out. Decide in
    Label Studio (--to label-studio), export, and give that to scmine annotate import with
    --adjudicated.
    Exit codes: 0 done, 1 something was refused (the rest is listed), 2 usage.

    Example: scmine annotate adjudicate export.json -o differences.csv

    Example: scmine annotate adjudicate brat/anna brat/ben --to label-studio -o tasks.json
    """
    with clear_errors(debug=debug), _named_extra():
        from scmine.pipelines.annotate_agreement import write_disputed

        question = _question(files, adjudicated, from_, units, schema, offsets)
        if not write_disputed(question, to.value, output, majority=majority):
            raise typer.Exit(EXIT_FAILED)


@contextmanager
def _named_extra() -> Iterator[None]:
    """Turn a missing extra into a usage error that names it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "cassis":
            raise
        usage_error("no cassis here: this needs pip install 'scmine[exchange]'")


def _question(
    files: list[str],
    adjudicated: list[str] | None,
    from_: FormatName | None,
    units: Path | None,
    schema: SchemaName,
    offsets: CountingName | None,
) -> Question:
    from scmine.corpora.annotation.guess_format import ToolFormat
    from scmine.corpora.annotation.versions import Counting
    from scmine.pipelines.annotate_import import Question

    return Question(
        tuple(files),
        tuple(adjudicated or ()),
        None if from_ is None else ToolFormat(from_.value),
        units,
        schema.value,
        None if offsets is None else Counting(offsets.value),
    )
