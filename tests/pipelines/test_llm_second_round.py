"""Whole runs with the second round of questions: whose records are, and a check of them.

All answers are made by us: they say what a model could say, not what one said.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scmine.database.llm_reading import llm_uses
from scmine.database.llm_use import LlmState, StoredLlmUse
from scmine.database.record import Evidence, Origin, Record
from scmine.database.store import open_database
from scmine.pipelines import IngestSummary, ingest
from tests.llm_server import Answered, LlmServer, question, serving
from tests.pipelines.llm_papers import COUPLING, SURE, claim, judging, listed, paper, replaying

UNKNOWN = (
    "The phonon dispersion and the band structure were computed with plane waves.",
    "The samples were grown and annealed in a furnace, and X-ray diffraction was done.",
    "YH6 has the space group Im-3m and a = 3.7 Å. Its lattice was relaxed with the PBE functional "
    "at each step of the search.",
)
RELAXED = "Its lattice was relaxed with the PBE functional"
STRUCTURE = "The structure of LuZnH8 belongs to the cubic space group"


@pytest.fixture(autouse=True)
def here(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and no key of the machine's user."""
    for name in ("OPENAI_API_KEY", "SCMINE_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    return own_folder


@pytest.fixture
def hydride(root: Path) -> Path:
    """A paper of which the rules cannot well tell whose two structures are."""
    return root / "examples" / "hydride_eliashberg.tex"


def go(server: LlmServer, what: Path = Path("papers"), **options: Any) -> IngestSummary:
    named = {n: options.pop(n) for n in list(options) if n.startswith("llm_")}
    settings = {"llm_url": server.url, "llm_cache": "cache.db", "llm_concurrency": 1} | named
    options = {"db": "t.db", "workers": 1} | options
    return ingest(what, llm="m", llm_options=settings, **options)


def records(db: str = "t.db") -> list[Record]:
    with open_database(db, create=False) as database:
        return sorted(database.records(), key=lambda record: record.record_id)


def use(db: str = "t.db") -> StoredLlmUse:
    with open_database(db, create=False) as database:
        [found] = llm_uses(database)
        return found


def said(origin: str, evidence: str, quote: str) -> dict[str, str]:
    return {"origin": origin, "evidence": evidence, "quote": quote}


def verdict(verdict: str, quote: str) -> dict[str, str]:
    return {"verdict": verdict, "quote": quote}


def test_what_is_unknown_is_filled_by_a_quoted_answer() -> None:
    paper(Path("papers"), "cell", *UNKNOWN)
    answers = replaying({}, verdicts={"YH6": said("this_work", "calculated", RELAXED)})
    with serving(answers) as server:
        summary = go(server)
    [found] = [record for record in records() if record.raw_material == "YH6"]
    assert (found.evidence, found.origin) == (Evidence.CALCULATED, Origin.THIS_WORK)
    assert found.extractor.endswith(" + llm:m@whose@1 (unclear_whose)")
    assert (found.a_A, found.space_group) == (3.7, "Im-3m")
    assert use().reasons["unclear_whose"] == 1
    assert (use().kept, use().drops) == (1, {})
    assert use().requests == summary.llm.requests == len(server.asked)


@pytest.mark.parametrize(
    ("quote", "dropped"),
    [
        ("YH6 has the space group Im-3m and a = 3.7", "not_said"),
        ("we calculated it within DFT", "quote_not_found"),
        ("The phonon dispersion and the band structure were computed", "quote_not_found"),
    ],
)
def test_nothing_is_filled_from_words_that_do_not_say_it(quote: str, dropped: str) -> None:
    """The third stands in the paper, in a place that was not shown with the record."""
    paper(Path("papers"), "cell", *UNKNOWN)
    with serving(replaying({}, verdicts={"YH6": said("unknown", "calculated", quote)})) as server:
        go(server)
    [found] = [record for record in records() if record.raw_material == "YH6"]
    assert found.evidence is Evidence.UNKNOWN
    assert "whose" not in found.extractor
    assert use().drops == {dropped: 1}


def test_agreement_raises_and_contradiction_flags(hydride: Path) -> None:
    with serving(replaying({})) as server:
        go(server, hydride, db="before.db")
    before = {record.record_id: record for record in records("before.db")}
    script = {
        "3̄m (No. 225).)": said("this_work", "measured", STRUCTURE),
        "lattice parameter": said("this_work", "calculated", STRUCTURE),
        "LuCdH8": said("cited", "measured", "It was seen elsewhere"),
    }
    with serving(replaying({}, verdicts=script)) as server:
        go(server, hydride, llm_cache="other.db")
        assert sum(bool(listed(body, "Say whose")) for body in server.asked) == 1
    changed = [r for r in records() if r != before[r.record_id]]
    other, same = sorted(changed, key=lambda record: record.a_A is not None)
    old = before[other.record_id]
    assert other.flags == [*old.flags, "llm_other_whose"]
    assert other.confidence == pytest.approx(0.9 * (old.confidence or 0), abs=1e-3)
    assert (other.evidence, other.origin) == (old.evidence, old.origin)
    assert same.flags == before[same.record_id].flags
    assert (same.confidence or 0) > (before[same.record_id].confidence or 0)
    assert {n for n in Record.model_fields if getattr(same, n) != getattr(old, n)} >= {"confidence"}


def test_a_check_flags_what_the_page_contradicts_and_changes_no_value(hydride: Path) -> None:
    with serving(replaying({})) as server:
        go(server, hydride, db="before.db")
    before = {record.record_id: record for record in records("before.db")}
    script = {
        "LuCdH8": verdict("wrong", "For LuCdH8 we obtain a critical temperature of 118 K"),
        "LuH12": verdict("wrong", "LuH12 was never found to superconduct"),
        "YbH12": verdict("wrong", "The shortest distance between two hydrogen atoms is"),
        "close to 160 K": verdict("supported", "a critical temperature close to 160 K"),
        "150 GPa": verdict("unsure", ""),
    }
    with serving(replaying({}, verdicts=script)) as server:
        summary = go(server, hydride, llm_check=True)
        assert any(listed(body, "Check the") for body in server.asked)
    assert {r.record_id for r in records()} == set(before)
    changed = [r for r in records() if r != before[r.record_id]]
    assert [record.raw_material for record in changed] == ["LuCdH8"]
    [found] = changed
    old = before[found.record_id]
    assert found.flags == [*old.flags, "llm_doubts"]
    assert found.confidence == pytest.approx((old.confidence or 0) / 2, abs=1e-3)
    names = ("flags", "confidence")
    assert found == old.model_copy(update={name: getattr(found, name) for name in names})
    assert summary.llm.drops["quote_not_found"] >= 1
    assert summary.llm.drops.total() == 2
    assert use().prompts[-1] == "check@1"


def test_nothing_is_paid_twice_and_a_check_is_asked_when_it_is_wanted(hydride: Path) -> None:
    with serving(replaying({})) as server:
        first = go(server, hydride)
        asked = len(server.asked)
        assert asked == first.llm.requests
        assert go(server, hydride).already_done == 1
        again = go(server, hydride, db="again.db")
        assert (len(server.asked), again.llm.cached) == (asked, asked)
        checked = go(server, hydride, llm_check=True)
        assert checked.processed == 1
        assert all(listed(body, "Check the") for body in server.asked[asked:])
        assert len(server.asked) == checked.llm.requests > asked
        assert go(server, hydride).already_done == 1
    assert use().prompts[-1] == "check@1"


def test_a_server_that_dies_in_the_second_round_costs_nothing_of_the_first() -> None:
    found_only = f"{COUPLING} In NbN with a Tc of 16.2 K it was stronger."
    paper(Path("papers"), "cell", SURE, *UNKNOWN, found_only)
    script = {"NbN": [claim("NbN", "In NbN with a Tc of 16.2 K it was stronger", tc="16.2 K")]}
    answers = replaying(script, verdicts={"YH6": said("unknown", "calculated", RELAXED)})

    gone = True

    def dying(body: dict[str, Any]) -> Answered:
        return Answered(cut=0) if gone and judging(body, {}) is not None else answers(body)

    with serving(dying) as server:
        summary = go(server, llm_all=True)
        assert (summary.statuses, summary.llm.open) == ({"done": 1}, 1)
        nbn = [record for record in records() if record.raw_material == "NbN"]
        assert any("llm:m@claims@1" in record.extractor for record in nbn)
        assert use().state is LlmState.OPEN
        assert "unavailable" in use().reason
        gone, asked = False, len(server.asked)
        assert go(server, llm_all=True).llm.open == 0
        assert ["Say whose" in question(body) for body in server.asked[asked:]] == [True]
    assert use().state is LlmState.DONE
    assert any(record.evidence is Evidence.CALCULATED for record in records())


def test_the_second_round_waits_for_the_first() -> None:
    """What is missing of the first round may make other records, so nothing is asked of these."""
    paper(Path("papers"), "cell", *UNKNOWN, COUPLING)
    with serving(lambda body: Answered(cut=0)) as server:
        assert go(server).llm.open == 1
        assert not any("Say whose" in question(body) for body in server.asked)


def test_an_estimate_counts_the_second_round(hydride: Path) -> None:
    with serving(replaying({})) as server:
        found = go(server, hydride, estimate=True, llm_check=True).llm_estimate
        assert server.asked == []
    assert found.requests["whose"] == 1
    assert found.requests["check"] >= 2
