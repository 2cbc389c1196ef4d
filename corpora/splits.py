"""Which papers of a corpus are for training and which for development, by rules written down.

SuperMat: papers sorted by the SHA-1 of their stem; the first ``DEV_PAPERS`` are for development.
``data/supermat_split.toml`` holds the outcome for the papers we know, so that a later addition to
the corpus moves no paper from one side to the other, and no paper held back is ever learnt.
SC-CoMIcs: by the abstract's number, as ``data/sc_comics_split.toml`` says.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from scmine.corpora.loading import CORPORA, SUPERMAT
from scmine.corpora.types import Paper

DEV_PAPERS = 14
TRAIN, DEV, OTHER = "train", "dev", "other"


class Split(NamedTuple):
    """The papers of a corpus: to learn from, to choose by, and those for neither."""

    train: list[Paper]
    dev: list[Paper]
    other: list[Paper]


def split_corpus(name: str, papers: Iterable[Paper]) -> Split:
    """The split of the corpus ``name``, each part in the order of ``papers``.

    Raises
    ------
    ValueError
        If there is no such corpus.
    """
    if name not in CORPORA:
        raise ValueError(f"no corpus {name!r}; there are {', '.join(CORPORA)}")
    split = Split([], [], [])
    for paper in papers:
        getattr(split, part_of(name, paper.stem)).append(paper)
    return split


def part_of(name: str, stem: str) -> str:
    """``train`` or ``dev``, or ``other`` for a paper of which nothing is written down.

    >>> part_of("sc-comics", "0700"), part_of("sc-comics", "0801"), part_of("supermat", "new")
    ('train', 'other', 'other')
    """
    if name == SUPERMAT:
        return _supermat_parts().get(stem, OTHER)
    part = sc_comics_part(stem)
    return part if part in (TRAIN, DEV) else OTHER


def split_stems(stems: Iterable[str], dev_papers: int = DEV_PAPERS) -> tuple[list[str], list[str]]:
    """(train, dev): SuperMat's rule itself, each list sorted by name.

    >>> split_stems(["a", "b", "c"], dev_papers=1)
    (['a', 'b'], ['c'])
    """
    ranked = sorted(set(stems), key=lambda stem: hashlib.sha1(stem.encode()).hexdigest())
    return sorted(ranked[dev_papers:]), sorted(ranked[:dev_papers])


def supermat_dev_stems() -> frozenset[str]:
    """SuperMat's development papers as written down."""
    return frozenset(stem for stem, part in _supermat_parts().items() if part == DEV)


def split_papers(papers: Iterable[Paper]) -> tuple[list[Paper], list[Paper]]:
    """(train, dev) of SuperMat's papers, by the list written down; others are in neither."""
    train, dev, _ = split_corpus(SUPERMAT, papers)
    return train, dev


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
def _supermat_parts() -> dict[str, str]:
    split = _written_down("supermat_split.toml")
    return {stem: part for part in (TRAIN, DEV) for stem in split[part]}


@cache
def _written_down(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("scmine.corpora") / "data" / name).read_text("utf-8"))
