"""The arithmetic of the benchmark of throughput: ratios, medians, and what is told as worse."""

from __future__ import annotations

import doctest
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import throughput_figures
from throughput_figures import WATCHED, Figures, Ingest, Round, baseline_of, figures, table, worse

ONE = Ingest(40.0, 39.0, 3.0, 10, 90, 500.0, {"read": 10.0, "mentions": 30.0}, [10.0, 30.0, 20.0])
TWO = replace(ONE, wall_s=20.0)


def made(*rounds: Round) -> Figures:
    return figures(rounds or [Round(ONE, 100.0, 97.5, TWO)], 0.2)


def test_the_examples_hold() -> None:
    assert doctest.testmod(throughput_figures).failed == 0


def test_ratios_are_of_things_timed_together() -> None:
    found = made()
    assert (found.ratio, found.cpu_ratio, found.scaling) == (0.4, 0.4, 2.0)
    assert (found.papers_a_second, found.papers_a_second_two) == (0.25, 0.5)
    assert (found.first_record, found.help) == (0.3, 0.02)  # pdfplumber: 10 s a paper
    assert found.step_share == {"mentions": 0.75, "read": 0.25}
    assert found.read_ms_a_page == {"median": 20.0, "p90": 20.0, "max": 30.0}


def test_one_round_that_was_disturbed_does_not_count() -> None:
    slow = Round(replace(ONE, wall_s=90.0), 101.0, 97.5, replace(TWO, wall_s=70.0))
    found = made(Round(ONE, 100.0, 97.5, TWO), slow, Round(ONE, 100.0, 97.5, TWO))
    assert (found.ratio, found.scaling, found.ingest_s) == (0.4, 2.0, 40.0)


def test_without_a_second_core_there_is_no_scaling() -> None:
    found = made(Round(ONE, 100.0, 97.5))
    assert found.scaling is None
    assert found.papers_a_second_two is None
    assert "scaling" not in baseline_of(found)["figures"]
    assert worse(found, baseline_of(made())) == []
    assert "not measured" in table(found)


def test_rounds_that_found_other_records_are_refused() -> None:
    with pytest.raises(ValueError, match="different papers and records"):
        made(Round(ONE, 100.0, 97.5, replace(TWO, records=91)))


def test_a_baseline_is_kept_as_it_is_measured() -> None:
    found = made()
    kept = json.loads(json.dumps(baseline_of(found)))
    assert {n: f["value"] for n, f in kept["figures"].items()} == {
        w.name: getattr(found, w.name) for w in WATCHED
    }
    assert worse(found, kept) == []


@given(st.sampled_from(WATCHED), st.floats(0.5, 1.5))
def test_a_figure_is_told_when_it_is_worse_by_more_than_it_may_be(
    watched: throughput_figures._Watched, factor: float
) -> None:
    found = made()
    changed = replace(found, **{watched.name: getattr(found, watched.name) * factor})
    loss = 1 - factor if watched.higher_is_better else factor - 1
    if abs(loss - watched.allowed) < 1e-9:
        return
    told = worse(changed, baseline_of(found))
    assert [t.startswith(watched.words) for t in told] == [True] * (loss > watched.allowed)


def test_a_baseline_of_other_papers_is_told() -> None:
    other = baseline_of(made()) | {"papers": 11}
    [told] = worse(made(), other)
    assert "11 papers" in told
    assert "--save" in told


def test_the_table_names_every_watched_figure_with_its_aim() -> None:
    text = table(made())
    for watched in WATCHED:
        assert watched.words in text
    assert "(aim ≤ 0.4)" in text
    assert "(aim ≥ 1.8)" in text
