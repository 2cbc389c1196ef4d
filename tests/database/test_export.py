"""Exports: other programs read back what the records say, and a file is whole or not there."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.columns import column_types
from scmine.database.export import FORMATS, export_records, safe_cell
from scmine.database.record import COLUMNS, Record
from scmine.database.supercon2 import SUPERCON2_COLUMNS

FULL = Record(
    record_id="r1",
    doc_id="d1",
    raw_material='Mg1−x"Al"x,\r\nB₂',
    composition={"Mg": 0.9},
    authors=["A. One", "B. Two"],
    year=2001,
    tc_K=39.05,
    superconducting=True,
    boxes=[[1, 2.5, 3.0, 4.0, 5.0]],
    wyckoff=[{"site": "1a"}],
    lambda_=0.87,
)
EMPTY = Record(record_id="r2", doc_id="d1", raw_material="=HYPERLINK(1)")


def test_csv_is_read_by_the_standard_library(tmp_path: Path):
    out = tmp_path / "out.csv"
    assert export_records([FULL, EMPTY], out=out) == 2
    with out.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        full, empty = list(reader)
        assert tuple(reader.fieldnames or ()) == COLUMNS
    assert full["raw_material"] == FULL.raw_material
    assert (full["tc_K"], full["lambda"], full["year"]) == ("39.05", "0.87", "2001")
    assert full["superconducting"] == "true"
    assert json.loads(full["authors"]) == FULL.authors
    assert json.loads(full["boxes"]) == FULL.boxes
    assert (empty["tc_K"], empty["superconducting"], empty["authors"]) == ("", "", "[]")
    assert empty["raw_material"] == "'=HYPERLINK(1)"


def test_csv_is_read_by_pandas(tmp_path: Path):
    export_records([FULL, EMPTY], "csv", tmp_path / "out")
    frame = pd.read_csv(tmp_path / "out")
    assert frame["tc_K"].tolist()[0] == 39.05
    assert frame["raw_material"].tolist()[0] == FULL.raw_material
    assert frame["tc_K"].isna().tolist() == [False, True]


def test_jsonl_gives_the_records_back(tmp_path: Path):
    out = tmp_path / "out.jsonl"
    assert export_records([FULL, EMPTY], out=out) == 2
    with out.open(encoding="utf-8") as file:
        assert [Record.model_validate(json.loads(line)) for line in file] == [FULL, EMPTY]


def test_parquet_has_types(tmp_path: Path):
    out = tmp_path / "out.parquet"
    assert export_records([FULL, EMPTY], out=out) == 2
    table = pq.read_table(out)
    assert tuple(table.column_names) == COLUMNS
    kinds = {"number": "double", "integer": "int64", "boolean": "bool"}
    for name, kind in column_types().items():
        assert str(table.schema.field(name).type) == kinds.get(kind, "string")
    full, empty = table.to_pylist()
    assert (full["tc_K"], full["year"], full["superconducting"]) == (39.05, 2001, True)
    assert json.loads(full["wyckoff"]) == [{"site": "1a"}]
    assert (empty["tc_K"], empty["raw_material"]) == (None, "=HYPERLINK(1)")


def test_parquet_of_more_than_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("scmine.database.export.PARQUET_BATCH", 2)
    many = [EMPTY.model_copy(update={"record_id": str(i)}) for i in range(5)]
    assert export_records(many, "parquet", tmp_path / "out") == 5
    file = pq.ParquetFile(tmp_path / "out")
    assert file.num_row_groups == 3
    assert file.read().column("record_id").to_pylist() == list("01234")


def test_supercon2_has_its_columns_and_only_claims_of_a_tc(tmp_path: Path):
    assert export_records([FULL, EMPTY], "supercon2", tmp_path / "out.csv") == 1
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    assert tuple(header) == SUPERCON2_COLUMNS
    assert dict(zip(header, row, strict=True))["criticalTemperature"] == "39.05 K"


@pytest.mark.parametrize("format", FORMATS)
def test_no_records(tmp_path: Path, format: str):
    assert export_records([], format, tmp_path / "out") == 0
    size = (tmp_path / "out").stat().st_size
    assert (size == 0) == (format == "jsonl")
    if format == "parquet":
        assert tuple(pq.read_table(tmp_path / "out").column_names) == COLUMNS


@pytest.mark.parametrize("format", FORMATS)
def test_records_are_taken_as_they_are_written(tmp_path: Path, format: str):
    out = tmp_path / "out"
    out.write_text("earlier")

    def fails() -> Iterator[Record]:
        yield FULL
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        export_records(fails(), format, out)
    assert out.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_is_replaced_and_keeps_to_the_umask(tmp_path: Path):
    (tmp_path / "real.jsonl").write_text("earlier")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    before = os.umask(0o027)
    try:
        export_records([EMPTY], out=tmp_path / "link.jsonl")
    finally:
        os.umask(before)
    real = tmp_path / "real.jsonl"
    assert "HYPERLINK" in real.read_text()
    assert (tmp_path / "link.jsonl").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_device_is_written_to_and_not_replaced():
    assert export_records([EMPTY], "csv", Path("/dev/null")) == 1
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_standard_output_is_utf8_whatever_the_locale():
    code = (
        "from scmine.database.export import export_records\n"
        "from scmine.database.record import Record\n"
        "export_records([Record(record_id='r', doc_id='d', raw_material='H₃S')], 'jsonl')\n"
        "print('after')"
    )
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True
    )
    line, after = done.stdout.decode("utf-8").splitlines()
    assert json.loads(line)["raw_material"] == "H₃S"
    assert after == "after"


@pytest.mark.parametrize(
    ("format", "out", "message"),
    [
        ("xml", "out.csv", "unknown format 'xml': use one of csv, jsonl, parquet, supercon2"),
        (None, "out.xml", r"out\.xml: .*\.csv, \.jsonl, \.ndjson, \.parquet.* csv, jsonl"),
        (None, None, "name a format: one of csv, jsonl, parquet, supercon2"),
        ("parquet", None, "name a file"),
    ],
)
def test_slips(format: str | None, out: str | None, message: str):
    with pytest.raises(ValueError, match=message):
        export_records([], format, Path(out) if out else None)


def test_places_that_cannot_be_written(tmp_path: Path):
    with pytest.raises(OSError, match="this is a folder"):
        export_records([], "csv", tmp_path)
    with pytest.raises(OSError, match="make it first"):
        export_records([], "csv", tmp_path / "missing" / "out.csv")


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "-3 K", "'"])
def test_risky_cells_become_text(text: str):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "+4.2", "-1e-07", "MgB2", "~39 K", "> 20", "−5", "", "3=4"])
def test_other_cells_stay(text: str):
    assert safe_cell(text) == text


@given(st.text())
def test_one_apostrophe_gives_the_cell_back(text: str):
    cell = safe_cell(text)
    assert cell.removeprefix("'") == text
    assert not cell.startswith(("=", "@", "\t", "\r", "\n"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_all_their_digits(number: float):
    assert float(safe_cell(number)) == number
