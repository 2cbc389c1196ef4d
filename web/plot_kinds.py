"""The plots there are, and how each is made from what an address asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import QueryParams

from scmine.database.points import Points
from scmine.database.search import Search
from scmine.database.store import Database
from scmine.web.counted import counted
from scmine.web.coupling_plot import MU_STAR, omega_log_over_lambda
from scmine.web.coverage_plots import GROUPS, coverage, documents, flags
from scmine.web.plot import Plot
from scmine.web.record_query import RecordQuery
from scmine.web.tc_plots import tc_over_pressure, tc_over_year
from scmine.web.thinning import MOST_POINTS

MU_STAR_RANGE = (0.0, 0.5)
"""μ* that the lines of equal Tc can be drawn for."""


@dataclass(frozen=True, slots=True)
class PlotOptions:
    """What a plot can be told besides the filter: logarithmic axes, μ* of the lines, the groups.

    ``problems`` says what is wrong with an option, by its name in the address.
    """

    log_x: bool = False
    log_y: bool = False
    mu_star: float = MU_STAR
    by: str = "material_class"
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The options that are not the usual ones, as an address has them."""
        pairs = [("log", axis) for axis, is_log in (("x", self.log_x), ("y", self.log_y)) if is_log]
        if self.mu_star != MU_STAR:
            pairs.append(("mu_star", f"{self.mu_star:g}"))
        if self.by != "material_class":
            pairs.append(("by", self.by))
        return pairs


def read_options(parameters: QueryParams) -> PlotOptions:
    """The options that an address asks for; what makes no sense is told and passed over."""
    problems = {}
    given = parameters.get("mu_star") or str(MU_STAR)
    try:
        mu_star = float(given)
    except ValueError:
        mu_star = float("nan")
    low, high = MU_STAR_RANGE
    if not low <= mu_star <= high:
        problems["mu_star"] = f"μ* is a number from {low:g} to {high:g}, not “{given}”"
        mu_star = MU_STAR
    by = parameters.get("by", "material_class")
    logarithmic = parameters.getlist("log")
    return PlotOptions(
        log_x="x" in logarithmic,
        log_y="y" in logarithmic,
        mu_star=mu_star,
        by=by if by in GROUPS else "material_class",
        problems=problems,
    )


@dataclass(frozen=True, slots=True)
class PlotKind:
    """A plot: its name in addresses, its title, which options it takes, and how it is made.

    ``make`` gets the database, the query, the options and the most points to draw (None: all).
    """

    name: str
    title: str
    what: str
    takes: frozenset[str]
    make: Callable[[Database, RecordQuery, PlotOptions, int | None], Plot]


def _year(db: Database, query: RecordQuery, options: PlotOptions, most: int | None) -> Plot:
    return tc_over_year(Points(db), counted(query.wanted), log_y=options.log_y, most=most)


def _pressure(db: Database, query: RecordQuery, options: PlotOptions, most: int | None) -> Plot:
    return tc_over_pressure(
        Points(db), counted(query.wanted), log_x=options.log_x, log_y=options.log_y, most=most
    )


def _coupling(db: Database, query: RecordQuery, options: PlotOptions, most: int | None) -> Plot:
    return omega_log_over_lambda(
        Points(db),
        counted(query.wanted),
        mu_star=options.mu_star,
        log_y=options.log_y,
        most=most,
    )


def _coverage(db: Database, query: RecordQuery, options: PlotOptions, _most: int | None) -> Plot:
    def link(changes: Mapping[str, str]) -> str:
        return query.address("/records", changes)

    return coverage(Points(db), query.wanted, options.by, link)


def _documents(db: Database, _query: RecordQuery, _options: object, _most: int | None) -> Plot:
    return documents(db.counts().documents)


def _flags(db: Database, query: RecordQuery, _options: object, _most: int | None) -> Plot:
    counted = Search(db).facets(query.wanted, ("flags",))["flags"]
    return flags(counted, lambda changes: query.address("/records", changes))


KINDS: Mapping[str, PlotKind] = {
    kind.name: kind
    for kind in (
        PlotKind(
            "tc-year",
            "Tc over year",
            "a Tc and a year",
            frozenset({"log_y"}),
            _year,
        ),
        PlotKind(
            "tc-pressure",
            "Tc over pressure",
            "a Tc and a pressure",
            frozenset({"log_x", "log_y"}),
            _pressure,
        ),
        PlotKind(
            "lambda-omega",
            "ωlog over λ",
            "both λ and ωlog",
            frozenset({"log_y", "mu_star"}),
            _coupling,
        ),
        PlotKind("coverage", "Coverage", "anything", frozenset({"by"}), _coverage),
        PlotKind("flags", "Flags", "a flag", frozenset(), _flags),
        PlotKind("documents", "Documents", "anything", frozenset(), _documents),
    )
}
"""The plots by their names in addresses."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "tc-year": ("tc-year",),
    "tc-pressure": ("tc-pressure",),
    "lambda-omega": ("lambda-omega",),
    "coverage": ("coverage", "documents"),
    "flags": ("flags",),
}
"""The pages of plots, and which plots each has."""


def make_plot(
    db: Database, name: str, query: RecordQuery, options: PlotOptions, *, all_points: bool = False
) -> Plot:
    """The plot called ``name``, at most `MOST_POINTS` points of it unless all are asked for."""
    return KINDS[name].make(db, query, options, None if all_points else MOST_POINTS)
