"""Words around a quantity that tell what kind it is: patterns of a data file, and their test.

The kinds themselves stand in ``other_temperatures.toml`` and ``other_pressures.toml``; what else
tells a kind (a unit, a size, a boiling point) is known to ``other_temperatures`` and
``other_pressures``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WORDS_AFTER = 40
"""Characters behind a quantity in which words may say what it is."""


@dataclass(frozen=True, slots=True)
class WordsAround:
    """What stands around quantities of one kind; the data files explain the keys."""

    reach: int
    before: re.Pattern[str]
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> WordsAround:
        """From a table of a data file; case counts in its ``before`` if it says ``case = true``."""
        flags = re.NOFLAG if entry.get("case") else re.IGNORECASE
        before = re.compile(entry["before"], flags)
        return cls(entry["reach"], before, optional(entry, "after"), optional(entry, "unless"))

    def stand_before(self, text: str) -> bool:
        """Whether ``text``, which ends where the quantity begins, ends with such words.

        >>> words = WordsAround.of({"reach": 30, "before": r"annealed at\\s*$", "unless": "not"})
        >>> words.stand_before("it was annealed at "), words.stand_before("we annealed at most ")
        (True, False)
        """
        window = text[-self.reach :]
        match = self.before.search(window)
        if match is None:
            return False
        return self.unless is None or not self.unless.search(window[match.start() :])


def optional(entry: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    """The pattern under ``key``, without case; None if the kind has none."""
    return re.compile(entry[key], re.IGNORECASE) if key in entry else None
