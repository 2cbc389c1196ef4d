"""What was found in each document besides its records: text, mentions, links, cells."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; documents that are there have no layers until they are read again."""
    op.create_table(
        "document_layers",
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("layers", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_id", sa.String(length=64)),
        sa.Column("pdf_path", PATH),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"]),
        sa.PrimaryKeyConstraint("doc_id"),
    )
