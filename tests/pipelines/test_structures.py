"""Structures on their way: from papers and files into the database, and out again."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pymatgen.core import Structure

from scmine.database.store import open_database
from scmine.pipelines import ingest, load_structures
from scmine.pipelines.process import process_file
from scmine.pipelines.structures import CONTRADICTORY, FAILED, _tried
from scmine.validator.structures.rebuilt import Rebuilt, Verdict
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure
from tests.extractors.formats.crystal_texts import CIF, POSCAR

PAPER = """\
# Superconductivity of the invented hydride LuZnH8

## Abstract

We find that LuZnH8 is a superconductor below Tc = 71 K at a pressure of 120 GPa.

## Results

At 120 GPa the hydride LuZnH8 crystallizes in the space group Fm-3m.

TABLE I. Sites of LuZnH8 in Fm-3m at 120 GPa, a = 5.420 Å.

| Atom | Site | x | y | z |
|---|---|---|---|---|
| Lu | 4a | 0 | 0 | 0 |
| Zn | 4b | 0.5 | 0.5 | 0.5 |
| H1 | 32f | 0.3640 | 0.3640 | 0.3640 |
"""


def write(folder: Path, name: str, text: str) -> str:
    """A file with this text; its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def scmine(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line."""
    command = [sys.executable, "-m", "scmine.pipelines.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_paper_has_the_structure_that_it_states(own_folder: Path) -> None:
    result = process_file(write(own_folder, "a.md", PAPER), "0" * 64)
    (structure,) = result.structures
    assert (structure.verdict, structure.way) == ("consistent", "wyckoff")
    assert (structure.formula, structure.space_group) == ("LuZnH8", "Fm-3m")
    assert (structure.pressure_GPa, structure.source) == (120.0, "table")
    assert structure.structure is not None
    atoms = Structure.from_dict(structure.structure)
    assert atoms.composition.reduced_formula == "LuZnH8"
    of_it = [r for r in result.records if r.structure_id == structure.structure_id]
    assert of_it
    assert set(structure.stated_in.values()) <= {p.id for r in of_it for p in r.places}
    assert result.steps["structures"] > 0


def test_the_same_statement_has_the_same_id(own_folder: Path) -> None:
    path = write(own_folder, "a.md", PAPER)
    first, second = (process_file(path, "0" * 64).structures[0] for _ in range(2))
    assert first == second


def test_what_cannot_be_is_flagged_and_kept(own_folder: Path) -> None:
    crowded = PAPER.replace("5.420", "2.420")
    result = process_file(write(own_folder, "a.md", crowded), "0" * 64)
    (structure,) = result.structures
    assert (structure.verdict, structure.structure) == ("contradictory", None)
    assert structure.reasons
    assert structure.stated["a_A"] == 2.42
    flagged = [r for r in result.records if CONTRADICTORY in r.flags]
    assert {r.structure_id for r in flagged} == {structure.structure_id}
    assert flagged


def test_a_paper_without_a_structure_loads_no_pymatgen(own_folder: Path) -> None:
    text = PAPER[: PAPER.index("## Results")] + "It is a superconductor.\n"
    path = write(own_folder, "a.md", text)
    code = (
        "import sys\nfrom scmine.pipelines.process import process_file\n"
        f"result = process_file({path!r}, '0')\n"
        "print(len(result.records), result.structures, 'pymatgen' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "1 () False" or run.stdout.strip() == "1 [] False"


def test_what_a_library_cannot_work_with_is_no_end_of_a_paper() -> None:
    def broken(stated: StatedStructure) -> Rebuilt:
        raise ZeroDivisionError("float division by zero")

    found = _tried(StatedStructure(formula="LaH10"), broken)
    assert found.verdict is Verdict.UNDERDETERMINED
    assert [(r.name, r.message) for r in found.reasons] == [
        (FAILED, "ZeroDivisionError: float division by zero")
    ]


def test_a_refusal_that_nobody_took_is_a_reason() -> None:
    def refusing(stated: StatedStructure) -> Rebuilt:
        raise RefusalError("no_cell", "no cell is stated")

    found = _tried(StatedStructure(formula="LaH10"), refusing)
    assert (found.verdict, found.reasons[0].name) == (Verdict.UNDERDETERMINED, "no_cell")


def test_listings_and_files_become_structures_without_records(own_folder: Path) -> None:
    printed = write(own_folder, "a.md", f"{PAPER}\nThe POSCAR:\n\n```\n{POSCAR}\n```\n")
    file = write(own_folder, "b.cif", CIF)
    listing = process_file(printed, "0" * 64).structures[0]
    assert (listing.source, listing.sentence, listing.formula) == ("listing", "The POSCAR:", "LuZn")
    assert (listing.pressure_GPa, listing.stated["block"]) == (120.0, POSCAR)
    result = process_file(file, "0" * 64)
    assert (result.status, result.reader, result.records) == ("done", "cif", [])
    (own,) = result.structures
    assert (own.source, own.stated["block"], own.formula) == ("file", CIF, "LuZnH8")


def test_a_record_is_of_the_listing_that_the_paper_prints(own_folder: Path) -> None:
    text = PAPER[: PAPER.index("TABLE I")]
    text += f"The CIF of LuZnH8 at 120 GPa:\n\n```\n{CIF}\n```\n"
    result = process_file(write(own_folder, "a.md", text), "0" * 64)
    (structure,) = result.structures
    assert (structure.source, structure.way) == ("listing", "coordinates")
    assert structure.verdict in ("consistent", "repaired")
    assert structure.structure_id in {r.structure_id for r in result.records}


def test_a_tc_names_the_structure_at_its_pressure_and_is_not_changed(own_folder: Path) -> None:
    result = process_file(write(own_folder, "a.md", PAPER), "0" * 64)
    (structure,) = result.structures
    (found,) = (r for r in result.records if r.tc_K == 71)
    assert (found.structure_id, found.pressure_GPa) == (structure.structure_id, 120.0)
    assert (found.space_group, found.a_A, found.wyckoff) == (None, None, [])
    elsewhere = PAPER.replace("at a pressure of 120 GPa", "at a pressure of 90 GPa")
    result = process_file(write(own_folder, "b.md", elsewhere), "1" * 64)
    assert [r.structure_id for r in result.records if r.tc_K == 71] == [None]


def test_a_tc_names_the_cif_that_the_paper_prints(own_folder: Path) -> None:
    text = PAPER[: PAPER.index("## Results")]
    text += f"## Supplement\n\nThe CIF of LuZnH8 at 120 GPa:\n\n```\n{CIF}\n```\n"
    result = process_file(write(own_folder, "a.md", text), "0" * 64)
    (structure,) = result.structures
    assert structure.source == "listing"
    assert [r.structure_id for r in result.records if r.tc_K == 71] == [structure.structure_id]


def test_a_tc_is_not_in_doubt_for_the_structure_of_another_place(own_folder: Path) -> None:
    crowded = PAPER.replace("5.420", "2.420")
    result = process_file(write(own_folder, "a.md", crowded), "0" * 64)
    (structure,) = result.structures
    (found,) = (r for r in result.records if r.tc_K == 71)
    assert (structure.verdict, found.structure_id) == ("contradictory", structure.structure_id)
    assert CONTRADICTORY not in found.flags


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of a paper with a structure, one that cannot be, and a CIF."""
    folder = tmp_path_factory.mktemp("structures")
    papers = folder / "papers"
    papers.mkdir()
    write(papers, "a.md", PAPER)
    write(papers, "b.md", PAPER.replace("5.420", "2.420").replace("Lu", "Sc"))
    write(papers, "a.cif", CIF)
    summary = ingest(papers, folder / "t.db")
    assert summary.statuses == {"done": 3}
    assert summary.duplicates == []
    assert summary.structures["contradictory"] >= 1
    return folder


@pytest.fixture
def database(own_folder: Path, made: Path) -> str:
    """The database of ``made`` in the current folder."""
    shutil.copytree(made, own_folder, dirs_exist_ok=True)
    return "t.db"


def test_structures_are_saved_and_replaced(database: str) -> None:
    def ids() -> list[str]:
        with open_database(database) as opened:
            return sorted(s.structure_id for s in opened.structures())

    first = ids()
    assert len(first) == 3
    ingest("papers", database, force=True)
    assert ids() == first


def test_export_to_cif_and_an_index(database: str) -> None:
    run = scmine("export", "--db", database, "--format", "cif", "-o", "out", "--material", "LuZn")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("2 files and structures.csv in out: ")
    with open("out/structures.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["formula"] for row in rows} == {"LuZnH8"}
    (row,) = (row for row in rows if row["way"] == "wyckoff")
    assert (row["verdict"], row["pressure_GPa"]) == ("consistent", "120.0")
    assert row["record_ids"]
    path = Path("out") / row["file"]
    text = path.read_text()
    assert "_scmine_pressure_GPa 120" in text
    assert row["structure_id"] in text
    assert Structure.from_file(path).composition.reduced_formula == "LuZnH8"
    assert {p.name for p in Path("out").iterdir()} == {
        "structures.csv",
        *(row["file"] for row in rows if row["file"]),
    }


def test_the_index_names_what_has_no_atoms(database: str) -> None:
    run = scmine("export", "--db", database, "-f", "poscar", "-o", "out")
    assert (run.returncode, "1 without atoms, in structures.csv only" in run.stdout) == (0, True)
    with open("out/structures.csv", encoding="utf-8", newline="") as file:
        rows = {row["formula"]: row for row in csv.DictReader(file) if row["source"] == "table"}
    assert (rows["ScZnH8"]["file"], rows["ScZnH8"]["verdict"]) == ("", "contradictory")
    assert rows["ScZnH8"]["reasons"]
    atoms = Structure.from_file(Path("out") / rows["LuZnH8"]["file"])
    assert atoms.composition.reduced_formula == "LuZnH8"


def test_structures_need_a_folder(database: str) -> None:
    run = scmine("export", "--db", database, "--format", "cif")
    assert run.returncode == 2
    assert "name a folder" in run.stderr
    Path("file").write_text("")
    run = scmine("export", "--db", database, "--format", "cif", "-o", "file")
    assert (run.returncode, "file" in run.stderr) == (1, True)


def test_structures_in_python(database: str) -> None:
    found = [(s, atoms) for s, atoms in load_structures(database) if s.way == "wyckoff"]
    ((stored, atoms),) = found
    assert stored.path.endswith("a.md")
    assert isinstance(atoms, Structure)
    assert list(load_structures(database, verdict="contradictory")) == []


def test_show_and_info_say_which_records_have_a_structure(database: str) -> None:
    shown = scmine("show", "--db", database).stdout
    assert "Fm-3m, consistent, wyckoff" in shown
    assert "contradictory" in shown
    info = json.loads(scmine("info", "--db", database, "--json").stdout)
    assert info["structure_ways"]["wyckoff"] == 1
    assert info["records_of_structures"] >= 2
    counts = info["structures"]
    assert (counts["consistent"] >= 1, counts["contradictory"] >= 1) == (True, True)


def test_the_summary_counts_verdicts(own_folder: Path) -> None:
    write(own_folder, "a.md", PAPER)
    run = scmine("ingest", "a.md", "--db", "t.db")
    assert "1 structure stated: 1 consistent" in run.stdout
    again = scmine("ingest", "a.md", "--db", "t.db", "--force", "--json")
    assert json.loads(again.stdout)["structures"] == {"consistent": 1}
