"""``scmine check``: files of any kind, broken ones, what it prints, and what it writes."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scmine.database.export import export_records
from scmine.database.record import Record
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from scmine.pipelines.cli import app

pytestmark = pytest.mark.usefixtures("own_folder")

DOC = "d" * 64
IN = {"doc_id": DOC, "path": "a.pdf", "raw_material": "MgB2"}
GOOD = Record(record_id="good", tc_K=39.0, **IN)
WRONG = Record(record_id="wrong", tc_K=39000.0, flags=["tc_up_to"], **IN)
WIDE = {"COLUMNS": "200"}


def check(*arguments: str) -> Result:
    return CliRunner(env=os.environ | WIDE).invoke(app, ["check", *arguments])


def text(path: str, content: str | bytes) -> str:
    Path(path).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.fixture
def database() -> str:
    """A database with a good record and one whose unit slipped."""
    result = DocumentResult(
        doc_id=DOC, path="a.pdf", reader="pdf", status="done", pipeline_version="1",
        records=[GOOD, WRONG],
    )  # fmt: skip
    with open_database("sc.db") as opened:
        opened.save_document(opened.start_run("1"), result)
    return "sc.db"


def test_a_database_is_checked_and_left_as_it_is(database: str) -> None:
    done = check(database)
    assert done.exit_code == 0
    assert "tc_out_of_range" in done.stdout
    assert "read as mK it would be 39 K" in " ".join(done.stdout.split())
    assert "2 records in sc.db; 1 have an error or a warning" in done.stdout
    with open_database(database) as opened:
        assert [r.flags for r in opened.records()] == [[], ["tc_up_to"]]


def test_update_writes_the_flags_and_nothing_else(database: str) -> None:
    with open_database(database) as opened:
        before = list(opened.records())
    assert "Flags of 1 records were changed" in check(database, "--update").stdout
    with open_database(database) as opened:
        good, wrong = opened.records()
    assert good == before[0]
    assert wrong.flags == ["tc_up_to", "tc_out_of_range"]
    assert wrong == before[1].model_copy(update={"flags": wrong.flags})
    assert "were changed" not in check(database, "--update").stdout


def test_the_database_of_the_settings_is_the_default(database: str) -> None:
    text("scmine.toml", f'db = "{database}"')
    assert "2 records" in check().stdout


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_our_exports_are_read_back(format: str) -> None:
    export_records([GOOD, WRONG], None, Path(f"out.{format}"))
    done = check(f"out.{format}")
    assert done.exit_code == 0
    assert "2 records" in done.stdout
    assert "tc_out_of_range" in done.stdout


def test_supercon2_is_read() -> None:
    export_records([GOOD, WRONG], "supercon2", Path("sc2.csv"))
    done = check("sc2.csv")
    assert done.exit_code == 0
    assert "tc_out_of_range" in done.stdout


def test_two_columns_are_enough() -> None:
    done = check(text("stanev.csv", "name,Tc\nMgB2,39\nNb3Ge,232\nCu,0\n"))
    assert done.exit_code == 0
    assert "above_class_record" in done.stdout
    assert "1 row has a Tc of 0: read as unknown" in done.stdout


def test_a_calculated_tc_of_0_is_no_superconductivity() -> None:
    done = check(text("fig3.csv", "formula,Tc,method\nLiH2,0,comput\nMgH2,0,comput\nLi,0,expt\n"))
    assert "2 rows have a Tc of 0 that is calculated" in " ".join(done.stdout.split())
    assert "1 row has a Tc of 0: read as unknown" in " ".join(done.stdout.split())


def test_a_decimal_comma_is_read_where_semicolons_part_the_cells() -> None:
    german = "Verbindung;Tc;Druck\nMgB2;39,5;0\nAl;1,175;0\nPb;7,2 K;0\n"
    pairs = ("--columns", "raw_material=Verbindung", "--columns", "pressure_GPa=Druck")
    done = check(text("de.csv", german), *pairs, "--severity", "note")
    assert "0 have an error or a warning" in done.stdout
    assert "tc_not_as_printed" not in done.stdout
    slipped = check(text("de.csv", german.replace("39,5", "39500,0")), *pairs, "-f", "jsonl")
    [finding] = [json.loads(line) for line in slipped.stdout.splitlines()]
    assert (finding["finding"], finding["tc_K"]) == ("tc_out_of_range", 39500.0)


def test_all_columns_are_listed_where_none_names_a_material() -> None:
    done = check(text("none.csv", "a,b\n1,2\n"))
    assert done.exit_code == 1
    assert "the columns are: a, b" in done.output


@pytest.mark.parametrize(
    "content",
    [
        "name;Tc\nMgB2;39000\n",
        "name\tTc\nMgB2\t39000\n",
        "\ufeffname,Tc\r\nMgB2,39000\r\n",
        "name,Tc,note\nMgB2,39000,\xe9t\xe9\n".encode("latin-1"),
        'name,Tc\n"MgB2","39000"',
    ],
)
def test_csv_comes_in_many_forms(content: str | bytes) -> None:
    done = check(text("t.csv", content))
    assert done.exit_code == 0
    assert "tc_out_of_range" in done.stdout


def test_rows_that_cannot_be_read_are_counted_with_their_lines() -> None:
    content = 'Probe,Tc\nMgB2,39\n,12\nNb3Sn,abc\nNb\n\n"quoted\nname",39000\nPb,7.2,9,9\n'
    done = check(text("t.csv", content), "--columns", "raw_material=Probe")
    assert done.exit_code == 1
    assert "line 3: no material" in done.stdout
    assert "line 4: Tc: 'abc' is no temperature" in done.stdout
    assert "line 5: 1 cells, the header has 2" in done.stdout
    assert "line 9: 4 cells, the header has 2" in done.stdout
    assert "1 rows could not be read" in done.stdout
    assert "7  " in done.stdout  # the line at which the quoted row begins


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", "", "the file is empty"),
        ("t.csv", b"\x89PNG\r\n\x1a\n\x00\x01", "no column names a material"),
        ("t.csv", "a,b\n1,2\n", "no column names a material"),
        ("t.jsonl", "{broken\n", "no line holds a JSON object"),
        ("t.json", "[1, 2", "no JSON"),
        ("t.parquet", b"PAR1 and nothing else", "no Parquet"),
    ],
)
def test_files_that_are_no_table_are_said(name: str, content: str | bytes, said: str) -> None:
    done = check(text(name, content))
    assert done.exit_code == 1
    assert said in done.stderr
    assert name in done.stderr


def test_a_file_that_is_not_there_is_said() -> None:
    done = check("none.csv")
    assert done.exit_code == 1
    assert "none.csv" in done.stderr


def test_broken_lines_of_json_are_said_and_the_others_checked() -> None:
    content = '{"name": "MgB2", "Tc": 39000}\nnothing\n[1]\n{"name": "Nb", "Tc": 9.2}\n'
    done = check(text("t.jsonl", content))
    assert done.exit_code == 1
    assert "line 2: no JSON" in done.stdout
    assert "line 3: no JSON object" in done.stdout
    assert "2 records" in done.stdout


def test_an_export_with_a_broken_row_is_checked_but_for_that() -> None:
    export_records([GOOD, WRONG], "csv", Path("out.csv"))
    lines = Path("out.csv").read_text("utf-8").replace("39.0", "thirty-nine")
    done = check(text("out.csv", lines))
    assert done.exit_code == 1
    assert "line 2: tc_K" in done.stdout
    assert "tc_out_of_range" in done.stdout


def test_findings_as_json_lines_are_alone_on_standard_output() -> None:
    done = check(text("t.csv", "name,Tc\nMgB2,39000\n"), "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    told = [(row["where"], row["finding"], row["severity"]) for row in rows]
    assert told == [("line 2", "tc_out_of_range", "error")]
    assert "1 records" in done.stderr


def test_findings_go_to_a_file_whose_name_tells_the_format() -> None:
    done = check(text("t.csv", "name,Tc\nMgB2,39000\n=1+1,5000\n"), "-o", "found.csv")
    assert done.exit_code == 0
    rows = list(csv.DictReader(Path("found.csv").read_text("utf-8").splitlines()))
    assert [row["raw_material"] for row in rows] == ["MgB2", "'=1+1"]


def test_only_what_is_wanted_is_shown() -> None:
    table = text("t.csv", "name,Tc,P (GPa)\nMgB2,39000,\nH3S,203,\n")
    assert "above_class_record" not in check(table, "--severity", "error", "-q").stdout
    assert check(table, "--rule", "pressure_not_stated", "-q").stdout == ""
    noted = check(table, "--rule", "pressure_not_stated", "--severity", "note", "-q").stdout
    assert "H3S" in noted
    assert "MgB2" not in noted


def test_a_long_table_is_cut_and_says_so() -> None:
    content = "name,Tc\n" + "MgB2,39000\n" * 30
    done = check(text("t.csv", content), "--limit", "5", "--severity", "error")
    assert done.stdout.count("read as mK") <= 5
    assert "and 25 more" in done.stdout


def test_rows_of_one_paper_are_compared_wherever_they_stand() -> None:
    content = (
        "formula,Tc,P (GPa),doi\nH3S,150,155,10.1234/x\nNb,9,0,10.1234/y\nD3S,200,155,10.1234/x\n"
    )
    assert "isotope_shift_reversed" in check(text("t.csv", content)).stdout


def test_the_users_retractions_are_used() -> None:
    text("mine.toml", '[[paper]]\nkind = "retraction"\ndoi = "10.1234/x"\nnotice = "n"\n')
    table = text("t.csv", "name,Tc,doi\nMgB2,39,10.1234/x\n")
    assert "retracted_paper" in check(table, "--retractions", "mine.toml").stdout
    assert "retracted_paper" not in check(table).stdout
    text("scmine.toml", 'retractions = "mine.toml"')
    assert "retracted_paper" in check(table).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--rule", "none"),
        ("--explain", "none"),
        ("t.csv", "--columns", "tc_K"),
        ("t.csv", "--columns", "tc=Tc"),
        ("t.csv", "--columns", "tc_K=T"),
        ("t.csv", "--update"),
        ("t.csv", "-o", "found.xlsx"),
        ("t.csv", "--format", "table", "-o", "found.txt"),
        ("t.csv", "--retractions", "none.toml"),
        ("sc.db", "--columns", "tc_K=Tc"),
    ],
)
def test_wrong_usage_is_said(database: str, arguments: tuple[str, ...]) -> None:
    text("t.csv", "name,Tc\nMgB2,39\n")
    done = check(*arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("scmine: ")
    assert done.stdout == ""


def test_rules_are_explained() -> None:
    done = check("--explain", "above_class_record")
    assert done.exit_code == 0
    assert "Source:" in done.stdout
    everything = check("--rules").stdout
    assert "isotope_shift_reversed" in everything
    assert "tc_apart_from_lambda" in everything


def test_reference_sets_are_compared_with() -> None:
    text("stanev.csv", "name,Tc\n" + "".join(f"Nb3Sn0.{n},18\n" for n in range(10, 30)))
    assert (
        CliRunner().invoke(app, ["references", "add", "stanev.csv", "--db", "r.db"]).exit_code == 0
    )
    table = text("t.csv", "name,Tc\nNb3Sn0.2,2\nNb3Sn0.25,18\n")
    done = check(table, "--references", "r.db", "--severity", "note")
    assert "tc_beyond_references" in done.stdout
    assert "tc_beyond_references" not in check(table, "--severity", "note").stdout


PAPER = """# A paper of doubtful data

## Abstract

We measured the resistivity of MgB2 and found superconductivity with Tc = 39 K.
"""


def test_ingest_flags_by_the_rules_and_by_the_users_retractions() -> None:
    listed = '[[paper]]\nkind = "retraction"\ntitle = "A paper of doubtful data"\nnotice = "n"\n'
    text("mine.toml", listed)
    text("scmine.toml", 'retractions = "mine.toml"\ndb = "p.db"')
    text("paper.md", PAPER)
    done = CliRunner().invoke(app, ["ingest", "paper.md", "-q", "--workers", "1"])
    assert done.exit_code == 0
    with open_database("p.db") as opened:
        flags = [flag for record in opened.records() for flag in record.flags]
    assert set(flags) == {"retracted_paper"}


def test_ingest_does_not_start_with_a_list_that_cannot_be_read() -> None:
    text("scmine.toml", 'retractions = "mine.toml"')
    done = CliRunner().invoke(app, ["ingest", text("paper.md", PAPER)])
    assert done.exit_code == 2
    assert "mine.toml" in done.stderr
