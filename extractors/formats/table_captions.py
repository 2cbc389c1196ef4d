"""Captions of tables in text without pages: which block, or which row, heads which table.

Works on blocks in reading order; finding blocks and tables is for each format's reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.cells import find_cells
from scmine.extractors.document import PassageKind, Table
from scmine.extractors.pdf.blocks import NUMBERED_HEADING, Block, heading_names, plain_heading
from scmine.extractors.pdf.passages import TABLE_CAPTION
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.quantities import find_quantities
from scmine.extractors.spacegroups import find_space_groups

MAX_BETWEEN = 200
"""Characters of a block, such as a note on units, that may stand between caption and table."""

MAX_NAME = 500
"""Characters of a table's name under its bare label; a paragraph of text is longer."""

MAX_LEAD = 140
"""Characters of a line above a table that names its structure."""

_LEAD_BLOCKS = 3
_LEADS = (PassageKind.PARAGRAPH, PassageKind.HEADING)
_PROSE = re.compile(r"\b(?:we|is|are|was|were|has|have|shows?|reaches|becomes)\b|\.\s[A-Z]")
_LABEL = re.compile(r"\S{3,7}\.? ?(?:S?\d{1,3}[a-z]?|[IVXL]{1,6})\W{0,3}")
_REACH = (-1, 1, -2, -3, 2)
"""Where a table's caption stands, in blocks from the table: the likeliest first."""


def join_labels(items: Sequence[Block | Table]) -> list[Block | Table]:
    """The items, with a caption that is a bare label joined to the table's name after it."""
    result: list[Block | Table] = []
    skip = False
    for i, item in enumerate(items):
        if skip:
            skip = False
            continue
        name, after = (*items[i + 1 : i + 3], None, None)[:2]
        if (
            isinstance(item, Block)
            and isinstance(name, Block)
            and isinstance(after, Table)
            and _heads_table(item)
            and _LABEL.fullmatch(item.text)
            and _may_name(name)
        ):
            result.append(Block(PassageKind.CAPTION, [*item.lines, *name.lines], item.section))
            skip = True
        else:
            result.append(item)
    return result


def captioned(items: Sequence[Block | Table], words: Words) -> list[Table]:
    """The tables among ``items``, each with the caption that stands by it, and its section."""
    tables: list[Table] = []
    used: set[int] = set()
    section = ""
    for i, item in enumerate(items):
        if isinstance(item, Block):
            section = item.text if item.kind is PassageKind.HEADING else section
            continue
        caption = item.caption
        for step in _REACH:
            block = items[i + step] if 0 <= i + step < len(items) else None
            if caption or not isinstance(block, Block) or i + step in used:
                continue
            if _heads_table(block) and _near(items, i, step):
                used.add(i + step)
                caption = make_passage(PassageKind.CAPTION, block.lines, "", words).text
        caption = caption or _lead(items, i, words)
        tables.append(replace(item, caption=caption, section=item.section or section))
    return tables


def _lead(items: Sequence[Block | Table], place: int, words: Words) -> str:
    """The short lines right above a table that name its crystal structure; empty if none do.

    ``AsH, Cmcm, 400 GPa`` and, under it, ``a = 3.17 Å, b = 4.10 Å, c = 2.96 Å``.
    """
    above: list[str] = []
    for item in reversed(items[max(0, place - _LEAD_BLOCKS) : place]):
        if not isinstance(item, Block) or item.kind not in _LEADS or _heads_table(item):
            break
        text = make_passage(PassageKind.CAPTION, item.lines, "", words).text
        whole = find_space_groups(text) or find_cells(text) or find_quantities(text, "pressure")
        if len(text) > MAX_LEAD or not whole or _PROSE.search(text):
            break
        above.insert(0, text.rstrip("."))
        if find_space_groups(text):
            return ". ".join(above)
    return ""


def _heads_table(block: Block) -> bool:
    return block.kind is PassageKind.CAPTION and TABLE_CAPTION.match(block.text) is not None


def _near(items: Sequence[Block | Table], place: int, step: int) -> bool:
    """Whether only short text stands between the table at ``place`` and what is ``step`` off."""
    between = items[place + 1 : place + step] if step > 0 else items[place + step + 1 : place]
    return all(
        isinstance(x, Block)
        and x.kind in (PassageKind.PARAGRAPH, PassageKind.FOOTNOTE)
        and len(x.text) <= MAX_BETWEEN
        for x in between
    )


def _may_name(block: Block) -> bool:
    """Whether ``block`` can be the name of a table, set apart from its label."""
    if block.kind not in (PassageKind.PARAGRAPH, PassageKind.HEADING) or len(block.text) > MAX_NAME:
        return False
    numbered = NUMBERED_HEADING.match(block.text) is not None
    return not numbered and plain_heading(block.text) not in heading_names()
