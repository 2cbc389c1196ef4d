"""Listings on pages: lines that are a CIF or a POSCAR file, taken out before tables and passages.

Which lines are one is told in ``scmine.extractors.formats.listings``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from scmine.extractors.document import Box, Listing
from scmine.extractors.formats.listings import plain, with_introductions
from scmine.extractors.pdf.lines import Line


def take_listings(pages: Sequence[list[Line]]) -> tuple[list[list[Line]], list[Listing]]:
    """The pages' lines without listings, and the listings with a box a page.

    A listing goes on over the ends of pages and columns.
    """
    lines = [line for page in pages for line in page]
    texts = [plain(line.text) for line in lines]
    taken: set[int] = set()
    listings: list[Listing] = []
    for found, before in with_introductions(texts):
        own = lines[found.start : found.stop]
        taken.update(id(line) for line in own)
        listings.append(
            Listing(
                found.format,
                "\n".join(texts[found.start : found.stop]),
                before,
                tuple(_box(n, list(part)) for n, part in groupby(own, lambda line: line.page)),
            )
        )
    if not taken:
        return list(pages), listings
    return [[line for line in page if id(line) not in taken] for page in pages], listings


def _box(page: int, lines: Sequence[Line]) -> Box:
    return Box(
        page,
        round(min(line.x0 for line in lines), 2),
        round(min(line.top for line in lines), 2),
        round(max(line.x1 for line in lines), 2),
        round(max(line.bottom for line in lines), 2),
    )
