"""Every statement of the reading room, prepared against the schema that the migrations make."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from registers import opened

from asbcli.store import export, read
from asbcli.store.tables import Table

STATEMENTS = [*read.statements(), *export.STATEMENTS.values()]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda text: " ".join(text.split())[:60])
def test_a_statement_prepares(template: Path, statement: str) -> None:
    connection = opened(template, mode="ro")
    named = dict.fromkeys(re.findall(r":(\w+)", statement))
    answers = named or (None,) * statement.count("?")
    try:
        assert connection.execute(f"EXPLAIN {statement}", answers).fetchall()
    finally:
        connection.close()


def test_every_statement_of_the_room_is_named() -> None:
    """A constant that holds SQL and is not listed would never be prepared here."""
    listed = {" ".join(statement.split()) for statement in STATEMENTS}
    for name, value in vars(read).items():
        if name.isupper() and not name.startswith("_") and isinstance(value, str) and "SELECT" in value:
            assert " ".join(value.split()) in listed, name


def test_due_of_an_officer_never_walks_the_deadlines_that_are_over(template: Path) -> None:
    connection = opened(template, mode="ro")
    names = dict.fromkeys(re.findall(r":(\w+)", read.DUE_OF_OFFICER), "")
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {read.DUE_OF_OFFICER}", names))
    connection.close()
    assert "ix_deadlines_open" in plan, plan
    assert "SCAN deadlines" not in plan.replace("SCAN deadlines USING INDEX ix_deadlines_open", ""), plan


def test_a_reader_cannot_write(template: Path) -> None:
    connection = read.connect(template)
    for table in Table.metadata.tables:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()
