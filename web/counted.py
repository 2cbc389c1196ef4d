"""Which records count as claims: those that nobody judged wrong, out of date or removed."""

from __future__ import annotations

from dataclasses import replace

from scmine.database.filters import RecordFilter
from scmine.database.record import RecordStatus

NOT_COUNTED = frozenset({RecordStatus.INVALID, RecordStatus.OBSOLETE, RecordStatus.REMOVED})
"""Records of these statuses are no claims any more."""

COUNTED = frozenset(RecordStatus) - NOT_COUNTED


def counted(wanted: RecordFilter) -> RecordFilter:
    """``wanted`` without the records that do not count, unless it asks for a status itself.

    >>> RecordStatus.INVALID in counted(RecordFilter()).statuses
    False
    """
    if wanted.statuses or wanted.status is not None:
        return wanted
    return replace(wanted, statuses=COUNTED)
