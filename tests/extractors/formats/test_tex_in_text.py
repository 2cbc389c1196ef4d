"""TeX in plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.formats.tex_in_text import has_tex, read_tex_line, repaired


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"a T_c of \simeq 39 K", "a Tc of ≃ 39 K"),
        (r"ω_{\log} and $\omega_{\rm log}$", "ωlog and ωlog"),
        (r"μ^* = 0.1", "μ* = 0.1"),
        (r"SnH_4 and $La_{0.5}Ce_{0.5}H_{10}$", "SnH4 and La0.5Ce0.5H10"),
        ("H ₃ S and Y _{0.5} Ce _{0.5} H ₉", "H3 S and Y0.5 Ce0.5 H9"),
        (r"*Im*$\bar{3}$*m* and <i>P6</i>", "Im3̄m and P6"),
        (r"\unknown{x} stays", r"\unknown{x} stays"),
    ],
)
def test_line(source: str, text: str) -> None:
    assert read_tex_line(source).text == text


def test_scripts_are_typography() -> None:
    line = read_tex_line("T_c of H₃S.^{98}")
    assert line.text == "Tc of H3S.98"
    assert [line.shifts[i] for i in (1, 7, 10)] == ["sub", "sub", "sup"]


def test_lost_backslash() -> None:
    assert read_tex_line(repaired("$\\omega_{\nm log}$ of")).text == "ωlog of"


def test_few_dollars_are_money() -> None:
    assert not has_tex("It costs $5_000 and $6.")
    assert has_tex("$a_1$ and $b^2$ and $\\lambda$")


@given(st.text(alphabet="ab_^{}\\$ *1<>", max_size=60))
def test_never_raises(line: str) -> None:
    text = read_tex_line(line)
    assert len(text.chars) == len(text.shifts)
