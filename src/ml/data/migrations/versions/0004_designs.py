"""Designs of experiments: the propensity of a bandit's draw, and which of two rankings an item came from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("exposures", sa.Column("propensity", sa.Float(), nullable=True))
    op.create_table(
        "drafts",
        sa.Column("experiment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shown_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "user_key", "item_key", "shown_at", name=op.f("pk_drafts")),
        sqlite_with_rowid=False,
    )
