"""Records as a data frame."""

from __future__ import annotations

from scmine.database.frame import to_frame
from scmine.database.record import COLUMNS, Record


def test_a_frame_has_every_column_and_its_type() -> None:
    records = [
        Record(record_id="r1", doc_id="d", raw_material="MgB2", tc_K=39.0, page=2),
        Record(record_id="r2", doc_id="d", raw_material="Y2IrSi", superconducting=False),
    ]
    frame = to_frame(records)
    assert tuple(frame.columns) == COLUMNS
    assert frame["tc_K"].max() == 39.0
    assert frame["page"].dtype == "Int64"
    assert frame["tc_K"].isna().tolist() == [False, True]
    assert frame["superconducting"].isna().tolist() == [True, False]


def test_no_records_give_an_empty_frame_of_the_same_shape() -> None:
    frame = to_frame([])
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 0
