"""Extraction: from a document to its records, the steps in their order and timed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from importlib import metadata

from scmine.database.record import Record
from scmine.extractors.claim import Claim
from scmine.extractors.document import Document, PassageKind

PIPELINE_VERSION = "1"
"""Raised whenever the same file would give other records; stored documents are then redone."""

_MINED = (
    PassageKind.TITLE,
    PassageKind.ABSTRACT,
    PassageKind.PARAGRAPH,
    PassageKind.CAPTION,
    PassageKind.FOOTNOTE,
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a document says.

    ``record_passages`` gives for each record the position of its passage in the document, None for
    those of tables. ``seconds`` holds the time of each step by name.
    """

    records: list[Record]
    record_passages: list[int | None]
    seconds: dict[str, float] = field(default_factory=dict)


def warm_up() -> None:
    """Load models and lexicons, so that the first document is as fast as the others."""
    from scmine.extractors.document import Passage

    document = Document(
        doc_id="",
        path="",
        reader="",
        passages=(Passage(PassageKind.PARAGRAPH, "MgB2 (P6/mmm) has Tc = 39 K at 0 GPa."),),
    )
    extract(document)


def extract(document: Document) -> Extraction:
    """The records of ``document``.

    >>> from scmine.extractors import extract, read
    >>> extraction = extract(read("examples/hydride_eliashberg.pdf"))
    >>> max(r.tc_K for r in extraction.records if r.tc_K) > 100
    True
    """
    from scmine.extractors.claims import claims_of_passage
    from scmine.extractors.context import MaterialContext
    from scmine.extractors.cues import evidence_of_paper
    from scmine.extractors.linking import TrainedLinker
    from scmine.extractors.records import records_of
    from scmine.extractors.table_claims import claims_of_table
    from scmine.extractors.tagging import default_tagger

    seconds: dict[str, float] = {}
    started = time.perf_counter()
    positions = [i for i, p in enumerate(document.passages) if p.kind in _MINED]
    passages = [document.passages[i] for i in positions]
    mentions = default_tagger().tag(passages)
    seconds["mentions"] = -started + (started := time.perf_counter())
    linker = TrainedLinker()
    links = [linker.link(p, m) for p, m in zip(passages, mentions, strict=True)]
    seconds["links"] = -started + (started := time.perf_counter())
    context = MaterialContext.of(passages, mentions)
    claims: list[Claim] = []
    places: list[int | None] = []
    for position, passage, found, linked in zip(positions, passages, mentions, links, strict=True):
        new = claims_of_passage(passage, found, linked)
        claims += new
        places += [position] * len(new)
    for table in document.tables:
        new = claims_of_table(table, context)
        claims += new
        places += [None] * len(new)
    front = [p.text for p in passages if p.kind in (PassageKind.TITLE, PassageKind.ABSTRACT)]
    pairs = records_of(claims, document, context, evidence_of_paper(front), _version())
    seconds["records"] = -started + (started := time.perf_counter())
    return Extraction([r for r, _ in pairs], [places[n] for _, n in pairs], seconds)


def _version() -> str:
    return f"scmine {metadata.version('scmine')}, pipeline {PIPELINE_VERSION}"
