"""Layers, surfaces and strained cells are not completed from bulk crystals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scmine.database.record import Record
from scmine.pipelines.structure_input import read_statement
from scmine.validator.structures.from_record import all_stated
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Verdict
from scmine.validator.structures.shapes import not_bulk
from scmine.validator.structures.stated import StatedSite, StatedStructure

ALB2 = StatedStructure(
    formula="MgB2", composition={"Mg": 1, "B": 2}, space_group="P6/mmm", a_A=3.086
)


@pytest.mark.parametrize(
    "shape", ["monolayer", "Monolayers", "single-layer", "slab", "2D", "strained thin film"]
)
def test_no_bulk_crystal_completes_a_layer(shape: str) -> None:
    assert rebuild(ALB2).structure is not None
    rebuilt = rebuild(replace(ALB2, shape=shape))
    assert rebuilt.verdict is Verdict.UNDERDETERMINED
    assert "not_bulk" in {f.name for f in rebuilt.reasons}


@pytest.mark.parametrize("shape", [None, "thin films", "single crystal", "bulk", "unstrained"])
def test_crystals_are_completed(shape: str | None) -> None:
    assert not_bulk(replace(ALB2, shape=shape)) is None


def test_a_bilayer_compound_with_its_third_edge_is_bulk() -> None:
    assert not_bulk(replace(ALB2, shape="bilayer")) is not None
    assert not_bulk(replace(ALB2, shape="bilayer", c_A=19.5)) is None


def test_stated_atoms_of_a_layer_in_vacuum_are_its_structure() -> None:
    sites = (StatedSite("Mg", xyz=(0, 0, 0.54)), StatedSite("B", xyz=(1 / 3, 2 / 3, 0.46)))
    layer = replace(ALB2, space_group="P6mm", c_A=20.0, sites=sites, shape="monolayer")
    assert rebuild(layer).structure is not None


def test_records_and_users_say_it() -> None:
    record = Record(record_id="", doc_id="", raw_material="NbSe2 monolayer", shape="monolayer")
    assert all_stated(record).shape == "monolayer"
    assert read_statement({"formula": "NbSe2 monolayer", "a": "3.44"}).shape == "monolayer"
    assert read_statement({"formula": "NbSe2", "shape": "slab"}).shape == "slab"
