"""The schema's history, for Alembic: each step in one transaction, never edited once released."""
