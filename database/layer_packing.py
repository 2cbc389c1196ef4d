"""Layers of a document as bytes and back: compressed JSON, its limits, and what is kept of a word.

The blob is made in a worker process, which reads untrusted papers, so it is checked when it is
read. Nothing here knows SQL: workers load no database. Where blobs are stored is said in
``scmine.database.layers``.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from scmine.database.clean import clean
from scmine.extractors.claim import Link, Mention
from scmine.extractors.document import (
    Box,
    Cell,
    Citation,
    Passage,
    PassageKind,
    PlacedWord,
    Span,
    Table,
    Typography,
)

FORMAT = 1
"""The number of the form of the blob; one of another form is not read."""

MAX_BYTES = 32 << 20
"""A larger blob is not stored. Papers come to some ten thousand bytes."""

MAX_UNPACKED_BYTES = 128 << 20
"""A blob that unpacks to more is not read."""

STEPS_PER_POINT = 10
"""Boxes are kept to a tenth of a point, which is less than a pixel at any zoom that is read at."""

_LEVEL = 6


class LayersError(ValueError):
    """Bytes that are no layers, or layers too large to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLayers:
    """What a document says and what was found in it.

    Parameters
    ----------
    passages
        All passages, as the reader gave them: the position of a passage in a record's ``places``
        is its index here. Boxes come from their words, see `Passage.boxes`.
    mentions
        For each passage its mentions; none where a passage is not mined (headings).
    links
        For each passage its links, which name mentions by their index in the passage.
    tables
        The tables.
    """

    passages: tuple[Passage, ...] = ()
    mentions: tuple[tuple[Mention, ...], ...] = ()
    links: tuple[tuple[Link, ...], ...] = ()
    tables: tuple[Table, ...] = ()

    def __post_init__(self) -> None:
        """Check that there are mentions and links for each passage."""
        if not len(self.passages) == len(self.mentions) == len(self.links):
            raise LayersError(
                f"{len(self.passages)} passages, {len(self.mentions)} lists of mentions and "
                f"{len(self.links)} of links"
            )

    def mention_boxes(self, passage: int, mention: Mention) -> tuple[Box, ...]:
        """Where a mention of a passage, given by its position, stands: one box a line."""
        return self.passages[passage].boxes(mention.start, mention.end)


_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
_Number = Annotated[int, Field(ge=-(1 << 31), le=1 << 31)]
_Numbers = list[_Number]
_Spans = list[tuple[int, int, Typography]]
_Box = tuple[_Number, _Number, _Number, _Number, _Number]


@dataclass(slots=True)
class _Words:
    """Placed words, column by column, each number as the step from the word before."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    gaps: _Numbers = field(default_factory=list)
    lengths: _Numbers = field(default_factory=list)
    pages: _Numbers = field(default_factory=list)
    lefts: _Numbers = field(default_factory=list)
    widths: _Numbers = field(default_factory=list)
    tops: _Numbers = field(default_factory=list)
    heights: _Numbers = field(default_factory=list)


@dataclass(slots=True)
class _Passage:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    kind: PassageKind
    text: str
    section: str
    typography: _Spans
    sentences: list[tuple[int, int]]
    words: _Words
    citations: list[tuple[int, str]]
    mentions: list[tuple[int, int, str, float, str]]
    links: list[tuple[int, int, str, float]]


@dataclass(slots=True)
class _Table:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    rows: list[list[tuple[str, bool, int, _Spans, _Box | None]]]
    caption: str
    section: str
    box: _Box | None


@dataclass(slots=True)
class _Packed:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    format: int
    passages: list[_Passage]
    tables: list[_Table]


_PACKED = TypeAdapter(_Packed)


def pack(layers: DocumentLayers) -> bytes:
    """The layers as bytes; boxes are rounded to a tenth of a point.

    Raises
    ------
    LayersError
        If they come to more than `MAX_BYTES`, or more than `MAX_UNPACKED_BYTES` unpacked.

    Examples
    --------
    >>> layers = DocumentLayers(
    ...     passages=(Passage(PassageKind.TITLE, "On MgB2"),),
    ...     mentions=((Mention(3, 7, "material", "MgB2"),),),
    ...     links=((),),
    ... )
    >>> unpack(pack(layers)) == layers
    True
    """
    found = zip(layers.passages, layers.mentions, layers.links, strict=True)
    packed = _Packed(
        FORMAT,
        [_packed_passage(*parts) for parts in found],
        [_packed_table(t) for t in layers.tables],
    )
    text = _PACKED.dump_json(packed)
    data = zlib.compress(text, _LEVEL)
    if len(data) > MAX_BYTES or len(text) > MAX_UNPACKED_BYTES:
        raise LayersError(f"the layers come to {len(text)} bytes, {len(data)} compressed")
    return data


def unpack(data: bytes) -> DocumentLayers:
    """The layers in ``data``.

    Raises
    ------
    LayersError
        If ``data`` is not what `pack` gives, or larger than its limits.
    """
    if len(data) > MAX_BYTES:
        raise LayersError(f"the layers are {len(data)} bytes long, {MAX_BYTES} are allowed")
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, MAX_UNPACKED_BYTES)
        if not unpacker.eof:
            raise LayersError("the layers are cut off or too large")
        packed = _PACKED.validate_json(text, strict=True)
    except zlib.error as error:
        raise LayersError(f"the layers cannot be unpacked: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise LayersError(f"the layers are garbled: {first['loc']}: {first['msg']}") from error
    if packed.format != FORMAT:
        raise LayersError(f"the layers have form {packed.format}, this scmine reads {FORMAT}")
    passages = tuple(_passage(p) for p in packed.passages)
    return DocumentLayers(
        passages=passages,
        mentions=tuple(_mentions(p) for p in packed.passages),
        links=tuple(_links(p) for p in packed.passages),
        tables=tuple(_table(t) for t in packed.tables),
    )


def _packed_passage(
    passage: Passage, mentions: Sequence[Mention], links: Sequence[Link]
) -> _Passage:
    return _Passage(
        kind=passage.kind,
        # A character stays a character, so that offsets hold.
        text=clean(passage.text),
        section=clean(passage.section),
        typography=_packed_spans(passage.typography),
        sentences=list(passage.sentences),
        words=_packed_words(passage.words),
        citations=[(c.offset, clean(c.mark)) for c in passage.citations],
        mentions=[(m.start, m.end, str(m.label), round(m.score, 3), m.extractor) for m in mentions],
        links=[(k.head, k.tail, str(k.label), round(k.score, 3)) for k in links],
    )


def _packed_spans(spans: Sequence[Span]) -> _Spans:
    return [(s.start, s.end, s.kind) for s in spans]


def _packed_box(box: Box) -> _Box:
    x0, y0, x1, y1 = (round(STEPS_PER_POINT * v) for v in (box.x0, box.y0, box.x1, box.y1))
    return box.page, x0, y0, x1, y1


def _packed_words(words: Sequence[PlacedWord]) -> _Words:
    packed = _Words()
    end, page, right, top = 0, 0, 0, 0
    for word in words:
        own_page, x0, y0, x1, y1 = _packed_box(word.box)
        packed.gaps.append(word.start - end)
        packed.lengths.append(word.end - word.start)
        packed.pages.append(own_page - page)
        packed.lefts.append(x0 - right)
        packed.widths.append(x1 - x0)
        packed.tops.append(y0 - top)
        packed.heights.append(y1 - y0)
        end, page, right, top = word.end, own_page, x1, y0
    return packed


def _packed_table(table: Table) -> _Table:
    return _Table(
        rows=[
            [
                (
                    clean(c.text),
                    c.is_header,
                    c.columns,
                    _packed_spans(c.typography),
                    None if c.box is None else _packed_box(c.box),
                )
                for c in row
            ]
            for row in table.rows
        ],
        caption=clean(table.caption),
        section=clean(table.section),
        box=None if table.box is None else _packed_box(table.box),
    )


def _passage(packed: _Passage) -> Passage:
    length = len(packed.text)
    for start, end in (*packed.sentences, *((s, e) for s, e, _ in packed.typography)):
        _check_span(start, end, length)
    return Passage(
        kind=packed.kind,
        text=packed.text,
        section=packed.section,
        typography=_spans(packed.typography),
        sentences=tuple(packed.sentences),
        words=tuple(_words(packed.words, length)),
        citations=tuple(Citation(offset, mark) for offset, mark in packed.citations),
    )


def _check_span(start: int, end: int, length: int) -> None:
    if not 0 <= start <= end <= length:
        raise LayersError(f"characters {start} to {end} of a text of {length}")


def _spans(packed: _Spans) -> tuple[Span, ...]:
    return tuple(Span(start, end, kind) for start, end, kind in packed)


def _box(packed: _Box) -> Box:
    page, *edges = packed
    x0, y0, x1, y1 = (edge / STEPS_PER_POINT for edge in edges)
    return Box(page, x0, y0, x1, y1)


def _words(packed: _Words, length: int) -> Iterator[PlacedWord]:
    columns = (packed.lengths, packed.lefts, packed.widths, packed.heights)
    if {len(c) for c in (*columns, packed.pages, packed.tops)} != {len(packed.gaps)}:
        raise LayersError("the columns of words are of different length")
    pages, tops = accumulate(packed.pages), accumulate(packed.tops)
    end, right = 0, 0
    for gap, letters, left, width, height, page, top in zip(
        packed.gaps, *columns, pages, tops, strict=True
    ):
        start, x0 = end + gap, right + left
        end, right = start + letters, x0 + width
        _check_span(start, end, length)
        yield PlacedWord(start, end, _box((page, x0, top, right, top + height)))


def _mentions(packed: _Passage) -> tuple[Mention, ...]:
    for start, end, *_ in packed.mentions:
        _check_span(start, end, len(packed.text))
    return tuple(
        Mention(start, end, label, packed.text[start:end], score, extractor)
        for start, end, label, score, extractor in packed.mentions
    )


def _links(packed: _Passage) -> tuple[Link, ...]:
    number = len(packed.mentions)
    for head, tail, *_ in packed.links:
        if not (0 <= head < number and 0 <= tail < number):
            raise LayersError(f"a link between mentions {head} and {tail} of {number}")
    return tuple(Link(*link) for link in packed.links)


def _table(packed: _Table) -> Table:
    return Table(
        rows=tuple(
            tuple(
                Cell(text, header, columns, _spans(spans), None if box is None else _box(box))
                for text, header, columns, spans, box in row
            )
            for row in packed.rows
        ),
        caption=packed.caption,
        section=packed.section,
        box=None if packed.box is None else _box(packed.box),
    )
