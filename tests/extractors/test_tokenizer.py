"""Tokens of physics text: nothing lost, formulas whole, numbers parted from units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.tokenizer import features, is_formula, split_chunk, token_kind


@pytest.mark.parametrize(
    "formula",
    [
        "La2-xSrxCuO4",
        "La2−xSrxCuO4",
        "Ba(Fe1-xCox)2As2",
        "(Ba0.6K0.4)Fe2As2",
        "YBa2Cu3O7-δ",
        "Bi2Sr2CaCu2O8+δ",
        "NaxCoO2·yH2O",
        "LaFeAsO1−xFx",
        "Nd2−xCexCuO4+y",
        "LnFeAsO",
    ],
)
def test_formulas_stay_whole_also_in_brackets(formula: str) -> None:
    assert split_chunk(formula) == (formula,)
    assert split_chunk(f"({formula}),") == ("(", formula, ")", ",")
    assert split_chunk(f"{formula}-based") == (formula, "-", "based")
    assert is_formula(formula)


@pytest.mark.parametrize(
    ("chunk", "tokens"),
    [
        ("30K", ("30", "K")),
        ("2.5GPa.", ("2.5", "GPa", ".")),
        ("8-32", ("8", "-", "32")),
        ("Tc=4.2", ("Tc", "=", "4.2")),
        ("Tc's", ("Tc", "'s")),
        ("Bi2212", ("Bi2212",)),
        ("high-Tc", ("high", "-", "Tc")),
        ("In-plane", ("In", "-", "plane")),
        ("Er-and", ("Er", "-", "and")),
        ("∼43", ("∼", "43")),
    ],
)
def test_chunks(chunk: str, tokens: tuple[str, ...]) -> None:
    assert split_chunk(chunk) == tokens


def test_words_that_are_no_formulas() -> None:
    assert not any(is_formula(w) for w in ("YBCO", "Tc", "In", "Cooper", "K", "-", "43"))


@given(st.text(max_size=200).map(lambda t: "".join(t.split())))
def test_no_character_is_lost(chunk: str) -> None:
    assert "".join(split_chunk(chunk)) == chunk


@given(st.text(alphabet="LaSrCuO()[]0129.-−+δxy·•", max_size=200))
def test_no_character_of_formula_soup_is_lost(chunk: str) -> None:
    assert "".join(split_chunk(chunk)) == chunk


@given(st.text(min_size=1, max_size=40).filter(lambda t: not t.isspace()))
def test_every_token_has_features(token: str) -> None:
    assert features(token).kind


def test_long_runs_take_no_time() -> None:
    for chunk in ("(La" * 5000 + "1-x" * 5000, "Sr1-x(" * 19):
        assert "".join(split_chunk(chunk)) == chunk


def test_numbers_and_formulas_are_described_by_kind() -> None:
    kinds = [token_kind(token) for token in ("SmFeAsO", "at", "55", "K")]
    assert kinds == ["<formula4>", "at", "<00>", "K"]
