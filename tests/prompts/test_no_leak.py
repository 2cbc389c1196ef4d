"""Nothing that prompts show a language model comes from the corpora that it is measured on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scmine.corpora.loading import CORPORA, load_corpus

WORDS = 8
"""So many words in a row are taken for a copy."""


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """All runs of words of a text, which may not be told apart by signs, blanks or case."""
    words = re.findall(r"\w+", text.lower())
    return (tuple(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1))


def strings(value: object) -> Iterator[str]:
    """All strings inside JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


@pytest.mark.shared
@pytest.mark.parametrize("corpus", CORPORA)
def test_prompts_share_no_run_of_words_with_a_corpus(shared: Path, root: Path, corpus: str) -> None:
    known = {
        run
        for paper in load_corpus(corpus, shared / "corpora" / corpus).papers
        for passage in paper.passages
        for run in runs(passage.text)
    }
    assert len(known) > 10_000
    prompts = root / "prompts"
    examples = sorted(prompts.glob("*/examples.jsonl"))
    assert examples
    shown = {
        f"{file.parent.name}, example {number}": list(strings(json.loads(line)))
        for file in examples
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    }
    shown |= {str(file): [file.read_text(encoding="utf-8")] for file in prompts.glob("*/v*.md")}
    copied = {
        name: " ".join(run)
        for name, texts in shown.items()
        for text in texts
        for run in runs(text)
        if run in known
    }
    assert not copied
