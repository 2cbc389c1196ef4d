"""Parts of material strings: which characters are formula, name, doping, value, substrate …"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from scmine.corpora.supermat import load_supermat
from scmine.extractors.materials import parse_material
from scmine.extractors.segments import segment_material

LEFT_OVER_SHARE = 0.05
"""Of the strings of SuperMat, how many may say nothing that is understood (labels of samples)."""


def parts(raw: str) -> list[tuple[str, str]]:
    return [(s.label, raw[s.start : s.end]) for s in segment_material(raw)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A15 Nb3Si", [("formula", "A15 Nb3Si")]),
        ("A15", []),
        ("1111", [("name", "1111")]),
        ("0.0125", []),
        ("Tc", []),
        ("T c", []),
        ("3–x", []),
        ("Pa-3", []),
        ("P4/nmm", []),
        ("Cu2+", []),
        ("O2-", []),
        ("Fe-based superconductors", []),
        ("iron-based superconductors", []),
        ("ThCr2Si2-type BaFe2As2", [("formula", "BaFe2As2")]),
        ("In LaFeAsO", [("formula", "LaFeAsO")]),
        ("La0.67Sr0.33MnO3 (LSMO)", [("formula", "La0.67Sr0.33MnO3"), ("name", "LSMO")]),
        ("Nb-Ti", [("name", "Nb-Ti")]),
        ("La-Ce-H", [("name", "La-Ce-H")]),
        ("Bi/Ni bilayers", [("formula", "Bi/Ni"), ("shape", "bilayers")]),
        ("iron monoselenide", [("name", "iron monoselenide")]),
        ("sodium cobaltate deuterate", [("name", "sodium cobaltate deuterate")]),
        ("YBCO 6.95 films", [("name", "YBCO 6.95"), ("shape", "films")]),
        ("Zn-free LSCO", [("doping", "Zn-free"), ("name", "LSCO")]),
        ("oxygen-deficient YBCO", [("doping", "oxygen-deficient"), ("name", "YBCO")]),
        ("Na concentration", [("doping", "Na concentration")]),
        ("Sr- and Zn-doped La2CuO4", [("doping", "Sr"), ("doping", "Zn"), ("formula", "La2CuO4")]),
        ("Cu-PdTe2", [("doping", "Cu"), ("formula", "PdTe2")]),
        ("12% Co doping", [("doping", "12% Co")]),
        ("x Pr = 0.25", [("variable", "x Pr"), ("value", "0.25")]),
        ("x ≈ 0.3", [("variable", "x"), ("value", "0.3")]),
        ("p = x = 1/8", [("variable", "p"), ("variable", "x"), ("value", "1/8")]),
        ("x = 0 (squares), 0.2 (circles) and 0.4", None),
        ("infinite-layer nickelate", [("name", "nickelate")]),
        ("CuO2 planes", []),
        ("SiC-doped MgB2", [("doping", "SiC"), ("formula", "MgB2")]),
        ("PbTe:Tl", [("formula", "PbTe"), ("doping", "Tl")]),
        ("K[Pd(qrs)2]2", []),
        ("Ca-VII", [("formula", "Ca")]),
        ("LaSrAlO4 substrate", [("substrate", "LaSrAlO4")]),
        ("0.6 y 1.2", []),
        ("LaPd 2 Ge 2 10", [("formula", "LaPd 2 Ge 2")]),
        ("Bi2Sr2CaCu2O 81x", []),
        ("NbSe2 layers", [("formula", "NbSe2"), ("shape", "layers")]),
        ("Cu0.93Zn0.07)3O7-δ", []),
        ("YxTm1-x)Ba2Cu3O7", [("formula", "YxTm1-x)Ba2Cu3O7")]),
        ("YSr2Cu3O7 with HPHT", [("formula", "YSr2Cu3O7")]),
        ("crystal grown in Y2O3", [("shape", "crystal")]),
        ("La1.85Sr0.15CuO4 T c", [("formula", "La1.85Sr0.15CuO4")]),
        ("(Q1D) K2Cr3As3", [("formula", "K2Cr3As3")]),
        ("BSCCO-2212", [("name", "BSCCO-2212")]),
        ("R = rare-earth elements", [("variable", "R"), ("value", "rare-earth elements")]),
    ],
)
def test_parts(raw: str, expected: list[tuple[str, str]] | None) -> None:
    if expected is None:
        expected = [("variable", "x"), ("value", "0 (squares), 0.2 (circles) and 0.4")]
    assert parts(raw) == expected


@pytest.mark.parametrize(
    ("raw", "formula", "substrate"),
    [
        ("FeSe/SrTiO3", "FeSe", "SrTiO3"),
        ("FeSe/STO", "FeSe", "STO"),
        ("Pb/Si(111)", "Pb", "Si(111)"),
        ("monolayer FeSe on SrTiO3(001)", "FeSe", "SrTiO3(001)"),
        ("10 nm thin film of NdNiO2 on LaAlO3", "NdNiO2", "LaAlO3"),
        ("NbN on a (001) MgO substrate", "NbN", "(001) MgO"),
        ("FeSe/Nb:SrTiO3", "FeSe", "Nb:SrTiO3"),
        ("NbN films grown on the substrates of MgO", "NbN", "MgO"),
    ],
)
def test_what_a_film_lies_on(raw: str, formula: str, substrate: str) -> None:
    [material] = parse_material(raw)
    assert (material.formula, material.substrate) == (formula, substrate)


@pytest.mark.parametrize(
    "piece",
    [
        "lanthanum and ",
        "Pr-and ",
        "La(",
        "Bi(Pb,",
        "1",
        "x = 1,",
        "YBCO/",
        "Fe3O4-",
        "12% ",
        "A = La ",
    ],
)
def test_no_string_takes_long(piece: str) -> None:
    begin = time.perf_counter()
    parse_material((piece * 400)[:400])
    assert time.perf_counter() - begin < 3.0


@pytest.mark.shared
def test_nearly_every_string_of_supermat_is_understood(shared: Path) -> None:
    strings: Counter[str] = Counter()
    for paper in load_supermat(shared / "corpora/supermat"):
        for passage in paper.passages:
            for mention in passage.mentions:
                if mention.label == "material":
                    strings[passage.text[mention.start : mention.end]] += 1
    said = {text: parse_material(text) for text in strings}
    left_over = [
        text
        for text, materials in said.items()
        if not any(m.formula or m.name or m.doping or m.variables for m in materials)
    ]
    assert len(strings) > 2000
    assert len(left_over) <= LEFT_OVER_SHARE * len(strings)
