"""A gold passage as the taggers and linkers take it: without its annotations."""

from __future__ import annotations

from scmine.corpora.types import GoldPassage
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.sentences import split_sentences

_KINDS = {
    "title": PassageKind.TITLE,
    "abstract": PassageKind.ABSTRACT,
    "figure_caption": PassageKind.CAPTION,
    "table_caption": PassageKind.CAPTION,
}


def as_passage(gold: GoldPassage) -> Passage:
    """The text of ``gold`` with its sentences; kinds that readers do not tell are paragraphs.

    >>> as_passage(GoldPassage("figure_caption", "It falls. It rises.")).kind.value
    'caption'
    """
    kind = _KINDS.get(gold.kind, PassageKind.PARAGRAPH)
    return Passage(kind, gold.text, sentences=split_sentences(gold.text))
