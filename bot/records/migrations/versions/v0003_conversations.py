"""Which conversation each answer belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column, empty for the answers so far."""
    op.add_column("answers", sa.Column("conversation", sa.String(64)))
    op.create_index("ix_answers_conversation", "answers", ["conversation", "at"])
