"""Alembic's entry point: migrate on the connection that :func:`ml.data.migrations.upgrade` holds."""

from alembic import context

from ml.data.schema import metadata

# Alembic runs this file with a context; tools that import every module have none.
if hasattr(context, "config"):
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
    )
    context.run_migrations()
