"""The register's tables as they leave it, row by row; of a restricted case its reference alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from asbcli.store import read
from asbcli.store.shapes import deadline_shape, hidden_deadline, shown

STATEMENTS = {
    "deadlines": """
        SELECT deadlines.*, rules.title, rules.source, rules.clause, rules.strength FROM deadlines
        JOIN rules ON rules.procedure = deadlines.procedure AND rules.rule = deadlines.rule
        WHERE coalesce(deadlines.due, deadlines.started) BETWEEN :since AND :until
        ORDER BY deadlines.case_number, deadlines.id
    """,
    "incidents": """
        SELECT 'ASB-' || case_number AS "case", seq AS entry, happened AS happened_at, received AS received_at,
               text, place
        FROM incidents WHERE received BETWEEN :since AND :until ORDER BY case_number, seq
    """,
    "people": """
        SELECT 'ASB-' || people.case_number AS "case", 'P' || people.person AS id, people.name,
               group_concat(person_roles.role, ';') AS roles, people.tenure, people.tenancy, people.address
        FROM people JOIN person_roles ON person_roles.case_number = people.case_number
             AND person_roles.person = people.person
        JOIN cases ON cases.number = people.case_number
        WHERE cases.received BETWEEN :since AND :until
        GROUP BY people.case_number, people.person ORDER BY people.case_number, people.person
    """,
    "actions": """
        SELECT 'ASB-' || actions.case_number AS "case", item, text, who, due, resolving, done AS done_at FROM actions
        JOIN cases ON cases.number = actions.case_number
        WHERE cases.received BETWEEN :since AND :until ORDER BY actions.case_number, CAST(item AS INTEGER)
    """,
    "log": """
        SELECT entries.seq AS entry, entries.case_number, kind, happened AS happened_at, recorded_at, actor AS by,
               body AS says, salt, body_hash, previous, hash
        FROM entries JOIN bodies ON bodies.seq = entries.seq
        WHERE recorded_at BETWEEN :since AND :until ORDER BY entries.seq
    """,
}
_SAYS = {"incidents": "text", "people": "name", "actions": "text"}
_MOMENTS = ("happened_at", "received_at", "due", "done_at")


def rows_of(connection: sqlite3.Connection, table: str, *, now: datetime, since: date | None = None,
            until: date | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a table as they leave the register, one at a time; between two days, of receipt or of recording."""
    if table == "cases":
        yield from read.cases(connection, since=since and since.isoformat(), until=until and until.isoformat())
        return
    unseen, told = read.restricted(connection), set()
    span = {"since": since.isoformat() if since else "", "until": f"{until.isoformat()}~" if until else "~"}
    for row in connection.execute(STATEMENTS[table], span):
        if table == "deadlines":
            shape = deadline_shape(row, now)
            yield hidden_deadline(shape) if row["case_number"] in unseen else shape
            continue
        line = dict(row)
        if table == "log":
            # The header, which is chained, holds nothing of anybody.
            if line["case_number"] in unseen or (line["kind"] == "calendar" and _moved_of(line["says"], unseen)):
                line["says"] = line["salt"] = None
        elif (number := int(line["case"][4:])) in unseen:
            if number not in told:
                told.add(number)
                yield dict.fromkeys(line) | {_SAYS.get(table, "text"): "restricted", "case": line["case"]}
            continue
        for name in _MOMENTS:
            if name in line:
                line[name] = shown(line[name])
        yield line


def _moved_of(says: str, unseen: Collection[int]) -> bool:
    """Whether a change of the calendar names a deadline of a case that has come to be restricted since."""
    return any(int(case[4:]) in unseen and rule != "restricted" for case, rule, *_ in json.loads(says).get("moved", ()))
