"""The options by which ``scmine show`` and ``scmine export`` choose records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scmine.database.record import Record
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from scmine.pipelines.cli import app

CLAIMS = {
    "LaH10": {"material_class": "hydride", "lambda": 2.1, "space_group_number": 225},
    "MgB2": {"sentence": "Thin films of MgB2.", "source": "caption", "structure_id": None},
    "La(OH)3": {"space_group": "P63/m"},
}


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database of three papers of one record each."""
    path = str(tmp_path / "t.db")
    with open_database(path) as opened:
        run = opened.start_run("p1")
        for year, (formula, values) in enumerate(CLAIMS.items(), 2018):
            doc_id = formula.encode().hex().rjust(64, "0")
            shared = {"doc_id": doc_id, "path": f"/p/{year}.pdf", "year": year}
            record = Record(
                record_id=formula, raw_material=formula, formula=formula, **shared, **values
            )
            result = DocumentResult(
                reader="pdf", status="done", pipeline_version="p1", records=[record], **shared
            )
            opened.save_document(run, result)
    return path


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--contains La,H", ["LaH10", "La(OH)3"]),
        ("--contains La,H --without O", ["LaH10"]),
        ("--system B-Mg", ["MgB2"]),
        ("--text films", ["MgB2"]),
        ("--text -films", ["LaH10", "La(OH)3"]),
        ("--year-min 2019 --year-max 2019", ["MgB2"]),
        ("--lambda-min 2 --lambda-max 3", ["LaH10"]),
        ("--class hydride", ["LaH10"]),
        ("--space-group 225", ["LaH10"]),
        ("--space-group P6_3/m", ["La(OH)3"]),
        ("--source caption", ["MgB2"]),
        ("--status new --status curated", ["LaH10", "MgB2", "La(OH)3"]),
        ("--status removed", []),
        ("--doc 2018.pdf", ["LaH10"]),
        ("--with-structure", []),
    ],
)
def test_what_is_exported(database: str, options: str, expected: list[str]):
    arguments = ["export", "--db", database, "-f", "jsonl", *options.split()]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    assert [json.loads(line)["record_id"] for line in done.stdout.splitlines()] == expected
    shown = CliRunner().invoke(app, ["show", "--db", database, *options.split()])
    assert f"{len(expected)} record" in shown.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--contains Xyz", "no symbol of an element"),
        ("--contains Lu,Hx", "no element is called Hx"),
        ("--without Xx", "no element is called Xx"),
        ("--system La-Qq", "no element is called Qq"),
        ("--tc-min 200 --tc-max 100", "asked for, 200, is above the highest, 100"),
        ("--system ??", "symbol"),
        ("--year-min 2020 --year-max 2019", "above the highest"),
    ],
)
def test_a_slip_is_told(database: str, options: str, said: str):
    for command in ("show", "export"):
        done = CliRunner().invoke(app, [command, "--db", database, *options.split()])
        assert done.exit_code == 2
        assert said in done.stderr
