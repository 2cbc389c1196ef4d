"""The paper that an address names, what is stored of its text, and its PDF."""

from __future__ import annotations

from fastapi import HTTPException

from scmine.database.errors import DatabaseError
from scmine.database.layers import DocumentLayers, Layers
from scmine.database.papers import Paper, Papers
from scmine.database.store import Database

PDF_READERS = ("pdf", "pdf+ocr", "grobid")
"""The readers of documents that are PDFs, as results name them."""


def paper_of(database: Database, doc_id: str) -> Paper:
    """The paper of this id.

    Raises
    ------
    HTTPException
        404, if there is none.
    """
    paper = Papers(database).one(doc_id)
    if paper is None:
        raise HTTPException(404, "there is no such paper in this database")
    return paper


def layers_of(database: Database, doc_id: str) -> DocumentLayers | None:
    """The layers of a paper; None where none can be read, which its page tells."""
    try:
        return Layers(database).of(doc_id)
    except DatabaseError:
        # Damaged, or of a newer scmine: records, which do not depend on it, are still shown.
        return None


def pdf_named(database: Database, paper: Paper) -> tuple[str, str] | None:
    """The SHA-256 of a paper's PDF and where it was: the paper itself, or the one of a source."""
    if paper.reader in PDF_READERS:
        return Layers(database).pdf_of(paper.doc_id) or (paper.doc_id, paper.path)
    return Layers(database).pdf_of(paper.doc_id)
