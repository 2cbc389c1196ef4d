"""Crawls whose report is to be sent by e-mail, so that one that could not be sent is not lost."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nothing is to be sent of crawls that are there."""
    op.add_column("crawl_runs", sa.Column("mail", sa.String(length=16)))
    op.add_column("crawl_runs", sa.Column("mail_reason", sa.Text()))
