"""What larger embedders make of sounds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audio_embeddings",
        sa.Column("embedder", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("vector", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("embedder", "content_hash", name=op.f("pk_audio_embeddings")),
    )
