"""Solid solutions: two elements share a site of a known structure type.

Ba0.6K0.4Fe2As2 lies between BaFe2As2 and KFe2As2. Where both ends have one known structure in the
stated group and cell, or one end has the type that the paper names, or is known itself, the two
elements share its site in the stated ratio. Dopings near an undoped parent are in ``doping``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from scmine.validator.structures.element_likeness import unlikeness
from scmine.validator.structures.formula_difference import allowed
from scmine.validator.structures.prototypes import Proposal, candidate_of, likely_proposal
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.site_filling import shared
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.substitution import SAME_AMOUNT

if TYPE_CHECKING:
    from pymatgen.core import Structure

    from scmine.validator.structures.prototype_library import Library

_ALIKE = 0.25
"""Unlikeness up to which two elements may share a site without being written as doing so."""

_MOST_UNLIKE = 0.9
"""Unlikeness up to which they may share one if the formula writes them together."""


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a solid solution: all of the shared site is one element."""

    share: float
    composition: dict[str, float]
    proposal: Proposal
    candidate: Candidate


def from_shared_site(stated: StatedStructure, library: Library | None = None) -> Candidate:
    """The structure of a solid solution between two known ends.

    Raises
    ------
    RefusalError
        ``no_shared_site``: the formula is not two elements on one site; ``unlike_elements``: they
        are unlike, and the formula does not write them as one; ``ends_differ``; a reason of
        ``prototypes.from_prototypes`` for an end, or ``site_not_unique``.
    """
    pairs = list(shared_pairs(stated.composition))
    if len(pairs) != 1:
        raise RefusalError(
            "no_shared_site",
            f"the formula is no near doping of one in whole numbers ({allowed()}), and not two "
            "elements that make a whole number of atoms together",
        )
    pair = pairs[0]
    together = is_written_together(stated.formula or "", pair)
    if unlikeness(*pair) > (_MOST_UNLIKE if together else _ALIKE):
        raise RefusalError(
            "unlike_elements", f"{pair[0]} and {pair[1]} are too unlike to share a site"
        )
    ends = _ends(stated, pair, library)
    base = ends[0]
    old, new = sorted(pair, key=lambda el: el not in base.composition)
    return Candidate(
        structure=shared(_mixed_cell(ends), old, {old: base.share, new: 1 - base.share}),
        way=Way.PROTOTYPE,
        estimated=base.candidate.estimated,
        origin=f"{base.candidate.origin}: {old} {base.share:.4g} and {new} share a site",
    )


def shared_pairs(wanted: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """The two elements with broken amounts that are a whole number together, if all others are.

    >>> list(shared_pairs({"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2}))
    [('Ba', 'K')]
    >>> list(shared_pairs({"Sr": 1.5, "Ca": 0.4})), list(shared_pairs({"La": 1, "O": 0.9}))
    ([], [])
    """
    broken = [el for el, n in wanted.items() if abs(n - round(n)) > SAME_AMOUNT]
    if len(broken) == 2:
        together = wanted[broken[0]] + wanted[broken[1]]
        if abs(together - round(together)) < SAME_AMOUNT:
            yield broken[0], broken[1]


def is_written_together(formula: str, pair: tuple[str, str]) -> bool:
    """Whether a formula writes two elements as sharing a site: in one bracket, or side by side.

    >>> is_written_together("(La0.5Mg0.5)H10", ("La", "Mg"))
    True
    >>> is_written_together("Mg0.5B2Al0.5", ("Mg", "Al"))
    False
    """
    symbols = re.findall(r"[A-Z][a-z]?", formula)
    return any(set(pair) == {a, b} for a, b in pairwise(symbols))


def _ends(stated: StatedStructure, pair: tuple[str, str], library: Library | None) -> list[_End]:
    """The ends that are known, the larger share first; raises if that is too little."""
    found: list[_End] = []
    refusals: list[RefusalError] = []
    together = sum(stated.composition[el] for el in pair)
    for element in sorted(pair, key=lambda el: -stated.composition[el]):
        composition = {
            el: float(round(n)) for el, n in stated.composition.items() if el not in pair
        }
        composition[element] = float(round(together))
        end = replace(stated, composition=composition, formula=None)
        try:
            proposal = likely_proposal(end, library)
        except RefusalError as refusal:
            refusals.append(refusal)
            continue
        share = stated.composition[element] / together
        found.append(_End(share, composition, proposal, candidate_of(end, proposal)))
    if not found:
        raise refusals[0]
    if len(found) == 1 and not _is_enough(found[0]):
        raise refusals[0]
    if len(found) == 2 and not _is_one_structure(*found):
        names = " and ".join(end.candidate.origin for end in found)
        raise RefusalError("ends_differ", f"the ends have different structures: {names}")
    return found


def _is_enough(end: _End) -> bool:
    """Whether one end alone is enough: its type is named, or it is known itself."""
    is_itself = end.proposal.chemistry == 0 and not end.proposal.fitted.estimated
    return end.proposal.named or is_itself


def _is_one_structure(one: _End, other: _End) -> bool:
    from pymatgen.analysis.structure_matcher import StructureMatcher

    if one.proposal.prototype is other.proposal.prototype:
        return True
    matcher = StructureMatcher()
    return bool(matcher.fit_anonymous(one.candidate.structure, other.candidate.structure))


def _mixed_cell(ends: list[_End]) -> Structure:
    """The structure of the first end, its cell between those of the ends (Vegard's law)."""
    from pymatgen.core import Lattice

    structure = ends[0].candidate.structure.copy()
    other = ends[-1].candidate.structure
    if ends[0].candidate.estimated != ("sites",) and len(other) == len(structure):
        here, there = structure.lattice.parameters, other.lattice.parameters
        share = ends[0].share
        mixed = [share * x + (1 - share) * y for x, y in zip(here, there, strict=True)]
        structure.lattice = Lattice.from_parameters(*mixed)
    return structure
