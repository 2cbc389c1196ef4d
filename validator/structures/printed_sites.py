"""Sites as printed: their coordinates as numbers with the precision they were printed with.

Reads fractions, expressions that follow from another coordinate (``2x``), and the name of a
position (``4f``). Which place of a setting they mean is decided in ``placing``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scmine.validator.structures.expressions import Floats, linear
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import Coordinate, StatedSite, StatedStructure

_NAME = re.compile(r"\s*(?P<many>\d{1,3})?\s*\(?\s*(?P<letter>[A-Za-zα])?\s*\)?\s*")
_MOST_SITES = 400
_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 5
_EIGHTHS = 8


@dataclass(frozen=True, slots=True)
class PrintedSite:
    """A site ready to be placed.

    ``xyz`` (3,) has NaN where a coordinate is open; ``tolerance`` (3,) is how far each may be from
    what was meant, by the digits printed.
    """

    element: str
    label: str
    occupancy: float
    xyz: Floats
    tolerance: Floats
    multiplicity: int | None
    letter: str | None

    @property
    def is_complete(self) -> bool:
        """Whether all three coordinates are known."""
        return not bool(np.isnan(self.xyz).any())

    @property
    def name(self) -> str:
        """What to call it in a sentence: the label, or the element and the position's name."""
        place = f"{self.multiplicity or ''}{self.letter or ''}"
        return self.label or (f"{self.element} ({place})" if place else self.element)


def printed_sites(stated: StatedStructure) -> list[PrintedSite]:
    """The sites of a statement, as numbers.

    Raises
    ------
    RefusalError
        ``sites_missing`` if none is stated, ``sites_unreadable`` for an unknown element, a wrong
        occupancy or a coordinate that is none.
    """
    if not stated.sites:
        raise RefusalError("sites_missing", "no atomic site is stated")
    if len(stated.sites) > _MOST_SITES:
        message = f"{len(stated.sites)} sites are more than are tried ({_MOST_SITES})"
        raise RefusalError("sites_too_many", message)
    return [_printed(site) for site in stated.sites]


def _printed(site: StatedSite) -> PrintedSite:
    from pymatgen.core import Element

    symbol = {"D": "H", "T": "H"}.get(site.element, site.element)
    if not Element.is_valid_symbol(symbol):
        raise RefusalError("sites_unreadable", f"{site.element!r} is no element")
    if not 0.0 < site.occupancy <= 1.001:
        message = f"an occupancy of {site.occupancy:g} on {site.label or symbol} cannot be"
        raise RefusalError("sites_unreadable", message, contradiction=True)
    name = _NAME.fullmatch(site.site or "")
    if name is None:
        raise RefusalError("sites_unreadable", f"{site.site!r} is no Wyckoff position")
    letter = {"α": "A"}.get(name["letter"] or "", name["letter"])
    xyz, tolerance = _numbers(site.xyz)
    return PrintedSite(
        symbol, site.label, min(site.occupancy, 1.0), xyz, tolerance,
        int(name["many"]) if name["many"] else None, letter,
    )  # fmt: skip


def _numbers(triplet: Sequence[Coordinate] | None) -> tuple[Floats, Floats]:
    """Values and tolerances of three coordinates; NaN where one is open."""
    if triplet is None:
        return np.full(3, np.nan), np.full(3, 1e-3)
    rows = [_row(coordinate) for coordinate in triplet]
    known = {i: row[3] for i, row in enumerate(rows) if row is not None and not any(row[:3])}
    values = np.full(3, np.nan)
    for i, row in enumerate(rows):
        if row is not None and all(row[j] == 0 or j in known for j in range(3)):
            values[i] = row[3] + sum(row[j] * known[j] for j in range(3) if row[j])
    if np.any(np.abs(values[~np.isnan(values)]) > 10):
        message = f"{triplet} are not fractions of cell edges"
        raise RefusalError("coordinates_out_of_range", message, contradiction=True)
    decimals = [_decimals(coordinate) for coordinate in triplet]
    return values, _tolerances(values, decimals)


def _row(coordinate: Coordinate) -> tuple[float, float, float, float] | None:
    if coordinate is None:
        return None
    if isinstance(coordinate, str):
        row = linear(coordinate)
        if row is None:
            raise RefusalError("sites_unreadable", f"{coordinate!r} is no coordinate")
        return row
    return 0.0, 0.0, 0.0, float(coordinate)


def _decimals(coordinate: Coordinate) -> int | None:
    """Decimals that were printed; None for a fraction, which is exact."""
    if isinstance(coordinate, str):
        found = re.search(r"\.(\d+)", coordinate)
        return len(found[1]) if found and "/" not in coordinate else None
    if coordinate is None:
        return None
    text = f"{coordinate:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(text.partition(".")[2])


def _tolerances(values: Floats, decimals: Sequence[int | None]) -> Floats:
    """How far each coordinate may be off: a unit in the last printed place.

    Floats lose trailing zeros, so a coordinate counts as printed with at most one place less than
    the most precise one of its triplet; an eighth counts as exact.
    """
    known = [d for d in decimals if d is not None]
    most = min(max([_FEWEST_DECIMALS, *known]), _MOST_DECIMALS)
    found = np.empty(3)
    for i, places in enumerate(decimals):
        exact = places is None or abs(values[i] * _EIGHTHS - round_or_nan(values[i])) < 1e-9
        own = most if exact or places is None else max(places, most - 1)
        found[i] = 1.05 * 10.0 ** -min(max(own, _FEWEST_DECIMALS), 4)
    return found


def round_or_nan(value: float) -> float:
    """Eighths in ``value``, as the nearest whole number; NaN stays."""
    return value if np.isnan(value) else float(np.rint(value * _EIGHTHS))
