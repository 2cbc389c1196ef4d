"""What a paper as a whole says of its materials, as it is told along with every part of it.

A passage says "the x = 0.1 sample" or "S2"; what that means often stands pages before. Which part
of the paper is asked about lives in ``tasks``; how such names are resolved in
``scmine.extractors.context``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.abbreviations import find_abbreviations
from scmine.extractors.claim import Mention
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Document, PassageKind
from scmine.extractors.llm.fencing import shown_text
from scmine.extractors.samples import find_samples, samples_of_table

MOST_NAMES = 12
"""Names that are told along at most: those that the text asked about uses."""

_LONGEST_NAME = 120
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """Title, main material as printed, and names with what they stand for, in order of print."""

    title: str = ""
    main: str = ""
    names: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, document: Document, mentions: Sequence[Sequence[Mention]] = ()) -> PaperFacts:
        """The facts of ``document``; ``mentions`` are those of its passages, as extraction has
        them, without which no main material is told."""
        main = None
        if mentions:
            context = MaterialContext.of(document.passages, mentions, document.tables)
            main = context.main_printed()
        return cls(document.metadata.title, main or "", tuple(_names(document).items()))

    def lines(self, section: str, text: str, with_title: bool = True) -> str:
        """What is told along with ``text`` of ``section``: a line a fact, only those known."""
        used = [n for n in self.names if _is_used(n[0], text)][:MOST_NAMES]
        facts = {
            "title": self.title[:_LONGEST_TITLE] if with_title else "",
            "section": section[:_LONGEST_TITLE],
            "main material": self.main[:_LONGEST_NAME],
            "names": "; ".join(f"{n} = {meaning[:_LONGEST_NAME]}" for n, meaning in used),
        }
        return "\n".join(f"{k}: {shown_text(v).strip()}" for k, v in facts.items() if v.strip())


def _names(document: Document) -> dict[str, str]:
    """Short forms and sample labels; of two meanings the first."""
    names: dict[str, str] = {}
    for passage in document.passages:
        if passage.kind is PassageKind.HEADING:
            continue
        for definition in find_abbreviations(passage.text):
            names.setdefault(definition.short, definition.formula)
        for low, high in passage.sentences or ((0, len(passage.text)),):
            for label, said, _ in find_samples(passage.text[low:high]):
                names.setdefault(label, said)
    for table in document.tables:
        for label, said, _ in samples_of_table(table):
            names.setdefault(label, said)
    return names


def _is_used(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
