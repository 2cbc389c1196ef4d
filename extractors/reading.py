"""Reading: from a file to a document, whatever its format; each format has its own module."""

from __future__ import annotations

from pathlib import Path

from scmine.extractors.document import Document, ReadError, Status


def read(path: str | Path) -> Document:
    """The document in the file ``path``.

    Parameters
    ----------
    path
        A PDF file.

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
    from scmine.extractors.pdf.reader import read_pdf

    file = Path(path)
    try:
        return read_pdf(file)
    except OSError as error:
        raise ReadError(Status.FAILED, f"the file cannot be read: {error.strerror}") from error
