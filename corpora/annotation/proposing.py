"""From a paper to the units that are annotated: sentences or passages, with what the tagger found.

A sentence is tagged within its passage, which is what the models were trained on. Where units come
from in the paper, and what stands around them, goes along in ``about``. What a language model adds
lives in ``asking`` and ``merging``, which unit comes first in ``ordering``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.corpora.types import Span
from scmine.extractors.claim import Link, Linker, Mention, Tagger
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.schemes import Scheme
from scmine.extractors.sentences import split_sentences
from scmine.extractors.sequence_model import WordDoubt, load

ANNOTATED = frozenset(
    {
        PassageKind.TITLE,
        PassageKind.ABSTRACT,
        PassageKind.PARAGRAPH,
        PassageKind.CAPTION,
        PassageKind.FOOTNOTE,
    }
)
FEWEST_WORDS = 4
"""A unit without mentions and with fewer words says nothing ("See text.")."""
UNSURE = 0.7
"""A mention with a lower score is pointed out to the annotator."""
DOUBTED = 0.2
"""A word whose tag is wrong with this probability is worth a look."""
_CONTEXT = 300  # characters on either side of a unit
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_DOUBTED = 3
_EDGES = " ()[],;:"


class UnitKind(StrEnum):
    """What is annotated in one piece."""

    SENTENCE = "sentence"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit with the tagger's annotations as ``before``.

    ``doubt`` is the number of its words that are expected to be tagged wrongly.
    """

    text: AnnotatedText
    doubt: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage of a paper with all that the models say of it."""

    index: int
    passage: Passage
    mentions: Sequence[Mention]
    links: Sequence[Link]
    doubts: Sequence[WordDoubt]


def propose(
    document: Document,
    scheme: Scheme,
    kind: UnitKind,
    tagger: Tagger,
    linker: Linker,
    model: Path | None = None,
) -> list[Proposal]:
    """The units of a paper, in its order.

    Parameters
    ----------
    scheme, model
        Whose labels, and the folder of the tagger's model (None: the packaged one), which tells the
        doubt.
    tagger, linker
        What finds and joins mentions, as `scmine.extractors.schemes` gives them.
    """
    positions = [i for i, p in enumerate(document.passages) if p.kind in ANNOTATED]
    passages = [document.passages[i] for i in positions]
    mentions = tagger.tag(passages)
    doubts = load(model).doubts([p.text for p in passages], scheme)
    units: list[Proposal] = []
    for row in zip(positions, passages, mentions, doubts, strict=True):
        position, passage, found, words = row
        links = linker.link(passage, found)
        whole = _Found(position, passage, found, links, words)
        units += _units(document, whole, kind)
    return units


def _units(document: Document, found: _Found, kind: UnitKind) -> Iterator[Proposal]:
    text = found.passage.text
    sentences = found.passage.sentences or split_sentences(text)
    if kind is UnitKind.PASSAGE:
        pieces = [(0, len(text))]
    else:
        pieces = _kept_whole(sentences, found.mentions)
    for number, (start, end) in enumerate(pieces):
        annotations = _inside(found, start, end)
        if not annotations.mentions and len(_WORD.findall(text, start, end)) < FEWEST_WORDS:
            continue
        words = [w for w in found.doubts if start <= w.start < end]
        name = f"{document.doc_id[:12]}-p{found.index}"
        unit = AnnotatedText(
            name if kind is UnitKind.PASSAGE else f"{name}-s{number}",
            text[start:end],
            annotations,
            None,
            tuple(
                (max(a, start) - start, min(b, end) - start)
                for a, b in sentences
                if a < end and start < b
            ),
            _about(document, found, start, end) | _look_at(text, words),
        )
        yield Proposal(unit, sum(w.doubt for w in words))


def _kept_whole(sentences: Sequence[Span], mentions: Sequence[Mention]) -> list[Span]:
    """The sentences, those joined between which a mention stands."""
    pieces: list[Span] = []
    for start, end in sentences:
        if pieces and any(m.start < start < m.end for m in mentions):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces


def _inside(found: _Found, start: int, end: int) -> Annotations:
    """What was found between two places, counted from the first; links out of it are lost."""
    kept = [i for i, m in enumerate(found.mentions) if start <= m.start and m.end <= end]
    new = {old: i for i, old in enumerate(kept)}
    mentions = [
        Mention(m.start - start, m.end - start, m.label, m.text, m.score, m.extractor)
        for m in (found.mentions[i] for i in kept)
    ]
    links = [
        Link(new[k.head], new[k.tail], k.label, k.score)
        for k in found.links
        if k.head in new and k.tail in new
    ]
    return ordered(mentions, links, [_reason(m) for m in mentions])


def _reason(mention: Mention) -> str:
    return f"the tagger is unsure ({mention.score:.2f})" if mention.score < UNSURE else ""


def _about(document: Document, found: _Found, start: int, end: int) -> dict[str, str]:
    text = found.passage.text
    about = {
        "doc_id": document.doc_id,
        "file": Path(document.path).name,
        "title": document.metadata.title,
        "kind": found.passage.kind.value,
        "section": found.passage.section,
        "page": "" if found.passage.page is None else str(found.passage.page),
        "passage": f"p{found.index}",
        "start": str(start),
        "left": text[max(0, start - _CONTEXT) : start].strip(),
        "right": text[end : end + _CONTEXT].strip(),
    }
    return {key: value for key, value in about.items() if value}


def _look_at(text: str, words: Sequence[WordDoubt]) -> dict[str, str]:
    """The stretches of doubted words that are doubted most, in the order of the text."""
    stretches: list[tuple[int, int, float]] = []
    for word in words:
        if word.doubt < DOUBTED:
            continue
        if stretches and not text[stretches[-1][1] : word.start].strip():
            start, _, doubt = stretches.pop()
            stretches.append((start, word.end, max(doubt, word.doubt)))
        else:
            stretches.append((word.start, word.end, word.doubt))
    said = [s for s in stretches if any(c.isalnum() for c in text[s[0] : s[1]])]
    chosen = sorted(sorted(said, key=lambda s: (-s[2], s[0]))[:_MOST_DOUBTED])
    stripped = [text[a:b].strip(_EDGES) for a, b, _ in chosen]
    return {"look_at": "; ".join(stripped)} if chosen else {}
