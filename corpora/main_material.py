"""SC-CoMIcs' abstracts as examples for the choice of main materials, and the fit of that choice.

Features and use live in ``scmine.extractors.main_material``; the command is ``scmine train``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from scmine.corpora.link_examples import Example
from scmine.corpora.link_training import LinkRecipe, fit
from scmine.corpora.types import GoldPassage, Paper
from scmine.extractors.link_model import save_models
from scmine.extractors.main_material import ELEMENT, MAIN, MODEL, choices, names

RECIPE = LinkRecipe(epochs=20, decay=0.3, least_count=3, threshold=0.2, second_threshold=0.15)


def examples(papers: Iterable[Paper]) -> Iterator[Example]:
    """One example an abstract that names a material; several main materials share its weight."""
    for paper in papers:
        for passage in paper.passages:
            materials = [m for m in passage.mentions if m.label in (MAIN, ELEMENT)]
            found = names(passage.text, [(m.start, m.end) for m in materials])
            if found:
                right = _main_names(passage)
                shares = np.array([n.text in right for n in found] + [not right], np.float32)
                yield Example(choices(passage.text, found), shares / shares.sum())


def train_main(papers: Iterable[Paper], folder: Path, recipe: LinkRecipe = RECIPE) -> None:
    """Fit the choice to ``papers`` and write it into ``folder``.

    Raises
    ------
    ValueError
        If there is too little to learn from.
    """
    save_models({MODEL: fit(list(examples(papers)), recipe)}, folder)


def _main_names(passage: GoldPassage) -> set[str]:
    mains = [(m.start, m.end) for m in passage.mentions if m.label == MAIN]
    return {name.text for name in names(passage.text, mains)}
