"""Trains the packaged tagger; ``scmine train tagger`` calls it.

Fits one network a seed, keeps each as a checkpoint in ``OUT/checkpoints`` (a seed that is there is
not fitted again), and writes them together as a model. Fitting sees training papers only; the
development papers give the scores that are printed after each epoch. Needs the extra ``train``.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from scmine.corpora.annotation.learning import learnable_papers
from scmine.corpora.corrections.learning import learnable
from scmine.corpora.corrections.training import partial_passage
from scmine.corpora.evaluate import Score, add_scores, gold_spans, micro_f1, score_passage
from scmine.corpora.export import write_model
from scmine.corpora.fitting import Progress, Recipe, Source, fit
from scmine.corpora.loading import SC_COMICS, SUPERMAT, load_corpus
from scmine.corpora.network import Network, Shape
from scmine.corpora.respace import reading_form, vocabulary
from scmine.corpora.splits import Split, split_corpus
from scmine.corpora.tagger_sources import SUPERMAT_LABELS, kept, make_sources, texts
from scmine.corpora.types import GoldPassage, Paper, PartialPassage
from scmine.corpora.vectors import Vectors, word_vectors
from scmine.extractors.sequence_model import SequenceModel
from scmine.extractors.tidy import tidy

NAME, VERSION = "tagger", "1"
_VECTORS_FILE = "vectors.npz"
_JOB_FILE = "job.sha256"


@dataclass(frozen=True, slots=True)
class Job:
    """What to train on, how, and where to.

    ``supermat`` and ``sc_comics`` are the corpora's folders, ``matscholar`` its training file,
    ``unlabelled`` a folder of papers as text, ``out`` the model's folder; there is one member a
    seed. ``with_corrections`` is a database whose corrections are learnt too, and
    ``with_annotations`` a folder of papers that annotators gave back, each ``upsample`` times an
    epoch.
    """

    supermat: Path
    sc_comics: Path
    out: Path
    matscholar: Path | None = None
    unlabelled: Path | None = None
    seeds: tuple[int, ...] = (0, 1, 2)
    epochs: int = 8
    threads: int = 1
    quantised: bool = True
    with_corrections: str | None = None
    with_annotations: Path | None = None
    upsample: int = 1


@dataclass(frozen=True, slots=True)
class DevSets:
    """Development passages by the name under which their score is printed, and their scheme."""

    passages: dict[str, tuple[str, list[GoldPassage]]]


def dev_sets(train: Sequence[Paper], supermat: Sequence[Paper], sc: Sequence[Paper]) -> DevSets:
    """SuperMat's development passages in both forms, and SC-CoMIcs'."""
    words = vocabulary(train)
    printed = [p for paper in supermat for p in paper.passages if p.text]
    return DevSets(
        {
            "SuperMat, reading form": (SUPERMAT, [reading_form(p, words) for p in printed]),
            "SuperMat, printed form": (SUPERMAT, printed),
            "SC-CoMIcs": (SC_COMICS, [p for paper in sc for p in paper.passages if p.text]),
        }
    )


def score_model(model: SequenceModel, dev: DevSets) -> dict[str, dict[str, Score]]:
    """Exact scores by label of each set; SC-CoMIcs' main materials stay apart from its elements."""
    result = {}
    for name, (scheme, passages) in dev.passages.items():
        found = model.spans([p.text for p in passages], scheme)
        result[name] = add_scores(
            score_passage(
                gold_spans(passage),
                [(*tidy(passage.text, s.start, s.end), s.label) for s in spans],
                exact=True,
            )
            for passage, spans in zip(passages, found, strict=True)
        )
    return result


def train_tagger(job: Job) -> None:
    """Do ``job``; what was reached is printed.

    Raises
    ------
    CorpusError, FileNotFoundError
        If a corpus is missing or faulty.
    DatabaseError
        If the database of corrections is missing or cannot be read.
    FileExistsError
        If ``job.out`` holds checkpoints of other texts or of another number of epochs.
    """
    torch.set_num_threads(job.threads)
    supermat = split_corpus(SUPERMAT, load_corpus(SUPERMAT, job.supermat).papers)
    sc_comics = split_corpus(SC_COMICS, load_corpus(SC_COMICS, job.sc_comics).papers)
    corrected = _corrected(job, (supermat, sc_comics))
    annotated = _annotated(job, (supermat, sc_comics))
    sources = make_sources(
        [*supermat.train, *annotated[SUPERMAT]],
        [*sc_comics.train, *annotated[SC_COMICS]],
        job.matscholar,
        corrected,
    )
    _claim(job, sources)
    vectors = _vectors(job.out, texts(sources, job.unlabelled))
    dev = dev_sets(supermat.train, supermat.dev, sc_comics.dev)
    if job.with_corrections is not None or job.with_annotations is not None:
        packaged = SequenceModel(files("scmine.extractors") / "models" / NAME)
        _print(score_model(packaged, dev), "before: the packaged model")
    networks = [
        _fitted(Recipe(seed=seed, epochs=job.epochs), sources, vectors, dev, job.out)
        for seed in job.seeds
    ]
    write_model(networks, kept(sources), vectors, (NAME, VERSION), job.out, job.quantised)
    _print(score_model(SequenceModel(job.out), dev), f"{len(networks)} members together")


def _corrected(job: Job, splits: Sequence[Split]) -> list[PartialPassage]:
    """The passages of the job's database that people have judged, as often as they are shown.

    Those of papers that are scored on, or might be, are left out.
    """
    if job.with_corrections is None:
        return []
    scored_on = [paper for split in splits for paper in (*split.dev, *split.other)]
    found = learnable(job.with_corrections, scored_on)
    print(f"corrections: {found}", flush=True)
    passages = [partial_passage(c, SUPERMAT_LABELS) for c in found.corrections]
    return passages * job.upsample


def _annotated(job: Job, splits: Sequence[Split]) -> dict[str, list[Paper]]:
    """The papers of the job's annotations by corpus, as often as they are shown.

    Those that are scored on, or might be, are left out.
    """
    papers: dict[str, list[Paper]] = {SUPERMAT: [], SC_COMICS: []}
    if job.with_annotations is not None:
        scored_on = [paper for split in splits for paper in (*split.dev, *split.other)]
        found = learnable_papers(job.with_annotations, scored_on)
        print(f"annotations: {found}", flush=True)
        papers[found.corpus] = list(found.papers) * job.upsample
    return papers


def _claim(job: Job, sources: dict[str, Source]) -> None:
    """Write down what the checkpoints are made of, so that no other job takes them for its own."""
    digest = hashlib.sha256(repr((job.epochs, sources)).encode("utf-8"))
    for text in texts({}, job.unlabelled):
        digest.update(text.encode("utf-8"))
    path = job.out / "checkpoints" / _JOB_FILE
    if path.exists() and path.read_text(encoding="utf-8") != digest.hexdigest():
        raise FileExistsError(
            f"{path.parent}: checkpoints of other texts or another number of epochs; name "
            "another folder, or delete them"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(digest.hexdigest(), encoding="utf-8")


def _fitted(
    recipe: Recipe, sources: dict[str, Source], vectors: Vectors, dev: DevSets, out: Path
) -> Network:
    """The network of one seed, from its checkpoint if there is one."""
    seed = recipe.seed
    folder = out / "checkpoints"
    path = folder / f"seed-{seed}.pt"
    network = Network(vectors.table, {k: list(s.labels) for k, s in sources.items()}, Shape())
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
        return network.eval()
    began = time.monotonic()

    def report(progress: Progress) -> None:
        trial = folder / f"seed-{seed}"
        write_model(
            [progress.network], kept(sources), vectors, (NAME, VERSION), trial, quantised=False
        )
        losses = ", ".join(f"{scheme} {loss:.4f}" for scheme, loss in progress.losses.items())
        minutes = (time.monotonic() - began) / 60
        title = f"seed {seed}, epoch {progress.epoch}, {minutes:.1f} min, loss a word: {losses}"
        _print(score_model(SequenceModel(trial), dev), title)

    network = fit(sources, vectors, recipe, Shape(), report)
    partial = folder / f"seed-{seed}.partial"
    torch.save(network.state_dict(), partial)
    partial.replace(path)  # a run that is killed leaves no half checkpoint
    return network


def _vectors(out: Path, texts: Iterable[str]) -> Vectors:
    """Word vectors, made once and kept beside the checkpoints."""
    path = out / "checkpoints" / _VECTORS_FILE
    if path.exists():
        with np.load(path, allow_pickle=False) as arrays:
            return Vectors(tuple(arrays["kinds"].tolist()), arrays["table"])
    vectors = word_vectors(texts)
    partial = path.with_name(f"partial-{_VECTORS_FILE}")
    np.savez(partial, kinds=np.array(vectors.kinds), table=vectors.table)
    partial.replace(path)
    return vectors


def _print(results: dict[str, dict[str, Score]], title: str) -> None:
    print(title)
    for name, scores in results.items():
        labels = ", ".join(f"{k} {s.f1:.1f}" for k, s in scores.items() if k != "micro")
        print(f"  {name}: exact micro F1 {micro_f1(scores):.1f} ({labels})", flush=True)
