"""What annotators may draw under a scheme: labels, and links with the labels at their ends.

Which scheme has which labels is known to the corpora; here it is in the form that annotation tools
have to be told. Events are mentions that take others as participants, by links named as the role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scmine.corpora.sc_comics import ELEMENT, MAIN, SCHEME
from scmine.corpora.supermat import LABELS
from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.schemes import Scheme

Ends = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Schema:
    """Labels of mentions; links with the labels they run from and to; events with their roles."""

    name: str
    labels: tuple[str, ...]
    links: Mapping[str, Ends]
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def link_labels(self) -> tuple[str, ...]:
        """All labels that links may have, roles of events included."""
        return (*self.links, *(role for roles in self.events.values() for role in roles))


def schema_of(scheme: Scheme) -> Schema:
    """What may be drawn under ``scheme``.

    >>> schema_of(Scheme.SC_COMICS).link_labels
    ('Condition', 'Equivalent', 'Target', 'Dopant', 'Site')
    """
    return _SCHEMAS[scheme]


def _supermat() -> Schema:
    tc = (str(Label.TC_VALUE),)
    return Schema(
        Scheme.SUPERMAT.value,
        tuple(sorted(map(str, LABELS))),
        {
            str(LinkLabel.MATERIAL_TC): ((str(Label.MATERIAL),), tc),
            str(LinkLabel.TC_PRESSURE): (tc, (str(Label.PRESSURE),)),
            str(LinkLabel.TC_METHOD): (tc, (str(Label.ME_METHOD),)),
        },
    )


def _sc_comics() -> Schema:
    ends: dict[str, Ends] = {
        "Condition": (("Value",), ("Doping",)),
        "Equivalent": (("SC",), ("Value",)),
        "Target": (("Doping", "Value"), (ELEMENT, MAIN)),
    }
    return Schema(
        Scheme.SC_COMICS.value,
        tuple(sorted(SCHEME.mentions)),
        {label: ends[label] for label in sorted(SCHEME.relations)},
        {label: tuple(sorted(roles)) for label, roles in SCHEME.events.items()},
    )


_SCHEMAS = {Scheme.SUPERMAT: _supermat(), Scheme.SC_COMICS: _sc_comics()}
