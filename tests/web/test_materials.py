"""The list of compositions and the page of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from scmine.database.curation import Curation
from scmine.database.record import Evidence, RecordStatus
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo
from scmine.database.store import Database
from scmine.web.app import create_app
from tests.web.collection import DIBORIDE, OWN, collected, collection, paper


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with collected(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(database: Database) -> TestClient:
    return TestClient(create_app(database), base_url="http://127.0.0.1:8000")


def test_the_list_has_numbers_and_ends_of_tc(client: TestClient) -> None:
    page = " ".join(client.get("/materials").text.split())
    assert "2 compositions" in page
    assert page.index("MgB<sub>2</sub>") < page.index("LaH<sub>10</sub>")
    assert "38.5–390" in page
    only_hydrides = client.get("/materials?contains=La").text
    assert "1 composition<" in only_hydrides
    assert "MgB<sub>2</sub>" not in only_hydrides


def test_the_list_is_sorted_by_the_highest_tc(client: TestClient) -> None:
    page = client.get("/materials?sort=calculated&order=desc").text
    assert page.index("LaH<sub>10</sub>") < page.index("MgB<sub>2</sub>")
    assert client.get("/materials?page=0").status_code == 400


def test_a_page_has_spread_and_outliers_with_the_reason(client: TestClient) -> None:
    page = client.get("/materials/MgB2").text
    assert "9 records in 5 papers" in page
    assert "Far from the others" in page
    assert "351 K above the median 39 K of 9 measured claims" in page


def test_what_was_judged_wrong_does_not_count(client: TestClient, database: Database) -> None:
    Curation(database).judge(
        "misprint-000", RecordStatus.INVALID, who="curator", why="a misprint", expected=0
    )
    page = client.get("/materials/MgB2").text
    assert "Far from the others" not in page
    assert "1 record judged invalid, obsolete or removed" in page


def test_claims_are_drawn_and_saved(client: TestClient) -> None:
    strips = client.get("/materials/MgB2/strips.json").json()
    assert strips["y"]["categories"] == ["measured, own", "measured, cited"]
    assert [series["name"] for series in strips["series"]] == ["claims", "far from the others"]
    pressure = client.get("/materials/LaH10/pressure.json").json()
    assert sorted(pressure["series"][0]["x"]) == [170.0, 180.0, 200.0]
    rows = list(csv.DictReader(io.StringIO(client.get("/materials/MgB2/claims.csv").text)))
    assert len(rows) == 9
    assert [row["record_id"] for row in rows if row["far_from_the_others"]] == ["misprint-000"]


def test_reference_sets_stand_beside_the_claims(client: TestClient, database: Database) -> None:
    entry = ReferenceEntry(
        formula="MgB2",
        key="MgB2",
        system="B-Mg",
        composition={"Mg": 1.0, "B": 2.0},
        tc_K=38.6,
        evidence=Evidence.MEASURED,
        source="10.1/reference",
    )
    info = ReferenceSetInfo(name="a set", kind="csv", path="set.csv", sha256="0" * 64)
    database.add_reference_set(info, [entry])
    page = client.get("/materials/MgB2").text
    assert "In the reference sets" in page
    assert "10.1/reference" in page


def test_an_unknown_composition_is_told(client: TestClient) -> None:
    answer = client.get("/materials/UTe2")
    assert answer.status_code == 404
    assert "no record has the composition UTe2" in answer.text


def test_a_bound_stands_apart_and_is_not_counted(tmp_path: Path) -> None:
    bounded = paper("limits", 2012, [DIBORIDE | OWN | {"tc_K": 4.2, "tc_relation": "<"}])
    with collected(tmp_path, [*collection(), bounded]) as database:
        client = TestClient(create_app(database), base_url="http://127.0.0.1:8000")
        assert "38.5–390; &lt; 4.2" in client.get("/materials?sort=papers").text
        page = " ".join(client.get("/materials/MgB2").text.split())
        assert "1 record only bounds Tc, not counted and not drawn" in page
        assert "&lt; 4.2 K</a>" in page
        strips = client.get("/materials/MgB2/strips.json").json()
        assert strips["total"] == 9
        drawn = client.get("/plots/tc-year.json?contains=B").json()
        assert "limits-000" not in [r for s in drawn["series"] for r in s["record"]]
        one = client.get("/api/v1/materials/MgB2").json()
        assert 4.2 not in [claim["tc_K"] for claim in one["claims"]]
