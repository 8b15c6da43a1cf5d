"""What each stored question was asked with, without which it can't be asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns, empty for the answers so far."""
    op.add_column("answers", sa.Column("context", sa.Text))
    op.add_column("answers", sa.Column("regulation", sa.String(64)))
