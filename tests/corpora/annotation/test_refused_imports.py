"""What is refused in files of annotation tools is named and costs no more than its unit."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from scmine.corpora.annotation.guess_format import ToolFormat, UnknownFormat, guess_format
from scmine.corpora.annotation.versions import Fault
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.json_lines import to_line
from tests.corpora.annotation.imports import (
    faults,
    load,
    write_json,
)
from tests.corpora.annotation.tool_files import (
    GOLD,
    IDENT,
    TEXT,
    brat_files,
    doccano_line,
    label_studio_task,
)


@pytest.mark.parametrize(
    ("entity", "fault"),
    [
        ({"start": 2, "end": 60, "label": "material"}, Fault.OUT_OF_RANGE),
        ({"start": -1, "end": 2, "label": "material"}, Fault.OUT_OF_RANGE),
        ({"start": 2, "end": 2, "label": "material"}, Fault.EMPTY_MENTION),
        ({"start": 2, "end": 6, "label": ""}, Fault.NO_LABEL),
        ({"start": 2, "end": 6, "label": "Element"}, Fault.UNKNOWN_LABEL),
        ({"start": 2, "end": 6, "label": "material", "text": "NbN"}, Fault.WORDS_DIFFER),
        ({"start": "2", "end": 6, "label": "material"}, Fault.NOT_READ),
        ({"start": 2, "label": "material"}, Fault.NOT_READ),
    ],
)
def test_a_bad_mention_costs_its_version_only(
    tmp_path: Path, entity: dict[str, object], fault: Fault
) -> None:
    bad = {"id": IDENT, "text": TEXT, "entities": [entity], "links": []}
    good = to_line(AnnotatedText("p-2", TEXT, None, GOLD))
    path = tmp_path / "anna.jsonl"
    path.write_text(json.dumps(bad) + "\n" + good + "\n", encoding="utf-8")
    found = load(path, originals=())
    assert faults(found) == [fault]
    assert [u.ident for u in found.units] == ["p-2"]
    [problem] = found.problems
    assert problem.file == str(path)
    assert problem.todo


def test_links_are_turned_labelled_or_refused(tmp_path: Path) -> None:
    def line(head: int, tail: int, label: str) -> str:
        entities = [
            {"start": 2, "end": 6, "label": "material"},
            {"start": 19, "end": 23, "label": "tcValue"},
            {"start": 12, "end": 14, "label": "tc"},
        ]
        links = [{"head": head, "tail": tail, "label": label}]
        return json.dumps({"id": "p-1", "text": TEXT, "entities": entities, "links": links})

    path = tmp_path / "anna.jsonl"
    for ends in ((0, 1, "material-tcValue"), (1, 0, "material-tcValue"), (1, 0, "")):
        path.write_text(line(*ends), encoding="utf-8")
        found = load(path, originals=())
        [version] = found.units[0].versions
        assert version.link_marks() == {((2, 6), (19, 23), "material-tcValue")}
        assert ("link_turned" in found.notes()) == (ends[0] == 1)
        assert ("link_labelled" in found.notes()) == (ends[2] == "")
    for ends in ((0, 2, ""), (0, 0, ""), (0, 9, ""), (0, 1, "tcValue-pressure")):
        path.write_text(line(*ends), encoding="utf-8")
        assert faults(load(path, originals=())) == [Fault.BAD_LINK]


def test_files_of_no_known_kind_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "b.jsonl").write_bytes(b'\xff\xfe{"id"')
    zipfile.ZipFile(tmp_path / "c.zip", "w").close()
    names = ("empty", "a.txt", "b.jsonl", "c.zip", "missing.json")
    found = load(*(tmp_path / name for name in names))
    assert faults(found) == [Fault.NOT_READ] * len(names)
    with pytest.raises(UnknownFormat, match="neither Label Studio's"):
        guess_format(tmp_path / "a.txt")


def test_formats_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    line = tmp_path / "x.jsonl"
    line.write_text(to_line(AnnotatedText(IDENT, TEXT, None, GOLD)), encoding="utf-8")
    assert guess_format(line) is ToolFormat.JSONL
    line.write_text(doccano_line(TEXT, GOLD), encoding="utf-8")
    assert guess_format(line) is ToolFormat.DOCCANO
    tasks = write_json(tmp_path / "x.json", [label_studio_task(IDENT, TEXT, {1: GOLD})])
    assert guess_format(tasks) is ToolFormat.LABEL_STUDIO
    assert guess_format(brat_files(tmp_path / "b", IDENT, TEXT, GOLD)) is ToolFormat.BRAT
