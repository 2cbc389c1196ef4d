"""Structures from known structure types: space group and formula, with or without a cell.

The statement's formula is laid over every known structure of its space group and formula, the
cell is taken from the statement as far as it goes and else estimated, and the nearest is given if
it is likely enough (``prototype_choice``); else the refusal lists what fits. The known structures
are in ``prototype_library``, their fit to a stated cell in ``cell_fitting``; whether a proposal
agrees with all that is stated is judged in ``checks``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from math import log

from scmine.extractors.structure_types import is_crystal_system
from scmine.validator.structures.cell_fitting import Fitted, fit_cell
from scmine.validator.structures.element_likeness import unlikeness
from scmine.validator.structures.known_cells import cell_unlike_known
from scmine.validator.structures.positions import position
from scmine.validator.structures.prototype_choice import (
    Evidence,
    confidence,
    evidence,
    is_likely,
    least,
    open_ratios,
)
from scmine.validator.structures.prototype_library import (
    Example,
    Library,
    Prototype,
    Site,
    anonymous,
    load_library,
)
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure

_PRESSURE_SCALE = 30.0
"""Pressures in GPa are compared as ln(1 + P/30)."""
_MOST_PERMUTATIONS = 120
_COMPARED = 12
"""Proposals compared with the best, nearest first."""
_RIVAL = 0.6
"""A structure farther than the best by this much is no rival."""
_NEARLY_AMBIENT = 10.0
"""Pressures in GPa that change the volume by less than its estimate is off."""
_FAR = 9.0
"""The gap where nothing else fits."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A known structure with the statement's elements in it and the statement's cell.

    ``elements`` says which element takes the place of which; ``chemistry`` is how unlike they are,
    ``squeeze`` how far the pressure is; ``named``: the statement names the type.
    """

    prototype: Prototype
    example: Example
    elements: dict[str, str]
    fitted: Fitted
    chemistry: float
    squeeze: float
    named: bool

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
        ``no_composition``; ``fractional_formula``: sites are shared or in part empty, which is
        for ``doping`` and ``shared_sites``; ``molecule``: of an element; ``type_of_other_group``:
        the stated type is of another group than stated; ``no_space_group``: neither group nor
        type; ``no_prototype``: nothing known has this group and formula, or the cell;
        ``several_prototypes``: others fit as well; ``unlike_prototype``: what is known is too far
        from what is stated; ``pressure_open``: the volume would be that of other elements at a
        pressure that is not stated.
    """
    return [candidate_of(stated, likely_proposal(stated, library))]


def likely_proposal(stated: StatedStructure, library: Library | None = None) -> Proposal:
    """The nearest known structure if it is likely enough; raises as ``from_prototypes``."""
    found = proposals(stated, library or load_library())
    best = found[0]
    gap, other = nearest_other(found)
    reasons = evidence_of(best, gap)
    probability = confidence(reasons, stated_type=best.named)
    if not is_likely(probability, reasons):
        share = (
            f"that the nearest is right is {100 * probability:.0f} % likely, "
            f"{100 * least(reasons):.0f} % is asked"
        )
        if other is not None and gap < _RIVAL:
            listing = f"{_words(best)}, and {_words(other)}"
            raise RefusalError(
                "several_prototypes", f"several known structures fit: {listing}; {share}"
            )
        message = f"the nearest known structure, {_words(best)}, is not near enough: {share}"
        raise RefusalError("unlike_prototype", message)
    _refuse_open_pressure(stated, best)
    return best


def _refuse_open_pressure(stated: StatedStructure, best: Proposal) -> None:
    """The volume that other elements take is not known where no pressure is stated."""
    pressure = best.example.pressure_GPa or 0.0
    free = "volume" in best.fitted.estimated and stated.pressure_GPa is None
    if free and best.chemistry > 0 and pressure > _NEARLY_AMBIENT:
        message = (
            "neither pressure nor cell is stated, and the nearest known structure is "
            f"{_words(best)}: the volume is open"
        )
        raise RefusalError("pressure_open", message)


def explain(stated: StatedStructure, library: Library | None = None) -> list[str]:
    """A line for each known structure that fits a statement, nearest first, at most twelve."""
    lines = []
    for proposal in proposals(stated, library or load_library())[:_COMPARED]:
        lines.append(
            f"{_words(proposal)}: elements {proposal.chemistry:.2f}, cell "
            f"{proposal.fitted.strain:.3f}, pressure {proposal.squeeze:.2f}, volume "
            f"{100 * proposal.fitted.volume:+.0f} %"
        )
    return lines


def find_prototype(name: str, library: Library | None = None) -> list[Prototype]:
    """The prototypes that a name of a structure type means; empty if it is not known.

    >>> [(p.number, p.examples[0].formula) for p in find_prototype("ThCr2Si2-type")]
    [(139, 'ThCr2Si2')]
    """
    return (library or load_library()).named(name)


def proposals(stated: StatedStructure, library: Library) -> list[Proposal]:
    """All known structures laid over a statement, nearest first; raises as ``from_prototypes``."""
    amounts = anonymous(stated.composition.values()) if stated.composition else None
    if amounts is None:
        raise _without_whole_formula(stated)
    if len(stated.composition) == 1 and max(stated.composition.values()) > 1:
        raise RefusalError("molecule", "a number behind the only element (C60) means a molecule")
    known, named = _known(stated, library, amounts)
    found: list[Proposal] = []
    misfits: set[str] = set()
    for prototype in known:
        for example in prototype.examples:
            for elements in _assignments(stated.composition, example.composition):
                fits = fit_cell(stated, example, elements)
                if isinstance(fits, str):
                    misfits.add(fits)
                    continue
                found += (_proposal(stated, prototype, example, elements, f, named) for f in fits)
    if not found:
        names = ", ".join(p.name for p in known[:5])
        why = "; ".join(sorted(misfits))
        raise RefusalError("no_prototype", f"known structures ({names}) do not fit: {why}")
    return sorted(found, key=lambda p: p.distance)


def _without_whole_formula(stated: StatedStructure) -> RefusalError:
    if not stated.composition:
        return RefusalError("no_composition", "no formula is stated")
    broken = ", ".join(f"{el} {n:g}" for el, n in stated.composition.items() if n != round(n))
    return RefusalError("fractional_formula", f"the formula is not in whole numbers ({broken})")


def _known(
    stated: StatedStructure, library: Library, amounts: tuple[int, ...]
) -> tuple[list[Prototype], bool]:
    """Prototypes of the stated group and formula, and whether they are of the stated type."""
    number = stated.space_group_number
    name = stated.prototype
    # Of an element, hcp, bcc and fcc are types; of a compound its lattice or a part of it.
    is_type = len(stated.composition) == 1 or not is_crystal_system(name or "")
    named = library.named(name) if name and is_type else []
    fitting = [p for p in named if anonymous(p.examples[0].composition.values()) == amounts]
    if number is None:
        if len({p.number for p in fitting}) != 1:
            what = f"type {name}" if named else "no space group and no known structure type"
            raise RefusalError("no_space_group", f"{what}: the space group is open")
        return fitting, True
    known = library.matching(number, amounts)
    if not known:
        message = f"no known structure of space group {number} has this formula"
        raise RefusalError("no_prototype", message)
    meant = [p for p in known if p in fitting]
    if fitting and not meant:
        groups = ", ".join(str(group) for group in sorted({p.number for p in fitting}))
        message = f"type {name} has space group {groups}, stated is {number}"
        raise RefusalError("type_of_other_group", message)
    return (meant, True) if meant else (known, False)


def _assignments(stated: dict[str, float], known: dict[str, int]) -> Iterator[dict[str, str]]:
    """Ways to put the stated elements in place of the known ones, by equal amounts."""
    total, known_total = sum(stated.values()), sum(known.values())
    groups = []
    for share in sorted({n / known_total for n in known.values()}):
        here = [el for el, n in known.items() if abs(n / known_total - share) < 1e-3]
        new = [el for el, n in stated.items() if abs(n / total - share) < 1e-3]
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
    named: bool,
) -> Proposal:
    chemistry = sum(unlikeness(old, new) for old, new in elements.items()) / len(elements)
    squeeze = _squeeze(stated.pressure_GPa, example.pressure_GPa)
    return Proposal(prototype, example, elements, fitted, chemistry, squeeze, named)


def _squeeze(one: float | None, other: float | None) -> float:
    """How far two pressures are apart; one that is not known counts as ambient."""
    logs = [log(1 + max(0.0, p or 0.0) / _PRESSURE_SCALE) for p in (one, other)]
    return abs(logs[0] - logs[1])


def nearest_other(found: list[Proposal]) -> tuple[float, Proposal | None]:
    """By how much the nearest other structure is farther than the best, and that structure."""
    from pymatgen.core.structure_matcher import StructureMatcher

    matcher = StructureMatcher()
    best = found[0].fitted.primitive(found[0].example.hall)
    for other in found[1 : _COMPARED + 1]:
        if found[0].fitted.is_near(other.fitted):
            continue
        if not matcher.fit(best, other.fitted.primitive(other.example.hall)):
            return other.distance - found[0].distance, other
    return _FAR, None


def evidence_of(best: Proposal, gap: float) -> Evidence:
    """What speaks for and against a proposal; ``gap``: by how much the next one is farther."""
    return evidence(
        free=free_coordinates(best.example.hall, best.example.sites),
        open_ratios=open_ratios(best.example.number, best.fitted.estimated),
        strain=best.fitted.strain,
        gap=gap,
        chemistry=best.chemistry,
        squeeze=best.squeeze,
    )


@cache
def free_coordinates(hall: int, sites: tuple[Site, ...]) -> int:
    """How many coordinates of the sites of a structure symmetry leaves free."""
    return sum(p.free for s in sites if (p := position(hall, s.letter)) is not None)


def _words(proposal: Proposal) -> str:
    example = proposal.example
    pressure = f" at {example.pressure_GPa:g} GPa" if example.pressure_GPa else ""
    return f"{proposal.prototype.name} (as {example.formula}{pressure}, {example.sources[0]})"


def _exchanged(proposal: Proposal) -> str:
    """Which elements took the places of which, in words."""
    pairs = [f"{old} → {new}" for old, new in proposal.elements.items() if old != new]
    return f", {', '.join(pairs)}" if pairs else ""


def candidate_of(stated: StatedStructure, best: Proposal) -> Candidate:
    """A proposal as a candidate, with what was estimated and from where it comes."""
    estimated = ("sites", *best.fitted.estimated)
    if "volume" in estimated and stated.pressure_GPa is None and best.example.pressure_GPa:
        estimated += ("pressure_GPa",)
    return Candidate(
        structure=best.fitted.structure(),
        way=Way.PROTOTYPE,
        estimated=estimated,
        origin=f"prototype {_words(best)}{_exchanged(best)}",
        vacancies=best.fitted.vacancies,
        findings=tuple(cell_unlike_known(stated, best)),
    )
