"""Gold tables load if they are as ``docs/tables.md`` says, and else say what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scmine.corpora.gold_tables import (
    PROSE,
    SHIPPED,
    GoldPaper,
    gold_files,
    load_gold_tables,
)
from scmine.corpora.types import CorpusError
from tests.corpora.gold_table_papers import ROWS

PAPER: dict[str, Any] = {
    "file": "a.pdf",
    "sha256": "0" * 64,
    "split": "dev",
    "pages_complete": [2],
    "tables": [
        {
            "page": 2,
            "header_rows": 2,
            "rows": ROWS,
            "claims": [{"material": "MgB2", "tc_K": 39.0, "lambda": 0.7}],
        }
    ],
}


def _write(folder: Path, name: str = "a.json", **changes: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps({**PAPER, **changes}), encoding="utf-8")
    return path


def _with_table(**changes: Any) -> list[dict[str, Any]]:
    return [{**PAPER["tables"][0], **changes}]


def test_a_file_loads(tmp_path: Path) -> None:
    _write(tmp_path)
    [paper] = load_gold_tables(tmp_path)
    assert paper.file == "a.pdf"
    [table] = paper.tables
    assert table.rows[2] == ("MgB2", "39", "0")
    assert table.claims[0].lambda_ == 0.7
    assert table.claims[0].pressure_GPa is None


def test_other_json_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")
    assert gold_files(tmp_path) == []
    with pytest.raises(FileNotFoundError, match="no gold tables"):
        load_gold_tables(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"split": "train"}, "split"),
        ({"sha256": "0"}, "sha256"),
        ({"file": "../a.pdf"}, "file"),
        ({"tables": []}, "tables"),
        ({"pages": [1]}, "pages"),
        ({"tables": _with_table(rows=[["a", "b"], ["c"]])}, r"rows have \[1, 2\] cells"),
        ({"tables": _with_table(header_rows=9)}, "9 header rows of 5"),
        ({"tables": _with_table(rows=[["a b c d e f g h i"]], header_rows=0)}, PROSE),
        ({"tables": _with_table(claims=[{"material": "MgB2"}])}, "a claim needs"),
        ({"tables": _with_table(claims=[{"material": "MgB2", "Tc": 39}])}, "Tc"),
        ({"tables": _with_table(claims=[{"material": "MgB2", "tc_K": -1}])}, "tc_K"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = _write(tmp_path, **changes)
    with pytest.raises(CorpusError, match=message) as error:
        load_gold_tables(tmp_path)
    assert error.value.path == path


def test_text_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"tables": [', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"a\.json"):
        load_gold_tables(tmp_path)


def test_two_files_of_one_paper_are_an_error(tmp_path: Path) -> None:
    _write(tmp_path)
    _write(tmp_path, "b.json")
    with pytest.raises(CorpusError, match=r"another file for a\.pdf"):
        load_gold_tables(tmp_path)


def test_the_shipped_tables_load() -> None:
    papers = load_gold_tables()
    assert {paper.split for paper in papers} == {"dev", "test"}
    assert {f"{Path(paper.file).stem}.json" for paper in papers} == {
        path.name for path in SHIPPED.glob("*.json")
    }
    assert all(isinstance(paper, GoldPaper) for paper in papers)
