"""The first tables: runs, documents, passages, records."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _create_runs()
    _create_documents()
    _create_passages()
    _create_records()


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("scmine_version", sa.Text(), nullable=False),
        sa.Column("pipeline_version", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("doi", sa.Text()),
        sa.Column("arxiv_id", sa.Text()),
        sa.Column("journal", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("year", sa.Integer()),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("pipeline_version", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("peak_memory_MB", sa.Double()),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"]),
        sa.PrimaryKeyConstraint("doc_id"),
    )
    op.create_index("ix_documents_pipeline_version", "documents", ["pipeline_version"])


def _create_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_passages_doc_id", "passages", ["doc_id"])


def _create_records() -> None:
    op.create_table(
        "records",
        *_keys_columns(),
        *_material_columns(),
        *_tc_columns(),
        *_conditions_columns(),
        *_electron_phonon_columns(),
        *_crystal_columns(),
        *_claim_columns(),
        *_verdict_columns(),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"]),
        sa.ForeignKeyConstraint(["passage_id"], ["passages.id"]),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("ix_records_doc_id_position", "records", ["doc_id", "position", "record_id"])
    op.create_index("ix_records_passage_id", "records", ["passage_id"])
    op.create_index("ix_records_status", "records", ["status"])


def _keys_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("passage_id", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False),
    ]


def _material_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("raw_material", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text()),
        sa.Column("composition", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("material_class", sa.Text()),
        sa.Column("doping", sa.Text()),
        sa.Column("shape", sa.Text()),
        sa.Column("substrate", sa.Text()),
        sa.Column("fabrication", sa.Text()),
        sa.Column("variables", sa.JSON(), nullable=False),
    ]


def _tc_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("raw_tc", sa.Text()),
        sa.Column("tc_K", sa.Double()),
        sa.Column("tc_min_K", sa.Double()),
        sa.Column("tc_max_K", sa.Double()),
        sa.Column("tc_uncertainty_K", sa.Double()),
        sa.Column("tc_relation", sa.Text()),
        sa.Column("tc_kind", sa.Text(), nullable=False),
        sa.Column("superconducting", sa.Boolean()),
        sa.Column("lowest_temperature_K", sa.Double()),
    ]


def _conditions_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("raw_pressure", sa.Text()),
        sa.Column("pressure_GPa", sa.Double()),
        sa.Column("pressure_min_GPa", sa.Double()),
        sa.Column("pressure_max_GPa", sa.Double()),
        sa.Column("pressure_kind", sa.Text()),
        sa.Column("measurement_method", sa.Text()),
        sa.Column("magnetic_field_T", sa.Double()),
    ]


def _electron_phonon_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("lambda", sa.Double()),
        sa.Column("omega_log_K", sa.Double()),
        sa.Column("omega2_K", sa.Double()),
        sa.Column("mu_star", sa.Double()),
        sa.Column("tc_method", sa.Text()),
    ]


def _crystal_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("space_group", sa.Text()),
        sa.Column("space_group_number", sa.Integer()),
        sa.Column("crystal_structure", sa.Text()),
        sa.Column("prototype", sa.Text()),
        sa.Column("a_A", sa.Double()),
        sa.Column("b_A", sa.Double()),
        sa.Column("c_A", sa.Double()),
        sa.Column("alpha_deg", sa.Double()),
        sa.Column("beta_deg", sa.Double()),
        sa.Column("gamma_deg", sa.Double()),
        sa.Column("wyckoff", sa.JSON(), nullable=False),
        sa.Column("structure_id", sa.Text()),
    ]


def _claim_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("section", sa.Text()),
        sa.Column("page", sa.Integer()),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text()),
        sa.Column("confidence", sa.Double()),
    ]


def _verdict_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error_type", sa.Text()),
        sa.Column("flags", sa.JSON(), nullable=False),
    ]
