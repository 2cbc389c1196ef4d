"""A text with the annotations before and after a person looked at it: what tools are given.

Plain values, to and from which each format of this package writes and reads. Offsets count
characters (code points) of ``text``; where a format counts otherwise, its module converts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scmine.corpora.types import Span
from scmine.extractors.claim import Link, Mention


@dataclass(frozen=True, slots=True)
class Annotations:
    """Mentions of one text in the order of the text, and links that name them by their index.

    ``reasons`` and ``link_reasons`` say to who looks at a mention or link why it deserves a look;
    they are parallel to ``mentions`` and ``links``, or empty where nothing is said of any.
    """

    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()
    reasons: tuple[str, ...] = ()
    link_reasons: tuple[str, ...] = ()

    def reason(self, index: int) -> str:
        """What is said of a mention, empty if nothing is."""
        return self.reasons[index] if self.reasons else ""

    def link_reason(self, index: int) -> str:
        """What is said of a link, empty if nothing is."""
        return self.link_reasons[index] if self.link_reasons else ""


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


def ordered(
    mentions: Sequence[Mention],
    links: Sequence[Link],
    reasons: Sequence[str] = (),
    link_reasons: Sequence[str] = (),
) -> Annotations:
    """The annotations with mentions in the order of the text and each link once, in order.

    Reasons go with what they are about; where all are empty, there are none.

    >>> found = ordered(
    ...     [Mention(8, 12, "tcValue", "39 K"), Mention(0, 4, "material", "MgB2")],
    ...     [Link(1, 0, "material-tcValue")],
    ...     ["a range?", ""],
    ... )
    >>> [m.text for m in found.mentions], found.links[0].head, found.links[0].tail, found.reasons
    (['MgB2', '39 K'], 0, 1, ('', 'a range?'))
    """
    places = sorted(
        range(len(mentions)), key=lambda i: (mentions[i].start, mentions[i].end, mentions[i].label)
    )
    new = {old: place for place, old in enumerate(places)}
    moved = {
        (new[k.head], new[k.tail], k.label): (
            Link(new[k.head], new[k.tail], k.label, k.score),
            link_reasons[i] if link_reasons else "",
        )
        for i, k in enumerate(links)
    }
    in_order = [moved[key] for key in sorted(moved)]
    return Annotations(
        tuple(mentions[i] for i in places),
        tuple(link for link, _ in in_order),
        tuple(reasons[i] for i in places) if any(reasons) else (),
        tuple(reason for _, reason in in_order) if any(r for _, r in in_order) else (),
    )
