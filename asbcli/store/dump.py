"""A register as JSON Lines, whole: a head, a line for each row of each table, and a tail that says it is all there."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.store import door
from asbcli.store.backup import Head, head_of
from asbcli.store.identity import SCHEMA_VERSION

FORMAT = 1
LONGEST_LINE = 20_000_000  # characters: a procedure is the longest row there is
# In the order foreign keys allow, each by what its rows are sorted by.
TABLES = {
    "entries": "seq", "bodies": "seq", "remnants": "seq", "register": "name", "calendar": "day, kind",
    "procedures": "adopted", "rules": "procedure, rule", "cases": "number", "imports": "external_ref",
    "labels": "case_number, family, place", "people": "case_number, person",
    "aliases": "case_number, person, name",
    "person_roles": "case_number, person, role", "incidents": "seq", "actions": "case_number, item",
    "evidence": "seq", "links": "case_number, other, kind", "deadlines": "id",
}  # fmt: skip


def dump(connection: sqlite3.Connection) -> Iterator[str]:
    """The lines of a register; the same register always gives the same bytes."""
    summed = hashlib.sha256()
    for line in _lines(connection):
        summed.update(line.encode())
        yield line
    yield _line({"end": summed.hexdigest()})


def _lines(connection: sqlite3.Connection) -> Iterator[str]:
    yield _line({"asb": "dump", "format": FORMAT, "head": str(head_of(connection)), "schema": SCHEMA_VERSION})
    for table, order in TABLES.items():
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"):
            yield _line([table, dict(row)])


def _line(value: Any) -> str:
    """JSON on one line in plain ASCII: nothing in it moves a cursor."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).replace("\x7f", "\\u007f") + "\n"


Check = Callable[[sqlite3.Connection], Iterable[str]]


def fill(part: Path, lines: Iterable[str], *, check: Check) -> Head:
    """Put the lines of a dump into an empty register.

    Raises BadInput where they are not one, or not whole; sqlite3.OperationalError where there is no room for them.
    """
    with closing(door.connect(part)) as connection:
        promised = _fill(connection, lines)
        head = head_of(connection)
        found = next(iter(check(connection)), None)
    if found or str(head) != promised:
        raise BadInput(
            f"the dump is not whole: {found or 'its log ends elsewhere'}; nothing was saved",
            "dump the register anew",
        )
    return head


def _fill(connection: sqlite3.Connection, lines: Iterable[str]) -> str:
    """Insert every row; the head that the dump's first line promises."""
    columns = {table: [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")] for table in TABLES}
    promised = ""
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN")
    try:
        for number, said in _read(lines):
            if number == 1:
                promised = _promised(said)
            else:
                table, row = _row(number, said, columns)
                names = ", ".join(columns[table])
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", row)
    except sqlite3.OperationalError:  # the disk's fault, not the line's
        raise
    except (sqlite3.Error, UnicodeEncodeError, OverflowError) as fault:
        raise BadInput(
            f"line {number} cannot be stored ({fault}); nothing was saved", "dump the register anew"
        ) from None
    connection.execute("COMMIT")
    return promised


def _read(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    """Each line's number and what it says; the tail must be there and must fit."""
    summed, number = hashlib.sha256(), 0
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line) if len(line) <= LONGEST_LINE else None
        except (ValueError, RecursionError):
            said = None
        if said is None:
            raise BadInput(f"line {number} is not JSON as asb dump writes it; nothing was saved", "asb dump FILE")
        if isinstance(said, dict) and "end" in said:
            if said["end"] != summed.hexdigest():
                raise BadInput("the dump was changed after it was written; nothing was saved", "asb dump FILE")
            return
        summed.update(line.encode("utf-8", "replace"))
        yield number, said
    raise BadInput(
        f"the dump ends at line {number}, before its tail: it was cut short; nothing was saved", "asb dump FILE"
    )


def _promised(said: Any) -> str:
    if not isinstance(said, dict) or said.get("asb") != "dump" or said.get("format") != FORMAT:
        raise BadInput("this is not a dump of asb; nothing was saved", "asb dump FILE writes one")
    if said.get("schema") != SCHEMA_VERSION:
        raise DatabaseUnusable(
            f"the dump is of schema {said.get('schema')}, and this asb reads {SCHEMA_VERSION}",
            "dump it with the asb that is to load it",
        )
    return str(said.get("head"))


def _row(number: int, said: Any, columns: dict[str, list[str]]) -> tuple[str, list[Any]]:
    if not (
        isinstance(said, list)
        and len(said) == 2
        and said[0] in columns
        and isinstance(said[1], dict)
        and sorted(said[1]) == sorted(columns[said[0]])
        and all(value is None or isinstance(value, str | int) for value in said[1].values())
    ):
        raise BadInput(f"line {number} is not a row of a table of asb; nothing was saved", "dump the register anew")
    return said[0], [said[1][name] for name in columns[said[0]]]
