"""Glyphs: every painted character of a page with its place, size and font, read with PDFium.

Also where hidden text is dropped, since only here is it known how a character is painted. Nothing
here groups characters; that is ``lines``.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.bulk_calls import (
    address_of,
    code_points,
    loose_boxes,
    origins,
    text_objects,
)

MIN_PAINTED_SIZE_PT = 1.0
"""Text smaller than this cannot be read by a person and is taken as hidden."""

SCAN_COVER = 0.5
"""An image over this share of the page makes invisible text an OCR layer, not hidden text."""

MAIN_TURN_SHARE = 0.7
"""A page is turned if more than this share of its characters is: not for a stamp or a figure's
axis, but for a wide table under whose page number the page is upright."""

MIN_TURNED = 200
"""Fewer characters are a stamp or labels, whatever their share of the page."""

_INVISIBLE_MODES = {
    raw.FPDF_TEXTRENDERMODE_INVISIBLE,
    raw.FPDF_TEXTRENDERMODE_CLIP,
}


# Font flags of the PDF reference (ISO 32000-1, table 123). PDFium's font weight is of no use here:
# it gives 700 for Computer Modern Roman.
_FORCE_BOLD = 1 << 18
_ITALIC = 1 << 6
_BOLD_NAME = re.compile(r"bold|black|demi|heavy|^cmbx|^cmb\d|^sfbx|^lmbx|\.b$|-bd")
_ITALIC_NAME = re.compile(r"ital|obliq|^cmti|^cmmi|^sfti|\.i$")


@dataclass(frozen=True, slots=True)
class Style:
    """What the glyphs of one text object share: font, size in points, turn in quarter circles."""

    font: str
    size: float
    bold: bool
    italic: bool
    turn: int
    hidden: str


ASCENT, DESCENT = 0.75, 0.25
"""How far letters reach over and under their baseline, as shares of the type size."""


class OnBaseline:
    """What stands on a baseline ``y`` in type of a ``size``, both in points: its letter box."""

    __slots__ = ()
    y: float
    size: float

    @property
    def top(self) -> float:
        """The upper edge of its letters, scripts left aside."""
        return self.y - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """The lower edge of its letters, scripts left aside."""
        return self.y + DESCENT * self.size


@dataclass(slots=True)
class Glyph(OnBaseline):
    """One character. x to the right and y down, in points from the page's top left corner.

    ``y`` is the baseline. ``spaced`` says that the file holds a blank before it.
    """

    char: str
    x0: float
    x1: float
    y: float
    style: Style
    spaced: bool
    size: float


@dataclass(slots=True)
class GlyphPage:
    """The glyphs of one page in the order of the file; ``margin`` holds the text that is turned.

    ``turn`` says by how many quarters more than shown the page was turned clockwise, so that most
    of its text is upright; width, height and all places are those of the page so turned.
    ``image_cover`` is measured only where there are no glyphs or some are invisible.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    margin: str = ""
    hidden: Counter[str] = field(default_factory=Counter)
    unmapped: int = 0
    image_cover: float = 0.0
    turn: int = 0


def read_glyphs(pdf: pdfium.PdfDocument, index: int) -> GlyphPage:
    """The glyphs of page ``index`` (from 0); a page whose text is mostly turned is turned upright.

    Raises
    ------
    pypdfium2.PdfiumError
        If the page cannot be loaded.
    """
    page = pdf[index]
    try:
        text_page = page.get_textpage()
        try:
            return _collect(page, text_page, index + 1)
        finally:
            text_page.close()
    finally:
        page.close()


def _collect(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, number: int) -> GlyphPage:
    # The page's own crop box would miss one that it inherits from its parent.
    bbox = page.get_bbox()
    quarters = page.get_rotation() // 90
    text = _PageText(page, text_page, quarters)
    turn = text.main_turn()
    width, height = bbox[2] - bbox[0], bbox[3] - bbox[1]
    if (quarters + turn) % 2:
        width, height = height, width
    writer = _Writer(GlyphPage(number, width, height, [], turn=turn))
    result = writer.page
    matrix = to_shown(bbox, (quarters + turn) % 4)
    margin: list[str] = []
    spaced = False
    for place in zip(text.codes, text.objects, *text.places(matrix), strict=True):
        code, key, x, y, x0, x1 = place
        if key is None:
            continue  # a blank or line break that PDFium made up
        if code in _BLANKS:
            spaced = True
            continue
        style = text.styles[key]
        if style.hidden:
            result.hidden[style.hidden] += 1
            continue
        char = _clean(code)
        if style.turn == turn:
            writer.add(Glyph(char, x, x + abs(x1 - x0), y, style, spaced, style.size), key)
        else:
            margin.append(" " + char if spaced else char)
        spaced = False
    _split_ligatures(result.glyphs)
    result.margin = "".join(margin)
    if not result.glyphs or "image_cover" in text.__dict__:
        result.image_cover = text.image_cover
    return result


_BLANKS = frozenset((0x20, 0xA0, 0x09, 0x0A, 0x0D, 0xAD))


class _PageText:
    """What PDFium says of the characters of a page, and the style of each of its text objects."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, quarters: int) -> None:
        self._page = page
        self._address = address_of(text_page)
        self._count = text_page.count_chars()
        self.codes = code_points(self._address, self._count)
        self.objects = text_objects(self._address, self._count)
        styles = _Styles(text_page.raw, quarters, self)
        self.styles: dict[int, Style] = {}
        for i, key in enumerate(self.objects):
            if key is not None and key not in self.styles:
                self.styles[key] = styles.of(i)

    @cached_property
    def image_cover(self) -> float:
        """The share of the page under its largest image; a look at all its objects."""
        left, bottom, right, top = self._page.get_bbox()
        return _image_cover(self._page, (right - left) * (top - bottom))

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
        """Lists of origin x and y, left and right edge of each character, mapped by ``matrix``."""
        a, b, c, d, e, f = matrix
        x, y = origins(self._address, self._count).T
        left, top, right, bottom = loose_boxes(self._address, self._count).T.astype(np.float64)
        return (
            (a * x + c * y + e).tolist(),
            (b * x + d * y + f).tolist(),
            (a * left + c * bottom + e).tolist(),
            (a * right + c * top + e).tolist(),
        )


def to_shown(bbox: tuple[float, float, float, float], quarters: int) -> tuple[float, ...]:
    """The matrix (a, b, c, d, e, f of ISO 32000-1, 8.3.3) from the file's coordinates to ours.

    ``quarters`` says how many quarters the page is turned clockwise to be shown.
    """
    left, bottom, right, top = bbox
    return (
        (1, 0, 0, -1, -left, top),
        (0, 1, 1, 0, -bottom, -left),
        (-1, 0, 0, 1, right, -bottom),
        (0, -1, -1, 0, top, right),
    )[quarters]


class _Writer:
    """Takes the upright glyphs of a page in the order of the file and keeps those shown once."""

    def __init__(self, page: GlyphPage) -> None:
        self.page = page
        self._last: Glyph | None = None
        self._last_x = self._last_y = 0.0
        self._last_key = 0
        self._ligature: list[Glyph] = []
        self._outside: Glyph | None = None

    def add(self, glyph: Glyph, key: int) -> None:
        """Keep ``glyph``, painted by the text object ``key``, if the page shows it."""
        page, last, x, y = self.page, self._last, glyph.x0, glyph.y
        inside = -1 <= x <= page.width + 1 and -1 <= y <= page.height + 1
        if not (inside and self._outside is None) and self._off_page(glyph, inside):
            return
        same_place = False
        if last is not None and self._at(x, y, 0.03 * glyph.size):
            if key != self._last_key and last.char == glyph.char:
                return  # painted twice to look bold
            same_place = key == self._last_key and glyph.char in "filtTh"
        self._last, self._last_x, self._last_y, self._last_key = glyph, x, y, key
        if same_place:
            # PDFium gives the letters of a ligature one place; they share it out.
            self._ligature.append(glyph)
            _share_out(self._ligature)
        else:
            self._ligature = [glyph]
        page.unmapped += glyph.char == "\ufffd"
        page.glyphs.append(glyph)

    def _at(self, x: float, y: float, slack: float) -> bool:
        """Whether the glyph before was set at (x, y)."""
        return -slack < x - self._last_x < slack and -slack < y - self._last_y < slack

    def _off_page(self, glyph: Glyph, inside: bool) -> bool:
        """Whether ``glyph`` or a part of its word is off the page: half a number is a wrong one."""
        page, outside = self.page, not inside
        if inside and not (self._outside and _one_word(self._outside, glyph)):
            self._outside = None
            return False
        dropped = 1
        if outside and self._outside is None:
            after = glyph
            while page.glyphs and _one_word(page.glyphs[-1], after):
                after = page.glyphs.pop()
                dropped += 1
        page.hidden["off page"] += dropped
        self._outside, self._last = glyph, None
        return True


def _one_word(before: Glyph, after: Glyph) -> bool:
    """Whether ``after`` follows ``before`` without a blank."""
    gap = after.x0 - before.x1
    near = -0.5 * after.size < gap < 0.17 * after.size
    return near and not after.spaced and abs(before.y - after.y) < 0.2 * after.size


def _share_out(letters: list[Glyph]) -> None:
    """Give each letter of a ligature, which all have its place, an equal part of it."""
    x0, x1 = letters[0].x0, max(g.x1 for g in letters)
    step = (x1 - x0) / len(letters)
    for k, letter in enumerate(letters):
        letter.x0, letter.x1 = x0 + k * step, x0 + (k + 1) * step


class _Styles:
    """Makes the styles of a page's text objects; what is known of a font is asked for once."""

    def __init__(self, handle: Any, quarters: int, text: _PageText) -> None:
        self._handle = handle
        self._quarters = quarters
        self._text = text
        self._fonts: dict[int, tuple[str, bool, bool]] = {}
        self._matrix = raw.FS_MATRIX()

    def of(self, i: int) -> Style:
        """The style of the text object that paints character ``i``."""
        matrix = self._matrix
        raw.FPDFText_GetMatrix(self._handle, i, matrix)
        size = raw.FPDFText_GetFontSize(self._handle, i) * math.hypot(matrix.c, matrix.d)
        turn = 0
        if matrix.b or matrix.a <= 0:
            turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2))
        text_object = raw.FPDFText_GetTextObject(self._handle, i)
        font, bold, italic = self._font(i, text_object)
        hidden = _hidden(text_object, size, self._text)
        return Style(font, round(size, 2), bold, italic, (turn - self._quarters) % 4, hidden)

    def _font(self, i: int, text_object: Any) -> tuple[str, bool, bool]:
        """The name of a font without its subset's tag, and whether it is bold and italic."""
        font = raw.FPDFTextObj_GetFont(text_object)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        known = self._fonts.get(key)
        if known is not None:
            return known
        flags = ctypes.c_int()
        buffer = ctypes.create_string_buffer(160)
        raw.FPDFText_GetFontInfo(self._handle, i, buffer, len(buffer), flags)
        name = buffer.value.decode("latin-1").split("+")[-1]
        lower = name.lower()
        bold = bool(flags.value & _FORCE_BOLD) or bool(_BOLD_NAME.search(lower))
        italic = bool(flags.value & _ITALIC) or bool(_ITALIC_NAME.search(lower))
        if key:
            self._fonts[key] = name, bold, italic
        return name, bold, italic


def _hidden(text_object: object, size: float, text: _PageText) -> str:
    """Why the page does not show this text, or an empty string if it does."""
    mode = raw.FPDFTextObj_GetTextRenderMode(text_object)
    if mode in _INVISIBLE_MODES:
        return "" if text.image_cover >= SCAN_COVER else "invisible"
    if size < MIN_PAINTED_SIZE_PT:
        return "tiny"
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if raw.FPDFPageObj_GetFillColor(text_object, r, g, b, a):
        if min(r.value, g.value, b.value) >= 250:
            return "white"
        if a.value == 0:
            return "transparent"
    return ""


def _image_cover(page: pdfium.PdfPage, area: float) -> float:
    """The share of the page under its largest image."""
    best = 0.0
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        best = max(best, (right - left) * (top - bottom))
    return min(1.0, best / area) if area > 0 else 0.0


_CHARACTERS = str.maketrans(
    {
        "￾": "-",  # PDFium's mark for a hyphen at the end of a line
        "\u00b5": "μ",
        "\u2126": "Ω",
        "\u212a": "K",
        "\u212b": "Å",
        "\u2206": "Δ",
        "\u00a0": " ",
        "∗": "*",
        "⋆": "*",
        # Quotes as keyboards have them: what the models were trained on, and one way to search.
        "“": '"',
        "”": '"',
        "„": '"',
        "‟": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "\u2010": "-",
        "\u2011": "-",
    }
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


@cache
def _symbol_encoding() -> dict[int, str]:
    rows = load_rows("symbol_encoding.csv")
    return {int(row["code"], 16): row["character"] for row in rows}


@cache
def _clean(code: int) -> str:
    """The character for a code point; U+FFFD where the font does not say what it shows."""
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "�"
    if code == 0x2:
        return "-"
    if 0xF020 <= code <= 0xF0FF:
        return _symbol_encoding().get(code - 0xF000, "�")
    char = chr(code).translate(_CHARACTERS)
    if unicodedata.category(char) in ("Cc", "Co", "Cn"):
        return "�"
    return char


def _split_ligatures(glyphs: list[Glyph]) -> None:
    """Replace each ligature by its letters, in place."""
    i = 0
    while i < len(glyphs):
        glyph = glyphs[i]
        letters = _LIGATURES.get(glyph.char)
        if letters:
            step = (glyph.x1 - glyph.x0) / len(letters)
            glyphs[i : i + 1] = [
                Glyph(
                    letter,
                    glyph.x0 + k * step,
                    glyph.x0 + (k + 1) * step,
                    glyph.y,
                    glyph.style,
                    glyph.spaced and k == 0,
                    glyph.size,
                )
                for k, letter in enumerate(letters)
            ]
        i += 1
