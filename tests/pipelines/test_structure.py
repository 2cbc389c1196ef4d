"""The command ``structure``: what it prints and writes, its exit codes, and many statements."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifWriter
from typer.testing import CliRunner

from scmine.database.record import Record
from scmine.pipelines.cli import app

pytestmark = [
    pytest.mark.usefixtures("own_folder"),
    pytest.mark.filterwarnings("ignore"),
]

LAH10 = ["--formula", "LaH10", "--space-group", "Fm-3m", "--a", "5.10", "--pressure", "150"]
SITES = [
    "--site", "La 4b 1/2 1/2 1/2", "--site", "H 32f 0.12 0.12 0.12", "--site", "H 8c 1/4 1/4 1/4",
]  # fmt: skip


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["structure", *arguments])
    return result.exit_code, result.stdout, result.stderr


def lines(output: str) -> dict[str, str]:
    """The summary's lines by what they begin with."""
    parts = (line.split(None, 1) for line in output.splitlines() if line.startswith("  "))
    return {p[0]: p[1] for p in parts}


def test_sites_give_a_structure_and_what_is_known_of_it() -> None:
    code, output, _ = run(*LAH10, *SITES)
    told = lines(output)
    assert code == 0
    assert told["verdict"] == "consistent"
    assert told["way"].startswith("wyckoff")
    assert told["symmetry"] == "Fm-3m (225) at 0.0001–0.1 Å"
    assert told["distances"].startswith("H–H 1.148")


def test_without_sites_a_structure_type_serves_and_is_named() -> None:
    code, output, _ = run(*LAH10)
    told = lines(output)
    assert code == 0
    assert told["way"].startswith("prototype")
    assert "sites" in told["estimated"]


@pytest.mark.parametrize("spelling", ["Fm3m", "Fm3̄m", "225", "F m -3 m", "O_h^5"])
def test_space_groups_in_all_spellings(spelling: str) -> None:
    given = ["--formula", "LaH10", "--space-group", spelling, "--a", "5.10", *SITES]
    assert run(*given)[0] == 0


@pytest.mark.parametrize("edge", ["5.10(2)", "0.510 nm", "510 pm", "5.10 Å", "5.10±0.02"])
def test_numbers_as_papers_print_them(edge: str) -> None:
    given = ["--formula", "LaH10", "--space-group", "Fm-3m", "--a", edge, *SITES]
    assert "5.1000, 5.1000, 5.1000" in run(*given)[1]


def test_what_contradicts_is_said_and_writes_nothing(own_folder: Path) -> None:
    code, output, _ = run(*LAH10, "--c", "6", "-o", "x.cif")
    assert code == 1
    assert lines(output)["verdict"] == "contradictory"
    assert "cubic" in lines(output)["error"]
    assert not (own_folder / "x.cif").exists()


def test_too_little_ends_with_one() -> None:
    code, output, _ = run("--formula", "LaH10")
    assert (code, lines(output)["verdict"]) == (1, "underdetermined")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("x.cif", "# generated"),
        ("POSCAR", "LaH10 consistent"),
        ("x.vasp", "LaH10"),
        ("x.json", "{"),
    ],
)
def test_the_file_is_of_the_kind_that_its_name_says(
    name: str, first: str, own_folder: Path
) -> None:
    code, output, _ = run(*LAH10, *SITES, "-o", name)
    assert code == 0
    assert name in output
    text = (own_folder / name).read_text()
    assert text.startswith(first)


def test_a_form_on_standard_output_is_nothing_else() -> None:
    code, output, errors = run(*LAH10, *SITES, "-f", "json")
    assert code == 0
    assert json.loads(output)["verdict"] == "consistent"
    assert "verdict" in errors
    assert Structure.from_str(run(*LAH10, *SITES, "-f", "poscar")[1], fmt="poscar").num_sites == 44


def test_json_is_also_there_without_a_structure() -> None:
    code, output, _ = run("--formula", "LaH10", "-f", "json")
    assert code == 1
    assert json.loads(output)["structure"] is None
    assert run("--formula", "LaH10", "-f", "cif")[1] == ""


def salt(a: float = 5.64) -> Structure:
    return Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(a), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )


def test_files_are_checked(own_folder: Path) -> None:
    (own_folder / "x.cif").write_text(str(CifWriter(salt(), symprec=0.01)))
    salt().to(filename="POSCAR", fmt="poscar")
    assert run("x.cif")[0] == 0
    assert run("POSCAR")[0] == 0
    assert run("x.cif", "--formula", "NaCl", "--space-group", "Fm-3m", "--a", "5.64")[0] == 0
    code, output, _ = run("x.cif", "--formula", "KCl")
    assert (code, lines(output)["verdict"]) == (1, "contradictory")
    assert run("POSCAR", "--space-group", "P6/mmm")[0] == 1
    assert run("POSCAR", "--a", "5.2")[0] == 1


def test_a_file_of_sites(own_folder: Path) -> None:
    (own_folder / "sites.txt").write_text("# LaH10\n" + "\n".join(SITES[1::2]) + "\n")
    assert run(*LAH10, "--sites", "sites.txt")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--formula", "LaH10", "--a", "five"], "a_A"),
        (["--formula", "LaH10", "--space-group", "Fm-7q"], "space_group"),
        (["--formula", "nothing at all"], "formula"),
        (["--a", "5.1", "--site", "Qq 0 0 0"], "element"),
        (["--a", "5.1", "--site", "H 0 0"], "three coordinates"),
        (["--space-group", "Fm-3m"], "neither"),
        (["x.txt"], "neither a CIF nor a POSCAR"),
        (["--input", "x.csv"], "-o FOLDER"),
        (["--input", "x.csv", "--a", "5", "-o", "out"], "leave the other options out"),
        (["--input", "x.txt", "-o", "out"], ".csv or .jsonl"),
    ],
)
def test_wrong_usage(arguments: list[str], word: str, own_folder: Path) -> None:
    for name in ("x.txt", "x.csv"):
        (own_folder / name).write_text("nothing")
    code, _, errors = run(*arguments)
    assert code == 2
    assert word in errors


@pytest.mark.parametrize(
    "arguments", [["missing.cif"], [*LAH10, "--sites", "missing.cif"], ["--input", "missing.cif"]]
)
def test_a_missing_file_is_named(arguments: list[str]) -> None:
    code, _, errors = run(*arguments)
    assert code == 2
    assert "missing.cif" in errors
    assert "does not exist" in errors


def test_an_ending_of_no_format_is_refused_and_writes_nothing(own_folder: Path) -> None:
    code, _, errors = run(*LAH10, *SITES, "-o", "x.foo")
    assert code == 2
    assert ".cif" in errors
    assert list(own_folder.iterdir()) == []
    assert run(*LAH10, *SITES, "-o", "x.foo", "-f", "cif")[0] == 0


def test_an_occupancy_may_follow_the_position() -> None:
    iron = ["--formula", "K0.8Fe2As2", "--space-group", "I4/mmm", "--a", "3.842", "--c", "13.86"]
    rest = ["--site", "Fe 4d", "--site", "As 4e 0 0 0.354"]
    for potassium in ("K 2a occ 0.8", "K 2a, occ=0.8", "K1 2a  occ. 0.8", "K 2a 0 0 0 occ 0.8"):
        code, output, _ = run(*iron, "--site", potassium, *rest)
        assert code == 0, output
        assert "K1.6 Fe4 As4" in output


@pytest.mark.parametrize(
    ("site", "word"),
    [
        ("Nb 6x", "'Nb 6x': Pm-3n has 2a 6b 6c 6d"),
        ("Nb 1z 0 0 0", "Pm-3n has"),
        ("Ba/K 2a", "'Ba 2a occ 0.6' and 'K 2a occ 0.4'"),
    ],
)
def test_sites_that_cannot_be_are_told_with_what_can(site: str, word: str) -> None:
    code, _, errors = run(
        "--formula", "Nb3Sn", "--space-group", "Pm-3n", "--a", "5.29", "--site", site
    )
    assert code == 2
    assert word in errors


def test_the_header_names_the_group_that_was_found() -> None:
    output = run("--formula", "Nb3Sn", "--prototype", "A15", "--a", "5.29")[1]
    assert output.startswith("Nb3Sn  Pm-3n\n")


def test_only_what_is_missing_is_said_to_be_missing() -> None:
    given = ["--formula", "CsV3Sb5", "--space-group", "P6/mmm", "--a", "5.495"]
    sites = ["Cs 1a", "V 3g", "Sb1 1b", "Sb2 4h 1/3 2/3 0.742"]
    output = run(*given, *(part for site in sites for part in ("--site", site)))[1]
    assert "the cell's c is not stated" in output
    assert "coordinates of" not in output
    assert "doping" not in run("--formula", "LaH10")[1]


def test_many_statements(own_folder: Path) -> None:
    rows = [
        {"record_id": "r1", "formula": "LaH10", "space_group": "Fm-3m", "a_A": 5.1,
         "wyckoff": [{"element": "La", "site": "4b", "xyz": [0.5, 0.5, 0.5]},
                     {"element": "H", "site": "32f", "xyz": [0.12, 0.12, 0.12]},
                     {"element": "H", "site": "8c", "xyz": [0.25, 0.25, 0.25]}]},
        {"record_id": "r1", "formula": "NaCl", "space_group": "Fm-3m", "a_A": 5.64, "Tc": 3,
         "wyckoff": "Na 4a 0 0 0; Cl 4b 1/2 1/2 1/2"},
        {"record_id": "../r3", "formula": "LaH10", "space_group": "Fm-3m", "a_A": 5.1, "c_A": 6.0},
        {"record_id": "r4", "formula": "LaH10"},
        {"record_id": "r5", "formula": "LaH10", "a_A": "wide"},
    ]  # fmt: skip
    text = "\n".join([*map(json.dumps, rows), "{broken", "[]", ""])
    (own_folder / "many.jsonl").write_text(text)
    code, output, errors = run("--input", "many.jsonl", "-o", "out")
    assert code == 1
    assert errors.count("scmine:") == 3
    assert "line 6" in errors
    assert "consistent       2" in output
    assert "not_read         3" in output
    with (own_folder / "out" / "structures.csv").open() as stream:
        table = list(csv.DictReader(stream))
    verdicts = [row["verdict"] for row in table]
    assert verdicts == ["consistent"] * 2 + ["contradictory", "underdetermined"] + ["not_read"] * 3
    assert [row["file"] for row in table[:3]] == ["r1.cif", "r1_2.cif", ""]
    assert (
        Structure.from_file(own_folder / "out" / "r1_2.cif").composition.reduced_formula == "NaCl"
    )
    assert sorted(p.name for p in (own_folder / "out").iterdir()) == [
        "r1.cif", "r1_2.cif", "structures.csv",
    ]  # fmt: skip


def test_many_statements_as_csv(own_folder: Path) -> None:
    (own_folder / "many.csv").write_text(
        "formula,space_group,a,z,sites\n"
        'NaCl,Fm-3m,5.640(1),4,"Na 4a 0 0 0; Cl 4b 1/2 1/2 1/2"\n'
        "NaCl,Fm-3m,5.640(1),3,Na 4a 0 0 0; Cl 4b 1/2 1/2 1/2\n"
    )
    code, output, _ = run("--input", "many.csv", "-o", "out", "-f", "poscar")
    assert code == 0
    assert "consistent       1" in output
    assert "contradictory    1" in output
    assert (own_folder / "out" / "2_NaCl.vasp").exists()


def test_a_doped_structure_from_a_host(own_folder: Path) -> None:
    (own_folder / "hosts").mkdir()
    host = Structure.from_spacegroup(
        "I4/mmm",
        Lattice.tetragonal(3.9625, 13.0168),
        ["Ba", "Fe", "As"],
        [[0, 0, 0], [0.5, 0, 0.25], [0, 0, 0.3545]],
    )
    (own_folder / "hosts" / "x.cif").write_text(str(CifWriter(host, symprec=0.01)))
    doped = ["--formula", "Ba0.95K0.05Fe2As2", "--space-group", "I4/mmm"]
    code, output, _ = run(*doped, "--hosts", "hosts", "-o", "doped.cif")
    assert code == 0
    assert lines(output)["way"].startswith("artificial_doping")
    back = Structure.from_file(own_folder / "doped.cif")
    assert back.composition["K"] / back.composition["As"] == pytest.approx(0.025)
    assert "x.cif" in lines(output)["way"]
    assert run(*doped, "--hosts", "nowhere")[0] == 2


def test_approximate_pressures_and_elements() -> None:
    code, output, _ = run(
        "--formula", "Nb", "--space-group", "Im-3m", "--a", "~3.30", "--site", "Nb 2a 0 0 0"
    )
    assert (code, "Nb2" in output) == (0, True)
    iodine = run("--formula", "I", "--space-group", "Fm-3m", "--a", "4.3", "--site", "I 0 0 0")
    assert iodine[0] == 0


def test_records_are_taken_as_they_are(own_folder: Path) -> None:
    record = Record(
        record_id="r1",
        doc_id="d",
        raw_material="D3S",
        formula="D3S",
        composition={"D": 3.0, "S": 1.0},
        space_group="Im-3m",
        space_group_number=229,
        a_A=2.98,
        wyckoff=[
            {"label": "S", "element": "S", "site": "2a", "xyz": [0, 0, 0]},
            {"label": "D", "element": "D", "site": "6b", "xyz": [0.5, 0, 0]},
        ],
        pressure_GPa=200.0,
    )
    left_open = Record(
        record_id="r2", doc_id="d", raw_material="La2-xSrxCuO4", formula="La2-xSrxCuO4"
    )
    rows = [record.to_row(), left_open.to_row()]
    (own_folder / "many.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with (own_folder / "many.csv").open("w") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in row.items()}
            )
    for name in ("many.jsonl", "many.csv"):
        code, output, _ = run("--input", name, "-o", "out")
        assert code == 0
        assert "consistent       1" in output
        assert "underdetermined  1" in output
