"""From a statement to a structure and a verdict: the ways tried best first, each result checked.

What a way does lives in its module; what is asked of a structure, in ``checks``. Here it is
decided which way may speak and what its result is worth:

* The atoms of the paper come first (``coordinates``, ``wyckoff``). If they contradict the rest of
  the statement, that is the verdict: no prototype may paper over it.
* A prototype or a host may serve only where atoms are not stated, or not completely.
* A structure with an error among its findings is never handed out.
* Several structures that all pass and are not the same are no structure.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scmine.extractors.spacegroup_table import lookup_space_group
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.checks import check, is_refused
from scmine.validator.structures.rebuilt import Candidate, Rebuilt, Verdict, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.shapes import not_bulk
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.statement_check import check_statement
from scmine.validator.structures.symmetry import claimed_number

if TYPE_CHECKING:
    from pymatgen.core import Structure

    from scmine.validator.structures.hosts import Hosts
    from scmine.validator.structures.prototype_library import Library

_STAGES = ((Way.COORDINATES, Way.WYCKOFF), (Way.PROTOTYPE,), (Way.DOPING,))
"""Ways of one stage see the same atoms; a stage is reached if none before has decided."""

_ASIDE = ("not_all_atoms", "not_doped")
"""Why a way was not meant for the statement; told only if there is nothing else to tell."""

_OF_ROOM = ("distance_short", "volume_too_small")


@dataclass(slots=True)
class _Stage:
    """What came of the ways of one stage."""

    passed: list[tuple[Candidate, list[Finding]]] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)

    @property
    def contradicted(self) -> bool:
        return any(f.severity is Severity.ERROR for f in self.refused)


def rebuild(
    stated: StatedStructure, *, hosts: Hosts | None = None, library: Library | None = None
) -> Rebuilt:
    """The structure that a statement describes, with a verdict and its reasons.

    Parameters
    ----------
    stated
        What a paper states of one structure.
    hosts
        Structures of the user's for artificial doping (``hosts.read_hosts``); None: only known
        structure types are doped.
    library
        Known structure types; None: all that ship.

    Returns
    -------
    Rebuilt
        ``structure`` is None unless the verdict is consistent or repaired. Never raises for what
        is stated.

    >>> rebuild(StatedStructure(formula="LaH10", composition={"La": 1, "H": 10})).verdict.value
    'underdetermined'
    """
    reasons = check_statement(stated)
    if reasons:
        return Rebuilt(stated, Verdict.CONTRADICTORY, reasons=tuple(reasons))
    stated = _with_group(stated)
    with _quiet():
        for ways in _STAGES:
            stage = _Stage()
            for way in ways:
                _try(way, stated, stage, hosts=hosts, library=library)
                if stage.passed:
                    return _choose(stated, stage.passed, reasons)
            reasons += stage.refused
            reasons = [f for f in reasons if f.name not in _ASIDE] or reasons
            if stage.contradicted:
                break
            if (finding := not_bulk(stated)) is not None:
                reasons.append(finding)
                break
    errors = [f for f in reasons if f.severity is Severity.ERROR]
    verdict = Verdict.CONTRADICTORY if errors else Verdict.UNDERDETERMINED
    return Rebuilt(stated, verdict, reasons=tuple(dict.fromkeys(errors or reasons)))


def _with_group(stated: StatedStructure) -> StatedStructure:
    """The statement with the number of its space group, or the symbol where a number is stated."""
    number = claimed_number(stated)
    group = lookup_space_group(number) if number else None
    if group is None:
        return stated
    symbol = stated.space_group or group.symbol
    return replace(stated, space_group=symbol, space_group_number=group.number)


def _try(
    way: Way,
    stated: StatedStructure,
    stage: _Stage,
    *,
    hosts: Hosts | None,
    library: Library | None,
) -> None:
    """Let one way propose, and sort what it proposes by the checks."""
    try:
        candidates = _propose(way, stated, hosts, library)
    except RefusalError as refusal:
        stage.refused.append(refusal.finding())
        return
    for candidate in candidates:
        findings = [*check(candidate, stated), *candidate.findings]
        if is_refused(findings) or _crowded(candidate, findings):
            stage.refused += _why_not(candidate, findings)
        else:
            stage.passed.append((candidate, findings))


def _why_not(candidate: Candidate, findings: Sequence[Finding]) -> list[Finding]:
    """Why a candidate is not the structure: the errors of its checks.

    Atoms that the paper states contradict the rest of it; that a prototype does not fit only means
    that the structure is another one.
    """
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if candidate.way in _STAGES[0]:
        return errors
    origin = candidate.origin or candidate.way.value
    return [
        Finding("does_not_fit", Severity.NOTE, f"{origin}: {f.message}", f.fields)
        for f in (*errors, *_crowded(candidate, findings))
    ]


def _crowded(candidate: Candidate, findings: Sequence[Finding]) -> list[Finding]:
    """Doubts about room that refuse atoms which are not the paper's: those of another structure.

    No structure of CompSC's development half has such a doubt at its own pressure. Without a
    pressure, 40 of all 440 are squeezed enough to have one about distances.
    """
    if candidate.way in _STAGES[0]:
        return []
    return [f for f in findings if f.severity is Severity.WARNING and f.name in _OF_ROOM]


def _propose(
    way: Way, stated: StatedStructure, hosts: Hosts | None, library: Library | None
) -> list[Candidate]:
    if way is Way.COORDINATES:
        from scmine.validator.structures.coordinates import from_coordinates

        return from_coordinates(stated)
    if way is Way.WYCKOFF:
        from scmine.validator.structures.wyckoff import from_wyckoff

        return from_wyckoff(stated)
    if way is Way.PROTOTYPE:
        from scmine.validator.structures.prototypes import from_prototypes

        return from_prototypes(stated, library=library)
    from scmine.validator.structures.doping import from_host

    return from_host(stated, hosts, library)


def _choose(
    stated: StatedStructure,
    passed: Sequence[tuple[Candidate, list[Finding]]],
    before: Sequence[Finding],
) -> Rebuilt:
    """The one structure that all of the best candidates are; underdetermined if they differ."""
    ranks = [_rank(candidate, findings) for candidate, findings in passed]
    best = [p for p, rank in zip(passed, ranks, strict=True) if rank == min(ranks)]
    candidate, findings = best[0]
    others = [c for c, _ in best[1:] if not _same(candidate.structure, c.structure)]
    if others:
        names = ", ".join(_describe(c) for c in [candidate, *others])
        message = f"{1 + len(others)} different structures agree with what is stated: {names}"
        reason = Finding("several_structures", Severity.NOTE, message, ("sites",))
        return Rebuilt(stated, Verdict.UNDERDETERMINED, reasons=(*before, reason))
    return Rebuilt(
        stated,
        Verdict.REPAIRED if candidate.repairs else Verdict.CONSISTENT,
        structure=candidate.structure,
        way=candidate.way,
        repairs=candidate.repairs,
        estimated=candidate.estimated,
        origin=candidate.origin,
        reasons=(*findings, *(f for f in before if stated.sites or stated.block)),
        space_group_number=candidate.space_group_number,
    )


def _rank(candidate: Candidate, findings: Sequence[Finding]) -> tuple[int, int]:
    """Fewer changes to the statement first, then fewer doubts."""
    doubts = sum(f.severity is Severity.WARNING for f in findings)
    return len(candidate.repairs), doubts


def _same(one: Structure, other: Structure) -> bool:
    """Whether two structures are one, sizes included."""
    from pymatgen.analysis.structure_matcher import StructureMatcher

    return bool(StructureMatcher(scale=False).fit(one, other))


def _describe(candidate: Candidate) -> str:
    from scmine.validator.structures.symmetry import found_symmetry

    found = found_symmetry(candidate.structure)
    group = found[len(found) // 2].symbol if found else "no symmetry"
    return f"{candidate.origin or candidate.way.value} ({group})"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what pymatgen and spglib warn of from the user, here and nowhere else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
