"""Scores of crystal facts: what counts as the same fact, and the gold files themselves."""

from __future__ import annotations

from typing import Any

import pytest

from scmine.corpora.crystal_scores import (
    FIELDS,
    Fact,
    count,
    facts_of,
    load_papers,
    misses,
    same_names,
    same_value,
)
from scmine.database.record import Record


def record(**fields: Any) -> Record:
    return Record(
        record_id="r", doc_id="d", path="p", source="text", raw_material="LaH10", **fields
    )


def test_the_gold_files_are_whole() -> None:
    papers = load_papers()
    assert len(papers) >= 80
    assert {p.split for p in papers} == {"dev", "test"}
    for paper in papers:
        assert paper.facts
        for fact in paper.facts:
            assert fact.field in FIELDS
            if fact.field == "space_group":
                assert 1 <= fact.value <= 230


def test_facts_of_records_are_each_counted_once() -> None:
    one = record(formula="LaH10", space_group="Fm-3m", space_group_number=225, a_A=5.1)
    again = record(formula="LaH10", space_group_number=225, pressure_GPa=150.0)
    facts = facts_of([one, again])
    assert [(f.field, f.value, f.pressure) for f in facts] == [
        ("space_group", 225, 150.0),
        ("a", 5.1, None),
    ]


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("a", 5.1, 5.1000001, True),
        ("a", 5.1, 5.11, False),
        ("prototype", "ThCr2Si2", "ThCr2Si2-type", True),
        ("prototype", "pyrochlore", "beta-pyrochlore structure", True),
        ("site", "Co:2a", {"element": "Co", "site": "2a", "xyz": [0.0, 0.0, 0.0]}, True),
        ("site", "C:1/3,2/3,z", {"element": "C", "xyz": [0.333333, 0.666667, "z"]}, True),
        ("site", "Co:2a", {"element": "O", "site": "2a"}, False),
    ],
)
def test_same_values(field: str, one: Any, other: Any, same: bool) -> None:
    assert same_value(Fact(field, one, ("X",)), Fact(field, other, ("X",))) is same


@pytest.mark.parametrize(
    ("gold", "found", "same"),
    [
        ("BaFe2As2", "Ba Fe2As2", True),
        ("Hg2(Ba1−ySry)2YCu2O8−δ", "Hg2Sr2YCu2O8-δ", True),
        ("NaxCoO2", "KxCoO2", False),
        ("Nb3Sn", "V3Si", False),
    ],
)
def test_same_materials(gold: str, found: str, same: bool) -> None:
    assert same_names(Fact("a", 1.0, (gold,)), Fact("a", 1.0, (found,))) is same


def test_counts_and_misses() -> None:
    gold = [
        Fact("space_group", 225, ("LaH10",), 150.0),
        Fact("space_group", 139, ("LaH4",)),
        Fact("a", 5.1, ("LaH10",), optional=True),
    ]
    found = [
        Fact("space_group", 225, ("LaH10",), 150.0),
        Fact("space_group", 139, ("YH4",)),
        Fact("a", 5.1, ("LaH10",)),
    ]
    counts = count(gold, found)
    assert (counts["space_group", "gold"], counts["space_group", "found"]) == (2, 2)
    assert (counts["space_group", "right"], counts["space_group", "value"]) == (1, 2)
    assert (counts["space_group", "pressure"], counts["space_group", "stated"]) == (1, 1)
    assert (counts["a", "gold"], counts["a", "found"]) == (0, 0)
    assert len(misses(gold, found)) == 2
