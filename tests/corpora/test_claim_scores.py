"""Scores of claims are what one counts by hand."""

from __future__ import annotations

from typing import Any

import pytest

from scmine.corpora.claim_scores import PaperClaims, same_material, score_claims
from scmine.corpora.evaluate import Score
from scmine.database.record import Record
from tests.corpora.gold_table_papers import gold_paper

MGB2 = {"material": "MgB2", "tc_K": 39.0}


def _record(page: int = 2, source: str = "table", **fields: Any) -> Record:
    text = {"raw_material": fields.get("formula", "MgB2"), "formula": "MgB2", **fields}
    return Record.model_validate(
        {"record_id": "r", "doc_id": "d", "page": page, "source": source, **text}
    )


def _scores(claims: list[dict[str, Any]], *records: Record) -> PaperClaims:
    return score_claims(gold_paper(claims=claims), records)


def test_a_right_claim() -> None:
    scores = _scores([MGB2], _record(tc_K=39.0, tc_kind="onset", evidence="measured"))
    assert scores.claims == Score(1, 1, 1, 1)
    assert scores.fields["material"] == scores.fields["tc_K"] == Score(1, 1, 1, 1)
    assert scores.fields["tc_kind"] == Score(0, 1, 0, 0)
    assert scores.fields["evidence"] == Score(0, 0, 0, 0)  # the gold table does not tell it
    assert scores.misses == ()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"tc_K": 38.9}, "tc_K"),
        ({"tc_K": 39.0, "pressure_GPa": 0.0}, "pressure_GPa"),
        ({"tc_K": 39.0, "lambda": 0.7}, "lambda"),
        ({"tc_K": 39.0, "formula": "MgB4"}, "material"),
        ({"tc_K": 39.0, "space_group": "P6/mmm"}, "space_group"),
        ({"tc_K": 39.0, "c_A": 3.52}, "c_A"),
    ],
)
def test_one_wrong_field_makes_a_claim_wrong(fields: dict[str, Any], wrong: str) -> None:
    scores = _scores([MGB2], _record(**fields))
    assert scores.claims == Score(0, 1, 1, 0)
    assert [miss.what for miss in scores.misses] == [f"claim wrong in {wrong}"]


def test_numbers_may_differ_in_the_last_digit() -> None:
    assert _scores([MGB2], _record(tc_K=39.03)).claims.right == 1


def test_a_missed_and_an_extra_claim() -> None:
    scores = _scores([MGB2, {**MGB2, "tc_K": 40.2}], _record(tc_K=39.0), _record(tc_K=39.0))
    assert scores.claims == Score(1, 2, 2, 1)
    scores = _scores([MGB2], _record(formula="Nb", tc_K=9.2))
    assert scores.claims == Score(0, 1, 1, 0)
    assert [miss.what for miss in scores.misses] == ["claim missed", "claim that is none"]


def test_the_right_record_is_found_among_like_ones() -> None:
    claims = [{**MGB2, "tc_K": tc} for tc in (39.0, 40.2, 37.0)]
    records = [_record(tc_K=tc) for tc in (37.0, 40.2, 39.0)]
    assert _scores(claims, *records).claims == Score(3, 3, 3, 3)


def test_only_records_of_tables_that_say_something_count() -> None:
    scores = _scores(
        [MGB2],
        _record(tc_K=39.0, source="text"),
        _record(tc_K=39.0, page=3),
        _record(superconducting=False),
    )
    assert scores.claims == Score(0, 0, 1, 0)


def test_records_on_pages_known_in_part_count_if_they_are_right() -> None:
    paper = gold_paper(claims=[MGB2], pages_complete=[])
    records = [_record(tc_K=39.0), _record(tc_K=12.0), _record(tc_K=12.0, page=1)]
    assert score_claims(paper, records).claims == Score(1, 1, 1, 1)


def test_a_claim_on_a_page_without_tables_is_wrong() -> None:
    assert _scores([MGB2], _record(tc_K=39.0, page=1)).claims == Score(0, 1, 1, 0)


def test_a_table_that_runs_on_keeps_its_claims() -> None:
    record = _record(tc_K=39.0, page=3)
    assert score_claims(gold_paper(claims=[MGB2]), [record], {3: 2}).claims == Score(1, 1, 1, 1)


def test_a_name_may_have_been_resolved() -> None:
    record = _record(tc_K=85.0, raw_material="Bi-2212", formula="Bi2Sr2CaCu2O8")
    assert _scores([{"material": "Bi-2212", "tc_K": 85.0}], record).claims.right == 1
    assert _scores([{"material": "Bi-2201", "tc_K": 85.0}], record).claims.right == 0


def test_a_range_and_an_upper_bound() -> None:
    gold = [{"material": "MgB2", "tc_min_K": 30.0, "tc_max_K": 39.0}]
    assert _scores(gold, _record(tc_min_K=30.0, tc_max_K=39.0)).claims.right == 1
    assert _scores(gold, _record(tc_max_K=39.0)).claims.right == 0
    assert _scores([MGB2], _record(tc_K=39.0, tc_min_K=38.0)).claims.right == 1


def test_an_edge_b_equal_to_a_says_nothing_new() -> None:
    gold = [{"material": "MgB2", "a_A": 3.086, "b_A": 3.086, "space_group": "P 6/mmm"}]
    assert _scores(gold, _record(a_A=3.086, space_group="P6/mmm")).claims.right == 1
    assert _scores(gold, _record(a_A=3.086, b_A=3.1, space_group="P6/mmm")).claims.right == 0


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("La1.85Sr0.15CuO4", "(La1.85Sr0.15)CuO4", True),
        ("YBa2Cu3O7-δ", "YBa2Cu3O7−δ", True),
        ("YBa2Cu3O7-δ", "YBa2Cu3O7", False),
        ("Hg2(Ba0.5Sr0.5)2YCu2O8-δ", "Hg2BaSrYCu2O8-δ", True),
        ("La2-xSrxCuO4", "La1.9Sr0.1CuO4", False),
        ("κ-(ET)2Cu[N(CN)2]Br", "κ-(ET)2 Cu[N(CN)2]Br", True),
        ("sample A", "sampleA", True),
    ],
)
def test_same_material(first: str, second: str, same: bool) -> None:
    assert same_material(first, second) is same
