"""A made-up paper of each corpus, and a tagger and a linker by simple rules, for scoring tests."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.corpora.types import GoldEvent, GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage

TEXT = "MgB2 has Tc = 39 K. At 8 GPa, 37 K was found for MgB2 by resistivity."


def mention(text: str, words: str, label: str, after: int = 0) -> GoldMention:
    """The first place of ``words`` in ``text`` from ``after`` on."""
    start = text.index(words, after)
    return GoldMention(start, start + len(words), label)


SUPERMAT_PAPER = Paper(
    "made-up",
    (
        GoldPassage("title", "Superconductivity at 40 K", (GoldMention(21, 25, "tcValue"),)),
        GoldPassage(
            "paragraph",
            TEXT,
            (
                mention(TEXT, "MgB2", "material"),
                mention(TEXT, "39 K", "tcValue"),
                mention(TEXT, "8 GPa", "pressure"),
                mention(TEXT, "37 K", "tcValue"),
                mention(TEXT, "MgB2", "material", 10),
                mention(TEXT, "resistivity", "me_method"),
            ),
        ),
    ),
    (
        GoldLink((1, 0), (1, 1)),
        GoldLink((1, 4), (1, 3)),
        GoldLink((1, 3), (1, 2)),
        GoldLink((1, 5), (1, 3)),
        GoldLink((1, 0), (0, 0)),
    ),
)

ABSTRACT = "Zn doping of YBa2Cu3O7 lowers Tc to 60 K."
SC_COMICS_PAPER = Paper(
    "0801",
    (
        GoldPassage(
            "abstract",
            ABSTRACT,
            (
                mention(ABSTRACT, "Zn", "Element"),
                mention(ABSTRACT, "doping", "Doping"),
                mention(ABSTRACT, "YBa2Cu3O7", "Main"),
                mention(ABSTRACT, "Tc", "SC"),
                mention(ABSTRACT, "60 K", "Value"),
            ),
        ),
    ),
    (
        GoldLink((0, 1), (0, 2), "Target", head_event=0),
        GoldLink((0, 3), (0, 4), "Equivalent"),
    ),
    (GoldEvent("Doping", (0, 1), (("Dopant", (0, 0)), ("Site", (0, 2)))),),
)


class WordTagger:
    """Finds each of some words wherever it stands."""

    name = "words"

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """The words found, in order."""
        return [sorted(self._found(p.text), key=lambda m: (m.start, m.end)) for p in passages]

    def _found(self, text: str) -> list[Mention]:
        return [
            Mention(i, i + len(word), Label(label) if label in set(Label) else label, word)
            for word, label in self._words.items()
            for i in range(len(text))
            if text.startswith(word, i)
        ]


class FirstMaterialLinker:
    """Links every Tc value with the first material of the passage."""

    name = "first"

    def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
        """Links from the first material to all values."""
        order = sorted(range(len(mentions)), key=lambda i: mentions[i].start)
        materials = [i for i in order if mentions[i].label == "material"]
        values = [i for i in order if mentions[i].label == "tcValue"]
        return [Link(materials[0], i, LinkLabel.MATERIAL_TC) for i in values if materials]


class NoLinker:
    """Links nothing."""

    name = "none"

    def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
        """No links."""
        return []
