"""The hand-read values of λ, ω_log, ω₂ and μ*, and the review whose values must all come out."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from scmine.extractors import extract, read
from scmine.extractors.document import Document

FILES = sorted(
    (resources.files("scmine.corpora") / "data" / "electron_phonon").iterdir(),
    key=lambda f: f.name,
)

TABLE_1 = {
    ("SiH4", 17.5, 90), ("H3S", 203, 155), ("LaH10", 250, 170), ("ThH9", 146, 170),
    ("ThH10", 161, 174), ("PrH9", 8.4, 120), ("BaH12", 20, 140), ("(La,Y)H10", 253, 199),
    ("YH6", 224, 168), ("YH6", 220, 183), ("YH9", 243, 201), ("CeH9", 57, 88), ("CeH10", 115, 95),
    ("ScH3", 18.5, 131), ("LuH3", 12.4, 122), ("CaH6", 215, 172), ("CaH6", 210, 160),
    ("SnH4", 72, 180), ("LaBeH8", 110, 80), ("NbH3", 42, 187), ("La0.5Ce0.5H10", 175, 155),
    ("Y0.5Ce0.5H9", 141, 130), ("La4H23", 90, 95),
}  # fmt: skip
"""Formula, Tc in K and pressure in GPa of the review's table 1; one row states two of each."""


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_entries_are_whole(file: Path) -> None:
    entry = json.loads(file.read_text("utf-8"))
    assert entry["half"] in ("dev", "test")
    assert len(entry["sha256"]) == 64
    for value in entry["values"]:
        assert value["quantity"] in ("lambda", "omega_log", "omega2", "mu_star")
        assert value["unit"] in ("1", "K", "meV", "cm-1", "THz")
        assert ("value" in value) != ("minimum" in value and "maximum" in value)
        assert value["material"]
        assert value["at"]


@pytest.fixture
def review(shared: Path) -> Document:
    return read(shared / "review_superconductor_discovery.txt")


@pytest.mark.shared
def test_table_1_of_the_review(review: Document) -> None:
    table = next(t for t in review.tables if t.caption.startswith("Table 1"))
    assert len(table.body) == 22
    found = {
        (r.formula, r.tc_K, r.pressure_GPa)
        for r in extract(Document("", "", "", tables=(table,))).records
    }
    assert found == TABLE_1


@pytest.mark.shared
def test_sentences_of_the_review(review: Document) -> None:
    found = {
        (r.formula, r.space_group, r.pressure_GPa, r.lambda_, r.omega_log_K, r.tc_min_K, r.tc_max_K)
        for r in extract(review).records
        if r.lambda_ is not None or r.omega_log_K is not None
    }
    assert found == {
        ("H3S", "R3m", 130, 2.07, 1125.1, 155, 166),
        ("H3S", "Im-3m", 200, 2.19, 1334.6, 191, 204),
        ("CeH9", "P63/mmc", 200, 2.3, 740, 105, 117),
    }
