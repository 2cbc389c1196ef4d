"""The network does not see the padding, and the loss is that of the random field."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from scmine.corpora.network import Network, Shape, partial_loss, sequence_loss
from scmine.extractors.word_features import COLUMNS, UNKNOWN, WordFeatures

SHAPE = Shape(width=12, depth=2, memory=10, hashed=(6, 4, 4, 4), letter=4, letters=6)
VOCABULARY = ("mgb2", "at", "<00>", "<formula2>")
LABELS = {"one": ["a", "b"], "two": ["c"]}


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(0)
    table = np.random.default_rng(0).normal(size=(len(VOCABULARY), 8)).astype(np.float32)
    return Network(table, LABELS, SHAPE).eval()


def emissions(network: Network, texts: list[list[str]], scheme: str = "one") -> torch.Tensor:
    words = sorted({word for text in texts for word in text})
    features = WordFeatures(VOCABULARY)
    rows = torch.tensor([features(word) for word in words])
    longest = max(map(len, texts))
    index = torch.zeros(len(texts), longest, dtype=torch.int64)
    mask = torch.zeros(len(texts), longest)
    for i, text in enumerate(texts):
        index[i, : len(text)] = torch.tensor([words.index(word) for word in text])
        mask[i, : len(text)] = 1
    with torch.no_grad():
        found: torch.Tensor = network.emissions(network(rows, index, mask), scheme)
    return found


SHORT = ["MgB2", "at", "39", "K"]
LONG = ["The", "Tc", "of", "FeSe", "rises", "at", "high", "pressure", ",", "says", "he", "."]


@pytest.mark.parametrize("scheme", LABELS)
def test_padding_changes_nothing(network: Network, scheme: str) -> None:
    alone = emissions(network, [SHORT], scheme)
    padded = emissions(network, [LONG, SHORT, ["K"]], scheme)
    assert alone.shape == (1, len(SHORT), 1 + 2 * len(LABELS[scheme]))
    assert torch.allclose(padded[1, : len(SHORT)], alone[0], atol=1e-6)
    assert torch.allclose(padded[2, :1], emissions(network, [["K"]], scheme)[0], atol=1e-6)


def test_a_word_sees_the_whole_text(network: Network) -> None:
    scores = emissions(network, [LONG])[0]
    for changed in (0, len(LONG) - 1):
        other = emissions(network, [[w if i != changed else "MgB2" for i, w in enumerate(LONG)]])[0]
        assert (scores - other).abs().amax(1).gt(0).all()


def test_word_vectors_come_after_padding_and_unknown() -> None:
    table = np.arange(8, dtype=np.float32).reshape(4, 2)
    weights = Network(table, LABELS, SHAPE).vectors.weight.detach().numpy()
    assert weights.shape == (4 + UNKNOWN + 1, 2)
    assert not weights[: UNKNOWN + 1].any()
    assert np.allclose(weights[UNKNOWN + 1 :] / weights[-1, -1], table / table[-1, -1])


def test_unknown_characters_and_kinds_do_no_harm(network: Network) -> None:
    rows = torch.tensor([WordFeatures(())(w) for w in ("\ud800", "𝑇", "²", "x" * 99)])
    assert rows.shape[1] == COLUMNS
    assert network.describe(rows).isfinite().all()


def test_the_loss_is_the_share_of_all_sequences_that_is_right() -> None:
    torch.manual_seed(1)
    tags, lengths = 3, (4, 2, 1)
    scores, steps = torch.randn(3, 4, tags), torch.randn(tags, tags)
    right = torch.randint(tags, (3, 4))
    mask = torch.tensor([[1.0] * n + [0.0] * (4 - n) for n in lengths])
    found = sequence_loss(scores, right, mask, steps)
    for i, count in enumerate(lengths):

        def score(sequence: tuple[int, ...], i: int = i) -> torch.Tensor:
            own = sum(scores[i, j, tag] for j, tag in enumerate(sequence))
            return own + sum(steps[a, b] for a, b in pairwise(sequence))

        whole = torch.logsumexp(
            torch.stack([torch.as_tensor(score(s)) for s in product(range(tags), repeat=count)]), 0
        )
        expected = whole - score(tuple(right[i, :count].tolist()))
        assert found[i].item() == pytest.approx(expected.item(), abs=1e-4)


def test_the_loss_is_lowest_where_the_tags_are_certain() -> None:
    right = torch.tensor([[0, 1, 2]])
    scores = torch.nn.functional.one_hot(right, 3) * 50.0
    mask, steps = torch.ones(1, 3), torch.zeros(3, 3)
    assert sequence_loss(scores, right, mask, steps).item() == pytest.approx(0, abs=1e-4)
    assert sequence_loss(-scores, right, mask, steps).item() > 50


@pytest.mark.parametrize("known", [(), (0,), (0, 2), (0, 1, 2)])
def test_the_loss_of_what_is_known_in_part_sums_over_all_that_may_be(known: tuple[int]) -> None:
    generator = torch.Generator().manual_seed(1)
    scores = torch.randn(1, 3, 3, generator=generator)
    steps = torch.randn(3, 3, generator=generator)
    tags = (2, 0, 1)
    allowed = torch.ones(1, 3, 3, dtype=torch.bool)
    for place in known:
        allowed[0, place] = False
        allowed[0, place, tags[place]] = True
    mask = torch.ones(1, 3)
    every = {
        way: sequence_loss(scores, torch.tensor([way]), mask, steps)[0]
        for way in product(range(3), repeat=3)
    }
    fitting = [loss for way, loss in every.items() if all(way[i] == tags[i] for i in known)]
    wanted = -torch.logsumexp(-torch.stack(fitting), 0)
    assert torch.allclose(partial_loss(scores, allowed, mask, steps)[0], wanted, atol=1e-4)
