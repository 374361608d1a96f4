"""Versioned changes of the schema, by Alembic.

A database carries the revision it is at. Opening one compares that with the newest
revision first, which costs one small query; Alembic itself is imported only when there
is something to change.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from ml.foundation.errors import StoreError

#: The newest revision. A test holds it to the files in ``versions``.
HEAD = "0014"


def revision(engine: Engine) -> str | None:
    """Read the revision of a database; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, *, where: str = "", to: str = HEAD) -> None:
    """Bring a database to a revision, in one transaction.

    Raises
    ------
    StoreError
        If the database was written by a newer version of this package.
    """
    at = revision(engine)
    if at == to:
        return
    if at is not None and at > HEAD:
        raise StoreError(
            f"{where}: the database is at revision {at}, newer than this version knows ({HEAD})",
            "pip install --upgrade spotify-ai-agent-ml",
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(ml_write=True) as connection, connection.begin():
        # Two processes may open a new workspace at once: the second finds the work done.
        config.attributes["connection"] = connection
        command.upgrade(config, to)
