"""The command line of measuring a language model: ``scmine evaluate llm``.

As in ``cli``, nothing is done here, and nothing is imported before the command is called.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error
from scmine.pipelines.cli_json import wrote_json_only
from scmine.pipelines.cli_llm_options import (
    Llm,
    LlmBatch,
    LlmBudget,
    LlmMode,
    LlmPriceIn,
    LlmPriceOut,
    LlmUrl,
)
from scmine.pipelines.cli_options import Config, Quiet

if TYPE_CHECKING:
    from scmine.extractors.llm.request import Asker
    from scmine.pipelines.evaluate_llm import Plan
    from scmine.pipelines.settings import Settings

NAME = "llm"


class TaskName(StrEnum):
    """The tasks by name; what they are is said in ``scmine.pipelines.evaluate_llm_papers``."""

    MENTIONS = "mentions"
    LINKS = "links"
    LINKS_FOUND = "links-found"
    CLAIMS = "claims"


class PartName(StrEnum):
    """The parts of SuperMat; what they are is said in ``scmine.corpora.held_out``."""

    HELD_OUT = "held-out"
    DEV = "dev"
    TRAIN = "train"
    OTHER = "other"
    ALL = "all"


class ExamplesName(StrEnum):
    """Which examples a request shows."""

    NONE = "none"
    SIMILAR = "similar"


class WithLlm(TyperCommand):
    """``evaluate``; ``evaluate llm`` is a command of its own, with options of its own."""

    inner = (NAME,)

    def get_inner(self, name: str) -> TyperCommand:
        """The command ``evaluate NAME``."""
        assert name == NAME, name
        app = typer.Typer(rich_markup_mode=None, add_completion=False)
        app.command(name=NAME, no_args_is_help=True)(llm)
        command = typer.main.get_command(app)
        assert isinstance(command, TyperCommand)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """The context of ``evaluate``, or of the command that is named first."""
        if args and args[0] in self.inner:
            inner = self.get_inner(args[0])
            return inner.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def llm(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="SuperMat's *.tei.xml files.", show_default=False),
    ] = None,
    model: Llm = None,
    llm_url: LlmUrl = None,
    split: Annotated[
        PartName,
        typer.Option(
            metavar="held-out|dev|train|other|all",
            help="Which papers: held-out are all that our own models were not trained on.",
        ),
    ] = PartName.HELD_OUT,
    papers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="At most N papers, always the same ones."),
    ] = None,
    task: Annotated[
        list[TaskName] | None,
        typer.Option(
            metavar="mentions|links|links-found|claims",
            help="Measure this alone: mentions; links between gold mentions, in printed and in "
            "shuffled order; links between the mentions that the model found; pairs of material "
            "and Tc. Give it again for more; default: all.",
            show_default=False,
        ),
    ] = None,
    shuffles: Annotated[
        int,
        typer.Option(min=0, max=20, metavar="N", help="Shuffled orders; each asks for all links."),
    ] = 3,
    examples: Annotated[
        ExamplesName,
        typer.Option(metavar="none|similar", help="Show the model our examples that fit best."),
    ] = ExamplesName.SIMILAR,
    llm_mode: LlmMode = None,
    llm_batch: LlmBatch = None,
    llm_price_in: LlmPriceIn = None,
    llm_price_out: LlmPriceOut = None,
    llm_budget: LlmBudget = None,
    llm_estimate: Annotated[
        bool,
        typer.Option("--llm-estimate", help="Say what the run would take, and ask nothing."),
    ] = False,
    save_answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all answers, to be shared and scored again."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take answers from such a file, made by the same questions; ask nobody.",
        ),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="A.json B.json",
            help="Ask nobody: the differences between two runs, from what --json wrote of them.",
            show_default=False,
        ),
    ] = None,
    json_out: Annotated[
        Path | None,
        typer.Option("--json", metavar="OUT", help="Write all numbers; - is stdout, no tables."),
    ] = None,
    quiet: Quiet = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Measure a language model on SuperMat, with our own models beside it.

    The same prompts, checks of evidence and steps as in ingest, and the same scorers as in
    `scmine evaluate supermat`: mentions by label; links between gold mentions in the order of the
    text and in shuffled orders, which shows how much a model reads and how much it counts; links
    between the mentions that the model itself found; pairs of material and Tc, claim by claim
    through the evidence rule to records. 95 % intervals by drawing papers with replacement. Then
    what it took: requests, tokens, money, seconds a paper, and how requests ended.

    Answers are kept in the client's cache: a run that is interrupted, or that its budget ends,
    goes on where it was when it is started again, and pays nothing twice. docs/evaluate.md says
    how each figure is counted.

    \b
    Examples:
      scmine evaluate llm corpora/supermat --llm gpt-4o-mini --llm-estimate
      scmine evaluate llm corpora/supermat --llm qwen3 --llm-url http://localhost:8080/v1
      scmine evaluate llm corpora/supermat --llm qwen3 --papers 3 --task links --shuffles 5
      scmine evaluate llm corpora/supermat --llm a --save-answers a.jsonl --json a.json
      scmine evaluate llm corpora/supermat --answers a.jsonl
      scmine evaluate llm --compare a.json b.json

    \b
    Exit codes: 0 done; 1 the corpus, its papers or the server are missing or broken, or papers
    could not be scored; 2 wrong usage; 130 interrupted.
    """
    given: dict[str, Any] = {
        "llm": model,
        "llm_url": llm_url,
        "llm_mode": llm_mode,
        "llm_batch": llm_batch,
        "llm_price_in": llm_price_in,
        "llm_price_out": llm_price_out,
        "llm_budget": llm_budget,
    }
    asked_for = any(value is not None for value in given.values())
    if compare is not None:
        if folder or answers or save_answers or llm_estimate or asked_for:
            usage_error("--compare asks nobody: it goes with --json alone")
        _compare(*compare, json_out, debug=debug)
        return
    if folder is None:
        usage_error("DIR is missing: the folder with SuperMat's *.tei.xml files")
    if answers is not None and (save_answers or llm_estimate or asked_for):
        usage_error("--answers asks nobody: it goes without --llm…, --llm-estimate, --save-answers")
    with clear_errors(debug=debug):
        from scmine.pipelines.evaluate_llm import Plan
        from scmine.pipelines.evaluate_llm_papers import Measured
        from scmine.pipelines.settings import load_settings

        settings = load_settings(config, **given)
        tasks = tuple(t for t in Measured if not task or TaskName(t.value) in task)
        plan = Plan(folder, split.value, papers, tasks, shuffles)
        for out in (json_out, save_answers):
            if out is not None and not out.parent.is_dir():
                raise FileNotFoundError(f"{out}: there is no folder {out.parent}")
        if llm_estimate:
            _estimate(plan, settings, examples, json_out)
            return
        _measure(plan, settings, examples, (answers, save_answers), json_out, quiet=quiet)


def _measure(
    plan: Plan,
    settings: Settings,
    examples: ExamplesName,
    files: tuple[Path | None, Path | None],
    json_out: Path | None,
    *,
    quiet: bool,
) -> None:
    from contextlib import ExitStack, closing

    from scmine.pipelines.evaluate_llm import evaluate_llm
    from scmine.pipelines.evaluate_llm_progress import llm_progress
    from scmine.pipelines.evaluate_llm_questions import Questions
    from scmine.pipelines.evaluate_llm_report import print_llm_evaluation
    from scmine.pipelines.llm_answers_file import Recorder, Replay
    from scmine.pipelines.llm_asker import asker_of

    answers, save = files
    questions = Questions.of(settings, similar=examples is ExamplesName.SIMILAR)
    note = ""
    asker: Asker
    with ExitStack() as stack:
        if answers is not None:
            asker = replay = Replay.load(answers)
            questions = questions.as_before(replay.questions)
            note = f"Answers replayed from {answers}, costs as they were then. {replay.note}"
        else:
            asker = stack.enter_context(closing(asker_of(settings)))
        if save is not None:
            asker = stack.enter_context(Recorder(asker, save, questions=questions.to_json()))
        progress = stack.enter_context(llm_progress(settings.progress_every, quiet=quiet))
        evaluation = evaluate_llm(plan, asker, questions, progress, note.strip())
    if not wrote_json_only(evaluation.to_json(), json_out):
        print_llm_evaluation(evaluation)
    if not evaluation.is_whole:
        raise typer.Exit(EXIT_FAILED)


def _estimate(
    plan: Plan, settings: Settings, examples: ExamplesName, json_out: Path | None
) -> None:
    from functools import partial

    from scmine.extractors.llm.cost import estimate
    from scmine.pipelines.evaluate_llm import estimate_llm
    from scmine.pipelines.evaluate_llm_questions import Questions
    from scmine.pipelines.evaluate_llm_report import estimate_json, print_estimate
    from scmine.pipelines.llm_asker import prices_of

    questions = Questions.of(settings, similar=examples is ExamplesName.SIMILAR)
    usage_of = partial(estimate, prices=prices_of(settings))
    estimates, papers = estimate_llm(plan, questions, usage_of)
    if not wrote_json_only(estimate_json(estimates, papers), json_out):
        print_estimate(estimates, papers, settings.llm_budget)


def _compare(first: Path, second: Path, json_out: Path | None, *, debug: bool) -> None:
    with clear_errors(debug=debug):
        from scmine.pipelines.evaluate_llm_compare import compare_files
        from scmine.pipelines.evaluate_llm_report import print_comparison

        comparison = compare_files(first, second)
        if not wrote_json_only(comparison.to_json(), json_out):
            print_comparison(comparison)
