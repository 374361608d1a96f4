"""What recordings are known by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audio_fingerprints",
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("peaks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_audio_fingerprints")),
    )
