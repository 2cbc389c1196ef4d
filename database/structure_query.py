"""Which structures a reader wants, in SQL: those of the records that a filter asks for.

What the filter of records means lives in ``scmine.database.filters``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select, true

from scmine.database.filters import DOCUMENTS, RECORDS, RecordFilter, conditions, is_document
from scmine.database.models import StructureModel

STRUCTURES: Table = StructureModel.metadata.tables[StructureModel.__tablename__]
_OF_DOCUMENT = ("path", "doi", "arxiv_id", "title")
_STATED: dict[str, Any] = dict.fromkeys(
    ("material", "formula", "pressure_min_GPa", "pressure_max_GPa")
)


def structure_query(wanted: RecordFilter, verdict: str | None = None) -> Select[Any]:
    """The query for the structures of the records that ``wanted`` asks for, in order of the paper.

    Where it asks only for what a structure states itself (document, material, formula, pressure),
    structures that no record names are among them. ``verdict`` takes those of one verdict.
    """
    statement = (
        select(*(c for c in STRUCTURES.c if c.name != "position"))
        .add_columns(*(DOCUMENTS.c[name] for name in _OF_DOCUMENT))
        .join_from(STRUCTURES, DOCUMENTS, STRUCTURES.c.doc_id == DOCUMENTS.c.doc_id)
        .where(_is_wanted(replace(wanted, doc=None)))
        .order_by(
            DOCUMENTS.c.path.asc(),
            STRUCTURES.c.doc_id.asc(),
            STRUCTURES.c.position.asc(),
            STRUCTURES.c.structure_id.asc(),
        )
    )
    if wanted.doc is not None:
        statement = statement.where(is_document(wanted.doc))
    if verdict is not None:
        statement = statement.where(STRUCTURES.c.verdict == verdict)
    return statement if wanted.limit is None else statement.limit(wanted.limit)


def records_of_structures(structure_ids: list[str]) -> Select[Any]:
    """The query for the records of structures: pairs of structure and record, in order."""
    c = RECORDS.c
    return (
        select(c.structure_id, c.record_id)
        .where(c.structure_id.in_(structure_ids))
        .order_by(c.position.asc(), c.record_id.asc())
    )


def _is_wanted(wanted: RecordFilter) -> ColumnElement[bool]:
    asked = conditions(wanted)
    if not asked:
        return true()
    named = select(RECORDS.c.structure_id).where(RECORDS.c.structure_id.is_not(None), *asked)
    by_record = STRUCTURES.c.structure_id.in_(named)
    if replace(wanted, limit=None, order="document", **_STATED) != RecordFilter():
        return by_record
    return or_(by_record, and_(*_stated(wanted)))


def _stated(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """What the structure itself must state."""
    c = STRUCTURES.c
    asked: list[ColumnElement[bool]] = []
    if wanted.material:
        asked.append(c.formula.icontains(wanted.material, autoescape=True))
    if wanted.formula:
        asked.append(func.replace(c.formula, wanted.formula, "") != c.formula)
    if wanted.pressure_min_GPa is not None:
        asked.append(c.pressure_GPa >= wanted.pressure_min_GPa)
    if wanted.pressure_max_GPa is not None:
        asked.append(c.pressure_GPa <= wanted.pressure_max_GPa)
    return asked
