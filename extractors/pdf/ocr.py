"""OCR: pages that are images, read by the program tesseract into glyphs with places.

What comes out is shaped like what ``glyphs`` reads from a text layer, so that all later steps are
the same. Which pages are read this way is decided in ``reader``. pytesseract comes with the extra
``[ocr]``, the program from the system.
"""

from __future__ import annotations

import importlib.util
import itertools
import math
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pypdfium2 as pdfium

from scmine.extractors.pdf.glyphs import Glyph
from scmine.extractors.pdf.lines import Shift
from scmine.extractors.pdf.ocr_scripts import (
    ALPHABET,
    Script,
    find_taken,
    hidden_tc,
    inks_of,
    read_scripts,
    scripts_of,
    set_scripts,
)
from scmine.extractors.pdf.styles import Style

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 300
"""Tesseract's models were trained on text of about this resolution."""

MAX_PIXELS = 40_000_000
"""Larger pages are drawn at a lower resolution; A2 at 300 dpi has 35 million pixels."""

PAGE_SECONDS = 60.0
"""One page takes 2 to 5 s; what takes longer than this is no page of text."""

MIN_LINE_CONFIDENCE = 40.0
"""Lines that tesseract trusts less, in percent, are the grain of figures: text has 80 to 97."""

MIN_PAGE_CONFIDENCE = 65.0
"""Below this a page may stand on its head; it is read once more, turned."""

HEIGHT_EM = 0.9
"""From the descenders' foot to the ascenders' head a line takes this share of its type size."""

SAME_SIZE_RATIO = 0.07
"""Sizes measured on a scan scatter by this much; nearer ones are taken as one."""

MIN_COLUMN_LINES = 8
"""Fewer lines than this on either side make no column."""

MAX_CROSSING = 0.35
"""More lines than this share of a column's, titles and wide captions, do not cross a gutter."""

_SCRIPTS: dict[Shift, tuple[float, float]] = {"": (0, 1), "sub": (0.15, 0.7), "sup": (-0.35, 0.7)}
"""How far scripts stand below the line, and their size, both in em of the line's."""

_LANGUAGES = re.compile(r"[A-Za-z_]{3,20}(?:\+[A-Za-z_]{3,20}){0,5}")
_LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})
_NUMBERS = r"(-?[\d.]+)"
_BOX = re.compile(r"bbox(?:es)? (\d+) (\d+) (\d+) (\d+)")
_BASELINE = re.compile(rf"baseline {_NUMBERS} {_NUMBERS}")
_HEIGHT = re.compile(rf"x_size {_NUMBERS}")
_TRUST = re.compile(rf"x_wconf {_NUMBERS}")


@dataclass(frozen=True, slots=True)
class Ocr:
    """How to read images: tesseract's ``language`` (``eng``, ``deu+eng``), ``seconds`` a paper."""

    language: str = "eng"
    seconds: float = 90.0


@dataclass(slots=True)
class OcrPage:
    """What was read on one page, upright; the page is ``turn`` quarters clockwise from that.

    ``width`` and ``height`` are those of the upright page in points, ``confidence`` is the mean of
    the words' in percent. ``gutter`` is the blank strip between two columns or two book pages.
    """

    glyphs: list[Glyph]
    width: float
    height: float
    turn: int
    confidence: float
    gutter: tuple[float, float] | None = None


class OcrError(Exception):
    """A page could not be read by OCR; the message says why."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: tuple[int, int, int, int]
    trust: float
    centres: tuple[float, ...] = ()
    shifts: tuple[Shift, ...] = ()


@dataclass(slots=True)
class _Row:
    """One line as tesseract gives it, in pixels; ``height`` is None where it was not measured."""

    words: list[_Word] = field(default_factory=list)
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    slope: float = 0.0
    offset: float = 0.0
    height: float | None = None
    paragraph: int = 0

    @property
    def trust(self) -> float:
        return fmean(w.trust for w in self.words)


def ocr_problem(language: str) -> str:
    """Why pages cannot be read by OCR in ``language`` here, in words; empty if they can."""
    if not _LANGUAGES.fullmatch(language):
        return f"{language!r} is no language of tesseract; give eng, deu, eng+deu or the like"
    if importlib.util.find_spec("pytesseract") is None:
        return "OCR needs the extra [ocr]: pip install 'scmine[ocr]'"
    import pytesseract

    try:
        known = pytesseract.get_languages()
    except pytesseract.TesseractNotFoundError:
        return (
            "OCR needs the program tesseract, which is not on the PATH "
            "(Debian, Ubuntu: apt-get install tesseract-ocr)"
        )
    missing = sorted(set(language.split("+")) - set(known))
    if missing:
        return (
            f"tesseract has no data for {', '.join(missing)} (Debian, Ubuntu: "
            f"apt-get install {' '.join('tesseract-ocr-' + m for m in missing)}); "
            f"it has {', '.join(sorted(known)) or 'none'}"
        )
    return ""


def read_image(page: pdfium.PdfPage, ocr: Ocr, deadline: float) -> OcrPage:
    """The glyphs of the image of ``page``; ``deadline`` is in seconds of ``time.monotonic``.

    Raises
    ------
    OcrError
        If the time is over or tesseract fails.
    """
    width, height = page.get_size()
    scale = min(DPI / 72, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    image = page.render(scale=scale, grayscale=True).to_pil()
    rows = _recognise(image, ocr, deadline)
    turn = 1 if _runs_down(rows) else 0
    if turn:
        rows = _recognise(_turned(image, turn), ocr, deadline)
    if rows and _confidence(rows) < MIN_PAGE_CONFIDENCE:
        other = _recognise(_turned(image, turn + 2), ocr, deadline)
        if _confidence(other) > _confidence(rows) + 5:
            rows, turn = other, turn + 2
    if turn % 2:
        width, height = height, width
    rows = [row for row in rows if row.trust >= MIN_LINE_CONFIDENCE]
    _read_scripts(rows, _turned(image, turn) if turn else image, ocr, deadline)
    glyphs, lines = _glyphs(rows, scale)
    return OcrPage(glyphs, width, height, turn, _confidence(rows), _gutter(lines, width))


def _turned(image: Image, turn: int) -> Image:
    """``image`` upright, when it is ``turn`` quarters clockwise from that."""
    return image.rotate(90 * turn, expand=True)


def _read_scripts(rows: Sequence[_Row], image: Image, ocr: Ocr, deadline: float) -> None:
    """Set sub- and superscripts apart in the words of ``rows``, which were read from ``image``."""
    pixels = np.asarray(image)
    places: list[tuple[_Row, int, list[Script]]] = []
    scripts: list[Script] = []
    for row in rows:
        if not row.height:
            continue
        for k, word in enumerate(row.words):
            middle = (word.box[0] + word.box[2]) / 2
            baseline = row.box[3] + row.offset + row.slope * (middle - row.box[0])
            em = row.height / HEIGHT_EM
            inks = inks_of(pixels, word.box, baseline, em)
            found = scripts_of(inks, baseline, em)
            index = hidden_tc(word.text, inks)
            if index:
                row.words[k] = _set(word, index)
            elif found and any(c.isalpha() for c in word.text):
                places.append((row, k, found))
                scripts += find_taken(word.text, word.centres, inks, found)

    def recognise(sheet: Image) -> list[tuple[str, tuple[int, int, int, int]]]:
        only = f"--psm 6 -c tessedit_char_whitelist={ALPHABET}"
        answer = _ask(sheet, replace(ocr, language="eng"), deadline, only)
        letters = (e for e in answer.iter() if e.get("class") == "ocrx_cinfo")
        return [(e.text or "", _box(e.get("title", ""))) for e in letters]

    read_scripts(image, scripts, recognise)
    for row, k, own in places:
        letters = set_scripts(row.words[k].text, own)
        if letters:
            row.words[k] = _set(row.words[k], letters)


def _set(word: _Word, letters: Sequence[tuple[str, Shift]]) -> _Word:
    text = "".join(c for c, _ in letters)
    return replace(word, text=text, shifts=tuple(shift for _, shift in letters))


def _recognise(image: Image, ocr: Ocr, deadline: float) -> list[_Row]:
    return _rows(_ask(image, ocr, deadline))


def _ask(image: Image, ocr: Ocr, deadline: float, options: str = "") -> ElementTree.Element:
    """Tesseract's answer, which is hOCR."""
    import pytesseract

    left = deadline - time.monotonic()
    if left < 1:
        raise OcrError("the time for OCR is over")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # one paper, one CPU; more threads are slower
    try:
        answer = pytesseract.image_to_pdf_or_hocr(
            image,
            lang=ocr.language,
            extension="hocr",
            timeout=min(left, PAGE_SECONDS),
            config=f"--dpi {DPI} -c hocr_char_boxes=1 {options}",
        )
    except pytesseract.TesseractError as error:
        raise OcrError(f"tesseract failed: {str(error)[:200]}") from error
    except RuntimeError as error:
        raise OcrError(f"tesseract took longer than {min(left, PAGE_SECONDS):.1f} s") from error
    # The XML is the program's own and escapes what it read.
    return ElementTree.fromstring(answer)


def _rows(root: ElementTree.Element) -> list[_Row]:
    """The lines in tesseract's answer, which is hOCR: XHTML with places in the titles."""
    rows: list[_Row] = []
    paragraph = 0
    for element in root.iter():
        kind, title = element.get("class", ""), element.get("title", "")
        if kind == "ocr_par":
            paragraph += 1
        elif kind in _LINES:
            baseline, height = _BASELINE.search(title), _HEIGHT.search(title)
            slope, offset = map(float, baseline.groups()) if baseline else (0.0, 0.0)
            row = _Row([], _box(title), slope, offset, paragraph=paragraph)
            row.height = float(height.group(1)) if height else None
            rows.append(row)
        elif kind == "ocrx_word" and rows:
            trust = _TRUST.search(title)
            letters = [e for e in element.iter() if e.get("class") == "ocrx_cinfo" and e.text]
            text = "".join(e.text or "" for e in letters)
            boxes = [_box(e.get("title", "")) for e in letters]
            centres = tuple(
                (b[0] + b[2]) / 2 for b, e in zip(boxes, letters, strict=True) for _ in e.text or ""
            )
            if text.strip():
                trusted = float(trust.group(1)) if trust else 0.0
                rows[-1].words.append(_Word(text, _box(title), trusted, centres))
    return [row for row in rows if row.words]


def _box(title: str) -> tuple[int, int, int, int]:
    found = _BOX.search(title)
    if not found:
        return 0, 0, 0, 0
    x0, y0, x1, y1 = map(int, found.groups())
    return x0, y0, x1, y1


def _confidence(rows: Sequence[_Row]) -> float:
    """The mean confidence of the words in percent; 0 without any."""
    return fmean([w.trust for row in rows for w in row.words] or [0.0])


def _runs_down(rows: Sequence[_Row]) -> bool:
    """Whether the lines run along the height of the image: its text is turned.

    Tesseract reads such lines too, but their baselines and the order of their words are of no use.
    """
    along, down = 0, 0
    for row in rows:
        x0, y0, x1, y1 = row.box
        if len(row.words) > 2:
            along += x1 - x0
            down += y1 - y0
    return down > along


def _glyphs(rows: Sequence[_Row], scale: float) -> tuple[list[Glyph], list[tuple[float, float]]]:
    """Glyphs, and where each line begins and ends, in points; a word's letters share its width.

    Lines are made level, and a page that lies askew is sheared upright about its middle, since
    later steps compare where lines begin.
    """
    glyphs: list[Glyph] = []
    lines: list[tuple[float, float]] = []
    skew = median(row.slope for row in rows) if rows else 0.0
    middle = fmean((row.box[0] + row.box[2]) / 2 for row in rows) if rows else 0.0
    height = fmean(row.box[3] for row in rows) if rows else 0.0
    for row, size in zip(rows, _sizes(rows, scale), strict=True):
        style = Style("OCR", size, False, False, 0, "")
        left, _, _, bottom = row.box
        y = (bottom + row.offset + skew * (middle - left)) / scale
        shift = skew * (bottom - height) / scale
        lines.append((left / scale + shift, row.box[2] / scale + shift))
        for word in row.words:
            x0, x1 = word.box[0] / scale + shift, word.box[2] / scale + shift
            step = (x1 - x0) / len(word.text)
            for k, char in enumerate(word.text):
                x = x0 + k * step
                shift_em, scale_em = _SCRIPTS[word.shifts[k] if word.shifts else ""]
                level, em = y + shift_em * size, round(scale_em * size, 1)
                glyphs.append(Glyph(char, x, x + step, level, style, k == 0, em))
    return _part_words(glyphs), lines


def _gutter(lines: Sequence[tuple[float, float]], width: float) -> tuple[float, float] | None:
    """The blank strip that hardly any line crosses, if enough lines stand on either side of it.

    A scan's strip may be far from the middle: a book page copied with a part of its neighbour.
    """
    texts = [line for line in lines if line[1] - line[0] > 0.03 * width]
    best: tuple[float, tuple[float, float]] | None = None
    for x in range(int(0.15 * width), int(0.85 * width), 2):
        left = [end for _, end in texts if end <= x]
        right = [start for start, _ in texts if start >= x]
        crossing = len(texts) - len(left) - len(right)
        side = min(len(left), len(right))
        if side < MIN_COLUMN_LINES or crossing > MAX_CROSSING * side:
            continue
        score = side - 3.0 * crossing
        if best is None or score > best[0]:
            best = (score, (max(left), min(right)))
    return best[1] if best else None


def _part_words(glyphs: list[Glyph]) -> list[Glyph]:
    """Take a little off a word's end where its box touches that of the next word."""
    for glyph, following in itertools.pairwise(glyphs):
        gap = following.x0 - glyph.x1
        if following.spaced and following.y == glyph.y and -0.5 < gap / glyph.size < 0.2:
            glyph.x1 = max(glyph.x0, following.x0 - 0.2 * glyph.size)
    return glyphs


def _sizes(rows: Sequence[_Row], scale: float) -> list[float]:
    """The type size of each line in points, one for what is set in one size."""
    by_paragraph: dict[int, list[float]] = {}
    for row in rows:
        if row.height:
            by_paragraph.setdefault(row.paragraph, []).append(row.height / scale / HEIGHT_EM)
    known = [size for sizes in by_paragraph.values() for size in sizes]
    usual = median(known) if known else 10.0
    result = []
    for row in rows:
        sizes = by_paragraph.get(row.paragraph, [usual])
        size = median(sizes)
        # One line alone says little: with no letter that hangs down it looks smaller.
        scatter = SAME_SIZE_RATIO * (1.0 if len(sizes) > 2 else 2.0)
        result.append(round(usual if abs(size - usual) < scatter * usual else size, 1))
    return result
