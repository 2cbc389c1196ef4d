"""Which records a filter finds, and in which order they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence, Origin, RecordStatus
from scmine.database.results import DocumentResult
from scmine.database.store import Database

MakeResult = Callable[..., DocumentResult]

CLAIMS: dict[str, dict[str, Any]] = {
    "mgb2": {"raw_material": "MgB2", "tc_K": 39.0, "evidence": "measured"},
    "cobalt": {"raw_material": "doped", "formula": "NaCoO2", "tc_K": 4.5, "origin": "cited"},
    "range": {"raw_material": "H3S", "tc_K": None, "tc_min_K": 190.0, "tc_max_K": 203.0},
    "pressed": {"raw_material": "CO2", "formula": "CO2", "tc_K": None, "pressure_GPa": 150.0},
    "open": {"raw_material": "100%_pure", "tc_K": None, "pressure_min_GPa": 20.0},
    "named": {
        "raw_material": "it",
        "name": "Magnesium Diboride",
        "tc_K": None,
        "flags": ["contradicted", "list_unpaired"],
    },
}


@pytest.fixture
def filled(database: Database, make_result: MakeResult) -> Database:
    """One document for each claim."""
    run = database.start_run("p1")
    for name, values in CLAIMS.items():
        database.save_document(run, make_result(name, claims=1, record=values))
    return database


def found(database: Database, **wanted: Any) -> set[str]:
    """The names of the documents whose claim the filter finds."""
    return {r.record_id.removesuffix("-0") for r in database.records(RecordFilter(**wanted))}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, set(CLAIMS)),
        ({"material": "mgb"}, {"mgb2"}),
        ({"material": "magnesium"}, {"named"}),
        ({"material": "co"}, {"cobalt", "pressed"}),
        ({"material": "100%"}, {"open"}),
        ({"material": "%_"}, {"open"}),
        ({"formula": "Co"}, {"cobalt"}),
        ({"formula": "CO"}, {"pressed"}),
        ({"tc_min_K": 30}, {"mgb2", "range"}),
        ({"tc_max_K": 39}, {"mgb2", "cobalt"}),
        ({"tc_min_K": 200, "tc_max_K": 300}, {"range"}),
        ({"tc_min_K": 204}, set()),
        ({"tc_min_K": 40, "tc_max_K": 189}, set()),
        ({"pressure_min_GPa": 100}, {"pressed"}),
        ({"pressure_max_GPa": 30}, {"open"}),
        ({"evidence": Evidence.MEASURED}, {"mgb2"}),
        ({"origin": Origin.CITED}, {"cobalt"}),
        ({"flag": "contradicted"}, {"named"}),
        ({"flag": "unpaired"}, set()),
        ({"flag": "%"}, set()),
        ({"status": RecordStatus.NEW}, set(CLAIMS)),
        ({"status": RecordStatus.CURATED}, set()),
        ({"doc": "/papers/range.pdf"}, {"range"}),
        ({"doc": "range.pdf"}, {"range"}),
        ({"doc": "ange.pdf"}, set()),
        ({"doc": "10.1/X"}, set(CLAIMS)),
        ({"doc": b"open".hex().rjust(64, "0")}, {"open"}),
        ({"formula": "Co", "tc_max_K": 4}, set()),
    ],
)
def test_filters(filled: Database, wanted: dict[str, Any], names: set[str]):
    assert found(filled, **wanted) == names


def test_order_is_by_path_and_then_as_the_paper_goes(database: Database, make_result: MakeResult):
    run = database.start_run("p1")
    # A locale would put "a" before "B".
    for name in ("b", "B", "a"):
        database.save_document(run, make_result(name, claims=12))
    expected = [f"{name}-{i}" for name in ("B", "a", "b") for i in range(12)]
    assert [r.record_id for r in database.records()] == expected
    limited = database.records(RecordFilter(limit=14))
    assert [r.record_id for r in limited] == expected[:14]


def test_the_highest_tc_comes_first_if_asked_for(filled: Database):
    best = [r.record_id for r in filled.records(RecordFilter(order="tc"))]
    assert best[:3] == ["range-0", "mgb2-0", "cobalt-0"]
    assert len(best) == len(CLAIMS)


@pytest.mark.parametrize(
    "slip",
    [{"tc_min_K": 2, "tc_max_K": 1}, {"pressure_min_GPa": 2, "pressure_max_GPa": 1}, {"limit": -1}],
)
def test_slips_are_refused(slip: dict[str, Any]):
    with pytest.raises(ValueError, match="asked for"):
        RecordFilter(**slip)
