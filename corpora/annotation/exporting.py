"""Units as the files of an annotation tool, in the order in which they are to be annotated.

How the files are loaded into each tool is said in ``data/annotate_….md``, which goes along as part
of the ``README.md``. The formats themselves live in ``scmine.corpora.exchange``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.resources import files

from scmine.corpora.annotation.schema import Schema
from scmine.corpora.exchange import doccano, json_lines, label_studio
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.corpora.exchange.brat_files import annotation_lines, configuration

Files = Iterator[tuple[str, bytes]]
UNITS_FILE = "units.jsonl"
"""All units as they were given to annotators; what comes back is held against it."""
NOTES = ("place", "look_at", "reasons", "left", "right")
"""What Label Studio shows above a text."""


class Tool(StrEnum):
    """What annotators work with."""

    LABEL_STUDIO = "label-studio"
    INCEPTION = "inception"
    BRAT = "brat"
    DOCCANO = "doccano"
    JSONL = "jsonl"


def files_of(tool: Tool, texts: Sequence[AnnotatedText], schema: Schema) -> Files:
    """(name, content) of the files of an export for one annotator.

    Raises
    ------
    ModuleNotFoundError
        For INCEpTION, if dkpro-cassis is not installed.
    """
    return _WRITERS[tool](texts, schema)


def how_to_load(tool: Tool) -> str:
    """What to do with the files, for people, as Markdown."""
    name = f"annotate_{tool.value.replace('-', '_')}.md"
    return (files("scmine.corpora") / "data" / name).read_text("utf-8")


def numbered(texts: Sequence[AnnotatedText]) -> list[tuple[str, AnnotatedText]]:
    """The texts with names that sort in their order, ``0012-IDENT``."""
    width = len(str(len(texts)))
    return [(f"{i:0{width}}-{text.ident}", text) for i, text in enumerate(texts, 1)]


def lines_of(texts: Sequence[AnnotatedText]) -> bytes:
    """The texts as JSON lines."""
    return "".join(f"{json_lines.to_line(text)}\n" for text in texts).encode("utf-8")


def _json_lines(texts: Sequence[AnnotatedText], schema: Schema) -> Files:
    yield "tasks.jsonl", lines_of(texts)


def _label_studio(texts: Sequence[AnnotatedText], schema: Schema) -> Files:
    tasks = []
    for text in texts:
        task = label_studio.to_task(text)
        task["data"] |= _notes(text)
        tasks.append(task)
    config = label_studio.labelling_config(schema.labels, schema.link_labels, NOTES)
    yield "tasks.json", (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    yield "labelling.xml", f"{config}\n".encode()


def _notes(text: AnnotatedText) -> dict[str, str]:
    """What stands above the text, always all of it: Label Studio refuses tasks that lack a key."""
    about = text.about
    place = (about.get("title"), about.get("kind"), about.get("section"))
    words = {
        "place": " · ".join(part for part in place if part),
        "look_at": f"Look at: {about['look_at']}" if "look_at" in about else "",
        "reasons": " | ".join(doccano.reasons(text.before or Annotations())),
        "left": f"… {about['left']}" if "left" in about else "",
        "right": f"{about['right']} …" if "right" in about else "",
    }
    return {name: words[name] or "–" for name in NOTES}


def _inception(texts: Sequence[AnnotatedText], schema: Schema) -> Files:
    from scmine.corpora.exchange.inception import TYPE_SYSTEM_FILE, to_cas, type_system

    types = type_system()
    yield TYPE_SYSTEM_FILE, types.to_xml().encode("utf-8")
    yield "tagset.json", _tagset(schema)
    for name, text in numbered(texts):
        xmi = to_cas(text, text.before or Annotations(), types).to_xmi()
        yield f"documents/{name}.xmi", xmi.encode("utf-8")


def _tagset(schema: Schema) -> bytes:
    """The labels in the form that INCEpTION imports."""
    tags = [{"tag_name": name, "tag_description": ""} for name in (*schema.labels, *schema.links)]
    tagset = {
        "name": f"scmine {schema.name}",
        "description": "",
        "language": "en",
        "tags": tags,
        "create_tag": False,
    }
    return (json.dumps(tagset, indent=1) + "\n").encode("utf-8")


def _brat(texts: Sequence[AnnotatedText], schema: Schema) -> Files:
    for name, content in configuration(schema.labels, schema.links, schema.events).items():
        yield name, content.encode("utf-8")
    for name, text in numbered(texts):
        found = annotation_lines(text.text, text.before or Annotations(), schema.events)
        yield f"{name}.txt", text.text.encode("utf-8")
        yield f"{name}.ann", found.encode("utf-8")


def _doccano(texts: Sequence[AnnotatedText], schema: Schema) -> Files:
    yield "tasks.jsonl", "".join(f"{doccano.to_line(t)}\n" for t in texts).encode("utf-8")
    yield "span_types.json", doccano.labels_file(schema.labels).encode("utf-8")
    yield "relation_types.json", doccano.labels_file(schema.link_labels).encode("utf-8")


_WRITERS: Mapping[Tool, Callable[[Sequence[AnnotatedText], Schema], Files]] = {
    Tool.LABEL_STUDIO: _label_studio,
    Tool.INCEPTION: _inception,
    Tool.BRAT: _brat,
    Tool.DOCCANO: _doccano,
    Tool.JSONL: _json_lines,
}
