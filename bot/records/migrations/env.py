"""What Alembic runs: the migrations, on the connection whose transaction and lock `bot.records.migrate` holds."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
