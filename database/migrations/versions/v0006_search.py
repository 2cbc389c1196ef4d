"""What records are searched by, and the triggers that note what is to be brought up to date.

The rows are made by ``scmine.database.search_rows``; here all documents are noted as due.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BY_CODE_POINT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SORTED_BY = ("tc", "pressure", "lambda", "omega_log", "year", "confidence", "formula", "doubt")
FOUND_BY = ("material_class", "status", "system", "flags", "space_group", "space_group_number")
DOCUMENT_COLUMNS = "path, doi, arxiv_id, title, year"


def upgrade() -> None:
    """Make the tables and triggers; note that all documents are due."""
    _create_lists()
    _create_search()
    if op.get_bind().dialect.name == "postgresql":
        _create_words_postgresql()
        _create_triggers_postgresql()
    else:
        _create_words_sqlite()
        _create_triggers_sqlite()
    op.execute("INSERT INTO search_due (doc_id) SELECT doc_id FROM documents")


def _create_lists() -> None:
    op.create_table(
        "search_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", BY_CODE_POINT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "value"),
    )
    op.create_table(
        "search_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Text()),
        sa.Column("doc_id", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("path", BY_CODE_POINT, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text()),
        sa.Column("arxiv_id", sa.Text()),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("doc_id"),
    )
    op.create_index("ix_search_documents_path", "search_documents", ["path", "doc_id", "id"])
    for column in ("file_name", "doi", "arxiv_id"):
        op.create_index(f"ix_search_documents_{column}", "search_documents", [column])


def _create_search() -> None:
    lists = ("material_class", "evidence", "origin", "status", "source", "system", "flags")
    numbers = ("tc", "tc_low", "tc_high", "pressure", "pressure_low", "pressure_high")
    op.create_table(
        "record_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in lists),
        sa.Column("space_group", sa.Integer()),
        sa.Column("space_group_number", sa.Integer()),
        sa.Column("has_structure", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in (*numbers, "lambda", "omega_log")),
        sa.Column("year", sa.Integer()),
        sa.Column("confidence", sa.Double()),
        sa.Column("doubt", sa.Double(), nullable=False),
        sa.Column("formula", BY_CODE_POINT),
        sa.Column("composition_key", sa.Text()),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document"], ["search_documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("record_id"),
    )
    op.create_index("ix_record_search_document", "record_search", ["document", "position", "id"])
    op.create_index("ix_record_search_composition_key", "record_search", ["composition_key"])
    for name in (*SORTED_BY, *FOUND_BY):
        op.create_index(f"ix_record_search_{name}", "record_search", [name, "id"])
    for name in ("tc", "pressure"):
        there = sa.text(f"{name}_low IS NOT NULL")
        op.create_index(
            f"ix_record_search_{name}_wide",
            "record_search",
            [f"{name}_low", f"{name}_high", name, "id"],
            sqlite_where=there,
            postgresql_where=there,
        )


def _create_words_sqlite() -> None:
    # Words are cut and folded by scmine; the tokenizer "ascii" takes them as they come.
    op.execute(
        "CREATE VIRTUAL TABLE record_search_text "
        "USING fts5(title, sentence, material, tokenize='ascii')"
    )
    op.execute(
        "CREATE TRIGGER record_search_words AFTER DELETE ON record_search BEGIN "
        "DELETE FROM record_search_text WHERE rowid = old.id; END"
    )


def _create_words_postgresql() -> None:
    op.execute(
        "CREATE TABLE record_search_text (rowid integer PRIMARY KEY REFERENCES record_search (id) "
        "ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_record_search_text_words ON record_search_text USING gin (words)")


def _create_triggers_sqlite() -> None:
    for table, key in (("records", "record_id"), ("documents", "doc_id")):
        of = f" OF {DOCUMENT_COLUMNS}" if table == "documents" else ""
        for event in ("INSERT", f"UPDATE{of}"):
            op.execute(
                f"CREATE TRIGGER {table}_due_{event[:6].lower()} AFTER {event} ON {table} BEGIN "
                f"INSERT INTO search_due ({key}) VALUES (new.{key}); END"
            )


def _create_triggers_postgresql() -> None:
    for table, key in (("records", "record_id"), ("documents", "doc_id")):
        of = f" OF {DOCUMENT_COLUMNS}" if table == "documents" else ""
        op.execute(
            f"CREATE FUNCTION {table}_due() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO search_due ({key}) VALUES (NEW.{key}); RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_due AFTER INSERT OR UPDATE{of} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_due()"
        )
