"""A text with the annotations before and after a person looked at it: what tools are given.

Plain values, to and from which each format of this package writes and reads. Offsets count
characters (code points) of ``text``; where a format counts otherwise, its module converts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scmine.corpora.types import Span
from scmine.extractors.claim import Link, Mention


@dataclass(frozen=True, slots=True)
class Annotations:
    """Mentions of one text in the order of the text, and links that name them by their index."""

    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """One text and what is said about it.

    Parameters
    ----------
    ident
        Names the text among those of an export; letters, digits, ``-`` and ``_``.
    before, after
        The annotations a machine made and those a person left; None where nobody made any.
    sentences
        (start, end) of the sentences, as far as they are known.
    about
        What else is worth carrying along (document, title, record ids …), as strings.
    """

    ident: str
    text: str
    before: Annotations | None = None
    after: Annotations | None = None
    sentences: tuple[Span, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


def ordered(mentions: list[Mention], links: list[Link]) -> Annotations:
    """The annotations with mentions in the order of the text and each link once, in order.

    >>> found = ordered(
    ...     [Mention(8, 12, "tcValue", "39 K"), Mention(0, 4, "material", "MgB2")],
    ...     [Link(1, 0, "material-tcValue")],
    ... )
    >>> [m.text for m in found.mentions], found.links[0].head, found.links[0].tail
    (['MgB2', '39 K'], 0, 1)
    """
    places = sorted(
        range(len(mentions)), key=lambda i: (mentions[i].start, mentions[i].end, mentions[i].label)
    )
    new = {old: place for place, old in enumerate(places)}
    moved = {
        (new[k.head], new[k.tail], k.label): Link(new[k.head], new[k.tail], k.label, k.score)
        for k in links
    }
    return Annotations(
        tuple(mentions[i] for i in places), tuple(moved[key] for key in sorted(moved))
    )
