"""The API: paging, filters, changes with their conflicts, errors, and its own description."""

from __future__ import annotations

import csv
import io
import json

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import DOC_ID

API = "/api/v1"
RECORD = f"{API}/records/{DOC_ID[:4]}-MgB2"


def change(client: TestClient, body: dict[str, object]) -> dict[str, object]:
    """The revision that a change made."""
    answer = client.patch(RECORD, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_pages_follow_each_other(client: TestClient) -> None:
    first = client.get(f"{API}/records", params={"limit": 1, "count": "yes"}).json()
    assert [r["formula"] for r in first["records"]] == ["MgB2"]
    assert first["count"] == {"number": 2, "exact": True}
    second = client.get(f"{API}/records", params={"limit": 1, "after": first["next"]}).json()
    assert [r["formula"] for r in second["records"]] == ["NbN"]
    assert second["next"] is None
    back = client.get(f"{API}/records", params={"limit": 1, "after": second["previous"]}).json()
    assert back["records"] == first["records"]


@pytest.mark.parametrize(
    ("query", "formulas"),
    [
        ({"contains": "Mg"}, ["MgB2"]),
        ({"without": "Mg"}, ["NbN"]),
        ({"tc_max": "20"}, ["NbN"]),
        ({"text": "superconducting"}, ["MgB2", "NbN"]),
        ({"status": "curated"}, []),
    ],
)
def test_the_filters_of_the_table_hold(
    client: TestClient, query: dict[str, str], formulas: list[str]
) -> None:
    found = client.get(f"{API}/records", params=query).json()["records"]
    assert [r["formula"] for r in found] == formulas


def test_a_record_has_the_columns_of_every_export(client: TestClient) -> None:
    found = client.get(RECORD).json()
    assert found["revision"] == 0
    assert found["record"]["lambda"] is None
    assert found["record"]["title"] == "Two <superconductors>"


def test_a_change_is_a_revision_and_can_be_taken_back(client: TestClient) -> None:
    made = change(
        client,
        {
            "changes": {"tc_K": 39.2},
            "why": "the text says 39.2",
            "error_type": "value_resolution",
            "expected": 0,
        },
    )
    assert made["number"] == 1
    assert made["changes"]["tc_K"] == {"before": 39.0, "after": 39.2}  # type: ignore[index]
    assert client.get(RECORD).json()["record"]["status"] == "curated"
    undone = client.post(f"{RECORD}/undo", json={"expected": 1})
    assert undone.json()["record"]["tc_K"] == 39.0
    redone = client.post(f"{RECORD}/redo", json={"expected": 2})
    assert redone.json()["record"]["tc_K"] == 39.2
    kinds = [revision["kind"] for revision in client.get(f"{RECORD}/history").json()]
    assert kinds == ["extracted", "edited", "undone", "redone"]


def test_a_formula_brings_its_composition(client: TestClient) -> None:
    made = change(client, {"changes": {"formula": "MgB4"}, "expected": 0})
    assert made["record"]["composition"] == {"Mg": 1.0, "B": 4.0}  # type: ignore[index]


def test_the_second_of_two_is_told(client: TestClient) -> None:
    change(client, {"changes": {"tc_K": 38.0}, "expected": 0})
    late = client.patch(RECORD, json={"changes": {"tc_K": 40.0}, "expected": 0})
    assert late.status_code == 409
    assert late.json()["error"]["code"] == "conflict"
    assert client.get(RECORD).json()["record"]["tc_K"] == 38.0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"changes": {"tc_K": "warm"}, "expected": 0}, 422, "invalid"),
        ({"changes": {"doc_id": "x"}, "expected": 0}, 422, "invalid"),
        ({"changes": {"tc_K": 40}}, 422, "invalid"),
        ({"changes": {"tc_K": 39.0}, "expected": 0}, 409, "no_change"),
        ({"status": "obsolete", "tc": 4, "expected": 0}, 422, "invalid"),
    ],
)
def test_what_does_not_fit_is_said(
    client: TestClient, body: dict[str, object], status: int, code: str
) -> None:
    answer = client.patch(RECORD, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert client.get(RECORD).json()["revision"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"tc_min": "cold"}, "tc_min"),
        ({"evidence": ""}, "evidence"),
        ({"contains": "Qq"}, "contains"),
        ({"limit": "0"}, "limit"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    client: TestClient, query: dict[str, str], field: str
) -> None:
    answer = client.get(f"{API}/records", params=query)
    assert answer.status_code == 422
    assert field in answer.json()["error"]["fields"]


@pytest.mark.parametrize("path", ["records", "records.csv", "materials", "facets"])
def test_an_unknown_parameter_is_refused_with_the_nearest_name(
    client: TestClient, path: str
) -> None:
    answer = client.get(f"{API}/{path}", params={"tcmin": "500"})
    assert answer.status_code == 422
    assert "did you mean tc_min?" in answer.json()["error"]["fields"]["tcmin"]
    assert client.get(f"{API}/{path}", params={"tc_min": "500"}).status_code == 200


def test_a_cursor_of_another_search_is_refused(client: TestClient) -> None:
    page = client.get(f"{API}/records", params={"limit": 1}).json()
    query = {"limit": 1, "sort": "year", "after": page["next"]}
    answer = client.get(f"{API}/records", params=query)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["after"])


def test_the_place_of_the_database_is_not_told(client: TestClient) -> None:
    for path in (f"{API}/records/nothing", f"{API}/records/nothing/history", "/records/nothing"):
        assert "web.db" not in client.get(path).text


def test_nothing_is_there_as_json(client: TestClient) -> None:
    for path in ("records/nothing", "papers/nothing", "structures/nothing", "nothing"):
        answer = client.get(f"{API}/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_record_is_added(client: TestClient) -> None:
    values = {"raw_material": "NbTi", "formula": "NbTi", "tc_K": 9.5, "page": 1}
    answer = client.post(f"{API}/records", json={"doc_id": DOC_ID, "values": values})
    assert answer.status_code == 201, answer.text
    record = answer.json()["record"]
    assert (record["status"], record["extractor"]) == ("curated", "curator")
    found = client.get(f"{API}/records", params={"contains": "Ti"}).json()["records"]
    assert [r["record_id"] for r in found] == [record["record_id"]]


def test_all_that_match_as_csv_and_lines(client: TestClient) -> None:
    table = client.get(f"{API}/records.csv", params={"contains": "Mg"})
    assert [row["formula"] for row in csv.DictReader(io.StringIO(table.text))] == ["MgB2"]
    lines = client.get(f"{API}/records.jsonl").text.splitlines()
    assert [json.loads(line)["tc_K"] for line in lines] == [39.0, 16.0]


def test_papers_and_facets(client: TestClient) -> None:
    page = client.get(f"{API}/papers").json()
    assert (page["more"], page["papers"][0]["records"]) == (False, {"new": 2})
    assert client.get(f"{API}/papers/{DOC_ID}").json() == page["papers"][0]
    facets = client.get(f"{API}/facets").json()
    assert {"value": "new", "count": 2} in facets["status"]
    assert client.get(f"{API}/proposals").json() == []


def test_materials_with_their_claims(client: TestClient) -> None:
    page = client.get(f"{API}/materials", params={"contains": "Mg"}).json()
    (found,) = page["materials"]
    assert (found["formula"], found["records"], page["more"]) == ("MgB2", 1, False)
    one = client.get(f"{API}/materials/{found['key']}").json()
    assert [claim["tc_K"] for claim in one["claims"]] == [39.0]
    assert client.get(f"{API}/materials/Xx9").status_code == 404


def test_corrections_as_lines(client: TestClient) -> None:
    change(client, {"changes": {"tc_K": 38.5}, "expected": 0})
    (line,) = client.get(f"{API}/corrections.jsonl").text.splitlines()
    assert json.loads(line)["record_id"] == RECORD.rsplit("/", 1)[-1]


def test_each_operation_says_how_it_can_fail(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    assert f"{API}/records" in paths
    for operations in paths.values():
        for operation in operations.values():
            assert {"401", "403", "404", "422"} <= operation["responses"].keys()


def test_the_description_is_a_page(client: TestClient) -> None:
    answer = client.get("/api")
    assert answer.status_code == 200
    assert "PATCH /api/v1/records/{record_id}" in answer.text
    assert "<code>expected</code> (needed)" in answer.text
