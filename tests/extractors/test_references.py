"""Phrases, shares and lone numbers that refer to a compound."""

from __future__ import annotations

import pytest

from scmine.extractors.formula import parse_formula
from scmine.extractors.references import (
    Shares,
    at_no_doping,
    listed_variable,
    optimum_of,
    phrase_of,
    shares_in,
)


@pytest.mark.parametrize(
    ("raw", "phrase"),
    [
        ("the title compound", "title"),
        ("this compound", "main"),
        ("the present samples", "main"),
        ("parent compound", "parent"),
        ("undoped sample", "parent"),
        ("optimally doped samples", "optimal"),
        ("the optimal doping", "optimal"),
        ("undoped LaFeAsO", None),
        ("underdoped sample", None),
        ("nearly optimally doped sample", None),
    ],
)
def test_phrases(raw: str, phrase: str | None) -> None:
    assert phrase_of(raw) == phrase


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("optimally doped (x = 0.15) crystals", {"x": "0.15"}),
        ("Tc is highest at optimal doping of x = 0.12.", {"x": "0.12"}),
        ("x = 0.11 (optimally doped) and x = 0.05 (underdoped)", {"x": "0.11"}),
        ("xopt = 0.40", {"x": "0.40"}),
        ("optimally doped (x = 0.15); optimally doped (x = 0.16)", {}),
        ("underdoped (x = 0.08)", {}),
    ],
)
def test_the_value_called_optimal(text: str, optimum: dict[str, str]) -> None:
    assert optimum_of([text]) == optimum


def test_shares_of_elements() -> None:
    assert shares_in("8% Co-doped") == [("8", "Co")]
    assert shares_in("Cu doping level of 7%") == [("7", "Cu")]
    assert shares_in("10%, 20% and 30% Pr") == [("10", "Pr"), ("20", "Pr"), ("30", "Pr")]
    assert shares_in("a 5% change") == []


def test_a_share_is_the_variable_only_where_the_paper_shows_it() -> None:
    formula = parse_formula("Ba(Fe1-xCox)2As2")
    assert formula is not None
    shown = Shares(["the 8% Co-doped sample (x = 0.08)", "and 5% Co"])
    assert shown.variable(formula, "Co") == "x"
    assert Shares(["8% Co-doped", "x = 0.1"]).variable(formula, "Co") is None
    whole = parse_formula("La2-xSrxCuO4")  # 8 % of two sites is x = 0.16
    assert whole is not None
    assert Shares(["8% Sr (x = 0.08)"]).variable(whole, "Sr") is None


def test_the_variable_of_a_list() -> None:
    assert listed_variable("samples with x = 0.1, 0.2 and ") == "x"
    assert listed_variable("samples with x = 0.1 show 20 K and ") is None


def test_the_end_member() -> None:
    one, two, none = (parse_formula(t) for t in ("La2-xSrxCuO4-δ", "La2-x-yNdySrxCuO4", "MgB2"))
    assert one is not None
    assert two is not None
    assert none is not None
    assert at_no_doping(one) == {"x": "0"}
    assert at_no_doping(two) is None
    assert at_no_doping(none) is None
