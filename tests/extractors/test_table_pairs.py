"""Cells with two values and the two μ* they are for."""

from __future__ import annotations

import pytest

from scmine.extractors.table_pairs import paired_values, two_stars, two_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("204 (191) K", ("204 K", "191 K")),
        ("204(191)", ("204", "191")),
        ("190 (249)a", ("190", "249")),
        ("39.3 (30.1) K", ("39.3 K", "30.1 K")),
        ("28.5(3) K", None),
        ("1.234(15)", None),
        ("12 (1) K", None),
        ("204 K", None),
        ("(204)", None),
    ],
)
def test_two_values(text: str, values: tuple[str, str] | None) -> None:
    assert two_values(text) == values


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("Tc for μ* = 0.10 (0.13)", ("0.10", "0.13")),
        ("Tc (K) with μ∗ = 0.1 and 0.15", ("0.1", "0.15")),
        ("Tc with μ* = 0.10", None),
        ("Tc with μ* = 0.1 (0.13), or μ* = 0.1 (0.15)", None),
    ],
)
def test_two_stars(text: str, stars: tuple[str, str] | None) -> None:
    assert two_stars(text) == stars


def test_pairs_of_a_row() -> None:
    row = {"tc": "204 (191) K", "lambda": "2.19"}
    both = paired_values(row, ("0.10", "0.13"))
    assert [(v["tc"], v["mu_star"], v["lambda"]) for v in both] == [
        ("204 K", "0.10", "2.19"),
        ("191 K", "0.13", "2.19"),
    ]
    assert paired_values(row, None) == [{"tc": "204 K", "lambda": "2.19"}]


def test_the_rows_own_two_stars_count() -> None:
    both = paired_values({"tc": "190 (255) K", "mu_star": "0.40 (0.16)"}, None)
    assert [v["mu_star"] for v in both] == ["0.40", "0.16"]


def test_two_values_for_another_reason_keep_the_first() -> None:
    row = {"tc": "10.2 (9.1) K", "lambda": "0.80 (0.71)"}
    assert paired_values(row, ("0.10", "0.13")) == [{"tc": "10.2 K", "lambda": "0.80"}]
