"""Search: the time of a page of 50 records among a million, for a mix of filters and orders.

    python benchmarks/search.py DB [--records N] [--rounds N] [--slow]

DB is a file or the URL of a PostgreSQL database; where it is empty, N made-up records are written
first (``search_data.py``). Prints for each query the median, the 95th percentile and the longest
time in ms, and the same of the processor's time of this process, which other programs on the
machine disturb less; at the end those of all queries. ``--slow`` adds counts and facets.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence, Origin, RecordStatus, Source
from scmine.database.search import Search
from scmine.database.store import open_database

sys.path.insert(0, str(Path(__file__).parent))

import search_data

NEW = frozenset({RecordStatus.NEW})

QUERIES: tuple[tuple[dict[str, Any], str, bool], ...] = (
    ({}, "tc_K", True),
    ({}, "tc_K", False),
    ({}, "document", False),
    ({}, "pressure_GPa", True),
    ({}, "formula", False),
    ({"statuses": NEW}, "doubt", True),
    ({"statuses": NEW, "flags": ("contradicted",)}, "doubt", True),
    ({"elements": ("La", "H"), "without": ("O",), "tc_min_K": 200.0}, "tc_K", True),
    ({"elements": ("La", "H"), "without": ("O",)}, "year", True),
    ({"elements": ("Cu", "O")}, "tc_K", True),
    ({"elements": ("Cu", "O")}, "document", False),
    ({"without": ("O",)}, "tc_K", True),
    ({"only": "B-Mg"}, "tc_K", True),
    ({"only": "Ba-Cu-O-Y", "year_max": 1995}, "year", False),
    ({"composition_key": "MgB2"}, "confidence", False),
    ({"tc_min_K": 20.0, "tc_max_K": 40.0}, "tc_K", False),
    ({"tc_max_K": 10.0}, "tc_K", True),
    ({"tc_min_K": 77.0, "pressure_max_GPa": 1.0}, "pressure_GPa", True),
    ({"pressure_min_GPa": 100.0, "evidence": Evidence.MEASURED}, "tc_K", True),
    ({"lambda_min": 1.0, "lambda_max": 2.0}, "omega_log_K", True),
    ({"material_class": "hydride", "evidence": Evidence.CALCULATED}, "lambda", True),
    ({"material_class": "cuprate", "year_min": 2020}, "year", True),
    ({"material_class": "A15", "source": Source.CAPTION, "has_structure": True}, "tc_K", True),
    ({"space_group": "Fm-3m", "material_class": "hydride"}, "tc_K", True),
    ({"space_group_number": 139, "origin": Origin.THIS_WORK}, "year", True),
    ({"text": "superconductivity"}, "tc_K", True),
    ({"text": "MgB2"}, "year", True),
    ({"text": "intercalated monolayer", "tc_min_K": 5.0, "tc_max_K": 10.0}, "tc_K", True),
    ({"text": '"critical field" -film', "year_min": 2015}, "year", True),
    ({"text": "topological pseudogap", "elements": ("Bi",), "without": ("Cu",)}, "tc_K", True),
    ({"material_class": "cuprate", "elements": ("H",), "flags": ("tc_outlier",)}, "tc_K", True),
    ({"elements": ("O", "H"), "evidence": Evidence.CALCULATED}, "confidence", True),
)
DEEP = 20
"""Pages gone through by cursor before a deep page is timed."""


def timed(work: Callable[[], Any], rounds: int) -> tuple[list[float], list[float]]:
    """The times of some calls and the processor's times, in ms."""
    walls, own = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        own.append((time.process_time() - cpu) * 1e3)
        walls.append((time.perf_counter() - wall) * 1e3)
    return walls, own


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def line(name: str, walls: list[float], own: list[float]) -> str:
    """One line of the report."""
    numbers = [
        number(times)
        for times in (walls, own)
        for number in (statistics.median, lambda t: percentile(t, 0.95), max)
    ]
    return "".join(f"{n:8.1f}" for n in numbers) + f"  {name}"


def main() -> None:
    """Make the database if need be, time all queries, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("db")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="time counts and facets too")
    asked = parser.parse_args()
    with open_database(asked.db) as database:
        search = Search(database)
        if search.count(RecordFilter(), at_most=1).number == 0:
            search_data.fill(database, asked.records)
        print("  median     p95     max   (cpu)     p95     max  query")
        everything: list[float] = []
        processor: list[float] = []
        for values, sort, down in QUERIES:
            wanted = RecordFilter(**values)
            cursor = None
            for _ in range(DEEP):
                page = search.page(wanted, sort=sort, descending=down, after=cursor)
                if page.next is None:
                    break
                cursor = page.next
            for name, after in (("", None), (" deep", cursor)):
                walls, cpu = timed(
                    lambda w=wanted, s=sort, d=down, a=after: search.page(
                        w, sort=s, descending=d, after=a
                    ),
                    asked.rounds,
                )
                everything += walls
                processor += cpu
                told = f"{values} by {sort} {'down' if down else 'up'}{name}"
                print(line(told, walls, cpu), flush=True)
            if asked.slow:
                walls, cpu = timed(lambda w=wanted: search.count(w), 3)
                print(line(f"    count {search.count(wanted)}", walls, cpu), flush=True)
        print(line(f"all {len(everything)} pages", everything, processor))
        if asked.slow:
            for values, _, _ in QUERIES[:1] + QUERIES[8:10]:
                for facet in ("material_class", "year", "elements", "flags"):
                    wanted = RecordFilter(**values)
                    walls, cpu = timed(lambda w=wanted, f=facet: search.facets(w, [f]), 3)
                    print(line(f"    facet {facet} of {values}", walls, cpu), flush=True)


if __name__ == "__main__":
    main()
