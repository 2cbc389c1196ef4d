"""Which records a reader wants, and in which order.

The filter as a plain value, and what it means in SQL. Running the query lives in
``scmine.database.store``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, Table, func, or_, select

from scmine.database.clean import clean
from scmine.database.composition import read_elements, read_system
from scmine.database.models import DocumentModel, RecordModel
from scmine.database.record import Evidence, Origin, RecordStatus, Source
from scmine.database.record_rows import select_records
from scmine.database.search_conditions import search_conditions
from scmine.database.search_models import SEARCH

LARGEST = 2**31 - 1
"""The largest number that each column of either kind of database can be compared with."""

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
    text
        Words that must all occur in the sentence, the title or the names of the material;
        ``"words in quotes"`` follow each other, ``-word`` must not occur. Any text is allowed.
    elements, without
        Elements that must all be in the material, and elements that must not. Records whose
        elements are not known are left out. Deuterium and tritium are hydrogen.
    only
        A chemical system, ``H-La``: these elements and no others.
    composition_key
        The composition in its normal form, as ``scmine.extractors.normal_form`` writes it.
    lambda_min, lambda_max, year_min, year_max
        As for Tc; they have no ranges.
    material_class
        The class, such as ``cuprate``.
    classes
        Any of these classes; none asks for nothing.
    space_group, space_group_number
        The symbol as printed (blanks, underscores and case aside), or the number.
    flags
        Flags that the record carries all of.
    has_structure
        Whether the record names a crystal structure.
    source
        The part of the paper that the claim was taken from.
    statuses
        Any of these statuses; none asks for nothing.
    limit
        At most so many records.
    order
        ``document``: by path, and within a document as the paper goes. ``tc``: highest Tc first,
        those without one last.

    Raises
    ------
    ValueError
        A lower end above its upper end, a negative limit, what is no element's symbol, or a number
        that no database can hold.
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
    text: str | None = None
    elements: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    only: str | None = None
    composition_key: str | None = None
    lambda_min: float | None = None
    lambda_max: float | None = None
    year_min: int | None = None
    year_max: int | None = None
    material_class: str | None = None
    classes: frozenset[str] = frozenset()
    space_group: str | None = None
    space_group_number: int | None = None
    flags: tuple[str, ...] = ()
    has_structure: bool | None = None
    source: Source | None = None
    statuses: frozenset[RecordStatus] = frozenset()
    limit: int | None = None
    order: Literal["document", "tc"] = "document"

    def __post_init__(self) -> None:
        """Check what can only be a slip."""
        for name, low, high in (
            ("Tc", self.tc_min_K, self.tc_max_K),
            ("pressure", self.pressure_min_GPa, self.pressure_max_GPa),
            ("λ", self.lambda_min, self.lambda_max),
            ("year", self.year_min, self.year_max),
        ):
            for end in (low, high):
                if end is not None and not abs(end) <= LARGEST:
                    raise ValueError(f"the {name} asked for, {end}, is no number to compare with")
            if low is not None and high is not None and low > high:
                raise ValueError(
                    f"the lowest {name} asked for, {low:.12g}, is above the highest, {high:.12g}"
                )
        if self.limit is not None and self.limit < 0:
            raise ValueError(f"the number of records asked for, {self.limit}, is negative")
        if self.space_group_number is not None and abs(self.space_group_number) > LARGEST:
            raise ValueError(
                f"the space group asked for, {self.space_group_number}, does not exist"
            )
        read_elements((*self.elements, *self.without))
        if self.only is not None:
            read_system(self.only)


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
    asked = by_name(wanted)
    found = search_conditions(wanted)
    if found:
        named = select(SEARCH.c.record_id).where(*found.values())
        asked.append(RECORDS.c.record_id.in_(named))
    return asked


def by_name(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """What ``wanted`` asks of a part of a name, over the table of records."""
    records = RECORDS.c
    asked: list[ColumnElement[bool]] = []
    if wanted.material:
        names = (records.raw_material, records.formula, records.name)
        part = clean(wanted.material)
        asked.append(or_(*(c.icontains(part, autoescape=True) for c in names)))
    if wanted.formula:
        # LIKE heeds case in PostgreSQL but not in SQLite; replace() does in both.
        asked.append(func.replace(records.formula, clean(wanted.formula), "") != records.formula)
    return asked


def is_document(doc: str) -> ColumnElement[bool]:
    """Whether a document is the one that ``doc`` names, in SQL."""
    c = DOCUMENTS.c
    doc = clean(doc)
    return or_(
        c.doc_id == doc.lower(),
        func.lower(c.doi) == doc.lower(),
        c.arxiv_id == doc,
        c.path == doc,
        c.path.endswith(f"/{doc}", autoescape=True),
    )
