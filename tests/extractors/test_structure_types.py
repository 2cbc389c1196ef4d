"""Structure words: crystal systems, structure types, structures with names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.structure_types import (
    find_structure_types,
    is_crystal_system,
    system_fits,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tetragonal ThCr 2 Si 2 -type, A15, perovskite; NaCl structure; 122-type, NaCl solution",
         ["tetragonal", "ThCr2Si2-type", "A15-type", "perovskite", "NaCl-type", "122-type"]),
        ("the K2NiF4 structure and an anti-PbO type one", ["K2NiF4-type", "anti-PbO-type"]),
        ("CsCl (B2) type, NaCl-type (B1)", ["CsCl-type", "NaCl-type"]),
        ("sodalite-like clathrate structure", ["sodalite-like clathrate"]),
        ("Ti5Ga4-type, which no list knows", ["Ti5Ga4-type"]),
        ("isostructural to ZrCuSiAs", ["ZrCuSiAs-type"]),
        ("a layered structure of the ThCr2Si2 with", ["ThCr2Si2-type"]),
        ("a kagome lattice on honeycomb paper", ["kagome"]),
        ("body-centred cubic", ["body-centred cubic"]),
    ],
)  # fmt: skip
def test_what_is_named(text: str, names: list[str]) -> None:
    assert [name for _, _, name in find_structure_types(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "BCS type superconductors, SDW-type order, n-type carriers",
        "a diamond anvil cell and a cubic anvil press",
        "FeAs-type layers",
        "hexagonal boron nitride",
        "NbTi type 2 strands of Nb3Sn phase",
        "trigonal-prismatic coordination of Mo",
        "a tetragonal pyramid of oxygen",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert find_structure_types(text) == []


def test_systems_and_numbers() -> None:
    assert is_crystal_system("face centered cubic")
    assert not is_crystal_system("perovskite")
    assert system_fits("rhombohedral", 166)
    assert not system_fits("tetragonal", 225)


@given(st.text() | st.text(st.sampled_from("ThCr2Si2-type structure (B1) cubic,")))
def test_any_text_gives_spans_in_it(text: str) -> None:
    for start, end, name in find_structure_types(text):
        assert 0 <= start < end <= len(text)
        assert name
