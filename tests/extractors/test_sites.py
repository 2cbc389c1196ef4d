"""Atomic sites in running text: elements, Wyckoff letters, coordinates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.site_coordinates import site_coordinate
from scmine.extractors.sites import find_sites


def short(text: str) -> list[tuple[Any, ...]]:
    return [
        (s.values["label"], s.values.get("site"), s.values.get("xyz")) for s in find_sites(text)
    ]


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        (
            "Co at 2a(0,0,0), O at 4f(1/3,2/3,z) and Na1 at 6h(2x,x,1/4)",
            [
                ("Co", "2a", [0.0, 0.0, 0.0]),
                ("O", "4f", [0.333333, 0.666667, "z"]),
                ("Na1", "6h", ["2x", "x", 0.25]),
            ],
        ),
        (
            "Ca atoms occupy the 6c (4m2) site, and Rh atoms occupy the 8e site.",
            [("Ca", "6c", None), ("Rh", "8e", None)],
        ),
        ("V sitting at 6c and Si at 2a positions", [("V", "6c", None), ("Si", "2a", None)]),
        (
            "the Li and Ti atoms are respectively at tetrahedral (8a) and octahedral (16d) sites",
            [("Li", "8a", None), ("Ti", "16d", None)],
        ),
        (
            "Atomic positions: Sn (0, 0, 0) and Sb (0.5, 0.5, −0.25).",
            [("Sn", None, [0.0, 0.0, 0.0]), ("Sb", None, [0.5, 0.5, -0.25])],
        ),
        ("H occupies the 32f and 8c sites", [("H", "32f", None), ("H", "8c", None)]),
    ],
)
def test_sites(text: str, sites: list[tuple[Any, ...]]) -> None:
    assert short(text) == sites


@pytest.mark.parametrize(
    "text",
    [
        "Fig. 2a and 2b show O at the 4f level",
        "The Bi 4f, Sr 3d and O 1s core levels",
        "Co 3d orbitals at the sites",
        "scans along (0.5, 0.5, 0) and (1, 0, 0)",
        "alkaline metals occupy the 8b site",
    ],
)
def test_no_sites(text: str) -> None:
    assert find_sites(text) == []


def test_coordinates() -> None:
    assert [site_coordinate(t) for t in ("½", "−⅓", "0.2652(2)", "y", "−x")] == [
        0.5,
        -0.333333,
        0.2652,
        "y",
        "-x",
    ]


@given(st.text() | st.text(st.sampled_from("CoOaNa 2468abcdef(,0.51/x) at sites occupy")))
def test_any_text_gives_elements(text: str) -> None:
    for site in find_sites(text):
        assert 0 <= site.start < site.end <= len(text)
        assert site.values["label"].startswith(site.values["element"])
