"""Dopings are told from other compounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.validator.references.composition import read_material
from scmine.validator.references.doping import is_other_doping


def _is_doping(one: str, other: str, *, compounds: bool = False) -> bool:
    first, second = read_material(one), read_material(other)
    assert first is not None
    assert second is not None
    return is_other_doping(first.composition, second.composition, compounds=compounds)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La1.85Sr0.15CuO4", "La2CuO4"),
        ("La1.85Sr0.15CuO4", "La1.9Sr0.1CuO3.98"),
        ("Ba(Fe0.92Co0.08)2As2", "BaFe2As2"),
        ("Ba0.6K0.4Fe2As2", "Ba0.8K0.2Fe2As2"),
        ("NdFeAsO0.82F0.18", "NdFeAsO0.9F0.1"),
        ("YBa2Cu3O6.6", "YBa2Cu3O7"),
        ("K0.8Fe1.6Se2", "K0.7Fe1.6Se2"),
        ("FeSe0.55Te0.45", "FeSe0.4Te0.6"),
        ("Mg0.97Al0.03B2", "MgB2"),
    ],
)
def test_dopings(one: str, other: str):
    assert _is_doping(one, other)
    assert _is_doping(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La3Ni2O7", "La2NiO4.08"),
        ("La3Ni2O7", "La2NiO4.18"),
        ("Nb3Sn", "NbSn2"),
        ("Bi2Sr2CaCu2O8", "Bi2Sr2Ca2Cu3O10"),
        ("BaFe2As2", "BaNi2P2"),
        ("BaFe2As2", "KFe2Se2"),
    ],
)
def test_other_compounds(one: str, other: str):
    assert not _is_doping(one, other)
    assert not _is_doping(other, one)


def test_compounds_differ_by_replacement_only():
    assert not _is_doping("LaH10", "LaH9", compounds=True)
    assert not _is_doping("YBa2Cu3O7", "YBa2Cu3O6", compounds=True)
    assert not _is_doping("YBa2Cu3O7", "GdBa2Cu3O7", compounds=True)
    assert _is_doping("Fe5Te3Se2", "Fe2TeSe", compounds=True)


@given(st.floats(0.01, 0.28), st.floats(0.01, 0.28))
def test_a_series_is_one_material(x: float, y: float):
    one = {"La": 2 - x, "Sr": x, "Cu": 1.0, "O": 4.0}
    other = {"La": 4 - 2 * y, "Sr": 2 * y, "Cu": 2.0, "O": 8.0}
    assert is_other_doping(one, other)
