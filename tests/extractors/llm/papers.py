"""Small papers for the tests of what is asked and agreed, and claims that a model could make."""

from __future__ import annotations

from dataclasses import replace

from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Cell, Document, Passage, PassageKind, Table
from scmine.extractors.extract import Extraction, extract, told_as_one
from scmine.extractors.sentences import split_sentences

MODEL = "llm:test@claims@1"


def paper(*texts: str, tables: tuple[Table, ...] = ()) -> Document:
    """A paper of paragraphs, the first of them its abstract."""
    passages = tuple(
        Passage(
            PassageKind.PARAGRAPH if n else PassageKind.ABSTRACT,
            text,
            sentences=split_sentences(text),
        )
        for n, text in enumerate(texts)
    )
    return Document("d" * 64, "/p.pdf", "pdf", passages=passages, tables=tables)


def table(*rows: str, caption: str = "") -> Table:
    """A table of rows whose cells are parted by bars; the first row is the head."""
    grid = tuple(
        tuple(Cell(text.strip(), is_header=n == 0) for text in row.split("|"))
        for n, row in enumerate(rows)
    )
    return Table(grid, caption)


def said(
    document: Document, position: int, material: str, confidence: float = 0.9, **values: str
) -> tuple[Claim, int | None]:
    """What a model may claim: the first of ``values`` says where in the passage."""
    passage = document.passages[position]
    words = next(iter(values.values()))
    start = passage.text.index(words)
    low, high = passage.sentence_at(start)
    hints = {k: values.pop(k) for k in ("llm_origin", "llm_evidence") if k in values}
    return (
        Claim(
            material=material,
            values=values,
            source="llm",
            section="",
            sentence=passage.text[low:high],
            page=None,
            boxes=(),
            extractor=MODEL,
            confidence=confidence,
            hints={"before": passage.text[: start + len(words)], **hints},
            place=Place(passage, start, start + len(words)),
        ),
        position,
    )


def stating(extraction: Extraction, *tcs: float) -> Extraction:
    """``extraction`` as if the rules had read these Tc (in kelvin) alone."""
    stated = [r for r in extraction.stated if r.tc_K in tcs]
    return told_as_one(replace(extraction, stated_tables=[None] * len(stated)), stated)


def mined_paper(*texts: str, tables: tuple[Table, ...] = ()) -> tuple[Document, Extraction]:
    """A paper and what the rules find in it."""
    document = paper(*texts, tables=tables)
    return document, extract(document)
