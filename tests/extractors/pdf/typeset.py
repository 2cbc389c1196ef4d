"""Lines set by hand: glyphs and lines made from text with ``_{}`` and ``^{}`` for scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.pdf.glyphs import Glyph
from scmine.extractors.pdf.lines import Line, fragments, join_fragments
from scmine.extractors.pdf.styles import Style

ADVANCE_EM, BLANK_EM, SCRIPT_SIZE = 0.5, 0.3, 0.7
_SHIFT_EM = {"_": 0.15, "^": -0.35, "": 0.0}


def set_glyphs(
    text: str,
    x: float = 72.0,
    y: float = 100.0,
    size: float = 10.0,
    bold: bool = False,
    italic: bool = False,
) -> list[Glyph]:
    """The glyphs of one line whose baseline begins at (x, y), half an em each."""
    glyphs: list[Glyph] = []
    spaced = False
    for shift, script, plain in re.findall(r"([_^])\{([^}]*)\}|([^_^]+)", text):
        real = size * (SCRIPT_SIZE if shift else 1.0)
        style = Style("Times-Roman", real, bold, italic, 0, "")
        baseline = y + _SHIFT_EM[shift] * size
        for char in script or plain:
            if char == " ":
                spaced = True
                x += BLANK_EM * real
                continue
            glyphs.append(Glyph(char, x, x + ADVANCE_EM * real, baseline, style, spaced, real))
            x += ADVANCE_EM * real
            spaced = False
    return glyphs


def set_line(
    text: str,
    x: float = 72.0,
    y: float = 100.0,
    size: float = 10.0,
    page: int = 1,
    bold: bool = False,
    italic: bool = False,
) -> Line:
    """One line of text."""
    glyphs = set_glyphs(text, x, y, size, bold, italic)
    (line,) = join_fragments(fragments(glyphs), page, None)
    return line


def set_column(
    texts: Sequence[str], x: float = 72.0, y: float = 100.0, size: float = 10.0, page: int = 1
) -> list[Line]:
    """Lines of text below each other, 1.2 em apart."""
    return [set_line(t, x, y + 1.2 * size * k, size, page) for k, t in enumerate(texts)]
