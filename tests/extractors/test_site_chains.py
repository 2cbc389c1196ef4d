"""Chains of atoms and their places: any order and punctuation, whole or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.site_chains import chains

LA = ("La", "4b", [0.5, 0.5, 0.5])
H1 = ("H1", "8c", [0.25, 0.25, 0.25])


def read(text: str) -> list[tuple[object, ...]]:
    return [
        (s.values["label"], s.values.get("site"), s.values.get("xyz"))
        for chain in chains(text)
        for s in chain
    ]


@pytest.mark.parametrize(
    "text",
    [
        "La 4b (0.5 0.5 0.5), H1 8c (0.25 0.25 0.25)",
        "La (4b): 0.5, 0.5, 0.5; H1 (8c): 0.25, 0.25, 0.25",
        "La at (0.5, 0.5, 0.5) [4b] and H1 at (0.25, 0.25, 0.25) [8c]",
        "The 4b sites at (1/2, 1/2, 1/2) are taken by La, the 8c sites at (1/4, 1/4, 1/4) by H1",
        "4b La (0.5, 0.5, 0.5) and 8c H1 (0.25, 0.25, 0.25)",
        "La and H1 occupy the 4b (0.5, 0.5, 0.5) and 8c (0.25, 0.25, 0.25) sites, respectively",
        "La 4b x = 0.5, y = 0.5, z = 0.5 and H1 8c x = 1/4, y = 1/4, z = 1/4",
        "La on 4b (x, x, x) with x = 0.5, and H1 on 8c (x, x, x) with x = 0.25",
    ],
)
def test_one_structure_in_many_words(text: str) -> None:
    assert read(text) == [LA, H1]


@pytest.mark.parametrize(
    "text",
    [
        "La, H1 and H2 occupy the 4b (0.5, 0.5, 0.5) and 8c (0.25, 0.25, 0.25) sites, respectively",
        "Fe and Co at 4b (0.5, 0.5, 0.5)",
        "the distance of H from the bond (0.5, 0.5, 0.5)",
        "Fe 3d and O 2p orbitals",
        "(0.5, 0.5, 0.5) and (0.25, 0.25, 0.25)",
    ],
)
def test_what_is_not_sure_is_left(text: str) -> None:
    assert read(text) == []


@given(st.text(st.sampled_from("LaH 4b8c(0.5,1/2)xyz=;:and respectively")))
def test_any_text_gives_whole_sites(text: str) -> None:
    for chain in chains(text):
        for site in chain:
            assert 0 <= site.start < site.end <= len(text)
            assert len(site.values.get("xyz", [0, 0, 0])) == 3


@pytest.mark.timeout(20)
def test_words_between_atoms_cost_no_more_than_their_length() -> None:
    """A regular expression that tried each way to cut words ran for hours on plain prose."""
    prose = ", which is realized close to the phase boundary at Pc. This is so for "
    assert read("La at 4b" + 20 * prose + "H 8c") == []
