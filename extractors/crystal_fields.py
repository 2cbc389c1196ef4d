"""Crystal fields of a record: space group, structure type, lattice in the text, Wyckoff sites.

Space groups and structure words themselves are told in ``spacegroups``; numbers of a table's cell
columns in ``property_fields``.
"""

from __future__ import annotations

import json
import re
from typing import Any

from scmine.extractors.claim import Claim
from scmine.extractors.quantities import parse_quantity
from scmine.extractors.spacegroups import find_space_groups
from scmine.extractors.structure_types import find_structure_types

_LATTICE_PART = re.compile(r"\b(a\s?=\s?b|[abc])\s?=\s?(\d{1,2}\.\d+(?:\s?\(\d+\))?)\s*(Å|A\b|nm)?")


def crystal_fields(claim: Claim) -> dict[str, Any]:
    """Space group, prototype, structure, lattice and sites, as far as ``claim`` states them."""
    fields: dict[str, Any] = {}
    values = claim.values
    if "wyckoff" in values:
        fields["wyckoff"] = json.loads(values["wyckoff"])
    if "lattice" in values:
        fields.update(_lattice(values["lattice"]))
    if "space_group" in values:
        hits = find_space_groups(values["space_group"], "symbol")
        if hits:
            fields["space_group"] = hits[0].symbol
            fields["space_group_number"] = hits[0].number
    if "space_group" in values or "lattice" in values:
        structures = [name for _, _, name in find_structure_types(claim.sentence)]
        types = [n for n in structures if n.endswith("-type")]
        systems = [n for n in structures if not n.endswith("-type")]
        fields["prototype"] = types[0].removesuffix("-type") if types else None
        fields["crystal_structure"] = systems[0] if systems else None
    return fields


def _lattice(text: str) -> dict[str, float]:
    """Cell edges in Å from ``a = 3.9 Å and c = 12.4 Å``; a unit that stands once holds for all."""
    parts = _LATTICE_PART.findall(text)
    units = [unit for _, _, unit in parts if unit]
    found: dict[str, float] = {}
    for name, number, unit in parts:
        quantity = parse_quantity(f"{number} {unit or (units[-1] if units else 'Å')}", "length")
        if quantity is None or quantity.value is None:
            continue
        for axis in re.findall(r"[abc]", name):
            found[f"{axis}_A"] = quantity.value
    return found
