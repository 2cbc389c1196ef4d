"""What the card of a record beside its paper says."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scmine.database.record import Record
from scmine.database.store import Database
from tests.web.conftest import document

OTHER = "cd" * 32


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"tc_K": 39.0, "raw_tc": "39 K", "space_group": "Fm-3m"}, "Tc 39 K · Fm-3m"),
        ({"raw_tc": "18", "flags": ["tc_unit_missing"]}, "Tc printed: 18 (no unit)"),
        ({"raw_tc": "room temperature"}, "Tc printed: room temperature"),
        ({"space_group": "Fm-3m"}, "Fm-3m"),
        ({"pressure_GPa": 1.5, "lambda_": 0.87}, "at 1.5 GPa · λ = 0.87"),
        ({"tc_K": 9.0, "pressure_GPa": 1.5}, "Tc 9 K at 1.5 GPa"),
        ({"superconducting": True}, "superconducting"),
        ({"sentence": "NbN was sputtered."}, "“NbN was sputtered.”"),
        ({}, ""),
    ],
)
def test_a_card_says_what_is_known_and_no_more(
    client: TestClient, database: Database, values: dict[str, Any], said: str
) -> None:
    found = document(OTHER)
    given = {"doc_id": OTHER, "path": found.path, "title": found.title, "year": found.year}
    record = Record(record_id="one", raw_material="NbN", **(given | values))
    paper = replace(found, records=[record], record_passages=[0])
    database.save_document(database.start_run("5"), paper)
    html = client.get(f"/papers/{OTHER}").text
    card = re.search(r'<span class="values">(.*?)</span>\s*</a>', html, flags=re.S)
    assert card is not None
    assert unescape(re.sub(r"<[^>]*>", "", card[1])).strip() == said
