"""The plots: what their data hold, how they are told without scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scmine.database.curation import Curation
from scmine.database.record import RecordStatus
from scmine.validator.physics.formulas import allen_dynes
from scmine.web import plot_kinds
from scmine.web.app import create_app
from scmine.web.coupling_plot import equal_tc_lines
from tests.web.collection import DIBORIDE, collected, paper


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with collected(tmp_path) as database:
        yield TestClient(create_app(database), base_url="http://127.0.0.1:8000")


def points(data: dict[str, Any]) -> dict[str, list[tuple[float, float, str]]]:
    return {
        series["name"]: list(zip(series["x"], series["y"], series["record"], strict=True))
        for series in data["series"]
    }


def test_tc_over_year_has_only_own_results_unless_asked(client: TestClient) -> None:
    data = client.get("/plots/tc-year.json").json()
    found = points(data)
    assert (2019, 250.0, "hydrides-000") in found["hydride"]
    assert (2019, 250.0, "hydrides-002") not in found["hydride"]
    assert len(found["MgB2-like"]) == 8
    assert any("own results" in note for note in data["notes"])
    cited = points(client.get("/plots/tc-year.json?origin=cited").json())
    assert cited["MgB2-like"] == [(2010, 390.0, "misprint-000")]


def test_what_was_judged_wrong_is_not_drawn_unless_asked_for(tmp_path: Path) -> None:
    with collected(tmp_path) as database:
        Curation(database).judge(
            "hydrides-000", RecordStatus.INVALID, who="curator", why="retracted", expected=0
        )
        client = TestClient(create_app(database), base_url="http://127.0.0.1:8000")
        usual = client.get("/plots/tc-pressure.json").json()
        assert "hydrides-000" not in usual["series"][0]["record"]
        asked = client.get("/plots/tc-pressure.json?status=invalid").json()
        assert asked["series"][0]["record"] == ["hydrides-000"]


def test_tc_over_pressure_tells_measured_from_calculated(client: TestClient) -> None:
    (series,) = client.get("/plots/tc-pressure.json").json()["series"]
    told = dict(zip(series["record"], series["evidence"], strict=True))
    assert told == {
        "hydrides-000": "measured",
        "hydrides-001": "calculated",
        "hydrides-002": "measured",
    }


def test_a_point_without_a_place_on_a_logarithmic_axis_is_left_out_and_told(
    tmp_path: Path,
) -> None:
    claims = [DIBORIDE | {"tc_K": 39.0, "pressure_GPa": p} for p in (0.0, 1.0, 10.0)]
    with collected(tmp_path, [paper("pressed", 2001, claims)]) as database:
        client = TestClient(create_app(database), base_url="http://127.0.0.1:8000")
        assert client.get("/plots/tc-pressure.json").json()["drawn"] == 3
        data = client.get("/plots/tc-pressure.json?log=x").json()
    assert (data["x"]["log"], data["y"]["log"]) == (True, False)
    assert data["drawn"] == 2
    assert any(note.startswith("Left out: 1 record") for note in data["notes"])


def test_lines_of_equal_tc_agree_with_the_formula(client: TestClient) -> None:
    data = client.get("/plots/lambda-omega.json?mu_star=0.13").json()
    assert points(data) == {"hydride": [(2.2, 1300.0, "hydrides-001")]}
    line = next(line for line in data["lines"] if line["name"] == "100 K")
    for coupling, omega in line["points"]:
        assert float(allen_dynes(coupling, omega, 0.13)) == pytest.approx(100.0, rel=1e-3)
    assert any("0.13" in note for note in data["notes"])


def test_more_repulsion_moves_the_lines_up() -> None:
    weak, strong = (
        {line.name: line for line in equal_tc_lines(mu, (0.5, 3.0), (0.0, 5000.0))}["77 K"]
        for mu in (0.1, 0.16)
    )
    assert min(omega for _, omega in weak.points) < min(omega for _, omega in strong.points)


@pytest.mark.parametrize("mu_star", ["-0.1", "0.9", "nan", "much"])
def test_an_impossible_repulsion_is_refused(client: TestClient, mu_star: str) -> None:
    assert client.get(f"/plots/lambda-omega.json?mu_star={mu_star}").status_code == 400
    page = client.get(f"/plots/lambda-omega?mu_star={mu_star}")
    assert page.status_code == 400
    assert "μ* is a number from 0 to 0.5" in page.text


def test_coverage_counts_filled_fields_of_each_group(client: TestClient) -> None:
    data = client.get("/plots/coverage.json").json()
    hydrides = next(group for group in data["groups"] if group["name"] == "hydride")
    shares = dict(zip(data["columns"], hydrides["shares"], strict=True))
    assert hydrides["records"] == 4
    assert shares["Tc (K)"] == 0.5
    assert shares["λ"] == 0.25
    assert hydrides["link"] == "/records?class=hydride"
    by_year = client.get("/plots/coverage.json?by=year").json()
    assert [group["name"] for group in by_year["groups"]] == [
        *("2001", "2002", "2003", "2004", "2010", "2019")
    ]


def test_flags_lead_to_their_records(client: TestClient) -> None:
    data = client.get("/plots/flags.json").json()
    assert data["bars"] == [
        {"name": "above_class_record", "count": 1, "link": "/records?flag=above_class_record"}
    ]


def test_the_filter_of_the_table_passes_over(client: TestClient) -> None:
    first = client.get("/plots?class=hydride", follow_redirects=False)
    assert first.headers["location"] == "/plots/tc-year?class=hydride"
    assert set(points(client.get("/plots/tc-year.json?class=hydride").json())) == {"hydride"}
    assert client.get("/plots/tc-year.json?tc_min=warm").status_code == 400


def test_csv_has_the_points_that_are_not_drawn_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot_kinds, "MOST_POINTS", 5)
    data = client.get("/plots/tc-year.json").json()
    assert (data["drawn"], data["total"]) == (5, 10)
    assert any("5 of 10 points are drawn" in note for note in data["notes"])
    rows = list(csv.DictReader(io.StringIO(client.get("/plots/tc-year.csv").text)))
    assert len(rows) == 10
    assert rows[0]["Tc (K)"]


def test_the_table_is_there_for_those_who_cannot_see(client: TestClient) -> None:
    page = client.get("/plots/tc-pressure?table=1").text
    assert 'href="/records/hydrides-001"' in page
    assert "Pressure (GPa)" in page


def test_unknown_plots_are_told(client: TestClient) -> None:
    for address in ("/plots/pie", "/plots/pie.json", "/plots/pie.csv"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "tc-year" in answer.text


def test_what_is_not_drawn_is_counted_with_the_reason(client: TestClient) -> None:
    notes = client.get("/plots/tc-pressure.json?contains=La").json()["notes"]
    assert "1 record without a Tc is not drawn." in notes
    notes = client.get("/plots/tc-pressure.json?contains=B").json()["notes"]
    assert "9 records without a pressure are not drawn." in notes
    notes = client.get("/plots/lambda-omega.json?contains=La").json()["notes"]
    assert "3 records without λ are not drawn." in notes


def test_lines_of_equal_tc_reach_the_end_of_the_axis() -> None:
    for line in equal_tc_lines(0.1, (0.2, 4.0), (0.0, 2000.0)):
        assert line.points[-1][0] == 4.0
        assert line.points[0][1] > 1950
        assert len(line.points) < 130
