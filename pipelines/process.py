"""From a file to a result: what a worker does with each paper.

Joins the reader and the extraction to what the database takes. Nothing here writes anything, and
time and memory are watched from outside.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from scmine.database.results import DocumentResult, PassageRow
from scmine.extractors import PIPELINE_VERSION, read, warm_up
from scmine.extractors.document import Document, ReadError, Status
from scmine.extractors.extract import Extraction, extract
from scmine.extractors.pdf.ocr import Ocr
from scmine.pipelines.find import shown

_RESULT = TypeAdapter(DocumentResult)


def make_processor(
    ocr_language: str | None = None, ocr_seconds: float = 90.0
) -> Callable[[str, str], dict[str, Any]]:
    """Load lexicons and models; return what processes a paper for `scmine.pipelines.workers`.

    With ``ocr_language`` pages that are images are read by OCR, for ``ocr_seconds`` a paper.
    """
    warm_up()
    ocr = None if ocr_language is None else Ocr(ocr_language, ocr_seconds)

    def process(path: str, doc_id: str) -> dict[str, Any]:
        result = process_file(path, doc_id, ocr)
        plain: dict[str, Any] = _RESULT.dump_python(result, mode="json", by_alias=True)
        return plain

    return process


def process_file(path: str, doc_id: str, ocr: Ocr | None = None) -> DocumentResult:
    """Read a file and extract its claims; a file that gives none says why by its status.

    ``doc_id`` is the SHA-256 that the file should have. The result carries the one that was read,
    if reading came that far.
    """
    started = time.perf_counter()
    try:
        document = read(path, ocr=ocr)
    except ReadError as error:
        return _without_document(shown(path), doc_id, error.status, error.reason, started)
    reading_s = time.perf_counter() - started
    extraction = extract(document)
    return to_result(document, extraction, shown(path), {"read": reading_s} | extraction.seconds)


def to_result(
    document: Document, extraction: Extraction, path: str, seconds: dict[str, float]
) -> DocumentResult:
    """What the database takes, from what reading and extraction gave; ``seconds`` by step."""
    known = document.metadata
    used = sorted({position for position in extraction.record_passages if position is not None})
    index = {position: number for number, position in enumerate(used)}
    return DocumentResult(
        doc_id=document.doc_id,
        path=path,
        reader=document.reader,
        status=document.status.value,
        pipeline_version=PIPELINE_VERSION,
        title=known.title or None,
        authors=list(known.authors),
        doi=known.doi,
        arxiv_id=known.arxiv_id,
        journal=known.journal,
        publisher=known.publisher,
        year=known.year,
        page_count=document.page_count,
        reason="; ".join(document.warnings),
        warnings=list(document.warnings),
        steps=seconds,
        passages=[_passage_row(document, position) for position in used],
        records=[record.model_copy(update={"path": path}) for record in extraction.records],
        record_passages=[
            None if position is None else index[position] for position in extraction.record_passages
        ],
    )


def _passage_row(document: Document, position: int) -> PassageRow:
    passage = document.passages[position]
    return PassageRow(
        position=position,
        kind=passage.kind.value,
        text=passage.text,
        section=passage.section,
        page=passage.page,
    )


def _without_document(
    path: str, doc_id: str, status: Status, reason: str, started: float
) -> DocumentResult:
    return DocumentResult(
        doc_id=doc_id,
        path=path,
        reader="",
        status=status.value,
        reason=reason,
        pipeline_version=PIPELINE_VERSION,
        steps={"read": time.perf_counter() - started},
    )
