"""Table captions: the pressure and the space group that a caption states for all rows under it.

Which material a caption names lives in ``table_materials``.
"""

from __future__ import annotations

import re

from scmine.extractors.cues import cues
from scmine.extractors.quantities import find_quantities
from scmine.extractors.spacegroups import find_space_groups

_LIMIT = re.compile(r"(?:\bup to|\babove|\bbelow|\bover|\bbeyond|\bto|[<>≤≥])\s?$")


def stated_for_all(caption: str) -> dict[str, str]:
    """``pressure`` and ``space_group``, each as printed, where ``caption`` states it once.

    Limits of a pressure and the pressure of a synthesis are not that of the rows.

    >>> stated_for_all("Sites in the Fm-3m phase at 150 GPa")
    {'pressure': '150 GPa', 'space_group': 'Fm-3m'}
    >>> stated_for_all("Tc up to 20 GPa"), stated_for_all("Films grown at 5 GPa")
    ({}, {})
    """
    values: dict[str, str] = {}
    pressures = find_quantities(caption, "pressure")
    if len(pressures) == 1:
        start, end = pressures[0][:2]
        before = re.split(r"\.\s", caption[:start])[-1]
        synthesis = cues()["pressure_kind"]["synthesis"].search(before)
        if not _LIMIT.search(before) and not synthesis:
            values["pressure"] = caption[start:end]
    groups = {hit.symbol: hit for hit in find_space_groups(caption)}
    if len(groups) == 1:
        (hit,) = groups.values()
        values["space_group"] = caption[hit.start : hit.end]
    return values
