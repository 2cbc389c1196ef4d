"""Papers as a list: which documents a reader wants, in which order, and what came of each.

What was found inside one is in ``scmine.database.layers``; records with filters of their own are
in ``scmine.database.search``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from scmine.database.clean import clean
from scmine.database.filters import DOCUMENTS, RECORDS, RecordFilter, query
from scmine.database.models import LayersModel
from scmine.database.record import Record
from scmine.database.store import Database


class PaperOrder(StrEnum):
    """What papers can be sorted by."""

    TITLE = "title"
    YEAR = "year"
    RECORDS = "records"
    STATUS = "status"
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document and how many records of each status it has."""

    doc_id: str
    path: str
    reader: str
    status: str
    reason: str
    title: str | None
    authors: Sequence[str]
    doi: str | None
    arxiv_id: str | None
    journal: str | None
    year: int | None
    page_count: int
    records: dict[str, int] = field(default_factory=dict)

    @property
    def record_count(self) -> int:
        """How many records it has in all."""
        return sum(self.records.values())


_COLUMNS = [DOCUMENTS.c[name] for name in Paper.__dataclass_fields__ if name in DOCUMENTS.c]


class Papers:
    """The papers of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        text: str = "",
        status: str | None = None,
        *,
        order: PaperOrder = PaperOrder.TITLE,
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Paper]:
        """Papers whose title, authors, DOI, arXiv id or path contain ``text``, from ``offset`` on.

        ``status`` takes those that ended so. What is unknown is sorted last.
        """
        column = self._sorted_by(order)
        ordered = column.desc() if descending else column.asc()
        # Only ids are sorted: whole rows, with their lists of authors, take longer.
        statement = (
            select(DOCUMENTS.c.doc_id)
            .where(*_conditions(text, status))
            .order_by(ordered.nulls_last(), DOCUMENTS.c.path, DOCUMENTS.c.doc_id)
            .limit(limit)
            .offset(offset)
        )
        ids = [row["doc_id"] for row in self._database.rows(statement)]
        papers = self._papers(ids)
        return [papers[doc_id] for doc_id in ids if doc_id in papers]

    def statuses(self, text: str = "") -> dict[str, int]:
        """How many of the papers that contain ``text`` ended in each status."""
        c = DOCUMENTS.c
        statement = (
            select(c.status, func.count().label("number"))
            .where(*_conditions(text, None))
            .group_by(c.status)
            .order_by(c.status)
        )
        return {row["status"]: row["number"] for row in self._database.rows(statement)}

    def one(self, doc_id: str) -> Paper | None:
        """The paper of this ``doc_id``; None if there is none."""
        return self._papers([doc_id]).get(doc_id)

    def records(self, doc_id: str) -> list[Record]:
        """The records of a paper, as the paper goes."""
        statement = query(RecordFilter()).where(RECORDS.c.doc_id == doc_id)
        return [Record.model_validate(row) for row in self._database.rows(statement)]

    def has_layers(self, doc_id: str) -> bool:
        """Whether the text of a paper and what was found in it is stored."""
        statement = select(LayersModel.doc_id).where(LayersModel.doc_id == doc_id)
        return any(True for _ in self._database.rows(statement))

    def _papers(self, doc_ids: Sequence[str]) -> dict[str, Paper]:
        """The papers of these ids."""
        counts = self._record_counts(doc_ids)
        statement = select(*_COLUMNS).where(DOCUMENTS.c.doc_id.in_(doc_ids))
        return {
            row["doc_id"]: Paper(**row, records=counts.get(row["doc_id"], {}))
            for row in self._database.rows(statement)
        }

    def _sorted_by(self, order: PaperOrder) -> ColumnElement[Any]:
        if order is PaperOrder.RECORDS:
            return (
                select(func.count())
                .where(RECORDS.c.doc_id == DOCUMENTS.c.doc_id)
                .correlate(DOCUMENTS)
                .scalar_subquery()
            )
        if order is PaperOrder.TITLE:
            return func.lower(DOCUMENTS.c.title)
        return DOCUMENTS.c[order.value]

    def _record_counts(self, doc_ids: Sequence[str]) -> dict[str, dict[str, int]]:
        c = RECORDS.c
        statement = (
            select(c.doc_id, c.status, func.count().label("number"))
            .where(c.doc_id.in_(doc_ids))
            .group_by(c.doc_id, c.status)
            .order_by(c.doc_id, c.status)
        )
        counts: dict[str, dict[str, int]] = {}
        for row in self._database.rows(statement):
            counts.setdefault(row["doc_id"], {})[row["status"]] = row["number"]
        return counts


def _conditions(text: str, status: str | None) -> list[ColumnElement[bool]]:
    text, status = clean(text), clean(status)
    c = DOCUMENTS.c
    asked: list[ColumnElement[bool]] = []
    if text:
        named = [column.icontains(text, autoescape=True) for column in (c.title, c.path, c.doi)]
        named.append(c.arxiv_id.icontains(text, autoescape=True))
        # Authors are stored as a JSON list of names.
        quoted = json.dumps(text, ensure_ascii=False)[1:-1]
        named.append(cast(c.authors, Text).icontains(quoted, autoescape=True))
        asked.append(or_(*named))
    if status:
        asked.append(c.status == status)
    return asked
