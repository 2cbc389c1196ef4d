"""A paper's passages and tables cut into pieces, so that a page can show each with what it is.

A piece lies within one sentence, is all of one typography, and belongs to the same mentions from
end to end. Nothing here writes HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scmine.database.layer_packing import DocumentLayers
from scmine.database.results import PassageRow
from scmine.extractors.claim import Mention
from scmine.extractors.document import Cell, Passage, PassageKind, Span
from scmine.web.paper_highlights import numbered_cells, numbered_mentions
from scmine.web.paper_labels import shown_label


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters from ``start`` on; ``script`` is subscript, superscript or empty."""

    text: str
    start: int
    script: str = ""
    mentions: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, or what stands between two."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    is_sentence: bool = True


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage with its position among those of the document."""

    position: int
    kind: PassageKind
    page: int | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell and its number, None where it is empty."""

    number: int | None
    is_header: bool
    columns: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table with its number, counted from 0."""

    number: int
    caption: str
    page: int | None
    rows: tuple[tuple[ShownCell, ...], ...]


def shown_passages(layers: DocumentLayers) -> list[ShownPassage]:
    """All passages of a paper."""
    mentions = numbered_mentions(layers)
    return [
        ShownPassage(n, passage.kind, passage.page, tuple(_sentences(passage, mentions[n])))
        for n, passage in enumerate(layers.passages)
    ]


def stored_passages(rows: Iterable[PassageRow]) -> list[ShownPassage]:
    """The passages that carry claims, where no layers are stored."""
    return [
        ShownPassage(
            row.position,
            PassageKind(row.kind),
            row.page,
            (Sentence(0, len(row.text), (Piece(row.text, 0),)),),
        )
        for row in rows
    ]


def shown_tables(layers: DocumentLayers) -> list[ShownTable]:
    """All tables of a paper; cells that a wider one covers are left out."""
    numbers = {id(cell): number for number, _, _, cell in numbered_cells(layers)}
    return [
        ShownTable(
            n,
            table.caption,
            table.box.page if table.box else None,
            tuple(tuple(_cells(row, numbers)) for row in table.rows),
        )
        for n, table in enumerate(layers.tables)
    ]


def _cells(row: Sequence[Cell], numbers: dict[int, int]) -> Iterator[ShownCell]:
    covered = 0
    for cell in row:
        if covered:
            covered -= 1
            if not cell.text:
                continue
        covered = max(cell.columns - 1, 0)
        pieces = tuple(_pieces(cell.text, 0, len(cell.text), cell.typography, ()))
        yield ShownCell(numbers.get(id(cell)), cell.is_header, max(cell.columns, 1), pieces)


def _sentences(passage: Passage, mentions: Sequence[tuple[int, Mention]]) -> Iterator[Sentence]:
    """The sentences of a passage in order, and what lies between them."""
    known = sorted(passage.sentences) or [(0, len(passage.text))]
    at = 0
    for start, end in known:
        if start > at:
            yield _sentence(passage, at, start, mentions, is_sentence=False)
        if end > max(start, at):
            yield _sentence(passage, max(start, at), end, mentions)
        at = max(at, end)
    if at < len(passage.text):
        yield _sentence(passage, at, len(passage.text), mentions, is_sentence=False)


def _sentence(
    passage: Passage,
    start: int,
    end: int,
    mentions: Sequence[tuple[int, Mention]],
    *,
    is_sentence: bool = True,
) -> Sentence:
    near = [(n, m) for n, m in mentions if m.start < end and start < m.end]
    spans = [s for s in passage.typography if s.start < end and start < s.end]
    pieces = tuple(_pieces(passage.text, start, end, spans, near))
    return Sentence(start, end, pieces, is_sentence)


def _pieces(
    text: str,
    start: int,
    end: int,
    typography: Sequence[Span],
    mentions: Sequence[tuple[int, Mention]],
) -> Iterator[Piece]:
    edges = {start, end}
    ends = [(s.start, s.end) for s in typography] + [(m.start, m.end) for _, m in mentions]
    edges |= {min(max(edge, start), end) for pair in ends for edge in pair}
    for a, b in pairwise(sorted(edges)):
        script = next((s.kind.value for s in typography if s.start <= a < s.end), "")
        over = [(n, m) for n, m in mentions if m.start <= a < m.end]
        numbers = tuple(n for n, _ in over)
        yield Piece(text[a:b], a, script, numbers, tuple(shown_label(m.label) for _, m in over))
