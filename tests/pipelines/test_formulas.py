"""The command ``formula``: what it prints for people and as JSON, and its exit codes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from scmine.pipelines.cli import app

pytestmark = pytest.mark.usefixtures("own_folder")


def test_parts_of_a_string_are_listed() -> None:
    result = CliRunner().invoke(app, ["formula", "10 nm FeSe film on SrTiO3", "YBCO"])
    assert result.exit_code == 0
    film, nickname = result.output.split("YBCO\n", 1)
    lines = dict(line.split(None, 1) for line in film.splitlines()[1:])
    assert (lines["formula"], lines["substrate"]) == ("FeSe", "SrTiO3")
    assert lines["class"] == "iron-based chalcogenide"
    assert "Ba2YCu3O7-x" in nickname
    assert "O = 7-δ" in nickname


def test_json_has_one_object_a_text() -> None:
    result = CliRunner().invoke(app, ["formula", "--json", "AFe2As2 (A = Ca, Sr)", "D3S"])
    assert result.exit_code == 0
    first, second = map(json.loads, result.output.splitlines())
    assert [m["normal_form"] for m in first["materials"]] == ["CaFe2As2", "SrFe2As2"]
    assert second["materials"][0]["composition"] == {"D": 3.0, "S": 1.0}
    assert second["materials"][0]["class_rule"]


def test_lines_of_standard_input() -> None:
    result = CliRunner().invoke(app, ["formula", "--json", "-"], input="MgB2\n\nNb3Sn\n")
    assert [json.loads(line)["text"] for line in result.output.splitlines()] == ["MgB2", "Nb3Sn"]


def test_what_is_not_understood_fails() -> None:
    result = CliRunner().invoke(app, ["formula", "MgB2", "the \x1b[31mquick fox"])
    assert result.exit_code == 1
    assert "nothing understood" in result.output
    assert "\x1b" not in result.output
