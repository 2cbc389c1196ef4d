"""Labels of samples and what a text or a table says they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Cell, Table
from scmine.extractors.samples import find_samples, labels_in, samples_of_table


def defined(text: str) -> dict[str, str]:
    return {d.label: d.text for d in find_samples(text)}


def table(*rows: str) -> Table:
    cells = [
        tuple(Cell(t.strip(), is_header=i == 0) for t in r.split("|")) for i, r in enumerate(rows)
    ]
    return Table(tuple(cells))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("We grew sample A (x = 0.1).", {"A": "x = 0.1"}),
        (
            "Samples with x = 0.00, 0.05 and 0.10, hereafter S1, S2 and S3, were made.",
            {"S1": "x = 0.00", "S2": "x = 0.05", "S3": "x = 0.10"},
        ),
        (
            "samples A, B and C with x = 0.1, 0.2, and 0.3, respectively",
            {"A": "x = 0.1", "B": "x = 0.2", "C": "x = 0.3"},
        ),
        (
            "Samples with x = 0.1, 0.2, and 0.3 are labeled as S1-S3.",
            {"S1": "x = 0.1", "S2": "x = 0.2", "S3": "x = 0.3"},
        ),
        ("the y = 0.06 sintered sample (S1)", {"S1": "y = 0.06"}),
        ("crystals S1: x = 0.05, S2: x = 0.10", {"S1": "x = 0.05", "S2": "x = 0.10"}),
        ("sample #3 (La1.9Sr0.1CuO4)", {"3": "La1.9Sr0.1CuO4"}),
        ("films A (x = 0.1), B (x = 0.2)", {"A": "x = 0.1", "B": "x = 0.2"}),
        ("the x = 0.2 film (sample B)", {"B": "x = 0.2"}),
    ],
)
def test_ways_to_define_labels(text: str, labels: dict[str, str]) -> None:
    assert defined(text) == labels


@pytest.mark.parametrize(
    "text",
    [
        "as shown in Fig. 2(b) for samples of x = 0.1",
        "samples in heavy water D2O (x = 1/3)",
        "Tc rises from 0 K (y = 0) to 42 K (y = 1) in these samples",
        "samples A and B with x = 0.1, 0.2 and 0.3",
        "samples annealed at 900 C (x = 0.1)",
    ],
)
def test_what_is_no_label(text: str) -> None:
    assert defined(text) == {}


def test_labels_of_mentions() -> None:
    assert labels_in("samples S1-S3") == ["S1", "S2", "S3"]
    assert labels_in("films B1 and B2") == ["B1", "B2"]
    assert labels_in("sintered S1") == labels_in("(S1)") == ["S1"]
    assert labels_in("Pb-doped series") == labels_in("FeSe") == []


def test_labels_of_a_table() -> None:
    with_x = table("Sample | x | Tc (K)", "S1 | 0.05 | 12", "S2 | 0.10 | 20")
    assert [d[:2] for d in samples_of_table(with_x)] == [("S1", "x = 0.05"), ("S2", "x = 0.10")]
    with_formula = table("Sample | Formula | Tc (K)", "A | FeSe0.9 | 8", "B | FeSe0.8 | 7")
    assert [d[:2] for d in samples_of_table(with_formula)] == [("A", "FeSe0.9"), ("B", "FeSe0.8")]
    assert list(samples_of_table(Table(()))) == []


@given(st.text(alphabet="samples ABS123x=.,()&and-", max_size=80))
def test_any_text_is_read(text: str) -> None:
    for found in find_samples(text):
        assert found.label
        assert found.text


def test_long_lists_take_no_time() -> None:
    started = time.process_time()
    list(find_samples("samples with x = " + "12, " * 5000))
    list(find_samples("samples " + "AB12, " * 5000))
    assert time.process_time() - started < 20
