"""The plain-text reader: paragraphs by blank lines or, in text without them, by indentation.

Tables are found in ``plain_tables``, formulas in TeX's way read in ``tex_in_text``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from scmine.extractors.document import Document, PassageKind
from scmine.extractors.formats.assembly import Draft, assemble, is_caption, is_heading
from scmine.extractors.formats.grids import RawCell, RawRow, make_table
from scmine.extractors.formats.listings import listings_in, without_listings
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.formats.plain_tables import TextTable, tables_in
from scmine.extractors.formats.tex_in_text import has_tex, read_tex_line, repaired
from scmine.extractors.formats.text_files import decode, is_text, read_text_file
from scmine.extractors.pdf.blocks import Block

READER = "plain"

MAX_WRAP = 150
"""Lines longer than this, in the middle, were never cut to a width: each is a paragraph."""

MIN_INDENT = 2
"""A paragraph's first line begins at least so many blanks further in than the others."""

_SENTENCE_END = re.compile(r"[.!?:;]['\"”’)\]]*$")
_SCRIPT = re.compile(r"(?<=[\w)\]])([_^])(?:\{([^{}\n]{1,60})\}|([-−]?\d+|[^\W\d_](?!\w)))")
_LISTED = re.compile(r"\s*\[\d{1,3}\]\s")
_WORD = re.compile(r"[^\W\d_]{2,}")
_OTHER_FORMAT = re.compile(
    r"^\s*(?:<\?xml|<!DOCTYPE|<html|<TEI|<article|%PDF|\\documentclass|PK\x03)"
)


def looks_like_plain(head: bytes) -> bool:
    """Whether ``head``, the first 4 kB of a file, is text without the marks of another format.

    >>> looks_like_plain(b"MgB2 has Tc = 39 K."), looks_like_plain(b"%PDF-1.4")
    (True, False)
    """
    text = decode(head)
    return bool(text.strip()) and is_text(text) and not _OTHER_FORMAT.match(text)


def read_plain(path: Path) -> Document:
    """The document in the text file ``path``.

    Boxes are not known. Words parted at line ends are joined. Formulas in dollars are read as TeX
    sets them if the file has several.

    Raises
    ------
    ReadError
        ``empty`` if the file holds no text, ``failed`` if it is no text file or over 32 MB.
    OSError
        If it cannot be read.
    """
    file = read_text_file(path, "plain text")
    tex = has_tex(file.text)
    text = repaired(file.text) if tex else file.text
    marked = read_tex_line if tex else _marked
    draft = Draft()
    lines = [line.rstrip() for line in text.replace("\f", "\n\n").split("\n")]
    listings = listings_in(lines)
    lines = without_listings(lines) if listings else lines
    end = 0
    for table in tables_in(lines):
        _add_paragraphs(draft, lines[end : table.start], lines, marked)
        _add_table(draft, table, marked)
        end = table.stop
    _add_paragraphs(draft, lines[end:], lines, marked)
    return replace(assemble(file, READER, draft), listings=tuple(listings))


def _add_paragraphs(
    draft: Draft,
    lines: Sequence[str],
    all_lines: Sequence[str],
    marked: Callable[[str], MarkedText],
) -> None:
    """Add the paragraphs that ``lines`` hold, of a file with ``all_lines``."""
    for paragraph in _paragraphs(lines, _is_unwrapped(all_lines)):
        for kind, part in _parts(paragraph):
            draft.blocks.append(Block(kind, [marked(line).line() for line in part]))


def _add_table(draft: Draft, found: TextTable, marked: Callable[[str], MarkedText]) -> None:
    """Add a table, its cells read like lines."""
    rows = []
    for row in found.rows:
        cells = [marked(cell).cell() for cell in row]
        rows.append(RawRow(tuple(RawCell(cell.text, cell.typography) for cell in cells)))
    table = make_table(rows)
    if table is not None:
        draft.blocks.append(table)


def _marked(line: str) -> MarkedText:
    """A line of reading text; TeX's signs for scripts are understood: ``T_c``, ``10^{-3}``."""
    text = MarkedText()
    end = 0
    for match in _SCRIPT.finditer(line):
        text.add(line[end : match.start()])
        text.add(match[2] or match[3], "sub" if match[1] == "_" else "sup")
        end = match.end()
    text.add(line[end:])
    return text


def _is_unwrapped(lines: Sequence[str]) -> bool:
    """Whether lines were never cut to a width, so that each is a paragraph."""
    widths = [len(line) for line in lines if line]
    return bool(widths) and median(widths) > MAX_WRAP


def _paragraphs(lines: Sequence[str], unwrapped: bool) -> Iterator[list[str]]:
    """The lines of each paragraph, as far as blank lines and indentation part them."""
    block: list[str] = []
    for line in [*(line.expandtabs(4) for line in lines), ""]:
        if line and not (unwrapped and block):
            block.append(line)
            continue
        if block:
            yield from _by_indent(block)
        block = [line] if line else []
    if block:
        yield from _by_indent(block)


def _by_indent(block: Sequence[str]) -> Iterator[list[str]]:
    """The paragraphs of lines between blank lines: indented first lines and list marks open one."""
    edge = min(_indent(line) for line in block)
    part: list[str] = []
    for line in block:
        indented = (
            _indent(line) >= edge + MIN_INDENT and _indent(part[-1]) <= edge if part else False
        )
        opens = indented and _SENTENCE_END.search(part[-1][-9:])
        if part and (opens or _LISTED.match(line)):
            yield part
            part = []
        part.append(line)
    yield part


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _parts(lines: Sequence[str]) -> Iterator[tuple[PassageKind, Sequence[str]]]:
    """A paragraph with a heading that stands directly over it parted from it."""
    text = " ".join(line.strip() for line in lines)
    first = lines[0].strip()
    if is_caption(text):
        yield PassageKind.CAPTION, lines
    elif is_heading(text, alone=True):
        yield PassageKind.HEADING, lines
    elif len(lines) > 1 and is_heading(first, alone=False):
        yield PassageKind.HEADING, lines[:1]
        yield from _parts(lines[1:])
    elif _WORD.search(text):
        yield PassageKind.PARAGRAPH, lines
