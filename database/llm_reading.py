"""Reading what language models were asked: of each document, and of the whole database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from scmine.database.llm_models import LlmUseModel
from scmine.database.llm_use import LlmState, StoredLlmUse
from scmine.database.store import Database

_TABLE = LlmUseModel.__table__


def llm_uses(database: Database, *doc_ids: str) -> Iterator[StoredLlmUse]:
    """What was asked about each document, or about those of ``doc_ids``, by document."""
    statement = select(_TABLE).order_by(_TABLE.c.doc_id)
    if doc_ids:
        statement = statement.where(_TABLE.c.doc_id.in_(doc_ids))
    for row in database.rows(statement):
        yield StoredLlmUse(**row | {"state": LlmState(row["state"])})


def llm_totals(database: Database) -> list[dict[str, Any]]:
    """For each model and state: documents, requests, tokens and money, the most asked first."""
    c = _TABLE.c
    documents = func.count().label("documents")
    sums = [
        func.sum(c[name]).label(name)
        for name in ("requests", "calls", "cached", "tokens_in", "tokens_out", "kept", "cost")
    ]
    statement = (
        select(c.model, c.state, documents, *sums)
        .group_by(c.model, c.state)
        .order_by(documents.desc(), c.model, c.state)
    )
    return [
        {name: int(v) if name in _WHOLE and v is not None else v for name, v in row.items()}
        for row in database.rows(statement)
    ]


_WHOLE = frozenset({"requests", "calls", "cached", "tokens_in", "tokens_out", "kept"})
"""Sums that PostgreSQL gives as decimals."""
