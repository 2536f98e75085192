"""Walks the chain, replays the log, and compares every row: what the register says is what its log adds up to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from asbcli.casefile.entries import ProcedureAdopted
from asbcli.errors import AsbError
from asbcli.procedure.register_rules import of_tenancies, register_deadlines, tenancy_deadlines
from asbcli.store import read
from asbcli.store.chain import FIRST, body_hash, canonical, header_hash
from asbcli.store.past import Past, logged, replay
from asbcli.store.rows import deadline_row, rows_of
from asbcli.store.shapes import ref

CHAIN = """
    SELECT entries.*, bodies.seq AS body_seq, bodies.salt, bodies.body
    FROM entries LEFT JOIN bodies ON bodies.seq = entries.seq ORDER BY entries.seq
"""


def verify(connection: sqlite3.Connection, *, expect: tuple[int, str] | None = None) -> Iterator[str]:
    """Everything that does not hold, one sentence each; nothing where the register is whole.

    `expect`: a head written down elsewhere, which the log must extend.
    """
    damage = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    yield from (f"the file is damaged: {said}" for said in damage)
    if damage:
        return
    yield from _chain(connection, expect)
    try:
        yield from _calendar(connection)
        yield from _procedures(connection)
        yield from _cases(connection)
    except (AsbError, ValueError, KeyError, TypeError) as fault:
        yield f"the log cannot be replayed: {type(fault).__name__}"


def _chain(connection: sqlite3.Connection, expect: tuple[int, str] | None) -> Iterator[str]:
    head, last = FIRST, 0
    seen = expect is None
    for row in connection.execute(CHAIN):
        seq = row["seq"]
        if seq != last + 1:
            yield f"entries {last + 1} to {seq - 1} are missing from the log"
        if row["previous"] != head:
            yield f"entry {seq} does not follow the entry before it"
        if header_hash(row) != row["hash"]:
            yield f"the header of entry {seq} was changed"
        if row["body_seq"] is None:
            yield f"the body of entry {seq} is missing"
        elif row["body"] is None or body_hash(row["salt"], row["body"]) != row["body_hash"]:
            yield f"the body of entry {seq} was changed"
        if expect and seq == expect[0]:
            seen = True
            if row["hash"] != expect[1]:
                yield f"entry {seq} is not the one that was noted: the log was rewritten"
        head, last = row["hash"], seq
    if not seen and expect:
        yield f"the log ends at entry {last}, before entry {expect[0]} that was noted: it was cut short"
    orphans = connection.execute("SELECT count(*) FROM bodies WHERE seq NOT IN (SELECT seq FROM entries)").fetchone()
    if orphans[0]:
        yield f"{orphans[0]} bodies belong to no entry"


def _calendar(connection: sqlite3.Connection) -> Iterator[str]:
    days: dict[tuple[str, str], str] = {}
    for each in logged(read.log(connection, None)):
        if each.entry.KIND == "calendar":
            replay(days, each.entry)
    if days != {(day, kind): title for day, kind, title in read.calendar_rows(connection)}:
        yield "the calendar is not what its log adds up to"


def _procedures(connection: sqlite3.Connection) -> Iterator[str]:
    from asbcli.procedure.reading import digest

    adopted = [each for each in logged(read.log(connection, None)) if isinstance(each.entry, ProcedureAdopted)]
    stored = {row["key"]: row for row in connection.execute("SELECT * FROM procedures")}
    if set(stored) != {each.entry.key for each in adopted}:
        yield "the procedures are not those that were adopted"
        return
    for each in adopted:
        content = json.loads(stored[each.entry.key]["content"])
        if digest(content) != each.entry.digest:
            yield f"the procedure {each.entry.key} is not as it was adopted"
        rules = {row["id"]: (row["title"], row["source"], row["clause"], row["strength"])
                 for row in content.get("deadline", [])}
        kept = {row["rule"]: tuple(row[name] for name in ("title", "source", "clause", "strength"))
                for row in connection.execute("SELECT * FROM rules WHERE procedure = ?", (each.entry.key,))}
        if rules != kept:
            yield f"the rules of {each.entry.key} are not as they were adopted"
    if adopted:
        past = Past(connection)
        key = adopted[-1].entry.key
        rows = register_deadlines(past.procedure(key), adopted, past.calendar)
        expected = [deadline_row(row, None, key, None) for row in rows]
        for tenancy, log in of_tenancies(logged(read.log(connection, None))).items():
            procedure = past.procedure_for(log[0].happened.day)
            expected += [deadline_row(row, None, procedure.key, log[0].entry.officer)
                         for row in tenancy_deadlines(procedure, log, past.calendar)]
        if not _same(expected, connection.execute("SELECT * FROM deadlines WHERE case_number IS NULL")):
            yield "the deadlines of no case are not what its log adds up to"


def _cases(connection: sqlite3.Connection) -> Iterator[str]:
    past = Past(connection)
    numbers = [row[0] for row in connection.execute(
        "SELECT DISTINCT case_number FROM entries WHERE case_number IS NOT NULL ORDER BY case_number")]
    stored = [row[0] for row in connection.execute("SELECT number FROM cases ORDER BY number")]
    for number in sorted(set(numbers) ^ set(stored)):
        yield f"{ref(number)} is in the {'log' if number in numbers else 'tables'} only"
    for number in sorted(set(numbers) & set(stored)):
        case, found = past.case(number)
        for table, expected in rows_of(case, found).items():
            statement = read.CASE if table == "cases" else read.OF_A_CASE[table]
            if not _same(expected, connection.execute(statement, (number,))):
                yield f"{ref(number)}: its {table} are not what its log adds up to"


def _same(expected: list[dict[str, Any]], stored: Any) -> bool:
    """Whether the rows are those, whatever their order; a row's own number says nothing."""
    def spelled(rows: list[dict[str, Any]]) -> list[str]:
        return sorted(canonical({name: int(value) if isinstance(value, bool) else value
                                 for name, value in row.items() if name != "id"}) for row in rows)

    return spelled(expected) == spelled([dict(row) for row in stored])
