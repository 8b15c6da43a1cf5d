"""What each person looked up last."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "lookups",
        sa.Column("asker", sa.String(64), primary_key=True),
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.Float(53), nullable=False, index=True),
    )
