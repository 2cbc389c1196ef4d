"""The stage by itself: papers whose answers cannot be used, beside papers whose answers can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scmine.database.llm_use import LlmState
from scmine.database.results import DocumentResult
from scmine.extractors import PIPELINE_VERSION
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.server import Endpoint
from scmine.pipelines.llm_paper import ReadPaper, packed
from scmine.pipelines.llm_stage import Asked, LlmStage
from scmine.pipelines.process import finished, read_paper
from scmine.pipelines.settings import Settings
from tests.llm_server import serving
from tests.pipelines.llm_papers import UNLINKED, claim, paper, replaying

SCRIPT = {UNLINKED: [claim("YNi2B2C", "The films are of YNi2B2C", tc="16.5 K")]}
PLAIN: dict[str, Any] = {"document": "none"}


def ticket(folder: Path, name: str) -> tuple[DocumentResult, dict[str, Any]]:
    """A paper as a worker hands it over, with what the rules made of it."""
    read = read_paper(str(paper(folder, name, f"The films are of YNi2B2C. {UNLINKED}")), name)
    assert isinstance(read, ReadPaper)
    return finished(read), packed(read)


def of_the_rules(path: str) -> DocumentResult:
    """What the rules made of a paper that is not as it should be."""
    return DocumentResult(
        doc_id=path, path=path, reader="made", status="done", pipeline_version=PIPELINE_VERSION
    )


def refusing(name: str, read: ReadPaper) -> DocumentResult:
    """What makes a result of a paper, but breaks at the paper ``name``."""
    if name in read.path:
        raise AssertionError("no result of this one")
    return finished(read)


def asked(tmp_path: Path, *, together: int, odd: bool, debug: bool) -> dict[str, Asked]:
    """What comes of three papers, of which the second breaks, by name."""
    with serving(replaying(SCRIPT)) as server, Client(Endpoint("m", server.url)) as client:
        stage = LlmStage(
            client, Settings(), lambda read: refusing("two", read), together, debug=debug
        )
        for name in ("one", "two", "three"):
            if odd and name == "two":
                stage.add(of_the_rules(name), PLAIN)
            else:
                stage.add(*ticket(tmp_path, name))
        return {Path(found.result.path).stem: found for found in stage.rest()}


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("odd", [True, False])
def test_a_paper_that_breaks_costs_its_own_answers_and_no_others(
    tmp_path: Path, together: int, odd: bool
) -> None:
    found = asked(tmp_path, together=together, odd=odd, debug=False)
    states = {name: one.result.llm.state for name, one in found.items() if one.result.llm}
    assert states == {"one": LlmState.DONE, "two": LlmState.OPEN, "three": LlmState.DONE}
    assert "answers could not be used" in found["two"].trouble
    for name in ("one", "three"):
        use = found[name].result.llm
        assert use is not None
        assert use.endings == {"answered": 1}


def test_why_answers_could_not_be_used_is_told_with_the_line_and_in_full_when_debugging(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    quiet = asked(tmp_path, together=1, odd=False, debug=False)
    assert "AssertionError: no result of this one (test_llm_stage.py:" in quiet["two"].trouble
    assert "Traceback" not in capfd.readouterr().err
    asked(tmp_path, together=1, odd=False, debug=True)
    said = capfd.readouterr().err
    assert "Traceback" in said
    assert "in refusing" in said
