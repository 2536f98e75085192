"""What `doctor` looks at: settings, versions, the register's file and folder, its calendar."""

from __future__ import annotations

import platform
import sqlite3
import stat
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from asbcli import __version__
from asbcli.cli.desk import Desk
from asbcli.errors import AsbError
from asbcli.store import read

PACKAGES = ("typer", "rich", "sqlmodel", "sqlalchemy", "alembic", "holidays", "python-dateutil")
SYNCED = ("dropbox", "onedrive", "google drive", "icloud", "nextcloud")
Row = dict[str, str]


def checkup(desk: Desk) -> tuple[list[Row], list[str]]:
    """The rows of the report, and what is not as it should be."""
    settings = desk.settings
    rows = [
        _row("register", settings.database.value, settings.database.source),
        _row("acting", settings.acting.value, settings.acting.source),
        _row("colour", settings.colour.value, settings.colour.source),
        _row("config", settings.config.value, settings.config.source),
        _row("asb", __version__, ""),
        _row("python", platform.python_version(), ""),
        _row("sqlite", sqlite3.sqlite_version, ""),
        *(_row(name, _version(name), "") for name in PACKAGES),
    ]
    problems = _of_file(settings.path, rows)
    try:
        _of_register(desk, rows, problems)
    except AsbError as fault:
        problems.append(fault.problem)
    return rows, problems


def _row(what: str, value: str, source: str) -> Row:
    return {"what": what, "value": value, "from": source}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _of_file(path: Path, rows: list[Row]) -> list[str]:
    if not path.is_file():
        return []
    mode = stat.S_IMODE(path.stat().st_mode)
    rows.append(_row("permissions", f"{mode:04o}", ""))
    problems = []
    if mode & 0o077:
        problems.append(f"others on this machine can read {path}: chmod 600 it")
    if any(name in str(path).lower() for name in SYNCED):
        problems.append(f"{path} is in a folder that is copied to another service: keep the register out of it")
    return problems


def _of_register(desk: Desk, rows: list[Row], problems: list[str]) -> None:
    connection = desk.register
    known = read.known_until(connection)
    head = connection.execute(read.HEAD).fetchone()
    rows += [
        _row("cases", str(connection.execute("SELECT count(*) FROM cases").fetchone()[0]), ""),
        _row("entries", str(head["seq"]) if head else "0", ""),
        _row("procedure", read.procedures(connection)[-1]["key"], ""),
        _row("bank holidays published until", known, ""),
    ]
    if known < desk.now().date().isoformat():
        problems.append("the bank holidays of this year are not published in this calendar: asb calendar refresh")
