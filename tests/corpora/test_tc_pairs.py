"""Pairs of material and Tc: which places count, and what agrees."""

from __future__ import annotations

import pytest

from scmine.corpora.tc_pairs import Pair, found_pairs, normalise, score
from scmine.database.record import Place, Record, Source


def record(source: Source, passage: int | None) -> Record:
    place = Place(
        id="1", source=source, passage=passage, raw_material="MgB2", raw_tc="39 K", sentence="s",
        extractor="e",
    )  # fmt: skip
    return Record(
        record_id="r", doc_id="d", path="p", source=source, raw_material="MgB2", formula="MgB2",
        raw_tc="39 K", tc_K=39.0, sentence="s", extractor="e", model_version="m", places=[place],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "passage", "counts"),
    [
        (Source.TEXT, 3, True),
        (Source.CAPTION, 3, True),
        (Source.LLM, 3, True),
        (Source.TABLE, None, False),
        (Source.LLM, None, False),
    ],
)
def test_text_counts_and_tables_do_not_whoever_read_them(
    source: Source, passage: int | None, counts: bool
) -> None:
    assert bool(found_pairs([record(source, passage)])) is counts


def test_strict_wants_the_same_string_and_lenient_the_same_formula() -> None:
    gold = [Pair("mgb2", (39, 39), frozenset({"MgB2"})), Pair("nb3sn", (18, 18))]
    found = [Pair("b2mg", (39.2, 39.2), frozenset({"MgB2"})), Pair("nb3sn", (17, 17))]
    outcome = score("p", gold, found)
    assert (outcome.hits, outcome.lenient_hits, outcome.gold, outcome.found) == (0, 1, 2, 2)


def test_blanks_dashes_and_case_say_nothing() -> None:
    assert normalise("La 2−x Sr x CuO 4,") == normalise("la2-xsrxcuo4")
