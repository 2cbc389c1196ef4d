"""Judged claims load, say what is wrong, and are found again in a paper that reads differently."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from scmine.corpora.gold_claims import (
    SHIPPED,
    JudgedClaim,
    find_place,
    hash_of_row,
    hashes_around,
    load_gold_claims,
)
from scmine.corpora.types import CorpusError
from scmine.extractors.document import Cell, Document, Passage, PassageKind, Table
from scmine.extractors.table_sheet import sheets_of

TEXT = (
    "The onset of our sample is at 26.5 K and zero resistance is reached at 22 K in all of the "
    "many samples of this one batch."
)
VALUE = TEXT.index("22 K")
CLAIM: dict[str, Any] = {
    "id": "A1",
    "file": "a.pdf",
    "sha256": "0" * 64,
    "split": "dev",
    "source": "text",
    "index": 1,
    "start": VALUE,
    "end": VALUE + 4,
    "value": "22 K",
    "before": hashes_around(TEXT, VALUE, VALUE + 4)[0],
    "behind": hashes_around(TEXT, VALUE, VALUE + 4)[1],
    "fields": ["tc"],
    "evidence": "measured",
    "origin": "this_work",
}


def document(*texts: str, table: Table | None = None) -> Document:
    passages = tuple(Passage(PassageKind.PARAGRAPH, t) for t in texts)
    return Document("", "", "", passages=passages, tables=(table,) if table else ())


def test_a_claim_is_found_where_it_was() -> None:
    place = find_place(document("One.", TEXT), JudgedClaim(**CLAIM))
    assert place is not None
    assert (place.start, place.end) == (VALUE, VALUE + 4)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("zero resistance", "zero  resis-tance").replace("22 K", "22$K"),
        TEXT.replace("in all of the", "and in another of the"),
        TEXT.replace("zero resistance is", "a plateau of zero is"),
    ],
)
def test_a_claim_is_found_in_a_passage_that_moved_or_reads_otherwise(text: str) -> None:
    made = document("At 22 K nothing happens.", "Two.", text + " At 22 K, again.")
    place = find_place(made, JudgedClaim(**CLAIM))
    assert place is not None
    assert place.passage is made.passages[2]
    assert place.start == text.index("22")


def test_a_claim_whose_words_are_gone_is_not_found() -> None:
    assert find_place(document("It is 22 K."), JudgedClaim(**CLAIM)) is None


def test_a_row_is_found_in_a_table_that_moved() -> None:
    rows = [["Material", "Tc (K)"], ["LiFeAs", "18"], ["LaFePO", "4"]]
    table = Table(tuple(tuple(Cell(c, i == 0) for c in r) for i, r in enumerate(rows)))
    sheets = sheets_of(table)
    row = sheets[0].table.body[1]
    claim = JudgedClaim(
        **{
            **CLAIM,
            "source": "table",
            "index": 7,
            "row": 0,
            "column": 1,
            "before": hash_of_row(row),
        }
    )
    place = find_place(document(table=table), claim)
    assert place is not None
    assert [cell.text for cell in place.row] == ["LaFePO", "4"]
    assert find_place(document(), claim) is None


def test_a_line_that_is_no_claim_is_named(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(CLAIM) + "\n" + json.dumps({**CLAIM, "origin": "mine"}) + "\n")
    with pytest.raises(CorpusError, match="line 2: origin"):
        load_gold_claims(file)


def test_the_packaged_claims() -> None:
    claims = load_gold_claims()
    assert len({c.id for c in claims}) == len(claims) >= 600
    halves: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        halves[claim.sha256].add(claim.split)
    assert all(len(half) == 1 for half in halves.values())  # no paper is on both sides
    assert sum(c.split == "test" for c in claims) == 200
    assert len({c.file for c in claims if c.split == "test"}) >= 80


def test_the_packaged_claims_hold_no_text_of_the_papers() -> None:
    for line in SHIPPED.read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        assert len(claim["value"]) < 50
        assert len(claim["material"]) <= 40
