"""How far annotators agree: coefficients over words, units, spans and links, with intervals.

Only what annotators made on their own counts; what was adjudicated does not. The tables are made
in ``agreement_tables``, the formulas stand in ``coefficients``. Intervals are percentiles of
bootstraps over papers, or over units where there are fewer than ``FEWEST_PAPERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from scmine.corpora.annotation.agreement_tables import (
    OUTSIDE,
    bare,
    coincidences,
    continuum,
    fleiss_sums,
    labels_of,
    link_matches,
    matches,
    pair_table,
    tags,
)
from scmine.corpora.annotation.coefficients import (
    EXPLANATIONS,
    NoFigure,
    Table,
    cohen,
    f1,
    fleiss,
    krippendorff,
)
from scmine.corpora.annotation.versions import Unit, Version

FEWEST_PAPERS = 10
"""With fewer papers than this, units are drawn for the intervals instead."""
_LEAST_VALID = 0.9  # of the draws, else there is no interval
_DIGITS = 4
_ANY = "any"
Value = Callable[[Table], float | NoFigure]


@dataclass(frozen=True, slots=True)
class Figure:
    """One coefficient: of what, of whom, over how many units, and why it has no value if none.

    Attributes
    ----------
    name
        ``cohen_words``, ``cohen_units``, ``fleiss_words``, ``alpha_words``, ``alpha_u``,
        ``f1_exact``, ``f1_overlap``, ``link_f1_exact`` or ``link_f1_overlap``.
    label
        The label it is about, empty for all together.
    low, high
        The 95 % interval, None where too few draws give a value.
    """

    name: str
    label: str
    annotators: tuple[str, ...]
    units: int
    value: float | None
    low: float | None = None
    high: float | None = None
    reason: NoFigure | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain data, rounded."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        return {
            "name": self.name,
            "label": self.label or None,
            "annotators": list(self.annotators),
            "units": self.units,
            **{k: None if v is None else round(v, _DIGITS) for k, v in numbers.items()},
            "reason": None if self.reason is None else str(self.reason),
            "explanation": None if self.reason is None else EXPLANATIONS[self.reason],
        }


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often words had each label by the first annotator (rows) and by the second (columns)."""

    annotators: tuple[str, str]
    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What annotators agree on; ``drawn`` says what the intervals were drawn from."""

    annotators: tuple[str, ...]
    units: int
    shared_units: int
    drawn: str
    figures: tuple[Figure, ...]
    confusions: tuple[Confusion, ...]

    def figure(self, name: str, label: str = "", annotators: tuple[str, ...] = ()) -> Figure:
        """The first figure of a name and label, of these annotators if any are named."""
        return next(
            f
            for f in self.figures
            if (f.name, f.label) == (name, label) and annotators in ((), f.annotators)
        )

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "annotators": list(self.annotators),
            "units": self.units,
            "shared_units": self.shared_units,
            "intervals_drawn_from": self.drawn,
            "figures": [f.to_json() for f in self.figures],
            "confusion": [
                {
                    "annotators": list(c.annotators),
                    "labels": list(c.labels),
                    "counts": [list(row) for row in c.counts],
                }
                for c in self.confusions
            ],
        }


@dataclass(slots=True)
class _Shared:
    """A unit that several annotators worked on: versions and tags by name, and its cluster."""

    unit: Unit
    cluster: int
    versions: dict[str, Version]
    tags: dict[str, list[str]] = field(default_factory=dict)


def agreement(units: Sequence[Unit], rounds: int = 1000, seed: int = 0) -> Agreement:
    """All figures of the versions that annotators made on their own."""
    annotators = tuple(sorted({v.annotator for u in units for v in u.independent}))
    papers = sorted({u.paper for u in units})
    by_paper = len(papers) >= FEWEST_PAPERS
    cluster = {paper: i for i, paper in enumerate(papers)}
    shared = []
    for i, unit in enumerate(units):
        versions = {v.annotator: v for v in unit.independent}
        if len(versions) > 1:
            found = _Shared(unit, cluster[unit.paper] if by_paper else i, versions)
            found.tags = {name: tags(unit.text, v) for name, v in versions.items()}
            shared.append(found)
    labels = labels_of(v for s in shared for v in s.versions.values())
    links = sorted(
        {str(k.label) for s in shared for v in s.versions.values() for k in v.links or ()}
    )
    drawing = _Drawing(rounds, seed)
    figures = [
        *_of_all(shared, annotators, labels, drawing),
        *(
            figure
            for pair in combinations(annotators, 2)
            for figure in _of_pair(shared, pair, labels, links, drawing)
        ),
    ]
    confusions = [_confusion(shared, pair, labels) for pair in combinations(annotators, 2)]
    return Agreement(
        annotators,
        len(units),
        len(shared),
        "papers" if by_paper else "units",
        tuple(figures),
        tuple(c for c in confusions if c is not None),
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Turns tables of units into a figure with its interval."""

    rounds: int
    seed: int

    def figure(
        self,
        name: str,
        label: str,
        annotators: tuple[str, ...],
        tables: Sequence[tuple[int, Table]],
        value: Value,
    ) -> Figure:
        """The figure of ``tables``, (cluster, table) of each unit."""
        if len(annotators) < 2:
            return _none(name, label, annotators, NoFigure.ONE_ANNOTATOR)
        if not tables:
            return _none(name, label, annotators, NoFigure.NO_OVERLAP)
        found = value(sum((t for _, t in tables), np.zeros_like(tables[0][1])))
        if isinstance(found, NoFigure):
            return _none(name, label, annotators, found, len(tables))
        low, high = self._interval(tables, value)
        return Figure(name, label, annotators, len(tables), found, low, high)

    def _interval(
        self, tables: Sequence[tuple[int, Table]], value: Value
    ) -> tuple[float | None, float | None]:
        sums: dict[int, Table] = {}
        for cluster, table in tables:
            sums[cluster] = sums[cluster] + table if cluster in sums else table
        stacked = np.stack([sums[cluster] for cluster in sorted(sums)])
        if len(stacked) < 2:
            return None, None
        rng = np.random.default_rng(self.seed)
        shares = np.full(len(stacked), 1 / len(stacked))
        weights = rng.multinomial(len(stacked), shares, size=self.rounds)
        drawn = np.tensordot(weights.astype(float), stacked, axes=1)
        values = [v for v in map(value, drawn) if not isinstance(v, NoFigure)]
        if len(values) < _LEAST_VALID * self.rounds:
            return None, None
        low, high = np.quantile(values, (0.025, 0.975))
        return float(low), float(high)


def _none(
    name: str, label: str, annotators: tuple[str, ...], reason: NoFigure, units: int = 0
) -> Figure:
    return Figure(name, label, annotators, units, None, reason=reason)


def _bio(labels: Sequence[str]) -> list[str]:
    return [OUTSIDE, *(f"{sign}-{label}" for label in labels for sign in "BI")]


def _only(found: Sequence[str], label: str) -> list[str]:
    """Tags as whether the word belongs to a label."""
    return [label if bare(tag) == label else OUTSIDE for tag in found]


def _of_all(
    shared: Sequence[_Shared],
    annotators: tuple[str, ...],
    labels: Sequence[str],
    drawing: _Drawing,
) -> Iterator[Figure]:
    """Coefficients of all annotators together."""
    categories = _bio(labels)
    whole = [s for s in shared if len(s.versions) == len(annotators)]
    raters = len(annotators)
    yield drawing.figure(
        "fleiss_words",
        "",
        annotators,
        [(s.cluster, fleiss_sums(list(s.tags.values()), categories)) for s in whole],
        lambda sums: fleiss(sums[2:], sums[1], sums[0], raters),
    )
    for label in ("", *labels):
        used = [OUTSIDE, label] if label else categories
        tables = [
            (
                s.cluster,
                coincidences([_only(t, label) if label else t for t in s.tags.values()], used),
            )
            for s in shared
        ]
        yield drawing.figure("alpha_words", label, annotators, tables, krippendorff)
    for label in (_ANY, *labels):
        wanted = None if label == _ANY else label
        tables = [(s.cluster, continuum(s.unit, list(s.versions.values()), wanted)) for s in shared]
        yield drawing.figure("alpha_u", label, annotators, tables, _unitizing)


def _unitizing(table: Table) -> float | NoFigure:
    return krippendorff(table[:2], table[2])


def _of_pair(
    shared: Sequence[_Shared],
    pair: tuple[str, str],
    labels: Sequence[str],
    links: Sequence[str],
    drawing: _Drawing,
) -> Iterator[Figure]:
    """Coefficients of two annotators over the units that both have."""
    both = [s for s in shared if all(name in s.versions for name in pair)]
    categories = _bio(labels)
    for label in ("", *labels):
        used = [OUTSIDE, label] if label else categories
        tables = []
        for s in both:
            first, second = (_only(s.tags[n], label) if label else s.tags[n] for n in pair)
            tables.append((s.cluster, pair_table(first, second, used)))
        yield drawing.figure("cohen_words", label, pair, tables, cohen)
    for label in labels:
        tables = []
        for s in both:
            first, second = ([str(any(bare(t) == label for t in s.tags[n]))] for n in pair)
            tables.append((s.cluster, pair_table(first, second, ["False", "True"])))
        yield drawing.figure("cohen_units", label, pair, tables, cohen)
    known = [s for s in both if all(s.versions[n].links is not None for n in pair)]
    for name, count, units, named in (
        ("f1", matches, both, labels),
        ("link_f1", link_matches, known, links),
    ):
        for way in ("exact", "overlap"):
            for label in ("", *named):
                tables = [(s.cluster, _counts(count, s, pair, label, way)) for s in units]
                yield drawing.figure(f"{name}_{way}", label, pair, tables, _f1)


def _counts(
    count: Callable[..., tuple[int, int, int]],
    shared: _Shared,
    pair: tuple[str, str],
    label: str,
    way: str,
) -> Table:
    first, second = (shared.versions[name] for name in pair)
    return np.array(count(first, second, label or None, exact=way == "exact"), dtype=float)


def _f1(counts: Table) -> float | NoFigure:
    return f1(counts[0], counts[1], counts[2])


def _confusion(
    shared: Sequence[_Shared], pair: tuple[str, str], labels: Sequence[str]
) -> Confusion | None:
    both = [s for s in shared if all(name in s.versions for name in pair)]
    if not both:
        return None
    names = (*labels, OUTSIDE)
    table = np.zeros((len(names), len(names)))
    for s in both:
        first, second = ([bare(tag) for tag in s.tags[name]] for name in pair)
        table += pair_table(first, second, names)
    return Confusion(pair, names, tuple(tuple(int(n) for n in row) for row in table))
