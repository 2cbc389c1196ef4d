"""Fitting learns a few sentences, says how it goes on, and is repeatable."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")
pytest.importorskip("onnx")

import torch

from scmine.corpora.fitting import Progress, Recipe, Source, fit
from scmine.corpora.network import Network
from scmine.corpora.types import PartialPassage
from scmine.extractors.crf import constrained, decode
from scmine.extractors.schemes import Scheme
from scmine.extractors.word_features import WordFeatures
from scmine.extractors.words import split_words
from tests.corpora.tiny_tagger import (
    ABSTRACT,
    ABSTRACT_SPANS,
    LABELS,
    RECIPE,
    SEEN,
    SEEN_SPANS,
    SHAPE,
    Tiny,
    make_tiny_sources,
    make_tiny_vectors,
    tiny,
)

SHORT = Recipe(epochs=1, learn_rate=0.01, batch_words=200)


def found(made: Tiny, text: str, scheme: Scheme) -> list[tuple[str, str]]:
    words = split_words(text)
    features = WordFeatures(made.vectors.kinds)
    rows = torch.tensor([features(word.text) for word in words])
    with torch.no_grad():
        states = made.network(rows, torch.arange(len(words))[None], torch.ones(1, len(words)))
        scores = made.network.emissions(states, scheme)[0].numpy()
        steps = made.network.transitions[scheme].numpy()
    return [
        (text[words[s.first].start : words[s.end - 1].end], LABELS[scheme][s.label])
        for s in decode(scores, constrained(steps))
    ]


def fitted(recipe: Recipe, sources: dict[str, Source] | None = None) -> Network:
    sources = sources or make_tiny_sources()
    return fit(sources, make_tiny_vectors(make_tiny_sources()), recipe, SHAPE)


def same(one: Network, other: Network) -> bool:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_small_corpus_of_two_schemes_is_learnt() -> None:
    made = tiny()
    assert len(made.losses) == RECIPE.epochs
    for scheme in Scheme:
        assert made.losses[-1][scheme] < made.losses[0][scheme] / 10
    assert found(made, SEEN, Scheme.SUPERMAT) == SEEN_SPANS
    assert found(made, ABSTRACT, Scheme.SC_COMICS) == ABSTRACT_SPANS
    unseen = "The compound NdFeAsO becomes superconducting at 51 K."
    assert found(made, unseen, Scheme.SUPERMAT) == [("NdFeAsO", "material"), ("51 K", "tcValue")]


def test_one_seed_gives_one_network() -> None:
    one = fitted(SHORT)
    assert same(one, fitted(SHORT))
    assert not same(one, fitted(replace(SHORT, seed=1)))


def test_reporting_does_not_change_what_is_learnt() -> None:
    sources = make_tiny_sources()
    reports: list[int] = []

    def report(progress: Progress) -> None:
        assert not progress.network.training
        assert set(progress.losses) == set(sources)
        reports.append(progress.epoch)

    recipe = replace(SHORT, epochs=2)
    reported = fit(sources, make_tiny_vectors(sources), recipe, SHAPE, report)
    assert reports == [1, 2]
    assert same(reported, fitted(recipe))
    assert not reported.training


def test_printed_passages_are_shown_by_their_share() -> None:
    """Pressures, which stand in printed passages only, are learnt if those are shown."""
    sources = make_tiny_sources()
    source = sources[Scheme.SUPERMAT]
    with_pressure = [p for p in source.passages if any(m.label == "pressure" for m in p.mentions)]
    rest = [p for p in source.passages if p not in with_pressure]
    apart = {
        Scheme.SUPERMAT: replace(source, passages=tuple(rest), printed=tuple(with_pressure)),
        Scheme.SC_COMICS: sources[Scheme.SC_COMICS],
    }
    for share, learnt in ((0, False), (1, True)):
        network = fitted(replace(RECIPE, epochs=5, printed_share=share), apart)
        spans = found(replace(tiny(), network=network), SEEN, Scheme.SUPERMAT)
        assert (("2 GPa", "pressure") in spans) is learnt
        assert any(label == "pressure" for _, label in spans) is learnt


def test_what_is_known_of_a_passage_is_learnt_and_nothing_else() -> None:
    """A value that other text never shows, in a sentence of which only it was judged."""
    text = "The sample of FeSe warms from 150 mK onwards."
    start = text.index("150 mK")
    passage = PartialPassage(text, known=((start, start + 6, "tcValue"),))
    sources = make_tiny_sources()
    before = tiny()
    source = replace(sources[Scheme.SUPERMAT], partial=(passage,) * 12)
    network = fit(sources | {Scheme.SUPERMAT: source}, make_tiny_vectors(sources), RECIPE, SHAPE)
    after = replace(before, network=network)
    assert ("150 mK", "tcValue") in found(after, text, Scheme.SUPERMAT)
    # Nobody said anything of the material: it is still found.
    assert ("FeSe", "material") in found(after, text, Scheme.SUPERMAT)
    assert found(after, SEEN, Scheme.SUPERMAT) == SEEN_SPANS
