"""What comes back from each tool stands on the original text, character by character."""

from __future__ import annotations

import json
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.importing import Imported
from scmine.corpora.annotation.versions import Counting, Fault, Note
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.corpora.exchange.json_lines import to_line
from scmine.corpora.loading import SC_COMICS
from tests.corpora.annotation.imports import (
    ORIGINAL,
    assert_links,
    faults,
    load,
    marks,
    marks_of,
    only,
    write_inception,
    write_json,
)
from tests.corpora.annotation.tool_files import (
    GOLD,
    IDENT,
    TEXT,
    brat_files,
    cas,
    doccano_line,
    inner_zip,
    label_studio_results,
    label_studio_task,
)
from tests.corpora.exchange.annotated_texts import annotations

PIECES = ("MgB2", "39 K", "😀", "𝑇c", "e\u0301", "Å", "\r\n", "\n", " ", "x", "가", "a\u0300\u0323")
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=15).map("".join)


# Label Studio


def test_label_studio(tmp_path: Path) -> None:
    path = write_json(tmp_path / "export.json", [label_studio_task(IDENT, TEXT, {1: GOLD})])
    found = load(path)
    version = only(found)
    assert_links(version)
    assert version.annotator == "1"
    assert found.notes() == {"carriage_return_blank": 1}


def test_label_studio_before_it_counted_code_points(tmp_path: Path) -> None:
    task = label_studio_task(IDENT, TEXT, {1: GOLD})
    text = task["data"]["text"]
    task["annotations"][0]["result"] = label_studio_results(GOLD, text, wide=True)
    found = load(write_json(tmp_path / "old.json", [task]))
    assert_links(only(found))
    assert found.notes()["utf16_offsets"] == 1


def test_several_annotators_skipped_ones_drafts_and_ground_truth(tmp_path: Path) -> None:
    who: Any = {"id": 3, "email": "anna@lab"}
    task = label_studio_task(IDENT, TEXT, {1: GOLD, 2: Annotations()})
    task["annotations"][1]["was_cancelled"] = True
    more = label_studio_task(IDENT, TEXT, {7: Annotations()}, completed_by=who)
    truth = label_studio_task(IDENT, TEXT, {8: GOLD}, ground_truth=True)
    task["annotations"] += more["annotations"] + truth["annotations"]
    task["drafts"] = [{"result": [{"broken": True}]}]
    [unit] = load(write_json(tmp_path / "e.json", [task])).units
    assert [(v.annotator, v.adjudicated) for v in unit.versions] == [
        ("1", False),
        ("8", True),
        ("anna@lab", False),
    ]
    assert [v.annotator for v in unit.independent] == ["1", "anna@lab"]


def test_the_last_of_several_versions_of_one_annotator_counts(tmp_path: Path) -> None:
    newer = label_studio_task(IDENT, TEXT, {1: GOLD}, updated_at="2026-02-01T00:00:00Z")
    older = label_studio_task(IDENT, TEXT, {1: Annotations()})
    for order in ([newer, older], [older, newer]):
        found = load(write_json(tmp_path / "e.json", order))
        assert found.notes()["earlier_version"] == 1
        assert marks_of(found.units[0].versions[0]) == marks(GOLD)


def test_label_studio_json_min_has_no_links_and_is_told_by_its_text(tmp_path: Path) -> None:
    text = TEXT.replace("\r", " ")
    regions = [r["value"] for r in label_studio_results(GOLD, text) if r["type"] == "labels"]
    for name in ("label", "ner"):
        data = {"text": text, "id": 17, name: regions, "annotator": 1, "annotation_id": 9}
        found = load(write_json(tmp_path / "min.json", [data]))
        assert only(found).links is None
        assert set(found.notes()) == {"carriage_return_blank", "found_by_text", "links_unknown"}


def test_tasks_that_nobody_has_done_are_named(tmp_path: Path) -> None:
    task = label_studio_task(IDENT, TEXT, {})
    skipped = label_studio_task("other-1", TEXT, {1: GOLD}, was_cancelled=True)
    other = AnnotatedText("other-1", TEXT)
    found = load(
        write_json(tmp_path / "e.json", [task, skipped]),
        originals=(ORIGINAL, other),
    )
    assert faults(found) == [Fault.NOT_DONE, Fault.NOT_DONE]
    assert found.not_done == ("other-1", IDENT)


# INCEpTION


def test_inception(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    versions = {"anna": GOLD, "ben": GOLD, "CURATION_USER": Annotations()}
    found = load(write_inception(tmp_path / "project.zip", IDENT, TEXT, versions))
    assert [str(p) for p in found.problems] == []
    [unit] = found.units
    assert [(v.annotator, v.adjudicated) for v in unit.versions] == [
        ("CURATION_USER", True),
        ("anna", False),
        ("ben", False),
    ]
    for version in unit.independent:
        assert marks_of(version) == marks(GOLD)
        assert_links(version)


def test_what_a_user_of_inception_skipped_is_no_version(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    path = write_inception(tmp_path / "p.zip", IDENT, TEXT, {"anna": GOLD, "ben": GOLD})
    rows = [
        {"name": f"{IDENT}.xmi", "user": user, "state": state}
        for user, state in (("anna", "IGNORE"), ("ben", "IN_PROGRESS"))
    ]
    other = tmp_path / "q.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "exportedproject.json":
                data = json.dumps({"annotation_documents": rows}).encode()
            new.writestr(name, data)
    found = load(other)
    assert faults(found) == [Fault.NOT_DONE]
    assert found.annotators == ("ben",)
    assert found.notes() == {"unfinished": 1}


def test_a_document_of_inception_alone(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    xmi, types, _ = cas(TEXT, GOLD)
    path = tmp_path / "anna.zip"
    path.write_bytes(inner_zip(xmi, types, f"{IDENT}.xmi"))
    version = only(load(path))
    assert version.annotator == "anna"
    assert_links(version)


def test_a_relation_without_an_end_costs_its_unit_only(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    xmi, types, _ = cas(TEXT, GOLD)
    broken = xmi.replace(b"Dependent=", b"Gone=", 1)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("TypeSystem.xml", types)
        archive.writestr(f"{IDENT}.xmi", xmi)
        archive.writestr("bad-1.xmi", broken.replace(b"xmi:XMI", b"xmi:XMI", 1))
        archive.writestr("bad-2.xmi", b"<!DOCTYPE x [<!ENTITY e 'e'>]><x/>")
        archive.writestr("bad-3.xmi", b"no xml")
    found = load(path)
    assert {p.unit for p in found.problems} == {"bad-1", "bad-2", "bad-3"}
    assert len(found.units) == 1
    project = write_inception(tmp_path / "p.zip", IDENT, TEXT, {"anna": GOLD})
    with zipfile.ZipFile(project, "a") as archive:
        archive.writestr("annotation/bad-4.xmi/anna.zip", b"PK no zip")
        archive.writestr("annotation/bad-5.xmi/anna.zip", inner_zip(xmi, types, "a.txt"))
    found = load(project)
    assert [p.unit for p in found.problems] == ["bad-4", "bad-5"]
    assert len(found.units) == 1


# brat


def test_brat(tmp_path: Path) -> None:
    found = load(brat_files(tmp_path / "anna", IDENT, TEXT, GOLD))
    version = only(found)
    assert version.annotator == "anna"
    assert_links(version)
    assert found.notes() == {}


def test_a_folder_of_folders_is_an_annotator_each(tmp_path: Path) -> None:
    brat_files(tmp_path / "all" / "anna", IDENT, TEXT, GOLD)
    brat_files(tmp_path / "all" / "ben", IDENT, TEXT, Annotations())
    assert load(tmp_path / "all").annotators == ("anna", "ben")
    found = load(f"carl={tmp_path / 'all' / 'anna'}", tmp_path / "all" / "ben")
    assert found.annotators == ("ben", "carl")


def test_mentions_in_pieces_stay_so_and_those_over_a_line_end_are_joined(tmp_path: Path) -> None:
    folder = tmp_path / "anna"
    text = "Tc of La\nand Y hydrides"
    folder.mkdir()
    (folder / "p-1.txt").write_text(text, encoding="utf-8")
    lines = "T1\tmaterial 6 8;15 23\tLa hydrides\nT2\tclass 6 8;9 12\tLa and\n"
    (folder / "p-1.ann").write_text(lines, encoding="utf-8")
    found = load(folder, originals=())
    [version] = found.units[0].versions
    assert [(m.label, m.spans) for m in version.mentions] == [
        ("class", ((6, 12),)),
        ("material", ((6, 8), (15, 23))),
    ]
    assert found.notes() == {"pieces_joined": 1}


def test_a_bad_line_or_missing_file_of_brat_costs_its_unit_only(tmp_path: Path) -> None:
    folder = brat_files(tmp_path / "anna", IDENT, TEXT, GOLD)
    (folder / "bad-1.txt").write_text("MgB2", encoding="utf-8")
    (folder / "bad-1.ann").write_text("T1 material 0 4\n", encoding="utf-8")
    (folder / "bad-2.ann").write_text("", encoding="utf-8")
    (folder / "bad-3.txt").write_bytes(b"\xff")
    (folder / "bad-3.ann").write_text("", encoding="utf-8")
    found = load(folder)
    assert [(p.unit, p.fault) for p in found.problems] == [
        ("bad-1", Fault.NOT_READ),
        ("bad-2", Fault.NO_TEXT),
        ("bad-3", Fault.NOT_READ),
    ]
    assert "line 1" in found.problems[0].what
    assert len(found.units) == 1
    (folder / f"{IDENT}.ann").unlink()
    assert faults(load(folder))[-1] is Fault.NOT_DONE


def test_doping_events_become_links(tmp_path: Path) -> None:
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "a-1.txt").write_text("Zn doping of Y", encoding="utf-8")
    lines = (
        "T1\tElement 0 2\tZn\nT2\tDoping 3 9\tdoping\nT3\tElement 13 14\tY\n"
        "E1\tDoping:T2 Dopant:T1 Site:T3\n"
    )
    (folder / "a-1.ann").write_text(lines, encoding="utf-8")
    [unit] = load(folder, originals=(), scheme=SC_COMICS).units
    assert unit.versions[0].link_marks() == {
        ((3, 9), (0, 2), "Dopant"),
        ((3, 9), (13, 14), "Site"),
    }


# doccano


def test_doccano(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    path.write_bytes(doccano_line(TEXT, GOLD, unit=IDENT).encode())
    found = load(path)
    version = only(found)
    assert version.annotator == "anna"
    assert_links(version)
    assert found.notes() == {"offsets_unproven": 1}


def test_doccano_in_a_zip_and_in_the_old_form(tmp_path: Path) -> None:
    triples = [[m.start + 1, m.end + 1, str(m.label)] for m in GOLD.mentions]  # one emoji before
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("anna.jsonl", doccano_line(TEXT, GOLD))
        archive.writestr("ben.jsonl", json.dumps({"id": 1, "text": TEXT, "label": triples}))
        archive.writestr("carl.jsonl", json.dumps({"id": 1, "data": TEXT, "labels": triples}))
    found = load(path)
    assert found.annotators == ("anna", "ben", "carl")
    for version in found.units[0].versions:
        assert marks_of(version) == marks(GOLD)
    assert found.units[0].versions[1].links is None


def test_what_doccano_counts_can_be_said(tmp_path: Path) -> None:
    triples = [[m.start, m.end, str(m.label)] for m in GOLD.mentions]
    path = tmp_path / "anna.jsonl"
    path.write_text(json.dumps({"text": TEXT, "label": triples}), encoding="utf-8")
    only(load(path, counting=Counting.CODE_POINTS))


# Our own


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    after = AnnotatedText(IDENT, TEXT, None, GOLD, about=ORIGINAL.about)
    path.write_text(to_line(after) + "\n" + to_line(ORIGINAL) + "\n", encoding="utf-8")
    found = load(path)
    assert faults(found) == [Fault.NOT_DONE]
    assert marks_of(found.units[0].versions[0]) == marks(GOLD)
    assert_links(found.units[0].versions[0])
    assert load(path, originals=()).units[0].about == ORIGINAL.about


def test_files_with_the_same_name_have_two_makers(tmp_path: Path) -> None:
    line = to_line(AnnotatedText(IDENT, TEXT, None, GOLD))
    paths = [tmp_path / name / "tasks.jsonl" for name in ("ann", "ben")]
    paths += [tmp_path / "ann" / "more" / "x" / "tasks.jsonl", tmp_path / "x" / "tasks.jsonl"]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line, encoding="utf-8")
    assert load(*paths[:2]).annotators == ("ann", "ben")
    assert load(paths[0]).annotators == ("tasks",)
    assert load(f"tasks={paths[0]}", paths[1]).annotators == ("ben", "tasks")
    assert len(load(*paths).annotators) == 4
    folders = [brat_files(tmp_path / name / "brat", IDENT, TEXT, GOLD) for name in ("ann", "ben")]
    assert load(*folders).annotators == ("ann", "ben")


def test_two_users_with_one_number_are_not_taken_for_one(tmp_path: Path) -> None:
    first = write_json(tmp_path / "a.json", [label_studio_task(IDENT, TEXT, {1: GOLD})])
    other = label_studio_task(IDENT, TEXT, {1: Annotations()})
    second = write_json(tmp_path / "b.json", [other])
    found = load(first, second)
    assert faults(found) == [Fault.TWICE]
    assert "'1' has made another version of it" in found.problems[0].what
    assert len(found.units[0].versions) == 1
    assert load(f"ann={first}", f"ben={second}").annotators == ("ann", "ben")
    assert load(first, first).notes()["earlier_version"] == 1
    both = write_json(tmp_path / "c.json", [label_studio_task(IDENT, TEXT, {1: GOLD, 2: GOLD})])
    assert load(f"ann={both}").annotators == ("ann/1", "ann/2")


# Texts that changed on the way


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda t: t.replace("\r\n", "\n"), Note.LINE_ENDS),
        (lambda t: t.replace("\r", ""), Note.LINE_ENDS),
        (lambda t: t.replace("\r", " "), Note.CARRIAGE_RETURN_BLANK),
        (lambda t: unicodedata.normalize("NFC", t), Note.UNICODE_FORM),
        (lambda t: unicodedata.normalize("NFD", t), Note.UNICODE_FORM),
        (lambda t: t + "\n", Note.BLANKS_AT_ENDS),
        (lambda t: "\ufeff" + t, Note.BYTE_ORDER_MARK),
    ],
)
def test_a_changed_text_is_matched_by_name(
    tmp_path: Path, change: Callable[[str], str], note: Note
) -> None:
    changed = change(TEXT)
    moved = []
    for m in GOLD.mentions:
        start = changed.index(change(m.text).strip("\ufeff\n"))
        moved.append(type(m)(start, start + len(m.text), m.label, m.text))
    folder = brat_files(tmp_path / "anna", IDENT, changed, Annotations(tuple(moved), GOLD.links))
    found = load(folder)
    assert_links(only(found))
    assert set(found.notes()) == {str(note)}


@pytest.mark.parametrize("text", [TEXT.replace("39", "40"), TEXT[:-9], "x" + TEXT, ""])
def test_another_text_is_refused(tmp_path: Path, text: str) -> None:
    found = load(brat_files(tmp_path / "anna", IDENT, text, Annotations()))
    assert faults(found) == [Fault.TEXT_CHANGED]
    assert found.units == ()
    assert "from character" in found.problems[0].what


def test_half_a_character_is_widened_to_it(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", TEXT)
    at = decomposed.index("A\u030a")
    line = json.dumps({"text": decomposed, "label": [[at + 1, at + 2, "material"]]})
    path = tmp_path / "anna.jsonl"
    path.write_text(line, encoding="utf-8")
    found = load(path)
    [version] = found.units[0].versions
    [mention] = version.mentions
    assert TEXT[mention.start : mention.end] == "Å"
    assert found.notes()["widened"] == 1


# Any text, any tool


def _read_back(text: str, found: Annotations, name: str, folder: Path) -> Imported:
    ident = "doc-1"
    if name == "brat":
        path = brat_files(folder / "anna", ident, text, found)
    elif name == "label-studio":
        path = write_json(folder / "e.json", [label_studio_task(ident, text, {1: found})])
    elif name == "doccano":
        path = folder / "anna.jsonl"
        path.write_bytes(doccano_line(text, found, unit=ident).encode())
    elif name == "jsonl":
        path = folder / "anna.jsonl"
        path.write_bytes(to_line(AnnotatedText(ident, text, None, found)).encode())
    else:
        pytest.importorskip("cassis")
        versions = {"anna": found} if name == "inception" else {"0": Annotations(), "anna": found}
        path = write_inception(folder / "p.zip", ident, text, versions)
    return load(path, originals=(AnnotatedText(ident, text),))


@pytest.mark.parametrize(
    "name", ["label-studio", "inception", "inception-json", "brat", "doccano", "jsonl"]
)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_text_comes_back_exactly(name: str, data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    labels = ("material", "tcValue", "pressure")
    found = data.draw(annotations(text, labels, apart=True))
    bare = Annotations(found.mentions)
    with tempfile.TemporaryDirectory() as folder:
        imported = _read_back(text, bare, name, Path(folder))
    assert [str(p) for p in imported.problems] == []
    [unit] = imported.units
    assert unit.text == text
    version = next(v for v in unit.versions if v.annotator in ("anna", "1"))
    # A tool that keeps no carriage returns may have widened nothing: blanks stand for them.
    assert marks_of(version) == marks(bare)
