"""The summary adds up, and the highest Tc come first, each once."""

from __future__ import annotations

import json

import pytest

from scmine.database.record import Record
from scmine.extractors.document import Status
from scmine.pipelines.report import print_summary
from scmine.pipelines.summary import TOP_TC_SHOWN, IngestSummary


def _record(number: int, **fields: object) -> Record:
    return Record.model_validate(
        {"record_id": f"r{number}", "doc_id": "d", "path": "a.pdf", "raw_material": "X"} | fields
    )


def test_highest_tc_come_first_and_only_so_many() -> None:
    summary = IngestSummary("t.db")
    for tc in (5, 250, 39, 92, *range(10, 30)):
        summary.add_records([_record(tc, tc_K=float(tc))])
    assert [t.tc_K for t in summary.top_tc][:3] == [250, 92, 39]
    assert len(summary.top_tc) == TOP_TC_SHOWN
    assert summary.records == 24


def test_what_a_paper_repeats_is_shown_once() -> None:
    summary = IngestSummary("t.db")
    summary.add_records(
        [
            _record(1, tc_K=39.0, formula="MgB2", raw_material="MgB 2", page=1),
            _record(2, tc_K=39.0, formula="MgB2", page=4),
            _record(3, tc_K=39.0, formula="MgB2", pressure_GPa=1.0),
        ]
    )
    assert sorted((t.material, t.pressure_GPa or 0, t.page) for t in summary.top_tc) == [
        ("MgB2", 0, 1),
        ("MgB2", 1.0, None),
    ]


def test_what_does_not_superconduct_has_no_place_among_the_highest() -> None:
    summary = IngestSummary("t.db")
    summary.add_records([_record(1, tc_K=300.0, superconducting=False), _record(2, lambda_=1.0)])
    assert summary.top_tc == []
    assert summary.records == 2


def test_statuses_problems_and_files_add_up() -> None:
    summary = IngestSummary("t.db", found=5)
    summary.already_done_statuses["done"] += 1
    summary.add_status("a.pdf", Status.DONE, "")
    summary.add_status("b.pdf", Status.TIMEOUT, "too slow")
    assert (summary.processed, summary.finished, summary.not_started) == (2, 3, 2)
    assert [(p.path, p.status, p.reason) for p in summary.problems] == [
        ("b.pdf", Status.TIMEOUT, "too slow")
    ]


def test_exit_codes() -> None:
    assert IngestSummary("t.db").exit_code == 0
    assert IngestSummary("t.db", missing=["x"]).exit_code == 1
    assert IngestSummary("t.db", missing=["x"], interrupted=True).exit_code == 130


def test_json_is_plain_data() -> None:
    summary = IngestSummary("t.db", found=1)
    summary.add_status("b.pdf", Status.CRASHED, "SIGSEGV")
    summary.add_seconds({"read": 1.0})
    summary.add_seconds({"read": 0.5, "save": 0.25})
    summary.already_done_statuses.update(["done", "done", "needs_ocr"])
    plain = json.loads(json.dumps(summary.to_json()))
    assert plain["already_done"] == 3
    assert plain["already_done_statuses"] == {"done": 2, "needs_ocr": 1}
    assert plain["problems"] == [{"path": "b.pdf", "status": "crashed", "reason": "SIGSEGV"}]
    assert plain["step_seconds"] == {"read": 1.5, "save": 0.25}


def test_highest_tc_are_written_as_show_writes_them(capsys: pytest.CaptureFixture[str]) -> None:
    summary = IngestSummary("t.db")
    summary.add_records(
        [
            _record(1, tc_K=190.0, tc_relation="~"),
            _record(2, tc_K=39.0, tc_uncertainty_K=0.5, evidence="measured"),
        ]
    )
    print_summary(summary)
    shown = capsys.readouterr().out
    assert "~190" in shown
    assert "39±0.5  measured" in shown
    assert "unknown" not in shown
