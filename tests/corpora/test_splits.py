"""The split follows its rule and keeps papers on their side."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.loading import SC_COMICS, SUPERMAT
from scmine.corpora.splits import (
    DEV_PAPERS,
    sc_comics_part,
    split_corpus,
    split_papers,
    split_stems,
    supermat_dev_stems,
)
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import Paper


@given(st.sets(st.text(min_size=1, max_size=8), max_size=30), st.integers(0, 5))
def test_the_rule_parts_all_and_needs_no_order(stems: set[str], dev_papers: int) -> None:
    train, dev = split_stems(stems, dev_papers)
    assert (train, dev) == split_stems(sorted(stems, reverse=True), dev_papers)
    assert sorted(train + dev) == sorted(stems)
    assert len(dev) == min(dev_papers, len(stems))


def test_a_paper_that_is_not_written_down_is_never_learnt() -> None:
    dev_stem = min(supermat_dev_stems())
    train, dev = split_papers([Paper(dev_stem, ()), Paper("a paper added later", ())])
    assert [p.stem for p in dev] == [dev_stem]
    assert not train


def test_abstracts_are_split_by_their_number() -> None:
    stems = ["0001", "0700", "0701", "0800", "0801", "1000", "1001", "0000", "notes", "١"]
    split = split_corpus(SC_COMICS, [Paper(stem, ()) for stem in stems])
    assert [p.stem for p in split.train] == ["0001", "0700"]
    assert [p.stem for p in split.dev] == ["0701", "0800"]
    assert [p.stem for p in split.other] == stems[4:]
    assert [sc_comics_part(stem) for stem in stems[4:]] == ["test", "test", "", "", "", ""]


def test_every_corpus_has_its_split_and_no_other_has() -> None:
    dev_stem = min(supermat_dev_stems())
    papers = [Paper(dev_stem, ()), Paper("0701", ())]
    assert split_corpus(SUPERMAT, papers) == ([], papers[:1], papers[1:])
    with pytest.raises(ValueError, match="no corpus 'x'"):
        split_corpus("x", papers)


@pytest.mark.shared
def test_what_is_written_down_is_what_the_rule_says(shared: Path) -> None:
    papers = load_supermat(shared / "corpora" / "supermat")
    train, dev = split_stems(p.stem for p in papers)
    assert set(dev) == supermat_dev_stems()
    assert (len(train), len(dev)) == (93, DEV_PAPERS)
