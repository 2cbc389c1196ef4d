"""What the tagger learns from: corpora turned into the passages, labels and vectors ``fit`` takes.

SuperMat in the reading form of our PDF reader and as GROBID printed it, SC-CoMIcs' abstracts, and
Matscholar's as an auxiliary task that no model keeps; word vectors from the words of all of them
and of unlabelled papers. Only training papers are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scmine.corpora.fitting import Source
from scmine.corpora.loading import SC_COMICS, SUPERMAT
from scmine.corpora.matscholar import load_matscholar
from scmine.corpora.respace import reading_form, vocabulary
from scmine.corpora.supermat import LABELS
from scmine.corpora.types import GoldPassage, Paper, PartialPassage
from scmine.corpora.unlabelled import prose

AUXILIARY = "matscholar"
SUPERMAT_LABELS = tuple(LABELS)
SC_COMICS_LABELS = (
    "Element",
    "Main",
    "Material",
    "Property",
    "Value",
    "SC",
    "Process",
    "Characterization",
    "Doping",
)
_LONGEST = {SUPERMAT: 160, SC_COMICS: 420, AUXILIARY: 160}  # words; an abstract stays whole
_ABSTRACT_SHOWINGS = 2  # an epoch; SC-CoMIcs is the smaller corpus


def make_sources(
    supermat: Sequence[Paper],
    sc_comics: Sequence[Paper],
    matscholar: Path | None = None,
    corrected: Sequence[PartialPassage] = (),
) -> dict[str, Source]:
    """The training passages by scheme, from training papers and Matscholar's training file.

    ``corrected`` are passages of which people have judged a part, under SuperMat's labels.

    Raises
    ------
    CorpusError, FileNotFoundError
        If Matscholar's file is missing or faulty.
    """
    words = vocabulary(supermat)
    printed = tuple(_passages(supermat))
    closed = tuple(reading_form(p, words) for p in printed)
    abstracts = tuple(_passages(sc_comics)) * _ABSTRACT_SHOWINGS
    sources = {
        SUPERMAT: Source(SUPERMAT_LABELS, closed, _LONGEST[SUPERMAT], printed, tuple(corrected)),
        SC_COMICS: Source(SC_COMICS_LABELS, abstracts, _LONGEST[SC_COMICS]),
    }
    if matscholar is not None:
        sentences = tuple(load_matscholar(matscholar))
        labels = tuple(sorted({m.label for p in sentences for m in p.mentions}))
        sources[AUXILIARY] = Source(labels, sentences, _LONGEST[AUXILIARY])
    return sources


def kept(sources: dict[str, Source]) -> dict[str, Source]:
    """The sources whose labels a model keeps."""
    return {scheme: source for scheme, source in sources.items() if scheme != AUXILIARY}


def texts(sources: dict[str, Source], unlabelled: Path | None) -> Iterator[str]:
    """All text that word vectors are made from: the training passages, each once, and more."""
    for source in sources.values():
        known, partial = (p.text for p in source.passages), (p.text for p in source.partial)
        yield from dict.fromkeys((*known, *partial))
    if unlabelled is not None:
        yield from prose(unlabelled)


def _passages(papers: Sequence[Paper]) -> Iterator[GoldPassage]:
    return (p for paper in papers for p in paper.passages if p.text)
