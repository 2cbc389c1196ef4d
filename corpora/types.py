"""The types every annotated corpus is loaded into: papers, their passages, gold mentions and links.

A passage keeps the text as the annotators saw it, blanks normalised and nothing else changed.
Loaders live in one module a corpus (``supermat``); what training does to the text lives in
``respace`` and ``swaps``; what a predicted mention is lives in ``scmine.extractors.claim``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scmine.extractors.claim import Label

Span = tuple[int, int]


class CorpusError(ValueError):
    """A corpus file that is not as it should be; the message names file and, if known, line."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        where = f"{path}, line {line}" if line is not None else str(path)
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class GoldMention:
    """Characters ``start`` to ``end`` (exclusive) of a passage, labelled by an annotator.

    ``ident`` is the identifier the corpus gives the mention, empty if it has none.
    """

    start: int
    end: int
    label: Label
    ident: str = ""


@dataclass(frozen=True, slots=True)
class GoldPassage:
    """One annotated stretch of text.

    ``kind`` is ``title``, ``abstract``, ``keywords``, ``paragraph``, ``figure_caption`` or
    ``table_caption``. Mentions are in the order of the text and do not overlap.
    """

    kind: str
    text: str
    mentions: tuple[GoldMention, ...] = ()

    def surface(self, mention: GoldMention) -> str:
        """The words of a mention."""
        return self.text[mention.start : mention.end]


@dataclass(frozen=True, slots=True)
class GoldLink:
    """Two mentions that belong together, each as (passage index, mention index) in its paper.

    The corpus writes the link at ``tail`` and lets it point to ``head``; both may stand in
    different passages.
    """

    head: tuple[int, int]
    tail: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Paper:
    """One annotated paper; ``stem`` is its file name without the endings."""

    stem: str
    passages: tuple[GoldPassage, ...]
    links: tuple[GoldLink, ...] = ()

    def mention(self, at: tuple[int, int]) -> GoldMention:
        """The mention at (passage index, mention index)."""
        return self.passages[at[0]].mentions[at[1]]
