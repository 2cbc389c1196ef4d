"""Files that are damaged anywhere give problems or versions, and never a crash."""

from __future__ import annotations

import copy
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.guess_format import ToolFormat
from scmine.corpora.annotation.importing import Imported, collect
from scmine.corpora.annotation.reading import Given, read_all
from scmine.corpora.annotation.versions import Fault, Problem, RawVersion
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.json_lines import to_plain
from scmine.corpora.loading import SUPERMAT
from tests.corpora.annotation.tool_files import (
    GOLD,
    IDENT,
    TEXT,
    brat_files,
    cas,
    doccano_line,
    inner_zip,
    label_studio_task,
)

JUNK = st.sampled_from([None, True, -1, 3, 10**9, 1.5, "", "x", [], {}, [[]], [{}], {"a": 1}])


def load(path: Path, format_: ToolFormat) -> Imported:
    return collect(read_all([Given.of(str(path))], format_), SUPERMAT, ())


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value inside of one."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*way, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*way, key))


def damaged(value: Any, data: st.DataObject) -> Any:
    """A copy with one value replaced by junk, or gone."""
    made = copy.deepcopy(value)
    *way, last = data.draw(st.sampled_from(list(places(made))))
    inside = made
    for key in way:
        inside = inside[key]
    if data.draw(st.booleans()):
        inside[last] = data.draw(JUNK)
    else:
        del inside[last]
    return made


EXPORTS = {
    ToolFormat.LABEL_STUDIO: [label_studio_task(IDENT, TEXT, {1: GOLD, 2: GOLD})],
    ToolFormat.DOCCANO: json.loads(doccano_line(TEXT, GOLD, unit=IDENT)),
    ToolFormat.JSONL: to_plain(AnnotatedText(IDENT, TEXT, GOLD, GOLD, ((0, 4),), {"doc_id": "a"})),
}


@pytest.mark.parametrize("name", list(EXPORTS))
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_damaged_value(name: ToolFormat, data: st.DataObject) -> None:
    made = damaged(EXPORTS[name], data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anna.json"
        path.write_text(json.dumps(made), encoding="utf-8")
        found = load(path, name)
    for unit in found.units:
        for version in unit.versions:
            for mention in version.mentions:
                assert unit.text[mention.start : mention.end]
            for link in version.links or ():
                assert 0 <= link.head < len(version.mentions)


@pytest.mark.parametrize("name", list(ToolFormat))
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"{}", b"[1]", b'"x"', b"[" * 100_000, b"PK\x03\x04x"]
)
def test_files_that_are_none(name: ToolFormat, content: bytes, tmp_path: Path) -> None:
    if name is ToolFormat.INCEPTION:
        pytest.importorskip("cassis")
    path = tmp_path / "anna"
    path.write_bytes(content)
    found = load(path, name)
    assert found.units == ()
    assert all(p.fault is Fault.NOT_READ for p in found.problems)
    list(read_all([Given.of(str(path))]))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_line_of_brat(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = brat_files(Path(folder) / "anna", IDENT, TEXT, GOLD) / f"{IDENT}.ann"
        text = path.read_text("utf-8")
        at = data.draw(st.integers(0, len(text) - 1))
        put = data.draw(st.sampled_from(["", "\t", "9", "T1", "\n", "\u2028", "-"]))
        path.write_text(text[:at] + put + text[at + 1 :], encoding="utf-8")
        load(path.parent, ToolFormat.BRAT)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_cas(data: st.DataObject) -> None:
    pytest.importorskip("cassis")
    xmi, types, plain = cas(TEXT, GOLD)
    is_json = data.draw(st.booleans())
    whole = plain if is_json else xmi
    at = data.draw(st.integers(0, len(whole) - 1))
    put = data.draw(st.sampled_from([b"", b"9", b'"', b"<", b"x", b"-"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anna.zip"
        inner = whole[:at] + put + whole[at + 1 :]
        path.write_bytes(inner_zip(inner, types, f"{IDENT}.{'json' if is_json else 'xmi'}"))
        load(path, ToolFormat.INCEPTION)


@pytest.mark.parametrize("place", ["annotation/a.txt/anna.xmi", "admin.jsonl"])
@pytest.mark.parametrize(("field", "value"), [(6, 1), (8, 97), (30, 255)])
def test_a_file_of_an_archive_that_cannot_be_unpacked(
    place: str, field: int, value: int, tmp_path: Path
) -> None:
    """Encrypted, packed in an unknown way, damaged: a problem, and other files are still read."""
    if not place.endswith("jsonl"):
        pytest.importorskip("cassis")
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(place, bytes(range(256)) * 9)
    data = bytearray(path.read_bytes())
    central = data.find(b"PK\x01\x02")
    if field < 30:
        data[field] = data[central + field + 2] = value
    else:
        data[30 + len(place) : 40 + len(place)] = bytes([value]) * 10
    path.write_bytes(data)
    good = tmp_path / "good.jsonl"
    good.write_text(doccano_line(TEXT, GOLD, unit=IDENT) + "\n", encoding="utf-8")
    found = list(read_all([Given.of(str(path)), Given.of(str(good))]))
    assert isinstance(found[0], Problem)
    assert [type(read) for read in found[1:]] == [RawVersion]


def test_halves_of_characters_cost_one_line(tmp_path: Path) -> None:
    bad = json.dumps({"id": "b", "text": "\ud800", "entities": [], "links": []})
    good = json.dumps({"id": "a", "text": "Mg \N{GRINNING FACE}", "entities": [], "links": []})
    path = tmp_path / "anna.jsonl"
    path.write_text(f"{good}\n{bad}\n", encoding="utf-8")
    second, first = read_all([Given.of(str(path))])
    assert isinstance(first, Problem)
    assert isinstance(second, RawVersion)


def test_what_is_no_file_costs_one_unit_of_brat(tmp_path: Path) -> None:
    folder = brat_files(tmp_path / "anna", IDENT, TEXT, GOLD)
    for name, make in (("d", Path.mkdir), ("p", os.mkfifo)):
        make(folder / f"{name}.txt")
        (folder / f"{name}.ann").write_text("", encoding="utf-8")
    found = list(read_all([Given.of(str(folder))]))
    assert sorted(type(read).__name__ for read in found) == ["Problem", "Problem", "RawVersion"]


@pytest.mark.parametrize("is_json", [True, False])
def test_features_that_are_code_are_refused(is_json: bool, tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    xmi, types, plain = cas(TEXT, GOLD)
    code = b"label:print(0)"
    assert b'"label"' in plain
    assert b">label<" in types
    plain, types = (
        plain.replace(b'"label"', b'"%b"' % code),
        types.replace(b">label<", b">%b<" % code),
    )
    path = tmp_path / "anna.zip"
    name = f"{IDENT}.{'json' if is_json else 'xmi'}"
    path.write_bytes(inner_zip(plain if is_json else xmi, types, name))
    [problem] = load(path, ToolFormat.INCEPTION).problems
    assert (problem.fault, "a feature has the name" in problem.what) == (Fault.NOT_READ, True)
