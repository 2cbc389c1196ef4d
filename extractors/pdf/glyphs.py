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
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.placing import to_shown

MIN_PAINTED_SIZE_PT = 1.0
"""Text smaller than this cannot be read by a person and is taken as hidden."""

SCAN_COVER = 0.5
"""An image over this share of the page makes invisible text an OCR layer, not hidden text."""

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


class OnBaseline:
    """What stands on a baseline ``y`` in type of a ``size``, both in points: its letter box."""

    __slots__ = ()
    y: float
    size: float

    @property
    def top(self) -> float:
        """The upper edge of its letters, scripts left aside."""
        return self.y - 0.75 * self.size

    @property
    def bottom(self) -> float:
        """The lower edge of its letters, scripts left aside."""
        return self.y + 0.25 * self.size


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
    """The glyphs of one page in the order of the file; ``margin`` holds the text that is turned."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    margin: str = ""
    hidden: Counter[str] = field(default_factory=Counter)
    unmapped: int = 0
    image_cover: float = 0.0


def read_glyphs(pdf: pdfium.PdfDocument, index: int) -> GlyphPage:
    """The glyphs of page ``index`` (from 0).

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
    width, height = bbox[2] - bbox[0], bbox[3] - bbox[1]
    cover = _image_cover(page, width * height)
    if quarters % 2:
        width, height = height, width
    writer = _Writer(GlyphPage(number, width, height, [], image_cover=cover))
    result = writer.page
    a, b, c, d, e, f = to_shown(bbox, quarters)
    styles: dict[int, Style] = {}
    handle = text_page.raw
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    spaced = False
    turned: list[Glyph] = []
    get_object = raw.FPDFText_GetTextObject
    get_unicode = raw.FPDFText_GetUnicode
    get_box = raw.FPDFText_GetLooseCharBox
    get_origin = raw.FPDFText_GetCharOrigin
    for i in range(text_page.count_chars()):
        code = get_unicode(handle, i)
        text_object = get_object(handle, i)
        if not text_object:
            continue  # a blank or line break that PDFium made up
        if code in (0x20, 0xA0, 0x09, 0x0A, 0x0D, 0xAD):
            spaced = True
            continue
        key = ctypes.addressof(text_object.contents)
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(handle, i, text_object, cover, quarters)
        if style.hidden:
            result.hidden[style.hidden] += 1
            continue
        get_box(handle, i, box)
        get_origin(handle, i, x, y)
        gx, gy = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        x0, x1 = a * box.left + c * box.bottom + e, a * box.right + c * box.top + e
        advance = abs(x1 - x0)
        glyph = Glyph(_clean(code), gx, gx + advance, gy, style, spaced, style.size)
        spaced = False
        if style.turn:
            glyph.x0, glyph.x1 = min(x0, x1), max(x0, x1)
            turned.append(glyph)
        else:
            writer.add(glyph, key)
    _split_ligatures(result.glyphs)
    result.margin = "".join((" " if g.spaced else "") + g.char for g in turned)
    return result


class _Writer:
    """Takes the upright glyphs of a page in the order of the file and keeps those shown once."""

    def __init__(self, page: GlyphPage) -> None:
        self.page = page
        self._last: Glyph | None = None
        self._last_place = (0.0, 0.0)
        self._last_key = 0
        self._ligature: list[Glyph] = []
        self._outside: Glyph | None = None

    def add(self, glyph: Glyph, key: int) -> None:
        """Keep ``glyph``, painted by the text object ``key``, if the page shows it."""
        if self._off_page(glyph):
            return
        page, last = self.page, self._last
        x, y = self._last_place
        slack = 0.03 * glyph.size
        if last is not None and abs(glyph.x0 - x) < slack and abs(glyph.y - y) < slack:
            if key != self._last_key and last.char == glyph.char:
                return  # painted twice to look bold
            same_place = key == self._last_key and glyph.char in "filtTh"
        else:
            same_place = False
        self._last, self._last_place, self._last_key = glyph, (glyph.x0, glyph.y), key
        if same_place:
            # PDFium gives the letters of a ligature one place; they share it out.
            self._ligature.append(glyph)
            _share_out(self._ligature)
        else:
            self._ligature = [glyph]
        page.unmapped += glyph.char == "�"
        page.glyphs.append(glyph)

    def _off_page(self, glyph: Glyph) -> bool:
        """Whether ``glyph`` or a part of its word is off the page: half a number is a wrong one."""
        page = self.page
        outside = not (-1 <= glyph.x0 <= page.width + 1 and -1 <= glyph.y <= page.height + 1)
        if not outside and not (self._outside and _one_word(self._outside, glyph)):
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


def _style(handle: object, i: int, text_object: object, image_cover: float, quarters: int) -> Style:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, i, matrix)
    size = raw.FPDFText_GetFontSize(handle, i) * math.hypot(matrix.c, matrix.d)
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(160)
    raw.FPDFText_GetFontInfo(handle, i, buffer, len(buffer), flags)
    font = buffer.value.decode("latin-1").split("+")[-1]
    lower = font.lower()
    bold = bool(flags.value & _FORCE_BOLD) or bool(_BOLD_NAME.search(lower))
    italic = bool(flags.value & _ITALIC) or bool(_ITALIC_NAME.search(lower))
    angle = math.atan2(matrix.b, matrix.a)
    turn = (round(angle / (math.pi / 2)) - quarters) % 4
    hidden = _hidden(text_object, size, image_cover)
    return Style(font, round(size, 2), bold, italic, turn, hidden)


def _hidden(text_object: object, size: float, image_cover: float) -> str:
    """Why the page does not show this text, or an empty string if it does."""
    mode = raw.FPDFTextObj_GetTextRenderMode(text_object)
    if mode in _INVISIBLE_MODES:
        return "" if image_cover >= SCAN_COVER else "invisible"
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
        "\u2010": "-",
        "\u2011": "-",
    }
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


@cache
def _symbol_encoding() -> dict[int, str]:
    rows = load_rows("symbol_encoding.csv")
    return {int(row["code"], 16): row["character"] for row in rows}


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
