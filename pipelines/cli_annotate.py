"""The command line of annotation: ``scmine annotate``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called. What comes
back from annotators has its commands in ``cli_annotate_import``.
"""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager, closing, nullcontext
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scmine.pipelines import cli_annotate_import
from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error
from scmine.pipelines.cli_llm_options import (
    Llm,
    LlmBatch,
    LlmBudget,
    LlmMode,
    LlmPriceIn,
    LlmPriceOut,
    LlmUrl,
)
from scmine.pipelines.cli_options import Config, QuietEnd, SummaryAsJson
from scmine.pipelines.default_command import ExportByDefault

if TYPE_CHECKING:
    from scmine.extractors.llm.request import Asker
    from scmine.pipelines.annotate import Plan
    from scmine.pipelines.settings import Settings

annotate_app = typer.Typer(
    cls=ExportByDefault,
    help=(
        "Give sentences of papers to annotators, with proposals, those first that teach most; "
        "take back what annotators made of them. `scmine annotate PATH…` is short for `scmine "
        "annotate export PATH…`."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


class SchemeName(StrEnum):
    """The schemes by name; see ``scmine.extractors.schemes``."""

    SUPERMAT = "supermat"
    SC_COMICS = "sc-comics"


class ToolName(StrEnum):
    """The tools by name; see ``scmine.corpora.annotation.exporting``."""

    LABEL_STUDIO = "label-studio"
    INCEPTION = "inception"
    BRAT = "brat"
    DOCCANO = "doccano"
    JSONL = "jsonl"


class UnitName(StrEnum):
    """What is annotated in one piece."""

    SENTENCE = "sentence"
    PASSAGE = "passage"


class OrderName(StrEnum):
    """In which order; see ``scmine.pipelines.annotate``."""

    TEACHING = "teaching"
    PAPER = "paper"
    RANDOM = "random"


_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    cli_annotate_import.register(annotate_app)
    app.add_typer(annotate_app, name="annotate")


@annotate_app.command(no_args_is_help=True)
def export(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", readable=False, help="Papers, and folders of them."),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="OUT", help="The folder to write; it must be new."),
    ],
    to: Annotated[
        ToolName,
        typer.Option(
            "--to",
            metavar="label-studio|inception|brat|doccano|jsonl",
            help="The tool that annotators work with.",
        ),
    ],
    schema: Annotated[
        SchemeName,
        typer.Option(metavar="supermat|sc-comics", help="Whose labels. Default: supermat."),
    ] = SchemeName.SUPERMAT,
    unit: Annotated[
        UnitName,
        typer.Option(
            metavar="sentence|passage",
            help="What is annotated in one piece. Links between sentences need passages. "
            "Default: sentence.",
        ),
    ] = UnitName.SENTENCE,
    order: Annotated[
        OrderName,
        typer.Option(
            metavar="teaching|paper|random",
            help="Those first that teach most, as in the papers, or at random. Default: teaching.",
        ),
    ] = OrderName.TEACHING,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Write the first N units only.")
    ] = None,
    exclude: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Leave out what was annotated before: a folder that this command wrote, JSON "
            "lines, tasks. May be repeated.",
        ),
    ] = None,
    annotators: Annotated[
        str | None,
        typer.Option(metavar="A,B,…", help="Deal the units to several annotators, by name."),
    ] = None,
    overlap: Annotated[
        int,
        typer.Option(min=0, metavar="K", help="Give K units to all annotators, for agreement."),
    ] = 0,
    seed: Annotated[int, typer.Option(metavar="N", help="Of all that is drawn at random.")] = 0,
    model: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Another tagger, as scmine train tagger writes one."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Papers at a time. Default: one for each CPU."),
    ] = None,
    llm: Llm = None,
    llm_url: LlmUrl = None,
    llm_budget: LlmBudget = None,
    llm_price_in: LlmPriceIn = None,
    llm_price_out: LlmPriceOut = None,
    llm_mode: LlmMode = None,
    llm_batch: LlmBatch = None,
    llm_estimate: Annotated[
        bool,
        typer.Option(
            "--llm-estimate",
            help="Ask nothing and write nothing: say about what asking takes.",
        ),
    ] = False,
    as_json: SummaryAsJson = False,
    quiet: QuietEnd = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Write sentences of papers for annotators, with proposals of tagger and language model.

    Those come first that the tagger doubts most and that are unlike what stands before them.
    Sentences that say the same twice are left out. OUT gets the tool's files, README.md (how to
    load them) and units.jsonl (which scmine annotate import needs).

    With --llm a language model annotates the units that will be written, too. Both are merged, and
    where they differ the annotator is told how. Answers are kept: a run that was cut off, or is
    repeated, pays nothing twice.

    \b
    Examples:
      scmine annotate papers/ --to label-studio -o tasks --limit 500
      scmine annotate papers/ --to label-studio -o both --llm MODEL --limit 200
      scmine annotate papers/ --to brat -o brat --schema sc-comics --unit passage
      scmine annotate papers/ --to doccano -o round2 --exclude tasks --limit 500
      scmine annotate papers/ --to inception -o both --annotators ann,ben --overlap 50

    \b
    Exit codes: 0 done; 1 a paper gave nothing, the language model left questions open, or the
    output failed; 2 wrong usage (OUT is there already); 130 interrupted.
    """
    if output.exists():
        usage_error(f"{output} is there already, and nothing is written over; name a new folder")
    names = tuple(annotators.split(",")) if annotators else ()
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        usage_error("--annotators wants different names of letters, digits, - and _: ann,ben")
    if overlap and len(names) < 2:
        usage_error("--overlap is for several annotators: add --annotators ann,ben")
    with clear_errors(debug=debug):
        from scmine.corpora.annotation.exporting import Tool
        from scmine.corpora.annotation.proposing import UnitKind
        from scmine.extractors.schemes import Scheme
        from scmine.extractors.schemes import tagger as check_model
        from scmine.pipelines import annotate as annotating
        from scmine.pipelines.annotate_progress import annotate_progress
        from scmine.pipelines.settings import load_settings

        if to is ToolName.INCEPTION and find_spec("cassis") is None:
            usage_error("no cassis here: this needs pip install 'scmine[exchange]'")
        plan = annotating.Plan(
            paths,
            output,
            Scheme(schema.value),
            Tool(to.value),
            UnitKind(unit.value),
            annotating.Order(order.value),
            seed,
            limit,
            exclude or (),
            names,
            overlap,
            model,
        )
        check_model(plan.scheme, model)
        settings = load_settings(
            config,
            workers=workers,
            llm=llm,
            llm_url=llm_url,
            llm_budget=llm_budget,
            llm_price_in=llm_price_in,
            llm_price_out=llm_price_out,
            llm_mode=None if llm_mode is None else llm_mode.value,
            llm_batch=llm_batch,
        )
        if llm_estimate:
            _print_estimate(plan, settings, as_json=as_json)
            return
        with (
            _asking(settings) as asker,
            annotate_progress(quiet=quiet or as_json) as progress,
        ):
            summary = annotating.annotate(plan, settings, progress, asker)
        if as_json:
            print(json.dumps(summary.to_json(), indent=2, ensure_ascii=False))
        elif not quiet:
            print("\n".join(summary.lines()))
        raise typer.Exit(summary.exit_code)


def _asking(settings: Settings) -> AbstractContextManager[Asker | None]:
    """The language model that the settings name, closed in the end; None if they name none."""
    from scmine.pipelines.llm_asker import asker_of

    return nullcontext() if settings.llm is None else closing(asker_of(settings))


def _print_estimate(plan: Plan, settings: Settings, *, as_json: bool) -> None:
    from dataclasses import asdict

    from scmine.pipelines.annotate import estimate_asking

    count, usage = estimate_asking(plan, settings)
    if as_json:
        print(json.dumps({"questions": count, **asdict(usage)}, indent=2))
        return
    cost = "" if usage.cost is None else f", cost about {usage.cost:.2f}"
    print(f"{count} questions, about {usage.tokens_in} tokens in and {usage.tokens_out} out{cost}")
