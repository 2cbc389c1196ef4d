"""How the claims on one composition spread, and which are far from the others."""

from __future__ import annotations

from typing import Any

from scmine.database.record import Evidence, Origin, Record
from scmine.web.material_statistics import claims_of, spreads


def record(i: int, tc: float | None, paper: str | None = None, **more: Any) -> Record:
    return Record(
        **{
            "record_id": f"r{i}",
            "doc_id": paper or f"d{i}",
            "raw_material": "MgB2",
            "tc_K": tc,
            "evidence": Evidence.MEASURED,
            **more,
        }
    )


AGREED = (38.5, 39.0, 39.2, 38.8, 39.1)


def test_a_value_far_off_is_told_with_the_reason() -> None:
    claims = claims_of([*(record(i, tc) for i, tc in enumerate(AGREED)), record(9, 390.0)])
    (off,) = [claim for claim in claims if claim.outlier]
    assert off.tc_K == 390.0
    assert "above the median 39.05 K of 6 measured claims" in off.outlier
    assert "no stated pressure" in off.outlier


def test_a_few_claims_or_one_paper_decide_nothing() -> None:
    few = [record(0, 39.0), record(1, 39.0), record(2, 390.0)]
    assert not any(claim.outlier for claim in claims_of(few))
    one_paper = [record(i, tc, "d") for i, tc in enumerate((*AGREED, 390.0))]
    assert not any(claim.outlier for claim in claims_of(one_paper))


def test_equal_values_do_not_make_a_small_difference_an_outlier() -> None:
    claims = claims_of([*(record(i, 39.0) for i in range(8)), record(9, 40.0)])
    assert not any(claim.outlier for claim in claims)


def test_other_pressures_and_evidence_are_not_compared() -> None:
    ambient = [record(i, tc) for i, tc in enumerate(AGREED)]
    pressed = record(10, 15.0, pressure_GPa=40.0)
    calculated = record(11, 15.0, evidence=Evidence.CALCULATED)
    assert not any(claim.outlier for claim in claims_of([*ambient, pressed, calculated]))


def test_records_without_a_tc_are_no_claims_and_a_range_counts_by_its_middle() -> None:
    (claim,) = claims_of([record(0, None), record(1, None, tc_min_K=38.0, tc_max_K=40.0)])
    assert claim.tc_K == 39.0


def test_spreads_tell_own_from_cited_and_count_papers() -> None:
    claims = claims_of(
        [
            record(0, 38.0, "a", origin=Origin.THIS_WORK),
            record(1, 40.0, "a", origin=Origin.THIS_WORK),
            record(2, 39.0, "b", origin=Origin.CITED),
            record(3, 20.0, "b", evidence=Evidence.CALCULATED),
        ]
    )
    found = {spread.name: spread for spread in spreads(claims)}
    assert list(found) == ["all", "measured", "measured, own", "measured, cited", "calculated"]
    own = found["measured, own"]
    assert (own.claims, own.papers) == (2, 1)
    assert (own.lowest, own.first_quartile, own.median, own.highest) == (38.0, 38.5, 39.0, 40.0)
    assert found["calculated"].median == 20.0
    assert spreads([]) == []
