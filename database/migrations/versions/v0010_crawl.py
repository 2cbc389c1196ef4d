"""Crawls: papers that sources list, their versions, places in listings, leases, runs; files read
from stores.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; nothing has been crawled before."""
    _make_papers()
    op.create_table(
        "crawl_listings",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("cursor", sa.Text()),
        sa.Column("begun", _TIME),
        sa.Column("complete_from", sa.Date()),
        sa.Column("complete_until", sa.Date()),
        sa.PrimaryKeyConstraint("source", "query"),
    )
    op.create_table(
        "crawl_leases",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "remote_files",
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("ix_remote_files_doc_id", "remote_files", ["doc_id"])


def _make_papers() -> None:
    op.create_table(
        "crawl_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("started", _TIME, nullable=False),
        sa.Column("finished", _TIME),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("ingest_runs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "crawl_papers",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("doi", sa.Text()),
        sa.Column("arxiv_id", sa.Text()),
        sa.Column("journal", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("year", sa.Integer()),
        sa.Column("licence", sa.Text()),
        sa.Column("link", sa.Text()),
        sa.Column("datestamp", sa.Date()),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.Text()),
        sa.Column("score", sa.Double()),
        sa.Column("seen", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_index("ix_crawl_papers_doi", "crawl_papers", ["doi"])
    op.create_index("ix_crawl_papers_arxiv_id", "crawl_papers", ["arxiv_id"])
    op.create_table(
        "crawl_versions",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16)),
        sa.Column("url", sa.Text()),
        sa.Column("path", sa.Text()),
        sa.Column("size", sa.BigInteger()),
        sa.Column("doc_id", sa.String(length=64)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("listed", _TIME, nullable=False),
        sa.Column("changed", _TIME, nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.ForeignKeyConstraint(["run_id"], ["crawl_runs.id"]),
        sa.ForeignKeyConstraint(["source", "key"], ["crawl_papers.source", "crawl_papers.key"]),
        sa.PrimaryKeyConstraint("source", "key", "version"),
    )
    op.create_index("ix_crawl_versions_state", "crawl_versions", ["state"])
    op.create_index("ix_crawl_versions_doc_id", "crawl_versions", ["doc_id"])
