"""Hands corrections to the trainers, and leaves out the papers that models are scored on.

Of a passage only what people judged is shown: to the tagger as a passage known in part, to the
linker as the Tc values whose links are known. How a network learns from that lives in ``network``
and ``link_training``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from scmine.corpora.corrections.deriving import CURATOR
from scmine.corpora.corrections.judgement import Correction
from scmine.corpora.link_examples import JudgedPassage, LinkedPassage
from scmine.corpora.types import Paper, PartialPassage
from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.linking import TARGETS

_DOI = re.compile(rb"<idno[^>]*type=\"DOI\"[^>]*>\s*([^<\s]+)", re.IGNORECASE)
_LABELS = frozenset(map(str, Label))
_LEAST_LETTERS = 80
"""Passages with fewer letters and digits are too short to tell a paper by."""
_LEAST_LETTERS_OF_A_SENTENCE = 40


def partial_passage(correction: Correction, labels: Sequence[str]) -> PartialPassage:
    """What is known of a passage's mentions of ``labels``; other labels are unknown.

    Who validates a record says that a mention is there, not that its bounds are an annotator's;
    only those that a person drew are taken as they are. In a whole sentence the machine's mentions
    that no record rests on stay unknown.
    """
    mentions = correction.after.mentions
    sure = [
        (m.start, m.end, str(m.label), m.extractor == CURATOR)
        for i, m in enumerate(mentions)
        if i in correction.known and m.label in labels
    ]
    return PartialPassage(
        correction.passage.text,
        known=tuple((start, end, label) for start, end, label, is_drawn in sure if is_drawn),
        rough=tuple((start, end, label) for start, end, label, is_drawn in sure if not is_drawn),
        wrong=tuple(sorted(w for w in correction.wrong if w[2] in labels)),
        whole=correction.whole,
        open=tuple((m.start, m.end) for i, m in enumerate(mentions) if i not in correction.known),
    )


def judged_passage(correction: Correction) -> JudgedPassage:
    """The passage with its links, and the Tc values whose links of a label are all known."""
    pairs = set()
    for link in correction.after.links:
        if link.label in TARGETS:
            value, target = link.head, link.tail
            if link.label == LinkLabel.MATERIAL_TC:
                value, target = target, value
            pairs.add((LinkLabel(link.label), value, target))
    # Mentions out of a database have plain strings for labels.
    mentions = tuple(
        replace(m, label=Label(m.label)) if m.label in _LABELS else m
        for m in correction.after.mentions
    )
    linked = LinkedPassage(correction.passage, mentions, frozenset(pairs))
    return JudgedPassage(linked, frozenset((LinkLabel(k), i) for k, i in correction.linked))


@dataclass(frozen=True, slots=True)
class PaperNames:
    """What a paper in a database may be known by: its title, DOI and file, and its passages."""

    title: str = ""
    doi: str = ""
    path: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Papers that nothing may be learnt from, by what they can be recognised by."""

    titles: frozenset[str] = frozenset()
    dois: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    passages: frozenset[str] = field(default_factory=frozenset, repr=False)

    @classmethod
    def of(cls, papers: Iterable[Paper]) -> HeldOut:
        """The names of annotated papers: those that models are scored on."""
        kept = list(papers)
        whole = [_letters(p.text) for paper in kept for p in paper.passages]
        return cls(
            titles=frozenset(
                _letters(p.text) for paper in kept for p in paper.passages if p.kind == "title"
            )
            - {""},
            dois=frozenset(
                doi.decode("utf-8").lower() for paper in kept for doi in _DOI.findall(paper.source)
            ),
            stems=frozenset(_bare_stem(paper.stem) for paper in kept),
            passages=frozenset(words for words in whole if len(words) >= _LEAST_LETTERS),
        )

    def holds(self, paper: PaperNames) -> bool:
        """Whether a paper of a database is one of these.

        Its title, DOI or file name says so, or one of its passages is one of theirs, but for
        blanks, signs and capitals.
        """
        return (
            _letters(paper.title) in self.titles
            or (paper.doi or "").lower() in self.dois - {""}
            or _bare_stem(_file_stem(paper.path)) in self.stems
            or any(_letters(text) in self.passages for text in paper.passages)
        )

    def quotes(self, text: str) -> bool:
        """Whether a sentence stands in one of the passages of these, told as in `holds`.

        One with too few letters and digits may stand in any paper, and is none.
        """
        words = _letters(text)
        is_long = len(words) >= _LEAST_LETTERS_OF_A_SENTENCE
        return is_long and any(words in passage for passage in self.passages)


def _letters(text: str) -> str:
    """The letters and digits of a text in small letters.

    >>> _letters("Tc of MgB 2: a study")
    'tcofmgb2astudy'
    """
    return "".join(c for c in text.lower() if c.isalnum())


def _bare_stem(stem: str) -> str:
    """The name of a file of the corpus as that of the paper itself (``-CC``: its licence)."""
    return stem.removesuffix("-CC").lower()


def _file_stem(path: str) -> str:
    name = re.split(r"[/\\]", path)[-1]
    return re.sub(r"(?:\.tei)?\.[A-Za-z]{2,4}$", "", name)
