"""Revisions of records, and what a later reading proposes for a record that a person judged."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
