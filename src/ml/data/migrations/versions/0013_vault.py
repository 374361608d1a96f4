"""Keys of what is encrypted, and columns for it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and add the columns."""
    op.create_table(
        "data_keys",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_data_keys")),
    )
    op.create_index(op.f("ix_data_keys_root"), "data_keys", ["root"])
    for table in ("users", "subjects", "accounts", "api_keys", "invitations"):
        op.add_column(table, sa.Column("sealed", sa.String()))
