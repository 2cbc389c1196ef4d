"""The paper that an address names, and what is stored of its text."""

from __future__ import annotations

from fastapi import HTTPException

from scmine.database.errors import DatabaseError
from scmine.database.layers import DocumentLayers, Layers
from scmine.database.papers import Paper, Papers
from scmine.database.store import Database


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
