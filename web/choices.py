"""What the selections of the filter offer: the classes of materials and the names of ours."""

from __future__ import annotations

from functools import cache

from scmine.database.record import Evidence, Origin, RecordStatus, Source
from scmine.validator.plausibility.ceilings import known_classes


@cache
def choices() -> dict[str, tuple[str, ...]]:
    """The values of each selection, by the field's name in an address."""
    return {
        "class": tuple(sorted(known_classes(), key=str.casefold)),
        "evidence": tuple(Evidence),
        "origin": tuple(Origin),
        "status": tuple(RecordStatus),
        "source": tuple(Source),
    }
