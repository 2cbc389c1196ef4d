"""Telling candidates that are one structure from those that are not."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.validator.structures.rebuilt import Candidate


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those that are the same structure as an earlier one."""
    if len(candidates) < 2:
        return list(candidates)
    from pymatgen.analysis.structure_matcher import StructureMatcher

    matcher = StructureMatcher()
    kept: list[Candidate] = []
    for candidate in candidates:
        if not any(matcher.fit(candidate.structure, other.structure) for other in kept):
            kept.append(candidate)
    return kept
