"""Pairing: which of several materials, Tc values and pressures of one claim belong together.

Lists that run side by side are paired, one value holds for all of a list, and what cannot be paired
is flagged. What the values mean is read elsewhere (``tc_fields``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from scmine.extractors.materials import Material
from scmine.extractors.quantities import Quantity

# Values that one material has and its neighbours in a list do not share, as they may a space group.
_OWN_TO_ONE = frozenset({"lambda", "omega_log", "omega2", "a", "b", "c"})

Paired = tuple[Material, Quantity | None, Quantity | None, list[str]]


def in_order(
    materials: Sequence[Material],
    tcs: Sequence[Quantity | None],
    order: str,
    values: Collection[str] = (),
) -> tuple[list[Material], list[str]]:
    """Of the materials that one mention lists, the one that this claim's values belong to.

    Where neither the number of Tc values nor their order tells, nothing is chosen: the record
    keeps the printed string alone and is flagged.
    """
    own = bool(_OWN_TO_ONE & set(values))
    if len(materials) < 2 or (tcs == [None] and not own) or len(tcs) == len(materials):
        return list(materials), []
    index, count = map(int, order.split("/")) if order else (0, 1)
    if count == len(materials):
        return [materials[index]], []
    keep = Material(raw=materials[0].raw, material_class=_common_class(materials))
    return [keep], ["list_unpaired"]


def _common_class(materials: Sequence[Material]) -> str | None:
    classes = {m.material_class for m in materials}
    return classes.pop() if len(classes) == 1 else None


def paired(
    materials: Sequence[Material],
    tcs: Sequence[Quantity | None],
    pressures: Sequence[Quantity | None],
) -> Iterator[Paired]:
    """Lists that run side by side are paired; a single value holds for all of a list.

    Lists of different lengths cannot be told apart: their values become one range, flagged.
    """
    flags: list[str] = []
    if len(tcs) > 1 and len(materials) not in (1, len(tcs)):
        tcs, flags = [_span_of(tcs)], ["list_unpaired"]
    if len(pressures) > 1 and len(pressures) != max(len(tcs), len(materials)):
        pressures, flags = [_span_of(pressures)], [*flags, "list_unpaired"]
    for i in range(max(len(materials), len(tcs))):
        yield (
            materials[i if len(materials) > 1 else 0],
            tcs[i if len(tcs) > 1 else 0],
            pressures[i if len(pressures) > 1 else 0],
            list(flags),
        )


def _span_of(quantities: Sequence[Quantity | None]) -> Quantity | None:
    """One quantity from the lowest to the highest of a list."""
    known = [q for q in quantities if q is not None]
    lows = [v for q in known if (v := q.minimum if q.value is None else q.value) is not None]
    highs = [v for q in known if (v := q.maximum if q.value is None else q.value) is not None]
    if not lows or not highs:
        return None
    return replace(known[0], value=None, minimum=min(lows), maximum=max(highs), flags=("list",))
