"""``scmine annotate --llm`` asks a server, merges what it says, and pays nothing twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.json_lines import from_line
from scmine.extractors.llm.answers import LinksAnswer
from scmine.pipelines.cli import app
from tests.llm_server import Answered, question, serving

PAPER = """# Superconductivity in MgB2

## Abstract

MgB2 shows superconductivity below 39 K, as resistivity tells.

The samples were sintered at high temperature for several hours in argon.
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    (tmp_path / "paper.md").write_text(PAPER, encoding="utf-8")
    monkeypatch.setenv("SCMINE_LLM_CACHE", str(tmp_path / "cache.db"))

    def runs(*words: object) -> tuple[int, str]:
        paper = tmp_path / "paper.md"
        given = ["annotate", paper, "--to", "label-studio", "--workers", 1, "--llm", "m", *words]
        found = CliRunner().invoke(app, [str(word) for word in given])
        return found.exit_code, found.output

    return runs


def _answer(body: dict[str, Any]) -> str:
    """What a model might say: one mention is missing, one is cut short, one is invented."""
    if _wants_links(body):
        return json.dumps({"links": []})
    if "MgB2 shows superconductivity" not in question(body):
        return json.dumps({"mentions": []})
    items = [("material", "MgB2"), ("tcValue", "39"), ("tcValue", "93 K")]
    mentions = [{"label": label, "text": text, "quote": text} for label, text in items]
    return json.dumps({"mentions": mentions})


def _nothing(body: dict[str, Any]) -> str:
    return json.dumps({"links": []} if _wants_links(body) else {"mentions": []})


def _wants_links(body: dict[str, Any]) -> bool:
    name: str = body["response_format"]["json_schema"]["name"]
    return name == LinksAnswer.__name__


def _units(out: Path) -> dict[str, AnnotatedText]:
    lines = (out / "units.jsonl").read_text("utf-8").splitlines()
    return {text.text: text for text in map(from_line, lines)}


def test_both_are_merged_and_the_annotator_is_told(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    with serving(_answer) as server:
        code, said = run("--llm-url", server.url, "-o", tmp_path / "out", "--json")
    assert code == 0, said
    summary = json.loads(said)
    assert summary["asked"] == {"answered": summary["asked"]["answered"]}
    assert sum(summary["dropped"].values()) == 1  # 93 K
    unit = next(u for text, u in _units(tmp_path / "out").items() if "39 K" in text)
    before = unit.before
    assert before is not None
    told = {m.text: before.reason(i) for i, m in enumerate(before.mentions)}
    assert "93 K" not in told
    assert told["MgB2"] == ""
    assert any(reason.startswith("bounds differ") for reason in told.values())
    assert told["resistivity"].startswith("only the tagger")
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))
    metas = [r["meta"]["text"] for t in tasks for r in t["predictions"][0]["result"] if "meta" in r]
    assert any("bounds differ" in line for meta in metas for line in meta)


def test_the_second_run_asks_nothing(run: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    with serving(_answer) as server:
        assert run("--llm-url", server.url, "-o", tmp_path / "one")[0] == 0
        asked = len(server.asked)
        code, said = run("--llm-url", server.url, "-o", tmp_path / "two")
        assert (code, len(server.asked)) == (0, asked)
    assert f"{asked} from the cache" in said
    one, two = ((tmp_path / name / "tasks.json").read_text("utf-8") for name in ("one", "two"))
    assert one == two


def test_a_server_that_refuses_leaves_the_taggers_proposals(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    with serving(lambda body: Answered(refusal="I will not")) as server:
        code, said = run("--llm-url", server.url, "-o", tmp_path / "out")
    assert code == 1
    assert "refused" in said
    unit = next(u for text, u in _units(tmp_path / "out").items() if "39 K" in text)
    assert unit.before is not None
    assert {m.extractor.partition("@")[0] for m in unit.before.mentions} == {"tagger"}


def test_the_limit_holds_for_questions_too(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    with serving(_nothing) as server:
        code, said = run("--llm-url", server.url, "-o", tmp_path / "out", "--limit", 1)
        assert code == 0, said
        assert len([body for body in server.asked if not _wants_links(body)]) == 1
    assert len(_units(tmp_path / "out")) == 1


def test_a_server_without_a_key_where_one_is_needed_is_told(
    run: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    code, said = run("-o", tmp_path / "out")
    assert code == 2
    assert "SCMINE_LLM_KEY" in said
    assert not (tmp_path / "out").exists()


def test_an_estimate_asks_nothing_and_writes_nothing(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    prices = ["--llm-price-in", 1, "--llm-price-out", 2]
    with serving(_nothing) as server:
        url = ["--llm-url", server.url]
        code, said = run(*url, "-o", tmp_path / "out", "--llm-estimate", "--json", *prices)
        assert code == 0, said
        assert server.asked == []
        assert not (tmp_path / "out").exists()
        guess = json.loads(said)
        code, said = run(*url, "-o", tmp_path / "out", "--json", *prices)
        assert code == 0, said
        asked = [body for body in server.asked if not _wants_links(body)]
    assert guess["questions"] == len(asked) + 1  # one has mentions that can be linked
    assert guess["tokens_in"] > 0
    assert guess["cost"] > 0
