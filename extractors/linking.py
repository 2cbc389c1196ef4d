"""The trained linker that ships with the package: which material, pressure and method a Tc has.

The networks were trained on SuperMat by ``scmine.corpora.train_linker``; the ``MODEL_CARD.md``
beside them says on what and how well they do. This module only loads and runs them: the networks
are in ``link_model``, what they see is in ``link_features``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage
from scmine.extractors.link_features import Candidates, PassageView
from scmine.extractors.link_model import LinkModel, load_models

TARGETS = {
    LinkLabel.MATERIAL_TC: Label.MATERIAL,
    LinkLabel.TC_PRESSURE: Label.PRESSURE,
    LinkLabel.TC_METHOD: Label.ME_METHOD,
}
"""What a Tc value is linked with, for each label of links."""


class TrainedLinker:
    """Links each Tc value of a passage with its material, pressure and method of measurement.

    A link's ``score`` is the probability of the target among all targets of the passage and
    "none of them". Most values get one material; where the text gives several, some get more.

    Parameters
    ----------
    folder
        A model written by ``scmine.corpora.train_linker``; by default the packaged one.

    >>> from scmine.extractors.document import PassageKind
    >>> text = "The Tc of MgB2 is 39 K and that of FeSe is 8 K."
    >>> mentions = [
    ...     Mention(text.index(words), text.index(words) + len(words), label, words)
    ...     for words, label in (
    ...         ("8 K", Label.TC_VALUE), ("MgB2", Label.MATERIAL),
    ...         ("FeSe", Label.MATERIAL), ("39 K", Label.TC_VALUE),
    ...     )
    ... ]
    >>> links = TrainedLinker().link(Passage(PassageKind.PARAGRAPH, text), mentions)
    >>> [(mentions[l.head].text, mentions[l.tail].text) for l in links]
    [('MgB2', '39 K'), ('FeSe', '8 K')]
    """

    name = "linker"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
        """Links between ``mentions``, in the order in which their mentions stand in the text.

        Raises
        ------
        FileNotFoundError, ValueError
            If the model is missing or its files do not belong together.
        """
        return link_with(_loaded(self._folder), passage, mentions)


def link_with(
    models: Mapping[str, LinkModel], passage: Passage, mentions: Sequence[Mention]
) -> list[Link]:
    """The links that ``models``, one a link label, find between ``mentions``."""
    if not any(m.label is Label.TC_VALUE for m in mentions):
        return []
    view = PassageView(passage, mentions)
    links: list[Link] = []
    for label, target in TARGETS.items():
        if str(label) in models and view.of(target):
            links += _links(Candidates(view, target), label, models[str(label)])
    return sorted(links, key=lambda link: _place(mentions, link))


def target_probabilities(
    passage: Passage,
    mentions: Sequence[Mention],
    label: LinkLabel,
    models: Mapping[str, LinkModel] | None = None,
) -> dict[int, dict[int, float]]:
    """For each Tc value the probability of each mention that ``label`` could link it with.

    Both are indices into ``mentions``; what is missing to 1 is the probability of "none of them".
    ``models`` are the packaged ones unless others are given.
    """
    view = PassageView(passage, mentions)
    if not view.of(Label.TC_VALUE) or not view.of(TARGETS[label]):
        return {}
    candidates = Candidates(view, TARGETS[label])
    model = (models or _loaded(None))[str(label)]
    result: dict[int, dict[int, float]] = {}
    for value in candidates.values:
        shares = model.probabilities(candidates.rows(value))
        targets = candidates.of(value)
        result[value.index] = {
            target.index: float(p) for target, p in zip(targets, shares, strict=False)
        }
    return result


def _links(candidates: Candidates, label: LinkLabel, model: LinkModel) -> list[Link]:
    """The links of one label, by value."""
    links = []
    for value in candidates.values:
        probabilities = model.probabilities(candidates.rows(value))
        for i in model.decide(probabilities):
            ends = (value.index, candidates.of(value)[i].index)
            head, tail = ends[::-1] if label is LinkLabel.MATERIAL_TC else ends
            links.append(Link(head, tail, label, round(float(probabilities[i]), 4)))
    return links


def _place(mentions: Sequence[Mention], link: Link) -> tuple[int, int, str]:
    return mentions[link.head].start, mentions[link.tail].start, link.label


@lru_cache(maxsize=4)
def _loaded(folder: Path | None) -> dict[str, LinkModel]:
    """The networks of ``folder``, or the packaged ones, loaded once a process."""
    return load_models(folder or files("scmine.extractors") / "models" / "linker")
