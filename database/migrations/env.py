"""What Alembic executes to run the steps, on the connection that ``scmine.database.schema`` gives.

The caller has begun the transaction and commits it, so that a step is done as a whole or not at
all.
"""

from alembic import context

from scmine.database.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
