"""Feedback: what listeners said about items, and what undoes it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of feedback; blocks that are there become its first events, so that they can be undone too."""
    op.create_table(
        "feedback",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("from_ms", sa.BigInteger(), nullable=True),
        sa.Column("to_ms", sa.BigInteger(), nullable=True),
        sa.Column("blocked_before", sa.BigInteger(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_key", "event_id", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,
    )
    op.add_column("listens", sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=True))
    op.add_column("users", sa.Column("paused_at", sa.BigInteger(), nullable=True))
    op.execute(
        "INSERT INTO feedback (user_key, event_id, item_key, kind, at, undone) "
        "SELECT user_key, ROW_NUMBER() OVER (ORDER BY blocked_at, user_key, item_key), item_key, 'block', blocked_at, "
        "FALSE FROM blocks"
    )
    op.execute("INSERT INTO sequences (name, next) SELECT 'event', COUNT(*) + 1 FROM feedback")
