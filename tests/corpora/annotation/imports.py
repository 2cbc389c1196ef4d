"""Files of annotation tools read as ``scmine annotate import`` reads them, for tests."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from scmine.corpora.annotation.importing import Imported, collect
from scmine.corpora.annotation.reading import Given, read_all
from scmine.corpora.annotation.versions import Counting, Fault, Version
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.corpora.loading import SUPERMAT
from tests.corpora.annotation.tool_files import (
    GOLD,
    IDENT,
    TEXT,
    cas,
    inner_zip,
)

ORIGINAL = AnnotatedText(IDENT, TEXT, about={"document": "abc", "title": "On MgB2"})


def load(
    *words: object,
    originals: tuple[AnnotatedText, ...] = (ORIGINAL,),
    scheme: str = SUPERMAT,
    counting: Counting | None = None,
) -> Imported:
    reads = read_all([Given.of(str(word)) for word in words])
    return collect(reads, scheme, originals, counting)


def write_json(path: Path, data: object) -> Path:
    path.write_bytes(json.dumps(data, ensure_ascii=False).encode("utf-8"))
    return path


def marks(found: Annotations) -> set[tuple[int, int, str]]:
    return {(m.start, m.end, str(m.label)) for m in found.mentions}


def marks_of(version: Version) -> set[tuple[int, int, str]]:
    return {(m.start, m.end, str(m.label)) for m in version.mentions}


def only(found: Imported) -> Version:
    assert [str(p) for p in found.problems] == []
    [unit] = found.units
    assert unit.text == TEXT
    assert unit.ident == IDENT
    assert unit.paper == "abc"
    [version] = unit.versions
    assert marks_of(version) == marks(GOLD)
    return version


def assert_links(version: Version) -> None:
    at = [(m.start, m.end) for m in GOLD.mentions]
    assert version.link_marks() == {(at[k.head], at[k.tail], str(k.label)) for k in GOLD.links}


def faults(found: Imported) -> list[Fault]:
    return [p.fault for p in found.problems]


def write_inception(path: Path, ident: str, text: str, versions: dict[str, Annotations]) -> Path:
    """A project's export with one document, as XMI and, for every second user, JSON."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("exportedproject.json", "{}")
        archive.writestr(f"source/{ident}.xmi", "not looked at")
        for number, (user, found) in enumerate(versions.items()):
            xmi, types, plain = cas(text, found)
            folder = "curation" if user == "CURATION_USER" else "annotation"
            data = inner_zip(xmi, types) if number % 2 == 0 else inner_zip(plain, types, "doc.json")
            archive.writestr(f"{folder}/{ident}.xmi/{user}.zip", data)
        xmi, types, _ = cas(text, Annotations())
        archive.writestr(f"annotation/{ident}.xmi/INITIAL_CAS.zip", inner_zip(xmi, types))
    return path
