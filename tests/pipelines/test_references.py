"""The commands of reference sets, and exports that compare with them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from scmine.database.record import COLUMNS, Evidence, Record
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from scmine.pipelines.cli import app
from scmine.pipelines.references import load_index, reference_check
from scmine.validator.references.columns import REFERENCE_COLUMNS

pytestmark = pytest.mark.usefixtures("own_folder")

OURS = "name,Tc\nNb3Sn1,18\nSn0.25Nb0.75,17\nLa1.85Sr0.15Cu1O4,37\nRe0.1W0.9,0\nBa-1Cu1O2,3\n"


def run(*args: str):
    return CliRunner().invoke(app, ["references", *args], catch_exceptions=False)


@pytest.fixture
def added(own_folder: Path) -> Path:
    """A database with one set, in the current folder."""
    (own_folder / "ours.csv").write_text(OURS)
    result = run("add", "ours.csv", "--name", "ours")
    assert result.exit_code == 0, result.output
    return own_folder / "scmine.db"


def test_adding_says_what_was_read_and_what_was_not(own_folder: Path):
    (own_folder / "ours.csv").write_text(OURS)
    result = run("add", "ours.csv")
    assert result.exit_code == 0
    assert "supercon-stanev: 4 entries of the kind supercon-stanev" in result.output
    assert "1 row not read, formula_not_read: line 6 (Ba-1Cu1O2)" in result.output
    again = run("add", "ours.csv", "--json")
    assert again.exit_code == 0
    told = json.loads(again.stdout)
    assert (told["already"], told["entries"], told["name"]) == (True, 4, "supercon-stanev")
    assert told["unread"] == [{"line": 6, "reason": "formula_not_read", "detail": "Ba-1Cu1O2"}]
    assert "has this file already, as supercon-stanev" in run("add", "ours.csv").output


def test_listing_and_removing(added: Path):
    assert "1 reference set in" in run("list").output
    [listed] = json.loads(run("list", "--json").stdout)
    assert (listed["name"], listed["entries"], listed["unread"]) == ("ours", 4, 1)
    assert listed["path"].endswith("ours.csv")
    assert "4 entries removed" in run("remove", "ours").output
    assert json.loads(run("list", "--json").stdout) == []
    missing = run("remove", "ours")
    assert missing.exit_code == 1
    assert "no reference set called 'ours'; there is none" in missing.output


@pytest.mark.parametrize(
    ("formula", "code", "said"),
    [
        ("SnNb3", 0, "2 entries of Nb3Sn"),
        ("La1.9Sr0.1CuO4", 0, "1 entry of other dopings"),
        ("NbSn2", 0, "2 entries of other materials of Nb-Sn, none of NbSn2"),
        ("MgB2", 1, "no entry with the elements of MgB2"),
        ("LSCO", 0, "LSCO is La2-xSrxCuO4"),
        ("YBCO", 1, "no entry with the elements of"),
        ("BSCCO", 2, "give a formula"),
        ("the sample", 2, "is no formula of elements"),
    ],
)
def test_a_formula_is_looked_up(added: Path, formula: str, code: int, said: str):
    result = run("show", formula)
    assert result.exit_code == code
    assert said in result.output


def test_other_dopings_stand_below_the_nearest_first(own_folder: Path):
    rows = [f"La{2 - x / 100:.2f}Sr{x / 100:.2f}CuO4,{x}" for x in range(1, 30)]
    (own_folder / "doped.csv").write_text("\n".join(["name,Tc", *rows, "La1.85Sr0.15CuO4,0\n"]))
    assert run("add", "doped.csv").exit_code == 0
    output = run("show", "La1.85Sr0.15CuO4").output
    assert "2 entries of Sr0.15La1.85CuO4" in output.splitlines()[0]
    assert output.index("La1.86Sr0.14CuO4") < output.index("La1.88Sr0.12CuO4")
    assert "20 nearest, --json has all" in output
    found = json.loads(run("show", "La1.85Sr0.15CuO4", "--json").stdout)
    assert [entry["tc_K"] for entry in found["entries"]] == [15.0, None]
    assert len(found["other_dopings"]) > 20
    series = json.loads(run("show", "LSCO", "--json").stdout)["entries"]
    assert [entry["tc_K"] for entry in series[:2]] == [29.0, 28.0]
    assert "with stated amounts for" in run("show", "LSCO").output


def test_a_formula_as_json(added: Path):
    found = json.loads(run("show", "Re0.1W0.9", "--json").stdout)
    assert found["found"] == "known"
    [entry] = found["entries"]
    assert (entry["set"], entry["line"], entry["tc_K"]) == ("ours", 5, None)
    assert entry["superconducting"] is None


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("add", "missing.csv"), 1, "missing.csv"),
        (("add", "words.txt"), 1, "no known reference set"),
        (("add", "words.txt", "--kind", "compsc"), 1, "no table of the kind compsc"),
        (("add", "words.txt", "--kind", "nothing"), 2, "no kind is called 'nothing'"),
        (("list", "--db", "none.db"), 1, "no such database"),
    ],
)
def test_errors_say_what_to_do(own_folder: Path, args: tuple[str, ...], code: int, said: str):
    (own_folder / "words.txt").write_text("just,words\n1,2\n")
    result = run(*args)
    assert result.exit_code == code
    assert said in result.output


def _save_records(db: Path, *records: Record) -> None:
    with open_database(db) as database:
        run_id = database.start_run("p")
        database.save_document(
            run_id,
            DocumentResult(
                doc_id="d",
                path="a.pdf",
                reader="pdf",
                status="done",
                pipeline_version="p",
                records=records,
            ),
        )


def _record(name: str, formula: str, tc_K: float | None) -> Record:
    return Record(
        record_id=name,
        doc_id="d",
        path="a.pdf",
        raw_material=formula,
        formula=formula,
        tc_K=tc_K,
        evidence=Evidence.MEASURED,
    )


def test_exports_get_columns_only_if_asked(added: Path, own_folder: Path):
    _save_records(added, _record("r1", "Nb3Sn", 180.0), _record("r2", "MgB2", 39.0))
    plain = CliRunner().invoke(app, ["export"], catch_exceptions=False)
    assert tuple(next(csv.reader(plain.stdout.splitlines()))) == COLUMNS
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        result = CliRunner().invoke(app, ["export", "-o", name, "--with-references"])
        assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((own_folder / "out.csv").read_text().splitlines()))
    assert tuple(rows[0]) == (*COLUMNS, *REFERENCE_COLUMNS)
    assert [row["reference_novelty"] for row in rows] == ["known", "new"]
    assert (rows[0]["reference_agreement"], rows[0]["reference_tc_max_K"]) == ("above", "18.0")
    assert json.loads(rows[0]["reference_sets"]) == ["ours"]
    lines = [json.loads(x) for x in (own_folder / "out.jsonl").read_text().splitlines()]
    assert lines[0]["reference_sets"] == ["ours"]
    assert lines[1]["reference_entries"] == 0
    frame = pd.read_parquet(own_folder / "out.parquet")
    assert frame["reference_entries"].tolist() == [2, 0]
    assert frame["reference_tc_median_K"].tolist()[0] == 17.5


def test_an_export_without_sets_or_in_another_ones_columns_is_refused(added: Path):
    refused = CliRunner().invoke(app, ["export", "-f", "supercon2", "--with-references"])
    assert refused.exit_code == 2
    assert "columns of its own" in refused.output
    run("remove", "ours")
    empty = CliRunner().invoke(app, ["export", "--with-references"])
    assert empty.exit_code == 2
    assert "has no reference set" in empty.output


def test_records_are_checked_against_the_sets_of_a_database(added: Path):
    with open_database(added) as database:
        check = reference_check(database)
        assert check is not None
        assert [f.name for f in check(_record("r", "Nb3Sn", 180.0))] == ["tc_beyond_references"]
        assert len(load_index(database)) == 4
        database.remove_reference_set("ours")
        assert reference_check(database) is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "kind", "entries", "unread"),
    [
        ("supercon_stanev.csv", "supercon-stanev", 16393, 21),
        ("compsc.csv", "compsc", 439, 1),
        ("HTSC-2025.json", "htsc-2025", 140, 0),
        ("review_supercond_data_fig3.csv", "review-fig3", 1444, 1),
    ],
)
def test_real_sets(shared: Path, name: str, kind: str, entries: int, unread: int):
    result = run("add", str(shared / "data" / name), "--json")
    told = json.loads(result.stdout)
    assert (told["kind"], told["entries"], len(told["unread"])) == (kind, entries, unread)
