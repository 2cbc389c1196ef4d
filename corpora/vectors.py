"""Makes word vectors from unlabelled text: neighbour counts, weighted and reduced.

Positive pointwise mutual information of words and their neighbours (Levy and Goldberg, NIPS 2014;
context counts to the power 0.75 as in Levy, Goldberg and Dagan, TACL 3, 211 (2015), eq. 3), reduced
by a truncated singular value decomposition, left vectors times the square root of the singular
values. A "word" is its kind (``scmine.extractors.tokenizer.token_kind``): all formulas of three
elements share one vector. Needs scipy (the extra ``train``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from scmine.extractors.tokenizer import token_kind
from scmine.extractors.words import split_words

_SMOOTHING = 0.75


@dataclass(frozen=True)
class Vectors:
    """Vectors of kinds of words: ``table`` has shape (kinds, width) and unit standard deviation."""

    kinds: tuple[str, ...]
    table: NDArray[np.float32]


def word_vectors(
    texts: Iterable[str], width: int = 128, window: int = 4, min_count: int = 5
) -> Vectors:
    """Vectors of the kinds of words that occur at least ``min_count`` times in ``texts``.

    Direct neighbours and those up to ``window`` words away are counted apart, and so are those
    before and those after.

    Raises
    ------
    ValueError
        If fewer than ``width`` + 1 kinds are that frequent.
    """
    sentences = [[token_kind(word.text) for word in split_words(text)] for text in texts]
    counts = Counter(kind for sentence in sentences for kind in sentence)
    kinds = [kind for kind, count in counts.most_common() if count >= min_count]
    if len(kinds) <= width:
        raise ValueError(f"{len(kinds)} frequent words are too few for vectors of width {width}")
    weights = _information(_neighbours(sentences, kinds, window))
    left, values, _ = svds(weights, k=width, random_state=0)
    table = left * np.sqrt(values)
    return Vectors(tuple(kinds), (table / table.std()).astype(np.float32))


def _neighbours(sentences: list[list[str]], kinds: list[str], window: int) -> sparse.csr_matrix:
    """How often each kind has each other one beside it: four blocks of columns, see above."""
    places = {kind: i for i, kind in enumerate(kinds)}
    pairs: Counter[tuple[int, int, bool]] = Counter()
    for sentence in sentences:
        row = [places.get(kind, -1) for kind in sentence]
        for distance in range(1, window + 1):
            for first, second in zip(row, row[distance:], strict=False):
                if first >= 0 and second >= 0:
                    pairs[first, second, distance > 1] += 1
    count = len(kinds)
    values = np.array(list(pairs.values()), dtype=np.float64)
    first, second, far = np.array(list(pairs), dtype=np.int64).T
    shape = (count, 2 * count)
    after = sparse.coo_matrix((values, (first, second + far * count)), shape=shape)
    before = sparse.coo_matrix((values, (second, first + far * count)), shape=shape)
    return sparse.hstack([after, before]).tocsr()


def _information(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information of rows and columns."""
    total = counts.sum()
    rows = np.asarray(counts.sum(1)).ravel()
    columns = np.asarray(counts.sum(0)).ravel() ** _SMOOTHING
    columns *= total / columns.sum()
    entries = counts.tocoo()
    values = np.log(entries.data * total / (rows[entries.row] * columns[entries.col]))
    keep = values > 0
    return sparse.coo_matrix(
        (values[keep], (entries.row[keep], entries.col[keep])), shape=counts.shape
    ).tocsr()
