"""The command ``tc``: what it prints for people and as JSON, and its exit codes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner

from scmine.pipelines.cli import app

pytestmark = pytest.mark.usefixtures("own_folder")


def _run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["tc", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def _values(*arguments: str) -> dict[str, list[dict[str, Any]]]:
    answer = json.loads(_run(*arguments, "--json"))
    return {entry["formula"]: entry["values"] for entry in answer["formulas"]}


def test_table_of_formulas() -> None:
    lines = _run("--lambda", "2.07", "--omega-log", "1125.1", "--mu-star", "0.10").splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in lines if line}
    assert "mcmillan" not in cells
    assert cells["allen_dynes"][0] == "165.6"
    assert cells["allen_dynes_f1f2"][0] == "188.6"
    assert "not calculated: mcmillan (needs --theta-d), xie_2022 (needs --omega2)" in lines
    assert any("good for λ up to 1.5" in line for line in lines)


def test_three_mu_star_without_one() -> None:
    values = _values("--lambda", "2.07", "--omega-log", "1125.1")["allen_dynes"]
    assert [v["mu_star"] for v in values] == [0.10, 0.13, 0.16]
    assert [round(v["tc_K"]) for v in values] == [166, 155, 144]
    assert "lambda_above_range" in [f["name"] for f in values[0]["findings"]]


def test_units_behind_numbers() -> None:
    kelvin = _values("--lambda", "1", "--omega-log", "1125.638", "--mu-star", "0.1")
    for text in ("97meV", "97 meV"):
        values = _values("--lambda", "1", "--omega-log", text, "--mu-star", "0.1")
        assert values["allen_dynes"][0]["tc_K"] == pytest.approx(
            kelvin["allen_dynes"][0]["tc_K"], rel=1e-5
        )


def test_lambda_from_tc() -> None:
    values = _values("--tc", "203.65", "--omega-log", "1334.6", "--mu-star", "0.1")
    assert values["allen_dynes"][0]["lambda"] == pytest.approx(2.19, abs=0.01)
    assert values["xie_2022"] == []


def test_omega_log_from_tc() -> None:
    values = _values("--tc", "203.65", "--lambda", "2.19", "--mu-star", "0.1")
    assert values["allen_dynes"][0]["omega_log_K"] == pytest.approx(1334.6, abs=1)
    assert values["mcmillan"][0]["theta_D_K"] == pytest.approx(1334.6 * 1.45 / 1.2, abs=1)


def test_stated_tc_is_compared() -> None:
    text = _run("--tc", "166", "--lambda", "2.07", "--omega-log", "1125.1", "--mu-star", "0.1")
    assert "stated Tc" in text
    assert "+0%" in text


def test_mu_star_from_a_stated_tc() -> None:
    asked = ("--tc", "190.8", "--lambda", "2.19", "--omega-log", "1334.6", "--mu-star", "0.1")
    answer = json.loads(_run(*asked, "--json"))
    needed = {entry["formula"]: entry["mu_star_for_tc"] for entry in answer["formulas"]}
    assert needed["allen_dynes"] == pytest.approx(0.13, abs=0.001)
    assert needed["refit_2021"] > 0.16
    assert needed["xie_2022"] is None
    lines = _run(*asked).splitlines()
    [row] = [line.split() for line in lines if line.startswith("allen_dynes ")]
    assert row[2:5] == ["-6%", "0.1", "0.131"]


def test_theta_d_is_called_so_and_hyphens_are_taken() -> None:
    lines = _run("--tc", "9.2", "--lambda", "0.82").splitlines()
    assert any(line.startswith("mcmillan: Θ_D") for line in lines)
    assert "allen_dynes" in _run("--tc", "9.2", "--lambda", "0.82", "--formula", "allen-dynes")


def test_marks_are_in_order() -> None:
    text = _run("--lambda", "2.07", "--omega-log", "1125.1")
    for line in text.splitlines():
        marks = re.findall(r"(?<=\d  )(?:\[\d\])+$", line)
        assert all(mark == "".join(sorted(re.findall(r"\[\d\]", mark))) for mark in marks)


def test_unit_is_proposed() -> None:
    arguments = ("--tc", "166", "--lambda", "2.07", "--omega-log", "97", "--guess-unit")
    assert "in meV (1126 K)" in _run(*arguments)
    answer = json.loads(_run(*arguments, "--json"))
    assert answer["unit"]["unit"] == "meV"
    assert answer["known"]["omega_log_K"] == 97.0


def test_no_value_is_exit_code_1() -> None:
    text = _run("--tc", "400", "--omega-log", "300", "--formula", "allen_dynes", code=1)
    assert "no λ up to 20 gives this Tc at μ* of 0.1; the highest is 77.56 K" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--lambda", "1"), "give --omega-log or --theta-d"),
        (("--omega-log", "300"), "give --lambda"),
        (("--tc", "9"), "give two of"),
        (("--lambda", "1", "--omega-log", "3 GPa"), "--omega-log: 'GPa' is no unit"),
        (("--lambda", "1", "--omega-log", "300", "--formula", "bcs"), "there are mcmillan"),
        (("--tc", "39", "--omega-log", "700", "--formula", "mcmillan"), "needs --theta-d"),
        (("--lambda", "1", "--omega-log", "300", "--tc", "0"), "--tc must be above 0"),
        (("--lambda", "inf", "--omega-log", "300"), "finite"),
        (
            ("--lambda", "1", "--omega-log", "30meV", "--tc", "9", "--guess-unit"),
            "--guess-unit needs",
        ),
    ],
)
def test_what_cannot_be_asked(arguments: tuple[str, ...], said: str) -> None:
    assert said in _run(*arguments, code=2)
