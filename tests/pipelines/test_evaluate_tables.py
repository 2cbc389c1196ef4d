"""``scmine evaluate tables`` on PDFs of our own, whose tables we know."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scmine.pipelines.evaluate_tables import evaluate_tables

NAME = "alloy_onecolumn.pdf"
ROWS = [
    ["Compound", "a (Å)", "b (Å)", "c (Å)", "ΘD (K)", "γ (mJ/mol K2)", "Tc (K)", "λ"],
    ["Sc2IrSi", "6.512(1)", "4.318(1)", "7.845(2)", "318", "15.8", "5.32", "0.64"],
    ["Y2IrSi", "7.021(2)", "4.561(1)", "8.402(2)", "262", "7.1", "< 1.8", ""],
    ["Lu2IrSi", "6.847(1)", "4.472(1)", "8.196(2)", "341", "8.9", "0.412", "0.39"],
]
EDGES = [(6.512, 4.318, 7.845), (7.021, 4.561, 8.402), (6.847, 4.472, 8.196)]
CLAIMS: list[dict[str, Any]] = [
    {"material": "Sc2IrSi", "tc_K": 5.32, "lambda": 0.64},
    {"material": "Y2IrSi", "tc_max_K": 1.8},
    {"material": "Lu2IrSi", "tc_K": 0.412, "lambda": 0.39},
]


def _gold(path: Path, **changes: Any) -> dict[str, Any]:
    claims = [
        {**claim, "a_A": a, "b_A": b, "c_A": c}
        for claim, (a, b, c) in zip(CLAIMS, EDGES, strict=True)
    ]
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "split": "dev",
        "pages_complete": [1, 2],
        "tables": [{"page": 2, "header_rows": 1, "rows": ROWS, "claims": claims}],
        **changes,
    }


def _write(folder: Path, gold: dict[str, Any], name: str = "gold.json") -> None:
    (folder / name).write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def papers(root: Path, own_folder: Path) -> Path:
    """The current folder, with a PDF in a folder of its own and the gold of its table."""
    (own_folder / "deep").mkdir()
    pdf = shutil.copy(root / "examples" / NAME, own_folder / "deep")
    _write(own_folder, _gold(Path(pdf)))
    return own_folder


def _scmine(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "scmine.pipelines.cli", "evaluate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_our_own_paper_is_read_without_error(papers: Path) -> None:
    evaluation = evaluate_tables(papers)
    assert evaluation.misses == ()
    for name, gold in (("tables", 1), ("cells", 31), ("head rows", 1), ("claims", 3)):
        score = evaluation.figures[name].scores["micro"]
        assert (score.right, score.predicted, score.gold) == (gold, gold, gold)


def test_misses_are_printed_with_file_and_page(papers: Path) -> None:
    rows = [ROWS[0], ["Sc2IrSi", "6.513(1)", *ROWS[1][2:]], *ROWS[2:]]
    gold = _gold(papers / "deep" / NAME)
    gold["tables"][0]["rows"] = rows
    _write(papers, gold)
    run = _scmine("tables", ".", "--misses", "5")
    assert run.returncode == 0
    assert f"{NAME} p. 2, row 2 column 2: 6.513(1) | 6.512(1)" in run.stdout
    assert re.search(r"cells +31 +31 +96\.8", run.stdout)
    assert run.stderr == ""


def test_json_has_all_numbers(papers: Path) -> None:
    run = _scmine("tables", ".", "--json", "-")
    scores = json.loads(run.stdout)
    assert scores["papers"] == 1
    assert scores["figures"]["claims"]["claims"]["f1"] == 100
    assert scores["fields"]["tc_K"]["gold"] == 2


def test_what_is_missing_is_listed(papers: Path) -> None:
    pdf = papers / "deep" / NAME
    _write(papers, _gold(pdf, file="none.pdf"), "none.json")
    other = papers / "other.pdf"
    other.write_bytes(b"%PDF-1.4")
    _write(papers, _gold(pdf, file="other.pdf"), "other.json")
    evaluation = evaluate_tables(papers)
    assert evaluation.setting.papers == 1
    assert evaluation.setting.missing == {
        "none.pdf": "not there",
        "other.pdf": "other contents (SHA-256)",
    }


def test_a_paper_that_cannot_be_read_counts_as_missed(papers: Path) -> None:
    bad = papers / "bad.pdf"
    bad.write_bytes(b"no PDF at all")
    _write(papers, _gold(bad), "bad.json")
    evaluation = evaluate_tables(papers)
    assert evaluation.setting.unread.keys() == {"bad.pdf"}
    assert evaluation.figures["tables"].scores["micro"].gold == 2
    assert evaluation.figures["claims"].scores["micro"].recall == 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none",), "none: no such folder"),
        ((".", "--split", "test"), "no gold table here is test"),
        (("deep",), "holds none of the"),
        ((".", "--json", "none/x.json"), "there is no folder none"),
    ],
)
def test_what_cannot_be_done_ends_with_1(
    papers: Path, arguments: tuple[str, ...], message: str
) -> None:
    run = _scmine("tables", *arguments)
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tables", ".", "--split", "train"), "gold tables have dev, test and all"),
        (("tables", ".", "--errors", "3"), "--misses"),
        (("tables", ".", "--pdf", "deep"), "--pdf"),
        (("supermat", ".", "--misses", "3"), "--errors"),
    ],
)
def test_options_of_other_corpora_end_with_2(
    papers: Path, arguments: tuple[str, ...], message: str
) -> None:
    run = _scmine(*arguments)
    assert run.returncode == 2
    assert message in run.stderr


@pytest.mark.shared
def test_the_packaged_gold_is_of_the_shared_papers(shared: Path) -> None:
    evaluation = evaluate_tables(shared / "papers", "test")
    assert evaluation.setting.missing == {}
    assert evaluation.setting.unread == {}
    assert evaluation.figures["tables"].scores["micro"].precision > 0
