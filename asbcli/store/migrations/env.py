"""Alembic's way in: it gets a connection that is already in its transaction, and decides nothing itself."""

from __future__ import annotations

from alembic import context

from asbcli.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
