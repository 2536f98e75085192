"""The schema: what the migrations make is what the tables say, and it holds no nonsense."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from registers import opened
from sqlalchemy import create_engine

from asbcli.store.engine import engine_for
from asbcli.store.identity import APPLICATION_ID, SCHEMA_VERSION
from asbcli.store.tables import Table


def test_the_migrated_schema_is_what_the_tables_say(template: Path) -> None:
    engine = engine_for(template)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        )
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_the_migrated_constraints_are_what_the_tables_say(template: Path, tmp_path: Path) -> None:
    """Alembic compares no check constraints, nor the order of columns."""
    made = create_engine(f"sqlite:///{tmp_path / 'made.sqlite'}")
    Table.metadata.create_all(made)
    made.dispose()
    assert _constraints(template) == _constraints(tmp_path / "made.sqlite")


def _constraints(file: Path) -> dict[str, set[str]]:
    """The clauses of each table's definition, as a set: their order means nothing."""
    connection = opened(file)
    found = {
        name: {" ".join(line.split()).strip(" ,").replace('"', "").lower() for line in sql.splitlines()[1:-1]}
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if name in Table.metadata.tables
    }
    connection.close()
    return found


def test_the_file_says_whose_it_is(template: Path) -> None:
    connection = opened(template)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert template.stat().st_mode & 0o777 == 0o600


@pytest.fixture(scope="module")
def filled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with two cases, linked, and a plan."""
    from housing_office import office_at

    register = tmp_path_factory.mktemp("filled") / "register.sqlite"
    with office_at(register, template) as office:
        case = office.open(category="noise", received="2025-11-17", perpetrator="Ross Muir")
        case.do("plan", "add", "Talk to both", who="Mhairi", due="2025-12-05", at="2025-11-18")
        case.do("link", office.open(category="pets", received="2025-11-17").number)
    return register


@pytest.fixture
def register(filled: Path, tmp_path: Path) -> sqlite3.Connection:
    shutil.copy(filled, tmp_path / "register.sqlite")
    connection = opened(tmp_path / "register.sqlite")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@pytest.mark.parametrize(
    ("table", "column", "sense", "nonsense"),
    [
        ("cases", "definition", "personal", "peculiar"),
        ("cases", "priority", "1", ""),
        ("cases", "status", "open", "re-opened"),
        ("cases", "status", "open", "closed"),  # without the day it was closed
        ("cases", "closed", None, "2025-12-01"),  # with one, and open
        ("cases", "received", "2025-11-18", "18/11/2025"),
        ("cases", "received", "2025-11-17T09:00:00+00:00", "2025-11-17T09:00:00+01:00"),  # not UTC
        ("cases", "received", "2025-11-18", None),
        ("cases", "summary", "x", None),
        ("cases", "officer", "Ann", None),
        ("cases", "procedure", "default@2023-12", "nobody-adopted@1"),
        ("cases", "last_entry", 2, 9_999),
        ("people", "tenure", "own-tenant", "squatter"),
        ("people", "tenancy", "joint", "shared"),
        ("people", "name", "Jane", None),
        ("people", "case_number", 1, 99),
        ("person_roles", "role", "victim", "bystander"),
        ("person_roles", "person", 1, 99),
        ("person_roles", "identified", "2025-11-18", "yesterday"),
        ("labels", "family", "flag", "colour"),
        ("labels", "case_number", 1, 99),
        ("links", "kind", "reopened-from", "a-bit-like"),
        ("deadlines", "rule", "copied-case", "no-such-rule"),
        ("deadlines", "due", "2025-12-01", "soon"),
        ("deadlines", "case_number", 1, 99),
        ("deadlines", "started", "2025-12-01", None),
        ("calendar", "kind", "closed", "half-day"),
        ("rules", "strength", "may", "shall"),
        ("incidents", "case_number", 1, 99),
        ("incidents", "received", "2025-12-01", "soon"),
        ("actions", "text", "x", None),
        ("actions", "due", "2025-12-01", "Christmas"),
    ],
)
def test_nonsense_is_refused(
    register: sqlite3.Connection, table: str, column: str, sense: object, nonsense: object
) -> None:
    change = f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT max(rowid) FROM {table})"
    register.execute(change, (sense,))  # it is the value that is refused, nothing else
    with pytest.raises(sqlite3.IntegrityError):
        register.execute(change, (nonsense,))


def test_the_same_deadline_cannot_stand_twice(register: sqlite3.Connection) -> None:
    columns = [row[1] for row in register.execute("PRAGMA table_info(deadlines)") if row[1] != "id"]
    names = ", ".join(columns)
    with pytest.raises(sqlite3.IntegrityError):
        register.execute(f"INSERT INTO deadlines ({names}) SELECT {names} FROM deadlines")
