"""Columns of many records at once and counts of what is known, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.filters import RecordFilter
from scmine.database.points import Filled, Points
from scmine.database.results import DocumentResult
from scmine.database.store import Database


@pytest.fixture
def points(database: Database, make_result: Callable[..., DocumentResult]) -> Points:
    """Three papers: one with a pressure, one with a range of Tc, one without a Tc."""
    claims: dict[str, dict[str, Any]] = {
        "a": {"tc_K": 39.0, "pressure_GPa": 5.0, "material_class": "MgB2-like"},
        "b": {"tc_K": None, "tc_min_K": 8.0, "tc_max_K": 12.0, "material_class": "A15"},
        "c": {"tc_K": None, "lambda": 0.7},
    }
    run = database.start_run("p1")
    for year, (name, values) in enumerate(claims.items(), 2001):
        database.save_document(run, make_result(name, claims=1, record=values, year=year))
    return Points(database)


def test_rows_have_columns_of_the_record_and_its_document(points: Points) -> None:
    rows = list(points.rows(RecordFilter(), ("record_id", "year", "tc_K", "lambda")))
    assert rows == [
        ("a-0", 2001, 39.0, None),
        ("b-0", 2002, None, None),
        ("c-0", 2003, None, 0.7),
    ]


def test_records_without_what_is_needed_are_left_out(points: Points) -> None:
    def found(*needed: str) -> list[str]:
        return [row[0] for row in points.rows(RecordFilter(), ("record_id",), needed)]

    assert found("tc_K|tc_min_K|tc_max_K") == ["a-0", "b-0"]
    assert found("tc_K|tc_min_K", "pressure_GPa") == ["a-0"]


def test_the_filter_is_obeyed(points: Points) -> None:
    assert list(points.rows(RecordFilter(year_min=2003), ("record_id",))) == [("c-0",)]


def test_filled_counts_each_group_those_without_one_last(points: Points) -> None:
    assert points.filled(RecordFilter(), "material_class", ("tc_K", "lambda")) == [
        Filled("A15", 1, {"tc_K": 0, "lambda": 0}),
        Filled("MgB2-like", 1, {"tc_K": 1, "lambda": 0}),
        Filled(None, 1, {"tc_K": 0, "lambda": 1}),
    ]
    by_reader = points.filled(RecordFilter(tc_min_K=10), "reader", ("tc_K",))
    assert by_reader == [Filled("pdf", 2, {"tc_K": 1})]
