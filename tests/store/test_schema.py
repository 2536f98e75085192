"""The schema: what the migrations make is what the tables say, and it holds no nonsense."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from asbcli.store.identity import APPLICATION_ID, SCHEMA_VERSION
from asbcli.store.tables import Table


def test_the_migrated_schema_is_what_the_tables_say(template: Path) -> None:
    engine = create_engine(f"sqlite:///{template}")
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
    connection = sqlite3.connect(file)
    found = {
        name: {" ".join(line.split()).strip(" ,").replace('"', "").lower() for line in sql.splitlines()[1:-1]}
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if name in Table.metadata.tables
    }
    connection.close()
    return found


def test_the_file_says_whose_it_is(template: Path) -> None:
    connection = sqlite3.connect(template)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert template.stat().st_mode & 0o777 == 0o600


CASE = {
    "number": 1, "status": "open", "priority": "1", "definition": "personal", "summary": "x",
    "received": "2025-11-17", "recorded_at": "2025-11-17T09:00:00.000000+00:00", "officer": "Ann",
    "procedure": "default@2023-12", "anonymous": 0, "last_entry": 1,
}  # fmt: skip
PERSON = {"case_number": 1, "person": 1, "name": "Jane"}


def _inserted(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    names = ", ".join(row)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


@pytest.fixture
def register(template: Path, tmp_path: Path) -> sqlite3.Connection:
    shutil.copy(template, tmp_path / "register.sqlite")
    connection = sqlite3.connect(tmp_path / "register.sqlite")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def test_a_case_that_makes_sense_is_taken(register: sqlite3.Connection) -> None:
    _inserted(register, "cases", CASE)
    _inserted(register, "people", PERSON)


@pytest.mark.parametrize(("table", "nonsense"), [
    ("cases", {"status": "re-opened"}),
    ("cases", {"status": "closed"}),  # without the day it was closed
    ("cases", {"closed": "2025-12-01"}),  # with one, and open
    ("cases", {"definition": "peculiar"}),
    ("cases", {"priority": ""}),
    ("cases", {"received": "17/11/2025"}),
    ("cases", {"received": "2025-11-17T09:00:00+01:00"}),  # not UTC
    ("cases", {"received": None}),
    ("cases", {"summary": None}),
    ("cases", {"officer": None}),
    ("cases", {"procedure": "nobody-adopted@1"}),
    ("cases", {"last_entry": 9_999}),
    ("people", {"tenure": "squatter"}),
    ("people", {"tenancy": "shared"}),
    ("people", {"name": None}),
    ("people", {"case_number": 99}),
    ("person_roles", {"case_number": 1, "person": 1, "role": "bystander", "identified": "2025-11-17"}),
    ("person_roles", {"case_number": 1, "person": 99, "role": "victim", "identified": "2025-11-17"}),
    ("person_roles", {"case_number": 1, "person": 1, "role": "victim", "identified": "yesterday"}),
    ("labels", {"case_number": 1, "family": "colour", "label": "red", "place": 0}),
    ("labels", {"case_number": 99, "family": "flag", "label": "hate", "place": 0}),
    ("links", {"case_number": 1, "other": 2, "kind": "a-bit-like"}),
    ("deadlines", {"case_number": 1, "procedure": "default@2023-12", "rule": "no-such-rule", "person": 0, "item": "",
                   "occurrence": 1, "started": "2025-11-17", "notes": ""}),
    ("deadlines", {"case_number": 1, "procedure": "default@2023-12", "rule": "copied-case", "person": 0, "item": "",
                   "occurrence": 1, "started": "2025-11-17", "due": "soon", "notes": ""}),
    ("deadlines", {"case_number": 99, "procedure": "default@2023-12", "rule": "copied-case", "person": 0, "item": "",
                   "occurrence": 1, "started": "2025-11-17", "notes": ""}),
    ("calendar", {"day": "2025-12-01", "kind": "half-day", "title": "x"}),
    ("rules", {"procedure": "default@2023-12", "rule": "x", "title": "x", "source": "x", "clause": "1",
               "strength": "shall"}),
    ("bodies", {"seq": 9_999, "salt": "x", "body": "{}"}),
    ("imports", {"external_ref": "A1", "case_number": 99, "digest": "x"}),
    ("incidents", {"seq": 1, "case_number": 99, "received": "2025-11-17", "text": "x"}),
    ("actions", {"case_number": 1, "item": "1", "text": None, "resolving": 0}),
])  # fmt: skip
def test_nonsense_is_refused(register: sqlite3.Connection, table: str, nonsense: dict[str, object]) -> None:
    if table != "cases":
        _inserted(register, "cases", CASE)
    if table == "person_roles":
        _inserted(register, "people", PERSON)
    row = {"cases": {**CASE, **nonsense}, "people": {**PERSON, **nonsense}}.get(table, nonsense)
    with pytest.raises(sqlite3.IntegrityError):
        _inserted(register, table, row)


def test_the_same_deadline_cannot_stand_twice(register: sqlite3.Connection) -> None:
    _inserted(register, "cases", CASE)
    row = {"case_number": 1, "procedure": "default@2023-12", "rule": "copied-case", "person": 0, "item": "",
           "occurrence": 1, "started": "2025-11-17", "notes": ""}  # fmt: skip
    _inserted(register, "deadlines", row)
    with pytest.raises(sqlite3.IntegrityError):
        _inserted(register, "deadlines", row)
