"""Loads a corpus by its name, and tells from a folder which corpus it holds.

Reading the files is the affair of one module a corpus: ``supermat``, ``sc_comics``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scmine.corpora.sc_comics import load_sc_comics
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import Corpus, CorpusError, Paper

SUPERMAT = "supermat"
SC_COMICS = "sc-comics"
_LOADERS: dict[str, Callable[[Path], list[Paper]]] = {
    SUPERMAT: load_supermat,
    SC_COMICS: load_sc_comics,
}
_MARKS = {SUPERMAT: "*.tei.xml", SC_COMICS: "*.ann"}
CORPORA = tuple(_LOADERS)


def load_corpus(name: str, folder: Path) -> Corpus:
    """The corpus ``name`` (one of ``CORPORA``) from the files of ``folder``.

    Raises
    ------
    ValueError
        If there is no such corpus.
    FileNotFoundError
        If the folder holds no file of the corpus.
    CorpusError
        If a file is not as it should be.
    """
    loader = _LOADERS.get(name)
    if loader is None:
        raise ValueError(f"no corpus {name!r}; there are {', '.join(CORPORA)}")
    return Corpus(name, tuple(loader(folder)))


def detect_corpus(folder: Path) -> str:
    """Which of ``CORPORA`` a folder holds, by the endings of its files.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or it holds neither ``*.tei.xml`` nor ``*.ann``.
    CorpusError
        If it holds both.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such folder")
    found = [name for name, mark in _MARKS.items() if next(folder.glob(mark), None) is not None]
    marks = [f"{mark} ({name})" for name, mark in _MARKS.items()]
    if not found:
        raise FileNotFoundError(f"{folder}: no corpus here; looked for {' and '.join(marks)}")
    if len(found) > 1:
        raise CorpusError(folder, f"holds {' and '.join(marks)}; keep one corpus a folder")
    return found[0]
