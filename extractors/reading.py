"""Reading: from a file to a document, whatever its format; each format has its own module.

A file's name says what it should be, its beginning what it is: XML may be TEI or JATS. What has no
known ending is taken for a PDF.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scmine.extractors.document import Document, ReadError, Status

if TYPE_CHECKING:
    from scmine.extractors.pdf.ocr import Ocr

_HEAD_BYTES = 4096
_XML = frozenset((".xml", ".nxml", ".tei"))
_MARKDOWN = frozenset((".md", ".markdown"))
_PLAIN = frozenset((".txt",))


def read(path: str | Path, *, ocr: Ocr | None = None) -> Document:
    """The document in the file ``path``.

    Parameters
    ----------
    path
        A PDF, TEI (GROBID's or SuperMat's) or JATS XML, Markdown (``.md``) or plain text
        (``.txt``). Only PDFs and some TEI give pages and boxes.
    ocr
        How to read PDF pages that are images (`scmine.extractors.pdf.ocr.Ocr`); None: not at all.

    Raises
    ------
    ReadError
        If the file gives no document. Its ``status`` names why (``not_a_pdf``, ``needs_ocr``,
        ``encrypted``, ``broken_text``, ``empty``, ``failed``), its message says it in words.

    Examples
    --------
    >>> from scmine.extractors import read
    >>> document = read("examples/hydride_eliashberg.pdf")
    >>> [p.text for p in document.passages if p.kind == "heading"][0]
    'I. INTRODUCTION'
    """
    file = Path(path)
    try:
        return _reader(file, ocr)(file)
    except OSError as error:
        raise ReadError(Status.FAILED, f"the file cannot be read: {error.strerror}") from error


def _reader(file: Path, ocr: Ocr | None) -> Callable[[Path], Document]:
    """The reader of a file's format."""
    suffix = file.suffix.lower()
    if suffix in _XML:
        return _xml_reader(file)
    if suffix in _MARKDOWN:
        from scmine.extractors.formats.markdown import read_markdown

        return read_markdown
    if suffix in _PLAIN:
        from scmine.extractors.formats.plain import read_plain

        return read_plain
    from scmine.extractors.pdf.reader import read_pdf

    return partial(read_pdf, ocr=ocr)


def _xml_reader(file: Path) -> Callable[[Path], Document]:
    from scmine.extractors.formats.jats import looks_like_jats, read_jats
    from scmine.extractors.formats.tei import looks_like_tei, read_tei

    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if looks_like_tei(head):
        return read_tei
    if looks_like_jats(head):
        return read_jats
    raise ReadError(Status.FAILED, "the XML is neither TEI nor JATS")
