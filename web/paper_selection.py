"""What of a paper a reader selected: from characters of a passage, or boxes on a page, to the
sentence or the row of a table, with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scmine.database.layer_packing import DocumentLayers
from scmine.database.record import Source
from scmine.extractors.document import Box, Passage, PassageKind, Table

MAX_CHARACTERS = 2000
"""What is selected is cut to so many characters: it bounds the time that reading it takes."""

MAX_BOXES = 100

BESIDE_PT = 5.0
"""Where no word stands in a selection, one so near is meant: a blank is narrower."""


class SelectionError(ValueError):
    """A selection that cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A sentence, several, or a row, and where it stands.

    ``passage`` is the position of its passage, ``start`` to ``end`` its characters there; for a row
    ``table`` is the number of the table and ``row`` that of the row. All are None where the
    paper's text is not stored, or has no such text.
    """

    sentence: str
    source: Source = Source.TEXT
    section: str = ""
    boxes: tuple[Box, ...] = ()
    passage: int | None = None
    start: int = 0
    end: int = 0
    table: int | None = None
    row: int | None = None

    @property
    def page(self) -> int | None:
        """The page on which it begins, if pages are known."""
        return self.boxes[0].page if self.boxes else None

    def provenance(self) -> dict[str, object]:
        """The columns of a record that say where it was found."""
        return {
            "sentence": self.sentence,
            "source": self.source.value,
            "section": self.section or None,
            "page": self.page,
            "boxes": [[b.page, b.x0, b.y0, b.x1, b.y1] for b in self.boxes],
        }


def read_boxes(page: int, text: str) -> tuple[Box, ...]:
    """The boxes on ``page`` that a browser says: ``x0,y0,x1,y1`` each, with ``;`` between them.

    Raises
    ------
    SelectionError
        If they are no boxes, or too many.

    >>> read_boxes(2, "1,2,30,4.5")
    (Box(page=2, x0=1.0, y0=2.0, x1=30.0, y1=4.5),)
    """
    parts = text.split(";")
    if len(parts) > MAX_BOXES:
        raise SelectionError("too much is selected; select one sentence")
    try:
        boxes = [Box(page, *(_edge(v) for v in part.split(","))) for part in parts]
    except (TypeError, ValueError) as error:
        raise SelectionError("the place of the selection cannot be read") from error
    return tuple(boxes)


def _edge(text: str) -> float:
    value = float(text)
    if not -1e5 < value < 1e5:
        raise ValueError(text)
    return value


def of_characters(layers: DocumentLayers, position: int, start: int, end: int) -> Selection:
    """The sentences that characters ``start`` to ``end`` of a passage lie in.

    A selection that begins or ends a little too far takes no sentence beside the one meant.

    Raises
    ------
    SelectionError
        If the paper has no such characters.
    """
    if not 0 <= position < len(layers.passages):
        raise SelectionError(f"the paper has no passage {position}")
    passage = layers.passages[position]
    if not 0 <= start < end <= len(passage.text):
        raise SelectionError(f"the passage has no characters {start} to {end}")
    start, end = _meant(passage, start, end)
    first, _ = passage.sentence_at(start)
    _, last = passage.sentence_at(end - 1)
    last = min(max(last, end), first + MAX_CHARACTERS)
    caption = passage.kind is PassageKind.CAPTION
    return Selection(
        sentence=passage.text[first:last],
        source=Source.CAPTION if caption else Source.TEXT,
        section=passage.section,
        boxes=passage.boxes(first, last),
        passage=position,
        start=first,
        end=last,
    )


def _meant(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The selected characters without sentences at its ends that are only touched.

    The sentence in which most of the selection lies is meant, and those of which half is in it.
    """
    spans = [(max(s, start), min(e, end), e - s) for s, e in passage.sentences]
    touched = [(s, e, whole) for s, e, whole in spans if s < e]
    if len(touched) < 2:
        return start, end
    most = max(touched, key=lambda span: span[1] - span[0])
    kept = [span for span in touched if span is most or 2 * (span[1] - span[0]) >= span[2]]
    return kept[0][0], kept[-1][1]


def of_row(layers: DocumentLayers, number: int, row: int) -> Selection:
    """A row of a table.

    Raises
    ------
    SelectionError
        If the paper has no such row.
    """
    if not 0 <= number < len(layers.tables) or not 0 <= row < len(layers.tables[number].rows):
        raise SelectionError(f"the paper has no row {row} of table {number}")
    table = layers.tables[number]
    cells = table.rows[row]
    heads = " | ".join(" ".join(filter(None, texts)) for texts in _columns(table.header))
    body = " | ".join(cell.text for cell in cells)
    return Selection(
        sentence=(f"{heads} || {body}" if heads else body)[:MAX_CHARACTERS],
        source=Source.TABLE,
        section=table.section,
        boxes=tuple(cell.box for cell in cells if cell.box is not None),
        table=number,
        row=row,
    )


def _columns(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [[getattr(cell, "text", "") for cell in column] for column in zip(*rows, strict=True)]


def of_boxes(layers: DocumentLayers, boxes: Sequence[Box], text: str) -> Selection:
    """What stands in boxes of one page; where nothing is known to stand there, ``text`` itself."""
    row = _row_at(layers.tables, boxes)
    if row is not None:
        return of_row(layers, *row)
    # A double click between two words selects the blank.
    wider = [replace(b, x0=b.x0 - BESIDE_PT, x1=b.x1 + BESIDE_PT) for b in boxes]
    position, words = _best_words(layers, boxes)
    if not words:
        position, words = _best_words(layers, wider)
    if words:
        return of_characters(layers, position, words[0][0], max(end for _, end in words))
    sentence = " ".join(text.split())[:MAX_CHARACTERS]
    if not sentence:
        raise SelectionError("nothing is selected; select a sentence")
    return Selection(sentence=sentence, boxes=tuple(boxes))


def _best_words(layers: DocumentLayers, boxes: Sequence[Box]) -> tuple[int, list[tuple[int, int]]]:
    """The position of the passage that has most words in ``boxes``, and these."""
    found = [(n, _words_at(p, boxes)) for n, p in enumerate(layers.passages)]
    return max(found, key=lambda pair: len(pair[1]), default=(0, []))


def _words_at(passage: Passage, boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """The first run of words of ``passage`` whose middles lie in ``boxes``.

    A passage may go on in the next column, and a word far away is no part of what was selected.
    """
    hits = [
        (n, w.start, w.end)
        for n, w in enumerate(passage.words)
        if any(_holds(b, w.box) for b in boxes)
    ]
    run = hits[:1]
    for last, hit in pairwise(hits):
        if hit[0] - last[0] > 3:
            break
        run.append(hit)
    return [(start, end) for _, start, end in run]


def _row_at(tables: Sequence[Table], boxes: Sequence[Box]) -> tuple[int, int] | None:
    """The row of a table that most cells in ``boxes`` are of."""
    counts = {
        (n, m): sum(c.box is not None and any(_holds(b, c.box) for b in boxes) for c in row)
        for n, table in enumerate(tables)
        for m, row in enumerate(table.rows)
    }
    best = max(counts, key=lambda key: counts[key], default=None)
    return best if best is not None and counts[best] else None


def _holds(box: Box, other: Box) -> bool:
    """Whether the middle of ``other`` lies in ``box``, or its line does and the two overlap."""
    if box.page != other.page:
        return False
    middle_x, middle_y = (other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2
    if not box.y0 <= middle_y <= box.y1:
        return False
    return box.x0 <= middle_x <= box.x1 or other.x0 <= (box.x0 + box.x1) / 2 <= other.x1
