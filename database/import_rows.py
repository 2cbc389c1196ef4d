"""Rows of an import as claims: what they say of a record, of its paper, and which ones they mean.

What a cell says is read in ``scmine.database.import_values``; what becomes of a claim is decided
in ``scmine.database.import_plan``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scmine.database.clean import clean
from scmine.database.import_values import Reason, RowError
from scmine.database.record import Record, make_record_id
from scmine.database.results import DOCUMENT_COLUMNS

LONGEST_ID = 64

IMPORTED = "import"
"""The reader and the pipeline of a document that came with an import; its paper was not read."""

_ID = re.compile(r"[0-9A-Za-z_.:-]+", re.ASCII)
_NAMING = ("doi", "arxiv_id", "path", "title")
"""What tells papers apart where a row has no ``doc_id``, the surest first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row says: values by column, as a record's `to_row` has them, and which it means.

    ``values`` holds the columns that the row has, None for those it leaves empty. ``doc_id`` is
    None where nothing says which paper it is, ``record_id`` where the row names no record and no
    paper.
    """

    line: int
    values: Mapping[str, Any]
    doc_id: str | None
    record_id: str | None
    names_document: bool

    def document(self) -> dict[str, Any]:
        """What the row says of its paper."""
        return {name: self.values[name] for name in DOCUMENT_COLUMNS if name in self.values}

    def new_record(self) -> Record:
        """The record that the row makes.

        Raises
        ------
        RowError
            It names no material or no paper, or holds what a record cannot.
        """
        if self.doc_id is None or self.record_id is None:
            raise RowError(Reason.NO_DOCUMENT, "none of doc_id, doi, arxiv_id, path and title")
        if not self.values.get("raw_material"):
            raise RowError(Reason.NO_MATERIAL, column="raw_material")
        known = {name: value for name, value in self.values.items() if value is not None}
        ids = {"record_id": self.record_id, "doc_id": self.doc_id}
        try:
            return Record.model_validate(known | ids)
        except ValidationError as error:
            first = error.errors()[0]
            known_words = first["type"] in {"enum", "literal_error"}
            reason = Reason.UNKNOWN_VALUE if known_words else Reason.INVALID_VALUE
            column = ".".join(str(part) for part in first["loc"])
            raise RowError(reason, str(first["msg"]), column) from error


def claim_of(line: int, values: Mapping[str, Any]) -> Claim:
    """The claim of a row's values (`read_columns` reads them).

    A paper without a ``doc_id`` gets one that follows from its DOI, arXiv number, path or title,
    a record without a ``record_id`` one that follows from all that the row says: the same row
    means the same record whenever it is imported.

    Raises
    ------
    RowError
        An id is too long, or has characters that no id has.
    """
    values = clean(dict(values))
    doc_id, record_id = (_checked_id(name, values.get(name)) for name in ("doc_id", "record_id"))
    names_document = doc_id is not None
    if doc_id is None:
        doc_id = stable_doc_id(values)
    if record_id is None and doc_id is not None:
        said = {name: value for name, value in sorted(values.items()) if value is not None}
        record_id = make_record_id(IMPORTED, doc_id, said)
    return Claim(line, values, doc_id, record_id, names_document)


def _checked_id(column: str, value: Any) -> str | None:
    if not value:
        return None
    if len(value) > LONGEST_ID:
        raise RowError(Reason.TOO_LONG, f"more than {LONGEST_ID} characters", column)
    if not _ID.fullmatch(value):
        raise RowError(Reason.BAD_ID, value, column)
    return str(value)


def stable_doc_id(values: Mapping[str, Any]) -> str | None:
    """The id of a paper of which there is no file; None if nothing names it.

    >>> stable_doc_id({"doi": "10.1/X"}) == stable_doc_id({"doi": "10.1/x", "title": "On MgB2"})
    True
    """
    for name in _NAMING:
        value = values.get(name)
        if value:
            text = f"{IMPORTED}:{name}:{value.lower() if name == 'doi' else value}"
            return hashlib.sha256(text.encode()).hexdigest()
    return None
