"""Files as rows: packed or not, with notes before the header, broken rows told with their lines."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import zipfile
from pathlib import Path

import pytest

from scmine.validator.references.entry import ReferenceFileError
from scmine.validator.references.loaders import source
from scmine.validator.references.loaders.source import (
    BrokenRow,
    Row,
    json_items,
    shape_of,
    table_rows,
)

TABLE = "name,Tc\nMgB2,39\nNb3Sn,18\n"


def _lines(path: Path) -> list[Row | BrokenRow]:
    shape = shape_of(path)
    return list(table_rows(path, shape.delimiter, ("name", "tc")))


@pytest.mark.parametrize("packing", ["plain", "gzip", "bzip2", "zip"])
def test_packed_files_are_read_by_their_content(tmp_path: Path, packing: str):
    path = tmp_path / "set.data"
    content = TABLE.encode("utf-8-sig")
    if packing == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/", "")
            archive.writestr("folder/set.csv", content)
    else:
        pack = {"plain": bytes, "gzip": gzip.compress, "bzip2": bz2.compress}[packing]
        path.write_bytes(pack(content))
    assert [(r.line, r.values["name"]) for r in _lines(path)] == [(2, "MgB2"), (3, "Nb3Sn")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str):
    path = tmp_path / "set.txt"
    path.write_text("# a note\n" + TABLE.replace(",", delimiter))
    assert [r.values["tc"] for r in _lines(path)] == ["39", "18"]


def test_lines_are_those_of_the_file_even_with_breaks_in_cells(tmp_path: Path):
    path = tmp_path / "set.csv"
    path.write_text('name,Tc\n"two\nlines",1\n\nMgB2,39\n')
    assert [row.line for row in _lines(path)] == [2, 5]


def test_rows_that_do_not_fit_are_told(tmp_path: Path):
    path = tmp_path / "set.csv"
    path.write_text("name,Tc\nMgB2,39,excess\nNb3Sn,18,\n")
    broken, whole = _lines(path)
    assert isinstance(broken, BrokenRow)
    assert broken.line == 2
    assert isinstance(whole, Row)


def test_cells_may_be_long_and_the_limit_of_csv_is_put_back(tmp_path: Path):
    before = csv.field_size_limit()
    path = tmp_path / "set.csv"
    path.write_text(f"name,Tc\n{'x' * 200_000},39\n")
    [row] = _lines(path)
    assert isinstance(row, Row)
    assert csv.field_size_limit() == before


def test_bytes_that_are_no_text_do_not_stop_the_reading(tmp_path: Path):
    path = tmp_path / "set.csv"
    path.write_bytes(b"name,Tc\n\xff\xfe\x00,1\nMgB2,39\n")
    assert [r.line for r in _lines(path)] == [2, 3]


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", gzip.compress(b"name,Tc\n" * 50, mtime=0)[:30], b"PK\x03\x04 no archive"],
)
def test_empty_and_damaged_files_are_errors(tmp_path: Path, content: bytes):
    path = tmp_path / "set.csv"
    path.write_bytes(content)
    with pytest.raises(ReferenceFileError, match=r"empty|damaged"):
        shape_of(path)


def test_an_archive_of_several_files_asks_for_one(tmp_path: Path):
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.csv", TABLE)
    with pytest.raises(ReferenceFileError, match="2 files"):
        shape_of(path)


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ([{"Tc": 1}, {"Tc": 2}], ["", ""]),
        ({"one": {"Tc": 1}, "two": {"Tc": 2}}, ["one", "two"]),
        ({"entries": [{"Tc": 1}, {"Tc": 2}], "version": 3}, ["", ""]),
    ],
)
def test_json_items(tmp_path: Path, data: object, names: list[str]):
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data))
    assert shape_of(path).is_json
    items = json_items(path)
    assert [item.key for item in items] == names
    assert [(item.line, item.values["tc"]) for item in items] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("text", ["[1, 2", "[" * 100_000, "[1, 2]", "{}"])
def test_json_that_is_no_list_of_objects_is_an_error(tmp_path: Path, text: str):
    path = tmp_path / "set.json"
    path.write_text(text)
    with pytest.raises(ReferenceFileError, match="JSON"):
        json_items(path)


def test_what_is_unpacked_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(source, "MAX_JSON_BYTES", 1 << 20)
    monkeypatch.setattr(source, "MAX_TABLE_BYTES", 1 << 20)
    bomb = tmp_path / "set.json.gz"
    bomb.write_bytes(gzip.compress(b"[" + b" " * (2 << 20) + b"]"))
    with pytest.raises(ReferenceFileError, match="more than 1 MiB"):
        json_items(bomb)
    table = tmp_path / "set.csv.gz"
    table.write_bytes(gzip.compress(TABLE.encode() + b"MgB2,39\n" * (1 << 18)))
    with pytest.raises(ReferenceFileError, match="more than 1 MiB"):
        _lines(table)
