"""The Markdown reader: papers as converters from PDF write them, made into documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scmine.extractors.document import Cell, Document, PassageKind, ReadError, Status, Table
from scmine.extractors.formats.assembly import Draft, assemble, is_caption, is_heading
from scmine.extractors.formats.grids import RawRow, make_table
from scmine.extractors.formats.inline_markdown import read_inline
from scmine.extractors.formats.listings import listings_in, without_listings
from scmine.extractors.formats.markdown_blocks import Form, MarkdownBlock, split_blocks
from scmine.extractors.formats.marked_text import MarkedText, line_of
from scmine.extractors.formats.pipe_tables import read_pipe_table
from scmine.extractors.formats.raised import Lowering
from scmine.extractors.formats.tables_in_markdown import (
    html_tables,
    tabular_caption,
    tabulars,
)
from scmine.extractors.formats.text_files import decode, is_text, read_text_file
from scmine.extractors.pdf.blocks import Block

READER = "markdown"

MAX_FORMULA = 80
"""A formula set off from the text that states a value has at most so many characters."""

_SIGNS = re.compile(
    r"^#{1,6} \S|^ {0,3}\|?[ \t]*:?-{2,}:?[ \t]*\||!\[[^\]\n]*\]\(|\*\*\S[^*\n]*\*\*"
    r"|\$[^$\n]*\\[a-z]+|\$[^$\n]*[_^]\{?[^$\n]+\$|<su[bp]>|^```",
    re.M,
)
_FIELD = re.compile(r"^\*\*[^*:\n]{1,40}:\*\*|^[A-Z][\w ]{1,30}: \S+$")
_STATES_VALUE = re.compile(
    r"[=≈≃∼~<>≤≥]\s?[−-]?\d[\d.,()]*(?:\s?[±–−-]\s?[\d.]+)?\s?(?:[A-Za-zÅμ]|%)"
)
_DRAWN_LINE = re.compile(r"(?:\\?_){5,}")
_PAGE_NUMBER = re.compile(r"\W*\d{1,4}\W*")
_TABLE_LABEL = re.compile(r"(?:TABLE|Table) ?\.? ?(?:S?\d{1,3}|[IVXL]{1,6})\b")
_PREAMBLE_BLOCKS = 20
_NOTICE = re.compile(r"PDF unavailable for\b|has provided no source to generate PDF")

NOTICE_HEAD = 5000
"""Characters in which arXiv's notice stands, if a paper's page was saved in place of the paper."""


def looks_like_markdown(head: bytes) -> bool:
    """Whether ``head``, the first 4 kB of a file, has marks of Markdown.

    >>> looks_like_markdown(b"# On MgB2\\n\\nText"), looks_like_markdown(b"%PDF-1.4")
    (True, False)
    """
    text = decode(head)
    if not is_text(text) or text.lstrip().startswith(("<", "%PDF", "\\documentclass")):
        return False
    return _SIGNS.search(text) is not None


def read_markdown(path: Path) -> Document:
    """The document in the Markdown file ``path``.

    Boxes and pages are not known. Scripts become typography, citation marks above the line are
    taken out, pictures and code left out.

    Raises
    ------
    ReadError
        ``empty`` if the file holds no text or only a notice, ``failed`` if it is no text file or
        over 32 MB.
    OSError
        If it cannot be read.
    """
    file = read_text_file(path, "Markdown")
    if _NOTICE.search(file.text[:NOTICE_HEAD]):
        raise ReadError(Status.EMPTY, "a saved page of arXiv that says it has no PDF of the paper")
    lines = file.text.split("\n")
    listings = listings_in(lines)
    blocks = split_blocks("\n".join(without_listings(lines)) if listings else file.text)
    lowering = Lowering.of(file.text)
    draft = Draft()
    draft.margin, blocks = _split_preamble(blocks)
    for block in blocks:
        _add(draft, block, lowering)
    return replace(assemble(file, READER, draft), listings=tuple(listings))


def _split_preamble(blocks: Sequence[MarkdownBlock]) -> tuple[str, list[MarkdownBlock]]:
    """What a converter wrote about the file above a rule at its head, and the other blocks."""
    for i, block in enumerate(blocks[:_PREAMBLE_BLOCKS]):
        if block.form is Form.RULE:
            above = [b for b in blocks[:i] if b.form is not Form.HEADING]
            if above and all(_FIELD.match(line) for b in above for line in b.lines):
                headings = [b.source for b in blocks[:i] if b.form is Form.HEADING]
                return " ".join(headings), list(blocks[i + 1 :])
            break
    return "", list(blocks)


def _add(draft: Draft, block: MarkdownBlock, lowering: Lowering) -> None:
    """Add what ``block`` holds to the draft."""
    if block.form is Form.RULE:
        return
    if block.form is Form.TABLE:
        table = read_pipe_table(block.lines, lowering)
        if table.caption is not None:
            draft.blocks.append(
                Block(PassageKind.CAPTION, [line_of(table.caption.text, table.caption.typography)])
            )
        _add_table(draft, table.rows)
        return
    if block.form is Form.HTML_TABLE:
        for rows in html_tables(block.source, lowering):
            _add_table(draft, rows)
        return
    if block.form is Form.TABULAR:
        caption = tabular_caption(block.source).line()
        if caption.text:
            draft.blocks.append(Block(PassageKind.CAPTION, [caption]))
        for rows in tabulars(block.source):
            _add_table(draft, rows, caption.text)
        return
    if block.form is Form.FORMULA:
        _add_formula(draft, block)
        return
    text = lowering.lower(read_inline(_DRAWN_LINE.sub(" ", block.source)))
    lines = [line for piece in text.split_lines() if (line := piece.line()).text]
    if not any(char.isalnum() for line in lines for char in line.text):
        return
    kind = _kind(block, " ".join(line.text for line in lines))
    draft.blocks.append(Block(kind, lines))


def _add_table(draft: Draft, rows: Sequence[RawRow], caption: str = "") -> None:
    """Add a table, or more rows to the one before it, of which a page's end has parted them."""
    table = make_table(rows, caption)
    if table is None:
        return
    place = _table_before(draft.blocks)
    if place is None and len(draft.blocks) > 1 and _label_of(draft.blocks[-1]) is not None:
        # A caption in between may stand below the first part, if the second has no head.
        place = len(draft.blocks) - 2 if _is_headless(table) else None
    before = draft.blocks[place] if place is not None else None
    if place is not None and isinstance(before, Table) and _continues(before, table):
        same_head = _texts(before.header) == _texts(table.header)
        below = table.body if same_head else table.rows
        more = tuple(tuple(replace(c, is_header=False) for c in row) for row in below)
        draft.blocks[place] = replace(before, rows=before.rows + more)
    else:
        draft.blocks.append(table)


def _table_before(blocks: Sequence[Block | Table]) -> int | None:
    """The place of the last table, if only page numbers and its caption again follow it."""
    for place in range(len(blocks) - 1, max(len(blocks) - 4, -1), -1):
        block = blocks[place]
        if isinstance(block, Table):
            return place
        if _PAGE_NUMBER.fullmatch(block.text):
            continue
        label = _TABLE_LABEL.match(block.text)
        before = {m[0] for b in blocks[:place] if (m := _label_of(b)) is not None}
        if label is None or label[0] not in before:
            return None
    return None


def _label_of(block: Block | Table) -> re.Match[str] | None:
    caption = isinstance(block, Block) and block.kind is PassageKind.CAPTION
    return _TABLE_LABEL.match(block.text) if caption and isinstance(block, Block) else None


def _continues(table: Table, below: Table) -> bool:
    """Whether ``below`` goes on with ``table``: the same columns, and its head or values on top."""
    if len(below.rows[0]) != len(table.rows[0]):
        return False
    return _is_headless(below) or (
        bool(below.body) and _texts(table.header) == _texts(below.header)
    )


def _is_headless(table: Table) -> bool:
    """Whether what stands as the head of ``table`` are values."""
    head = [cell.text for cell in table.rows[0]]
    values = sum(text[:1].isdigit() for text in head[1:])
    return len(table.header) == 1 and values > len(head) / 3


def _texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def _kind(block: MarkdownBlock, text: str) -> PassageKind:
    if block.form is Form.NOTE:
        return PassageKind.FOOTNOTE
    if is_caption(text):
        return PassageKind.CAPTION
    if block.form is Form.HEADING:
        return PassageKind.HEADING
    bold = re.fullmatch(r"\*\*[^*]+\*\*|__[^_]+__|\*[^*]+\*", block.source.strip()) is not None
    alone = len(block.lines) == 1 and bold
    if block.form in (Form.TEXT, Form.ITEM) and is_heading(text, alone):
        return PassageKind.HEADING
    return PassageKind.PARAGRAPH


def _add_formula(draft: Draft, block: MarkdownBlock) -> None:
    """Add a formula that states a value to the paragraph before it; others are left out."""
    source = block.source.strip()
    formula: MarkedText = read_inline(re.sub(r"\s*\n\s*", " ", source))
    line = formula.line()
    host = draft.blocks[-1] if draft.blocks else None
    states = len(line.text) <= MAX_FORMULA and _STATES_VALUE.search(line.text)
    if states and isinstance(host, Block) and host.kind is PassageKind.PARAGRAPH:
        host.lines.append(line)
