"""A tiny tagger fitted to made-up sentences, once a session; needs torch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from scmine.corpora.export import write_model
from scmine.corpora.fitting import Progress, Recipe, Source, fit
from scmine.corpora.network import Network, Shape
from scmine.corpora.types import GoldMention, GoldPassage
from scmine.corpora.vectors import Vectors, word_vectors
from scmine.extractors.schemes import Scheme

SHAPE = Shape(width=24, depth=2, memory=16, hashed=(16, 8, 8, 8), letter=8, letters=16)
RECIPE = Recipe(epochs=10, learn_rate=0.02, dropout=0.1, batch_words=120, swap_share=0.2)
LABELS = {
    Scheme.SUPERMAT: ("material", "tcValue", "pressure"),
    Scheme.SC_COMICS: ("Element", "Main", "Value"),
}
LONGEST = 60  # words
SEEN = "Under a pressure of 2 GPa, FeSe superconducts below 20 K."
SEEN_SPANS = [("2 GPa", "pressure"), ("FeSe", "material"), ("20 K", "tcValue")]
ABSTRACT = "Zn and Ni were put into YBa2Cu3O7. Its Tc fell to 60 K, that of Zn films to 5 K."
ABSTRACT_SPANS = [
    ("Zn", "Element"),
    ("Ni", "Element"),
    ("YBa2Cu3O7", "Main"),
    ("60 K", "Value"),
    ("Zn", "Element"),
    ("5 K", "Value"),
]
_FORMULAS = ("MgB2", "LaFeAsO", "FeSe", "CeCoIn5", "NbN", "YBa2Cu3O7", "K3C60", "V3Si")
_FRAMES = (
    ("The compound ", "material", " becomes superconducting at ", "tcValue", "."),
    ("In this work ", "material", " was grown and measured; its Tc is ", "tcValue", "."),
    ("Samples were annealed for two days at a high temperature.",),
    ("Under a pressure of ", "pressure", ", ", "material", " superconducts below ", "tcValue", "."),
    ("Resistivity of ", "material", " falls to zero at ", "tcValue", " (see figure)."),
    ("Pressures up to ", "pressure", " lower the Tc of ", "material", " by a factor of two."),
)


@dataclass(frozen=True)
class Tiny:
    """The fitted network, what it was fitted to, and the loss a word after each epoch."""

    network: Network
    sources: dict[str, Source]
    vectors: Vectors
    losses: list[dict[str, float]]


@cache
def tiny() -> Tiny:
    """The tiny tagger of both schemes."""
    torch.set_num_threads(1)  # threads that wait for each other crawl on a busy machine
    sources = make_tiny_sources()
    vectors = make_tiny_vectors(sources)
    losses: list[dict[str, float]] = []

    def report(progress: Progress) -> None:
        losses.append(progress.losses)

    return Tiny(fit(sources, vectors, RECIPE, SHAPE, report), sources, vectors, losses)


def write_tiny(
    folder: Path,
    schemes: Sequence[Scheme] = tuple(Scheme),
    members: int = 1,
    quantised: bool = False,
) -> Path:
    """The tiny tagger as a model folder."""
    made = tiny()
    sources = {scheme: made.sources[scheme] for scheme in schemes}
    networks = [made.network] * members
    write_model(networks, sources, made.vectors, ("tiny", "0"), folder, quantised)
    return folder


def make_tiny_sources() -> dict[str, Source]:
    """Made-up training passages of both schemes."""
    rng = random.Random(0)
    seen = gold(SEEN, SEEN_SPANS)
    abstract = gold(ABSTRACT, ABSTRACT_SPANS)
    passages = {
        Scheme.SUPERMAT: (*_sentences(rng, 120), *[seen] * 6),
        Scheme.SC_COMICS: (abstract,) * 40,
    }
    return {s: Source(LABELS[s], passages[s], LONGEST) for s in LABELS}


def make_tiny_vectors(sources: dict[str, Source]) -> Vectors:
    """Vectors of the words of the passages."""
    return word_vectors((p.text for s in sources.values() for p in s.passages), 8, 2, 2)


def gold(text: str, spans: list[tuple[str, str]]) -> GoldPassage:
    """A passage with mentions of the given words, in the order of the text."""
    mentions, at = [], 0
    for words, label in spans:
        start = text.index(words, at)
        at = start + len(words)
        mentions.append(GoldMention(start, at, label))
    return GoldPassage("paragraph", text, tuple(mentions))


def _sentences(rng: random.Random, count: int) -> Iterator[GoldPassage]:
    for _ in range(count):
        fillings = {
            "material": rng.choice(_FORMULAS),
            "tcValue": f"{rng.randint(2, 90)} K",
            "pressure": f"{rng.randint(1, 20)} GPa",
        }
        frame = rng.choice(_FRAMES)
        spans = [(fillings[part], part) for part in frame if part in fillings]
        yield gold("".join(fillings.get(part, part) for part in frame), spans)
