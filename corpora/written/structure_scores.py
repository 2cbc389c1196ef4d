"""What came of written structures: matched, refused or wrong, and which pieces were read.

A structure counts as wrong if anything wrong was made of its statement, whatever else was made;
rebuilt structures of compounds that the paper does not state are strays and count as wrong too.
Structures are compared by pymatgen's ``StructureMatcher`` with its default tolerances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import TYPE_CHECKING, Any

import numpy as np

from scmine.corpora.written.described import SYMMETRY_TOLERANCE, Described
from scmine.corpora.written.papers import Level, WrittenPaper
from scmine.corpora.written.reading_scores import best_record, pieces_of
from scmine.database.record import Record
from scmine.database.structure import StructureRow

if TYPE_CHECKING:
    from pymatgen.core import Structure

MATCHED, REFUSED, WRONG = "matched", "refused", "wrong"
NOT_READ = "not_read"
"""The reason of a refusal where the paper gave no statement of the structure at all."""

_PRESSURE_SAME = 0.6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one structure: its number in the file, the outcome, and why.

    ``pieces`` are those of its statement that one record holds; ``reason`` names why there is no
    structure, or says what is wrong.
    """

    ident: str
    formula: str
    outcome: str
    reason: str = ""
    pieces: frozenset[str] = frozenset()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """The outcomes of one paper's structures, and what was rebuilt that it does not state."""

    name: str
    outcomes: tuple[Outcome, ...]
    strays: tuple[str, ...] = ()


@dataclass(slots=True)
class _Made:
    """What was made of one stated structure."""

    right: bool = False
    wrong: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def score_paper(
    paper: WrittenPaper, level: Level, records: Sequence[Record], rows: Sequence[StructureRow]
) -> PaperOutcome:
    """Hold what a paper gave, its records and its rebuilt structures, against what it states."""
    made = [_Made() for _ in paper.stated]
    strays = []
    for row in rows:
        if not _place(row, paper.stated, made):
            strays.append(f"{row.formula} {_said(row)}")
    outcomes = []
    for stated, result in zip(paper.stated, made, strict=True):
        _, pieces = best_record(records, stated, level)
        kind, reason = MATCHED, ""
        if result.wrong:
            kind, reason = WRONG, "; ".join(result.wrong)
        elif not result.right:
            kind, reason = REFUSED, result.refused[0] if result.refused else NOT_READ
        complete = pieces == frozenset(pieces_of(level))
        outcomes.append(Outcome(stated.known.ident, stated.formula, kind, reason, pieces, complete))
    return PaperOutcome(paper.name, tuple(outcomes), tuple(strays))


def _place(row: StructureRow, stated: Sequence[Described], made: list[_Made]) -> bool:
    """Note what ``row`` is of; False if it is a structure of nothing that is stated."""
    own = [i for i, s in enumerate(stated) if _is_of(row, s)]
    if row.structure is None:
        for i in own:
            made[i].refused.append(_why(row))
        return True
    if not own:
        return False
    structure = _structure(row.structure)
    fitting = [i for i in own if same_structure(structure, stated[i].known.structure)]
    for i in fitting:
        made[i].right = True
    if not fitting:
        number = row.stated.get("space_group_number")
        alike = [i for i in own if stated[i].number == number]
        made[(alike or own)[0]].wrong.append(_said(row))
    return True


def _is_of(row: StructureRow, stated: Described) -> bool:
    """Whether a row is of the compound of ``stated`` and not of another pressure."""
    composition = row.stated.get("composition") or {}
    if not _proportional(composition, dict(stated.amounts)):
        return False
    pressure = row.pressure_GPa
    same = pressure is None or isclose(pressure, float(stated.pressure), abs_tol=_PRESSURE_SAME)
    return same


def _proportional(one: dict[str, float], other: dict[str, int]) -> bool:
    if set(one) != set(other) or not one:
        return False
    ratios = [one[symbol] / other[symbol] for symbol in other]
    return max(ratios) - min(ratios) < 1e-6 * max(ratios)


def _why(row: StructureRow) -> str:
    return str(row.reasons[0]["name"]) if row.reasons else row.verdict


def _said(row: StructureRow) -> str:
    pressure = "" if row.pressure_GPa is None else f" at {row.pressure_GPa:g} GPa"
    group = row.stated.get("space_group") or "?"
    return f"{group}{pressure} by {row.way}{f' ({row.origin})' if row.origin else ''}"


def _structure(plain: dict[str, Any]) -> Structure:
    from pymatgen.core import Structure

    return Structure.from_dict(plain)


def same_structure(one: Structure, other: Structure) -> bool:
    """Whether pymatgen's ``StructureMatcher`` with its default tolerances calls them the same.

    Its own reduction to a primitive cell misses some, so that the standard one is tried as well.
    """
    from pymatgen.analysis.structure_matcher import StructureMatcher
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    matcher = StructureMatcher()
    if matcher.fit(one, other):
        return True
    try:
        analyzer = SpacegroupAnalyzer(one, SYMMETRY_TOLERANCE, angle_tolerance=-1)
        primitive = analyzer.get_primitive_standard_structure()
    except (TypeError, ValueError):
        return False  # spglib finds no symmetry
    return bool(matcher.fit(primitive, other))


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts over papers, and the shares in percent with their 95 % intervals by paper."""

    structures: int
    papers: int
    counts: dict[str, int]
    strays: int
    complete: int
    pieces: dict[str, int]
    reasons: dict[str, int]
    intervals: dict[str, tuple[float, float]]

    def share(self, name: str) -> float:
        """The share of an outcome, or of ``complete``, in percent; strays are wrong."""
        count = self.complete if name == "complete" else self.counts.get(name, 0)
        count += self.strays if name == WRONG else 0
        return 100 * count / max(1, self.structures)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; percentages have two decimals."""
        names = (MATCHED, REFUSED, WRONG, "complete")
        return {
            "structures": self.structures,
            "papers": self.papers,
            **{name: self.counts.get(name, 0) for name in names[:3]},
            "strays": self.strays,
            "complete": self.complete,
            "pieces": self.pieces,
            "reasons": self.reasons,
            "percent": {name: round(self.share(name), 2) for name in names},
            "intervals": {n: [round(x, 2) for x in ends] for n, ends in self.intervals.items()},
        }


def rates(papers: Sequence[PaperOutcome], rounds: int = 1000, seed: int = 0) -> Rates:
    """The rates over ``papers``, of which there must be some; intervals draw papers anew."""
    every = [outcome for paper in papers for outcome in paper.outcomes]
    names = (MATCHED, REFUSED, WRONG, "complete")
    table = np.array([_row(paper) for paper in papers], dtype=float)
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(papers), size=(rounds, len(papers)))
    sums = table[draws].sum(axis=1)
    shares = 100 * sums[:, 1:] / np.maximum(sums[:, :1], 1)
    low, high = np.percentile(shares, [2.5, 97.5], axis=0)
    return Rates(
        len(every),
        len(papers),
        dict(Counter(o.outcome for o in every)),
        sum(len(paper.strays) for paper in papers),
        sum(o.complete for o in every),
        dict(Counter(piece for o in every for piece in sorted(o.pieces))),
        dict(Counter(o.reason for o in every if o.outcome == REFUSED).most_common()),
        {n: (float(low[i]), float(high[i])) for i, n in enumerate(names)},
    )


def _row(paper: PaperOutcome) -> list[int]:
    """Structures, matched, refused, wrong with strays, complete."""
    kinds = Counter(o.outcome for o in paper.outcomes)
    complete = sum(o.complete for o in paper.outcomes)
    wrong = kinds[WRONG] + len(paper.strays)
    return [len(paper.outcomes), kinds[MATCHED], kinds[REFUSED], wrong, complete]
