"""The command line of training: ``scmine train tagger|main|linker|relations|relevance``.

As in ``cli``, nothing is done here, and nothing is imported before a command is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scmine.pipelines.cli_errors import Debug, clear_errors, usage_error

train_app = typer.Typer(
    help=(
        "Train the packaged models again from the corpora. Only training papers are learnt "
        "from; the development papers give the scores that are printed."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)

_EXTRA = {"torch", "scipy", "onnx"}

SuperMat = Annotated[
    Path, typer.Argument(metavar="SUPERMAT", help="Folder with SuperMat's *.tei.xml files.")
]
ScComics = Annotated[
    Path, typer.Argument(metavar="SC-COMICS", help="Folder with SC-CoMIcs' .txt and .ann files.")
]
Out = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write the model into.")
]
WithCorrections = Annotated[
    str | None,
    typer.Option(
        "--with-corrections",
        metavar="DB",
        help="Learn from the corrections in this database too, but for papers that are scored on.",
    ),
]
WithAnnotations = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Learn from what annotators gave back too (scmine annotate import), but for papers "
        "that are scored on.",
    ),
]
Upsample = Annotated[
    int,
    typer.Option(
        min=1, metavar="N", help="Show each correction and annotated paper N times as often."
    ),
]


@train_app.command(no_args_is_help=True)
def tagger(
    supermat: SuperMat,
    sc_comics: ScComics,
    output: Out,
    matscholar: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Matscholar's train.txt, learnt beside the others."),
    ] = None,
    unlabelled: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Papers as .md or .txt, for the word vectors."),
    ] = None,
    seed: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="One member for each seed. Default: 0, 1 and 2."),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, metavar="N", help="Passes over the text.")] = 8,
    threads: Annotated[int, typer.Option(min=1, metavar="N", help="Threads of torch.")] = 1,
    with_corrections: WithCorrections = None,
    with_annotations: WithAnnotations = None,
    upsample: Upsample = 1,
    debug: Debug = False,
) -> None:
    """Train the tagger of SuperMat's and SC-CoMIcs' mentions.

    Takes about 20 minutes a member on one core. Each finished member is kept in
    DIR/checkpoints and not trained again when the command is repeated. Needs the extra "train".
    With corrections or annotations the scores of the packaged model on the development papers are
    printed first.

    Example: scmine train tagger corpora/supermat corpora/sc-comics -o model

    Example: scmine train tagger SUPERMAT SC-COMICS -o model --with-corrections scmine.db
    """
    with clear_errors(debug=debug):
        try:
            from scmine.corpora.train_tagger import Job, train_tagger
        except ModuleNotFoundError as error:
            if error.name not in _EXTRA:
                raise
            usage_error(f"no {error.name} here: this needs pip install 'scmine[train]'")
        seeds = tuple(seed) if seed else (0, 1, 2)
        train_tagger(
            Job(
                supermat,
                sc_comics,
                output,
                matscholar,
                unlabelled,
                seeds,
                epochs,
                threads,
                with_corrections=with_corrections,
                with_annotations=with_annotations,
                upsample=upsample,
            )
        )


@train_app.command(no_args_is_help=True)
def main(sc_comics: ScComics, output: Out, debug: Debug = False) -> None:
    """Train the choice of an abstract's main material.

    Example: scmine train main corpora/sc-comics -o main_material
    """
    with clear_errors(debug=debug):
        from scmine.corpora.loading import SC_COMICS, load_corpus
        from scmine.corpora.main_material import train_main
        from scmine.corpora.splits import split_corpus
        from scmine.corpora.types import CorpusError

        papers = split_corpus(SC_COMICS, load_corpus(SC_COMICS, sc_comics).papers).train
        try:
            train_main(papers, output)
        except ValueError as error:
            raise CorpusError(sc_comics, f"{len(papers)} training abstracts: {error}") from error


@train_app.command(no_args_is_help=True)
def linker(
    supermat: SuperMat,
    output: Out,
    folds: Annotated[
        int, typer.Option(min=0, metavar="N", help="Cross-validate too, in as many folds.")
    ] = 0,
    seed: Annotated[int, typer.Option(metavar="N", help="Of all that is drawn at random.")] = 0,
    with_corrections: WithCorrections = None,
    with_annotations: WithAnnotations = None,
    upsample: Upsample = 1,
    debug: Debug = False,
) -> None:
    """Train the linker of Tc values with materials, pressures and methods.

    With corrections or annotations the scores of the packaged model on the development papers are
    printed too.

    Example: scmine train linker corpora/supermat -o linker --folds 5

    Example: scmine train linker corpora/supermat -o linker --with-corrections scmine.db

    Example: scmine train linker corpora/supermat -o linker --with-annotations annotated
    """
    if folds == 1:
        usage_error("--folds 1 leaves nothing to learn from: it wants 2 or more, or 0")
    with clear_errors(debug=debug):
        from scmine.corpora.train_linker import main as train

        words = [str(supermat), "-o", str(output), "--seed", str(seed), "--folds", str(folds)]
        words += ["--upsample", str(upsample)]
        if with_corrections is not None:
            words += ["--with-corrections", with_corrections]
        if with_annotations is not None:
            words += ["--with-annotations", str(with_annotations)]
        raise typer.Exit(train(words))


@train_app.command(no_args_is_help=True)
def relations(
    sc_comics: ScComics,
    output: Out,
    debug: Debug = False,
) -> None:
    """Train the linker of SC-CoMIcs' relations and doping events.

    Example: scmine train relations corpora/sc-comics -o relations
    """
    with clear_errors(debug=debug):
        from scmine.corpora.train_relations import main as train

        raise typer.Exit(train([str(sc_comics), "-o", str(output)]))


@train_app.command(no_args_is_help=True)
def relevance(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Titles and abstracts: SC-CoMIcs, SuperMat, Matscholar, papers as *.md, or your "
            "own labelled *.jsonl (docs/relevance.md).",
        ),
    ],
    output: Out,
    debug: Debug = False,
) -> None:
    """Train what tells from title and abstract whether a paper is on superconductors.

    Prints how many papers of each source and label a crawl would fetch: cross-validated over
    papers, and with each source scored by a model that has seen none of it.

    Example: scmine train relevance sc-comics supermat matscholar papers -o relevance
    """
    with clear_errors(debug=debug):
        from scmine.corpora.train_relevance import train_relevance

        train_relevance(folders, output)
