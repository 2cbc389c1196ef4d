"""The trained linker for SC-CoMIcs: relations between mentions, and who takes part in a doping.

The networks were trained by ``scmine.corpora.train_relations``; the ``MODEL_CARD.md`` beside them
says on what and how well they do. This module loads and runs them and puts doping events together;
what they see lives in ``relation_features``. The linker of Tc values is ``linking``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from scmine.extractors.claim import Link, Mention
from scmine.extractors.document import Passage
from scmine.extractors.link_features import PassageView
from scmine.extractors.link_model import LinkModel, load_models
from scmine.extractors.relation_features import Choices, Rule, relation_rules

DOPANT, SITE = "Dopant", "Site"


@dataclass(frozen=True, slots=True)
class DopingEvent:
    """One doping: its trigger, and the dopant and site where they are said; indices as given."""

    trigger: int
    dopant: int | None = None
    site: int | None = None


class RelationLinker:
    """Finds SC-CoMIcs' relations and the roles of its doping events between given mentions.

    ========== ===================== ========================
    label      head                  tail
    ========== ===================== ========================
    Target     Value or Doping       Main or Element
    Condition  Value                 Doping
    Equivalent SC                    Value
    Dopant     Doping (the trigger)  what is added
    Site       Doping (the trigger)  what is replaced
    ========== ===================== ========================

    The first three run as in SC-CoMIcs, an event standing for its trigger. A link's ``score`` is
    its probability among all choices of the sentence and "none of them".

    Parameters
    ----------
    folder
        A model written by ``scmine.corpora.train_relations``; by default the packaged one.

    >>> from scmine.extractors.document import PassageKind
    >>> text = "The substitution of Zn for Cu lowers the Tc of YBa2Cu3O7."
    >>> mentions = [
    ...     Mention(text.index(words), text.index(words) + len(words), label, words)
    ...     for label, words in (
    ...         ("Main", "YBa2Cu3O7"), ("Element", "Cu"), ("SC", "Tc"),
    ...         ("Element", "Zn"), ("Doping", "substitution"),
    ...     )
    ... ]
    >>> links = RelationLinker().link(Passage(PassageKind.ABSTRACT, text), mentions)
    >>> [(k.label, mentions[k.head].text, mentions[k.tail].text) for k in links][:2]
    [('Dopant', 'substitution', 'Zn'), ('Site', 'substitution', 'Cu')]
    """

    name = "relations"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
        """The relations between ``mentions``, sorted by where head and tail stand in the text.

        Mentions may come in any order; labels that SC-CoMIcs does not have are passed over.

        Raises
        ------
        FileNotFoundError, ValueError
            If the model is missing or its files do not belong together.
        """
        return relate(_loaded(self._folder), passage, mentions)


def relate(
    models: Mapping[str, LinkModel], passage: Passage, mentions: Sequence[Mention]
) -> list[Link]:
    """The relations that ``models``, one a label, find between ``mentions``."""
    view = PassageView(passage, mentions)
    chosen: dict[tuple[str, int], list[Link]] = {}  # by label and chooser
    for rule in relation_rules():
        if rule.label not in models:
            continue
        model, choices = models[rule.label], Choices(view, rule)
        for chooser in choices.choosers:
            found = choices.of(chooser)
            if found:
                probabilities = model.probabilities(choices.rows(chooser))
                chosen[rule.label, chooser.index] = [
                    _link(rule, chooser.index, found[i].index, float(probabilities[i]))
                    for i in model.decide(probabilities)
                ]
    _settle(chosen, mentions)
    links = [link for made in chosen.values() for link in made]
    return sorted(links, key=lambda k: (mentions[k.head].start, mentions[k.tail].start, k.label))


def _link(rule: Rule, chooser: int, choice: int, probability: float) -> Link:
    head, tail = (chooser, choice) if rule.chooser_is_head else (choice, chooser)
    return Link(head, tail, rule.label, round(probability, 4))


def _settle(chosen: dict[tuple[str, int], list[Link]], mentions: Sequence[Mention]) -> None:
    """Empty what a chooser may not have: without what it needs, or beside what outranks it."""
    for rule in relation_rules():
        for label, chooser in [key for key in chosen if key[0] == rule.label]:
            own = chosen[label, chooser]
            wanting = rule.needs and not chosen.get((rule.needs[1], chooser))
            if rule.needs and wanting and mentions[chooser].label == rule.needs[0]:
                own.clear()
            other = chosen.get((rule.outranks[0], chooser), []) if rule.outranks else []
            if own and other and rule.outranks:
                mine = max(link.score for link in own)
                its = max(link.score for link in other)
                (other if mine >= rule.outranks[1] * its else own).clear()


def doping_events(mentions: Sequence[Mention], links: Sequence[Link]) -> list[DopingEvent]:
    """The doping events that the roles among ``links`` make up, in the order of the text.

    Every mention labelled ``Doping`` is an event, as in SC-CoMIcs. Several dopants of one word are
    several events that share its site; as many sites as dopants are paired in the order of the
    text, any other number is combined in full.

    >>> labels = ("Element", "Element", "Doping", "Element")
    >>> mentions = [Mention(i, i + 1, label, "") for i, label in enumerate(labels)]
    >>> links = [Link(2, 0, "Dopant"), Link(2, 1, "Dopant"), Link(2, 3, "Site")]
    >>> [(e.dopant, e.site) for e in doping_events(mentions, links)]
    [(0, 3), (1, 3)]
    """
    roles: dict[tuple[int, str], list[int]] = {}
    for link in sorted(links, key=lambda link: mentions[link.tail].start):
        roles.setdefault((link.head, link.label), []).append(link.tail)
    events = []
    triggers = [i for i, m in enumerate(mentions) if m.label == "Doping"]
    for trigger in sorted(triggers, key=lambda i: mentions[i].start):
        dopants: list[int | None] = [*roles.get((trigger, DOPANT), [])] or [None]
        sites: list[int | None] = [*roles.get((trigger, SITE), [])] or [None]
        if len(dopants) == len(sites):
            pairs = list(zip(dopants, sites, strict=True))
        else:
            pairs = [(dopant, site) for dopant in dopants for site in sites]
        events += [DopingEvent(trigger, dopant, site) for dopant, site in pairs]
    return events


@lru_cache(maxsize=4)
def _loaded(folder: Path | None) -> dict[str, LinkModel]:
    """The networks of ``folder``, or the packaged ones, loaded once a process."""
    return load_models(folder or files("scmine.extractors") / "models" / "relations")
