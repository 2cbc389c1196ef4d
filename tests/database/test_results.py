"""A result that does not hang together is refused before it reaches the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.record import RecordStatus
from scmine.database.results import DocumentResult

MakeResult = Callable[..., DocumentResult]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"doc_id": "f" * 64}, "of another document"),
        ({"record": {"status": RecordStatus.CURATED}}, "gives new records only"),
        ({"record": {"record_id": "same"}}, "record same is given twice"),
        ({"record_passages": [0]}, "1 passage indices for 2 records"),
        ({"record_passages": [0, 2]}, "passage 2 is not one of 2"),
        ({"record_passages": [0, -1]}, "passage -1 is not one of 2"),
        ({"record": {"title": "Another"}}, "has title 'Another', its document has 'On MgB2'"),
        ({"record": {"authors": []}}, r"has authors \[\], its document has"),
    ],
)
def test_what_is_refused(make_result: MakeResult, changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        make_result(**changes)


def test_an_unknown_title_may_be_none_or_empty(make_result: MakeResult):
    result = make_result(title="", authors=(), record={"title": None, "authors": []})
    assert len(result.records) == 2
