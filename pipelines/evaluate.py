"""``scmine evaluate``: a corpus in, scores and on request a page of gold against prediction out.

This module loads, chooses and runs; what is counted lives in ``scmine.corpora.evaluation``, how it
is printed in ``evaluate_report``.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scmine.corpora.evaluation import Evaluation, Setting, evaluation
from scmine.corpora.held_out import choose, count_parts
from scmine.corpora.loading import SUPERMAT, detect_corpus, load_corpus
from scmine.corpora.predict import TaggedPaper, predict
from scmine.corpora.projection import ProjectionReport, project
from scmine.corpora.respace import vocabulary
from scmine.corpora.scored import ScoredPaper, scored_paper
from scmine.corpora.splits import TRAIN, part_of
from scmine.corpora.types import Corpus, CorpusError, Paper
from scmine.corpora.view import write_view
from scmine.extractors import read
from scmine.extractors.document import ReadError
from scmine.extractors.schemes import Scheme, linker, tagger
from scmine.pipelines.output import open_output

READING, PDF = "reading", "pdf"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be scored.

    Attributes
    ----------
    corpus, folder
        One of ``scmine.corpora.loading.CORPORA`` and where it is.
    split
        One of ``scmine.corpora.held_out.CHOICES``.
    form
        ``printed`` or ``reading``; without effect if ``pdf`` is given.
    pdf
        A folder of PDFs named by the papers' stems, whose text is scored.
    model
        The folder of another tagger's model than the packaged one.
    errors
        How many errors to sample.
    """

    corpus: str
    folder: Path
    split: str = "held-out"
    form: str = "printed"
    pdf: Path | None = None
    model: Path | None = None
    errors: int = 0


def evaluate(request: Request, html: Path | None = None) -> Evaluation:
    """Score the tagger and the linker of a corpus; ``html`` is where the page goes.

    Raises
    ------
    FileNotFoundError
        If a folder is missing or holds nothing of the corpus, or the model is missing.
    CorpusError
        If a file is not as it should be, or no paper is of the split asked for.
    ModelMissing
        If no model for the corpus is packaged.
    """
    for folder in (request.pdf, request.model):
        if folder is not None and not folder.is_dir():
            raise FileNotFoundError(f"{folder}: no such folder")
    scheme = Scheme(request.corpus)
    models = tagger(scheme, request.model), linker(scheme)
    corpus = _load(request)
    chosen = _chosen(corpus, request)
    report = ProjectionReport() if request.pdf is not None else None
    scored = _scored(corpus, chosen, request, report)
    papers: list[TaggedPaper] = []
    unscored: Counter[str] = Counter()
    for gold in scored:
        unscored.update(gold.unscored)
        papers += predict([gold], *models)
        _show(len(papers), len(chosen))
    if not papers:
        raise CorpusError(request.folder, f"no PDF of its papers can be read in {request.pdf}")
    stems = {paper.stem for paper in papers}
    setting = Setting(
        corpus=request.corpus,
        folder=str(request.folder),
        split=request.split,
        form=PDF if request.pdf is not None else request.form,
        model="packaged" if request.model is None else str(request.model),
        papers=count_parts(request.corpus, [p for p in chosen if p.stem in stems]),
        papers_left_out=count_parts(
            request.corpus, [p for p in corpus.papers if p.stem not in stems]
        ),
    )
    if html is not None:
        with open_output(html) as stream:
            for piece in write_view(papers, f"{request.corpus}: gold and prediction"):
                stream.write(piece.encode("utf-8"))
    return evaluation(setting, papers, unscored, report, request.errors)


def _load(request: Request) -> Corpus:
    try:
        return load_corpus(request.corpus, request.folder)
    except FileNotFoundError:
        other = detect_corpus(request.folder)  # says so if there is no folder or no corpus at all
        raise CorpusError(
            request.folder,
            f"holds {other} and not {request.corpus}: scmine evaluate {other}",
        ) from None


def _chosen(corpus: Corpus, request: Request) -> list[Paper]:
    chosen = choose(corpus.name, corpus.papers, request.split)
    if not chosen:
        counts = count_parts(corpus.name, corpus.papers)
        there = ", ".join(f"{count} {part}" for part, count in counts.items())
        raise CorpusError(
            request.folder, f"no paper here is {request.split} ({there}); see --split"
        )
    return chosen


def _scored(
    corpus: Corpus, chosen: Sequence[Paper], request: Request, report: ProjectionReport | None
) -> Iterator[ScoredPaper]:
    """The chosen papers as they are scored; with PDFs, those that can be read."""
    if request.pdf is None or report is None:
        words = None
        if corpus.name == SUPERMAT and request.form == READING:
            train = [p for p in corpus.papers if part_of(corpus.name, p.stem) == TRAIN]
            words = vocabulary(train or corpus.papers)
        yield from (scored_paper(corpus.name, paper, words) for paper in chosen)
        return
    for paper in chosen:
        path = request.pdf / f"{paper.stem}.pdf"
        try:
            document = read(path)
        except ReadError as error:
            report.unread[paper.stem] = f"{error.status}: {error}"
            continue
        yield project(paper, document, report)


def _show(done: int, total: int) -> None:
    """Progress on standard error, if that is a terminal."""
    if sys.stderr.isatty():
        end = "\r" if done < total else "\r\x1b[K"
        print(f"{done}/{total} papers", end=end, file=sys.stderr, flush=True)
