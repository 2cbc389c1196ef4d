"""Revisions of records, and what a later reading proposes for a record that a person judged."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Number the records' revisions, and make the tables.

    A record that is there is at revision 0: its history begins with its next change.
    """
    op.add_column(
        "records", sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("error_type", sa.Text()),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("of", sa.Integer()),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("record_id", "number"),
    )
    op.create_index("ix_revisions_made", "revisions", ["made"])
    _create_proposals()


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided", sa.DateTime(timezone=True)),
        sa.Column("proposed", sa.JSON()),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"]),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"]),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("record_id", "doc_id", "state"):
        op.create_index(f"ix_proposals_{column}", "proposals", [column])
