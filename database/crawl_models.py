"""The tables of crawls: papers that sources list, versions of them, places in listings, leases.

What the states mean lives in ``scmine.database.crawl``.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, ForeignKeyConstraint, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from scmine.database.models import Base, UtcDateTime


class CrawlPaperModel(Base):
    """A paper as its source listed it last, and how relevant it looked."""

    __tablename__ = "crawl_papers"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    abstract: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    doi: Mapped[str | None] = mapped_column(Text, index=True)
    arxiv_id: Mapped[str | None] = mapped_column(Text, index=True)
    journal: Mapped[str | None] = mapped_column(Text)
    publisher: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None]
    licence: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    datestamp: Mapped[date | None]
    withdrawn: Mapped[bool]
    mark: Mapped[str | None] = mapped_column(Text)
    """What the source tells changes by: of a file its size and time of change."""
    score: Mapped[float | None]
    seen: Mapped[datetime] = mapped_column(UtcDateTime)


class CrawlVersionModel(Base):
    """A version of a paper and how far it has come."""

    __tablename__ = "crawl_versions"
    __table_args__ = (
        ForeignKeyConstraint(["source", "key"], ["crawl_papers.source", "crawl_papers.key"]),
    )

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str | None] = mapped_column(String(16))
    url: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    doc_id: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    listed: Mapped[datetime] = mapped_column(UtcDateTime)
    changed: Mapped[datetime] = mapped_column(UtcDateTime)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("crawl_runs.id"))


class CrawlListingModel(Base):
    """How far the listing of one query of a source has been taken in."""

    __tablename__ = "crawl_listings"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    query: Mapped[str] = mapped_column(String(1000), primary_key=True)
    since: Mapped[date | None]
    """The day the listing under way began with; without a cursor it has to begin there again."""
    cursor: Mapped[str | None] = mapped_column(Text)
    begun: Mapped[datetime | None] = mapped_column(UtcDateTime)
    complete_from: Mapped[date | None]
    complete_until: Mapped[date | None]


class CrawlLeaseModel(Base):
    """Who crawls a source now; a lease that is not renewed runs out."""

    __tablename__ = "crawl_leases"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class CrawlRunModel(Base):
    """One crawl, and what it came to."""

    __tablename__ = "crawl_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    query: Mapped[str] = mapped_column(Text)
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    finished: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    ingest_runs: Mapped[list[int]] = mapped_column(JSON)
    mail: Mapped[str | None] = mapped_column(String(16))
    """How the e-mail of its report stands; None: none was wanted."""
    mail_reason: Mapped[str | None] = mapped_column(Text)


class RemoteFileModel(Base):
    """A file of a store that was read from afar, so that it need not be fetched to be known."""

    __tablename__ = "remote_files"

    url: Mapped[str] = mapped_column(String(2000), primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    """What the store says to tell versions apart: its etag, else size and time of change."""
    doc_id: Mapped[str] = mapped_column(String(64), index=True)


PAPERS: Table = CrawlPaperModel.metadata.tables[CrawlPaperModel.__tablename__]
VERSIONS: Table = CrawlVersionModel.metadata.tables[CrawlVersionModel.__tablename__]
LISTINGS: Table = CrawlListingModel.metadata.tables[CrawlListingModel.__tablename__]
RUNS: Table = CrawlRunModel.metadata.tables[CrawlRunModel.__tablename__]
SAME_PAPER = (PAPERS.c.source == VERSIONS.c.source) & (PAPERS.c.key == VERSIONS.c.key)
"""Joins papers and their versions."""
