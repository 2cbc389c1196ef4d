"""What goes into the database and what comes out besides records: documents, passages, runs.

Structures have a module of their own, ``scmine.database.structure``.

Plain values. Nothing here knows SQL, and nothing here imports from the extractors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Base64Bytes

from scmine.database.llm_use import LlmUse
from scmine.database.record import Record, RecordStatus
from scmine.database.structure import StructureRow

DOCUMENT_COLUMNS = (
    "path",
    "doi",
    "arxiv_id",
    "title",
    "authors",
    "journal",
    "publisher",
    "year",
)
"""The columns of a record that ``documents`` holds for all records of a document."""


class RunState(StrEnum):
    """How a run stands. One that was killed stays ``running``."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """A file and how its processing ended. Unknown fields are None or empty.

    ``doc_id`` is the SHA-256 of the file, ``status`` names how it ended and ``reason`` says why in
    words. ``seconds`` is the whole time spent, ``steps`` the seconds of each step by its name.
    """

    doc_id: str
    path: str
    reader: str
    status: str
    pipeline_version: str
    title: str | None = None
    authors: Sequence[str] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    journal: str | None = None
    publisher: str | None = None
    year: int | None = None
    page_count: int = 0
    reason: str = ""
    warnings: Sequence[str] = ()
    seconds: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)
    peak_memory_MB: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRow:
    """A passage that carries claims.

    ``position`` is its place among all passages of its document, counted from 0; ``page`` counts
    from 1.
    """

    position: int
    kind: str
    text: str
    section: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentResult(DocumentInfo):
    """All that processing one document gave, ready to be saved as a whole.

    Parameters
    ----------
    passages
        The passages that carry claims.
    records
        The claims, in the order in which they are to be listed. All are ``new``: any other
        status is a person's verdict, and those are never written by a pipeline.
    record_passages
        For each record the index in ``passages`` of the one it was taken from, or None. Empty
        if no record has a passage.
    structures
        The crystal structures that the document states. A record names its own by
        ``structure_id``.
    layers
        What was found besides, as `scmine.database.layer_packing.pack` gives it; None: nothing is
        kept of it.
    pdf_id, pdf_path
        The SHA-256 and the path of the PDF on whose pages the boxes of ``layers`` lie, if the
        document is a source that was read together with its PDF.
    llm
        What a language model was asked about it; None: nothing.

    Raises
    ------
    ValueError
        A record of another document, with other document fields than the result's, twice the
        same ``record_id`` or ``structure_id``, a status other than ``new``, an index that names
        no passage, or a ``structure_id`` that names no structure.
    """

    passages: Sequence[PassageRow] = ()
    records: Sequence[Record] = ()
    record_passages: Sequence[int | None] = ()
    structures: Sequence[StructureRow] = ()
    layers: Base64Bytes | None = None
    pdf_id: str | None = None
    pdf_path: str | None = None
    llm: LlmUse | None = None

    def __post_init__(self) -> None:
        """Check that records and passages belong together."""
        if self.record_passages and len(self.record_passages) != len(self.records):
            raise ValueError(
                f"{len(self.record_passages)} passage indices for {len(self.records)} records"
            )
        for index in self.record_passages:
            if index is not None and not 0 <= index < len(self.passages):
                raise ValueError(f"passage {index} is not one of {len(self.passages)}")
        structures = {s.structure_id for s in self.structures}
        if len(structures) < len(self.structures):
            raise ValueError("a structure is given twice")
        seen: set[str] = set()
        for record in self.records:
            self._check_record(record)
            if record.structure_id is not None and record.structure_id not in structures:
                raise ValueError(
                    f"record {record.record_id} names structure {record.structure_id}, which is "
                    "not given"
                )
            if record.record_id in seen:
                raise ValueError(f"record {record.record_id} is given twice")
            seen.add(record.record_id)

    def _check_record(self, record: Record) -> None:
        if record.doc_id != self.doc_id:
            raise ValueError(f"record {record.record_id} is of another document, {record.doc_id}")
        if record.status is not RecordStatus.NEW:
            raise ValueError(
                f"record {record.record_id} is {record.status}; a pipeline gives new records only"
            )
        for name in DOCUMENT_COLUMNS:
            own, shared = getattr(record, name), getattr(self, name)
            # A reader says "" or () where a record says None or [].
            if (own or shared) and own != (list(shared) if name == "authors" else shared):
                raise ValueError(
                    f"record {record.record_id} has {name} {own!r}, its document has {shared!r}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument(DocumentInfo):
    """A document as the database has it, with the run that saved it and its number of records."""

    run_id: int
    record_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run as the database has it; times are UTC, and ``finished`` is None while it runs."""

    id: int
    started: datetime
    finished: datetime | None
    scmine_version: str
    pipeline_version: str
    options: dict[str, Any]
    counts: dict[str, int]
    state: RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a database holds.

    ``documents`` and ``records`` are counts by status, ``structures`` by verdict,
    ``structure_ways`` by the way that made the atoms; ``records_of_structures`` are
    the records that name one, ``touched`` those that a person has changed, judged or added.
    """

    documents: dict[str, int]
    records: dict[str, int]
    structures: dict[str, int]
    structure_ways: dict[str, int]
    records_of_structures: int
    passages: int
    runs: int
    touched: int
    open_proposals: int
