"""Corrections as files of each format that annotation tools and trainers take.

The formats themselves live in ``scmine.corpora.exchange``.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from scmine.corpora.corrections.judgement import Correction
from scmine.corpora.corrections.listing import passage_as_plain
from scmine.corpora.corrections.stored import annotated
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.exchange.label_studio import labelling_config, to_task
from scmine.corpora.exchange.tei_file import to_tei
from scmine.extractors.claim import Label, LinkLabel

Files = Mapping[str, bytes]


class ExportFormat(StrEnum):
    """What corrections are written for."""

    JSONL = "jsonl"
    LABEL_STUDIO = "label-studio"
    INCEPTION = "inception"
    CORPUS = "corpus"


def files_of(format_: ExportFormat, corrections: Sequence[Correction]) -> Files:
    """The files of an export by their name; one where the format is a single file.

    Raises
    ------
    ModuleNotFoundError
        For INCEpTION, if dkpro-cassis is not installed.
    """
    return _WRITERS[format_](corrections)


def as_zip(files: Files) -> bytes:
    """Several files in one."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def _json_lines(corrections: Sequence[Correction]) -> Files:
    lines = [json.dumps(passage_as_plain(c), ensure_ascii=False) + "\n" for c in corrections]
    return {"corrections.jsonl": "".join(lines).encode("utf-8")}


def _label_studio(corrections: Sequence[Correction]) -> Files:
    tasks = [to_task(annotated(c)) for c in corrections]
    config = labelling_config(map(str, Label), map(str, LinkLabel)) + "\n"
    return {
        "tasks.json": (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
        "labelling.xml": config.encode("utf-8"),
    }


def _inception(corrections: Sequence[Correction]) -> Files:
    from scmine.corpora.exchange.inception import write_zip

    target = io.BytesIO()
    write_zip(map(annotated, corrections), target)
    return {"corrections-inception.zip": target.getvalue()}


def _corpus(corrections: Sequence[Correction]) -> Files:
    papers: dict[str, list[AnnotatedText]] = {}
    for correction in corrections:
        papers.setdefault(correction.doc_id, []).append(annotated(correction))
    return {
        f"{re.sub('[^A-Za-z0-9-]', '_', doc_id[:16])}.tei.xml": to_tei(
            texts, f"Passages with judged records of document {doc_id}"
        ).xml.encode("utf-8")
        for doc_id, texts in papers.items()
    }


_WRITERS: Mapping[ExportFormat, Callable[[Sequence[Correction]], Files]] = {
    ExportFormat.JSONL: _json_lines,
    ExportFormat.LABEL_STUDIO: _label_studio,
    ExportFormat.INCEPTION: _inception,
    ExportFormat.CORPUS: _corpus,
}
