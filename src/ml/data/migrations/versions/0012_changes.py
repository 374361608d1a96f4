"""A number of each listener that grows with everything that is recorded of them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("users", sa.Column("changes", sa.BigInteger(), nullable=False, server_default="0"))
