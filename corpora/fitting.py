"""Fits the trained tagger's network to annotated passages of several corpora at once.

What is shown in an epoch (``Sources``, ``Recipe``) and the loop (``fit``). The network is
``network``, its arrays are made in ``tag_sequences``; reading corpora, scoring and writing the
model are the affair of ``train_tagger``. Needs torch (the extra ``train``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from scmine.corpora.evaluate import gold_spans
from scmine.corpora.network import Network, Shape, partial_loss, sequence_loss
from scmine.corpora.swaps import swap_passage
from scmine.corpora.tag_sequences import (
    Batch,
    TaggedWords,
    group,
    make_batch,
    partly_tagged_words,
    tagged_words,
)
from scmine.corpora.types import GoldPassage, PartialPassage
from scmine.corpora.vectors import Vectors
from scmine.extractors.word_features import WordFeatures

_WARM_UP = 0.05  # of the steps
_AVERAGED_EVERY = 5  # steps
_AVERAGE_DECAY = 0.998  # a step
_LOSS_SCALE = 10.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fit.

    Attributes
    ----------
    epochs
        Passes over the passages.
    learn_rate
        Of Adam at its highest; it rises over the first twentieth of the steps and falls to nothing.
    vector_rate
        Share of the learning rate that word vectors get.
    decay
        Weight decay, times the rate, of every step.
    dropout
        Share of the units silenced.
    unknown_share
        Share of the words that lose their vector.
    batch_words
        Words a batch.
    swap_share
        Share of the passages whose elements, values and dashes are swapped.
    printed_share
        Share of SuperMat's passages also shown as GROBID printed them.
    seed
        Of everything that is drawn.
    """

    epochs: int = 8
    learn_rate: float = 0.002
    vector_rate: float = 0.2
    decay: float = 0.01
    dropout: float = 0.25
    unknown_share: float = 0.05
    batch_words: int = 1500
    swap_share: float = 0.5
    printed_share: float = 0.3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One scheme's training passages.

    ``passages`` are shown in every epoch, ``printed`` only a share of them (``Recipe``);
    ``longest`` is the most words a stretch may have; ``partial`` are passages of which only a part
    is known, shown in every epoch too.
    """

    labels: tuple[str, ...]
    passages: tuple[GoldPassage, ...]
    longest: int
    printed: tuple[GoldPassage, ...] = ()
    partial: tuple[PartialPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What an epoch gave: its number (from 1), the loss a word by scheme, and the mean weights."""

    epoch: int
    losses: dict[str, float]
    network: Network


def fit(
    sources: Mapping[str, Source],
    vectors: Vectors,
    recipe: Recipe,
    shape: Shape,
    report: Callable[[Progress], None] | None = None,
) -> Network:
    """A network fitted to ``sources``, its weights averaged over the course of the fit.

    The same seed gives the same network on the same machine with the same number of threads.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    features = WordFeatures(vectors.kinds)
    network = Network(vectors.table, {k: list(s.labels) for k, s in sources.items()}, shape)
    optimizer = _optimizer(network, recipe)
    averages = _Averages(network)
    half = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    for epoch in range(recipe.epochs):
        batches = list(_batches(sources, features, recipe, rng))
        losses = {scheme: [0.0, 0.0] for scheme in sources}
        network.train()
        for i, batch in enumerate(batches):
            progress = (epoch + i / len(batches)) / recipe.epochs
            for part, rate in zip(optimizer.param_groups, _rates(recipe), strict=True):
                part["lr"] = rate * _rate_share(progress)
            loss = _step(network, batch, optimizer, recipe.dropout, half)
            averages.take()
            losses[batch.scheme][0] += loss
            losses[batch.scheme][1] += float(batch.mask.sum())
        if report is not None:
            with averages:
                mean = {scheme: total / max(words, 1) for scheme, (total, words) in losses.items()}
                report(Progress(epoch + 1, mean, network.eval()))
    averages.keep()
    return network.eval()


def _batches(
    sources: Mapping[str, Source], features: WordFeatures, recipe: Recipe, rng: random.Random
) -> Iterator[Batch]:
    """The batches of one epoch, those of all schemes mixed."""
    groups: list[tuple[str, list[TaggedWords], int | None]] = []
    for scheme, source in sources.items():
        shown = [
            swap_passage(p, rng) if rng.random() < recipe.swap_share else p for p in source.passages
        ]
        shown += [p for p in source.printed if rng.random() < recipe.printed_share]
        sequences = [
            sequence
            for passage in shown
            for sequence in tagged_words(
                passage.text, gold_spans(passage), source.labels, source.longest
            )
        ]
        groups += [(scheme, part, None) for part in group(sequences, recipe.batch_words, rng)]
        partial = [
            sequence
            for passage in source.partial
            for sequence in partly_tagged_words(passage, source.labels, source.longest)
        ]
        tags = 1 + 2 * len(source.labels)
        groups += [(scheme, part, tags) for part in group(partial, recipe.batch_words, rng)]
    rng.shuffle(groups)
    for scheme, part, tag_count in groups:
        yield make_batch(scheme, part, features, recipe.unknown_share, rng, tag_count)


def _step(
    network: Network, batch: Batch, optimizer: torch.optim.Optimizer, dropout: float, half: bool
) -> float:
    """One step of the optimizer; the summed loss of the batch."""
    mask = torch.from_numpy(batch.mask)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
        states = network(torch.from_numpy(batch.rows), torch.from_numpy(batch.index), mask, dropout)
    emissions = network.emissions(states.float(), batch.scheme)
    transitions = network.transitions[batch.scheme]
    if batch.allowed is None:
        loss = sequence_loss(emissions, torch.from_numpy(batch.tags), mask, transitions).sum()
    else:
        allowed = torch.from_numpy(batch.allowed)
        loss = partial_loss(emissions, allowed, mask, transitions).sum()
    (loss / mask.sum() * _LOSS_SCALE).backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    vectors = network.vectors.weight
    others = [p for p in network.parameters() if p is not vectors]
    parts: list[dict[str, Any]] = [{"params": [vectors]}, {"params": others}]
    return torch.optim.AdamW(
        parts,
        weight_decay=recipe.decay,
        betas=(0.9, 0.98),
        fused=True,
    )


def _rates(recipe: Recipe) -> tuple[float, float]:
    return recipe.learn_rate * recipe.vector_rate, recipe.learn_rate


def _rate_share(progress: float) -> float:
    """The share of the full learning rate at ``progress`` (0 to 1): up, then down to nothing."""
    return progress / _WARM_UP if progress < _WARM_UP else (1 - progress) / (1 - _WARM_UP)


class _Averages:
    """Weights averaged over the steps; inside ``with`` the network has the averages."""

    def __init__(self, network: Network) -> None:
        self._weights = list(network.parameters())
        self._means = [w.detach().clone() for w in self._weights]
        self._kept: list[Tensor] = []
        self._steps = 0

    @torch.no_grad()
    def take(self) -> None:
        """Count another step in."""
        self._steps += 1
        if self._steps % _AVERAGED_EVERY == 0:
            decay = min(_AVERAGE_DECAY, (1 + self._steps) / (10 + self._steps)) ** _AVERAGED_EVERY
            for mean, weight in zip(self._means, self._weights, strict=True):
                mean.mul_(decay).add_(weight, alpha=1 - decay)

    def __enter__(self) -> None:
        self._kept = [w.detach().clone() for w in self._weights]
        self.keep()

    def __exit__(self, *_: object) -> None:
        self._set(self._kept)

    def keep(self) -> None:
        """Give the network the averages for good."""
        self._set(self._means)

    @torch.no_grad()
    def _set(self, values: Sequence[Tensor]) -> None:
        for weight, value in zip(self._weights, values, strict=True):
            weight.copy_(value)
