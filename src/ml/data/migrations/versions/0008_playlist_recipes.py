"""Recipes of playlists, and the lists that they came to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "playlist_recipes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("avoid", sa.Integer(), nullable=False),
        sa.Column("user_key", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_playlist_recipes")),
    )
    op.create_table(
        "recipe_lists",
        sa.Column("recipe", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("playlist_key", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("recipe", "day", name=op.f("pk_recipe_lists")),
    )
    op.create_index(op.f("ix_recipe_lists_playlist_key"), "recipe_lists", ["playlist_key"])
