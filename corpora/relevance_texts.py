"""Titles and abstracts with a label, to train and score ``scmine.extractors.relevance``.

From SC-CoMIcs, SuperMat, Matscholar, papers as Markdown, and labelled texts of one's own
(``*.jsonl``). A folder is known by its files. What was judged by hand is in
``data/relevance/labels.csv``; no text is.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from scmine.corpora.matscholar import load_matscholar
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import CorpusError

RELEVANT, NOT, OPEN, BROKEN = "relevant", "not", "open", "broken"
LABELS = (RELEVANT, NOT, OPEN, BROKEN)
_SENTENCES = 6  # of Matscholar make a text; it does not say where an abstract ends
_BLANK_LINE = re.compile(r"\n\s*\n")
_ABSTRACT = 350  # characters of a paragraph that may be the abstract
_TITLE = 15  # characters of a line that may be the title
_FIRST = 40  # paragraphs among which both are looked for


@dataclass(frozen=True, slots=True)
class LabelledText:
    """What a listing gives of a paper, where it is from, and one of ``LABELS``."""

    source: str
    paper: str
    title: str
    abstract: str
    label: str


def load_texts(folder: Path) -> list[LabelledText]:
    """The texts of ``folder``, which is one of the corpora that the module names, or of one file.

    Raises
    ------
    FileNotFoundError
        If there is nothing of the kind.
    CorpusError
        If a file is not as it should be.
    """
    if folder.suffix == ".jsonl" and folder.is_file():
        return list(_own([folder]))
    if any(folder.glob("*.ann")):
        return list(_sc_comics(folder))
    if any(folder.glob("*.tei.xml")):
        return list(_supermat(folder))
    if (folder / "train.txt").is_file():
        return list(_matscholar(folder))
    if any(folder.glob("*.jsonl")):
        return list(_own(sorted(folder.glob("*.jsonl"))))
    if any(folder.glob("*.md")):
        return list(_papers(folder))
    raise FileNotFoundError(
        f"{folder}: no *.ann, *.tei.xml, *.jsonl, *.md or train.txt here; see docs/relevance.md"
    )


@cache
def judged() -> dict[tuple[str, str], str]:
    """The labels judged by hand, by source and paper."""
    text = files("scmine.corpora").joinpath("data", "relevance", "labels.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {(row["source"], row["paper"]): row["label"] for row in csv.DictReader(lines)}


def _labelled(source: str, paper: str, title: str, abstract: str) -> LabelledText:
    return LabelledText(source, paper, title, abstract, judged().get((source, paper), RELEVANT))


def _sc_comics(folder: Path) -> Iterator[LabelledText]:
    for path in sorted(folder.glob("*.txt")):
        yield _labelled("sc-comics", path.stem, "", path.read_text(encoding="utf-8"))


def _supermat(folder: Path) -> Iterator[LabelledText]:
    for paper in load_supermat(folder):
        parts = dict.fromkeys(("title", "abstract"), "")
        for passage in paper.passages:
            if passage.kind in parts:
                parts[passage.kind] = f"{parts[passage.kind]} {passage.text}".strip()
        yield _labelled("supermat", paper.stem, parts["title"], parts["abstract"])


def _matscholar(folder: Path) -> Iterator[LabelledText]:
    """Texts of six sentences of the training file; those that say "superconduct" are left open."""
    sentences = [passage.text for passage in load_matscholar(folder / "train.txt")]
    for at in range(0, len(sentences), _SENTENCES):
        text = " ".join(sentences[at : at + _SENTENCES])
        label = OPEN if "supercond" in text.lower() else NOT
        yield LabelledText("matscholar", str(at), "", text, label)


def _papers(folder: Path) -> Iterator[LabelledText]:
    for path in sorted(folder.glob("*.md")):
        if path.stem.lower() != "readme":
            title, abstract = title_and_abstract(path.read_text(encoding="utf-8", errors="replace"))
            yield _labelled("papers", path.stem, title, abstract)


def _own(paths: list[Path]) -> Iterator[LabelledText]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                text = LabelledText(path.stem, *(str(row[k]) for k in _OWN))
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError(path, f"not a JSON object with {_OWN}: {error}", number) from None
            if text.label not in LABELS:
                raise CorpusError(path, f"label {text.label!r} is none of {LABELS}", number)
            yield text


_OWN = ("id", "title", "abstract", "label")


def title_and_abstract(markdown: str) -> tuple[str, str]:
    """The first line that may be a title, and the first paragraph long enough for an abstract.

    >>> title_and_abstract("# Superconducting MgB2 wires\\n\\nA. Person\\n\\n" + "Words. " * 60)[0]
    'Superconducting MgB2 wires'
    """
    body = markdown.split("\n---\n", 1)[-1]
    paragraphs = [re.sub(r"[*#]", "", " ".join(p.split())).strip() for p in _BLANK_LINE.split(body)]
    paragraphs = [p for p in paragraphs if p][:_FIRST]
    title = next((p for p in paragraphs if len(p) > _TITLE and p[0] not in "!<-["), "")
    abstract = next((p for p in paragraphs if len(p) > _ABSTRACT and p != title), "")
    return title, abstract
