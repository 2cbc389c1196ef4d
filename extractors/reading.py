"""Reading: from a file to a document, whatever its format; each format has its own module.

A file's name says what it should be, its beginning what it is: XML may be TEI or JATS. What has no
known ending is taken for a PDF, unless it begins as a web page does. What is named a PDF but is a
web page is mostly a server's error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from scmine.extractors.document import Document, ReadError, Status

_HEAD_BYTES = 4096
_XML = frozenset((".xml", ".nxml", ".tei"))
_MARKDOWN = frozenset((".md", ".markdown"))
_PLAIN = frozenset((".txt",))
_HTML = frozenset((".html", ".htm", ".xhtml"))
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html)\b", re.I
)


def read(path: str | Path) -> Document:
    """The document in the file ``path``.

    Parameters
    ----------
    path
        A PDF, TEI (GROBID's or SuperMat's) or JATS XML, arXiv's HTML (``.html``), Markdown
        (``.md``) or plain text (``.txt``). Only PDFs and some TEI give pages and boxes.

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
        return _reader(file)(file)
    except OSError as error:
        raise ReadError(Status.FAILED, f"the file cannot be read: {error.strerror}") from error


def _reader(file: Path) -> Callable[[Path], Document]:
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
    if suffix in _HTML or (suffix != ".pdf" and looks_like_html(_head_of(file))):
        from scmine.extractors.formats.latexml import read_latexml

        return read_latexml
    from scmine.extractors.pdf.reader import read_pdf

    return read_pdf


def _xml_reader(file: Path) -> Callable[[Path], Document]:
    from scmine.extractors.formats.jats import looks_like_jats, read_jats
    from scmine.extractors.formats.tei import looks_like_tei, read_tei

    head = _head_of(file)
    if looks_like_tei(head):
        return read_tei
    if looks_like_jats(head):
        return read_jats
    raise ReadError(Status.FAILED, "the XML is neither TEI nor JATS")


def looks_like_html(head: bytes) -> bool:
    """Whether a file whose first bytes are ``head`` (4 kB) is a page of HTML.

    >>> looks_like_html(b"<!DOCTYPE html><html>"), looks_like_html(b"%PDF-1.4")
    (True, False)
    """
    return _HTML_START.match(head) is not None


def _head_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD_BYTES)
