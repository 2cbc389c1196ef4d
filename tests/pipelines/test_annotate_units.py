"""What a worker says of a paper is checked before anything is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scmine.pipelines.annotate_units import make_proposer, unpacked


@pytest.fixture
def answer(tmp_path: Path) -> dict[str, Any]:
    """A worker's true answer, as it comes over the pipe."""
    paper = tmp_path / "paper.md"
    paper.write_text("# On MgB2\n\nMgB2 superconducts below 39 K.\n", encoding="utf-8")
    found: dict[str, Any] = json.loads(
        json.dumps(make_proposer("supermat", "sentence")(str(paper), ""))
    )
    return found


def test_a_true_answer_is_taken(answer: dict[str, Any]) -> None:
    assert answer["status"] == "done"
    assert any("39 K" in p.text.text for p in unpacked(answer))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "../../outside"),
        ("id", "/etc/passwd"),
        ("id", "a\x00"),
        ("id", 5),
        ("text", ""),
        ("before", {"entities": [{"start": 0}], "links": []}),
        ("before", 3),
    ],
)
def test_an_odd_answer_is_refused(answer: dict[str, Any], key: str, value: object) -> None:
    answer["units"][-1]["unit"][key] = value
    with pytest.raises(ValueError, match=r"\w"):
        unpacked(answer)


def test_a_file_that_is_no_paper_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"no PDF at all")
    answer = make_proposer("sc-comics", "passage")(str(broken), "")
    assert answer["units"] == []
    assert answer["reason"]
    with pytest.raises(ValueError, match="not a worker's answer"):
        unpacked({})
