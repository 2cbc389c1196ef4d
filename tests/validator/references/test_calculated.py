"""Files in the shape of CompSC, JARVIS-EPC, Cerqueira's, HTSC-2025, the review; our numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from pymatgen.core import Structure

from scmine.database.record import Evidence
from scmine.validator.references.entry import Reading
from scmine.validator.references.loaders.kinds import read_file

COMPSC = "ID,composition,pressure,Lambda,omlog,a,b,c,alpha,beta,gamma,nat,ntypat,species,xred,ref\n"
ATOMS = {
    "lattice_mat": [[3.1, 0, 0], [-1.55, 3.1 * math.sqrt(3) / 2, 0], [0, 0, 3.5]],
    "coords": [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]],
    "elements": ["Mg", "B", "B"],
    "cartesian": False,
}


def _read(path: Path, content: Any) -> Reading:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return read_file(path)


def test_compsc_gives_couplings_and_structures_and_no_tc(tmp_path: Path):
    row = (
        '7,Mg1B2,10.0,0.7,600,3.1,3.1,3.5,90,90,120,3.0,2.0,"[""Mg"", "" B"", "" B""]",'
        '"[[0.0, 0.0, 0.0], [0.3333, 0.6667, 0.5], [0.6667, 0.3333, 0.5]]",[10.1/a]\n'
    )
    wrong = row.replace("7,Mg1B2", "8,Mg1B3")
    odd = row.replace("10.0", "10GPa.vasp", 1)
    cut = row.replace("[[0.0", "[[0.0, oops")
    reading = _read(tmp_path / "c.csv", COMPSC + row + wrong + odd + cut)
    assert reading.kind == "compsc"
    [entry] = reading.entries
    assert (entry.lambda_, entry.omega_log_K, entry.pressure_GPa) == (0.7, 600, 10)
    assert (entry.tc_K, entry.superconducting) == (None, None)
    assert entry.evidence is Evidence.CALCULATED
    assert entry.source == "10.1/a"
    structure = Structure.from_str(entry.cif, fmt="cif")
    assert structure.composition.reduced_formula == "MgB2"
    assert structure.lattice.gamma == pytest.approx(120)
    assert reading.reasons == {
        "structure_not_of_formula": [3],
        "pressure_not_read": [4],
        "structure_not_read": [5],
    }


def test_the_review_gives_each_tc_of_a_list(tmp_path: Path):
    text = (
        "formula,pressure,Tc_list,Tc_mean,Tc_std,method,ref\n"
        "LaH10,150.0,\"['210', '250.5']\",230,20,comput,\"['[10.1/a]', '[10.1/b]']\"\n"
        "LaH10,170.0,[240.0],240,0,expt,['[10.1/c]']\n"
        "AuHPd3,0.0,['0.0'],0,0,comput,[]\n"
        "H3S,0.0,[],,,comput,[]\nH3S,1,[2],,,guess,[]\n"
    )
    reading = _read(tmp_path / "r.csv", text)
    assert reading.kind == "review-fig3"
    first, second, measured, none = reading.entries
    assert (first.tc_K, second.tc_K, first.line, second.line) == (210, 250.5, 2, 2)
    assert first.source == "10.1/a, 10.1/b"
    assert (measured.evidence, measured.pressure_GPa) == (Evidence.MEASURED, 170)
    assert (none.tc_K, none.superconducting) == (None, False)
    assert reading.reasons == {"tc_not_read": [5], "method_not_read": [6]}


def test_htsc_takes_the_composition_of_the_cif(tmp_path: Path):
    cif = "data_x\n_chemical_formula_sum   'Li2 Cu1 H6'\n_cell_length_a 6.0\n"
    items = {
        "X2YH6-Li2CuH6": {"cif": cif, "tc": 40.5},
        "LowTc-VTc": {"cif": "", "tc": 0},
        "LowTc-nothing": {"cif": "", "tc": 3.0},
        "LowTc-NbN": {"cif": "", "tc": "warm"},
    }
    reading = _read(tmp_path / "h.json", items)
    assert reading.kind == "htsc-2025"
    first, second = reading.entries
    assert first.composition == {"Li": 2, "Cu": 1, "H": 6}
    assert (first.tc_K, first.pressure_GPa, first.entry_id) == (40.5, 0, "X2YH6-Li2CuH6")
    assert first.cif == cif.strip()
    assert second.composition == {"V": 1, "Tc": 1}
    assert (second.tc_K, second.superconducting) == (None, False)
    assert reading.reasons == {"formula_not_read": [3], "tc_not_read": [4]}


def test_jarvis_leaves_out_the_numbers_of_unstable_structures(tmp_path: Path):
    item = {"jid": "J-1", "atoms": ATOMS, "lamb": 0.7, "wlog": 600.0, "Tc": 30.0, "a2F": [0.1]}
    items = [
        {**item, "stability": True},
        {**item, "stability": "unstable"},
        {**item, "atoms": {**ATOMS, "elements": ["Xx"]}},
        {**item, "atoms": {**ATOMS, "lattice_mat": [[0, 0, 0]] * 3}},
        7,
    ]
    reading = _read(tmp_path / "j.json", items)
    assert reading.kind == "jarvis-epc"
    stable, unstable = reading.entries
    assert (stable.tc_K, stable.lambda_, stable.omega_log_K) == (30, 0.7, 600)
    assert (unstable.tc_K, unstable.lambda_, unstable.superconducting) == (None, None, None)
    structure = Structure.from_str(stable.cif, fmt="cif")
    assert structure.lattice.abc == pytest.approx((3.1, 3.1, 3.5))
    assert structure.lattice.gamma == pytest.approx(120)
    assert reading.reasons["structure_not_read"] == [3, 4]
    assert len(reading.unread) == 3


@pytest.mark.parametrize(
    "material",
    [
        {"atoms": ATOMS},
        {"composition": {"Mg": 2, "B": 4}},
        {"formula": "MgB2"},
        {"atoms": {**ATOMS, "cartesian": True}},
    ],
)
def test_cerqueira(tmp_path: Path, material: dict[str, Any]):
    items = [{"id": "agm1", "la": 0.6, "wlog": 500.0, "Tc": 20.0, **material}]
    reading = _read(tmp_path / "q.json", {"entries": items})
    assert reading.kind == "cerqueira"
    [entry] = reading.entries
    assert (entry.key, entry.tc_K, entry.lambda_, entry.entry_id) == ("MgB2", 20, 0.6, "agm1")
    assert entry.pressure_GPa == 0


def test_cerqueira_as_a_table(tmp_path: Path):
    reading = _read(tmp_path / "q.csv", "mat_id,formula,la,wlog,Tc\nagm1,MgB2,0.6,500,0\n")
    [entry] = reading.entries
    assert (entry.tc_K, entry.superconducting, entry.lambda_) == (None, False, 0.6)
