"""What a paper's page highlights, as plain data for the script that draws it.

Mentions, links and cells come from the layers; here they are joined to the records that were made
of them: by the passage and sentence of a record's places, or by the boxes of a table's cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from scmine.database.layer_packing import DocumentLayers
from scmine.database.record import Record
from scmine.extractors.claim import Mention
from scmine.extractors.document import Box, Cell, Passage
from scmine.web.paper_labels import shown_label

JOINT = " […] "
"""What joins the sentences of a record that stands on more than one."""

_NEAR_PT = 0.2
"""Boxes of layers are rounded to a tenth of a point."""

_PRINTED = ("raw_material", "raw_tc", "raw_pressure", "measurement_method")

_Span = tuple[int, int, int]
"""A passage by its position, and the characters of it."""


@dataclass(slots=True)
class RecordMarks:
    """What belongs to one record: spans of passages, mentions and cells by their numbers."""

    spans: list[_Span] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)


def numbered_mentions(layers: DocumentLayers) -> dict[int, list[tuple[int, Mention]]]:
    """The mentions of each passage by its position, numbered through the paper."""
    numbers = iter(range(sum(map(len, layers.mentions))))
    return {
        position: [(next(numbers), mention) for mention in found]
        for position, found in enumerate(layers.mentions)
    }


def numbered_cells(layers: DocumentLayers) -> Iterator[tuple[int, int, int, Cell]]:
    """Number, table, row and cell of all cells of the paper that say anything."""
    cells = (
        (table_number, row_number, cell)
        for table_number, table in enumerate(layers.tables)
        for row_number, row in enumerate(table.rows)
        for cell in row
        if cell.text
    )
    for number, (table_number, row_number, cell) in enumerate(cells):
        yield number, table_number, row_number, cell


def marks_of(layers: DocumentLayers, records: Iterable[Record]) -> dict[str, RecordMarks]:
    """What belongs to each record, by its id."""
    mentions = numbered_mentions(layers)
    boxed: dict[int, list[tuple[int, Box]]] = defaultdict(list)
    for number, _, _, cell in numbered_cells(layers):
        if cell.box is not None:
            boxed[cell.box.page].append((number, cell.box))
    return {r.record_id: _marks(r, layers.passages, mentions, boxed) for r in records}


def _marks(
    record: Record,
    passages: Sequence[Passage],
    mentions: Mapping[int, Sequence[tuple[int, Mention]]],
    boxed: Mapping[int, Sequence[tuple[int, Box]]],
) -> RecordMarks:
    marks = RecordMarks()
    named = {v.casefold() for n in _PRINTED if (v := getattr(record, n))}
    for position, sentence in _sentences(record, passages):
        own = named | {p.raw_material.casefold() for p in record.places}
        own |= {p.raw_tc.casefold() for p in record.places if p.raw_tc}
        for span in _spans(passages[position].text, sentence):
            marks.spans.append((position, *span))
            marks.mentions += [
                number
                for number, mention in mentions[position]
                if span[0] <= mention.start < span[1] and _says(mention, own)
            ]
    for box in {tuple(b) for p in record.places if p.passage is None for b in p.boxes}:
        found = (n for n, own_box in boxed.get(int(box[0]), ()) if _near(own_box, box))
        marks.cells += found
    return marks


def _sentences(record: Record, passages: Sequence[Passage]) -> Iterator[tuple[int, str]]:
    """Where the record says that it stands: positions of passages and their sentences."""
    placed = [(p.passage, p.sentence) for p in record.places if p.passage is not None]
    if not record.places and record.sentence:
        # Added by a person: the sentence was taken from one of the passages.
        placed = [(n, record.sentence) for n, p in enumerate(passages) if record.sentence in p.text]
    yield from ((n, sentence) for n, sentence in placed if 0 <= n < len(passages) and sentence)


def _spans(text: str, sentence: str) -> Iterator[tuple[int, int]]:
    for part in sentence.split(JOINT):
        start = text.find(part)
        if part and start >= 0:
            yield start, start + len(part)


def _says(mention: Mention, printed: Iterable[str]) -> bool:
    """Whether a record that prints ``printed`` was made of the mention."""
    text = mention.text.casefold()
    return any(text in own or own in text for own in printed)


def _near(box: Box, other: Sequence[float]) -> bool:
    edges = (box.x0, box.y0, box.x1, box.y1)
    return all(abs(a - b) <= _NEAR_PT for a, b in zip(edges, other[1:], strict=True))


def highlights(layers: DocumentLayers | None, records: Sequence[Record]) -> dict[str, Any]:
    """All that is drawn over the pages of a paper, as JSON can say it.

    Boxes are ``[page, x0, y0, x1, y1]`` in points from the top left of the page as shown. Without
    layers there are the boxes of records only.
    """
    layers = layers or DocumentLayers()
    marks = marks_of(layers, records)
    return {
        "mentions": _mention_data(layers),
        "links": _link_data(layers),
        "cells": [
            {
                "box": _plain(cell.box) if cell.box else None,
                "table": table,
                "row": row,
                "header": cell.is_header,
            }
            for _, table, row, cell in numbered_cells(layers)
        ],
        "sentences": [
            {"passage": n, "start": start, "end": end, "boxes": _boxes(passage.boxes(start, end))}
            for n, passage in enumerate(layers.passages)
            for start, end in passage.sentences or ((0, len(passage.text)),)
        ],
        "records": [_record_data(record, marks[record.record_id]) for record in records],
    }


def _mention_data(layers: DocumentLayers) -> list[dict[str, Any]]:
    return [
        {
            "label": shown_label(mention.label),
            "passage": position,
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "score": mention.score,
            "boxes": _boxes(layers.mention_boxes(position, mention)),
        }
        for position, found in numbered_mentions(layers).items()
        for _, mention in found
    ]


def _link_data(layers: DocumentLayers) -> list[list[int]]:
    """The links of the paper, each as the numbers of its two mentions."""
    mentions = numbered_mentions(layers)
    return [
        [mentions[position][link.head][0], mentions[position][link.tail][0]]
        for position, links in enumerate(layers.links)
        for link in links
    ]


def _record_data(record: Record, marks: RecordMarks) -> dict[str, Any]:
    places = chain(record.boxes, *(place.boxes for place in record.places))
    boxes = {tuple(round(v, 1) for v in box) for box in places if len(box) == 5}
    return {
        "id": record.record_id,
        "status": record.status.value,
        "page": record.page,
        "boxes": sorted([int(page), *edges] for page, *edges in boxes),
        "spans": marks.spans,
        "mentions": marks.mentions,
        "cells": marks.cells,
    }


def _boxes(boxes: Iterable[Box]) -> list[list[float]]:
    return [_plain(box) for box in boxes]


def _plain(box: Box) -> list[float]:
    return [box.page, *(round(v, 1) for v in (box.x0, box.y0, box.x1, box.y1))]
