"""Styles: what the characters of one text object share, and whether the way it is painted hides it.

Whether something else on the page hides it is for ``visibility``.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

from scmine.extractors.pdf.bulk_calls import (
    fill_colour,
    font_of,
    font_size,
    render_mode,
    text_matrix,
)
from scmine.extractors.pdf.font_encodings import font_encoding
from scmine.extractors.pdf.visibility import SCAN_COVER, Scene

MIN_PAINTED_SIZE_PT = 1.0
"""Text smaller than this cannot be read by a person and is taken as hidden."""

LOOSE_HEIGHT_EM = 1.13
"""PDFium's loose box of a character is this much higher than its type size."""

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
    """What the glyphs of one text object share: font, size in points, turn in quarter circles.

    ``encoding`` gives the characters of a font whose text layer does not say what it shows.
    ``doubt`` says why something else on the page may hide them.
    """

    font: str
    size: float
    bold: bool
    italic: bool
    turn: int
    hidden: str
    encoding: Mapping[int, str] | None = field(default=None, compare=False, repr=False)
    doubt: str = ""


class Styles:
    """Makes the styles of a page's text objects; what is known of a font is asked for once.

    ``nameless`` gives for each text object in a font without a name the address of that font.
    """

    def __init__(self, handle: Any, quarters: int, scene: Scene) -> None:
        self._handle = handle
        self._page = ctypes.cast(handle, ctypes.c_void_p).value or 0
        self._quarters = quarters
        self._scene = scene
        self._fonts: dict[int, tuple[str, bool, bool]] = {}
        self._styles: dict[tuple[object, ...], Style] = {}
        self._matrix = raw.FS_MATRIX()
        self.nameless: dict[int, int] = {}

    def of(self, i: int, text_object: int) -> Style:
        """The style of the text object at this address, which paints character ``i``."""
        a, b, c, d = text_matrix(self._page, i)
        size = font_size(self._page, i) * math.hypot(c, d)
        if size < MIN_PAINTED_SIZE_PT:
            size = self._painted_size(i)
        turn = 0
        if b or a <= 0:
            turn = round(math.atan2(b, a) / (math.pi / 2))
        turn = (turn - self._quarters) % 4
        known = self._font(i, text_object), size, turn, self._hidden(text_object, size)
        style = self._styles.get(known)
        if style is None:
            (font, bold, italic), _, _, (hidden, doubt) = known
            size = round(size, 2)
            style = Style(font, size, bold, italic, turn, hidden, font_encoding(font), doubt)
            self._styles[known] = style
        return style

    def _painted_size(self, i: int) -> float:
        """The size that a character is painted in: Type 3 fonts may state any size."""
        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._handle, i, box)
        return float(min(box.top - box.bottom, 72.0)) / LOOSE_HEIGHT_EM

    def _font(self, i: int, text_object: int) -> tuple[str, bool, bool]:
        """The name of a font without its subset's tag, and whether it is bold and italic."""
        key = font_of(text_object)
        known = self._fonts.get(key)
        if known is None:
            flags = ctypes.c_int()
            buffer = ctypes.create_string_buffer(160)
            raw.FPDFText_GetFontInfo(self._handle, i, buffer, len(buffer), flags)
            name = buffer.value.decode("latin-1").split("+")[-1]
            lower = name.lower()
            bold = bool(flags.value & _FORCE_BOLD) or bool(_BOLD_NAME.search(lower))
            italic = bool(flags.value & _ITALIC) or bool(_ITALIC_NAME.search(lower))
            known = name, bold, italic
            if key:
                self._fonts[key] = known
        if key and not known[0]:
            self.nameless[text_object] = key
        return known

    def _hidden(self, text_object: int, size: float) -> tuple[str, str]:
        """Why the page does not show this text, and why it may not; empty strings if it does."""
        mode = render_mode(text_object)
        if mode in _INVISIBLE_MODES and self._scene.image_cover < SCAN_COVER:
            return "invisible", ""
        if mode in _INVISIBLE_MODES:
            return "", ""  # the text layer of a scan
        if size < MIN_PAINTED_SIZE_PT:
            return "tiny", ""
        red, green, blue, alpha = fill_colour(text_object)
        if alpha == 0:
            return "transparent", ""
        white = min(red, green, blue) >= 250
        doubt = self._scene.doubt(text_object, (red, green, blue), white)
        return ("white", "") if white and not doubt else ("", doubt)
