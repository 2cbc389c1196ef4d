"""How values are printed: formulas with subscripts, everything else escaped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.record import Record
from scmine.web import printing


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("YBa2Cu3O7-δ", "YBa<sub>2</sub>Cu<sub>3</sub>O<sub>7−δ</sub>"),
        ("KxFe2-ySe2", "K<sub>x</sub>Fe<sub>2−y</sub>Se<sub>2</sub>"),
        ("Ca(Fe1-xCox)2As2", "Ca(Fe<sub>1−x</sub>Co<sub>x</sub>)<sub>2</sub>As<sub>2</sub>"),
        ("YBa2Cu3Oy", "YBa<sub>2</sub>Cu<sub>3</sub>O<sub>y</sub>"),
        ("Dy", "Dy"),
        ("2H-NbSe2", "2H-NbSe<sub>2</sub>"),
        ("Na0.35CoO2·1.3H2O", "Na<sub>0.35</sub>CoO<sub>2</sub>·1.3H<sub>2</sub>O"),
    ],
)
def test_amounts_are_subscripts(text: str, html: str) -> None:
    assert printing.formula(text) == html


@given(st.text(alphabet=st.sampled_from("AaBbCOoHxyzδ0123.()<>&\"'-+ ·"), max_size=30))
def test_a_formula_keeps_its_text_and_is_escaped(text: str) -> None:
    html = str(printing.formula(text))
    rest = html.replace("<sub>", "").replace("</sub>", "")
    assert "<" not in rest
    assert ">" not in rest
    plain = re.sub("&[^;]+;", "?", rest).replace("−", "-")
    assert plain == re.sub("[<>&\"']", "?", text)


def test_a_record_without_superconductivity_says_down_to_where() -> None:
    record = Record(record_id="r", doc_id="d", raw_material="m", superconducting=False)
    assert printing.tc(record) == "none found"
    cooled = record.model_copy(update={"lowest_temperature_K": 0.35})
    assert printing.tc(cooled) == "none above 0.35"


def test_what_a_paper_says_of_a_value_is_printed() -> None:
    assert printing.interval(6.37, None, None, relation="=", uncertainty=0.03) == "6.37 ± 0.03"
    assert printing.interval(60.0, None, None, relation=">") == "> 60"
    assert printing.interval(None, 2.0, None) == "≥ 2"
    assert printing.number(-3.5) == "−3.5"
