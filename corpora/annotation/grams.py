"""Character n-grams of many texts as numbers: the sets by which texts are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Grams = NDArray[np.uint64]

_FACTORS = np.array([1, 1_000_003, 998_244_353, 2_147_483_629, 4_294_967_291], np.uint64)
LONGEST = len(_FACTORS)


def hashed_grams(texts: Sequence[str], length: int) -> list[Grams]:
    """The 64-bit hashes of the n-grams of each text, as they follow one another.

    The same n-gram has the same hash always and everywhere; different ones practically never do. A
    text shorter than ``length`` has none.

    >>> [len(g) for g in hashed_grams(["MgB2 is", "MgB2", "Mg"], 4)]
    [4, 1, 0]
    """
    if not texts:
        return []
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(encoded, np.uint32).astype(np.uint64)
    count = max(0, len(letters) - length + 1)
    hashed = np.zeros(count, np.uint64)
    for k in range(length):
        hashed += letters[k : count + k] * _FACTORS[k]
    hashed = (hashed ^ (hashed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    ends = np.cumsum([len(text) for text in texts])
    return [
        hashed[end - len(text) : max(end - len(text), end - length + 1)]
        for text, end in zip(texts, ends, strict=True)
    ]
