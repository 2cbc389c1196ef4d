"""The trained tagger's network in PyTorch: words in, scores of tags out, one head for each scheme.

A word is the sum of what ``scmine.extractors.word_features`` says of it: a vector, hashed
descriptions, and a convolution over its characters. Over the words run residual convolutions with
maxout units (Goodfellow et al., ICML 2013) and one long short-term memory in each direction;
a linear-chain conditional random field joins the tags. Fitting lives in ``fitting``, running
without torch in ``scmine.extractors.sequence_model``. Needs torch (the extra ``train``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from scmine.extractors.word_features import (
    ALPHABET_ROWS,
    HASH_ROWS,
    UNKNOWN,
    WORD_CHARACTERS,
)

PIECES = 3  # linear maps a maxout unit chooses from
WINDOW = 3  # words a convolution looks at
_VECTOR_SCALE = 0.5
_HASH_SCALE = 0.3
_IMPOSSIBLE = -1e4  # a score that no tagging makes up for, and whose sums stay finite


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network.

    Attributes
    ----------
    width
        Of the convolutions over words.
    depth
        Number of those convolutions.
    memory
        Units of the long short-term memory in each direction.
    hashed
        Widths of the tables for kind, shape, prefix and suffix.
    letter, letters
        Width of a character, and units of the convolution over a word's characters.
    """

    width: int = 192
    depth: int = 3
    memory: int = 160
    hashed: tuple[int, int, int, int] = (96, 48, 48, 64)
    letter: int = 24
    letters: int = 64


class Maxout(nn.Module):
    """The greatest of ``PIECES`` linear maps, unit by unit."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, units * PIECES)
        self.units = units

    def forward(self, values: Tensor) -> Tensor:
        """Shape (…, inputs) to (…, units), in single precision."""
        found = self.linear(values)
        return found.view(*found.shape[:-1], self.units, PIECES).amax(-1).float()


class Convolution(nn.Module):
    """A maxout unit over a word and its two neighbours, added to what was there."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.maxout = Maxout(width * WINDOW, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, words: Tensor, mask: Tensor, dropout: float) -> Tensor:
        """``words`` of shape (texts, words, width); ``mask`` is 1 at words and 0 at padding."""
        padded = functional.pad(words * mask[..., None], (0, 0, 1, 1))
        seen = torch.cat((padded[:, :-2], padded[:, 1:-1], padded[:, 2:]), -1)
        found: Tensor = self.norm(self.maxout(seen))
        return words + functional.dropout(found, dropout, self.training)


class Network(nn.Module):
    """Scores of BIO tags for each word and scheme.

    Parameters
    ----------
    vectors
        Word vectors, shape (kinds, width); row ``UNKNOWN + 1`` of the table is the first of them.
    labels
        For each scheme, its labels.
    shape
        Sizes.
    """

    def __init__(
        self, vectors: NDArray[np.float32], labels: Mapping[str, list[str]], shape: Shape
    ) -> None:
        super().__init__()
        self.vectors = nn.Embedding(len(vectors) + UNKNOWN + 1, vectors.shape[1], padding_idx=0)
        with torch.no_grad():
            self.vectors.weight.zero_()
            self.vectors.weight[UNKNOWN + 1 :] = torch.from_numpy(vectors) * _VECTOR_SCALE
        tables = [
            nn.Embedding(rows, width) for rows, width in zip(HASH_ROWS, shape.hashed, strict=True)
        ]
        for table in tables:
            nn.init.normal_(table.weight, std=_HASH_SCALE)
        self.hashed = nn.ModuleList(tables)
        self.letter = nn.Embedding(ALPHABET_ROWS, shape.letter, padding_idx=0)
        self.letters = nn.Conv1d(shape.letter, shape.letters, WINDOW, padding=WINDOW // 2)
        inputs = vectors.shape[1] + sum(shape.hashed) + shape.letters
        self.join = Maxout(inputs, shape.width)
        self.norm = nn.LayerNorm(shape.width)
        self.depth = shape.depth
        self.convolutions = nn.ModuleList(Convolution(shape.width) for _ in range(shape.depth))
        self.onward = nn.LSTM(shape.width, shape.memory, batch_first=True)
        self.backward_ = nn.LSTM(shape.width, shape.memory, batch_first=True)
        sizes = {scheme: 1 + 2 * len(names) for scheme, names in labels.items()}
        self.heads = nn.ModuleDict(
            {scheme: nn.Linear(2 * shape.memory, size) for scheme, size in sizes.items()}
        )
        self.transitions = nn.ParameterDict(
            {scheme: nn.Parameter(torch.zeros(size, size)) for scheme, size in sizes.items()}
        )

    def describe(self, rows: Tensor, dropout: float = 0.0) -> Tensor:
        """What is known of each of some words, from their rows: (words, COLUMNS) to (words, …)."""
        places = rows[:, 0]
        parts = [table(rows[:, 1 + i]) for i, table in enumerate(self.hashed)]
        parts.append(self.vectors(places))
        letters = self.letter(rows[:, -WORD_CHARACTERS:]).transpose(1, 2)
        parts.append(functional.relu(self.letters(letters)).amax(2))
        return functional.dropout(torch.cat(parts, -1), dropout, self.training)

    def forward(self, rows: Tensor, index: Tensor, mask: Tensor, dropout: float = 0.0) -> Tensor:
        """States of the words of some texts.

        Parameters
        ----------
        rows
            Different words, shape (different words, COLUMNS).
        index
            Which of them each word of each text is, shape (texts, words).
        mask
            1 at words, 0 at padding, same shape.
        dropout
            Share of the units that are silenced while training.

        Returns
        -------
        Tensor
            Shape (texts, words, 2 × memory).
        """
        described = self.describe(rows)
        words = functional.dropout(described[index], dropout, self.training)
        states = self.norm(self.join(words))
        states = functional.dropout(states, dropout, self.training)
        for convolution in self.convolutions:
            states = convolution(states, mask, dropout)
        turn = _turned(mask)[..., None].expand_as(states)
        onward, _ = self.onward(states)
        back, _ = self.backward_(torch.gather(states, 1, turn))
        back = torch.gather(back, 1, turn[..., :1].expand_as(back))
        return functional.dropout(torch.cat((onward, back), -1), dropout, self.training)

    def emissions(self, states: Tensor, scheme: str) -> Tensor:
        """Scores of the tags of ``scheme``, shape (texts, words, tags)."""
        found: Tensor = self.heads[scheme](states)
        return found


def _turned(mask: Tensor) -> Tensor:
    """For each place of a text the place that it has when the words, not the padding, turn round.

    >>> _turned(torch.tensor([[1.0, 1.0, 1.0, 0.0]]))
    tensor([[2, 1, 0, 3]])
    """
    places = torch.arange(mask.shape[1])[None]
    lengths = mask.sum(1, keepdim=True).long()
    return torch.where(places < lengths, lengths - 1 - places, places)


def sequence_loss(emissions: Tensor, tags: Tensor, mask: Tensor, transitions: Tensor) -> Tensor:
    """Negative log-likelihood of the tags of each text under the random field, shape (texts,).

    Lafferty, McCallum and Pereira, ICML 2001, eq. 2 with edge and vertex features; the sum over
    all sequences by the forward algorithm.
    """
    picked = torch.gather(emissions, 2, tags[..., None])[..., 0]
    steps = transitions[tags[:, :-1], tags[:, 1:]]
    score = (picked * mask).sum(1) + (steps * mask[:, 1:]).sum(1)
    return _log_sum(emissions, mask, transitions) - score


def partial_loss(emissions: Tensor, allowed: Tensor, mask: Tensor, transitions: Tensor) -> Tensor:
    """Negative log-likelihood of all taggings of each text that ``allowed`` lets stand.

    ``allowed`` is true for the tags a word may have, shape (texts, words, tags); a word of which
    nothing is known may have any, and teaches nothing by itself. Tsuboi et al., COLING 2008, eq. 6.
    """
    kept = emissions.masked_fill(~allowed, _IMPOSSIBLE)
    return _log_sum(emissions, mask, transitions) - _log_sum(kept, mask, transitions)


def _log_sum(emissions: Tensor, mask: Tensor, transitions: Tensor) -> Tensor:
    """The logarithm of the sum over all taggings of a text, shape (texts,)."""
    sums = emissions[:, 0]
    for i in range(1, emissions.shape[1]):
        onward = torch.logsumexp(sums[:, :, None] + transitions[None], 1) + emissions[:, i]
        sums = torch.where(mask[:, i, None] > 0, onward, sums)
    return torch.logsumexp(sums, 1)
