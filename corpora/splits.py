"""Which papers of a corpus are for training and which for development, by rules written down.

SuperMat: papers sorted by the SHA-1 of their stem; the first ``DEV_PAPERS`` are for development.
``data/supermat_split.toml`` holds the outcome for the papers we know, so that a later addition to
the corpus moves no paper from one side to the other. SC-CoMIcs: by the abstract's number, as
``data/sc_comics_split.toml`` says.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from scmine.corpora.loading import CORPORA, SC_COMICS, SUPERMAT
from scmine.corpora.types import Paper

DEV_PAPERS = 14


class Split(NamedTuple):
    """The papers of a corpus: to learn from, to choose by, and those for neither."""

    train: list[Paper]
    dev: list[Paper]
    other: list[Paper]


def split_corpus(name: str, papers: Iterable[Paper]) -> Split:
    """The split of the corpus ``name``, each part in the order of ``papers``.

    A paper of SuperMat that is not written down is for training. An abstract of SC-CoMIcs that is
    held back, or whose stem is no number of the corpus, is in ``other``.

    Raises
    ------
    ValueError
        If there is no such corpus.
    """
    if name == SUPERMAT:
        return Split(*split_papers(papers), [])
    if name != SC_COMICS:
        raise ValueError(f"no corpus {name!r}; there are {', '.join(CORPORA)}")
    split = Split([], [], [])
    parts = {"train": split.train, "dev": split.dev}
    for paper in papers:
        parts.get(sc_comics_part(paper.stem), split.other).append(paper)
    return split


def split_stems(stems: Iterable[str], dev_papers: int = DEV_PAPERS) -> tuple[list[str], list[str]]:
    """(train, dev): SuperMat's rule itself, each list sorted by name.

    >>> split_stems(["a", "b", "c"], dev_papers=1)
    (['a', 'b'], ['c'])
    """
    ranked = sorted(set(stems), key=lambda stem: hashlib.sha1(stem.encode()).hexdigest())
    return sorted(ranked[dev_papers:]), sorted(ranked[:dev_papers])


def supermat_dev_stems() -> frozenset[str]:
    """SuperMat's development papers as written down."""
    return frozenset(_written_down("supermat_split.toml")["dev"])


def split_papers(papers: Iterable[Paper]) -> tuple[list[Paper], list[Paper]]:
    """(train, dev) of SuperMat's papers, by the list written down."""
    dev = supermat_dev_stems()
    papers = list(papers)
    return [p for p in papers if p.stem not in dev], [p for p in papers if p.stem in dev]


def sc_comics_part(stem: str) -> str:
    """``train``, ``dev`` or ``test`` by an abstract's number; empty if it has none of the corpus.

    >>> sc_comics_part("0700"), sc_comics_part("0701"), sc_comics_part("0801"), sc_comics_part("x")
    ('train', 'dev', 'test', '')
    """
    if not (stem.isascii() and stem.isdigit()):
        return ""
    for part, bounds in _written_down("sc_comics_split.toml").items():
        if bounds["first"] <= int(stem) <= bounds["last"]:
            return part
    return ""


@cache
def _written_down(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("scmine.corpora") / "data" / name).read_text("utf-8"))
