"""The example papers and the layout fixtures are complete: source, PDF and a well-formed truth."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from scmine.database.record import COLUMNS, Record

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
LAYOUTS = ROOT / "tests" / "fixtures" / "latex"
EXAMPLE_NAMES = ("alloy_onecolumn", "hydride_eliashberg", "pnictide_pressure")
LAYOUT_NAMES = sorted(p.stem for p in LAYOUTS.glob("*.tex"))
LAYOUT_KEYS = {
    "title",
    "authors",
    "abstract",
    "headings",
    "paragraphs",
    "captions",
    "footnotes",
    "references",
    "pages",
    "tables",
}


def _truth(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / f"{name}.truth.json").read_text("utf-8"))
    return loaded


def _pages(path: Path) -> list[str]:
    """The text of each page without blanks."""
    with pdfium.PdfDocument(path) as pdf:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in pdf]


@pytest.mark.parametrize("folder", [EXAMPLES, LAYOUTS], ids=["examples", "layouts"])
def test_each_source_has_its_pdf_and_its_truth(folder: Path) -> None:
    sources = {p.stem for p in folder.glob("*.tex")}
    assert sources
    assert {p.stem for p in folder.glob("*.pdf")} == sources
    assert {p.name.removesuffix(".truth.json") for p in folder.glob("*.truth.json")} == sources


def test_the_three_examples_are_there() -> None:
    assert sorted(p.stem for p in EXAMPLES.glob("*.tex")) == list(EXAMPLE_NAMES)


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_examples_say_that_they_are_invented(name: str) -> None:
    assert any(
        "inventedexamplewrittenforscmine" in page for page in _pages(EXAMPLES / f"{name}.pdf")
    )


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_truth_records_are_records(name: str) -> None:
    records = _truth(EXAMPLES, name)["records"]
    assert records
    for number, fields in enumerate(records):
        assert set(fields) <= set(COLUMNS)
        assert {"raw_material", "evidence", "origin", "source", "page"} <= set(fields)
        Record(record_id=str(number), doc_id=name, **fields)


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_truth_stands_on_the_page_it_names(name: str) -> None:
    pages = _pages(EXAMPLES / f"{name}.pdf")
    for fields in _truth(EXAMPLES, name)["records"]:
        # A sentence may go on overleaf, so the page after the named one counts too.
        shown = "".join(pages[fields["page"] - 1 : fields["page"] + 1])
        for key in ("raw_tc", "raw_pressure"):
            printed = re.sub(r"\s+", "", fields.get(key) or "")
            assert printed in shown, fields
        for key in ("lambda", "omega_log_K", "a_A"):
            if key in fields:
                assert f"{fields[key]:g}" in shown, fields


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_truth_numbers_agree_with_what_is_printed(name: str) -> None:
    for fields in _truth(EXAMPLES, name)["records"]:
        if "tc_K" in fields:
            printed = float(re.findall(r"\d+(?:\.\d+)?", fields["raw_tc"])[0])
            in_kelvin = printed / 1000 if "mK" in fields["raw_tc"] else printed
            assert math.isclose(fields["tc_K"], in_kelvin)
        if "kbar" in fields.get("raw_pressure", ""):
            printed = float(fields["raw_pressure"].removesuffix("kbar"))
            assert math.isclose(fields["pressure_GPa"], printed / 10)


@pytest.mark.parametrize("name", LAYOUT_NAMES)
def test_layout_truth_is_well_formed(name: str) -> None:
    truth = _truth(LAYOUTS, name)
    assert set(truth) == LAYOUT_KEYS
    assert len(_pages(LAYOUTS / f"{name}.pdf")) == truth["pages"]
    texts = [truth["title"], truth["abstract"]]
    texts += [t for key in ("headings", "paragraphs", "captions", "footnotes") for t in truth[key]]
    assert all(t and t == " ".join(t.split()) for t in texts)
    for table in truth["tables"]:
        assert table["caption"] in truth["captions"]
        assert 0 < table["header_rows"] < len(table["rows"])
        assert len({len(row) for row in table["rows"]}) == 1
        width = len(table["rows"][0])
        for row, column, count in table["spans"]:
            assert row < table["header_rows"]
            assert count > 1
            assert column + count <= width
            assert not any(table["rows"][row][column + 1 : column + count])
