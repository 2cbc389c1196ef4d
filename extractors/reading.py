"""Reading: from a file to a document, whatever its format; each format has its own module.

A file's name says what it should be, its beginning what it is: XML may be TEI or JATS, an archive
may hold LaTeX or a PDF. What has another ending is taken for a PDF, what has none for what it
begins like.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from scmine.extractors.document import Document, ReadError, Status
from scmine.extractors.formats.crystal_files import is_crystal_name, read_crystal

_HEAD_BYTES = 4096
_PDF = frozenset((".pdf",))
_XML = frozenset((".xml", ".nxml", ".tei"))
_MARKDOWN = frozenset((".md", ".markdown"))
_PLAIN = frozenset((".txt",))
_HTML = frozenset((".html", ".htm", ".xhtml"))
_TEX = frozenset((".tex", ".ltx", ".latex"))
_ARCHIVES = frozenset((".gz", ".tgz", ".tar", ".zip"))
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html)\b", re.I
)

Reader = Callable[[Path], Document]


def read(path: str | Path, *, pdf_reader: Reader | None = None) -> Document:
    """The document in the file ``path``.

    Nothing limits its time and memory here, and a PDF can be made so that opening it takes both;
    `scmine.pipelines.ingest` reads files in worker processes that are given up.

    Parameters
    ----------
    path
        A PDF, TEI (GROBID's or SuperMat's) or JATS XML, LaTeX (``.tex``, or arXiv's archives:
        ``.tar.gz``, ``.gz``, ``.tar``, ``.zip``), arXiv's HTML (``.html``), Markdown (``.md``),
        plain text (``.txt``), or a crystal structure (``.cif``, ``.vasp``, ``POSCAR``). Only PDFs
        and some TEI give pages and boxes.
    pdf_reader
        What reads PDFs: `scmine.extractors.grobid.reader.GrobidReader`, or the built-in reader
        with OCR (``functools.partial(read_pdf, ocr=Ocr())``). None: the built-in reader.

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
        return _reader(file, pdf_reader)(file)
    except OSError as error:
        raise ReadError(Status.FAILED, f"the file cannot be read: {error.strerror}") from error


def _reader(file: Path, pdf_reader: Reader | None) -> Reader:
    """The reader of a file's format."""
    suffix = file.suffix.lower()
    if is_crystal_name(file.name):
        return read_crystal
    if suffix in _PDF:
        # Whatever it begins like: a web page that was saved under this name is no paper.
        return pdf_reader or _built_in()
    if suffix in _XML:
        return _xml_reader(file)
    if suffix in _MARKDOWN:
        from scmine.extractors.formats.markdown import read_markdown

        return read_markdown
    if suffix in _PLAIN:
        from scmine.extractors.formats.plain import read_plain

        return read_plain
    if suffix in _HTML:
        from scmine.extractors.formats.latexml import read_latexml

        return read_latexml
    if suffix in _TEX:
        from scmine.extractors.latex.reader import read_latex

        return read_latex
    return _sniffed_reader(file, pdf_reader, archive=suffix in _ARCHIVES)


def _sniffed_reader(file: Path, pdf_reader: Reader | None, archive: bool) -> Reader:
    """The reader of what a file begins like; ``archive`` says that it is called an archive.

    Servers send a PDF or a source that is not packed under an archive's name, too.
    """
    from scmine.extractors.archives import is_archive
    from scmine.extractors.latex.reader import looks_like_latex, read_latex, read_source_archive

    head = _head(file)
    # arXiv names its sources by number: 2401.01234v1 has no ending, whatever follows its dot.
    named_otherwise = file.suffix[1:].isalpha() and not archive
    if (is_archive(head) and not named_otherwise) or (archive and not head):
        return read_source_archive
    if looks_like_latex(head):
        return read_latex
    if looks_like_html(head):
        from scmine.extractors.formats.latexml import read_latexml

        return read_latexml
    return pdf_reader or _built_in()


def _built_in() -> Reader:
    from scmine.extractors.pdf.reader import read_pdf

    return read_pdf


def _xml_reader(file: Path) -> Reader:
    from scmine.extractors.formats.jats import looks_like_jats, read_jats
    from scmine.extractors.formats.tei import looks_like_tei, read_tei

    head = _head(file)
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


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD_BYTES)
