"""The command line of texts and annotated corpora: ``tag``, ``evaluate`` and ``corpora``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import EXIT_FAILED, Debug, clear_errors, usage_error
from scmine.pipelines.cli_evaluate_llm import WithLlm
from scmine.pipelines.cli_json import wrote_json_only


class SchemeName(StrEnum):
    """The annotation schemes by name; what they are is said in ``scmine.extractors.schemes``."""

    SUPERMAT = "supermat"
    SC_COMICS = "sc-comics"


class CorpusName(StrEnum):
    """What ``evaluate`` knows gold of."""

    SUPERMAT = "supermat"
    SC_COMICS = "sc-comics"
    TABLES = "tables"
    STRUCTURES = "structures"
    RELEVANCE = "relevance"


class SplitName(StrEnum):
    """The parts of a corpus by name; what they are is said in ``scmine.corpora.held_out``.

    Gold tables have ``dev`` and ``test``, annotated texts the others.
    """

    HELD_OUT = "held-out"
    DEV = "dev"
    TRAIN = "train"
    OTHER = "other"
    TEST = "test"
    ALL = "all"


class FormName(StrEnum):
    """The forms that SuperMat's text can be scored in."""

    PRINTED = "printed"
    READING = "reading"


class LevelName(StrEnum):
    """What written papers state, as ``scmine.corpora.written.papers.Level`` has it."""

    SITES4 = "sites-4"
    SITES3 = "sites-3"
    CELL = "cell"
    FORMULA = "formula"


class StatementName(StrEnum):
    """Where written papers state it."""

    SENTENCES = "sentences"
    TABLES = "tables"


class MediumName(StrEnum):
    """What written papers come as."""

    MARKDOWN = "markdown"
    PDF = "pdf"


class WordingName(StrEnum):
    """The sets of wordings of written papers."""

    FIRST = "first"
    SECOND = "second"


class LibraryName(StrEnum):
    """The prototypes that may serve."""

    WITHOUT = "without"
    FULL = "full"
    BOTH = "both"


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
    app.command(cls=WithLlm, no_args_is_help=True)(evaluate)
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
        CorpusName,
        typer.Argument(
            metavar="supermat|sc-comics|tables|structures|relevance", help="What DIR holds."
        ),
    ],
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="Its files: *.tei.xml; *.txt with *.ann; for tables the PDFs, at any depth; for "
            "structures a CSV file with the columns of CompSC.",
        ),
    ],
    split: Annotated[
        SplitName | None,
        typer.Option(
            metavar="held-out|dev|train|other|test|all",
            help="Which papers. Texts: held-out (all that no model was trained on; the default), "
            "dev, train, other (papers that the split does not know) or all. Tables and "
            "structures: dev, test or all (the default).",
            show_default=False,
        ),
    ] = None,
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
    misses: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Tables and structures: print the first N that are wrong, of dev.",
        ),
    ] = 0,
    level: Annotated[
        list[LevelName] | None,
        typer.Option(
            metavar="sites-4|sites-3|cell|formula",
            help="Structures: what the papers state besides formula and pressure: space group, "
            "cell and sites with 4 or 3 decimals; space group and cell; space group. Give it again "
            "for more; default: all.",
            show_default=False,
        ),
    ] = None,
    form_of_statement: Annotated[
        list[StatementName] | None,
        typer.Option(
            "--in",
            metavar="sentences|tables",
            help="Structures: where the papers state them. Default: both.",
            show_default=False,
        ),
    ] = None,
    medium: Annotated[
        list[MediumName] | None,
        typer.Option(
            "--as",
            metavar="markdown|pdf",
            help="Structures: what the papers are written as; pdf needs pdflatex. Default: both.",
            show_default=False,
        ),
    ] = None,
    wording: Annotated[
        list[WordingName] | None,
        typer.Option(
            metavar="first|second",
            help="Structures: which set of wordings and layouts. Default: both.",
            show_default=False,
        ),
    ] = None,
    library: Annotated[
        LibraryName,
        typer.Option(
            metavar="without|full|both",
            help="Structures: prototypes that may serve: those that are not from the structure's "
            "own papers, all, or each in turn.",
        ),
    ] = LibraryName.WITHOUT,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Structures: only those of the first N papers."),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Structures: another seed, other papers.")
    ] = 0,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Structures: keep the written papers there."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Score the tagger and the linker on an annotated corpus, or the reading of tables.

    Mentions: precision, recall and F1 by label, with the same bounds (exact) or one shared
    character (overlap), and 95 % intervals by drawing papers with replacement. Which labels are
    taken for which is a table of its own. Links: between gold mentions given in shuffled order,
    and between the mentions found. docs/evaluate.md says how each is counted.

    Tables: which are found, their cells, and the claims made of them, against tables that were
    read by eye and come with scmine; DIR holds their PDFs, or gold files (*.json) of your own with
    theirs. docs/tables.md says how a gold file is written and what is counted.

    Structures: those of a CSV file are written as papers would state them, the papers go through
    the steps of ingest, and what is rebuilt is compared with pymatgen's StructureMatcher: matched,
    refused or wrong, with 95 % intervals by drawing papers. docs/evaluate.md says more.

    Relevance: how many of the papers of DIR the packaged model would fetch, by their labels; DIR
    holds what docs/relevance.md names.

    A language model of your choice is measured on SuperMat by `scmine evaluate llm`, which has
    options of its own: `scmine evaluate llm --help`.

    \b
    Examples:
      scmine evaluate supermat corpora/supermat
      scmine evaluate sc-comics corpora/sc-comics --split dev --json scores.json
      scmine evaluate supermat corpora/supermat --html view.html --errors 50
      scmine evaluate supermat corpora/supermat --pdf papers/supermat
      scmine evaluate tables papers --split dev --misses 20
      scmine evaluate structures compsc.csv --as markdown --level sites-4 --limit 20
      scmine evaluate relevance corpora/sc-comics

    \b
    Exit codes: 0 done; 1 the corpus, its papers or a model are missing or broken; 2 wrong usage.
    """
    if corpus is not CorpusName.SUPERMAT and (pdf is not None or form is not FormName.PRINTED):
        usage_error("--pdf and --form are for supermat, whose texts are of papers with PDFs")
    if pdf is not None and form is not FormName.PRINTED:
        usage_error("--form has no use with --pdf, which takes the text from the PDFs")
    given = level or form_of_statement or medium or wording or limit or seed or keep
    if corpus is not CorpusName.STRUCTURES and (given or library is not LibraryName.WITHOUT):
        usage_error(
            "--level, --in, --as, --wording, --library, --limit, --seed and --keep "
            "are for structures"
        )
    _check_fit(corpus, split, text_only=bool(model or html_out or errors), tables_only=bool(misses))
    with clear_errors(debug=debug):
        for out in (json_out, html_out):
            if out is not None and not out.parent.is_dir():
                raise FileNotFoundError(f"{out}: there is no folder {out.parent}")
        if corpus is CorpusName.RELEVANCE:
            from scmine.corpora.train_relevance import evaluate_relevance

            found = evaluate_relevance(folder)
            if not wrote_json_only(found.to_json(), json_out):
                print(found.table())
            return
        if corpus is CorpusName.STRUCTURES:
            default = SplitName.DEV if misses else SplitName.ALL
            _evaluate_structures(
                (folder, (split or default).value, limit, seed, keep),
                (level, form_of_statement, medium, wording, library),
                json_out,
                misses,
            )
            return
        if corpus is CorpusName.TABLES:
            # What is wrong on test papers is not to be looked at without asking for it.
            default = SplitName.DEV if misses else SplitName.ALL
            _evaluate_tables(folder, split or default, json_out, misses)
            return
        from scmine.pipelines.evaluate import Request
        from scmine.pipelines.evaluate import evaluate as run_evaluate
        from scmine.pipelines.evaluate_report import print_evaluation

        chosen = split or SplitName.HELD_OUT
        request = Request(corpus.value, folder, chosen.value, form.value, pdf, model, errors)
        evaluation = run_evaluate(request, html_out)
        if not wrote_json_only(evaluation.to_json(), json_out):
            print_evaluation(evaluation)


def _check_fit(
    corpus: CorpusName, split: SplitName | None, *, text_only: bool, tables_only: bool
) -> None:
    """End with a usage error if an option is not for ``corpus``."""
    of_tables = {SplitName.DEV, SplitName.TEST, SplitName.ALL}
    if corpus in (CorpusName.TABLES, CorpusName.STRUCTURES):
        if text_only:
            usage_error(f"--model, --html and --errors are for texts; {corpus} have --misses")
        if split is not None and split not in of_tables:
            what = "gold tables" if corpus is CorpusName.TABLES else "structures"
            usage_error(f"--split {split.value}: {what} have dev, test and all")
    elif tables_only:
        usage_error("--misses is for tables; texts have --errors")
    elif split is SplitName.TEST:
        usage_error("--split test is for tables; texts have held-out, dev, train, other and all")


def _evaluate_tables(folder: Path, split: SplitName, json_out: Path | None, misses: int) -> None:
    from scmine.pipelines.evaluate_tables import evaluate_tables
    from scmine.pipelines.evaluate_tables_report import print_table_evaluation

    evaluation = evaluate_tables(folder, split.value)
    if not wrote_json_only(evaluation.to_json(), json_out):
        print_table_evaluation(evaluation, misses)


def _evaluate_structures(
    what: tuple[Path, str, int | None, int, Path | None],
    ways: tuple[
        list[LevelName] | None,
        list[StatementName] | None,
        list[MediumName] | None,
        list[WordingName] | None,
        LibraryName,
    ],
    json_out: Path | None,
    misses: int,
) -> None:
    from scmine.corpora.written.papers import Form, Level, Medium, Wording
    from scmine.pipelines.evaluate_structures import FULL, WITHOUT, Setting, evaluate_structures
    from scmine.pipelines.evaluate_structures_report import print_structure_evaluation

    path, split, limit, seed, keep = what
    levels, forms, media, wordings, library = ways
    libraries = (WITHOUT, FULL) if library is LibraryName.BOTH else (library.value,)
    setting = Setting(
        str(path),
        split,
        tuple(Level(x) for x in levels or Level),
        tuple(Form(x) for x in forms or Form),
        tuple(Medium(x) for x in media or Medium),
        tuple(Wording(x) for x in wordings or Wording),
        libraries,
        limit,
        seed,
    )
    evaluation = evaluate_structures(setting, keep)
    if not wrote_json_only(evaluation.to_json(), json_out):
        print_structure_evaluation(evaluation, misses)


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
