"""What ingest found in each document besides records: text, mentions, links and tables, by place.

One blob a document, written with the document and replaced when it is read again; records of a
person do not depend on it. What the blob holds is said in ``scmine.database.layer_packing``.
"""

from __future__ import annotations

from sqlalchemy import select

from scmine.database.errors import DatabaseError
from scmine.database.layer_packing import DocumentLayers, LayersError, unpack
from scmine.database.models import LayersModel
from scmine.database.store import Database

__all__ = ["DocumentLayers", "Layers"]


class Layers:
    """The layers of the documents of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, doc_id: str) -> DocumentLayers | None:
        """The layers of a document; None where none were stored.

        Raises
        ------
        DatabaseError
            What is stored is damaged, or of a newer scmine.
        """
        statement = select(LayersModel.layers).where(LayersModel.doc_id == doc_id)
        with self._database.reading() as connection:
            data = connection.scalar(statement)
        if data is None:
            return None
        try:
            return unpack(data)
        except LayersError as error:
            where = f"{self._database.where}: document {doc_id}"
            raise DatabaseError(
                f"{where}: {error}; read the paper again: scmine ingest --force FILE"
            ) from error

    def pdf_of(self, doc_id: str) -> tuple[str, str] | None:
        """The SHA-256 and the path of the PDF that a source was read together with.

        None where a document is no source, has no PDF, or no layers are stored.
        """
        c = LayersModel.__table__.c
        statement = select(c.pdf_id, c.pdf_path).where(c.doc_id == doc_id, c.pdf_id.is_not(None))
        return next(((r["pdf_id"], r["pdf_path"]) for r in self._database.rows(statement)), None)
