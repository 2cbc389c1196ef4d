"""Storage of claims: the record, the database, import and export.

Importing this package loads no third-party library; the parts are imported by name, for instance
``from scmine.database.store import open_database``.
"""
