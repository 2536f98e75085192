"""Bringing a file to the schema this program writes, in one transaction or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from asbcli.errors import DatabaseUnusable
from asbcli.store import read
from asbcli.store.engine import engine_for
from asbcli.store.identity import APPLICATION_ID, SCHEMA_VERSION

HERE = Path(__file__).parent / "migrations"
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"

Object = tuple[str, str, str, str | None]


def expected_schema() -> frozenset[Object]:
    """What the migrations make: every table, index and trigger of an empty register."""
    return _made_by(HERE)


@cache
def _made_by(_steps: Path) -> frozenset[Object]:
    engine = engine_for(Path(":memory:"))
    migrate(engine)
    with engine.begin() as connection:
        return frozenset((row[0], row[1], row[2], row[3]) for row in connection.exec_driver_sql(SCHEMA))


def head_revision() -> str:
    """The last step there is."""
    return ScriptDirectory(str(HERE)).get_current_head() or ""


def schema_of(path: Path) -> int | None:
    """The schema of a register that is older than this program's; None where it is up to date. DatabaseUnusable."""
    with closing(read.connect(path, any_version=True)) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
    return version if version < SCHEMA_VERSION else None


def bring_up_to_date(path: Path, *, before_commit: Callable[[], None] = lambda: None) -> None:
    """Migrate a register in place. Raises DatabaseUnusable where there is no way from its schema, or it is in use."""
    engine = engine_for(path)
    try:
        migrate(engine, before_commit=before_commit)
    except CommandError as fault:
        raise DatabaseUnusable(
            f"{path} cannot be brought up to date: a step is missing ({fault}); nothing was saved",
            "install the asb that wrote it, or a newer one",
        ) from fault
    except (DatabaseError, sqlite3.Error) as fault:
        raise DatabaseUnusable(
            f"{path} cannot be brought up to date ({getattr(fault, 'orig', fault)}); nothing was saved",
            "asb restore brings a backup into place",
        ) from fault
    finally:
        engine.dispose()


def migrate(engine: Engine, *, before_commit: Callable[[], None] = lambda: None) -> None:
    """Run every step the file has not had; start-up then checks the one integer it leaves (`user_version`)."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        before_commit()
