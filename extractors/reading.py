"""Reading: from a file to a document, whatever its format; each format has its own module.

A file's name says what it should be, its beginning what it is: XML may be TEI or JATS, an archive
may hold LaTeX or a PDF. What has another ending is taken for a PDF, what has none for what it
begins like.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scmine.extractors.document import Document, ReadError, Status

_HEAD_BYTES = 4096
_XML = frozenset((".xml", ".nxml", ".tei"))
_MARKDOWN = frozenset((".md", ".markdown"))
_PLAIN = frozenset((".txt",))
_TEX = frozenset((".tex", ".ltx", ".latex"))
_ARCHIVES = frozenset((".gz", ".tgz", ".tar", ".zip"))


def read(path: str | Path) -> Document:
    """The document in the file ``path``.

    Parameters
    ----------
    path
        A PDF, TEI (GROBID's or SuperMat's) or JATS XML, LaTeX (``.tex``, or arXiv's archives:
        ``.tar.gz``, ``.gz``, ``.tar``, ``.zip``), Markdown (``.md``) or plain text (``.txt``).
        Only PDFs and some TEI give pages and boxes.

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
    if suffix in _TEX:
        from scmine.extractors.latex.reader import read_latex

        return read_latex
    if suffix in _ARCHIVES:
        return _archive_reader(file)
    if suffix[1:].isalpha():
        from scmine.extractors.pdf.reader import read_pdf

        return read_pdf
    return _archive_reader(file)  # arXiv's numbers have a dot and no ending


def _archive_reader(file: Path) -> Callable[[Path], Document]:
    """The reader of what may be packed; servers send files that are not under the same name."""
    from scmine.extractors.archives import is_archive
    from scmine.extractors.latex.reader import looks_like_latex, read_latex, read_source_archive
    from scmine.extractors.pdf.reader import read_pdf

    head = _head(file)
    if is_archive(head) or (not head and file.suffix.lower() in _ARCHIVES):
        return read_source_archive
    return read_latex if looks_like_latex(head) else read_pdf


def _xml_reader(file: Path) -> Callable[[Path], Document]:
    from scmine.extractors.formats.jats import looks_like_jats, read_jats
    from scmine.extractors.formats.tei import looks_like_tei, read_tei

    head = _head(file)
    if looks_like_tei(head):
        return read_tei
    if looks_like_jats(head):
        return read_jats
    raise ReadError(Status.FAILED, "the XML is neither TEI nor JATS")


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD_BYTES)
