"""A schema that comes after the released one, for the tests of migrating to it."""

from __future__ import annotations

import shutil
from pathlib import Path

STEP = '''"""A later schema: a table more, and a column."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "0001"


def upgrade() -> None:
    op.create_table("later", sa.Column("word", sa.String(), primary_key=True))
    op.add_column("imports", sa.Column("later", sa.String(), nullable=True))
    for number in range(2000):
        op.execute(f"INSERT INTO later VALUES ('word {number}')")
'''


def with_a_later_schema(folder: Path) -> None:
    """Let the program in this process be of a later schema (of `folder`)."""
    from asbcli.store import dump, identity, migrate, read

    steps = folder / "later"
    shutil.copytree(migrate.HERE, steps, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (steps / "versions" / "9999_later.py").write_text(STEP)
    migrate.HERE = steps
    for module in (identity, migrate, read, dump):
        module.SCHEMA_VERSION += 1
