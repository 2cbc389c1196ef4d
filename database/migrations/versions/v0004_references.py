"""Reference sets and their entries, found by composition, chemical system and set."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reference_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("sha256"),
    )
    _create_entries()


def _create_entries() -> None:
    op.create_table(
        "reference_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("composition", sa.JSON(), nullable=False),
        sa.Column("open_amounts", sa.Boolean(), nullable=False),
        sa.Column("tc_K", sa.Double()),
        sa.Column("superconducting", sa.Boolean()),
        sa.Column("lowest_temperature_K", sa.Double()),
        sa.Column("lambda", sa.Double()),
        sa.Column("omega_log_K", sa.Double()),
        sa.Column("pressure_GPa", sa.Double()),
        sa.Column("ambient_unless_stated", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("space_group", sa.Text()),
        sa.Column("cif", sa.Text()),
        sa.Column("structure_file", sa.Text()),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["reference_sets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("set_id", "key", "system"):
        op.create_index(f"ix_reference_entries_{column}", "reference_entries", [column])
