"""Corpora become sources: labels, forms of the text, and words for the vectors."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")

from scmine.corpora.loading import SC_COMICS, SUPERMAT
from scmine.corpora.tagger_sources import (
    AUXILIARY,
    SC_COMICS_LABELS,
    SUPERMAT_LABELS,
    kept,
    make_sources,
    texts,
)
from scmine.corpora.types import CorpusError, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label

PRINTED = GoldPassage("paragraph", "The MgB 2 sample .", (GoldMention(4, 9, Label.MATERIAL),))
SUPERMAT_PAPERS = [Paper("p", (PRINTED, GoldPassage("title", "")))]
ABSTRACT = GoldPassage("abstract", "Zn in MgB2", (GoldMention(0, 2, "Element"),))
SC_PAPERS = [Paper("0001", (ABSTRACT,))]


def test_supermat_is_shown_in_both_forms_and_abstracts_twice() -> None:
    sources = make_sources(SUPERMAT_PAPERS, SC_PAPERS)
    assert list(sources) == [SUPERMAT, SC_COMICS]
    supermat, sc_comics = sources[SUPERMAT], sources[SC_COMICS]
    assert [p.text for p in supermat.passages] == ["The MgB2 sample."]
    assert [p.surface(m) for p in supermat.passages for m in p.mentions] == ["MgB2"]
    assert supermat.printed == (PRINTED,)
    assert sc_comics.passages == (ABSTRACT, ABSTRACT)
    assert sc_comics.printed == ()
    assert (supermat.labels, sc_comics.labels) == (SUPERMAT_LABELS, SC_COMICS_LABELS)


def test_labels_are_those_that_are_scored() -> None:
    assert set(SUPERMAT_LABELS) == {"material", "class", "tc", "tcValue", "pressure", "me_method"}
    assert len(set(SC_COMICS_LABELS)) == 9


def test_matscholar_is_learnt_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "train.txt"
    path.write_text("MgB2 B-MAT\nfilm B-DSC\n", encoding="utf-8")
    sources = make_sources(SUPERMAT_PAPERS, SC_PAPERS, path)
    assert sources[AUXILIARY].labels == ("DSC", "MAT")
    assert [p.text for p in sources[AUXILIARY].passages] == ["MgB2 film"]
    assert list(kept(sources)) == [SUPERMAT, SC_COMICS]


def test_a_faulty_or_missing_file_of_matscholar_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        make_sources([], [], tmp_path / "nowhere")
    path = tmp_path / "train.txt"
    path.write_text("MgB2\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        make_sources([], [], path)


def test_words_come_from_each_text_once_and_from_unlabelled_papers(tmp_path: Path) -> None:
    sources = make_sources(SUPERMAT_PAPERS, SC_PAPERS)
    assert list(texts(sources, None)) == ["The MgB2 sample.", "Zn in MgB2"]
    paragraph = "It is a paper of many words that says nothing in particular. " * 4
    (tmp_path / "a.md").write_text(paragraph, encoding="utf-8")
    assert list(texts(sources, tmp_path))[2:] == [paragraph.strip()]
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(texts(sources, tmp_path / "nowhere"))
