"""The places of a claim: a column of records, empty for those that are there already."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("places", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("records", column)
