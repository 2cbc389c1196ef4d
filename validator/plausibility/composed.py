"""The checks of other parts of the validator that every record is held against.

The one place where they are listed. What each finds is told where it lives; rules of the kinds
``physics`` and ``references`` in the data file only explain their names. The comparison with the
user's reference sets needs a database: who opens one adds it (``scmine.pipelines.references``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from scmine.database.record import Record
from scmine.validator.finding import Finding

Check = Callable[[Record], Iterable[Finding]]
"""A check: its findings on one record."""

ELSEWHERE = frozenset({"physics", "references"})
"""The kinds of rules that are only explained in the data file and tested by such a check."""


@cache
def default_checks() -> tuple[Check, ...]:
    """Those that need no data of the user: λ, ω_log, μ* and Tc against each other.

    Imported here and not above, so that rules can be listed without NumPy.
    """
    from scmine.validator.physics.consistency import consistency

    return (consistency,)
