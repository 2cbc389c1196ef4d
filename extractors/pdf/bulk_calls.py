"""Bulk calls: PDFium asked for a property of all characters of a page at once.

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
_get_origin = _prototype(raw.FPDFText_GetCharOrigin, _INT, _POINTER, _INT, _POINTER, _POINTER)


def address_of(text_page: Any) -> int:
    """The address of PDFium's text page, which the other functions take."""
    return ctypes.cast(text_page.raw, ctypes.c_void_p).value or 0


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
    return np.frombuffer(buffer, dtype=np.float32).reshape(count, 4)


def origins(page: int, count: int) -> NDArray[np.float64]:
    """An array (count, 2): x and y of each character's origin, in the file's points."""
    buffer = (ctypes.c_double * (2 * count))()
    first = ctypes.addressof(buffer)
    step = 2 * _DOUBLE
    xs = range(first, first + step * count, step)
    ys = range(first + _DOUBLE, first + _DOUBLE + step * count, step)
    deque(map(_get_origin, repeat(page), range(count), xs, ys), maxlen=0)
    return np.frombuffer(buffer, dtype=np.float64).reshape(count, 2)
