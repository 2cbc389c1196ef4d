"""The arithmetic of ``throughput``: from seconds of rounds to ratios, and when these are worse.

Ratios are of two things that were timed in one round on one machine, so that those of a baseline
made elsewhere can be compared. Nothing here measures.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ingest:
    """One ingest: seconds of wall and processor, seconds until the first record, what it gave."""

    wall_s: float
    cpu_s: float
    first_record_s: float
    papers: int
    records: int
    peak_memory_MB: float
    step_seconds: Mapping[str, float]
    read_ms_a_page: Sequence[float]


@dataclass(frozen=True, slots=True)
class Round:
    """An ingest on one core, pdfplumber on the same core, an ingest on two cores if there are."""

    one: Ingest
    pdfplumber_wall_s: float
    pdfplumber_cpu_s: float
    two: Ingest | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over the rounds; what needs two cores is None without them.

    ``ratio`` and ``cpu_ratio`` are the ingest's seconds through pdfplumber's, of the wall and of
    the processor: the second hardly feels other work on the machine. ``scaling`` is the speed with
    two workers through that with one. ``first_record`` and ``help`` are in the time that
    pdfplumber needs for one paper of the mean length.
    """

    rounds: int
    papers: int
    records: int
    ratio: float
    cpu_ratio: float
    first_record: float
    help: float
    peak_memory_MB: float
    scaling: float | None
    papers_a_second: float
    papers_a_second_two: float | None
    ingest_s: float
    pdfplumber_s: float
    first_record_s: float
    help_s: float
    step_share: dict[str, float]
    read_ms_a_page: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Watched:
    """A figure that is watched: how much worse it may get, the aim, and what it is called."""

    name: str
    allowed: float
    aim: float | None
    words: str
    higher_is_better: bool = False


WATCHED = (
    _Watched("ratio", 0.10, 0.40, "ingest / pdfplumber, wall"),
    _Watched("cpu_ratio", 0.05, 0.40, "ingest / pdfplumber, processor"),
    _Watched("scaling", 0.05, 1.8, "two workers / one", higher_is_better=True),
    _Watched("peak_memory_MB", 0.10, 700.0, "peak memory of a worker, MB"),
    _Watched("first_record", 0.25, None, "first record, in pdfplumber's time for a paper"),
    _Watched("help", 0.25, None, "scmine --help, in pdfplumber's time for a paper"),
)


def figures(rounds: Sequence[Round], help_s: float) -> Figures:
    """The figures of some rounds over the same papers; ``help_s`` is that of `scmine --help`.

    Raises
    ------
    ValueError
        Rounds that did not find the same, so that their times say nothing.
    """
    ones = [r.one for r in rounds]
    counts = {(i.papers, i.records) for r in rounds for i in (r.one, r.two) if i is not None}
    if len(counts) != 1:
        raise ValueError(f"rounds with different papers and records: {sorted(counts)}")
    [(papers, records)] = counts
    twos = [r.two.wall_s for r in rounds if r.two is not None]
    scaling = [r.one.wall_s / r.two.wall_s for r in rounds if r.two is not None]
    each = statistics.median(r.pdfplumber_wall_s / papers for r in rounds)
    one_s = statistics.median(i.wall_s for i in ones)
    first_s = statistics.median(i.first_record_s for i in ones)
    return Figures(
        rounds=len(rounds),
        papers=papers,
        records=records,
        ratio=round(statistics.median(r.one.wall_s / r.pdfplumber_wall_s for r in rounds), 3),
        cpu_ratio=round(statistics.median(r.one.cpu_s / r.pdfplumber_cpu_s for r in rounds), 3),
        first_record=round(first_s / each, 3),
        help=round(help_s / each, 3),
        peak_memory_MB=round(max(i.peak_memory_MB for i in ones), 1),
        scaling=round(statistics.median(scaling), 3) if scaling else None,
        papers_a_second=round(papers / one_s, 3),
        papers_a_second_two=round(papers / statistics.median(twos), 3) if twos else None,
        ingest_s=round(one_s, 2),
        pdfplumber_s=round(each * papers, 2),
        first_record_s=round(first_s, 2),
        help_s=round(help_s, 3),
        step_share=_shares(ones),
        read_ms_a_page=_spread([ms for i in ones for ms in i.read_ms_a_page]),
    )


def _shares(ingests: Sequence[Ingest]) -> dict[str, float]:
    """Each step's share of the time of all steps, the largest first."""
    total: dict[str, float] = {}
    for ingest in ingests:
        for step, seconds in ingest.step_seconds.items():
            total[step] = total.get(step, 0.0) + seconds
    whole = sum(total.values()) or 1.0
    ordered = sorted(total.items(), key=lambda item: -item[1])
    return {step: round(seconds / whole, 3) for step, seconds in ordered}


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p90": round(ordered[int(0.9 * (len(ordered) - 1))], 1),
        "max": round(ordered[-1], 1),
    }


def baseline_of(found: Figures) -> dict[str, Any]:
    """What is kept of a run for later ones: each watched figure and how much worse it may get."""
    return {
        "papers": found.papers,
        "records": found.records,
        "rounds": found.rounds,
        "figures": {
            w.name: {"value": value, "allowed": w.allowed}
            for w in WATCHED
            if (value := getattr(found, w.name)) is not None
        },
    }


def worse(found: Figures, baseline: Mapping[str, Any]) -> list[str]:
    """What is worse than the baseline allows, in words; figures that either has not are left out.

    >>> from dataclasses import replace
    >>> one = Ingest(40, 39, 3, 10, 90, 500, {"read": 30}, [30.0])
    >>> found = figures([Round(one, 100, 98)], 0.2)
    >>> worse(found, baseline_of(found)), len(worse(replace(found, ratio=0.5), baseline_of(found)))
    ([], 1)
    """
    complaints = []
    if baseline and baseline["papers"] != found.papers:
        complaints.append(
            f"the baseline is of {baseline['papers']} papers and this run of {found.papers}; "
            "ratios hang on the papers: name the same ones, or make a baseline with --save"
        )
    known = baseline.get("figures", {})
    for watched in WATCHED:
        value, kept = getattr(found, watched.name), known.get(watched.name)
        if value is None or kept is None:
            continue
        factor = 1 - kept["allowed"] if watched.higher_is_better else 1 + kept["allowed"]
        limit = kept["value"] * factor
        if value < limit if watched.higher_is_better else value > limit:
            complaints.append(
                f"{watched.words}: {value:g}, was {kept['value']:g}; {limit:.3g} is allowed"
            )
    return complaints


def table(found: Figures) -> str:
    """The figures for people."""
    lines = [
        f"{found.papers} papers, {found.records} records, {found.rounds} rounds (medians)",
        f"ingest {found.ingest_s:g} s, pdfplumber {found.pdfplumber_s:g} s, on one core",
        f"papers a second: {found.papers_a_second:g}"
        + (f", on two cores {found.papers_a_second_two:g}" if found.papers_a_second_two else ""),
        f"first record after {found.first_record_s:g} s; scmine --help {found.help_s:g} s",
        "",
    ]
    for watched in WATCHED:
        value = getattr(found, watched.name)
        told = "not measured" if value is None else f"{value:g}"
        sign = "≥" if watched.higher_is_better else "≤"
        aim = "" if watched.aim is None else f"   (aim {sign} {watched.aim:g})"
        lines.append(f"{watched.words:<52} {told:>8}{aim}")
    shares = ", ".join(f"{step} {share:.3f}" for step, share in found.step_share.items())
    pages = ", ".join(f"{name} {ms:g}" for name, ms in found.read_ms_a_page.items())
    return "\n".join([*lines, "", f"share of each step: {shares}", f"reading, ms a page: {pages}"])
