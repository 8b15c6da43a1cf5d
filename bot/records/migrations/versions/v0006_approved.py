"""The answers to questionnaires that people approved."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "approved",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("at", sa.Float(53), nullable=False, index=True),
        sa.Column("corpus", sa.String(64), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
    )
