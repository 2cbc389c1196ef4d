"""Short forms that a text defines for formulas."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.abbreviations import find_abbreviations, formula_before


def defined(text: str) -> dict[str, str]:
    return {d.short: "".join(d.formula.split()) for d in find_abbreviations(text)}


@pytest.mark.parametrize(
    ("text", "short", "formula"),
    [
        ("Films of La2-xSrxCuO4 (LSCO) were grown.", "LSCO", "La2-xSrxCuO4"),
        ("We study LSCO (La2−xSrxCuO4).", "LSCO", "La2-xSrxCuO4"),
        ("single crystals of Sr0.9La0.1CuO2 (SLCO)", "SLCO", "Sr0.9La0.1CuO2"),
        ("Pr 0.88 LaCe 0.12 CuO 4 (PLCCO) crystals", "PLCCO", "Pr0.88LaCe0.12CuO4"),
        ("LiFePO4, hereafter abbreviated as LFP, is known.", "LFP", "LiFePO4"),
        ("BaFe2As2 (hereafter referred to as Ba-122)", "Ba-122", "BaFe2As2"),
        ("La1.9Sr0.1CuO4 single crystals (LSCO)", "LSCO", "La1.9Sr0.1CuO4"),
        ("YBa2Cu3O7-δ (YBCO or Y-123)", "Y-123", "YBa2Cu3O7-δ"),
        ("R2-xCexMSr2Cu2O10 with R = rare earth (M-2122)", "M-2122", "R2-xCexMSr2Cu2O10"),
        ("Sr0.9La0.1(Cu0.99Ni0.01)O2 (1% Ni-SLCO)", "1% Ni-SLCO", "Sr0.9La0.1(Cu0.99Ni0.01)O2"),
    ],
)
def test_ways_to_define_a_short_form(text: str, short: str, formula: str) -> None:
    assert defined(text).get(short) == formula


@pytest.mark.parametrize(
    "text",
    [
        "FeSe (SC) and FeSe (STM)",
        "YBa2Cu3O7 (see Fig. 3) and YBa2Cu3O7 (XRD)",
        "MgB2 (AFM)",
        "La2-xSrxCuO4 (YBCO)",
        "the temperature (Tc) and La2CuO4 (A)",
        "YBa2Cu3O7 (CuO2)",
    ],
)
def test_what_cannot_stand_for_the_formula_defines_nothing(text: str) -> None:
    assert defined(text) == {}


def test_a_word_before_a_formula_is_no_part_of_it() -> None:
    assert defined("In La2CuO4 (LCO)") == {"LCO": "La2CuO4"}
    assert defined("the HTS YBa2Cu3O7 (YBCO)") == {"YBCO": "YBa2Cu3O7"}
    both = defined("YBa2Cu3O7 (YBCO) Bi2Sr2CaCu2O8 (BSCCO)")
    assert both == {"YBCO": "YBa2Cu3O7", "BSCCO": "Bi2Sr2CaCu2O8"}


def test_no_formula_before_a_place() -> None:
    assert formula_before("nothing at all here", 19) is None


@given(st.text(alphabet="LaSrCuO4x-(). ,hereaftr", max_size=80))
def test_any_text_is_read(text: str) -> None:
    for found in find_abbreviations(text):
        assert found.short in text.replace("−", "-")


def test_a_damaged_text_takes_no_time() -> None:
    started = time.process_time()
    list(find_abbreviations("(LSCO) A B " * 5000))
    assert time.process_time() - started < 20
