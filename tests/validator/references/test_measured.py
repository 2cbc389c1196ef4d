"""Files in the shape of SuperCon's versions, SuperCon² and 3DSC, with numbers of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.database.record import Evidence
from scmine.validator.references.composition import read_material
from scmine.validator.references.entry import Reading
from scmine.validator.references.loaders.kinds import read_file

MDR_LONG = (
    "data number\treference number\tchemical formula\tmeasured value of Oxygen content"
    "\tspace group\tunit of Tc\ttransition temperature (R = 0)"
    "\ttransition temperature (mid point)\ttransition temperature (R = 100%)"
    "\tTc from susceptibility measurement"
    "\tlowest temperature for measurement (not superconducting)"
    "\tTc (of this sample) recommended\tmaximum pressure applied"
)
MDR_SHORT = "num\trefno\telement\toz\tspaceg\tutc\tt1\tt2\tt3\ttcsus\ttcn\ttc\tpmax"
MDR_ROWS = """1\tR1\tMg1B2\t\tP6/mmm\tK\t\t38.5\t39.5\t\t\t39\t
2\tR2\tY1Ba2Cu3O7-Z\t6.9\tPmmm\tK\t90\t\t\t\t\t92\t8
3\tR2\tLa2-XSrXCu1O4-Y\t\t\tK\t\t\t\t\t\t30\t
4\tR3\tZr1Zn2\t\t\tK\t\t\t\t\t0.02\t\t
5\tR3\tLa2Cu1O4\t\t\tK\t\t\t\t\t4.2\t0\t
6\tR4\tNb3Sn1\t\t\t\t\t17.8\t\t\t\t\t
7\tR5\tNb3Ge1\t\t\tmK\t\t\t\t\t\t22\t
8\tR6\tnonsense\t\t\tK\t\t\t\t\t\t5\t
9\tR7\tNb1N1\t\t\tK\t\t\t\t\t\t16K\t
10\tR8\tV3Si1\t\t\tK\t\t\t\t\t\t17000\t
11\tR8\tV3Ga1\t\t\t\t\t\t\t\t\t\t
"""


def _read(path: Path, text: str) -> Reading:
    path.write_text(text, encoding="utf-8")
    return read_file(path)


@pytest.mark.parametrize(
    "headers", [f"{MDR_LONG}\n{MDR_SHORT}\n", f"{MDR_SHORT}\n", f"{MDR_LONG}\n"]
)
def test_mdr(tmp_path: Path, headers: str):
    before = headers.count("\n")
    reading = _read(tmp_path / "any.txt", headers + MDR_ROWS)
    assert reading.kind == "supercon-mdr"
    found = {e.entry_id: e for e in reading.entries}
    assert found["1"].tc_K == 39
    assert found["1"].space_group == "P6/mmm"
    assert found["1"].line == before + 1
    # measured oxygen takes the place of the open amount
    assert found["2"].composition["O"] == 6.9
    assert not found["2"].open_amounts
    assert found["2"].pressure_GPa is None  # that of the study is not that of the Tc
    assert found["3"].open_amounts
    assert found["3"].key == read_material("La2-xSrxCuO4-δ").key
    # not observed is told from no Tc, and 0 is no Tc
    assert (found["4"].tc_K, found["4"].superconducting) == (None, False)
    assert found["4"].lowest_temperature_K == 0.02
    assert (found["5"].tc_K, found["5"].superconducting) == (None, False)
    assert found["6"].tc_K == 17.8
    assert (found["11"].tc_K, found["11"].superconducting) == (None, None)
    assert reading.reasons == {
        "tc_unit": [before + 7],
        "formula_not_read": [before + 8],
        "tc_not_read": [before + 9],
        "tc_not_possible": [before + 10],
    }
    assert len(reading.entries) + len(reading.unread) == 11


@pytest.mark.parametrize(
    ("formula", "oxygen", "same_as"),
    [
        ("Hg1Ba2Ca2Cu3O8+D", "", "HgBa2Ca2Cu3O8+δ"),
        ("Ba0.1La1.9Cu1O4-Y", "", "Ba0.1La1.9CuO4-y"),
        ("La2-XSrXCu1O4", "", "La2-xSrxCuO4"),
        ("Y1Ba2Cu3OZ", "6.5", "YBa2Cu3O6.5"),
        ("Y1Ba2Cu3O7", "6.9", "YBa2Cu3O6.9"),
        ("Zn1Zr2", "", "ZnZr2"),
    ],
)
def test_formulas_of_mdr(tmp_path: Path, formula: str, oxygen: str, same_as: str):
    cells = {"element": formula, "oz": oxygen, "tc": "5"}
    row = "\t".join(cells.get(name, "") for name in MDR_SHORT.split("\t"))
    [entry] = _read(tmp_path / "m.txt", f"{MDR_SHORT}\n{row}\n").entries
    assert entry.key == read_material(same_as).key


def test_stanev_does_not_say_what_its_zero_means(tmp_path: Path):
    reading = _read(tmp_path / "a.csv", "name,Tc\nB2Mg1,39\nRe0.1W0.9,0\nBa-1Cu1O2,3\nNb1,\n")
    assert reading.kind == "supercon-stanev"
    magnesium, rhenium, niobium = reading.entries
    assert (magnesium.tc_K, magnesium.superconducting, magnesium.line) == (39, True, 2)
    assert (rhenium.tc_K, rhenium.superconducting) == (None, None)
    assert (niobium.tc_K, niobium.superconducting) == (None, None)
    assert all(e.evidence is Evidence.MEASURED for e in reading.entries)
    assert reading.reasons == {"formula_not_read": [4]}


def test_uci(tmp_path: Path):
    reading = _read(tmp_path / "u.csv", "H,He,Li,critical_temp,material\n0,0,1,0.4,Li1\n")
    assert reading.kind == "supercon-uci"
    assert [(e.formula, e.tc_K) for e in reading.entries] == [("Li1", 0.4)]


def test_3dsc_has_a_note_before_its_header_and_structures_by_name(tmp_path: Path):
    text = (
        '"# ""A note."""\nformula_sc,tc,cif,material_id_2,spacegroup_2\n'
        "Nb3Sn1,18.1,data/cifs/a.cif,mp-1,Pm-3n\nAg1Zn1,0,data/cifs/b.cif,mp-2,\n"
    )
    reading = _read(tmp_path / "m.csv", text)
    assert reading.kind == "3dsc"
    tin, zinc = reading.entries
    assert (tin.tc_K, tin.structure_file, tin.source) == (18.1, "data/cifs/a.cif", "mp-1")
    assert (tin.space_group, tin.line) == ("Pm-3n", 3)
    # its paper says that these do not superconduct
    assert (zinc.tc_K, zinc.superconducting) == (None, False)


def test_3dsc_of_icsd_has_only_ids(tmp_path: Path):
    text = '"# a note",,,\nformula_sc,tc,database_id_2,synth_doped\nNb3Sn1,18.1,ICSD-7,True\n'
    [entry] = _read(tmp_path / "i.csv", text).entries
    assert (entry.source, entry.structure_file) == ("ICSD-7", None)


SUPERCON2 = (
    "id,rawMaterial,formula,variables,criticalTemperature,"
    "criticalTemperatureMeasurementMethod,appliedPressure,doi\n"
)


@pytest.mark.parametrize(
    ("row", "tcs", "pressure", "evidence"),
    [
        ("1,MgB 2,Mg B 2,,39 K,Electrical resistivity,,10.1/a", [39], None, "measured"),
        ("1,LaH10,La H 10,,249 K,predicted,1500 kbar,", [249], 150, "calculated"),
        ("1,FeSe,Fe Se,,8-10 K,,ambient pressure,", [8, 10], 0, "unknown"),
        ("1,LSCO,La 2-x Sr x Cu O 4,x=0.15,38 K,,,", [38], None, "unknown"),
        ("1,Rh,Rh,,0.3 mK,,,", [0.0003], None, "unknown"),
    ],
)
def test_supercon2(tmp_path: Path, row: str, tcs: list[float], pressure: float, evidence: str):
    reading = _read(tmp_path / "s.csv", SUPERCON2 + row + "\n")
    assert reading.kind == "supercon2"
    assert [e.tc_K for e in reading.entries] == pytest.approx(tcs)
    assert {e.pressure_GPa for e in reading.entries} == {pressure}
    assert {e.evidence.value for e in reading.entries} == {evidence}
    assert not any(e.ambient_unless_stated or e.open_amounts for e in reading.entries)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,MgB2,MgB2,,,,,", "no_tc"),
        ("1,MgB2,MgB2,,39,,,", "tc_not_read"),
        ("1,MgB2,MgB2,,below 2 K,,,", "tc_not_read"),
        ("1,MgB2,MgB2,,39 K,,several,", "pressure_not_read"),
        ("1,,,,39 K,,,", "no_formula"),
        ("1,a film,a film,,39 K,,,", "formula_not_read"),
    ],
)
def test_rows_of_supercon2_that_say_too_little(tmp_path: Path, row: str, reason: str):
    reading = _read(tmp_path / "s.csv", SUPERCON2 + row + "\n")
    assert reading.entries == []
    assert reading.reasons == {reason: [2]}
