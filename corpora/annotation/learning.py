"""The papers of an imported corpus that may be learnt from: those no model is scored on.

A paper is left out as a whole, so that splits stay splits by paper. What an import writes lives in
``gold``, how papers are recognised in ``scmine.corpora.corrections.training``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scmine.corpora.annotation.gold import ANNOTATIONS_FILE, file_stem
from scmine.corpora.annotation.versions import Unit
from scmine.corpora.corrections.training import HeldOut, PaperNames
from scmine.corpora.loading import SUPERMAT, detect_corpus, load_corpus
from scmine.corpora.types import CorpusError, Paper


@dataclass(frozen=True, slots=True)
class LearnablePapers:
    """Papers to learn from, and which were left out.

    ``linked`` are those of the papers whose links are known throughout; a format without links
    must not teach that there are none.
    """

    corpus: str
    papers: tuple[Paper, ...]
    linked: tuple[Paper, ...]
    held_out: tuple[str, ...]

    def __str__(self) -> str:
        """What is learnt from, and what is not, in a line."""
        mentions = sum(len(passage.mentions) for p in self.papers for passage in p.passages)
        return "; ".join(
            (
                f"{len(self.papers)} papers with {mentions} mentions",
                f"{len(self.linked)} of them with known links",
                f"{len(self.held_out)} papers left out, since models are scored on them",
            )
        )


@dataclass(slots=True)
class _Told:
    """What ``annotations.jsonl`` tells of a file of the corpus; ``paper`` is what it is of."""

    paper: str
    title: str = ""
    doi: str = ""
    file: str = ""
    texts: list[str] = field(default_factory=list)
    has_links: bool = True


def learnable_papers(folder: Path, scored_on: Iterable[Paper]) -> LearnablePapers:
    """The papers in ``folder`` but those that are among ``scored_on``, or that quote them.

    Raises
    ------
    CorpusError
        If the folder is missing, or its files are not as they should be.
    """
    try:
        corpus = detect_corpus(folder)
        papers = load_corpus(corpus, folder).papers
    except FileNotFoundError as error:
        raise CorpusError(
            folder, "holds no annotated papers; scmine annotate import writes them"
        ) from error
    held_out = HeldOut.of(scored_on)
    told = _told(folder, corpus)
    known = {paper.stem: told.get(paper.stem, _Told(paper.stem)) for paper in papers}
    left = {known[p.stem].paper for p in papers if _is_held_out(held_out, p, known[p.stem])}
    taken = tuple(p for p in papers if known[p.stem].paper not in left)
    linked = tuple(p for p in taken if known[p.stem].has_links)
    return LearnablePapers(corpus, taken, linked, tuple(sorted(left)))


def _is_held_out(held_out: HeldOut, paper: Paper, told: _Told) -> bool:
    texts = [*(p.text for p in paper.passages), *told.texts]
    titles = [told.title, *(p.text for p in paper.passages if p.kind == "title")]
    passages = tuple(texts)
    names = [PaperNames(title, told.doi, told.file, passages) for title in titles]
    names.append(PaperNames(path=f"{paper.stem}.pdf"))
    return any(held_out.holds(n) for n in names) or any(held_out.quotes(text) for text in texts)


def _told(folder: Path, corpus: str) -> dict[str, _Told]:
    """What is known of each paper by the stem of its file; nothing without the file."""
    path = folder / ANNOTATIONS_FILE
    found: dict[str, _Told] = {}
    if not path.is_file():
        return found
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            about, decided = data["about"], data["decided"]
            unit = Unit(data["id"], data["text"], about=about)
            is_linked = decided is None or decided["links"] is not None
        except (KeyError, TypeError, ValueError) as error:
            raise CorpusError(path, f"not as an import writes it: {error!r}", number) from error
        stem = file_stem(unit.paper if corpus == SUPERMAT else unit.ident)
        told = found.setdefault(stem, _Told(unit.paper))
        told.title = told.title or about.get("title", "")
        told.doi = told.doi or about.get("doi", "")
        told.file = told.file or about.get("file", "")
        told.texts.append(unit.text)
        told.has_links = told.has_links and is_linked
    return found
