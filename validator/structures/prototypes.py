"""Structures from known structure types: space group and formula, with or without a cell.

The statement's formula is laid over every known structure of its space group and formula, the
cell is taken from the statement as far as it goes and else estimated, and one proposal is given
if those that fit agree or one is clearly the best; else the refusal lists them. The known
structures are in ``prototype_library``, their fit to a stated cell in ``cell_fitting``; whether a
proposal agrees with all that is stated is judged in ``checks``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product
from math import log
from typing import TYPE_CHECKING

from scmine.validator.structures.cell_fitting import Fitted, fit_cell
from scmine.validator.structures.element_likeness import unlikeness
from scmine.validator.structures.prototype_library import (
    Example,
    Library,
    Prototype,
    anonymous,
    load_library,
    plain_name,
)
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure

_PRESSURE_SCALE = 30.0
"""Pressures in GPa are compared as ln(1 + P/30)."""
_MOST_PERMUTATIONS = 120
_COMPARED = 12
"""Proposals compared as structures, best first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A known structure with the statement's elements in it and the statement's cell.

    ``chemistry``, ``strain``, ``squeeze`` and ``volume`` tell how far from the example it is: by
    elements, by ratios and angles of the cell, by pressure, and by volume against the expected.
    """

    prototype: Prototype
    example: Example
    structure: Structure
    fitted: Fitted
    chemistry: float
    squeeze: float

    @property
    def distance(self) -> float:
        """All differences in one number; smaller is better."""
        return (
            self.chemistry
            + 6.0 * self.fitted.strain
            + 0.25 * self.squeeze
            + 2.0 * max(0.0, abs(self.fitted.volume) - 0.1)
        )


def from_prototypes(stated: StatedStructure, library: Library | None = None) -> list[Candidate]:
    """The structure of a statement by known structure types.

    Parameters
    ----------
    stated
        Needs a composition, and a space group or the name of a structure type. The cell, the
        pressure and the name serve to choose; of the cell, what is missing is estimated.
    library
        The known structures; the package's own if None.

    Returns
    -------
    list of Candidate
        One candidate.

    Raises
    ------
    RefusalError
        ``no_composition``, ``no_space_group``, ``no_prototype``, ``cell_not_of_group``,
        ``several_prototypes``.
    """
    found = proposals(stated, library or load_library())
    best = _decide(found)
    return [_candidate(stated, best)]


def proposals(stated: StatedStructure, library: Library) -> list[Proposal]:
    """All known structures laid over a statement, best first; raises as ``from_prototypes``."""
    amounts = anonymous(stated.composition.values()) if stated.composition else None
    if amounts is None:
        raise RefusalError("no_composition", "no formula with whole numbers of atoms is stated")
    known = _known(stated, library, amounts)
    found = []
    misfits = set()
    for prototype in known:
        for example in prototype.examples:
            for elements in _assignments(stated.composition, example.composition):
                fitted = fit_cell(stated, example, elements)
                if isinstance(fitted, str):
                    misfits.add(fitted)
                    continue
                found += [_proposal(stated, prototype, example, elements, f) for f in fitted]
    if not found:
        names = ", ".join(p.name for p in known[:5])
        why = "; ".join(sorted(misfits))
        raise RefusalError("no_prototype", f"known structures ({names}) do not fit: {why}")
    return sorted(found, key=lambda p: p.distance)


def _known(stated: StatedStructure, library: Library, amounts: tuple[int, ...]) -> list[Prototype]:
    """Prototypes of the stated space group and formula, of the stated type if it is one of them."""
    number = stated.space_group_number
    named = library.named(stated.prototype) if stated.prototype else []
    if number is None:
        fitting = [p for p in named if anonymous(p.examples[0].composition.values()) == amounts]
        if not named:
            raise RefusalError("no_space_group", "neither space group nor known structure type")
        if len({p.number for p in fitting}) != 1:
            raise RefusalError("no_space_group", f"type {stated.prototype} leaves the group open")
        return fitting
    known = library.matching(number, amounts)
    if not known:
        raise RefusalError(
            "no_prototype", f"no known structure of space group {number} with this formula"
        )
    names = {plain_name(n) for p in named for n in p.names}
    meant = [p for p in known if any(plain_name(n) in names for n in p.names)]
    return meant or known


def _assignments(stated: dict[str, float], known: dict[str, int]) -> Iterator[dict[str, str]]:
    """Ways to put the stated elements in place of the known ones, by equal amounts."""
    total, known_total = sum(stated.values()), sum(known.values())
    groups = []
    for share in sorted({round(n / known_total, 6) for n in known.values()}):
        here = [el for el, n in known.items() if abs(n / known_total - share) < 1e-4]
        new = [el for el, n in stated.items() if abs(n / total - share) < 1e-4]
        if len(here) != len(new):
            return
        groups.append([tuple(zip(here, p, strict=True)) for p in permutations(new)])
    for count, chosen in enumerate(product(*groups)):
        if count >= _MOST_PERMUTATIONS:
            return
        yield dict(pair for part in chosen for pair in part)


def _proposal(
    stated: StatedStructure,
    prototype: Prototype,
    example: Example,
    elements: dict[str, str],
    fitted: Fitted,
) -> Proposal:
    chemistry = sum(unlikeness(old, new) for old, new in elements.items()) / len(elements)
    squeeze = _squeeze(stated.pressure_GPa, example.pressure_GPa)
    return Proposal(prototype, example, fitted.structure(), fitted, chemistry, squeeze)


def _squeeze(one: float | None, other: float | None) -> float:
    """How far two pressures are apart; one that is not known counts as ambient."""
    logs = [log(1 + max(0.0, p or 0.0) / _PRESSURE_SCALE) for p in (one, other)]
    return abs(logs[0] - logs[1])


def _decide(found: list[Proposal]) -> Proposal:
    """The best proposal, if those near it are the same structure."""
    from pymatgen.core.structure_matcher import StructureMatcher

    best = found[0]
    matcher = StructureMatcher()
    others = []
    for other in found[1 : _COMPARED + 1]:
        if other.distance - best.distance > margin(best):
            break
        if not matcher.fit(best.structure, other.structure):
            others.append(other)
    if others:
        listing = "; ".join(_words(p) for p in (best, *others))
        raise RefusalError("several_prototypes", f"several known structures fit: {listing}")
    return best


def margin(best: Proposal) -> float:
    """By how much others must be farther than the best for it to be taken."""
    return 0.3


def _words(proposal: Proposal) -> str:
    example = proposal.example
    pressure = f" at {example.pressure_GPa:g} GPa" if example.pressure_GPa else ""
    return f"{proposal.prototype.name} (as {example.formula}{pressure}, {example.sources[0]})"


def _candidate(stated: StatedStructure, best: Proposal) -> Candidate:
    return Candidate(
        structure=best.structure,
        way=Way.PROTOTYPE,
        estimated=("sites", *best.fitted.estimated),
        origin=f"prototype {_words(best)}",
    )
