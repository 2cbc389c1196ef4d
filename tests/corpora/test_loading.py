"""A corpus is found by its name or by its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.loading import CORPORA, SC_COMICS, SUPERMAT, detect_corpus, load_corpus
from scmine.corpora.types import CorpusError

TEI = (
    '<tei xmlns="http://www.tei-c.org/ns/1.0"><text><body><p><rs type="tc">Tc</rs></p></body>'
    "</text></tei>"
)


def fill(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    if name == SUPERMAT:
        (folder / "a.tei.xml").write_text(TEI, encoding="utf-8")
    else:
        (folder / "0001.txt").write_text("Tc", encoding="utf-8")
        (folder / "0001.ann").write_text("T1\tSC 0 2\tTc", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", CORPORA)
def test_a_corpus_is_told_by_its_files_and_loaded_by_its_name(tmp_path: Path, name: str) -> None:
    folder = fill(tmp_path, name)
    assert detect_corpus(folder) == name
    corpus = load_corpus(name, folder)
    assert corpus.name == name
    [paper] = corpus.papers
    [passage] = paper.passages
    assert passage.surface(passage.mentions[0]) == "Tc"


def test_what_is_no_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no corpus 'other'; there are supermat, sc-comics"):
        load_corpus("other", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no corpus here; looked for \*\.tei\.xml"):
        detect_corpus(tmp_path)
    with pytest.raises(FileNotFoundError, match="gone: no such folder"):
        detect_corpus(tmp_path / "gone")
    fill(fill(tmp_path, SUPERMAT), SC_COMICS)
    with pytest.raises(CorpusError, match="keep one corpus a folder"):
        detect_corpus(tmp_path)
