"""Which records a reader wants, and in which order.

The filter as a plain value, and what it means in SQL. Running the query lives in
``scmine.database.store``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, Table, Text, cast, func, or_

from scmine.database.models import DocumentModel, RecordModel
from scmine.database.record import Evidence, Origin, RecordStatus
from scmine.database.record_rows import select_records

DOCUMENTS: Table = DocumentModel.metadata.tables[DocumentModel.__tablename__]
RECORDS: Table = RecordModel.metadata.tables[RecordModel.__tablename__]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """What records must fulfil, all of it; a field that is None asks for nothing.

    Parameters
    ----------
    material
        A part of the material as printed, of its formula or of its name, in upper or lower case.
    formula
        A part of the resolved formula, upper and lower case as given (``Co`` is not ``CO``).
    tc_min_K, tc_max_K
        Records whose Tc lies within, both ends included, or whose range of Tc reaches into it.
        Records without a Tc are left out as soon as one end is given.
    pressure_min_GPa, pressure_max_GPa
        The same for the pressure. Where a paper names no pressure, none is known.
    evidence
        Measured, calculated or unknown.
    origin
        The paper's own results, or those it cites.
    flag
        Records that carry this flag, such as ``contradicted``.
    doc
        A document by its ``doc_id``, DOI, arXiv id, path or file name.
    status
        Where the record stands in curation.
    limit
        At most so many records.
    order
        ``document``: by path, and within a document as the paper goes. ``tc``: highest Tc first,
        those without one last.

    Raises
    ------
    ValueError
        A lower end above its upper end, or a negative limit.
    """

    material: str | None = None
    formula: str | None = None
    tc_min_K: float | None = None
    tc_max_K: float | None = None
    pressure_min_GPa: float | None = None
    pressure_max_GPa: float | None = None
    evidence: Evidence | None = None
    origin: Origin | None = None
    flag: str | None = None
    doc: str | None = None
    status: RecordStatus | None = None
    limit: int | None = None
    order: Literal["document", "tc"] = "document"

    def __post_init__(self) -> None:
        """Check what can only be a slip."""
        for name, low, high in (
            ("Tc", self.tc_min_K, self.tc_max_K),
            ("pressure", self.pressure_min_GPa, self.pressure_max_GPa),
        ):
            if low is not None and high is not None and low > high:
                raise ValueError(
                    f"the lowest {name} asked for, {low}, is above the highest, {high}"
                )
        if self.limit is not None and self.limit < 0:
            raise ValueError(f"the number of records asked for, {self.limit}, is negative")


def query(wanted: RecordFilter) -> Select[Any]:
    """The query for ``wanted``: the columns of each record, its document's included."""
    statement = select_records().where(*conditions(wanted)).order_by(*_order(wanted))
    return statement if wanted.limit is None else statement.limit(wanted.limit)


def _order(wanted: RecordFilter) -> list[ColumnElement[Any]]:
    order: list[ColumnElement[Any]] = [
        DOCUMENTS.c.path.asc(),
        RECORDS.c.doc_id.asc(),
        RECORDS.c.position.asc(),
        RECORDS.c.record_id.asc(),
    ]
    if wanted.order == "tc":
        tc = func.coalesce(RECORDS.c.tc_K, RECORDS.c.tc_max_K, RECORDS.c.tc_min_K)
        order.insert(0, tc.desc().nulls_last())
    return order


def conditions(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """What ``wanted`` asks for in SQL, over the tables of records and documents."""
    records = RECORDS.c
    asked: list[ColumnElement[bool]] = []
    if wanted.material:
        names = (records.raw_material, records.formula, records.name)
        asked.append(or_(*(c.icontains(wanted.material, autoescape=True) for c in names)))
    if wanted.formula:
        # LIKE heeds case in PostgreSQL but not in SQLite; replace() does in both.
        asked.append(func.replace(records.formula, wanted.formula, "") != records.formula)
    asked += _within("tc_K", "tc_min_K", "tc_max_K", wanted.tc_min_K, wanted.tc_max_K)
    asked += _within(
        "pressure_GPa",
        "pressure_min_GPa",
        "pressure_max_GPa",
        wanted.pressure_min_GPa,
        wanted.pressure_max_GPa,
    )
    if wanted.evidence is not None:
        asked.append(records.evidence == wanted.evidence.value)
    if wanted.origin is not None:
        asked.append(records.origin == wanted.origin.value)
    if wanted.flag is not None:
        # Flags are stored as a JSON list of words.
        quoted = json.dumps(wanted.flag)
        asked.append(cast(records.flags, Text).contains(quoted, autoescape=True))
    if wanted.status is not None:
        asked.append(records.status == wanted.status.value)
    if wanted.doc is not None:
        asked.append(is_document(wanted.doc))
    return asked


def _within(
    value: str, lowest: str, highest: str, low: float | None, high: float | None
) -> list[ColumnElement[bool]]:
    """The range of a record, a single value included, and the range asked for overlap."""
    c = RECORDS.c
    conditions: list[ColumnElement[bool]] = []
    if low is not None:
        conditions.append(func.coalesce(c[highest], c[value], c[lowest]) >= low)
    if high is not None:
        conditions.append(func.coalesce(c[lowest], c[value], c[highest]) <= high)
    return conditions


def is_document(doc: str) -> ColumnElement[bool]:
    """Whether a document is the one that ``doc`` names, in SQL."""
    c = DOCUMENTS.c
    return or_(
        c.doc_id == doc.lower(),
        func.lower(c.doi) == doc.lower(),
        c.arxiv_id == doc,
        c.path == doc,
        c.path.endswith(f"/{doc}", autoescape=True),
    )
