"""From a document to its records: one record a claim, with all the places that state it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.database.record import Source
from scmine.extractors import Extraction, extract, read


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    root = Path(__file__).parents[2]
    return extract(read(root / "examples/alloy_onecolumn.tex"))


def test_a_claim_of_text_caption_and_table_is_one_record(extraction: Extraction) -> None:
    [record] = [r for r in extraction.records if r.tc_K == 5.32]
    assert {p.source for p in record.places} == {Source.TEXT, Source.CAPTION, Source.TABLE}
    assert all("5.32" in p.sentence for p in record.places)


def test_every_place_is_kept_and_those_of_text_name_their_passage(extraction: Extraction) -> None:
    places = [p for record in extraction.records for p in record.places]
    assert sorted(p.id for p in places) == sorted(r.record_id for r in extraction.stated)
    assert all((p.passage is None) == (p.source is Source.TABLE) for p in places)
    assert extraction.record_passages == [r.places[0].passage for r in extraction.records]


def test_a_bound_in_a_table_and_the_denial_in_the_text_are_one_claim(
    extraction: Extraction,
) -> None:
    [record] = [r for r in extraction.records if r.superconducting is False]
    assert (record.formula, record.lowest_temperature_K, record.tc_K) == ("Y2IrSi", 1.8, None)
    assert {p.source for p in record.places} == {Source.TEXT, Source.TABLE}


def test_the_same_file_gives_the_same_ids() -> None:
    file = Path(__file__).parents[2] / "examples/alloy_onecolumn.tex"
    first, second = (extract(read(file)).records for _ in range(2))
    assert [r.record_id for r in first] == [r.record_id for r in second]
