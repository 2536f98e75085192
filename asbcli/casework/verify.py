"""Walks the chain, replays the log, and compares every row: what the register says is what its log adds up to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from asbcli.casefile.entries import ProcedureAdopted
from asbcli.casework.cores import Helped, helpers
from asbcli.casework.replaying import Replay, Span, read_leniently, readable, same
from asbcli.store import evidence, read
from asbcli.store.chain import FIRST, HEADER, body_hash, canonical, digest, header_hash
from asbcli.store.dump import TABLES
from asbcli.store.past import Past, logged, replay
from asbcli.store.rows import OF_A_CASE, deadline_row
from asbcli.store.shapes import ref

CHAIN = f"""
    SELECT {", ".join(f"entries.{name}" for name in HEADER)}, entries.hash,
           bodies.seq IS NOT NULL, bodies.salt, bodies.body, remnants.seq IS NOT NULL
    FROM entries LEFT JOIN bodies ON bodies.seq = entries.seq LEFT JOIN remnants ON remnants.seq = entries.seq
    ORDER BY entries.seq
"""
COMPARED = frozenset((*OF_A_CASE, "entries", "bodies"))  # value by value, or by their hash: a type shows there
EVERY = 10_000  # entries between two words of progress
AT_ONCE = 100  # cases replayed together: what is read of them is what is held in memory


def verify(connection: sqlite3.Connection, *, expect: tuple[int, str] | None = None, files: bool = True,
           progress: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """Everything that does not hold, one sentence each; nothing where the register is whole.

    `expect`: a head written down elsewhere, which the log must extend. `files`: look through the evidence too, once
    the connection's transaction is at an end: others record while gigabytes are read.
    """
    try:
        spans = list(_spans(connection))
        with helpers(connection, spans) as helped:
            if damage := _damage(connection):
                yield from (f"the file is damaged: {said}" for said in damage)
                return
            checks: tuple[Callable[[], Iterable[str]], ...] = (
                lambda: _schema(connection), lambda: _kinds(connection),
                lambda: _chain(connection, expect, progress),
                lambda: _erasures(connection), lambda: _calendar(connection), lambda: _procedures(connection),
                lambda: _numbers(connection), lambda: _cases(connection, spans, helped, progress),
                lambda: _imports(connection),
            )
            for check in checks:
                yield from readable(connection, check)
        if files:
            yield from readable(connection, lambda: _files(connection, progress))
    except sqlite3.DatabaseError as fault:
        if "locked" in str(fault):
            raise
        yield f"the file is damaged: {fault}"
    except UnicodeDecodeError:  # what SQLite says of it quotes bytes of it
        yield "the file is damaged: what it says of its own tables cannot be read"


def _damage(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with its own file; it quotes bytes of it."""
    strictly = connection.text_factory
    read_leniently(connection)
    said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    connection.text_factory = strictly
    return [each for each in said if each != "ok"]


def _schema(connection: sqlite3.Connection) -> Iterator[str]:
    """The tables, indexes and triggers, against what the migrations make."""
    from asbcli.store.migrate import SCHEMA, expected_schema, head_revision

    found, expected = {tuple(row) for row in connection.execute(SCHEMA)}, expected_schema()
    for kind, name, *_ in sorted({row[:2] for row in found ^ expected}):
        yield f"the {kind} {name} is not as asb makes it"
    if [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")] != [head_revision()]:
        yield "the register's note of its own schema was changed"
    yield from (f"a row of {row[0]} refers to one of {row[2]} that is not there"
                for row in connection.execute("PRAGMA foreign_key_check"))


def _kinds(connection: sqlite3.Connection) -> Iterator[str]:
    """Each value, against the kind its column is declared with: SQLite itself stores bytes in any of them."""
    for table in sorted(TABLES.keys() - COMPARED):
        columns = [(row["name"], "text" if row["type"] in ("TEXT", "VARCHAR") else "integer")
                   for row in connection.execute(f"PRAGMA table_info({table})")]
        wrong = ", ".join(f"total(typeof({name}) NOT IN ('{kind}', 'null'))" for name, kind in columns)
        counted = connection.execute(f"SELECT {wrong} FROM {table}").fetchone()
        for (name, kind), number in zip(columns, counted, strict=True):
            if number:
                yield f"{table}.{name} holds what is no {kind} ({number:.0f} times)"


def _chain(connection: sqlite3.Connection, expect: tuple[int, str] | None,
           progress: Callable[[str], None]) -> Iterator[str]:
    head, last = FIRST, 0
    seen = expect is None
    rows = connection.execute(CHAIN)
    rows.row_factory = None  # a Row looks for every name in all of its columns
    for *values, hashed, has_body, salt, body, has_left in rows:
        header = dict(zip(HEADER, values, strict=True))
        seq = header["seq"]
        if seq != last + 1:
            yield f"entries {last + 1} to {seq - 1} are missing from the log"
        if header["previous"] != head:
            yield f"entry {seq} does not follow the entry before it"
        if not _holds(header_hash, hashed, header):
            yield f"the header of entry {seq} was changed"
        if not has_body:
            yield f"the body of entry {seq} is missing"
        elif body is None or salt is None:
            if not has_left:
                yield f"entry {seq} was emptied, and no erasure says so"
        elif not _holds(body_hash, header["body_hash"], salt, body):
            yield f"the body of entry {seq} was changed"
        if expect and seq == expect[0]:
            seen = True
            if hashed != expect[1]:
                yield f"entry {seq} is not the one that was noted: the log was rewritten"
        head, last = hashed, seq
        if seq % EVERY == 0:
            progress(f"{seq:,} entries")
    if not seen and expect:
        yield f"the log ends at entry {last}, before entry {expect[0]} that was noted: it was cut short"
    orphans = connection.execute("SELECT count(*) FROM bodies WHERE seq NOT IN (SELECT seq FROM entries)").fetchone()
    if orphans[0]:
        yield f"{orphans[0]} bodies belong to no entry"


def _holds(hash_of: Callable[..., str], hashed: str, *words: Any) -> bool:
    """Whether the hash is of these words; what cannot even be hashed is not as it was written."""
    try:
        return hash_of(*words) == hashed
    except (TypeError, ValueError, AttributeError):
        return False


def clock_set_back(connection: sqlite3.Connection) -> list[int]:
    """The entries recorded, by the machine's clock, before the one they follow; the log's own order counts."""
    return [row[0] for row in connection.execute(
        "SELECT later.seq FROM entries AS later JOIN entries AS earlier ON earlier.seq = later.seq - 1 "
        "WHERE later.recorded_at < earlier.recorded_at ORDER BY later.seq")]


def _erasures(connection: sqlite3.Connection) -> Iterator[str]:
    """What is left of erased entries, against the entries that erased them."""
    left: dict[int, str] = {}
    for row in connection.execute("SELECT bodies.body FROM entries JOIN bodies ON bodies.seq = entries.seq "
                                  "WHERE entries.kind = 'erasure' AND bodies.body IS NOT NULL"):
        left |= {int(seq): canonical(each) for seq, each in json.loads(row["body"])["left"].items()}
    if left != {row["seq"]: row["body"] for row in connection.execute("SELECT seq, body FROM remnants")}:
        yield "what is left of erased entries is not what the log says"
    for [seq] in connection.execute("SELECT remnants.seq FROM remnants JOIN bodies ON bodies.seq = remnants.seq "
                                    "WHERE bodies.body IS NOT NULL"):
        yield f"entry {seq} was erased, and its words are back"


def _imports(connection: sqlite3.Connection) -> Iterator[str]:
    """Under which references reports came in, against the reports."""
    expected: dict[str, tuple[int, str]] = {}
    for row in connection.execute(
        "SELECT entries.case_number, coalesce(bodies.body, remnants.body) AS body FROM entries "
        "JOIN bodies ON bodies.seq = entries.seq LEFT JOIN remnants ON remnants.seq = entries.seq "
        "WHERE entries.kind = 'report' AND coalesce(bodies.body, remnants.body) LIKE '%\"import_digest\"%' "
        "ORDER BY entries.seq"
    ):
        body = json.loads(row["body"])
        expected.setdefault(body["external_ref"], (row["case_number"], body["import_digest"]))
    stored = {row["external_ref"]: (row["case_number"], row["digest"])
              for row in connection.execute("SELECT * FROM imports")}
    for external in sorted(name for name in {*expected, *stored} if expected.get(name) != stored.get(name)):
        yield f"the import of {external} is not as its report says"


def _files(connection: sqlite3.Connection, progress: Callable[[str], None]) -> Iterator[str]:
    """The evidence, against the entries that took it in; what was added or erased meanwhile is no finding."""
    register = Path(connection.execute("PRAGMA database_list").fetchone()["file"])
    folder, known = evidence.folder_for(register, connection), evidence.kept(connection)
    connection.rollback()
    found = list(evidence.findings(folder, known, lambda size: progress(f"{size:,} bytes of evidence")))
    if found:
        changed = known.keys() ^ evidence.kept(connection).keys()
        yield from (each for each in found if not any(digest in each for digest in changed))


def _calendar(connection: sqlite3.Connection) -> Iterator[str]:
    days: dict[tuple[str, str], str] = {}
    known: dict[str, str] = {}
    for each in logged(read.log(connection, None)):
        if each.entry.KIND == "calendar":
            replay(days, each.entry)
            said = {"known_until": each.entry.known_until, "uid_key": each.entry.uid_key_digest}
            known |= {name: value for name, value in said.items() if value}
    stored = {row["name"]: row["value"] for row in connection.execute("SELECT * FROM register")}
    if known != {name: digest(value) if name == "uid_key" else value for name, value in stored.items()}:
        yield "what the register knows of itself is not what its log says"
    if days != {(day, kind): title for day, kind, title in read.calendar_rows(connection)}:
        yield "the calendar is not what its log adds up to"


def _procedures(connection: sqlite3.Connection) -> Iterator[str]:
    adopted = [each for each in logged(read.log(connection, None)) if isinstance(each.entry, ProcedureAdopted)]
    stored = {row["key"]: row for row in connection.execute("SELECT * FROM procedures")}
    if set(stored) != {each.entry.key for each in adopted}:
        yield "the procedures are not those that were adopted"
        return
    for each in adopted:
        row = stored[each.entry.key]
        if (row["title"], row["in_force_from"], row["digest"], row["adopted"]) != (
                each.entry.title, each.entry.in_force_from, each.entry.digest, each.seq):
            yield f"the row of {each.entry.key} is not as it was adopted"
        if not _holds(digest, each.entry.digest, row["content"]):  # the very text: said twice it would be read once
            yield f"the procedure {each.entry.key} is not as it was adopted"
            continue
        content = json.loads(row["content"])
        rules = {row["id"]: (row["title"], row["source"], row["clause"], row["strength"])
                 for row in content.get("deadline", [])}
        kept = {row["rule"]: tuple(row[name] for name in ("title", "source", "clause", "strength"))
                for row in connection.execute("SELECT * FROM rules WHERE procedure = ?", (each.entry.key,))}
        if rules != kept:
            yield f"the rules of {each.entry.key} are not as they were adopted"
    if adopted:
        expected = [deadline_row(row, None, key, officer) for row, key, officer in Past(connection).of_no_case()]
        if not same(expected, connection.execute("SELECT * FROM deadlines WHERE case_number IS NULL")):
            yield "the deadlines of no case are not what its log adds up to"


def _numbers(connection: sqlite3.Connection) -> Iterator[str]:
    """The cases the log tells of, against those the tables have."""
    numbers = [row[0] for row in connection.execute(
        "SELECT DISTINCT case_number FROM entries WHERE case_number IS NOT NULL ORDER BY case_number")]
    stored = [row[0] for row in connection.execute("SELECT number FROM cases ORDER BY number")]
    for number in sorted(set(numbers) ^ set(stored)):
        yield f"{ref(number)} is in the {'log' if number in numbers else 'tables'} only"


def _spans(connection: sqlite3.Connection) -> Iterator[Span]:
    numbers = [row[0] for row in connection.execute("SELECT number FROM cases ORDER BY number")]
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start:start + AT_ONCE]
        yield some[0], some[-1]


def _cases(connection: sqlite3.Connection, spans: list[Span], helped: Helped,
           progress: Callable[[str], None]) -> Iterator[str]:
    """Every case; helpers on the other cores were at it while the rest was looked through."""
    replay = Replay(connection)
    [every] = connection.execute("SELECT count(*) FROM cases").fetchone()
    for place, span in enumerate(spans):
        found = helped(place)
        yield from replay.findings(span) if found is None else found
        progress(f"{min((place + 1) * AT_ONCE, every):,} of {every:,} cases")
