"""Reading what the report of a crawl needs beyond ``crawl``: records, versions, compositions.

What is made of it lives in ``scmine.pipelines.crawl.report``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from scmine.database.crawl import pair_of, pairs_query
from scmine.database.crawl_models import RUNS, VERSIONS
from scmine.database.crawl_values import CrawlPaper, CrawlVersion, VersionState
from scmine.database.filters import RecordFilter, conditions
from scmine.database.models import StructureModel
from scmine.database.record import Record
from scmine.database.record_rows import DOCUMENTS, RECORDS, record_of, select_records
from scmine.database.search_conditions import S
from scmine.database.store import Database

BATCH = 500
"""Names that one question holds; databases bound them."""

Pair = tuple[CrawlPaper, CrawlVersion]


def runs_since(database: Database, since: datetime) -> list[int]:
    """The numbers of the crawls that began at ``since`` or later, oldest first."""
    statement = select(RUNS.c.id).where(RUNS.c.started >= since).order_by(RUNS.c.id)
    return [row["id"] for row in database.rows(statement)]


def pairs_of_runs(database: Database, run_ids: Sequence[int]) -> list[Pair]:
    """The versions that these crawls brought to their state, with their papers, by name."""
    statement = pairs_query().where(VERSIONS.c.run_id.in_(list(run_ids)))
    order = (VERSIONS.c.source, VERSIONS.c.key, VERSIONS.c.version)
    return [pair_of(row) for row in database.rows(statement.order_by(*order))]


def documents_before(
    database: Database, papers: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], dict[int, str]]:
    """The document of each version of papers (source, key) whose file has come, by version."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    c = VERSIONS.c
    for some in _batches(sorted(set(papers))):
        statement = select(c.source, c.key, c.version, c.doc_id).where(
            tuple_(c.source, c.key).in_(some), c.doc_id.is_not(None)
        )
        for row in database.rows(statement):
            of_paper = found.setdefault((row["source"], row["key"]), {})
            of_paper[row["version"]] = row["doc_id"]
    return found


def records_of_documents(
    database: Database, doc_ids: Sequence[str], wanted: RecordFilter | None = None
) -> Iterator[Record]:
    """The records of these documents that ``wanted`` asks for, by document, as the paper goes."""
    asked = conditions(wanted or RecordFilter())
    for some in _batches(sorted(set(doc_ids))):
        statement = (
            select_records()
            .where(RECORDS.c.doc_id.in_(some), *asked)
            .order_by(RECORDS.c.doc_id, RECORDS.c.position, RECORDS.c.record_id)
        )
        for row in database.rows(statement):
            yield record_of(row, database.where)


def last_read(database: Database, limit: int) -> list[Pair]:
    """The versions that were read last, with their papers, the last one first."""
    read = VERSIONS.c.state == VersionState.READ.value
    order = (VERSIONS.c.changed.desc(), VERSIONS.c.source, VERSIONS.c.key, VERSIONS.c.version)
    statement = pairs_query().where(read, VERSIONS.c.doc_id.is_not(None)).order_by(*order)
    return [pair_of(row) for row in database.rows(statement.limit(limit))]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document says of itself, as far as it was found."""

    title: str | None
    authors: Sequence[str]
    doi: str | None
    arxiv_id: str | None


def document_facts(database: Database, doc_ids: Sequence[str]) -> dict[str, DocumentFacts]:
    """Title, authors and identifiers of each of these documents."""
    c = DOCUMENTS.c
    wanted = (c.doc_id, c.title, c.authors, c.doi, c.arxiv_id)
    return {
        row.pop("doc_id"): DocumentFacts(**row)
        for some in _batches(sorted(set(doc_ids)))
        for row in database.rows(select(*wanted).where(c.doc_id.in_(some)))
    }


def document_ends(database: Database, doc_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The status of each of these documents and the reason for it."""
    c = DOCUMENTS.c
    return {
        row["doc_id"]: (row["status"], row["reason"])
        for some in _batches(sorted(set(doc_ids)))
        for row in database.rows(select(c.doc_id, c.status, c.reason).where(c.doc_id.in_(some)))
    }


def structures_of_documents(database: Database, doc_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The crystal structures of documents: formula, space group, verdict, way, page, doc_id."""
    c = StructureModel.__table__.c
    wanted = (c.doc_id, c.formula, c.space_group, c.pressure_GPa, c.verdict, c.way, c.page)
    return [
        row
        for some in _batches(sorted(set(doc_ids)))
        for row in database.rows(
            select(*wanted).where(c.doc_id.in_(some)).order_by(c.doc_id, c.position)
        )
    ]


def composition_keys(database: Database, record_ids: Sequence[str]) -> dict[str, str]:
    """The composition in its normal form of each of these records that has one."""
    return {
        row["record_id"]: row["composition_key"]
        for some in _batches(sorted(set(record_ids)))
        for row in database.rows(
            select(S.record_id, S.composition_key).where(
                S.record_id.in_(some), S.composition_key.is_not(None)
            )
        )
    }


def keys_known_before(
    database: Database, keys: Iterable[str], doc_ids: Sequence[str], last_run: int
) -> set[str]:
    """Those of the compositions that records of other documents have.

    ``doc_ids`` are left out, and what crawls after ``last_run`` brought.
    """
    own = frozenset(doc_ids)
    later = {
        row["doc_id"]
        for row in database.rows(
            select(VERSIONS.c.doc_id).where(
                VERSIONS.c.run_id > last_run, VERSIONS.c.doc_id.is_not(None)
            )
        )
    }
    known: set[str] = set()
    for some in _batches(sorted(set(keys))):
        named: ColumnElement[bool] = S.composition_key.in_(some)
        statement = (
            select(S.composition_key, RECORDS.c.doc_id)
            .join_from(RECORDS, S.record_id.table, S.record_id == RECORDS.c.record_id)
            .where(named)
            .distinct()
        )
        known |= {
            row["composition_key"]
            for row in database.rows(statement)
            if row["doc_id"] not in own and row["doc_id"] not in later
        }
    return known


def _batches(names: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]
