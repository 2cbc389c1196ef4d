"""Compositions with their records, papers and ends of Tc, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.filters import RecordFilter
from scmine.database.materials import SORTS, Materials, MaterialSummary
from scmine.database.results import DocumentResult
from scmine.database.store import Database


@pytest.fixture
def materials(database: Database, make_result: Callable[..., DocumentResult]) -> Materials:
    """Two spellings of one cuprate in three papers, and a hydride in one."""
    cuprate: dict[str, Any] = {"raw_material": "YBCO", "evidence": "measured"}
    claims = {
        "a": cuprate | {"formula": "YBa2Cu3O7", "tc_K": 92.0},
        "b": cuprate | {"formula": "YBa2Cu3O7", "tc_K": 90.0},
        "c": cuprate | {"formula": "Ba2YCu3O7", "tc_K": None},
        "d": {"formula": "LaH10", "raw_material": "x", "tc_K": 280.0, "evidence": "calculated"},
        "e": {"raw_material": "the film"},
    }
    run = database.start_run("p1")
    for name, values in claims.items():
        database.save_document(run, make_result(name, claims=1, record=values))
    return Materials(database)


def test_spellings_of_one_composition_are_one_material(materials: Materials) -> None:
    first, second = materials.page(RecordFilter())
    assert (first.formula, first.records, first.papers) == ("YBa2Cu3O7", 3, 3)
    assert (first.measured_min_K, first.measured_max_K, first.calculated_max_K) == (
        90.0,
        92.0,
        None,
    )
    assert second == MaterialSummary(
        key="LaH10",
        formula="LaH10",
        records=1,
        papers=1,
        measured_min_K=None,
        measured_max_K=None,
        calculated_min_K=280.0,
        calculated_max_K=280.0,
    )
    assert materials.count(RecordFilter()) == 2


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_hold_each_material_once(materials: Materials, sort: str, descending: bool) -> None:
    seen = [
        material.key
        for offset in range(2)
        for material in materials.page(
            RecordFilter(), sort=sort, descending=descending, limit=1, offset=offset
        )
    ]
    assert len(set(seen)) == 2
    assert materials.page(RecordFilter(), sort=sort, offset=2) == []


def test_materials_without_the_value_sorted_by_come_last(materials: Materials) -> None:
    for descending in (True, False):
        found = materials.page(RecordFilter(), sort="calculated", descending=descending)
        assert found[0].key == "LaH10"


def test_the_filter_is_obeyed(materials: Materials) -> None:
    assert [m.key for m in materials.page(RecordFilter(elements=("La",)))] == ["LaH10"]
    assert materials.count(RecordFilter(material="the film")) == 0


def test_an_unknown_order_is_refused(materials: Materials) -> None:
    with pytest.raises(ValueError, match="cannot be sorted by 'colour'"):
        materials.page(RecordFilter(), sort="colour")


def test_a_bound_is_no_end_of_tc_and_a_range_gives_both(
    database: Database, make_result: Callable[..., DocumentResult]
) -> None:
    run = database.start_run("p1")
    niobium: dict[str, Any] = {"formula": "NbS2", "raw_material": "x", "evidence": "measured"}
    claims = [
        {"tc_K": 4.2, "tc_relation": "<"},
        {"tc_K": None, "tc_max_K": 2.0},
        {"tc_min_K": 9.0, "tc_relation": ">"},
    ]
    for i, values in enumerate(claims):
        database.save_document(run, make_result(f"b{i}", claims=1, record=niobium | values))
    (only,) = Materials(database).page(RecordFilter())
    assert (only.records, only.measured_min_K, only.measured_max_K) == (3, None, None)
    assert (only.measured_below_K, only.measured_above_K) == (2.0, 9.0)
    ranged = niobium | {"tc_K": None, "tc_min_K": 32.0, "tc_max_K": 50.0}
    database.save_document(run, make_result("r", claims=1, record=ranged))
    (only,) = Materials(database).page(RecordFilter(), sort="measured")
    assert (only.measured_min_K, only.measured_max_K) == (32.0, 50.0)
    assert len(Materials(database).page(RecordFilter(material="NbS2"))) == 1
