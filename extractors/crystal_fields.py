"""Crystal fields of a record: space group, structure type, crystal system, Wyckoff sites.

Space groups and structure words themselves are told in ``spacegroups`` and ``structure_types``;
edges and angles of the cell are read in ``property_fields``.
"""

from __future__ import annotations

import json
import re
from typing import Any

from scmine.extractors.claim import Claim
from scmine.extractors.spacegroups import find_space_groups, lookup_space_group
from scmine.extractors.structure_types import find_structure_types, is_crystal_system, system_fits

_NUMBER_ALONE = re.compile(r"\s*(?:No\.?\s?|#\s?)?(?P<number>[1-9]\d{0,2})\s*")
_NUMBER_PART = re.compile(r"[,;(\[#]|\b[Nn]o\b")


def crystal_fields(claim: Claim) -> dict[str, Any]:
    """Space group, prototype, structure and sites, as far as ``claim`` states them."""
    fields: dict[str, Any] = {}
    values = claim.values
    if "wyckoff" in values:
        fields["wyckoff"] = json.loads(values["wyckoff"])
    number = None
    if "space_group" in values:
        hits = find_space_groups(values["space_group"], "symbol")
        if hits:
            number = hits[0].number
            fields["space_group"] = _as_printed(values["space_group"][hits[0].start :], number)
            fields["space_group_number"] = number
        elif alone := _NUMBER_ALONE.fullmatch(values["space_group"]):
            group = lookup_space_group(int(alone["number"]))
            if group is not None:
                number = group.number
                fields.update(space_group=group.symbol, space_group_number=number)
    if claim.source == "table" and number is not None:
        values = {**_of_caption(claim.hints.get("caption", ""), number), **values}
    if "prototype" in values:
        fields["prototype"] = values["prototype"]
    if "crystal_structure" in values:
        fields["crystal_structure"] = values["crystal_structure"]
    return fields


def _as_printed(text: str, number: int) -> str:
    """The symbol of the setting that was printed; the standard one if only a number was."""
    group = lookup_space_group(_NUMBER_PART.split(text)[0].strip())
    if group is None or group.number != number:
        group = lookup_space_group(number)
    return group.stated if group else text


def _of_caption(caption: str, number: int) -> dict[str, str]:
    """The one structure type and the one crystal system that a table's caption names."""
    names = [name for _, _, name in find_structure_types(caption)]
    systems = {n for n in names if is_crystal_system(n) and system_fits(n, number)}
    types = {n.removesuffix("-type") for n in names if not is_crystal_system(n)}
    found = {}
    if len(systems) == 1:
        found["crystal_structure"] = systems.pop()
    if len(types) == 1:
        found["prototype"] = types.pop()
    return found
