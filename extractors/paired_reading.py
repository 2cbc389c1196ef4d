"""Paired reading: one paper that is there as source and as PDF, read from the one with the other's
boxes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from scmine.extractors.document import Document, ReadError
from scmine.extractors.place_words import OtherPaperError, place_words
from scmine.extractors.reading import read

NO_PLACES = "gives no places"
"""What the warnings of a source say whose PDF is of no use."""


def read_with_pdf(source: str | Path, pdf: str | Path) -> Document:
    """The document in ``source``, its words placed on the pages of ``pdf``.

    If one of the two cannot be read, or the PDF shows another text, the other alone counts and a
    warning says so. The identity is always that of ``source``.

    Raises
    ------
    ReadError
        If neither gives a document; the error is that of the source.
    """
    file = Path(source)
    try:
        document = read(file)
    except ReadError as error:
        return _pdf_instead(file, Path(pdf), error)
    try:
        printed = read(pdf)
        placed = place_words(document, printed)
        return replace(placed, listings=document.listings or printed.listings)
    except ReadError as error:
        warning = f"the PDF of the paper {NO_PLACES}: {error.reason}"
    except OtherPaperError:
        warning = f"{Path(pdf).name} shows another text and {NO_PLACES}"
    return replace(document, warnings=(*document.warnings, warning))


def _pdf_instead(source: Path, pdf: Path, error: ReadError) -> Document:
    """The PDF's document under the source's identity."""
    try:
        document = read(pdf)
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
    except (ReadError, OSError):
        raise error from None
    warning = f"the source cannot be read ({error.reason}); its PDF was"
    return replace(
        document, doc_id=digest, path=str(source), warnings=(*document.warnings, warning)
    )
