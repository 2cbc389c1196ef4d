"""Page objects: what a page paints, walked once; forms are entered.

What of it is a rule is told in ``rules``, what hides text in ``visibility``.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from scmine.extractors.pdf.bulk_calls import (
    form_objects,
    object_bounds,
    object_types,
    page_objects,
)
from scmine.extractors.pdf.matrices import IDENTITY, Matrix, entries, times

MAX_OBJECTS = 60_000
"""Objects looked at on one page; figures of many points hold more, text and tables do not."""

MAX_DEPTH = 4
"""Forms within forms are followed so deep."""

_DRAWN = frozenset((raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE))


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """The objects of a page, or of one form on it, by the addresses that PDFium gives them.

    ``matrix`` maps their coordinates to those of the page in the file. ``texts`` and ``drawn``
    (paths and images) have the objects' places in the order of painting; ``bounds`` is an array
    (count, 4) of left, bottom, right and top of what is drawn, in the objects' coordinates.
    """

    matrix: Matrix
    texts: tuple[tuple[int, int], ...]
    drawn: tuple[tuple[int, int], ...]
    is_image: NDArray[np.bool_]
    bounds: NDArray[np.float32]


def object_groups(page: pdfium.PdfPage) -> list[ObjectGroup]:
    """The objects of ``page``, those of each form after those beside it."""
    walk = _Walk()
    count = min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)
    walk.look(page_objects(page.raw, count), IDENTITY, 0)
    return walk.groups


def object_at(address: int) -> Any:
    """PDFium's handle for the object at ``address``."""
    return ctypes.cast(address, raw.FPDF_PAGEOBJECT)


class _Walk:
    def __init__(self) -> None:
        self.groups: list[ObjectGroup] = []
        self._order = 0

    def look(self, objects: list[int], matrix: Matrix, depth: int) -> None:
        texts: list[tuple[int, int]] = []
        drawn: list[tuple[int, int]] = []
        is_image: list[bool] = []
        for address, kind in zip(objects, object_types(objects), strict=True):
            self._order += 1
            if self._order > MAX_OBJECTS:
                break
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                texts.append((self._order, address))
            elif kind in _DRAWN:
                drawn.append((self._order, address))
                is_image.append(kind == raw.FPDF_PAGEOBJ_IMAGE)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                self._enter(address, matrix, depth)
        bounds = object_bounds([address for _, address in drawn])
        images = np.array(is_image, dtype=bool)
        self.groups.append(ObjectGroup(matrix, tuple(texts), tuple(drawn), images, bounds))

    def _enter(self, address: int, matrix: Matrix, depth: int) -> None:
        form = object_at(address)
        own = raw.FS_MATRIX()
        inner = entries(own) if raw.FPDFPageObj_GetMatrix(form, own) else IDENTITY
        count = min(max(raw.FPDFFormObj_CountObjects(form), 0), MAX_OBJECTS)
        self.look(form_objects(address, count), times(inner, matrix), depth + 1)
