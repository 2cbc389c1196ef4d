"""``scmine evaluate structures`` from the command line, on structures of our own."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from scmine.pipelines.cli import app

HEAD = "ID,composition,pressure,Lambda,omlog,a,b,c,alpha,beta,gamma,nat,ntypat,species,xred,ref"
ROW = (
    '1,Na1Cl1,30.0,0.5,300,3.6,3.6,3.6,60,60,60,2,2,"[""Na"", "" Cl""]",'
    '"[[0, 0, 0], [0.5, 0.5, 0.5]]",[10.1/one]'
)


def test_figures_of_one_structure(tmp_path: Path) -> None:
    source, out = tmp_path / "known.csv", tmp_path / "out.json"
    source.write_text(f"{HEAD}\n{ROW}\n", encoding="utf-8")
    command = ["evaluate", "structures", str(source), "--as", "markdown", "--level", "sites-4"]
    keep = ["--json", str(out), "--keep", str(tmp_path / "papers")]
    result = CliRunner().invoke(app, [*command, *keep])
    assert result.exit_code == 0, result.output
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert {(f["form"], f["wording"]) for f in figures} == {
        (form, wording) for form in ("sentences", "tables") for wording in ("first", "second")
    }
    assert all(f["percent"]["matched"] == 100.0 and f["wrong"] == 0 for f in figures)
    assert len(list((tmp_path / "papers").glob("*/*.md"))) == 4
    shown = CliRunner().invoke(app, [*command, "--in", "tables", "--wording", "first"])
    assert "Structures rebuilt (percent)" in shown.output


def test_options_of_structures_are_for_structures(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "tables", str(tmp_path), "--level", "cell"])
    assert result.exit_code == 2
    missing = CliRunner().invoke(app, ["evaluate", "structures", str(tmp_path / "no.csv")])
    assert missing.exit_code == 1
