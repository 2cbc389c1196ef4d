"""Page text: what PDFium says of all characters of a page, asked for at once.

Which of them are kept, and how, is for ``glyphs``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium

from scmine.extractors.pdf.bulk_calls import (
    address_of,
    code_points,
    loose_boxes,
    origins,
    text_objects,
)
from scmine.extractors.pdf.font_encodings import bitmap_encoding
from scmine.extractors.pdf.page_objects import object_groups
from scmine.extractors.pdf.styles import Style, Styles
from scmine.extractors.pdf.visibility import Scene

MAIN_TURN_SHARE = 0.7
"""A page is turned if more than this share of its characters is: not for a stamp or a figure's
axis, but for a wide table under whose page number the page is upright."""

MIN_TURNED = 80
"""Fewer characters are a stamp (arXiv's has about 50), whatever their share of the page."""


class PageText:
    """The characters of a page: code points, text objects by address, and those objects' styles.

    A made-up character has no object. ``groups`` are all objects of the page, ``scene`` knows what
    of them may hide text.
    """

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, quarters: int) -> None:
        self._address = address_of(text_page)
        self._count = text_page.count_chars()
        self.groups = object_groups(page)
        self.scene = Scene(page, self.groups)
        self.codes = code_points(self._address, self._count)
        self.objects = text_objects(self._address, self._count)
        styles = Styles(text_page.raw, quarters, self.scene)
        self.styles: dict[int, Style] = {}
        for i, key in enumerate(self.objects):
            if key is not None and key not in self.styles:
                self.styles[key] = styles.of(i, key)
        if styles.nameless:
            self._add_ligatures(styles.nameless)

    def _add_ligatures(self, fonts: Mapping[int, int]) -> None:
        """Give the fonts without a name their ligatures; ``fonts`` by text object."""
        codes: dict[int, Counter[int]] = {font: Counter() for font in fonts.values()}
        for code, key in zip(self.codes, self.objects, strict=True):
            if key is not None and key in fonts:
                codes[fonts[key]][code] += 1
        encodings = {font: bitmap_encoding(counted) for font, counted in codes.items()}
        for key, font in fonts.items():
            self.styles[key] = replace(self.styles[key], encoding=encodings[font])

    def main_turn(self) -> int:
        """The turn of most of the shown characters, in quarter circles; 0 if none has a majority.

        Wide tables stand on pages that are not turned themselves, with all their text on its side.
        """
        turns: Counter[int] = Counter()
        for key, count in Counter(self.objects).items():
            if key is not None and not self.styles[key].hidden:
                turns[self.styles[key].turn] += count
        turn, count = max(turns.items(), key=lambda item: item[1], default=(0, 0))
        most = count > max(MAIN_TURN_SHARE * sum(turns.values()), MIN_TURNED)
        return turn if most else 0

    def places(self, matrix: tuple[float, ...]) -> tuple[list[float], ...]:
        """Lists of origin x and y and right edge of each character, mapped by ``matrix``.

        Its right edge is as far from its origin as its box is wide.
        """
        a, b, c, d, e, f = matrix
        x, y = origins(self._address, self._count).T
        left, top, right, bottom = loose_boxes(self._address, self._count).T.astype(np.float64)
        start = a * x + c * y + e
        width = np.abs((a * right + c * top + e) - (a * left + c * bottom + e))
        return start.tolist(), (b * x + d * y + f).tolist(), (start + width).tolist()
