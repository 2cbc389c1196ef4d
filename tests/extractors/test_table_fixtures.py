"""Tables of PDFs set by LaTeX: their cells against those of the source, and the text around them.

Each kind of layout is a file in ``tests/fixtures/latex/tables``; see the README there. A cell is
right if it stands in the row and column of the source and has its text, apart from blanks and the
kind of dash; cells of dots or dashes are empty.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors import extract, read
from scmine.extractors.document import Document, PassageKind

FOLDER = Path(__file__).parents[1] / "fixtures" / "latex" / "tables"
NAMES = sorted(p.name.removesuffix(".truth.json") for p in FOLDER.glob("*.truth.json"))

LOWEST = {"koma": 0.98}
"""The lowest F1 of cells that passes, where it is not 1: a head's scripts are read in the order
superscript, subscript."""

Cells = set[tuple[int, int, str]]


@cache
def _read(name: str) -> tuple[Document, dict[str, Any]]:
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text("utf-8"))
    return read(FOLDER / f"{name}.pdf"), truth


def _plain(text: str) -> str:
    text = re.sub("[–—−‐]", "-", re.sub(r"\s+", "", text))
    return "" if re.fullmatch(r"[-.·…]*", text) else text


def _filled(rows: list[list[str]]) -> Cells:
    return {
        (i, j, plain)
        for i, row in enumerate(rows)
        for j, text in enumerate(row)
        if (plain := _plain(text))
    }


def _f1(document: Document, truth: dict[str, Any]) -> float:
    """F1 of the cells; the tables are paired in their order."""
    right = wanted = found = 0
    for k in range(max(len(document.tables), len(truth["tables"]))):
        gold = _filled(truth["tables"][k]["rows"]) if k < len(truth["tables"]) else set()
        made: Cells = set()
        if k < len(document.tables):
            made = _filled([[c.text for c in row] for row in document.tables[k].rows])
        right, wanted, found = right + len(gold & made), wanted + len(gold), found + len(made)
    return 2 * right / (wanted + found)


@pytest.mark.parametrize("name", NAMES)
def test_cells(name: str) -> None:
    assert _f1(*_read(name)) >= LOWEST.get(name, 1.0)


def test_cells_of_all_layouts() -> None:
    assert sum(_f1(*_read(name)) for name in NAMES) / len(NAMES) >= 0.97


@pytest.mark.parametrize("name", NAMES)
def test_heads_are_told_from_rows(name: str) -> None:
    document, truth = _read(name)
    assert [len(t.header) for t in document.tables] == [t["header_rows"] for t in truth["tables"]]


@pytest.mark.parametrize("name", NAMES)
def test_captions(name: str) -> None:
    document, truth = _read(name)
    for table, gold in zip(document.tables, truth["tables"], strict=True):
        assert _plain(gold["caption"]).lower() in _plain(table.caption).lower()


@pytest.mark.parametrize("name", NAMES)
def test_tables_take_nothing_from_the_running_text(name: str) -> None:
    document, truth = _read(name)
    kinds = (PassageKind.PARAGRAPH, PassageKind.ABSTRACT)
    # Hyphens at line ends are the affair of the reading text.
    text = _plain(" ".join(p.text for p in document.passages if p.kind in kinds)).replace("-", "")
    for paragraph in set(truth["paragraphs"]):
        assert _plain(paragraph).replace("-", "") in text


@pytest.mark.parametrize("name", NAMES)
def test_each_filled_cell_has_its_box(name: str) -> None:
    document, _ = _read(name)
    for table in document.tables:
        for cell in (c for row in table.rows for c in row if c.text):
            assert cell.box is not None
            assert cell.box.x0 < cell.box.x1
            assert 1 <= cell.box.page <= document.page_count


def _stated(name: str, *fields: str) -> list[tuple[Any, ...]]:
    """``fields`` of the records that a table states, alone or besides other places."""
    records = extract(_read(name)[0]).records
    records = [r for r in records if any(p.source.value == "table" for p in r.places)]
    return [tuple(getattr(r, field) for field in fields) for r in records]


def test_claims_of_hydrides_under_pressure() -> None:
    found = _stated("landscape", "formula", "pressure_GPa", "lambda_", "mu_star", "tc_K")
    assert found == [
        (formula, pressure, lam, star, tc)
        for formula, pressure, lam, *tcs in (
            ("LaBH8", 50.0, 1.54, 126.0, 112.0),
            ("LaBeH8", 20.0, 1.59, 185.0, 167.0),
            ("KB2H8", 12.0, 2.99, 146.0, 134.0),
        )
        for star, tc in zip((0.1, 0.13), tcs, strict=True)
    ]


def test_claims_of_methods_over_one_unit() -> None:
    found = _stated("ruledtabular", "formula", "pressure_GPa", "tc_K", "tc_method", "mu_star")
    assert ("LaYH20", 150.0, 201.0, "McMillan", 0.1) in found
    assert ("LaYH20", 150.0, 249.0, "Migdal-Eliashberg", 0.1) in found
    assert ("BeH9", 220.0, 99.0, "McMillan", 0.1) in found


def test_claims_of_names_that_hold_for_several_rows() -> None:
    found = _stated("cells", "formula", "pressure_GPa", "tc_K", "space_group")
    assert ("H3S", 155.0, 203.0, None) in found
    assert ("D3S", 180.0, 138.0, None) in found
    assert ("CaH6", 200.0, 203.0, "Im-3m") in found


def test_claims_of_sites() -> None:
    found = _stated("sites", "formula", "space_group", "a_A", "c_A", "wyckoff")
    fese = next(f for f in found if f[0] == "FeSe0.92")
    assert fese[1:4] == ("P4/nmm", 3.7747, 5.5229)
    assert [(site["element"], site["xyz"]) for site in fese[4]] == [
        ("Fe", [0.75, 0.25, 0.0]),
        ("Se", [0.25, 0.25, 0.2652]),
    ]
    hydride = next(f for f in found if f[0] == "ThCaH14")
    assert [site["site"] for site in hydride[4]] == ["3a", "3b", "18h", "18h", "6c"]


def test_claims_of_onset_and_zero_under_one_head() -> None:
    found = _stated("grid", "formula", "pressure_GPa", "tc_K", "tc_kind", "space_group")
    assert [f for f in found if f[:2] == ("FeSe", 8.9)] == [
        ("FeSe", 8.9, 36.7, "onset", "Cmme"),
        ("FeSe", 8.9, 34.0, "zero", "Cmme"),
    ]
