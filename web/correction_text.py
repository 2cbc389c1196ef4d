"""A passage cut into pieces for a page: what the machine marked, and what is marked now.

Pure text and plain values; how a piece looks is up to the template. Only the sentences that a
record cites are shown, since passages may be long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scmine.corpora.corrections.judgement import EXPLANATIONS, Correction, Judgement
from scmine.corpora.corrections.listing import Entry
from scmine.corpora.corrections.places import sentences_of
from scmine.corpora.exchange.annotated import Annotations
from scmine.corpora.types import Span

GAP = " […] "


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters; ``label`` is that of the mention they are, empty for none.

    ``change`` is ``added`` or ``removed`` where only one side has the mention; ``is_known`` says
    that a person has confirmed it.
    """

    text: str
    label: str = ""
    change: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a correction: its sentences in pieces, and its links in words.

    A link is (first mention, second mention, ``added`` or ``removed`` or nothing).
    """

    pieces: tuple[Piece, ...]
    links: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A passage before and after, as far as a record cites it."""

    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class Card:
    """A judged record as the page shows it; ``explanation`` says what it does not teach."""

    judgement: Judgement
    comparisons: tuple[Comparison, ...]
    teaches: bool
    explanation: str


def card_of(entry: Entry) -> Card:
    """The card of a judged record."""
    return Card(
        entry.judgement,
        tuple(_comparison(c, entry.judgement) for c in entry.corrections),
        entry.teaches,
        "" if entry.reason is None else EXPLANATIONS[entry.reason],
    )


def _comparison(correction: Correction, judgement: Judgement) -> Comparison:
    spans = _shown(correction, judgement)
    text, before, after = correction.passage.text, correction.before, correction.after
    return Comparison(
        _side(text, spans, before, after, "removed", frozenset()),
        _side(text, spans, after, before, "added", correction.known),
    )


def _shown(correction: Correction, judgement: Judgement) -> list[Span]:
    """The sentences that the record cites, whole ones, in order and without overlaps."""
    record = judgement.before or judgement.after
    cited: set[Span] = set()
    for place in record.places:
        here = record.model_copy(update={"sentence": place.sentence})
        cited.update(sentences_of(correction.passage, here))
    shown: list[Span] = []
    for start, end in sorted(cited):
        start = min(start, correction.passage.sentence_at(start)[0])
        end = max(end, correction.passage.sentence_at(max(start, end - 1))[1])
        if shown and start <= shown[-1][1]:
            shown[-1] = (shown[-1][0], max(end, shown[-1][1]))
        else:
            shown.append((start, end))
    return shown or [(0, len(correction.passage.text))]


def _side(
    text: str,
    spans: list[Span],
    own: Annotations,
    other: Annotations,
    change: str,
    known: frozenset[int],
) -> Side:
    theirs = {((m.start, m.end), str(m.label)) for m in other.mentions}
    pieces: list[Piece] = []
    for number, span in enumerate(spans):
        if number:
            pieces.append(Piece(GAP))
        pieces += [
            replace(piece, change=change if piece.label and (at, piece.label) not in theirs else "")
            for at, piece in _pieces(text, span, own, known)
        ]
    return Side(tuple(pieces), tuple(_links(spans, own, other, change)))


def _pieces(
    text: str, span: Span, own: Annotations, known: frozenset[int]
) -> Iterator[tuple[Span, Piece]]:
    """The pieces of one stretch, each with its interval."""
    at, end = span
    for i, mention in enumerate(own.mentions):
        if mention.start < at or mention.end > end:
            continue  # outside, or inside a mention that is shown
        if mention.start > at:
            yield (at, mention.start), Piece(text[at : mention.start])
        piece = Piece(mention.text, str(mention.label), is_known=i in known)
        yield (mention.start, mention.end), piece
        at = mention.end
    if at < end:
        yield (at, end), Piece(text[at:end])


def _links(
    spans: list[Span], own: Annotations, other: Annotations, change: str
) -> Iterator[tuple[str, str, str]]:
    """The links with an end in what is shown."""
    theirs = set(_ends(other))
    for link, ends in zip(own.links, _ends(own), strict=True):
        mentions = own.mentions[link.head], own.mentions[link.tail]
        if any(start <= m.start and m.end <= end for m in mentions for start, end in spans):
            yield mentions[0].text, mentions[1].text, "" if ends in theirs else change


def _ends(found: Annotations) -> list[tuple[Span, Span, str]]:
    at = [(m.start, m.end) for m in found.mentions]
    return [(at[k.head], at[k.tail], str(k.label)) for k in found.links]
