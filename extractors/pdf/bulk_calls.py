"""Bulk calls: PDFium asked for a property of all characters or objects of a page at once.

pypdfium2 converts the arguments of each call; over the thousands of characters of a page that costs
more than what PDFium does. Here the same functions are called on bare addresses, and the numbers
come back as arrays. What they mean is for ``glyphs``.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

_FLOAT, _DOUBLE, _INT_SIZE = 4, 8, 4


def _prototype(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """``function`` with bare types; it keeps the GIL, since each call takes well under 1 μs."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    if address is None:
        raise RuntimeError("this build of PDFium lacks a function of its text interface")
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_get_unicode = _prototype(raw.FPDFText_GetUnicode, ctypes.c_uint, _POINTER, _INT)
_get_object = _prototype(raw.FPDFText_GetTextObject, _POINTER, _POINTER, _INT)
_get_box = _prototype(raw.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
_get_text_matrix = _prototype(raw.FPDFText_GetMatrix, _INT, _POINTER, _INT, _POINTER)
_get_font_size = _prototype(raw.FPDFText_GetFontSize, ctypes.c_double, _POINTER, _INT)
_get_font = _prototype(raw.FPDFTextObj_GetFont, _POINTER, _POINTER)
_get_mode = _prototype(raw.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)
_get_fill = _prototype(
    raw.FPDFPageObj_GetFillColor, _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER
)
_count_marks = _prototype(raw.FPDFPageObj_CountMarks, _INT, _POINTER)
_get_clip = _prototype(raw.FPDFPageObj_GetClipPath, _POINTER, _POINTER)
_count_clips = _prototype(raw.FPDFClipPath_CountPaths, _INT, _POINTER)
_get_page_object = _prototype(raw.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_get_form_object = _prototype(raw.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_get_type = _prototype(raw.FPDFPageObj_GetType, _INT, _POINTER)
_get_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, _INT, _POINTER, _POINTER, _POINTER)
_count_segments = _prototype(raw.FPDFPath_CountSegments, _INT, _POINTER)
_get_segment = _prototype(raw.FPDFPath_GetPathSegment, _POINTER, _POINTER, _INT)
_get_point = _prototype(raw.FPDFPathSegment_GetPoint, _INT, _POINTER, _POINTER, _POINTER)
_get_kind = _prototype(raw.FPDFPathSegment_GetType, _INT, _POINTER)
_get_close = _prototype(raw.FPDFPathSegment_GetClose, _INT, _POINTER)
_get_bounds = _prototype(
    raw.FPDFPageObj_GetBounds, _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER
)
_get_origin = _prototype(raw.FPDFText_GetCharOrigin, _INT, _POINTER, _INT, _POINTER, _POINTER)


def address_of(text_page: Any) -> int:
    """The address of PDFium's text page, which the other functions take."""
    return ctypes.cast(text_page.raw, ctypes.c_void_p).value or 0


_MATRIX = (ctypes.c_float * 6)()
_COLOUR = (ctypes.c_uint * 4)()


def text_matrix(page: int, i: int) -> tuple[float, float, float, float]:
    """a, b, c and d of the matrix of character ``i`` (ISO 32000-1, 9.4.4)."""
    _get_text_matrix(page, i, ctypes.addressof(_MATRIX))
    return _MATRIX[0], _MATRIX[1], _MATRIX[2], _MATRIX[3]


def font_size(page: int, i: int) -> float:
    """The font size of character ``i``, before its matrix is applied."""
    return float(_get_font_size(page, i))


def font_of(text_object: int) -> int:
    """The address of a text object's font; 0 if it has none."""
    return _get_font(text_object) or 0


def render_mode(text_object: int) -> int:
    """How a text object is painted: PDFium's ``FPDF_TEXTRENDERMODE_…``."""
    return int(_get_mode(text_object))


def fill_colour(item: int) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity of an object's fill, 0 to 255; opaque black if not known."""
    first = ctypes.addressof(_COLOUR)
    if _get_fill(item, first, first + _INT_SIZE, first + 2 * _INT_SIZE, first + 3 * _INT_SIZE):
        return _COLOUR[0], _COLOUR[1], _COLOUR[2], _COLOUR[3]
    return 0, 0, 0, 255


def mark_count(item: int) -> int:
    """How many content marks an object has."""
    return int(_count_marks(item))


def is_clipped(item: int) -> bool:
    """Whether an object has a clip path of its own."""
    clip = _get_clip(item)
    return bool(clip) and _count_clips(clip) > 0


def page_objects(page: Any, count: int) -> list[int]:
    """The addresses of the first ``count`` objects of a page, which is PDFium's handle."""
    handle = ctypes.cast(page, ctypes.c_void_p).value or 0
    return list(map(_get_page_object, repeat(handle), range(count)))


def form_objects(form: int, count: int) -> list[int]:
    """The addresses of the first ``count`` objects within the form at address ``form``."""
    return list(map(_get_form_object, repeat(form), range(count)))


def object_types(objects: list[int]) -> list[int]:
    """The type of each object, one of PDFium's ``FPDF_PAGEOBJ_…``."""
    return list(map(_get_type, objects))


def object_bounds(objects: list[int]) -> NDArray[np.float32]:
    """An array (count, 4): left, bottom, right and top of each object, in its own points."""
    count = len(objects)
    buffer = (ctypes.c_float * (4 * count))()
    first = ctypes.addressof(buffer)
    step = 4 * _FLOAT
    sides = [range(first + k * _FLOAT, first + k * _FLOAT + step * count, step) for k in range(4)]
    deque(map(_get_bounds, objects, *sides), maxlen=0)
    return np.ctypeslib.as_array(buffer).reshape(count, 4)


def paint_of(path: int) -> tuple[bool, bool]:
    """Whether the path at this address is filled, and whether it is stroked."""
    known = _get_draw_mode(path, ctypes.addressof(_FILL), ctypes.addressof(_STROKE))
    return (bool(known) and _FILL.value != 0, bool(known) and _STROKE.value != 0)


def path_segments(path: int, most: int) -> tuple[list[int], list[int], NDArray[np.float32]] | None:
    """The segments of the path at this address; None if there are more than ``most``.

    Their types (PDFium's ``FPDF_SEGMENT_…``), whether each closes its figure, and an array
    (count, 2) of the points where they end, in the path's own coordinates.
    """
    count = _count_segments(path)
    if not 0 < count <= most:
        return None
    segments = list(map(_get_segment, repeat(path), range(count)))
    buffer = (ctypes.c_float * (2 * count))()
    first = ctypes.addressof(buffer)
    step = 2 * _FLOAT
    xs = range(first, first + step * count, step)
    ys = range(first + _FLOAT, first + _FLOAT + step * count, step)
    deque(map(_get_point, segments, xs, ys), maxlen=0)
    points = np.ctypeslib.as_array(buffer).reshape(count, 2)
    return list(map(_get_kind, segments)), list(map(_get_close, segments)), points


_FILL, _STROKE = ctypes.c_int(), ctypes.c_int()


def code_points(page: int, count: int) -> list[int]:
    """The code points of the first ``count`` characters."""
    return list(map(_get_unicode, repeat(page), range(count)))


def text_objects(page: int, count: int) -> list[int | None]:
    """The address of each character's text object; None for one that PDFium made up."""
    return list(map(_get_object, repeat(page), range(count)))


def loose_boxes(page: int, count: int) -> NDArray[np.float32]:
    """An array (count, 4): left, top, right and bottom of each character, in the file's points."""
    buffer = (ctypes.c_float * (4 * count))()
    first = ctypes.addressof(buffer)
    step = 4 * _FLOAT
    places = range(first, first + step * count, step)
    deque(map(_get_box, repeat(page), range(count), places), maxlen=0)
    return np.ctypeslib.as_array(buffer).reshape(count, 4)


def origins(page: int, count: int) -> NDArray[np.float64]:
    """An array (count, 2): x and y of each character's origin, in the file's points."""
    buffer = (ctypes.c_double * (2 * count))()
    first = ctypes.addressof(buffer)
    step = 2 * _DOUBLE
    xs = range(first, first + step * count, step)
    ys = range(first + _DOUBLE, first + _DOUBLE + step * count, step)
    deque(map(_get_origin, repeat(page), range(count), xs, ys), maxlen=0)
    return np.ctypeslib.as_array(buffer).reshape(count, 2)
