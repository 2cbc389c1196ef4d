"""Which labels mentions and links may have under each scheme, and how links are oriented.

A scheme is that of a corpus (``scmine.corpora.loading``). SuperMat's links follow from their ends:
one that was drawn from the other end is turned, one without a label gets it.
"""

from __future__ import annotations

from collections.abc import Sequence

from scmine.corpora.annotation.versions import Note
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.sc_comics import SCHEME
from scmine.corpora.scored import ROLES
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Label, Link, LinkLabel

_ENDS = {
    LinkLabel.MATERIAL_TC: (Label.MATERIAL, Label.TC_VALUE),
    LinkLabel.TC_PRESSURE: (Label.TC_VALUE, Label.PRESSURE),
    LinkLabel.TC_METHOD: (Label.TC_VALUE, Label.ME_METHOD),
}


class LinkError(ValueError):
    """A link that the scheme does not know."""


def mention_labels(scheme: str) -> frozenset[str]:
    """The labels that mentions may have."""
    return frozenset(map(str, Label)) if scheme == SUPERMAT else SCHEME.mentions


def link_labels(scheme: str) -> frozenset[str]:
    """The labels that links may have."""
    if scheme == SUPERMAT:
        return frozenset(map(str, LinkLabel))
    return SCHEME.relations | frozenset(ROLES)


def oriented(
    scheme: str, mentions: Sequence[GoldMention], link: Link
) -> tuple[Link, tuple[Note, ...]]:
    """The link as its scheme has it, and what was done for that.

    Raises
    ------
    LinkError
        If its ends are one mention or not there, or the scheme has no such link.

    >>> ends = (GoldMention(0, 4, "material"), GoldMention(8, 12, "tcValue"))
    >>> oriented("supermat", ends, Link(1, 0, ""))
    (Link(head=0, tail=1, label='material-tcValue', score=1.0), (..., ...))
    """
    if any(not 0 <= end < len(mentions) for end in (link.head, link.tail)):
        raise LinkError("a link names a mention that is not there")
    if link.head == link.tail:
        raise LinkError(f"a link joins a mention {mentions[link.head].label!r} with itself")
    if scheme != SUPERMAT:
        if link.label not in link_labels(scheme):
            raise LinkError(f"a link has the unknown label {link.label!r}")
        return link, ()
    labels = (mentions[link.head].label, mentions[link.tail].label)
    for name, ends in _ENDS.items():
        for is_turned in (False, True):
            if labels != (ends[::-1] if is_turned else ends):
                continue
            if link.label not in ("", name):
                break
            head, tail = (link.tail, link.head) if is_turned else (link.head, link.tail)
            notes = ((Note.LINK_TURNED,) if is_turned else ()) + (
                () if link.label else (Note.LINK_LABELLED,)
            )
            return Link(head, tail, str(name), link.score), notes
    named = f"{link.label!r}" if link.label else "without a label"
    raise LinkError(f"a link {named} joins {labels[0]!r} with {labels[1]!r}")
