"""Reading files to be imported: each cell strictly, each bad row named, any size."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database import import_files
from scmine.database.export import export_records, plain_cell, safe_cell
from scmine.database.import_files import (
    BrokenRow,
    ImportFileError,
    ImportFormat,
    Row,
    open_source,
)
from scmine.database.import_rows import claim_of, stable_doc_id
from scmine.database.import_values import Reason, RowError, read_columns, typed
from scmine.database.record import Record

RECORD = Record(
    record_id="r1",
    doc_id="d1",
    path="/a.pdf",
    raw_material="=Mg1−x\r\nB₂",
    composition={"Mg": 0.9},
    authors=["A. One", "B. Two"],
    tc_K=39.05,
    superconducting=True,
    sentence="'T_c' is\n\"39 K\"",
)


def rows_of(path: Path, format: ImportFormat | None = None) -> list[Row | BrokenRow]:
    """All rows of a file."""
    with open_source(path, format) as source:
        return list(source.rows)


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_what_was_exported_is_read_back(tmp_path: Path, name: str):
    export_records([RECORD, RECORD], out=tmp_path / name)
    with open_source(tmp_path / name) as source:
        assert source.format.value == Path(name).suffix[1:]
        rows = list(source.rows)
        assert source.done() == source.total
    for row in rows:
        assert isinstance(row, Row)
        assert claim_of(row.line, read_columns(row.values)).new_record() == RECORD
    # In CSV a row may take several lines; they are counted as an editor does.
    assert [row.line for row in rows] == ([2, 5] if name.endswith("csv") else [1, 2])


@given(st.text() | st.text("=+-@'\t\r\n0123456789.eE", max_size=5))
def test_the_apostrophe_of_a_safe_cell_is_undone(text: str):
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize(
    ("column", "given", "value"),
    [
        ("tc_K", "39", 39.0),
        ("tc_K", " 3.9e1 ", 39.0),
        ("tc_K", 39, 39.0),
        ("tc_K", ".5", 0.5),
        ("tc_K", "", None),
        ("pressure_GPa", "-0.2", -0.2),
        ("year", "2001.0", 2001),
        ("year", 2001.0, 2001),
        ("superconducting", "TRUE", True),
        ("superconducting", False, False),
        ("composition", '{"Mg": 1}', {"Mg": 1}),
        ("flags", ["a"], ["a"]),
        ("flags", "[]", []),
        ("formula", "MgB2", "MgB2"),
        ("formula", None, None),
    ],
)
def test_cells_that_are_read(column: str, given: Any, value: Any):
    assert typed(column, given) == value
    assert type(typed(column, given)) is type(value)


@pytest.mark.parametrize(
    ("column", "given", "reason"),
    [
        ("tc_K", "39 K", "not_a_number"),
        ("tc_K", "39,5", "not_a_number"),
        ("tc_K", "1_000", "not_a_number"),
        ("tc_K", "٣٩", "not_a_number"),
        ("tc_K", True, "not_a_number"),
        ("tc_K", [39], "not_a_number"),
        ("tc_K", "nan", "not_finite"),
        ("tc_K", "-Infinity", "not_finite"),
        ("tc_K", "1e999", "not_finite"),
        ("tc_K", float("inf"), "not_finite"),
        ("tc_K", 10**400, "not_finite"),
        ("tc_K", "-1", "negative"),
        ("omega_log_K", -0.5, "negative"),
        ("year", "2001.5", "not_an_integer"),
        ("year", 2001.5, "not_an_integer"),
        ("year", "about 2001", "not_an_integer"),
        ("year", True, "not_an_integer"),
        ("year", "3000000000", "out_of_range"),
        ("year", 2**40, "out_of_range"),
        ("superconducting", "yes", "not_a_boolean"),
        ("superconducting", 1, "not_a_boolean"),
        ("composition", "{Mg: 1}", "not_json"),
        ("composition", "[1]", "not_json"),
        ("composition", "[" * 100_000, "not_json"),
        ("composition", '{"Mg": NaN}', "not_finite"),
        ("flags", {"a": 1}, "not_json"),
        ("formula", 7, "not_text"),
    ],
)
def test_cells_that_are_refused(column: str, given: Any, reason: str):
    with pytest.raises(RowError) as caught:
        typed(column, given)
    assert (caught.value.reason.value, caught.value.column) == (reason, column)
    assert len(caught.value.detail) < 100


def test_broken_lines_of_csv_are_named(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_bytes(
        b"\xef\xbb\xbfrecord_id,raw_material\r\na,MgB2\r\n\r\nb\r\nc,x,y\r\nd,\xff\r\ne,'=1\r\n"
    )
    rows = rows_of(path)
    assert [row.line for row in rows] == [2, 4, 5, 6, 7]
    reasons = [row.error.reason if isinstance(row, BrokenRow) else None for row in rows]
    assert reasons == [None, Reason.CELL_COUNT, Reason.CELL_COUNT, Reason.NOT_UTF8, None]
    assert isinstance(rows[-1], Row)
    assert rows[-1].values == {"record_id": "e", "raw_material": "=1"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_told_from_the_header(tmp_path: Path, delimiter: str):
    path = tmp_path / "x.csv"
    path.write_text(f"record_id{delimiter}name\na{delimiter}b, c\n", encoding="utf-8")
    assert rows_of(path) == [Row(2, {"record_id": "a", "name": "b, c"})]


def test_a_quote_that_is_never_closed_is_one_broken_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(import_files, "LONGEST_CELL", 1000)
    path = tmp_path / "x.csv"
    path.write_text('record_id,name\na,"' + "x\n" * 600 + "b,c\n", encoding="utf-8")
    before = csv.field_size_limit()
    broken = [row for row in rows_of(path) if isinstance(row, BrokenRow)]
    assert broken[0].error.reason is Reason.NOT_A_ROW
    assert csv.field_size_limit() == before


def test_broken_lines_of_json_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_files, "LONGEST_CELL", 1000)
    path = tmp_path / "x.jsonl"
    good = json.dumps({"record_id": "a"}).encode()
    long = json.dumps({"record_id": "x" * 2000}).encode()
    lines = [good, b"{", b"[1]", b"\xff", b"", b"[" * 900, long, good]
    path.write_bytes(b"\n".join(lines))
    rows = rows_of(path)
    reasons = [row.error.reason.value if isinstance(row, BrokenRow) else "" for row in rows]
    assert reasons == ["", "not_a_row", "not_a_row", "not_utf8", "not_a_row", "too_long", ""]
    assert [row.line for row in rows] == [1, 2, 3, 4, 6, 7, 8]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b" \n", "empty"),
        ("x.csv", b"name,Tc\nMgB2,39\n", "scmine check reads tables of other shapes"),
        ("x.csv", b"name,raw_material,name\n", "two columns are called name"),
        ("x.json", b'[{"record_id": "a"}]', "JSON lines"),
        ("x.jsonl", b'{"colour": "red"}\n', "there is none in the file"),
        ("x.parquet", b"PAR1 and nothing", "Parquet file cannot be read"),
        ("x.pdf", b"%PDF-1.7\n%\xe2\xe3", "neither an export of scmine nor of SuperCon²"),
    ],
)
def test_files_that_hold_no_records(tmp_path: Path, name: str, content: bytes, message: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImportFileError, match=message):
        rows_of(tmp_path / name)


def test_a_damaged_parquet_file_says_where(tmp_path: Path):
    path = tmp_path / "x.parquet"
    export_records([RECORD] * 3, out=path)
    content = bytearray(path.read_bytes())
    content[40:400] = bytes(360)
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=r"x\.parquet"):
        rows_of(path)


def test_supercon2_is_told_by_its_columns(tmp_path: Path):
    path = tmp_path / "x.csv"
    export_records([RECORD], "supercon2", path)
    with open_source(path) as source:
        assert source.format is ImportFormat.SUPERCON2
    with pytest.raises(ImportFileError, match="there is none"):
        rows_of(path, ImportFormat.CSV)


def test_a_paper_without_a_file_has_a_stable_id():
    by_doi = stable_doc_id({"doi": "10.1/X", "title": "On MgB2"})
    assert by_doi == stable_doc_id({"doi": "10.1/x", "path": "/other.pdf"})
    assert by_doi != stable_doc_id({"title": "On MgB2"})
    assert stable_doc_id({"year": 2001}) is None
    first, second = (claim_of(n, {"raw_material": "MgB2", "doi": "10.1/x"}) for n in (1, 2))
    assert (first.doc_id, first.record_id) == (by_doi, second.record_id)
    assert claim_of(1, {"raw_material": "Nb", "doi": "10.1/x"}).record_id != first.record_id


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"record_id": "x" * 65}, Reason.TOO_LONG),
        ({"record_id": "../a"}, Reason.BAD_ID),
        ({"doc_id": "a b"}, Reason.BAD_ID),
    ],
)
def test_ids_that_are_none(values: dict[str, Any], reason: Reason):
    with pytest.raises(RowError) as caught:
        claim_of(1, values)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"raw_material": "MgB2"}, Reason.NO_DOCUMENT),
        ({"doi": "10.1/x"}, Reason.NO_MATERIAL),
        ({"doi": "10.1/x", "raw_material": "x", "status": "fine"}, Reason.UNKNOWN_VALUE),
        ({"doi": "10.1/x", "raw_material": "x", "flags": [1]}, Reason.INVALID_VALUE),
    ],
)
def test_rows_that_make_no_record(values: dict[str, Any], reason: Reason):
    with pytest.raises(RowError) as caught:
        claim_of(1, values).new_record()
    assert caught.value.reason is reason
