"""Rebuilt structures as what other programs read: CIF, POSCAR, JSON, objects of pymatgen and ASE.

The text of a CIF is put together in ``cif``; files are written by whoever asks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scmine.validator.structures.cif import to_cif
from scmine.validator.structures.distances import shortest_distances
from scmine.validator.structures.plain import to_plain
from scmine.validator.structures.rebuilt import Rebuilt
from scmine.validator.structures.symmetry import claimed_number, found_symmetry

if TYPE_CHECKING:
    from ase import Atoms
    from pymatgen.core import Structure


class OutputError(ValueError):
    """A structure cannot be written in the form asked for; the message says why."""


def cif_of(
    rebuilt: Rebuilt, *, doi: str | None = None, more: Mapping[str, object] | None = None
) -> str:
    """The CIF of a rebuilt structure, with ``_scmine_`` items on how it was come by.

    Parameters
    ----------
    rebuilt
        A structure with its verdict.
    doi
        The paper's.
    more
        Further items, such as ``structure_id``, before the others.

    Raises
    ------
    OutputError
        If there is no structure.
    """
    stated = rebuilt.stated
    items: dict[str, object] = {
        **(more or {}),
        "verdict": rebuilt.verdict.value,
        "way": rebuilt.way.value if rebuilt.way else None,
        "origin": rebuilt.origin,
        "sites_from": rebuilt.sites_from,
        "formula_stated": stated.formula,
        "space_group_stated": stated.space_group,
        "pressure_GPa": stated.pressure_GPa,
        "repairs": rebuilt.repairs,
        "estimated": rebuilt.estimated,
        "findings": [f"{f.name} ({f.severity.value}): {f.message}" for f in rebuilt.reasons],
    }
    number = rebuilt.space_group_number or claimed_number(stated)
    return to_cif(_atoms(rebuilt), items, doi=doi, space_group_number=number)


def poscar_of(rebuilt: Rebuilt) -> str:
    """The POSCAR of a rebuilt structure, in the cell as it is stated, atoms in order of elements.

    Raises
    ------
    OutputError
        If there is no structure, or sites are occupied in part, which a POSCAR cannot say.
    """
    from pymatgen.io.vasp import Poscar

    structure = _atoms(rebuilt)
    if not structure.is_ordered:
        raise OutputError("sites are occupied in part, which a POSCAR cannot say; write a CIF")
    way = rebuilt.way.value if rebuilt.way else ""
    words = [structure.composition.reduced_formula, rebuilt.verdict.value, way]
    if "sites" in rebuilt.estimated:
        words.append("sites not of the paper")
    if rebuilt.stated.pressure_GPa is not None:
        words.append(f"{rebuilt.stated.pressure_GPa:g} GPa")
    return str(Poscar(structure, comment=" ".join(words), sort_structure=True))


def plain_of(rebuilt: Rebuilt) -> dict[str, Any]:
    """All that is known of a rebuilt structure as plain values, ready for JSON.

    ``structure`` is pymatgen's dictionary of the atoms (None if there are none), ``symmetry`` what
    spglib finds at each tolerance, ``distances`` the shortest of each pair of elements.
    """
    structure = rebuilt.structure
    plain = {
        "verdict": rebuilt.verdict.value,
        "way": rebuilt.way.value if rebuilt.way else None,
        "origin": rebuilt.origin,
        "sites_from": rebuilt.sites_from,
        "repairs": list(rebuilt.repairs),
        "estimated": list(rebuilt.estimated),
        "findings": [asdict(f) for f in rebuilt.reasons],
        "stated": to_plain(rebuilt.stated),
        "symmetry": [],
        "distances": [],
        "structure": None,
    }
    if structure is None:
        return plain
    return {
        **plain,
        "symmetry": [f._asdict() for f in found_symmetry(structure)],
        "distances": [d._asdict() for d in shortest_distances(structure)],
        "structure": structure.as_dict(),
    }


def json_of(rebuilt: Rebuilt) -> str:
    """``plain_of`` as text; ``Structure.from_dict`` of pymatgen reads its ``structure``."""
    return json.dumps(plain_of(rebuilt), indent=2, ensure_ascii=False, default=float)


def ase_of(rebuilt: Rebuilt) -> Atoms:
    """The structure as an object of ASE, which has to be installed (``pip install ase``).

    Raises
    ------
    OutputError
        If there is no structure, sites are occupied in part, or ASE is not installed.
    """
    structure = _atoms(rebuilt)
    if not structure.is_ordered:
        raise OutputError("sites are occupied in part, which ASE's atoms cannot say")
    try:
        from ase import Atoms
    except ImportError as error:
        raise OutputError("ASE is not installed; pip install ase") from error
    return Atoms(
        symbols=[site.specie.symbol for site in structure],
        scaled_positions=structure.frac_coords,
        cell=structure.lattice.matrix,
        pbc=True,
    )


def _atoms(rebuilt: Rebuilt) -> Structure:
    if rebuilt.structure is None:
        raise OutputError(f"there is no structure: the verdict is {rebuilt.verdict.value}")
    return rebuilt.structure
