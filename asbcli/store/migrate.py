"""Bringing a file to the schema this program writes, in one transaction or not at all."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from asbcli.store.identity import APPLICATION_ID, SCHEMA_VERSION

HERE = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Run every step the file has not had; start-up then checks the one integer it leaves (`user_version`)."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
