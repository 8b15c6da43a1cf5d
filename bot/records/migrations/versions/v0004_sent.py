"""Which message of a chat holds which answer."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "sent",
        sa.Column("message", sa.String(64), primary_key=True),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.Float(53), nullable=False, index=True),
    )
