"""From a file to a result: what a worker does with each paper.

Joins the reader and the extraction to what the database takes. Nothing here writes anything, and
time and memory are watched from outside.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scmine.database.layer_packing import DocumentLayers, LayersError, pack
from scmine.database.results import DocumentResult, PassageRow
from scmine.database.structure import StructureRow
from scmine.extractors import PIPELINE_VERSION, read, warm_up
from scmine.extractors.document import Document, ReadError, Status
from scmine.extractors.extract import Extraction, extract
from scmine.extractors.paired_reading import read_with_pdf
from scmine.extractors.pdf.ocr import Ocr
from scmine.extractors.pdf.reader import read_pdf
from scmine.pipelines.find import shown
from scmine.pipelines.llm_paper import ReadPaper, packed
from scmine.pipelines.structures import add_structures
from scmine.validator.plausibility import check
from scmine.validator.plausibility.flagging import flagged
from scmine.validator.plausibility.papers import DoubtedPaper, papers_with

_RESULT = TypeAdapter(DocumentResult)


PdfReader = Callable[[Path], Document]


def make_processor(
    grobid: dict[str, Any] | None = None,
    ocr: dict[str, Any] | None = None,
    retractions: str | None = None,
    store_layers: bool = True,
    whole: bool = False,
) -> Callable[..., dict[str, Any]]:
    """Load lexicons and models; return what processes a paper for `scmine.pipelines.workers`.

    ``grobid`` says which server reads PDFs, as `scmine.pipelines.grobid.Choice` has it; None: the
    built-in reader. ``ocr`` has the language and the seconds a paper of
    `scmine.extractors.pdf.ocr.Ocr`; None: images of pages are not read. ``retractions`` is the
    user's list of retracted papers. Without ``store_layers`` nothing but records is kept. With
    ``whole`` the result has besides, as ``paper``, what a language model can be asked about
    (`scmine.pipelines.llm_paper`).
    """
    warm_up()
    check.warm_up()
    doubted = papers_with(None if retractions is None else Path(retractions))
    # The characters of a paper live until it is done. Looking through them for cycles again and
    # again while they are made costs an eighth of the time of reading.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    pdf_reader = _pdf_reader(grobid, None if ocr is None else Ocr(**ocr))

    def process(
        path: str, doc_id: str, pdf: str | None = None, name: str | None = None
    ) -> dict[str, Any]:
        paper = read_paper(path, doc_id, pdf, pdf_reader, name=name)
        if isinstance(paper, DocumentResult):
            result = paper
        else:
            result = finished(paper, doubted, store_layers=store_layers)
        plain: dict[str, Any] = _RESULT.dump_python(result, mode="json", by_alias=True)
        if whole and not isinstance(paper, DocumentResult):
            plain["paper"] = packed(paper)
        return plain

    return process


def _pdf_reader(grobid: dict[str, Any] | None, ocr: Ocr | None) -> PdfReader:
    if grobid is None:
        return partial(read_pdf, ocr=ocr)
    from scmine.extractors.grobid.client import Service
    from scmine.extractors.grobid.reader import GrobidReader

    return GrobidReader(Service(**grobid["service"]), fall_back=grobid["fall_back"], ocr=ocr)


def process_file(
    path: str,
    doc_id: str,
    pdf: str | None = None,
    pdf_reader: PdfReader | None = None,
    doubted: Sequence[DoubtedPaper] | None = None,
    *,
    store_layers: bool = True,
) -> DocumentResult:
    """Read a file, extract its claims and flag them; a file that gives none says why by its status.

    ``doc_id`` is the SHA-256 that the file should have. The result carries the one that was read,
    if reading came that far. ``pdf`` is the PDF of a source, which gives the places;
    ``pdf_reader`` reads papers that are there as PDF only; None is the built-in reader.
    ``doubted`` lists retracted papers; None is the packaged list. ``store_layers`` puts the text
    and what was found in it into the result.
    """
    paper = read_paper(path, doc_id, pdf, pdf_reader)
    if isinstance(paper, DocumentResult):
        return paper
    return finished(paper, doubted, store_layers=store_layers)


def read_paper(
    path: str,
    doc_id: str,
    pdf: str | None = None,
    pdf_reader: PdfReader | None = None,
    *,
    name: str | None = None,
) -> ReadPaper | DocumentResult:
    """Read a file and extract its claims; a file that gives no document is a result at once.

    Results call it by ``name``; None: by its path.
    """
    called = shown(path if name is None else name)
    started = time.perf_counter()
    try:
        document = read(path, pdf_reader=pdf_reader) if pdf is None else read_with_pdf(path, pdf)
    except ReadError as error:
        return _without_document(called, doc_id, error.status, error.reason, started)
    seconds = {"read": time.perf_counter() - started}
    return ReadPaper(called, document, extract(document), seconds)


def finished(
    paper: ReadPaper,
    doubted: Sequence[DoubtedPaper] | None = None,
    *,
    store_layers: bool = True,
) -> DocumentResult:
    """What the database takes of a paper: its records flagged, structures built, layers packed."""
    document, extraction = paper.document, paper.extraction
    started = time.perf_counter()
    extraction = replace(extraction, records=flagged(extraction.records, doubted))
    seconds = paper.seconds | extraction.seconds | {"check": time.perf_counter() - started}
    structures, extraction = with_structures(document, extraction)
    packing = time.perf_counter()
    layers = _packed_layers(document, extraction) if store_layers else None
    seconds |= extraction.seconds | {"layers": time.perf_counter() - packing}
    return to_result(document, extraction, paper.path, seconds, structures, layers)


def with_structures(
    document: Document, extraction: Extraction
) -> tuple[list[StructureRow], Extraction]:
    """The structures that a paper states, and its extraction with records that name them."""
    started = time.perf_counter()
    structures, records = add_structures(document, extraction)
    took = {"structures": time.perf_counter() - started}
    return structures, replace(extraction, records=records, seconds=extraction.seconds | took)


def to_result(
    document: Document,
    extraction: Extraction,
    path: str,
    seconds: dict[str, float],
    structures: Sequence[StructureRow] = (),
    layers: bytes | None = None,
) -> DocumentResult:
    """What the database takes, from what reading and extraction gave; ``seconds`` by step."""
    known = document.metadata
    places = [place for record in extraction.records for place in record.places]
    used = sorted({place.passage for place in places if place.passage is not None})
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
        structures=structures,
        layers=layers,
    )


def _packed_layers(document: Document, extraction: Extraction) -> bytes | None:
    """The text of a paper and what was found in it; None if it is too large to be kept."""
    layers = DocumentLayers(
        passages=document.passages,
        mentions=tuple(tuple(found) for found in extraction.mentions),
        links=tuple(tuple(found) for found in extraction.links),
        tables=document.tables,
    )
    try:
        return pack(layers)
    except LayersError:
        return None


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
