"""Whole runs with a language model on loopback, whose answers are made by us and replayed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from scmine.database.llm_reading import llm_uses
from scmine.database.llm_use import LlmState, StoredLlmUse
from scmine.database.record import Record, Source
from scmine.database.store import open_database
from scmine.pipelines import IngestSummary, ingest
from tests.llm_server import Answered, LlmServer, error, serving
from tests.pipelines.llm_papers import (
    COUPLING,
    SURE,
    UNLINKED,
    asked_place,
    asked_text,
    claim,
    paper,
    replaying,
)

NOTHING = replaying({})
OWN_PATH = os.environ.get("PYTHONPATH", "")


@pytest.fixture(autouse=True)
def here(own_folder: Path) -> Path:
    """An empty current folder."""
    return own_folder


def go(server: LlmServer, **options: Any) -> IngestSummary:
    named = {n: options.pop(n) for n in list(options) if n.startswith("llm_")}
    model = options.pop("llm", "m")
    settings = {"llm_url": server.url, "llm_cache": "cache.db", "llm_concurrency": 1} | named
    options = {"db": "t.db", "workers": 1} | options
    return ingest("papers", llm=model, llm_options=settings, **options)


def records() -> dict[str, Record]:
    """The records by material."""
    with open_database("t.db", create=False) as database:
        return {record.raw_material: record for record in database.records()}


def uses() -> dict[str, StoredLlmUse]:
    """What was asked, by the stem of the paper."""
    with open_database("t.db", create=False) as database:
        stems = {d.doc_id: Path(d.path).stem for d in database.documents()}
        return {stems[use.doc_id]: use for use in llm_uses(database)}


def test_what_comes_of_answers_true_other_and_invented() -> None:
    """Agreement, a claim that only the model makes, another opinion, and what the page lacks."""
    found_only = "In the next runs NbN was looked at, and there 16.5 K was what it took to see it."
    disputed = "Unlike VN, it is YNi2B2C that has a Tc of 15.6 K in these experiments."
    paper(Path("papers"), "four", SURE, found_only, disputed)
    script = {
        SURE: [
            claim("MgB2", SURE, tc="39 K"),
            claim("MgB2", "MgB2 has a Tc of 250 K at 300 GPa", tc="250 K", pressure="300 GPa"),
            claim("LaH10", SURE, tc="39 K"),
        ],
    }
    with serving(replaying(script)) as server:
        summary = go(server, llm_all=True, llm_price_in=1.0, llm_price_out=10.0)
        assert len(server.asked) == summary.llm.requests > 0
    found = records()
    assert "LaH10" not in found
    both = found["MgB2"]
    assert (both.tc_K, both.source) == (39.0, Source.TEXT)
    assert "llm:m@claims@" in both.extractor
    assert " + " in both.extractor
    assert {place.source for place in both.places} == {Source.TEXT, Source.LLM}
    assert not any(r.tc_K == 250 for r in found.values())
    use = uses()["four"]
    assert (use.state, use.model, use.everything) == (LlmState.DONE, "m", True)
    assert use.meetings["agreed"] == 1
    assert use.kept == 1
    assert sum(use.drops.values()) == 3
    assert use.cost == pytest.approx((use.tokens_in + 10 * use.tokens_out) / 1e6)
    assert summary.llm.to_json()["meetings"] == use.meetings
    assert summary.llm.to_json()["cost_unit"] == "money"


def test_only_what_is_open_is_asked_and_everything_when_told() -> None:
    paper(Path("papers"), "open", SURE, COUPLING, "The pellets were pressed and sintered again.")
    paper(Path("papers"), "sure", SURE)
    with serving(NOTHING) as server:
        summary = go(server)
        assert [asked_text(body) for body in server.asked] == [COUPLING]
        assert uses()["open"].reasons == {"no_claims_though_words": 1}
        assert (uses()["sure"].requests, uses()["sure"].state) == (0, LlmState.DONE)
        assert (summary.llm.papers, summary.llm.unasked) == (1, 1)
        assert go(server).already_done == 2
        assert len(server.asked) == 1
        again = go(server, llm_all=True)
        assert again.processed == 2
        assert again.llm.cached == 1
        assert len(server.asked) == again.llm.requests
        assert go(server).already_done == 2


def test_without_a_model_records_are_as_with_one_that_says_nothing_of_sure_places() -> None:
    paper(Path("papers"), "sure", SURE, "The pellets were pressed and sintered again.")
    ingest("papers", db="t.db", workers=1)
    before = records()
    assert uses() == {}
    with serving(NOTHING) as server:
        assert go(server).processed == 1
        assert server.asked == []
    assert records() == before
    assert ingest("papers", db="t.db", workers=1).already_done == 1
    assert uses()["sure"].state is LlmState.DONE


def test_another_model_is_asked_again_and_the_same_is_not() -> None:
    paper(Path("papers"), "open", COUPLING)
    with serving(NOTHING) as server:
        go(server)
        go(server, llm="other")
        assert [body["model"] for body in server.asked] == ["m", "other"]
        assert uses()["open"].model == "other"


def test_a_server_that_dies_costs_no_record_and_the_next_run_asks_what_is_left() -> None:
    for name in ("one", "two", "three"):
        paper(Path("papers"), name, f"{SURE} This is sample {name}.", f"{COUPLING} See {name}.")

    def answer(body: dict[str, Any]) -> Answered:
        return NOTHING(body) if len(server.asked) <= 1 else Answered(cut=0)

    with serving(answer) as server:
        summary = go(server)
        assert summary.statuses == {"done": 3}
        assert summary.llm.open == 2
        assert summary.exit_code == 0
    assert sorted(use.state for use in uses().values()) == ["done", "open", "open"]
    assert all("unavailable" in use.reason for use in uses().values() if use.state == "open")
    with open_database("t.db", create=False) as database:
        assert sum(r.raw_material == "MgB2" for r in database.records()) == 3
    with serving(NOTHING) as server:
        summary = go(server)
        assert (summary.processed, summary.llm.open) == (2, 0)
        assert len(server.asked) == 2
    assert {use.state for use in uses().values()} == {LlmState.DONE}


def test_another_model_that_does_not_answer_takes_nothing_that_the_first_one_found() -> None:
    paper(Path("papers"), "one", f"The films are of YNi2B2C. {UNLINKED}")
    script = {UNLINKED: [claim("YNi2B2C", UNLINKED, tc="16.5 K")]}
    script[UNLINKED][0]["material_quote"] = "The films are of YNi2B2C"
    with serving(replaying(script)) as server:
        go(server)
    before, use = records(), uses()["one"]
    assert "llm:m@" in before["YNi2B2C"].extractor
    with serving(lambda body: error(404, "no such model", "model_not_found")) as server:
        summary = go(server, llm="mistyped")
    assert (summary.llm.open, summary.statuses) == (1, {"done": 1})
    assert "them: 1; what is saved is kept" in summary.notes[-1]
    assert records() == before
    assert uses()["one"] == use
    with serving(NOTHING) as server:
        go(server, llm="other")
    assert uses()["one"].model == "other"
    assert "llm:" not in records()["YNi2B2C"].extractor


def test_a_budget_that_is_reached_stops_the_asking_and_not_the_run() -> None:
    for name in ("one", "two"):
        paper(Path("papers"), name, SURE, f"{COUPLING} See {name}.")
    with serving(NOTHING) as server:
        summary = go(server, llm_budget=10.0)
        assert server.asked == []
        assert (summary.statuses, summary.llm.open) == ({"done": 2}, 2)
        assert summary.llm.endings == {"over_budget": 2}
        assert go(server).llm.endings == {"answered": 2}


def test_what_cannot_be_made_of_a_paper_costs_the_answers_and_no_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path(__file__).parent), OWN_PATH)))
    paper(Path("papers"), "odd", SURE, COUPLING)
    with serving(NOTHING) as server:
        summary = go(server, processor="odd_paper_processor:make_processor")
        assert server.asked == []
    assert (summary.statuses, summary.llm.open) == ({"done": 1}, 1)
    assert "answers could not be used" in uses()["odd"].reason
    assert records()["MgB2"].tc_K == 39.0


def test_an_estimate_asks_nothing_and_saves_nothing() -> None:
    paper(Path("papers"), "open", SURE, COUPLING)
    paper(Path("papers"), "sure", SURE + " It is so.")
    with serving(NOTHING) as server:
        summary = go(server, estimate=True, llm_price_in=1.0, llm_price_out=2.0)
        assert server.asked == []
    assert not Path("t.db").exists()
    found = summary.llm_estimate
    assert (found.papers, found.unasked, dict(found.requests)) == (1, 1, {"claims": 1})
    likely, most = found.costs()
    assert 0 < likely < most
    assert summary.to_json()["llm_estimate"]["cost"] == likely


@pytest.mark.parametrize(
    "answered",
    [
        Answered("no JSON at all"),
        Answered(json.dumps({"claims": [{"material": 7}]})),
        Answered("", refusal="I cannot help with that."),
        Answered('{"claims": [', finish_reason="length"),
        Answered("x" * 200_000),
    ],
)
def test_a_bad_answer_costs_no_record_and_is_not_asked_for_again(answered: Answered) -> None:
    paper(Path("papers"), "open", SURE, COUPLING)
    with serving(lambda body: answered) as server:
        assert go(server).statuses == {"done": 1}
        asked = len(server.asked)
        assert go(server).already_done == 1
        assert len(server.asked) == asked
    assert records()["MgB2"].tc_K == 39.0
    assert uses()["open"].state is LlmState.DONE


def command(server: LlmServer) -> list[str]:
    options = ["--llm", "m", "--llm-url", server.url, "--db", "t.db", "--workers", "1"]
    return [sys.executable, "-P", "-m", "scmine.pipelines.cli", "ingest", "papers", *options]


@pytest.fixture
def slow() -> Iterator[LlmServer]:
    """A server that thinks for half a second before each answer, and four papers to ask about."""
    for name in ("one", "two", "three", "four"):
        paper(Path("papers"), name, SURE, f"{COUPLING} See {name}.", f"{UNLINKED} {name}.")
    with serving(replaying({}, delay_s=0.5)) as server:
        yield server


def environment() -> Mapping[str, str]:
    return os.environ | {"SCMINE_LLM_CACHE": "cache.db", "SCMINE_LLM_CONCURRENCY": "1"}


def wait_for_questions(server: LlmServer, number: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while len(server.asked) < number:
        assert process.poll() is None, "the run ended before it asked"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_killed_run_goes_on_without_paying_twice(slow: LlmServer) -> None:
    process = subprocess.Popen(command(slow), env=environment(), stdout=subprocess.DEVNULL)
    wait_for_questions(slow, 3, process)
    process.kill()
    process.wait()
    time.sleep(0.6)  # what was in flight is answered to nobody
    before = len(slow.asked)
    summary = go(slow)
    assert summary.llm.open == 0
    assert {use.state for use in uses().values()} == {LlmState.DONE}
    questions = [(asked_place(body), asked_text(body)) for body in slow.asked]
    different = set(questions)
    assert len(uses()) == 4
    assert len(questions) - len(different) <= 1, "only what was in flight is asked again"
    assert before >= 3


def test_one_ctrl_c_saves_what_was_read_and_the_next_run_asks_the_rest(slow: LlmServer) -> None:
    process = subprocess.Popen(command(slow), env=environment(), stdout=subprocess.DEVNULL)
    wait_for_questions(slow, 2, process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    saved = uses()
    assert saved
    assert any(use.state is LlmState.OPEN and "cancelled" in use.reason for use in saved.values())
    with open_database("t.db", create=False) as database:
        assert sum(r.tc_K == 39.0 for r in database.records()) == len(saved)
    summary = go(slow)
    assert summary.llm.open == 0
    assert {use.state for use in uses().values()} == {LlmState.DONE}
    assert len(uses()) == 4


def test_a_structure_that_only_the_model_reads_is_rebuilt() -> None:
    """Its answer comes into the building of structures as those do that rules read."""
    text = (
        "LuZnH8 was then relaxed again. The lattice constant is put at 5.1 by one who had a = 5.12 "
        "Å for it, the group being no other than Fm-3m as for its likes."
    )
    paper(Path("papers"), "cell", SURE, text)
    quote = "had a = 5.12 Å for it, the group being no other than Fm-3m"
    values = {"a": "5.12 Å", "space_group": "Fm-3m"}
    phase = claim("LuZnH8", "LuZnH8 was then relaxed again.", "PLACE")
    phase["values"] = [
        {"field": field, "value": value, "quote": quote, "passage": "PLACE"}
        for field, value in values.items()
    ]
    phase = {n: phase[n] for n in ("material", "material_quote", "material_passage", "values")}
    with serving(replaying({}, {"LuZnH8": [phase | {"sites": []}]})) as server:
        go(server, llm_all=True)
    use = uses()["cell"]
    assert (use.kept, use.drops) == (2, {})
    with open_database("t.db", create=False) as database:
        [found] = [r for r in database.records() if r.raw_material == "LuZnH8" and r.a_A]
        [structure] = database.structures()
    assert (found.a_A, found.space_group_number) == (5.12, 225)
    assert "crystal@" in found.extractor
    assert found.structure_id == structure.structure_id


def test_many_papers_make_one_batch() -> None:
    for name in ("one", "two", "three"):
        paper(Path("papers"), name, SURE, f"{COUPLING} See {name}.")
    with serving(NOTHING) as server:
        assert server.batches is not None
        server.batches.polls = 0
        summary = go(server, llm_batch=True)
        assert len(server.batches.jobs) == 1
    assert (summary.llm.papers, summary.llm.open) == (3, 0)


def test_show_and_info_say_what_was_asked() -> None:
    paper(Path("papers"), "open", SURE, COUPLING)
    with serving(NOTHING) as server:
        go(server)
    scmine = [sys.executable, "-P", "-m", "scmine.pipelines.cli"]
    shown = [
        subprocess.run(
            [*scmine, *words, "--db", "t.db"], capture_output=True, text=True, check=True
        )
        for words in (["show", "--llm"], ["info"])
    ]
    assert "m (claims@" in shown[0].stdout
    assert "1 no_claims_though_words" in shown[0].stdout
    assert "language models: m: 1 documents done, 1 requests" in shown[1].stdout


def test_an_example_with_replayed_answers(root: Path) -> None:
    """What rules and model both say, what the model adds, and what the page does not say."""
    weak = (
        "The resistivity of the crystals with x = 0.05 shows a weak upturn below 60 K before the "
        "onset of superconductivity at 31.4 K."
    )
    sets_in = "In the susceptibility the diamagnetic signal sets in at 30.2 and 41.8 K"
    tetrahedron = "The maximum of 48.1 K thus coincides with the pressure"
    angle = "at ambient pressure for x = 0.10"
    script = {
        "weak upturn": [
            claim("x = 0.05", weak, tc="31.4 K"),
            claim("x = 0.05", sets_in, tc="30.2 K") | {"material_quote": weak},
            claim("x = 0.15", weak, tc="31.4 K"),
        ],
        "coincides": [
            claim("x = 0.10", tetrahedron, tc="48.1 K") | {"material_quote": angle},
            claim("x = 0.10", "Tc reaches 77 K in the end", tc="77 K"),
        ],
    }
    with serving(replaying(script)) as server:
        options = {"llm_url": server.url, "llm_cache": "cache.db"}
        example = root / "examples" / "pnictide_pressure.pdf"
        ingest(example, db="t.db", workers=1, llm="m", llm_options=options)
    use = uses()["pnictide_pressure"]
    assert (use.kept, sum(use.drops.values()), use.meetings["agreed"]) == (3, 2, 2)
    with open_database("t.db", create=False) as database:
        found = {r.tc_K: r for r in database.records() if "llm:" in r.extractor}
    assert set(found) == {31.4, 48.1, 30.2}
    assert {p.passage for p in found[48.1].places if p.source is Source.LLM} == {18}
    added = found[30.2]
    assert (added.source, added.formula, added.page) == (Source.LLM, "ScFeAsO0.95F0.05", 1)
    assert added.extractor.startswith("llm:m@claims@1 (unlinked_value")
    assert [flag for flag in added.flags if flag.startswith("llm_")] == []
    assert added.boxes
