"""Visibility: whether the page shows text that something else may hide.

Text can be painted and yet not be seen: under an opaque box, clipped away, switched off, in the
colour of what it stands on. A pass over the page's objects finds the text of which this may be
true; only then the page is drawn, with that text and without it, and what makes no difference is
not seen. What is hidden by the way it is painted (render mode, size) is told in ``glyphs``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from scmine.extractors.pdf.bulk_calls import fill_colour, is_clipped, mark_count, paint_of
from scmine.extractors.pdf.matrices import IDENTITY, Matrix, moved
from scmine.extractors.pdf.page_objects import ObjectGroup, object_at

SCAN_COVER = 0.5
"""An image over this share of the page makes invisible text an OCR layer, not hidden text."""

MAX_AREAS = 300
"""So many filled areas are kept, the largest; smaller ones cover no words."""

MIN_AREA_SIDE_PT = 4.0
"""What is narrower than this in either direction covers no letter."""

MIN_OVERLAP_PT2 = 30.0
"""Text that lies under or over an area by less than this (square points) only touches it: about
one letter. Symbols in plots are of this size."""

NEAR_COLOUR = 40
"""Colours that differ by less than this in each of red, green and blue (0 to 255) are alike."""

MIN_CHANGE = 16
"""Text is seen if it changes a pixel by more than this (0 to 255)."""

CROP_MARGIN_PT = 4.0
"""Letters reach out of their boxes; so much more of the page is drawn."""

SCALE = 2.0
"""Pixels a point when a page is drawn to find out."""

MAX_PIXELS = 8_000_000

_GRID = 48
_Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Area:
    """Something opaque: where it is (left, bottom, right, top), when it is painted, its colour."""

    bounds: _Bounds
    order: int
    colour: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a glyph stands, in points from the page's top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


class Scene:
    """What is painted on a page, as far as it may hide text.

    ``image_cover`` is the share of the page under images.
    """

    def __init__(self, page: pdfium.PdfPage, groups: Sequence[ObjectGroup]) -> None:
        self._page = page
        self._areas: list[_Area] = []
        self._images: list[_Bounds] = []
        self._texts: dict[int, tuple[int, Matrix]] = {}
        self._doubted: list[Any] = []
        for group in groups:
            self._texts.update((at, (order, group.matrix)) for order, at in group.texts)
            self._look_at(group)
        self.image_cover = _cover(self._images, page.get_bbox())
        if self.image_cover >= SCAN_COVER:
            # Text under a scan is its OCR layer.
            self._areas = [a for a in self._areas if a.colour is not None]
        self._areas.sort(key=lambda a: -_size(a.bounds))
        del self._areas[MAX_AREAS:]

    def doubt(self, text_object: int, colour: tuple[int, int, int] | None, white: bool) -> str:
        """Why the text object at this address may not be seen, or an empty string.

        It is remembered if so.

        ``colour`` is that of its letters; ``white`` says that it is that of paper.
        """
        reason = "white" if white else self._reason(text_object, colour)
        if reason:
            self._doubted.append(object_at(text_object))
        return reason

    def unseen(self, spots: Sequence[Spot]) -> list[bool]:
        """For each of ``spots``, whether drawing the doubted text changes nothing there."""
        if not spots:
            return []
        width, height = self._page.get_size()
        # Only the part of the page with all spots is drawn.
        x0 = max(min(s.x0 for s in spots) - CROP_MARGIN_PT, 0.0)
        y0 = max(min(s.y0 for s in spots) - CROP_MARGIN_PT, 0.0)
        x1 = min(max(s.x1 for s in spots) + CROP_MARGIN_PT, width)
        y1 = min(max(s.y1 for s in spots) + CROP_MARGIN_PT, height)
        if x1 - x0 < 1 or y1 - y0 < 1:
            return [True] * len(spots)
        crop = (x0, height - y1, width - x1, y0)
        scale = min(SCALE, (MAX_PIXELS / max((x1 - x0) * (y1 - y0), 1.0)) ** 0.5)
        shown = self._drawn(scale, crop)
        modes = [raw.FPDFTextObj_GetTextRenderMode(t) for t in self._doubted]
        for text_object in self._doubted:
            raw.FPDFTextObj_SetTextRenderMode(text_object, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        blank = self._drawn(scale, crop)
        for text_object, mode in zip(self._doubted, modes, strict=True):
            raw.FPDFTextObj_SetTextRenderMode(text_object, mode)
        changed = np.asarray(np.any(np.abs(shown - blank) > MIN_CHANGE, axis=2))
        return [not _part(changed, spot, x0, y0, scale).any() for spot in spots]

    def _drawn(
        self, scale: float, crop: tuple[float, float, float, float]
    ) -> np.ndarray[Any, np.dtype[np.int16]]:
        return self._page.render(scale=scale, crop=crop).to_numpy().astype(np.int16)

    def _look_at(self, group: ObjectGroup) -> None:
        """Keep the images of a group, and its paths that are filled and could cover a word."""
        # Plots hold thousands of paths; most are too small, whatever the matrix does to them.
        stretch = max(map(abs, group.matrix[:4]))
        sides = (group.bounds[:, 2:] - group.bounds[:, :2]).min(axis=1, initial=np.inf) * stretch
        for k in np.flatnonzero(group.is_image | (sides >= 0.7 * MIN_AREA_SIDE_PT)):
            order, address = group.drawn[int(k)]
            left, bottom, right, top = group.bounds[k].tolist()
            bounds = moved((left, bottom, right, top), group.matrix)
            if group.is_image[k]:
                self._images.append(bounds)
                self._areas.append(_Area(bounds, order, None))
                continue
            side = min(bounds[2] - bounds[0], bounds[3] - bounds[1])
            if side < MIN_AREA_SIDE_PT or _size(bounds) < MIN_OVERLAP_PT2:
                continue
            if not paint_of(address)[0]:
                continue
            red, green, blue, alpha = fill_colour(address)
            if alpha >= 250:
                self._areas.append(_Area(bounds, order, (red, green, blue)))

    def _reason(self, text_object: int, colour: tuple[int, int, int] | None) -> str:
        if mark_count(text_object) and _switchable(object_at(text_object)):
            return "switched off"
        place = self._texts.get(text_object)
        if place is None:
            return ""
        order, matrix = place
        clipped = is_clipped(text_object)
        if not clipped and not self._areas:
            return ""
        handle = object_at(text_object)
        bounds = _bounds(handle, matrix)
        if clipped and not _within_clips(bounds, raw.FPDFPageObj_GetClipPath(handle), matrix):
            return "clipped"
        left, bottom, right, top = bounds
        for area in self._areas:
            x0, y0, x1, y1 = area.bounds
            if x0 >= right or x1 <= left or y0 >= top or y1 <= bottom:
                continue
            if _overlap(area.bounds, bounds) < min(MIN_OVERLAP_PT2, 0.4 * _size(bounds)):
                continue
            if area.order > order:
                return "covered"
            if area.colour and colour and _alike(area.colour, colour):
                return "in the colour of its ground"
        return ""


def words_unseen(
    unseen: Mapping[int, bool], same_word: Callable[[int], bool], count: int
) -> set[int]:
    """The numbers of all glyphs of words of which one is unseen: half a number is a wrong one.

    ``unseen`` has the glyphs in doubt by number; ``same_word(i)`` says whether glyph ``i`` goes on
    with the word of glyph ``i - 1``; there are ``count`` glyphs.
    """
    dropped: set[int] = set()
    for number in (n for n, hidden in unseen.items() if hidden):
        if number in dropped:
            continue
        start = number
        while start > 0 and same_word(start):
            start -= 1
        end = number + 1
        while end < count and same_word(end):
            end += 1
        dropped.update(range(start, end))
    return dropped


def _bounds(item: Any, matrix: Matrix) -> _Bounds:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    bounds = left.value, bottom.value, right.value, top.value
    return bounds if matrix is IDENTITY else moved(bounds, matrix)


def _size(bounds: _Bounds) -> float:
    return max(bounds[2] - bounds[0], 0.0) * max(bounds[3] - bounds[1], 0.0)


def _overlap(a: _Bounds, b: _Bounds) -> float:
    """The area that both have, which meet."""
    return (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))


def _alike(a: tuple[int, int, int], b: tuple[int, int, int]) -> bool:
    return all(abs(x - y) < NEAR_COLOUR for x, y in zip(a, b, strict=True))


def _cover(images: Sequence[_Bounds], page: _Bounds) -> float:
    """The share of the page under images: a scan may come in strips."""
    width, height = page[2] - page[0], page[3] - page[1]
    if not images or width <= 0 or height <= 0:
        return 0.0
    cells = np.zeros((_GRID, _GRID), dtype=bool)
    for left, bottom, right, top in images:
        ends = np.clip(
            [
                (left - page[0]) / width,
                (right - page[0]) / width,
                (bottom - page[1]) / height,
                (top - page[1]) / height,
            ],
            0.0,
            1.0,
        )
        x0, x1, y0, y1 = np.rint(ends * _GRID).astype(int)
        cells[y0:y1, x0:x1] = True
    return float(cells.mean())


def _switchable(text_object: Any) -> bool:
    """Whether the object belongs to optional content, which the reader of a PDF can switch off."""
    buffer = ctypes.create_string_buffer(16)
    length = ctypes.c_ulong()
    for k in range(raw.FPDFPageObj_CountMarks(text_object)):
        mark = raw.FPDFPageObj_GetMark(text_object, k)
        found = raw.FPDFPageObjMark_GetName(
            mark, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer), length
        )
        if found and buffer.raw[: max(length.value - 2, 0)].decode("utf-16-le") == "OC":
            return True
    return False


def _within_clips(bounds: _Bounds, clips: Any, matrix: Matrix) -> bool:
    """Whether the text's middle line lies within the bounds of all its clip paths."""
    x, y = ctypes.c_float(), ctypes.c_float()
    for k in range(raw.FPDFClipPath_CountPaths(clips)):
        xs, ys = [], []
        for j in range(min(raw.FPDFClipPath_CountPathSegments(clips, k), 8)):
            segment = raw.FPDFClipPath_GetPathSegment(clips, k, j)
            if raw.FPDFPathSegment_GetPoint(segment, x, y):
                xs.append(x.value)
                ys.append(y.value)
        if not xs:
            continue
        left, bottom, right, top = moved((min(xs), min(ys), max(xs), max(ys)), matrix)
        middle = (bounds[1] + bounds[3]) / 2
        if not (left - 1 <= bounds[0] and bounds[2] <= right + 1 and bottom <= middle <= top):
            return False
    return True


def _part(
    changed: np.ndarray[Any, np.dtype[np.bool_]], spot: Spot, left: float, top: float, scale: float
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The pixels of a spot in a picture whose corner is at (``left``, ``top``)."""
    x0, x1 = int((spot.x0 - left) * scale), int((spot.x1 - left) * scale) + 1
    y0, y1 = int((spot.y0 - top) * scale), int((spot.y1 - top) * scale) + 1
    return changed[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
