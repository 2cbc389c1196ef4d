"""Glyphs: every painted character of a page with its place, size and font, read with PDFium.

Also where hidden text is dropped, since only here is it known how a character is painted. Nothing
here groups characters; that is ``lines``.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pypdfium2 as pdfium

from scmine.extractors.document import Box
from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.matrices import to_shown
from scmine.extractors.pdf.page_text import PageText
from scmine.extractors.pdf.rules import PageRules, read_rules
from scmine.extractors.pdf.styles import Style
from scmine.extractors.pdf.turned import Turn, shown_box
from scmine.extractors.pdf.visibility import Scene, Spot, words_unseen

UNKNOWN = "\ufffd"
"""Stands for a character that the file does not name."""

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
    ``image_cover`` is the share of the page under images, ``rules`` are the straight lines that it
    draws.
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
    rules: PageRules = field(default_factory=PageRules)


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
    text = PageText(page, text_page, quarters)
    turn = text.main_turn()
    width, height = bbox[2] - bbox[0], bbox[3] - bbox[1]
    if (quarters + turn) % 2:
        width, height = height, width
    writer = _Writer(GlyphPage(number, width, height, [], turn=turn))
    result = writer.page
    matrix = to_shown(bbox, (quarters + turn) % 4)
    result.rules = read_rules(text.groups, matrix)
    margin: list[str] = []
    spaced = False
    chars = {code: _clean(code) for code in set(text.codes)}
    of: int | None = None
    for code, key, x, y, x1 in zip(text.codes, text.objects, *text.places(matrix), strict=True):
        if key is None:
            continue  # a blank or line break that PDFium made up
        if key != of:  # all of an object are alike
            of = key
            style = text.styles[key]
            size, encoding, hidden, upright = (
                style.size,
                style.encoding,
                style.hidden,
                style.turn == turn,
            )
        if code in _BLANKS and not (encoding and code in encoding):
            spaced = True
            continue
        if hidden:
            result.hidden[hidden] += 1
            continue
        char = chars[code] if encoding is None else _decoded(code, encoding)
        if upright:
            writer.add(Glyph(char, x, x1, y, style, spaced, size), key)
        else:
            margin.append(" " + char if spaced else char)
        spaced = False
    if any(style.doubt for style in text.styles.values()):
        _drop_unseen(result, text.scene)
    _split_ligatures(result.glyphs)
    result.margin = "".join(margin)
    result.image_cover = text.scene.image_cover
    return result


def _drop_unseen(page: GlyphPage, scene: Scene) -> None:
    """Take away the words with a glyph in doubt that the page does not show; count its glyphs."""
    glyphs = page.glyphs
    numbers = [k for k, g in enumerate(glyphs) if g.style.doubt]
    spots = [_spot(glyphs[k], page) for k in numbers]
    unseen = dict(zip(numbers, scene.unseen(spots), strict=True))
    dropped = words_unseen(unseen, lambda k: _one_word(glyphs[k - 1], glyphs[k]), len(glyphs))
    for number in dropped:
        page.hidden[glyphs[number].style.doubt or "beside hidden text"] += 1
    page.glyphs = [g for k, g in enumerate(glyphs) if k not in dropped]


def _spot(glyph: Glyph, page: GlyphPage) -> Spot:
    """Where a glyph stands on the page as shown."""
    top, bottom = glyph.y - 0.8 * glyph.size, glyph.y + 0.3 * glyph.size
    box = Box(page.number, glyph.x0, top, glyph.x1, bottom)
    if page.turn:
        box = shown_box(box, Turn(page.turn, page.width, page.height))
    return Spot(box.x0, box.y0, box.x1, box.y1)


MOST_AT_ONE_PLACE = 6
"""Letters that may have one place: those of a ligature, or one and its accents."""

SAME_PT = 0.001
"""Places nearer than this are one."""

_BLANKS = frozenset((0x20, 0xA0, 0x09, 0x0A, 0x0D, 0xAD))


class _Writer:
    """Takes the upright glyphs of a page in the order of the file and keeps those shown once."""

    def __init__(self, page: GlyphPage) -> None:
        self.page = page
        self._right, self._bottom = page.width + 1, page.height + 1
        self._last: Glyph | None = None
        self._last_x = self._last_y = 0.0
        self._last_key = 0
        self._pile, self._piled = 0, False
        self._ligature: list[Glyph] = []
        self._outside: Glyph | None = None

    def add(self, glyph: Glyph, key: int) -> None:
        """Keep ``glyph``, painted by the text object ``key``, if the page shows it."""
        page, x, y = self.page, glyph.x0, glyph.y
        inside = -1 <= x <= self._right and -1 <= y <= self._bottom
        if not (inside and self._outside is None) and self._off_page(glyph, inside):
            return
        same_place = False
        slack = 0.03 * glyph.size
        if self._at(x, y, slack if slack > SAME_PT else SAME_PT):
            if self._is_piled(glyph, key):
                return
            last = self._last
            if last is not None and self._at(x, y, slack):
                if key != self._last_key and last.char == glyph.char:
                    return  # painted twice to look bold
                same_place = key == self._last_key and glyph.char in "filtTh"
        else:  # most glyphs
            self._pile, self._piled = len(page.glyphs), False
        self._last, self._last_x, self._last_y, self._last_key = glyph, x, y, key
        if same_place:
            # PDFium gives the letters of a ligature one place; they share it out.
            self._ligature.append(glyph)
            _share_out(self._ligature)
        else:
            self._ligature = [glyph]
        if glyph.char == UNKNOWN:
            page.unmapped += 1
        page.glyphs.append(glyph)

    def _is_piled(self, glyph: Glyph, key: int) -> bool:
        """Whether ``glyph`` is one of many that stand in one place, as no font sets them.

        So PDFium gives a text that a file says to stand for what it paints (``ActualText``).
        """
        page, x, y = self.page, glyph.x0, glyph.y
        if self._last is None or key != self._last_key or not self._at(x, y, SAME_PT):
            self._pile, self._piled = len(page.glyphs), False
            return False
        count = len(page.glyphs) + 1 - self._pile
        if count > MOST_AT_ONE_PLACE:
            page.hidden["not what is painted"] += count
            del page.glyphs[self._pile :]
            self._ligature = []
            self._piled = True
            return True
        if self._piled and count == 1:
            page.hidden["not what is painted"] += 1
            return True
        return False

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


READ_AS = str.maketrans(
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
"""What characters that look alike are read as, in every format."""

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


@cache
def _symbol_encoding() -> dict[int, str]:
    rows = load_rows("symbol_encoding.csv")
    return {int(row["code"], 16): row["character"] for row in rows}


@cache
def _clean(code: int) -> str:
    """The character for a code point; U+FFFD where the font does not say what it shows."""
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return UNKNOWN
    if code == 0x2:
        return "-"
    if 0xF020 <= code <= 0xF0FF:
        return _symbol_encoding().get(code - 0xF000, UNKNOWN)
    char = chr(code).translate(READ_AS)
    if unicodedata.category(char) in ("Cc", "Co", "Cn"):
        return UNKNOWN
    return char


def _decoded(code: int, encoding: Mapping[int, str]) -> str:
    char = encoding.get(code)
    if char is not None:
        return char
    return UNKNOWN if code < 0x20 else _clean(code)


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
