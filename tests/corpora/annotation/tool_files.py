"""Files as annotation tools write them, made by hand from what each tool documents."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from scmine.corpora.exchange.annotated import Annotations, ordered
from scmine.extractors.claim import Link, Mention

IDENT = "paper-1-3"
TEXT = "😀 MgB2 has a Tc of 39 K.\r\nÅ ne\u0301w NbN: 16 K at 2 GPa."


def mention(text: str, words: str, label: str) -> Mention:
    start = text.index(words)
    return Mention(start, start + len(words), label, words)


GOLD = ordered(
    [
        mention(TEXT, "MgB2", "material"),
        mention(TEXT, "39 K", "tcValue"),
        mention(TEXT, "NbN", "material"),
        mention(TEXT, "16 K", "tcValue"),
        mention(TEXT, "2 GPa", "pressure"),
    ],
    [
        Link(0, 1, "material-tcValue"),
        Link(2, 3, "material-tcValue"),
        Link(3, 4, "tcValue-pressure"),
    ],
)


def utf16(text: str, at: int) -> int:
    """The UTF-16 offset of a code point."""
    return len(text[:at].encode("utf-16-le")) // 2


def label_studio_results(found: Annotations, text: str, *, wide: bool = False) -> list[Any]:
    """The regions and relations of an annotation; ``wide`` counts UTF-16 units, as old ones do."""
    count = utf16 if wide else lambda _, at: at
    results: list[Any] = [
        {
            "id": f"r{i}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "origin": "manual",
            "value": {
                "start": count(text, m.start),
                "end": count(text, m.end),
                "text": text[m.start : m.end].replace("\n", "\\n"),
                "labels": [str(m.label)],
            },
        }
        for i, m in enumerate(found.mentions)
    ]
    return results + [
        {
            "type": "relation",
            "from_id": f"r{k.head}",
            "to_id": f"r{k.tail}",
            "direction": "right",
            "labels": [str(k.label)],
        }
        for k in found.links
    ]


def label_studio_task(
    ident: str, text: str, versions: dict[Any, Annotations], **more: Any
) -> dict[str, Any]:
    """A task of an export as JSON; Label Studio keeps no carriage returns."""
    return {
        "id": 17,
        "data": {"text": text.replace("\r", " "), "id": ident},
        "annotations": [
            {
                "id": 100 + i,
                "completed_by": who,
                "was_cancelled": False,
                "ground_truth": False,
                "created_at": "2026-01-01T00:00:00Z",
                "updated_at": "2026-01-02T00:00:00Z",
                "result": label_studio_results(found, text.replace("\r", " ")),
                **more,
            }
            for i, (who, found) in enumerate(versions.items())
        ],
        "drafts": [],
        "predictions": [],
    }


def brat_files(folder: Path, stem: str, text: str, found: Annotations) -> Path:
    """A pair of files; brat cuts mentions where lines end."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for i, m in enumerate(found.mentions, 1):
        pieces, at = [], m.start
        for part in text[m.start : m.end].split("\n"):
            if part:
                pieces.append((at, at + len(part)))
            at += len(part) + 1
        spans = ";".join(f"{a} {b}" for a, b in pieces)
        words = " ".join(text[a:b] for a, b in pieces).replace("\r", " ")
        lines.append(f"T{i}\t{m.label} {spans}\t{words}\n")
    for i, k in enumerate(found.links, 1):
        lines.append(f"R{i}\t{k.label} Arg1:T{k.head + 1} Arg2:T{k.tail + 1}\n")
    lines.append("#1\tAnnotatorNotes T1\tnot sure\n" if found.mentions else "")
    (folder / f"{stem}.txt").write_bytes(text.encode("utf-8"))
    (folder / f"{stem}.ann").write_bytes("".join(lines).encode("utf-8"))
    return folder


def doccano_line(text: str, found: Annotations, **more: Any) -> str:
    """A line of an export with relations; doccano counts UTF-16 units."""
    data = {
        "id": 5,
        "text": text,
        "Comments": [],
        "entities": [
            {
                "id": 50 + i,
                "label": str(m.label),
                "start_offset": utf16(text, m.start),
                "end_offset": utf16(text, m.end),
            }
            for i, m in enumerate(found.mentions)
        ],
        "relations": [
            {"id": 70 + i, "from_id": 50 + k.head, "to_id": 50 + k.tail, "type": str(k.label)}
            for i, k in enumerate(found.links)
        ],
        **more,
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def cas(text: str, found: Annotations) -> tuple[bytes, bytes, bytes]:
    """A CAS as XMI, its type system, and the same CAS as JSON."""
    from scmine.corpora.exchange.annotated import AnnotatedText
    from scmine.corpora.exchange.inception import to_cas, type_system

    types = type_system()
    made = to_cas(AnnotatedText("doc", text), found, types)
    return (
        made.to_xmi().encode("utf-8"),
        types.to_xml().encode("utf-8"),
        made.to_json().encode("utf-8"),
    )


def inner_zip(xmi: bytes, types: bytes, name: str = "doc.xmi") -> bytes:
    """What INCEpTION writes for a user and a document."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, xmi)
        archive.writestr("TypeSystem.xml", types)
    return target.getvalue()
