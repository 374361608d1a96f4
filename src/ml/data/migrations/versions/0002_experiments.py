"""Experiments: what is tried out, who was given what, and what they did."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of experiments."""
    op.create_table(
        "experiments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("buckets", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
    )
    op.create_index(op.f("ix_experiments_name"), "experiments", ["name"], unique=True)
    op.create_table(
        "exposures",
        sa.Column("experiment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("exposed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "user_key", name=op.f("pk_exposures")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_exposures_user_key"), "exposures", ["user_key"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("user_key", "occurred_at", "event", name=op.f("pk_outcomes")),
        sqlite_with_rowid=False,
    )
    op.execute(sa.text("INSERT INTO sequences (name, next) VALUES ('experiment', 1)"))
