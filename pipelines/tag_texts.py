"""Tags texts: the mentions of each, or those given, and the links between them, as plain data.

This is what a worker process of ``scmine tag`` runs. Taggers and linkers are chosen by
``scmine.extractors.schemes``; what a line of input looks like is known to ``tag_lines``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scmine.extractors.claim import Label, Linker, Mention, Tagger
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.schemes import Scheme, linker, tagger
from scmine.extractors.sentences import split_sentences

_FIRST_TEXT = "MgB2 has Tc = 39 K."
"""Tagged once at the start, so that a model that cannot be loaded is known before any line."""


class TextTagger:
    """Answers a batch of texts.

    A text comes as ``{"text", "entities"}``; ``entities`` is None or a list of (start, end,
    label). Its answer is ``{"entities", "links", "sentences"}``, the last being their number, or
    ``{"error"}``. Links between given mentions do not depend on the order in which they are given.

    Parameters
    ----------
    scheme
        The value of a ``Scheme``.
    model
        The folder of another model than the packaged one.

    Raises
    ------
    ModelMissing, FileNotFoundError, ValueError
        If there is no model, or it cannot be loaded.

    >>> [answer] = TextTagger("supermat")([{"text": "MgB2 has Tc = 39 K.", "entities": None}])
    >>> [(e["text"], e["label"]) for e in answer["entities"]]
    [('MgB2', 'material'), ('Tc', 'tc'), ('39 K', 'tcValue')]
    >>> answer["links"]
    [{'head': 0, 'tail': 2, 'label': 'material-tcValue'}]
    """

    def __init__(self, scheme: str, model: str | None = None) -> None:
        self._scheme = Scheme(scheme)
        self._tagger: Tagger = tagger(self._scheme, None if model is None else Path(model))
        self._linker: Linker = linker(self._scheme)
        self._answers([{"text": _FIRST_TEXT, "entities": None}])

    def __call__(self, texts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """One answer a text, in the same order."""
        try:
            return self._answers(texts)
        except Exception as error:  # noqa: BLE001 - one odd text must not end the run
            if len(texts) == 1:
                return [{"error": f"it cannot be tagged: {type(error).__name__}: {error}"}]
            return [answer for text in texts for answer in self([text])]

    def _answers(self, texts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        passages = [
            Passage(PassageKind.PARAGRAPH, t["text"], sentences=split_sentences(t["text"]))
            for t in texts
        ]
        untagged = [i for i, text in enumerate(texts) if text["entities"] is None]
        found = dict(zip(untagged, self._tagger.tag([passages[i] for i in untagged]), strict=True))
        return [
            self._linked(passage, found[i])
            if i in found
            else self._linked(passage, [self._mention(passage, *e) for e in text["entities"]])
            for i, (passage, text) in enumerate(zip(passages, texts, strict=True))
        ]

    def _mention(self, passage: Passage, start: int, end: int, label: str) -> Mention:
        known = Label(label) if self._scheme is Scheme.SUPERMAT else label
        return Mention(start, end, known, passage.text[start:end])

    def _linked(self, passage: Passage, mentions: Sequence[Mention]) -> dict[str, Any]:
        order = sorted(range(len(mentions)), key=lambda i: _place(mentions[i]))
        links = self._linker.link(passage, [mentions[i] for i in order])
        return {
            "entities": [
                {
                    "start": m.start,
                    "end": m.end,
                    "label": str(m.label),
                    "text": m.text,
                    "score": round(float(m.score), 4),
                }
                for m in mentions
            ],
            "links": [
                {"head": order[k.head], "tail": order[k.tail], "label": str(k.label)} for k in links
            ],
            "sentences": len(passage.sentences),
        }


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.start, mention.end, mention.label
