"""What pages draw, read as the package reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pypdfium2 as pdfium

from scmine.extractors.pdf.matrices import to_shown
from scmine.extractors.pdf.page_objects import object_groups
from scmine.extractors.pdf.rules import PageRules, read_rules


def page_rules(
    data: bytes, pages: Sequence[int], turns: Mapping[int, int] | None = None
) -> dict[int, PageRules]:
    """The lines of the given pages (from 1), turned by ``turns``."""
    found = {}
    pdf = pdfium.PdfDocument(data)
    for number in pages:
        page = pdf[number - 1]
        quarters = (page.get_rotation() // 90 + (turns or {}).get(number, 0)) % 4
        found[number] = read_rules(object_groups(page), to_shown(page.get_bbox(), quarters))
        page.close()
    pdf.close()
    return found
