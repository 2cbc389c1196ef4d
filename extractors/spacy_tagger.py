"""The trained tagger that ships with the package: SuperMat's six labels, on a CPU, without torch.

The model was trained on SuperMat by ``scmine.corpora.train_spacy``; the ``MODEL_CARD.md`` beside it
says on what and how well it does. This module only loads and runs it: the network is in
``ner_model``, the tokens are in ``tokenizer``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage
from scmine.extractors.tidy import tidy

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from scmine.extractors.ner_model import Settings

_BATCH_PASSAGES = 64
_UNKNOWN_PRECISION = 0.5  # score of a label that the development papers said nothing about
_LONGEST_PIECE = 20_000  # characters; memory grows with the longest text of a batch


class SpacyTagger:
    """Finds materials, classes, Tc expressions, Tc values, pressures and methods.

    A mention's ``score`` is the precision of its label on the development papers, the same for all
    mentions of a label: the recogniser decides greedily and gives no probability of its own.

    Parameters
    ----------
    folder
        A model written by ``scmine.corpora.train_spacy``; by default the packaged one.

    >>> from scmine.extractors.document import PassageKind
    >>> text = "LaFeAsO0.89F0.11 becomes superconducting below Tc = 26 K."
    >>> [found] = SpacyTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    >>> [(m.text, m.label.value) for m in found if m.label in (Label.MATERIAL, Label.TC_VALUE)]
    [('LaFeAsO0.89F0.11', 'material'), ('26 K', 'tcValue')]
    """

    name = "ner_spacy"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """One list of mentions a passage, in order of ``start``.

        Raises
        ------
        FileNotFoundError, ValueError
            If the model is missing or its files do not belong together.
        """
        nlp, settings = _loaded(self._folder)
        pieces = [(i, at, text) for i, p in enumerate(passages) for at, text in _pieces(p.text)]
        found: list[list[Mention]] = [[] for _ in passages]
        docs = nlp.pipe((text for _, _, text in pieces), batch_size=_BATCH_PASSAGES)
        for (i, at, _), doc in zip(pieces, docs, strict=True):
            found[i] += _mentions(doc, at, settings)
        return found


@lru_cache(maxsize=4)
def _loaded(folder: Path | None) -> tuple[Language, Settings]:
    """The model of ``folder``, or the packaged one, loaded once a process."""
    from scmine.extractors.ner_model import load

    return load(folder or files("scmine.extractors") / "models" / "ner_spacy")


def _pieces(text: str) -> list[tuple[int, str]]:
    """``text`` cut at blanks into stretches that fit in memory, each with its offset."""
    pieces = []
    at = 0
    while at < len(text):
        end = at + _LONGEST_PIECE
        if end < len(text):
            blank = text.rfind(" ", at + 1, end)
            end = blank if blank > at else end
        pieces.append((at, text[at:end]))
        at = end
    return pieces


def _mentions(doc: Doc, offset: int, settings: Settings) -> list[Mention]:
    mentions = []
    for ent in doc.ents:
        start, end = tidy(doc.text, ent.start_char, ent.end_char)
        if end > start:
            mentions.append(
                Mention(
                    start=offset + start,
                    end=offset + end,
                    label=Label(ent.label_),
                    text=doc.text[start:end],
                    score=settings.precision.get(ent.label_, _UNKNOWN_PRECISION),
                    extractor=f"{settings.name}@{settings.version}",
                )
            )
    return mentions
