"""Extraction: from a document to its records, the steps in their order and timed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import TYPE_CHECKING, TypeVar

from scmine.database.record import Record
from scmine.extractors.claim import Claim, Link, Linker, Mention, Tagger
from scmine.extractors.document import Document, PassageKind

if TYPE_CHECKING:
    from scmine.extractors.context import MaterialContext

PIPELINE_VERSION = "5"
"""Raised whenever the same file would give other records; stored documents are then redone."""

_Found = TypeVar("_Found", Mention, Link)

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

    ``records`` are its claims, each once; ``record_passages`` gives for each the position in the
    document of the passage that says it best, None for those of tables. ``stated`` are the records
    of each place alone, before those that make the same claim are merged. ``seconds`` holds the
    time of each step by name. ``mentions`` and ``links`` are those of each passage of the document;
    passages that are not mined have none. ``stated_tables`` has for each of ``stated`` the position
    in the document of the table that states it, None for those of passages.
    """

    records: list[Record]
    record_passages: list[int | None]
    seconds: dict[str, float] = field(default_factory=dict)
    stated: list[Record] = field(default_factory=list)
    mentions: list[list[Mention]] = field(default_factory=list)
    links: list[list[Link]] = field(default_factory=list)
    stated_tables: list[int | None] = field(default_factory=list)


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


def extract(
    document: Document, tagger: Tagger | None = None, linker: Linker | None = None
) -> Extraction:
    """The records of ``document``.

    Parameters
    ----------
    document
        A paper as read.
    tagger, linker
        What finds and joins mentions; by default what ``scmine ingest`` uses.

    Examples
    --------
    >>> from scmine.extractors import extract, read
    >>> extraction = extract(read("examples/hydride_eliashberg.pdf"))
    >>> max(r.tc_K for r in extraction.records if r.tc_K) > 100
    True
    """
    from scmine.extractors.context import MaterialContext
    from scmine.extractors.linking import TrainedLinker
    from scmine.extractors.tagging import default_tagger

    seconds: dict[str, float] = {}
    started = time.perf_counter()
    positions = mined(document)
    passages = [document.passages[i] for i in positions]
    mentions = (tagger or default_tagger()).tag(passages)
    started = _lap(seconds, "mentions", started)
    linker = linker or TrainedLinker()
    links = [linker.link(p, m) for p, m in zip(passages, mentions, strict=True)]
    started = _lap(seconds, "links", started)
    context = MaterialContext.of(passages, mentions, document.tables)
    placed, tables = _claims(document, positions, mentions, links, context)
    pairs = stated_records(placed, document, context)
    stated = [record for record, _ in pairs]
    _lap(seconds, "records", started)
    found = Extraction(
        [],
        [],
        seconds,
        stated,
        _by_passage(document, positions, mentions),
        _by_passage(document, positions, links),
        [tables[n] for _, n in pairs],
    )
    return told_as_one(found, stated)


def mined(document: Document) -> list[int]:
    """The positions of the passages that claims are looked for in."""
    return [i for i, p in enumerate(document.passages) if p.kind in _MINED]


def context_of(document: Document, extraction: Extraction) -> MaterialContext:
    """What the paper as a whole says about its materials, from what was found in it."""
    from scmine.extractors.context import MaterialContext

    positions = mined(document)
    passages = [document.passages[i] for i in positions]
    return MaterialContext.of(
        passages, [extraction.mentions[i] for i in positions], document.tables
    )


def stated_records(
    placed: Sequence[tuple[Claim, int | None]], document: Document, context: MaterialContext
) -> list[tuple[Record, int]]:
    """The records of claims, each with its one place, and with the index of its claim.

    ``placed`` are claims with the position of their passage, None for those of tables; whoever
    found them.
    """
    from scmine.extractors.merging import place_of
    from scmine.extractors.paper_profile import PaperProfile
    from scmine.extractors.records import records_of

    claims = [claim for claim, _ in placed]
    pairs = records_of(claims, document, context, PaperProfile.of(document), _version())
    return [(r.model_copy(update={"places": [place_of(r, placed[n][1])]}), n) for r, n in pairs]


def told_as_one(extraction: Extraction, stated: Sequence[Record]) -> Extraction:
    """``extraction`` with what each place states put together, each claim once.

    Examples
    --------
    >>> from scmine.extractors import extract, read
    >>> extraction = extract(read("examples/hydride_eliashberg.pdf"))
    >>> told_as_one(extraction, extraction.stated).records == extraction.records
    True
    """
    from scmine.extractors.coherence import one_story

    started = time.perf_counter()
    records = one_story(stated)
    seconds = dict(extraction.seconds)
    _lap(seconds, "coherence", started)
    return replace(
        extraction,
        records=records,
        record_passages=[r.places[0].passage for r in records],
        seconds=seconds,
        stated=list(stated),
    )


def _by_passage(
    document: Document, positions: Sequence[int], found: Sequence[list[_Found]]
) -> list[list[_Found]]:
    """What was ``found`` in the passages at ``positions``, for all passages of the document."""
    at = dict(zip(positions, found, strict=True))
    return [at.get(position, []) for position in range(len(document.passages))]


def _claims(
    document: Document,
    positions: Sequence[int],
    mentions: Sequence[Sequence[Mention]],
    links: Sequence[Sequence[Link]],
    context: MaterialContext,
) -> tuple[list[tuple[Claim, int | None]], list[int | None]]:
    """The claims of passages, with the position of the passage, and then those of tables.

    Second, for each the position of its table.
    """
    from scmine.extractors.claims import claims_of_passage
    from scmine.extractors.table_claims import claims_of_table

    main_material = context.main_printed()
    placed: list[tuple[Claim, int | None]] = []
    for position, found, linked in zip(positions, mentions, links, strict=True):
        passage = document.passages[position]
        claims = claims_of_passage(passage, found, linked, main_material)
        placed += [(claim, position) for claim in claims]
    tables: list[int | None] = [None] * len(placed)
    for number, table in enumerate(document.tables):
        of_table = claims_of_table(table, context)
        placed += [(claim, None) for claim in of_table]
        tables += [number] * len(of_table)
    return placed, tables


def _lap(seconds: dict[str, float], step: str, started: float) -> float:
    """Note how long ``step`` took since ``started``; returns the time now."""
    now = time.perf_counter()
    seconds[step] = now - started
    return now


def _version() -> str:
    return f"scmine {metadata.version('scmine')}, pipeline {PIPELINE_VERSION}"
