"""Way 4: artificial doping. A host structure takes the composition that a paper states.

The criteria are those of 3DSC (``formula_difference``); where hosts come from is told in ``hosts``,
which atoms change in ``substitution``. Whether the result is plausible is checked elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scmine.validator.structures.formula_difference import Grade, allowed, formula_difference
from scmine.validator.structures.hosts import Host, Hosts
from scmine.validator.structures.parents import Parent, parents
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.shared_sites import from_shared_site
from scmine.validator.structures.site_filling import (
    SYMMETRY_TOLERANCE_A,
    substituted,
)
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.substitution import SAME_AMOUNT
from scmine.validator.structures.symmetry import symmetry_analyzer

if TYPE_CHECKING:
    from pymatgen.core import Structure

    from scmine.validator.structures.prototype_library import Library

LATTICE_TOLERANCE = 0.10
"""Relative difference of an edge above which a host is another phase (3DSC's single limit)."""
MOST_HOSTS = 20
"""Hosts looked at, nearest formula first."""

_GRADES = list(Grade)


def from_host(
    stated: StatedStructure, hosts: Hosts | None = None, library: Library | None = None
) -> list[Candidate]:
    """Structures of the stated composition, each from a host with a near formula.

    Of the hosts that the user gave, those of the best grade that can be doped are used; more than
    one candidate means that they differ (StructureMatcher, its usual tolerances). A host's own cell
    is kept unless the paper states all of its edges. Where no such host serves, the host is the
    undoped parent in a known structure type; where the formula is too far from any parent, two
    elements may share a site of a type that both ends have (``shared_sites``).

    Parameters
    ----------
    stated
        Needs a composition.
    hosts
        Structures of the user's; None: only known structure types are hosts.
    library
        Known structure types, as `prototypes.from_prototypes` takes them.

    Raises
    ------
    RefusalError
        ``no_composition``, ``no_host``, ``element_host``, ``too_many_dopants``,
        ``formula_too_different``, ``space_group_differs``, ``lattice_differs``,
        ``host_unreadable`` or a reason of `substitution.plan_substitution` or, for the parent's
        structure, of `prototypes.from_prototypes`. With several hosts, the reason of the nearest.
    """
    if not stated.composition or min(stated.composition.values()) <= 0:
        raise RefusalError("no_composition", "no composition is stated to look for a host with")
    if hosts is None:
        return _from_types(stated, library)
    try:
        return _from_given(stated, hosts)
    except RefusalError as refusal:
        try:
            return _from_types(stated, library)
        except RefusalError:
            # What was wrong with the user's own hosts tells the user more.
            raise refusal from None


def _from_types(stated: StatedStructure, library: Library | None) -> list[Candidate]:
    """A near parent in a known type, doped; else a site shared by two elements."""
    near = parents(stated.composition)
    if near:
        return _from_parent(stated, near, library)
    if all(abs(n - round(n)) < SAME_AMOUNT for n in stated.composition.values()):
        raise RefusalError("no_host", "no hosts are given, and the formula is not a doped one")
    return [from_shared_site(stated, library)]


def _from_given(stated: StatedStructure, hosts: Hosts) -> list[Candidate]:
    best: Grade | None = None
    candidates: list[Candidate] = []
    used: list[Host] = []
    refusals: list[RefusalError] = []
    for grade, host in _graded(stated.composition, hosts)[:MOST_HOSTS]:
        if best not in {None, grade}:
            break
        try:
            candidate = _doped_host(stated, host)
        except RefusalError as refusal:
            refusals.append(refusal)
            continue
        best = grade
        if not any(_same_structure(host, other) for other in used):
            candidates.append(candidate)
            used.append(host)
    if not candidates:
        raise refusals[0]
    return candidates


def _from_parent(
    stated: StatedStructure, near: list[Parent], library: Library | None
) -> list[Candidate]:
    """The undoped parent in a known structure type, its cell as stated, then doped."""
    from scmine.validator.structures.prototypes import from_prototypes

    refusals: list[RefusalError] = []
    for parent in near:
        undoped = replace(stated, composition=parent.composition, formula=None)
        try:
            (host,) = from_prototypes(undoped, library)
            structure, changes = substituted(stated.composition, host)
        except RefusalError as refusal:
            refusals.append(refusal)
            continue
        origin = f"{host.origin}: {'; '.join(changes)}"
        return [Candidate(structure, Way.DOPING, host.repairs, host.estimated, origin)]
    raise refusals[0]


def _same_structure(one: Host, two: Host) -> bool:
    from pymatgen.analysis.structure_matcher import StructureMatcher

    return bool(StructureMatcher().fit(one.structure, two.structure))


def _graded(wanted: dict[str, float], hosts: Hosts) -> list[tuple[Grade, Host]]:
    """The hosts near enough, nearest first."""
    found: list[tuple[int, float, str, Grade, Host]] = []
    refused: RefusalError | None = None
    within = list(hosts.within(wanted))
    for host in within:
        extra = sorted({*wanted} - {*host.composition})
        if extra and len(host.composition) == 1:
            refused = refused or RefusalError(
                "element_host", f"{host.origin} is an element; doping changes its structure"
            )
        elif len(extra) > 1:
            refused = refused or RefusalError(
                "too_many_dopants", f"{host.origin} lacks {' and '.join(extra)}; one is allowed"
            )
        else:
            difference = formula_difference(wanted, host.composition)
            rank = _GRADES.index(difference.grade)
            found.append((rank, difference.total, host.origin, difference.grade, host))
    found.sort(key=lambda entry: entry[:3])
    near: list[tuple[Grade, Host]] = [
        (grade, host) for _, _, _, grade, host in found if grade is not Grade.FAR
    ]
    if near:
        return near
    if found:
        raise RefusalError(
            "formula_too_different",
            f"the nearest host, {found[0][2]}, differs by {found[0][1]:.3f} of all atoms (an atom "
            f"replaced counts twice); {allowed()}",
        )
    raise refused or RefusalError(
        "no_host", f"none of {len(hosts)} host structures is made of {', '.join(sorted(wanted))}"
    )


def _doped_host(stated: StatedStructure, host: Host) -> Candidate:
    """The structure of ``host`` with the stated composition."""
    try:
        analyzer = symmetry_analyzer(host.structure, SYMMETRY_TOLERANCE_A)
        structure = analyzer.get_conventional_standard_structure()
        group = analyzer.get_space_group_number()
    except (ArithmeticError, TypeError, ValueError) as error:
        raise RefusalError("host_unreadable", str(error)) from error
    if stated.space_group_number not in {None, group}:
        raise RefusalError(
            "space_group_differs",
            f"{host.origin} has space group {group}, stated is {stated.space_group_number}",
        )
    structure, changes = substituted(stated.composition, Candidate(structure, Way.DOPING))
    estimated = _with_stated_cell(stated, host, structure)
    origin = f"host {host.origin}"
    if changes:
        origin += ": " + "; ".join(changes)
    return Candidate(structure, Way.DOPING, estimated=(*estimated, "sites"), origin=origin)


def _with_stated_cell(stated: StatedStructure, host: Host, structure: Structure) -> tuple[str, ...]:
    """Give ``structure`` the stated edges; the names of those that stay the host's."""
    from pymatgen.core import Lattice

    edges = dict(zip(("a_A", "b_A", "c_A"), structure.lattice.abc, strict=True))
    stated_edges = {"a_A": stated.a_A, "b_A": stated.b_A, "c_A": stated.c_A}
    new: dict[str, float] = {}
    for name, own in edges.items():
        # An edge equal to another by symmetry is stated with it.
        value = stated_edges[name] or next(
            (v for n, v in stated_edges.items() if v and abs(edges[n] - own) < 1e-3), None
        )
        if value is not None:
            new[name] = value
    for name, value in new.items():
        if abs(value - edges[name]) > LATTICE_TOLERANCE * edges[name]:
            raise RefusalError(
                "lattice_differs",
                f"{host.origin} has {name[0]} = {edges[name]:.3f} Å, stated is {value:.3f} Å",
            )
    if len(new) == len(edges):
        alpha, beta, gamma = structure.lattice.angles
        a, b, c = (new[name] for name in edges)
        structure.lattice = Lattice.from_parameters(a, b, c, alpha, beta, gamma)
        return ()
    return _distinct(edges)


def _distinct(edges: dict[str, float]) -> tuple[str, ...]:
    """The names of edges that no symmetry makes equal to one before."""
    seen: list[float] = []
    names: list[str] = []
    for name, edge in edges.items():
        if not any(abs(edge - other) < 1e-3 for other in seen):
            seen.append(edge)
            names.append(name)
    return tuple(names)
