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

_FLOAT, _DOUBLE = 4, 8


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
_get_page_object = _prototype(raw.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_get_form_object = _prototype(raw.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_get_type = _prototype(raw.FPDFPageObj_GetType, _INT, _POINTER)
_get_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, _INT, _POINTER, _POINTER, _POINTER)
_get_bounds = _prototype(
    raw.FPDFPageObj_GetBounds, _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER
)
_get_origin = _prototype(raw.FPDFText_GetCharOrigin, _INT, _POINTER, _INT, _POINTER, _POINTER)


def address_of(text_page: Any) -> int:
    """The address of PDFium's text page, which the other functions take."""
    return ctypes.cast(text_page.raw, ctypes.c_void_p).value or 0


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


def is_filled(path: int) -> bool:
    """Whether the path at this address is filled, not only stroked."""
    known = _get_draw_mode(path, ctypes.addressof(_FILL), ctypes.addressof(_STROKE))
    return bool(known) and _FILL.value != 0


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
