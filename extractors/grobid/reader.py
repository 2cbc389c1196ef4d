"""The GROBID reader: a PDF read by a server, with our typography and our tables.

The built-in reader reads every file first: what it turns down (no PDF, encrypted, scanned, broken
text) is not sent, and where the server gives nothing, its document is there. Talking to the server
lives in ``client``, joining both readings in ``overlay``.
"""

from __future__ import annotations

import time
from dataclasses import fields, replace
from pathlib import Path

from scmine.extractors.document import Document, Metadata, ReadError, Status
from scmine.extractors.formats.tei import tei_document
from scmine.extractors.formats.xml_tree import parse_xml
from scmine.extractors.grobid.client import Grobid, GrobidError, Service, Trouble
from scmine.extractors.grobid.overlay import overlay
from scmine.extractors.pdf.ocr import Ocr
from scmine.extractors.pdf.reader import LaidOut, document_of, lay_out
from scmine.extractors.pdf.turned import shown_passage

READER = "grobid"

LEAST_SHARE = 0.3
"""GROBID's text is not used where it has less than this share of the characters of ours."""

LEAST_PLACED = 0.2
"""An answer of which less is found on the pages is about another paper; on papers of SuperMat and
GROBID's answers the share was above 0.9."""

REST_S = 60.0
"""So long a server that was lost is not asked again, if another reader is at hand."""


class GrobidReader:
    """Reads PDFs through one server.

    Parameters
    ----------
    service
        The server.
    fall_back
        What becomes of a paper when the server is gone, busy or slow, which it may not be another
        time: read by the built-in reader (True) or refused (False). A paper that GROBID itself can
        make nothing of is read by the built-in reader in either case.
    ocr
        How images of pages are read; files with such pages are not sent.
    """

    def __init__(self, service: Service, *, fall_back: bool, ocr: Ocr | None = None) -> None:
        self._ocr = ocr
        self._grobid = Grobid(service)
        self._fall_back = fall_back
        self._lost: tuple[float, str] | None = None

    def __call__(self, path: Path) -> Document:
        """The document in the PDF file ``path``; its ``reader`` says who made it.

        Raises
        ------
        ReadError
            As `scmine.extractors.pdf.reader.read_pdf`; ``timeout`` or ``failed`` if the server is
            slow, busy or gone and nobody falls back.
        """
        laid_out = lay_out(path, ocr=self._ocr)
        ours = document_of(laid_out)
        if laid_out.pages.recognised:
            return ours  # GROBID sees the text layer, which is missing or broken
        try:
            theirs = self._read(laid_out)
            return _joined(laid_out, ours, theirs)
        except GrobidError as error:
            if error.trouble is not Trouble.NOTHING and not self._fall_back:
                status = Status.TIMEOUT if error.trouble is Trouble.SLOW else Status.FAILED
                raise ReadError(status, _words(error)) from error
            warning = f"{_words(error)}; read by the built-in reader"
            return replace(ours, warnings=(*ours.warnings, warning))

    def _read(self, laid_out: LaidOut) -> Document:
        """What GROBID makes of the file."""
        if self._lost is not None and time.monotonic() - self._lost[0] < REST_S:
            raise GrobidError(Trouble.UNREACHABLE, self._lost[1])
        try:
            tei = self._grobid.full_text(laid_out.data)
        except GrobidError as error:
            if error.trouble is Trouble.UNREACHABLE and self._fall_back:
                self._lost = (time.monotonic(), error.reason)
            raise
        try:
            return tei_document(parse_xml(tei), laid_out.path)
        except ReadError as error:
            raise GrobidError(Trouble.NOTHING, f"its answer cannot be read: {error}") from error


def _words(error: GrobidError) -> str:
    return error.reason if error.reason.startswith("GROBID") else f"GROBID: {error.reason}"


def _joined(laid_out: LaidOut, ours: Document, theirs: Document) -> Document:
    """GROBID's document with our typography, tables, and what it does not know of the paper.

    Raises
    ------
    GrobidError
        If it has too little of the paper's text, or another paper's.
    """
    length = sum(len(p.text) for p in theirs.passages)
    expected = sum(len(p.text) for p in ours.passages)
    if length < LEAST_SHARE * expected:
        reason = f"it found {length} characters of text where the built-in reader has {expected}"
        raise GrobidError(Trouble.NOTHING, reason)
    overlaid = overlay(
        theirs.passages, laid_out.lines, laid_out.tables, laid_out.words, laid_out.hidden
    )
    if overlaid.placed < LEAST_PLACED * len(theirs.passages):
        reason = (
            f"of {len(theirs.passages)} passages in its answer the pages show {overlaid.placed}"
        )
        raise GrobidError(Trouble.NOTHING, reason)
    warnings = list(ours.warnings) + list(theirs.warnings)
    if overlaid.unseen:
        warnings.append(f"{overlaid.unseen} of GROBID's passages not read: the pages hide them")
    return replace(
        ours,
        reader=READER,
        metadata=_filled_up(theirs.metadata, ours.metadata),
        passages=tuple(shown_passage(p, laid_out.turns) for p in overlaid.passages),
        references=theirs.references or ours.references,
        warnings=tuple(warnings),
    )


def _filled_up(first: Metadata, second: Metadata) -> Metadata:
    """``first``, and of ``second`` what it does not know."""
    values = {f.name: getattr(first, f.name) or getattr(second, f.name) for f in fields(Metadata)}
    return Metadata(**values)
