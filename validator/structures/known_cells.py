"""Whether a stated cell is that of the very compound where it is known, or near an estimate.

A structure type fits any size of cell; that the cell is far from what is known of the same compound
is said as a finding, not a reason to refuse: the paper may be about a film or another phase.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.prototype_library import Example, expand
from scmine.validator.structures.volumes import transferred_volume

if TYPE_CHECKING:
    from scmine.validator.structures.cell_fitting import Cell
    from scmine.validator.structures.prototypes import Proposal
    from scmine.validator.structures.stated import StatedStructure

_SAME_COMPOUND = 0.08
"""ln(volume / known volume) above which a compound's cell is doubted: 8 % is about 10 GPa."""
_OF_COMPRESSION = 0.3
"""Share of the compression between the two pressures by which the comparison may be off."""
_OTHER_COMPOUND = 0.25
"""The same against a volume estimated from other compounds, of which 5 % are off by more."""
_EXCHANGED = 0.02
"""Edges that agree this well after a and c are exchanged were exchanged."""
_EDGES = ("a_A", "b_A", "c_A")


def cell_unlike_known(stated: StatedStructure, proposal: Proposal) -> list[Finding]:
    """A warning ``cell_unlike_known`` if the stated cell is far from the known one; else empty."""
    if "volume" in proposal.fitted.estimated:
        return []
    wanted = {el: n / sum(stated.composition.values()) for el, n in stated.composition.items()}
    same = [e for e in proposal.prototype.examples if _is_same(e, wanted)]
    if not same:
        off = proposal.fitted.volume
        if abs(off) <= _OTHER_COMPOUND:
            return []
        what = f"that estimated from {proposal.example.formula}"
        return [_finding(off, what, "")]
    apart = [(_change(stated, proposal, example), example) for example in same]
    (off, doubt), nearest = min(apart, key=lambda pair: abs(pair[0][0]) - pair[0][1])
    hint = _exchange(stated, nearest)
    if abs(off) <= _SAME_COMPOUND + doubt and not hint:
        return []
    at = f" at {nearest.pressure_GPa:g} GPa" if nearest.pressure_GPa else ""
    edges = " × ".join(f"{edge:.3f}" for edge in nearest.cell[:3])
    return [_finding(off, f"the known one of {nearest.formula}{at}, {edges} Å", hint)]


def _finding(off: float, what: str, hint: str) -> Finding:
    message = f"the volume of the stated cell is {100 * (exp(off) - 1):+.0f} % from {what}{hint}"
    return Finding("cell_unlike_known", Severity.WARNING, message, _EDGES)


def _is_same(example: Example, wanted: dict[str, float]) -> bool:
    atoms = sum(example.composition.values())
    return set(wanted) == set(example.composition) and all(
        abs(n / atoms - wanted[el]) < 1e-4 for el, n in example.composition.items()
    )


def _change(stated: StatedStructure, proposal: Proposal, example: Example) -> tuple[float, float]:
    """ln of the stated cell's volume over the example's at the stated pressure, and its doubt."""
    here = _volume(proposal.fitted.cell) / len(proposal.fitted.elements)
    per_atom = _volume(example.cell) / len(expand(example)[0])
    amounts = {el: n / sum(example.composition.values()) for el, n in example.composition.items()}
    pressure = example.pressure_GPa if stated.pressure_GPa is None else stated.pressure_GPa
    there = transferred_volume(per_atom, (amounts, example.pressure_GPa), (amounts, pressure), 1.0)
    return log(here / there), _OF_COMPRESSION * abs(log(there / per_atom))


def _volume(cell: Cell) -> float:
    from pymatgen.core import Lattice

    return float(Lattice.from_parameters(*cell).volume)


def _exchange(stated: StatedStructure, known: Example) -> str:
    """A hint if a and c of a tetragonal or hexagonal cell look exchanged."""
    if not 75 <= known.number <= 194 or stated.a_A is None or stated.c_A is None:
        return ""
    a, _, c = known.cell[:3]
    swapped = max(abs(stated.a_A / c - 1), abs(stated.c_A / a - 1)) < _EXCHANGED
    return "; a and c look exchanged" if swapped and abs(a / c - 1) > 2 * _EXCHANGED else ""
