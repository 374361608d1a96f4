"""What was searched for, what was chosen of it, and searches that somebody keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "searches",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("whose", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    op.create_index(op.f("ix_searches_plain"), "searches", ["plain"])
    op.create_index(op.f("ix_searches_asked_at"), "searches", ["asked_at"])
    op.create_index(op.f("ix_searches_whose"), "searches", ["whose"])
    op.create_table(
        "search_choices",
        sa.Column("search_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hit", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("search_id", "hit", name=op.f("pk_search_choices")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_searches")),
    )
    op.execute("INSERT INTO sequences (name, next) VALUES ('searches', 1)")
