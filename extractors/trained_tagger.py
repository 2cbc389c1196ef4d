"""The trained tagger that ships with the package: mentions of one scheme, on a CPU, without torch.

Turns the spans that ``sequence_model`` finds into mentions; which of an abstract's elements is its
main material is decided by ``main_material``. Training lives in ``scmine.corpora``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage
from scmine.extractors.main_material import choose_main
from scmine.extractors.schemes import Scheme
from scmine.extractors.sequence_model import FoundSpan, SequenceModel, load
from scmine.extractors.tidy import tidy


class TrainedTagger:
    """Finds the mentions of SuperMat's six labels, or of SC-CoMIcs' nine.

    A mention's ``score`` is the probability, under the model, that just these words are a mention
    of this label.

    Parameters
    ----------
    scheme
        Whose labels.
    folder
        A model written by ``scmine train tagger``; by default the packaged one.

    >>> from scmine.extractors.document import PassageKind
    >>> text = "LaFeAsO0.89F0.11 becomes superconducting below Tc = 26 K."
    >>> [found] = TrainedTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    >>> [(m.text, m.label) for m in found if m.label in (Label.MATERIAL, Label.TC_VALUE)]
    [('LaFeAsO0.89F0.11', <Label.MATERIAL: 'material'>), ('26 K', <Label.TC_VALUE: 'tcValue'>)]
    """

    name = "tagger"

    def __init__(self, scheme: Scheme = Scheme.SUPERMAT, folder: Path | None = None) -> None:
        self.scheme = scheme
        self._folder = folder

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """One list of mentions a passage, in order of ``start``, none overlapping another.

        Raises
        ------
        FileNotFoundError, ValueError
            If the model is missing or its files do not belong together.
        """
        model = load(self._folder)
        texts = [passage.text for passage in passages]
        found = model.spans(texts, self.scheme)
        if self.scheme is Scheme.SC_COMICS:
            found = [choose_main(text, spans) for text, spans in zip(texts, found, strict=True)]
        return [
            self._mentions(model, text, spans) for text, spans in zip(texts, found, strict=True)
        ]

    def _mentions(
        self, model: SequenceModel, text: str, spans: Sequence[FoundSpan]
    ) -> list[Mention]:
        extractor = f"{model.settings.name}@{model.settings.version}"
        mentions = []
        for span in spans:
            start, end = tidy(text, span.start, span.end)
            if end > start:
                label = Label(span.label) if self.scheme is Scheme.SUPERMAT else span.label
                score = round(span.probability, 4)
                mentions.append(Mention(start, end, label, text[start:end], score, extractor))
        return mentions
