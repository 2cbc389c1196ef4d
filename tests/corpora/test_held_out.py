"""What is held out is what no packaged model has seen, known to the split or not."""

from __future__ import annotations

import pytest

from scmine.corpora.held_out import choose, count_parts
from scmine.corpora.splits import part_of, supermat_dev_stems
from scmine.corpora.types import Paper

DEV = sorted(supermat_dev_stems())[0]
PAPERS = [Paper(stem, ()) for stem in (DEV, "EPL0330153-CC", "a-new-paper")]


def test_a_paper_that_the_split_does_not_know_is_held_out() -> None:
    assert [part_of("supermat", p.stem) for p in PAPERS] == ["dev", "train", "other"]
    assert [p.stem for p in choose("supermat", PAPERS, "held-out")] == [DEV, "a-new-paper"]


def test_abstracts_held_back_are_other() -> None:
    papers = [Paper(f"{n:04}", ()) for n in (1, 701, 801, 1001)]
    assert count_parts("sc-comics", papers) == {"train": 1, "dev": 1, "other": 2}
    assert [p.stem for p in choose("sc-comics", papers, "held-out")] == ["0701", "0801", "1001"]
    assert [p.stem for p in choose("sc-comics", papers, "train")] == ["0001"]
    assert choose("sc-comics", papers, "all") == papers


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="held-out"):
        choose("supermat", PAPERS, "test")
