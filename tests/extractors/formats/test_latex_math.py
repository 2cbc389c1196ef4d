"""Maths: formulas of LaTeX as reading text, blanks as TeX sets them, scripts marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.formats.latex_math import MAX_NESTING, read_maths


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (r"\mathrm{La}_{2-x} \mathrm{Sr}_{x} \mathrm{CuO}_{4}", "La2−xSrxCuO4"),
        (r"\mathrm{Ba_{1-x}K_xFe_2As_2}", "Ba1−xKxFe2As2"),
        (r"T_c = 38~\mathrm{K}", "Tc = 38 K"),
        (r"38 \mathrm{~K}", "38 K"),
        (r"38 \mathrm{K}", "38 K"),
        (r"38\,{\rm K}", "38 K"),
        (r"T_{\mathrm{c}} \approx 38 \text{ K}", "Tc ≈ 38 K"),
        (r"\sim 150\,\mathrm{GPa}", "∼ 150 GPa"),
        (r"T_c^{\mathrm{on}}", "Tcon"),
        (r"T^{\mathrm{on}}_c", "Tcon"),
        (r"10^{-3}", "10−3"),
        (r"1.5 \times 10^{4}", "1.5 × 104"),
        (r"\mu^*=0.1", "μ* = 0.1"),
        (r"\omega_{\log}", "ωlog"),
        (r"\ln T", "ln T"),
        (r"Fm\bar{3}m", "Fm3\u0304m"),
        (r"R\overline{3}m", "R3\u0304m"),
        (r"P6_3/mmc", "P63/mmc"),
        (r"2\Delta/k_{\rm B}T_{\rm c}", "2Δ/kBTc"),
        (r"\frac{2\Delta}{k_BT_c}", "2Δ/kBTc"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        ("-5", "−5"),
        ("T-T_c", "T − Tc"),
        (r"\pm 5", "±5"),
        (r"20\pm1", "20 ± 1"),
        (r"27^{\circ}\mathrm{C}", "27°C"),
        (r"a=3.78(2)\,\text{\AA}", "a = 3.78(2) Å"),
        (r"\not=", "≠"),
        (r"x \leq 0.1\tag{3}", "x ≤ 0.1"),
        (r"\left.\rho\right|_{T_c}", "ρ|Tc"),
        (r"\ce{YBa2Cu3O7}", "YBa2Cu3O7"),
        (r"\SI{1.5e-2}{\giga\pascal}", "1.5 × 10−2 GPa"),
        (r"\SI{-1.5D3}{\kelvin}", "−1.5 × 103 K"),
        (r"\SI{\sim 40}{\kelvin}", "∼40 K"),
        (r"\num{203 \pm 2}", "203 ± 2"),
        (r"\num{-e3}", "−103"),
        (r"250\genfrac{}{}{0pt}{}{+5}{-3}", "250+5−3"),
        (r"\qtyrange{10}{20}{\kelvin}", "10–20 K"),
    ],
)
def test_formulas_read_as_printed(source: str, read: str) -> None:
    assert read_maths(source).text == read


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("T_c^{on}", ".bpp"),
        ("10^{-3}", "..pp"),
        (r"\mathrm{CuO}_{4}", "...b"),
        (r"\ce{H2O}", ".b."),
        ("90^\\circ", "..."),
        ("T'", ".p"),
    ],
)
def test_scripts_are_marked(source: str, marks: str) -> None:
    shifts = read_maths(source).shifts
    assert "".join(shift[-1:] or "." for shift in shifts) == marks


def test_commands_that_are_not_known_leave_their_arguments() -> None:
    assert read_maths(r"\foo{MgB}_2").text == "MgB2"


def test_nesting_has_a_limit() -> None:
    deep = MAX_NESTING + 5000
    assert read_maths("a" + "{" * deep + "x" + "}" * deep + "b").text == "ab"


@given(st.text(alphabet=r"\{}_^$ &~'%-+=aK1()[].,", max_size=60))
def test_nothing_is_raised(source: str) -> None:
    result = read_maths(source)
    assert len(result.chars) == len(result.shifts)
