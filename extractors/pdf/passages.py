"""Passages: lines in reading order made into headings, paragraphs, captions and footnotes.

What is a reference lives in ``references``. Joining the characters of a passage's lines into clean
text lives in ``reading_text``; title and abstract in ``front_matter``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from scmine.extractors.document import PassageKind
from scmine.extractors.pdf.blocks import (
    NUMBERED_HEADING,
    WORD,
    Block,
    Body,
    heading_names,
    plain_heading,
)
from scmine.extractors.pdf.lines import Line, without_head
from scmine.extractors.pdf.references import cut_references

CAPTION = re.compile(
    r"^(?:(?:Supplementary|Extended Data|Supplemental)\s+)?"
    r"(?:FIGURE|FIG|Figure|Fig|TABLE|Table|Abbildung|Abb|Tabelle|Tab)S?(?:\b|(?=\d))\.?\s*S?"
    r"(?:\d{1,3}[a-z]?|[IVXL]{1,6})\b\s*(?:\([^)]{0,20}\)\s*)?(?P<mark>[.:|(—–-]|\s|$)"
)
TABLE_CAPTION = re.compile(
    r"^(?:Supplementary |Extended Data |Supplemental )?(?:TABLE|Table|Tabelle|Tab)(?:\b|(?=\d))"
)


_TRIPLE = re.compile(
    r"[(\[]\s?[-−–]?[\dxyz][^(),\[\]]{0,12},\s?[^(),\[\]]{1,14},\s?[^(),\[\]]{1,14}[)\]]"
)
"""Three coordinates in a bracket."""

_END_OF_TRIPLE = re.compile(r"\d\.\d{2,6}\s?[)\]].{0,40}\.$")
_OF_ATOMS = 0.4
"""Triples a line from which a block lists atoms."""

_LEADERS = re.compile(r"(?:\.\s?){4,}\d*\s*$")  # of a table of contents

FULL_WIDTH_SHARE = 0.9
"""Lines of a justified paragraph have about one width."""

MIN_PROSE_WORDS = 4
"""A line of prose within formulas has at least so many words."""


def is_heading(line: Line, body: Body, alone: bool) -> bool:
    """Whether ``line`` is a heading; ``alone`` says that no text goes on beside or under it."""
    text = line.text.strip()
    if len(text) < 3 or len(text) > 110 or CAPTION.match(text):
        return False
    if not line.font and not body.fonts & {""}:
        return False  # a Type 3 font, which has no name, in a paper set in others: an axis' label
    if plain_heading(text) in heading_names() and (text[-1] != "." or line.bold):
        return True
    if text[-1] in ".,;" and not line.bold:
        return False
    words = WORD.findall(text)
    if not words:
        return False
    set_apart = line.bold or line.size > 1.08 * body.size or (text.isupper() and len(words) > 1)
    if NUMBERED_HEADING.match(text) and (set_apart or (alone and line.italic)):
        return True
    return alone and set_apart and len(words) <= 12 and text[0].isalpha() and len(text) > 4


def make_blocks(pages: Sequence[Sequence[Line]], body: Body) -> tuple[list[Block], list[Block]]:
    """Blocks of the text in reading order, and those of the references.

    Lines of figures (labels, ticks) and formulas set off from the text are left out.
    """
    blocks: list[Block] = []
    for lines in pages:
        blocks += _page_blocks(lines, body)
    blocks, references = cut_references(blocks)
    blocks = _mark_footnotes(blocks, body)
    blocks = _set_sections(_drop_noise(blocks, body))
    return _rejoin(blocks), references


def _page_blocks(lines: Sequence[Line], body: Body) -> list[Block]:
    blocks: list[Block] = []
    edges = _left_edges(lines)
    for i, line in enumerate(lines):
        last = lines[i - 1] if i else None
        following = lines[i + 1] if i + 1 < len(lines) else None
        block = blocks[-1] if blocks else None
        caption = CAPTION.match(line.text)
        gap_above = (
            last is None or last.column != line.column or _gap(last, line) > 1.15 * body.leading
        )
        ended = last is not None and re.search(r"[.!?]\)?\s*$", last.text) is not None
        marked = caption is not None and caption.group("mark") in tuple(".:|") and ended
        if (
            caption
            and (gap_above or marked or (last is not None and abs(last.size - line.size) > 0.3))
            and _caption_like(line, caption)
        ):
            blocks.append(Block(PassageKind.CAPTION, [line]))
            continue
        alone = (
            following is None
            or following.column != line.column
            or (
                _gap(line, following) > max(1.25 * line.size, 1.12 * body.leading)
                or _differs(line, following)
            )
        )
        if is_heading(line, body, alone) and not _within_paragraph(block, line, body):
            if block and block.kind is PassageKind.HEADING and _goes_on(block.lines[-1], line):
                block.lines.append(line)
            else:
                blocks.append(Block(PassageKind.HEADING, [line]))
            continue
        if (
            block
            and block.kind is not PassageKind.HEADING
            and _same_block(block, line, edges, body)
        ):
            block.lines.append(line)
        else:
            blocks.append(Block(PassageKind.PARAGRAPH, [line]))
    return blocks


def _mark_footnotes(blocks: Sequence[Block], body: Body) -> list[Block]:
    """Mark small paragraphs with a note's mark that end their column; one block a note."""
    result: list[Block] = []  # from the last block to the first
    for block in reversed(blocks):
        line = block.lines[0]
        under = result[-1] if result else None
        ends_column = (
            under is None
            or (under.lines[0].page, under.lines[0].column) != (line.page, line.column)
            or under.kind is PassageKind.FOOTNOTE
        )
        mail = "mail" in line.text.lower() and "@" in block.text and len(block.lines) < 4
        small = line.size < 0.97 * body.size
        if (
            block.kind is PassageKind.PARAGRAPH
            and ends_column
            and ((_note_mark(line) and small) or mail)
        ):
            result += reversed(_split_notes(block))
        else:
            result.append(block)
    return result[::-1]


def _note_mark(line: Line) -> int:
    """How many characters at the head of ``line`` are the mark of a footnote."""
    if line.text[:1] in "*†‡§¶":
        return len(line.text) - len(line.text.lstrip("*†‡§¶ "))
    count = 0
    while count < min(4, len(line.text)) and line.shifts[count] == "sup":
        count += 1
    return count if count and re.fullmatch(r"\d{1,2}|[a-z]|[*†‡§¶]+", line.text[:count]) else 0


def _split_notes(block: Block) -> list[Block]:
    """One block a note, its mark taken off."""
    notes: list[Block] = []
    for line in block.lines:
        mark = _note_mark(line)
        if mark or not notes:
            notes.append(Block(PassageKind.FOOTNOTE, [], block.section))
        rest = without_head(line, mark)
        if rest is not None:
            notes[-1].lines.append(rest)
    return [note for note in notes if note.lines]


def _caption_like(line: Line, match: re.Match[str]) -> bool:
    """A caption, not a sentence that happens to begin a line with "Figure 2 shows"."""
    mark = match.group("mark")
    if mark.strip():
        return not (
            mark == "(" and re.match(r"^\(?[a-z]\)?(?:,| and| shows)", line.text[match.end() :])
        )
    rest = line.text[match.end() :].lstrip()
    return not rest or rest[0].isupper() or line.text.startswith("TABLE")


def _within_paragraph(block: Block | None, line: Line, body: Body) -> bool:
    """Whether ``line`` stands in the middle of a paragraph, whatever it looks like."""
    if block is None or block.kind is not PassageKind.PARAGRAPH:
        return False
    last = block.lines[-1]
    if line.text[0].islower() and not re.search(r"[.!?:]\s*$", last.text):
        return True
    return (
        len(block.lines) > 1
        and last.column == line.column
        and _gap(last, line) < 1.1 * body.leading
        and not _differs(last, line)
        and not re.search(r"[.!?:]\s*$", last.text)
        and last.width > 0.9 * max(x.width for x in block.lines)
    )


def _left_edges(lines: Sequence[Line]) -> dict[int, float]:
    """Where the lines of each column usually begin."""
    edges: dict[int, Counter[float]] = {}
    for line in lines:
        if len(WORD.findall(line.text)) >= 3:
            edges.setdefault(line.column, Counter())[round(line.x0)] += 1
    return {column: counter.most_common(1)[0][0] for column, counter in edges.items()}


def _gap(above: Line, below: Line) -> float:
    return below.y - above.y


def _differs(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) > 0.06 * max(a.size, b.size) or a.bold != b.bold


def _goes_on(above: Line, below: Line) -> bool:
    return (
        above.column == below.column
        and above.page == below.page
        and 0 < _gap(above, below) < 1.6 * above.size
        and not _differs(above, below)
        and not NUMBERED_HEADING.match(below.text)
    )


def _same_block(block: Block, line: Line, edges: dict[int, float], body: Body) -> bool:
    last = block.lines[-1]
    if last.column != line.column or last.page != line.page:
        return False
    other_size = abs(last.size - line.size) > 0.07 * max(last.size, line.size)
    if other_size and min(len(last.text), len(line.text)) > 3:
        return False
    gap = _gap(last, line)
    usual = (
        median(_gap(a, b) for a, b in zip(block.lines, block.lines[1:], strict=False))
        if (len(block.lines) > 1)
        else max(body.leading * line.size / body.size, 1.0)
    )
    if gap < -0.5 * line.size or gap > max(1.3 * usual, usual + 0.35 * line.size):
        return False
    if block.kind is PassageKind.CAPTION:
        return True
    # An indented line opens a paragraph if the one before it came to its end.
    indent = line.x0 - edges.get(line.column, line.x0)
    last_indent = last.x0 - edges.get(line.column, last.x0)
    indented = 0.7 * line.size < indent < 5 * line.size and last_indent < 0.5 * line.size
    ended = re.search(r"[.!?:;)\]”\"]\s*$|[\d\]]$", last.text) is not None
    return not (indented and ended)


def _drop_noise(blocks: Sequence[Block], body: Body) -> list[Block]:
    """Blocks without the labels of figures, rows of tables and formulas that stand alone."""
    kept: list[Block] = []
    for block in blocks:
        if block.kind is not PassageKind.PARAGRAPH or _reads_as_prose(block, body):
            kept.append(block)
        else:
            kept += _prose_within(block, body)
    return kept


def _prose_within(block: Block, body: Body) -> list[Block]:
    """The stretches of prose in a block that is none as a whole, for the formulas set in it."""
    found: list[Block] = []
    open_ = False
    widest = max(line.width for line in block.lines)
    for line in block.lines:
        words = len(WORD.findall(line.text))
        # A full line of formulas and numbers in a sentence has few words.
        full = line.width > FULL_WIDTH_SHARE * widest and words > 0 and line.width > 12 * line.size
        prose = (words >= MIN_PROSE_WORDS or full) and line.font in body.fonts
        if prose and not _LEADERS.search(line.text):
            if not open_:
                found.append(Block(block.kind, [], block.section))
            open_ = True
            found[-1].lines.append(line)
            continue
        if open_ and words and _ends_sentence_part(found[-1].lines, line, body):
            found[-1].lines.append(line)
        open_ = False
    return [b for b in found if len(b.lines) > 1 and _reads_as_prose(b, body)]


def _ends_sentence_part(above: Sequence[Line], line: Line, body: Body) -> bool:
    """Whether a short line goes on with the prose above it, up to a formula set off."""
    edge = min(x.x0 for x in above)
    letters = sum(c.isalpha() for c in line.text)
    return (
        line.font in body.fonts
        and 0 < _gap(above[-1], line) < 1.3 * body.leading
        and abs(line.x0 - edge) < 0.5 * line.size
        and letters > 0.7 * len(line.text.replace(" ", ""))
    )


def _lists_coordinates(block: Block) -> bool:
    """Whether a block's full lines list the coordinates of atoms ("Ca (2a): (0, 0, 0); H …")."""
    widest = max(line.width for line in block.lines)
    full = sum(line.width > 0.85 * widest for line in block.lines[:-1])
    many = len(_TRIPLE.findall(block.text)) >= _OF_ATOMS * len(block.lines)
    return many and full >= 0.7 * (len(block.lines) - 1)


def _reads_as_prose(block: Block, body: Body) -> bool:
    words = sum(len(WORD.findall(line.text)) for line in block.lines)
    count = len(block.lines)
    known = sum(line.font in body.fonts for line in block.lines) >= 0.5 * count
    if not known and words < 25:
        return False
    if block.lines[0].size < 0.55 * body.size:
        return False
    # Superscripts are left out: a long chain of citation marks makes no table.
    plain = [
        c
        for line in block.lines
        for c, shift in zip(line.text, line.shifts, strict=True)
        if shift != "sup" and c != " "
    ]
    letters, total = sum(c.isalpha() for c in plain), len(plain)
    gaps = sum(len(line.gaps) for line in block.lines)
    # Words set wide apart to fill a narrow column look like cells, but there are many of them.
    sparse = words < 4 * count or letters < 0.75 * total
    if gaps > 1.2 * count and count > 1 and sparse:
        return False
    if count == 1:
        # The last words of a paragraph after a formula or at the head of a column.
        text = block.lines[0].text.rstrip()
        ends = words >= 1 and text.endswith(".")
        return words >= 3 or ends or (known and _END_OF_TRIPLE.search(text) is not None)
    if words >= 2.2 * count and letters > 0.55 * total:
        return True
    return known and _lists_coordinates(block)


def _set_sections(blocks: Sequence[Block]) -> list[Block]:
    section = ""
    for block in blocks:
        if block.kind is PassageKind.HEADING:
            section = re.sub(r"\s+", " ", block.text).strip()
        block.section = section
    return list(blocks)


def _rejoin(blocks: Sequence[Block]) -> list[Block]:
    """Join the halves of paragraphs that a column's end, a float or a formula parted."""
    result: list[Block] = []
    for block in blocks:
        if block.kind is PassageKind.PARAGRAPH:
            host = _open_paragraph(result)
            if host is not None and _continues(host, block):
                host.lines += block.lines
                continue
        result.append(block)
    return result


def _open_paragraph(blocks: Sequence[Block]) -> Block | None:
    """The last paragraph before any captions and footnotes, if no heading has closed it."""
    for block in reversed(blocks):
        if block.kind is PassageKind.PARAGRAPH:
            return block
        if block.kind is PassageKind.HEADING:
            return None
    return None


def _continues(host: Block, block: Block) -> bool:
    last, first = host.lines[-1], block.lines[0]
    if abs(last.size - first.size) > 0.07 * max(last.size, first.size):
        return False
    head = first.text.lstrip("([")
    if not head:
        return False
    tail = last.text.rstrip()
    if tail.endswith("-") and head[0].islower():
        return True
    # A full stop, and what may stand behind one: quotes, brackets, the marks of citations.
    if re.search(r"[.!?]['\")\]\d,–-]*$", tail) and not tail.endswith(","):
        return False
    return head[0].islower() or (
        len(host.lines) > 1 and last.width > 0.85 * max(line.width for line in host.lines)
    )
