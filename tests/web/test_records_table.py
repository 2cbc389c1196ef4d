"""The table of records without scripts: filters, order, columns, pages, counts, files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from scmine.database.store import open_database
from scmine.web.app import create_app
from tests.web.collection import DIBORIDE, collected, paper


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with collected(tmp_path) as database:
        yield TestClient(create_app(database), base_url="http://127.0.0.1:8000")


def rows(page: str) -> list[str]:
    """The rows of the table as text."""
    found = re.findall(r"<tr class=\"row-.*?</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def links(page: str, text: str) -> list[str]:
    """The addresses of the links whose text is or begins with ``text``."""
    found = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    said = [
        (unescape(href), " ".join(re.sub("<[^>]+>", " ", body).split())) for href, body in found
    ]
    return [href for href, body in said if body.startswith(text)]


def test_the_highest_tc_stands_first(client: TestClient) -> None:
    page = client.get("/records").text
    assert "14 records" in page
    assert rows(page)[0].startswith("MgB 2 all 390 measured cited")


def test_cells_lead_to_the_record_its_paper_and_its_composition(client: TestClient) -> None:
    page = client.get("/records?text=misprint&class=MgB2-like").text
    # The record keeps the search that it was found by.
    assert links(page, "MgB 2") == ["/records/misprint-000?text=misprint&class=MgB2-like"]
    assert links(page, "all") == ["/materials/MgB2"]
    doc_id = b"misprint".hex().rjust(64, "0")
    assert links(page, "On misprint") == [f"/papers/{doc_id}#record=misprint-000"]
    for address in (*links(page, "MgB 2"), *links(page, "all"), *links(page, "On misprint")):
        assert client.get(address).status_code == 200


def test_filters_are_obeyed_and_shown(client: TestClient) -> None:
    page = client.get("/records?contains=La+H&tc_min=255&evidence=measured").text
    assert "1 record<" in page
    assert "240–260" in rows(page)[0]
    assert links(page, "Contains La H") == ["/records?tc_min=255&evidence=measured"]


def test_a_filter_that_makes_no_sense_is_told(client: TestClient) -> None:
    answer = client.get("/records?tc_min=warm")
    assert answer.status_code == 400
    assert "Tc from (K): “warm” is no number" in answer.text
    assert client.get("/records.csv?tc_min=warm").status_code == 400


def test_nothing_found_leads_on(client: TestClient) -> None:
    page = client.get("/records?contains=U").text
    assert "No record fits" in page


def test_headers_sort_and_turn(client: TestClient) -> None:
    page = client.get("/records").text
    (by_year,) = links(page, "Year")
    newest = client.get(by_year).text
    assert "LaH 10" in rows(newest)[0]
    assert 'aria-sort="descending"' in newest
    (turned,) = links(newest, "Year")
    assert "MgB 2" in rows(client.get(turned).text)[0]


def test_columns_are_chosen_by_the_address(client: TestClient) -> None:
    page = client.get("/records?column=lambda&column=sentence&column=nonsense&text=hydrides").text
    heads = re.findall(r"<th scope=\"col\".*?>(.*?)</th>", page, re.DOTALL)
    assert [re.sub("<[^>]+>", "", head).strip() for head in heads] == ["λ", "Sentence"]
    assert "2.2 Sentence 1 of hydrides." in rows(page)


def test_pages_lead_to_each_other(tmp_path: Path) -> None:
    papers = [paper("many", 2001, [DIBORIDE | {"tc_K": 1.0 + i} for i in range(120)])]
    with collected(tmp_path, papers) as database:
        client = TestClient(create_app(database), base_url="http://127.0.0.1:8000")
        seen: list[str] = []
        page = client.get("/records").text
        while True:
            seen += rows(page)
            following = links(page, "Next")
            if not following:
                break
            page = client.get(following[0]).text
        assert len(seen) == len(set(seen)) == 120
        (back,) = links(page, "Previous")
        assert rows(client.get(back).text) == seen[50:100]
        assert client.get("/records?after=nonsense").status_code == 400


def test_what_papers_print_is_escaped(client: TestClient) -> None:
    page = client.get("/records?text=misprint&column=name&column=raw_material").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_counts_lead_to_the_records_counted(client: TestClient) -> None:
    page = client.get("/records/facets?tc_min=200").text
    (hydrides,) = links(page, "hydride")
    assert hydrides == "/records?tc_min=200&class=hydride"
    assert "3 records" in client.get(hydrides).text
    chosen = client.get("/records/facets?tc_min=200&class=hydride").text
    assert links(chosen, "hydride") == ["/records?tc_min=200"]
    assert links(client.get("/records?facets=1").text, "above class record") == [
        "/records?flag=above_class_record"
    ]


def test_csv_has_all_records_of_the_view_in_its_columns(client: TestClient) -> None:
    page = client.get("/records?text=misprint&column=raw_material&column=tc_K&column=flags").text
    (file,) = links(page, "CSV")
    answer = client.get(file)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.text))) == [
        ["record_id", "raw_material", "tc_K", "flags"],
        ["misprint-000", "a material", "390.0", '["above_class_record"]'],
        ["misprint-001", "'=HYPERLINK(1)", "7.0", "[]"],
    ]


def test_json_lines_have_the_same(client: TestClient) -> None:
    text = client.get("/records.jsonl?class=hydride&sort=pressure_GPa&column=pressure_GPa").text
    found = [json.loads(line) for line in text.splitlines()]
    assert found[0] == {"record_id": "hydrides-001", "pressure_GPa": 200.0}
    assert [row["pressure_GPa"] for row in found] == [200.0, 180.0, 170.0, None]


def test_an_empty_database_says_what_to_run(tmp_path: Path) -> None:
    with open_database(tmp_path / "empty.db") as database:
        client = TestClient(create_app(database), base_url="http://127.0.0.1:8000")
        for address in ("/records", "/materials"):
            assert "scmine ingest papers/ --db empty.db" in client.get(address).text
        assert client.get("/records/facets").status_code == 200
        assert client.get("/plots/coverage").status_code == 200


def test_several_classes_are_any_of_them(client: TestClient) -> None:
    both = client.get("/records?class=hydride&class=MgB2-like&facets=1").text
    assert "13 records" in both
    assert " multiple" in both
    one = client.get("/records?class=hydride&facets=1").text
    assert "4 records" in one
    # The other class is there to be chosen too.
    assert "class=hydride&amp;class=MgB2-like" in one
