"""The whole round: papers to annotators, corrections in the tool's own file, a corpus, training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scmine.corpora.loading import load_corpus
from scmine.pipelines.cli import app
from tests.corpora.corrections.test_retraining import write_supermat

PAPER = """# On new superconductors 😀

We report that MgB2 has a Tc of 39 K at ambient pressure. The film of NbN becomes
superconducting at 16 K in our measurements. Under a pressure of 150 GPa, the hydride LaH10
superconducts below 250 K. Å e\u0301 𝑇c of FeSe films was found to be 8.5 K. The resistivity of
La1.85Sr0.15CuO4 vanishes at 38 K on cooling.
"""


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def taken_over(task: dict[str, Any], number: int, *, without: str = "") -> dict[str, Any]:
    """An annotation as Label Studio makes it when a person submits the prediction."""
    [prediction] = task["predictions"]
    result = [r for r in prediction["result"] if r.get("value", {}).get("text") != without]
    kept = {r.get("id") for r in result}
    ends = [r for r in result if r["type"] != "relation" or {r["from_id"], r["to_id"]} <= kept]
    return {"id": number, "completed_by": number, "was_cancelled": False, "result": ends}


def test_from_papers_to_a_model(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(PAPER, encoding="utf-8")
    given = tmp_path / "given"
    code, output = run(
        *("annotate", paper, "--to", "label-studio", "-o", given, "--workers", "1", "-q"),
    )
    assert code == 0, output
    tasks = json.loads((given / "tasks.json").read_text("utf-8"))
    proposed = [r for t in tasks for r in t["predictions"][0]["result"] if r["type"] == "labels"]
    lost = next(r["value"]["text"] for r in proposed if r["value"]["labels"] == ["tcValue"])
    for number, task in enumerate(tasks, 1):
        task["id"] = number
        task["annotations"] = [taken_over(task, 1), taken_over(task, 2, without=lost)]
    export = given / "export.json"
    export.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")

    code, output = run("annotate", "agreement", export, "--rounds", "20", "--json")
    assert code == 0, output
    told = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
    exact = next(f for f in told["figures"] if (f["name"], f["label"]) == ("f1_exact", "tcValue"))
    values = sum(r["value"]["labels"] == ["tcValue"] for r in proposed)
    assert exact["value"] == pytest.approx(2 * (values - 1) / (2 * values - 1), abs=1e-4)

    out = tmp_path / "annotated"
    code, output = run("annotate", "import", export, "--follow", "1", "-o", out)
    assert code == 0, output
    assert "1  followed" in output
    [found] = load_corpus("supermat", out).papers
    words = sorted(p.text[m.start : m.end] for p in found.passages for m in p.mentions)
    assert words == sorted(" ".join(r["value"]["text"].split()) for r in proposed)

    supermat = write_supermat(tmp_path / "supermat")
    model = tmp_path / "model"
    # So few sentences are too few for a network, unless they are shown often.
    more = ("--with-annotations", out, "--upsample", 12)
    code, output = run("train", "linker", supermat, "-o", model, *more)
    assert code == 0, output
    assert f"annotations: 1 papers with {len(proposed)} mentions; 1 of them" in output
    assert next(model.iterdir(), None) is not None
