"""The steps that bring a database of any earlier scmine to today's tables.

Each step is a module of ``versions``, run by Alembic. A step is never changed once released; a new
one is added, and its id appended to ``REVISIONS``. When steps are run lives in
``scmine.database.schema``.
"""

REVISIONS = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"),
    "0011",
)
"""The ids of all steps, oldest first; kept here so that opening need not load Alembic."""

VERSION_TABLE = "scmine_schema"
"""The table in which a database notes the last step that was run on it."""
