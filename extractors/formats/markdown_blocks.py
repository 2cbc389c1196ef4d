"""Blocks of Markdown: the lines of a file as headings, tables, formulas, notes and paragraphs.

What stands within a block is for ``inline_markdown`` to read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t]+|(?=\*)|$)(.*)$")
_SETEXT = re.compile(r"^ {0,3}(?:=+|-{2,})[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_DELIMITER_ROW = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_ITEM = re.compile(r"^ {0,3}(?:[-+*]|\d{1,3}[.)])[ \t]+(?=\S)")
_BULLET = re.compile(r"^ {0,3}[-+*][ \t]+")
_NOTE = re.compile(r"^ {0,3}\[\^[^\]\s]{1,40}\]:[ \t]*")
_ANCHOR = re.compile(r"<span\s[^<>]*>\s*</span>|<a\s[^<>]*>\s*</a>")


MAX_TABLE_LINES = 2000
"""Lines of a table in HTML or LaTeX; converters write up to three a cell."""


class Form(StrEnum):
    """What a block is by its marks alone."""

    HEADING = "heading"
    TABLE = "table"
    HTML_TABLE = "html table"
    TABULAR = "tabular"
    RULE = "rule"
    FORMULA = "formula"
    NOTE = "note"
    ITEM = "item"
    TEXT = "text"


_CODED = (
    (Form.HTML_TABLE, re.compile(r"\s*(?:<html>\s*<body>\s*)?<table\b", re.I), "</table>"),
    (Form.TABULAR, re.compile(r"\s*\\begin\{table\*?\}"), "\\end{table"),
    (Form.TABULAR, re.compile(r"\s*\\begin\{(?:center\}\s*\\begin\{)?tabular"), "\\end{tabular"),
)


@dataclass(slots=True)
class MarkdownBlock:
    """A block's lines without the marks that say what it is."""

    form: Form
    lines: list[str]

    @property
    def source(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)


def split_blocks(text: str) -> list[MarkdownBlock]:
    """The blocks of ``text`` in their order; code blocks are left out."""
    blocks: list[MarkdownBlock] = []
    lines = [line.rstrip() for line in _ANCHOR.sub("", text).split("\n")]
    lines = _without_front_matter(lines)
    open_block: MarkdownBlock | None = None
    fence = ""
    formula: MarkdownBlock | None = None
    tables = _coded_tables(lines)
    skip = 0
    for i, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        coded = tables.get(i) if not fence and formula is None else None
        if coded is not None:
            blocks.append(coded)
            open_block, skip = None, len(coded.lines) - 1
            continue
        mark = _FENCE.match(line)
        if fence or mark:
            fence = _fence_after(fence, mark)
            open_block = None
            continue
        if formula is None and _opens_formula(line):
            formula = MarkdownBlock(Form.FORMULA, [])
            blocks.append(formula)
        if formula is not None:
            formula.lines.append(line)
            if _closes_formula(formula, line):
                formula, open_block = None, None
            continue
        open_block = _add_line(blocks, open_block, re.sub(r"^ {0,3}(?:>[ \t]?)+", "", line))
    return [b for b in blocks if b.form is Form.RULE or b.source.strip()]


def _coded_tables(lines: list[str]) -> dict[int, MarkdownBlock]:
    """The tables in HTML or LaTeX whose end is found, by the line that each begins with."""
    found: dict[int, MarkdownBlock] = {}
    for form, begin, end in _CODED:
        ends = [i for i, line in enumerate(lines) if end in line]
        for start, line in enumerate(lines):
            if not ends or start in found or begin.match(line) is None:
                continue
            place = bisect_left(ends, start)
            if place < len(ends) and ends[place] < start + MAX_TABLE_LINES:
                found[start] = MarkdownBlock(form, lines[start : ends[place] + 1])
    return found


def is_delimiter_row(line: str) -> bool:
    """Whether ``line`` is the row of dashes that parts a pipe table's head from its body."""
    return "-" in line and "|" in line and _DELIMITER_ROW.match(line) is not None


def _without_front_matter(lines: list[str]) -> list[str]:
    """The lines without the YAML between rules at the head of the file."""
    if lines and lines[0].strip() == "---":
        for i, line in enumerate(lines[1:60], 1):
            if line.strip() in ("---", "..."):
                fields = [x for x in lines[1:i] if x.strip()]
                if all(re.match(r"[\w-]+:|\s|-\s|#", x) for x in fields):
                    return lines[i + 1 :]
                break
    return lines


def _fence_after(fence: str, mark: re.Match[str] | None) -> str:
    """The mark of the code block that is open after a line; empty if none is."""
    if mark is None:
        return fence
    if not fence:
        return mark.group(1)
    closes = mark.group(1)[0] == fence[0] and len(mark.group(1)) >= len(fence)
    return "" if closes else fence


def _opens_formula(line: str) -> bool:
    """Whether a formula set off from the text begins with ``line``."""
    stripped = line.strip()
    if stripped.startswith("$$"):
        return stripped.count("$$") == 1 or stripped.find("$$", 2) > len(stripped) - 12
    return stripped in (r"\[", r"\begin{equation}")


def _closes_formula(formula: MarkdownBlock, line: str) -> bool:
    first = formula.lines[0].strip()
    if not line.strip():
        return True  # a mark without its pair must not swallow the paper
    if first.startswith("$$"):
        return formula.source.count("$$") > 1
    return line.strip() in (r"\]", r"\end{equation}")


def _add_line(
    blocks: list[MarkdownBlock], open_block: MarkdownBlock | None, line: str
) -> MarkdownBlock | None:
    """Put ``line`` into ``open_block`` or a new one; returns the block that stays open."""
    heading = _HEADING.match(line)
    if not line.strip():
        return None
    if heading:
        blocks.append(MarkdownBlock(Form.HEADING, [heading.group(1).rstrip("#").strip()]))
        return None
    if open_block is not None and open_block.form is Form.TEXT and _SETEXT.match(line):
        open_block.form = Form.HEADING
        return None
    if _RULE.match(line):
        blocks.append(MarkdownBlock(Form.RULE, [line]))
        return None
    if line.lstrip().startswith("|") or is_delimiter_row(line):
        return _add_row(blocks, open_block, line)
    if open_block is not None and open_block.form is Form.TABLE:
        if "|" in line:
            open_block.lines.append(line)
            return open_block
        open_block = None
    form = Form.NOTE if _NOTE.match(line) else Form.ITEM if _ITEM.match(line) else Form.TEXT
    if open_block is None or form is not Form.TEXT:
        open_block = MarkdownBlock(form, [])
        blocks.append(open_block)
    open_block.lines.append((_NOTE if form is Form.NOTE else _BULLET).sub("", line))
    return open_block


def _add_row(
    blocks: list[MarkdownBlock], open_block: MarkdownBlock | None, line: str
) -> MarkdownBlock:
    if open_block is not None and open_block.form is Form.TABLE:
        open_block.lines.append(line)
        return open_block
    head: list[str] = []
    if is_delimiter_row(line) and open_block is not None and "|" in open_block.lines[-1]:
        head = [open_block.lines.pop()]  # a head without the outer pipes
        if not open_block.lines:
            blocks.pop()
    blocks.append(MarkdownBlock(Form.TABLE, [*head, line]))
    return blocks[-1]
