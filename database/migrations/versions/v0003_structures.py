"""Crystal structures: what papers state of them, the verdicts, the atoms where there are any."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and find records by their structure."""
    op.create_table(
        "structures",
        sa.Column("structure_id", sa.String(length=64), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("formula", sa.Text()),
        sa.Column("space_group", sa.Text()),
        sa.Column("space_group_number", sa.Integer()),
        sa.Column("pressure_GPa", sa.Double()),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("way", sa.Text()),
        sa.Column("repairs", sa.JSON(), nullable=False),
        sa.Column("estimated", sa.JSON(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("stated_in", sa.JSON(), nullable=False),
        sa.Column("structure", sa.JSON()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"]),
        sa.PrimaryKeyConstraint("structure_id"),
    )
    columns = ["doc_id", "position", "structure_id"]
    op.create_index("ix_structures_doc_id_position", "structures", columns)
    op.create_index("ix_structures_verdict", "structures", ["verdict"])
    op.create_index("ix_records_structure_id", "records", ["structure_id"])
