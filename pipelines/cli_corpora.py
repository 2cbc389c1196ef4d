"""The command line of texts and annotated corpora: ``tag``, ``evaluate`` and ``corpora``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error


class SchemeName(StrEnum):
    """The annotation schemes by name; what they are is said in ``scmine.extractors.schemes``."""

    SUPERMAT = "supermat"
    SC_COMICS = "sc-comics"


class SplitName(StrEnum):
    """The parts of a corpus by name; what they are is said in ``scmine.corpora.held_out``."""

    HELD_OUT = "held-out"
    DEV = "dev"
    TRAIN = "train"
    OTHER = "other"
    ALL = "all"


class FormName(StrEnum):
    """The forms that SuperMat's text can be scored in."""

    PRINTED = "printed"
    READING = "reading"


Model = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Another tagger's folder. Default: the packaged model."),
]

corpora_app = typer.Typer(
    help="Annotated corpora: what they hold.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line ``app``."""
    app.command(no_args_is_help=True)(tag)
    app.command(no_args_is_help=True)(evaluate)
    app.add_typer(corpora_app, name="corpora")


def tag(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN.jsonl", help="The texts, a JSON object a line; - is stdin."),
    ],
    scheme: Annotated[
        SchemeName,
        typer.Option(metavar="supermat|sc-comics", help="Whose labels mentions and links get."),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="OUT.jsonl", help="The file to write; - is stdout."),
    ] = Path("-"),
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes. Default: one for each CPU."),
    ] = None,
    model: Model = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress and no closing line.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Find mentions and links in texts.

    A line of the input is a JSON object with "text", and with "entities" ([{"start", "end",
    "label"}]; characters count from 0, the end is exclusive) where mentions are given and only
    links are wanted. The same line comes out, in the same place, with "entities" (start, end,
    label, text, score) and "links" ([{"head", "tail", "label"}], head and tail counting entities
    from 0 in the order in which they stand there). Other keys, and the order of given entities,
    are kept; that order has no influence on the links. Blank lines are passed over.

    Links of supermat: material-tcValue runs from the material (head) to the Tc value (tail);
    tcValue-pressure and tcValue-me_method run from the Tc value to the pressure or method. Links
    of sc-comics: Target from a Value or Doping to a material, Condition from a Value to a Doping,
    Equivalent from an SC to its Value, Dopant and Site from a Doping to what is added or replaced.

    A line that cannot be tagged is written out with "error", beside what it held or, if that is no
    JSON, its text as "input". It is reported on standard error and the run goes on.

    \b
    Examples:
      scmine tag texts.jsonl -o tagged.jsonl --scheme supermat
      scmine tag abstracts.jsonl -o out.jsonl --scheme sc-comics --workers 4
      echo '{"text": "MgB2 has Tc = 39 K."}' | scmine tag - --scheme supermat

    \b
    Exit codes: 0 all lines were tagged; 1 some could not be, or a file or model is missing; 2
    wrong usage; 130 interrupted, nothing written.
    """
    with clear_errors(debug=debug):
        from scmine.extractors.schemes import Scheme
        from scmine.pipelines.tag import tag as run_tag
        from scmine.pipelines.tag_progress import tag_progress

        with tag_progress(quiet=quiet) as progress:
            summary = run_tag(
                None if source == Path("-") else source,
                None if output == Path("-") else output,
                Scheme(scheme.value),
                model=model,
                workers=workers,
                progress=progress,
                problem=lambda number, error: print(
                    f"scmine: {source}, line {number}: {error}", file=sys.stderr
                ),
            )
        if not quiet:
            print(summary.closing_line(), file=sys.stderr)
        if summary.errors:
            raise typer.Exit(EXIT_FAILED)


def evaluate(
    corpus: Annotated[
        SchemeName, typer.Argument(metavar="supermat|sc-comics", help="Which corpus DIR holds.")
    ],
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Its files: *.tei.xml, or *.txt with *.ann.")
    ],
    split: Annotated[
        SplitName,
        typer.Option(
            metavar="held-out|dev|train|other|all",
            help="Which papers: all that no model was trained on, one part of the split, other for "
            "papers that the split does not know, or all.",
        ),
    ] = SplitName.HELD_OUT,
    form: Annotated[
        FormName,
        typer.Option(
            metavar="printed|reading",
            help="SuperMat's text as the corpus has it, or closed up as our PDF reader gives it.",
        ),
    ] = FormName.PRINTED,
    pdf: Annotated[
        Path | None,
        typer.Option(
            metavar="PDFDIR",
            help="Score on the text of PDFDIR/STEM.pdf, onto which the gold mentions are brought.",
        ),
    ] = None,
    model: Model = None,
    json_out: Annotated[
        Path | None,
        typer.Option("--json", metavar="OUT", help="Write all numbers; - is stdout, no tables."),
    ] = None,
    html_out: Annotated[
        Path | None,
        typer.Option("--html", metavar="OUT", help="Write a page of gold against prediction."),
    ] = None,
    errors: Annotated[
        int, typer.Option(min=0, metavar="N", help="Print a sample of N errors in their context.")
    ] = 0,
    debug: Debug = False,
) -> None:
    """Score the tagger and the linker on an annotated corpus.

    Mentions: precision, recall and F1 by label, with the same bounds (exact) or one shared
    character (overlap), and 95 % intervals by drawing papers with replacement. Which labels are
    taken for which is a table of its own. Links: between gold mentions given in shuffled order,
    and between the mentions found. docs/evaluate.md says how each is counted.

    \b
    Examples:
      scmine evaluate supermat corpora/supermat
      scmine evaluate sc-comics corpora/sc-comics --split dev --json scores.json
      scmine evaluate supermat corpora/supermat --html view.html --errors 50
      scmine evaluate supermat corpora/supermat --pdf papers/supermat

    \b
    Exit codes: 0 done; 1 the corpus, its papers or a model are missing or broken; 2 wrong usage.
    """
    if corpus is SchemeName.SC_COMICS and (pdf is not None or form is not FormName.PRINTED):
        usage_error("--pdf and --form are for supermat: sc-comics has abstracts as plain text")
    if pdf is not None and form is not FormName.PRINTED:
        usage_error("--form has no use with --pdf, which takes the text from the PDFs")
    with clear_errors(debug=debug):
        from scmine.pipelines.evaluate import Request
        from scmine.pipelines.evaluate import evaluate as run_evaluate
        from scmine.pipelines.evaluate_report import print_evaluation

        request = Request(corpus.value, folder, split.value, form.value, pdf, model, errors)
        for out in (json_out, html_out):
            if out is not None and not out.parent.is_dir():
                raise FileNotFoundError(f"{out}: there is no folder {out.parent}")
        evaluation = run_evaluate(request, html_out)
        as_json = json.dumps(evaluation.to_json(), indent=2, ensure_ascii=False)
        if json_out == Path("-"):
            print(as_json)
            return
        print_evaluation(evaluation)
        if json_out is not None:
            json_out.write_text(as_json + "\n", encoding="utf-8")


@corpora_app.callback()
def corpora() -> None:
    """Annotated corpora: what they hold."""


@corpora_app.command(no_args_is_help=True)
def stats(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="SuperMat's *.tei.xml or SC-CoMIcs' *.ann files.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Count papers, mentions, links and events of an annotated corpus, by part of its split.

    \b
    Examples:
      scmine corpora stats corpora/supermat
      scmine corpora stats corpora/sc-comics --json
    """
    with clear_errors(debug=debug):
        from scmine.pipelines.corpora import print_statistics

        print_statistics(folder, as_json=as_json)
