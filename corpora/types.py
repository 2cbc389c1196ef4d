"""The types every annotated corpus is loaded into: papers, passages, mentions, links and events.

A passage keeps the text as the annotators saw it; SuperMat's has its blanks normalised, nothing
else is changed. Loaders and writers live in one module a corpus (``supermat``, ``sc_comics``);
``loading`` chooses between them, ``ordering`` brings a changed paper into the order they read it
in. What training does to the text lives in ``respace`` and ``swaps``; what a predicted mention is
lives in ``scmine.extractors.claim``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

Span = tuple[int, int]
Place = tuple[int, int]  # (passage index, mention index) in a paper


class CorpusError(ValueError):
    """A corpus file that is not as it should be; the message names file and, if known, line."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        where = f"{path}, line {line}" if line is not None else str(path)
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class GoldMention:
    """Characters ``start`` to ``end`` (exclusive) of a passage, labelled by an annotator.

    ``ident`` is the identifier the corpus gives the mention, empty if it has none. A mention in
    several pieces has them in ``fragments``; ``start`` and ``end`` are then the outermost bounds.
    """

    start: int
    end: int
    label: str
    ident: str = ""
    fragments: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The pieces of the mention, one if it is in one piece."""
        return self.fragments or ((self.start, self.end),)


@dataclass(frozen=True, slots=True)
class GoldPassage:
    """One annotated stretch of text.

    ``kind`` is ``title``, ``abstract``, ``keywords``, ``paragraph``, ``figure_caption`` or
    ``table_caption``. As loaded, mentions are in the order of the text; SuperMat's do not overlap,
    those of SC-CoMIcs may.
    """

    kind: str
    text: str
    mentions: tuple[GoldMention, ...] = ()

    def surface(self, mention: GoldMention) -> str:
        """The words of a mention, its pieces joined by a blank.

        >>> GoldPassage("title", "La and Y hydrides").surface(
        ...     GoldMention(0, 17, "material", fragments=((0, 2), (9, 17)))
        ... )
        'La hydrides'
        """
        return " ".join(self.text[start:end] for start, end in mention.spans)


@dataclass(frozen=True, slots=True)
class PartialPassage:
    """Text of which only a part is known: what is not said here is unknown, not absent.

    Parameters
    ----------
    text
        The text.
    known
        (start, end, label) that are mentions.
    rough
        (start, end, label) of mentions whose bounds nobody has drawn: they cover the words in the
        middle, and perhaps signs at the edges.
    wrong
        (start, end, label) whose words belong to no mention of that label.
    whole
        Stretches in which there is no mention but those ``known`` or ``rough``, and perhaps those
        ``open``.
    open
        Stretches of which nothing is known, though they lie in a whole one.
    """

    text: str
    known: tuple[tuple[int, int, str], ...] = ()
    rough: tuple[tuple[int, int, str], ...] = ()
    wrong: tuple[tuple[int, int, str], ...] = ()
    whole: tuple[Span, ...] = ()
    open: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldLink:
    """Two mentions that belong together, each by its place in the paper.

    SuperMat writes the link at ``tail`` and lets it point to ``head``; both may stand in different
    passages, and ``label`` is ``corresp``. In SC-CoMIcs ``head`` is the first argument, ``tail``
    the second, and ``label`` is ``Target``, ``Condition`` or ``Equivalent``. An end that is an
    event rather than a mention has the event's index in the paper in ``head_event`` or
    ``tail_event``; the place is then that of the event's trigger.
    """

    head: Place
    tail: Place
    label: str = "corresp"
    ident: str = ""
    head_event: int | None = None
    tail_event: int | None = None


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """Something that happens, named by its ``trigger``, with what takes part in it.

    ``arguments`` are (role, place of the mention) in the order of the corpus. SC-CoMIcs has events
    with the label ``Doping`` and the roles ``Dopant`` and ``Site``.
    """

    label: str
    trigger: Place
    arguments: tuple[tuple[str, Place], ...] = ()
    ident: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One annotated paper; ``stem`` is its file name without the endings.

    ``source`` holds the bytes of the annotated file, from which a writer takes over what the types
    do not say. It has no part in comparisons.
    """

    stem: str
    passages: tuple[GoldPassage, ...]
    links: tuple[GoldLink, ...] = ()
    events: tuple[GoldEvent, ...] = ()
    source: bytes = field(default=b"", compare=False, repr=False)

    def mention(self, at: Place) -> GoldMention:
        """The mention at (passage index, mention index)."""
        return self.passages[at[0]].mentions[at[1]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The papers of one corpus; ``name`` is one of ``scmine.corpora.loading.CORPORA``."""

    name: str
    papers: tuple[Paper, ...]
