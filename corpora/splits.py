"""Which papers of a corpus are for training and which for development, by a rule written down.

The rule: papers sorted by the SHA-1 of their stem; the first ``DEV_PAPERS`` are for development.
``data/supermat_split.toml`` holds the outcome for the papers we know, so that a later addition to
the corpus moves no paper from one side to the other.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from importlib.resources import files

from scmine.corpora.types import Paper

DEV_PAPERS = 14


def split_stems(stems: Iterable[str], dev_papers: int = DEV_PAPERS) -> tuple[list[str], list[str]]:
    """(train, dev): the rule itself, each list sorted by name.

    >>> split_stems(["a", "b", "c"], dev_papers=1)
    (['a', 'b'], ['c'])
    """
    ranked = sorted(set(stems), key=lambda stem: hashlib.sha1(stem.encode()).hexdigest())
    return sorted(ranked[dev_papers:]), sorted(ranked[:dev_papers])


def supermat_dev_stems() -> frozenset[str]:
    """The development papers as written down."""
    text = (files("scmine.corpora") / "data" / "supermat_split.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["dev"])


def split_papers(papers: Iterable[Paper]) -> tuple[list[Paper], list[Paper]]:
    """(train, dev) of SuperMat's papers, by the list written down."""
    dev = supermat_dev_stems()
    papers = list(papers)
    return [p for p in papers if p.stem not in dev], [p for p in papers if p.stem in dev]
