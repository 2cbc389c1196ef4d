"""Floats: the captions, grids and notes in a figure or a table environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scmine.extractors.formats.grids import RawRow
from scmine.extractors.latex.commands import names, table
from scmine.extractors.latex.cursor import Cursor
from scmine.extractors.latex.tabular import TabularReader

_CAPTIONS = frozenset({"\\caption", "\\captionof", "\\tablecaption", "\\topcaption", "\\bcaption"})
_NOTES = frozenset({"\\tablenotetext", "\\footnotetext", "\\tablenotes", "\\tablecomments"})
_NOTE_ENVIRONMENTS = frozenset({"tablenotes", "TableNotes", "tabnote"})
_SKIPPED = frozenset({"\\includegraphics", "\\label", "\\vspace", "\\hspace", "\\setlength"})


@dataclass(slots=True)
class Float:
    """What is in a float: captions by the place of their command, grids, notes."""

    captions: list[tuple[int, Cursor]] = field(default_factory=list)
    grids: list[list[RawRow]] = field(default_factory=list)
    notes: list[Cursor] = field(default_factory=list)


def read_float(name: str, body: Cursor, tabulars: TabularReader) -> Float:
    """The float ``name`` whose inside is ``body``."""
    found = Float()
    if name in table("grids"):
        found.grids.append(_grid(name, body, tabulars))
    _walk(body, tabulars, found, is_table=name in names("tables"), depth=0)
    return found


def _walk(body: Cursor, tabulars: TabularReader, found: Float, is_table: bool, depth: int) -> None:
    cursor = Cursor(body.source, body.place, body.end)
    while cursor.more():
        token = cursor.take()
        if token in _CAPTIONS:
            place = cursor.place - 1
            if token == "\\captionof":
                cursor.argument()
            cursor.star()
            cursor.optional()
            found.captions.append((place, cursor.argument()))
        elif token == "\\begin":
            name = body.source.name_at(cursor.place - 1)
            inner = cursor.environment()
            if name in table("grids") and name != "array":
                found.grids.append(_grid(name, inner, tabulars))
            elif name in _NOTE_ENVIRONMENTS:
                found.notes += _items(inner)
            elif name not in names("unread") and depth < 20:
                _walk(inner, tabulars, found, is_table, depth + 1)
        elif token in _NOTES and is_table:
            cursor.optional()
            if token == "\\tablenotetext":
                cursor.argument()
            found.notes.append(cursor.argument())
        elif token in _SKIPPED and token[1:] in table("arguments"):
            cursor.arguments(table("arguments")[token[1:]])


def _grid(name: str, body: Cursor, tabulars: TabularReader) -> list[RawRow]:
    inner = Cursor(body.source, body.place, body.end)
    inner.arguments(table("grids")[name])
    columns = inner.argument()
    if name.startswith("deluxetable"):
        return _deluxe(inner, columns, tabulars)
    return tabulars.rows(_without_captions(inner), columns)


def _without_captions(body: Cursor) -> Cursor:
    """``body`` behind a caption at its start, which a longtable has among its rows."""
    inner = Cursor(body.source, body.place, body.end)
    inner.skip_blanks()
    while inner.peek() in ("\\caption", "\\label"):
        command = inner.take()
        inner.star()
        inner.optional()
        inner.argument()
        inner.skip_blanks()
        if command == "\\caption" and inner.peek() in ("\\\\", "\\tabularnewline"):
            inner.take()
            inner.optional()
        inner.skip_blanks()
    return inner


def _deluxe(body: Cursor, columns: Cursor, tabulars: TabularReader) -> list[RawRow]:
    """AASTeX's table: a head in an argument, rows between two commands."""
    tokens = body.source.tokens
    rows: list[RawRow] = []
    start, end = body.place, body.end
    for i in range(body.place, body.end):
        if tokens[i] == "\\tablehead":
            head = Cursor(body.source, i + 1, body.end).argument()
            rows += [RawRow(row.cells, True) for row in tabulars.rows(head, columns)]
        elif tokens[i] == "\\startdata":
            start = i + 1
        elif tokens[i] == "\\enddata":
            end = i
    data = tabulars.rows(Cursor(body.source, start, max(start, end)), columns)
    return rows + [RawRow(row.cells, row.is_header and not rows) for row in data]


def _items(body: Cursor) -> Sequence[Cursor]:
    """What stands between the ``\\item`` of a list."""
    tokens = body.source.tokens
    starts = [i for i in range(body.place, body.end) if tokens[i] == "\\item"]
    found = []
    for start, end in zip(starts, [*starts[1:], body.end], strict=False):
        item = Cursor(body.source, start + 1, end)
        item.optional()
        found.append(item)
    return found or [body]
