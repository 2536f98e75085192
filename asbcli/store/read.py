"""Lists, searches and exports: read-only SQL over the plain driver, no ORM and nothing that is slow to import."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from asbcli.errors import DatabaseUnusable, InUse, NotFound
from asbcli.moments import LONDON
from asbcli.store import door
from asbcli.store.files import disk_full
from asbcli.store.identity import APPLICATION_ID, BUSY_SECONDS, SCHEMA_VERSION
from asbcli.store.shapes import case_line, case_shape, deadline_shape, hidden_deadline, ref, shown

_OURS = "--db FILE names a register; asb init makes one"
_OPEN = "deadlines.met IS NULL AND deadlines.ended IS NULL"
_BEGUN = "deadlines.started <= CASE WHEN length(deadlines.started) = 10 THEN :today ELSE :now END"
_DUE = f"""
    SELECT deadlines.*, rules.title, rules.source, rules.clause, rules.strength
    FROM deadlines JOIN rules ON rules.procedure = deadlines.procedure AND rules.rule = deadlines.rule
    WHERE {_OPEN} AND {_BEGUN} AND (deadlines.act_by IS NULL OR deadlines.act_by <= :until)
"""
_DUE_ORDER = """
    ORDER BY deadlines.overdue_after IS NULL OR deadlines.overdue_after >= :now,
             deadlines.act_by IS NULL, deadlines.act_by, coalesce(deadlines.due, ''), deadlines.case_number,
             deadlines.rule, deadlines.person, deadlines.item
"""
DUE = _DUE + _DUE_ORDER
DUE_OF_OFFICER = _DUE + " AND deadlines.officer = :officer" + _DUE_ORDER

CASE = "SELECT * FROM cases WHERE number = ?"
RULES_OF_CASE = """
    SELECT rules.rule, rules.title, rules.source, rules.clause, rules.strength FROM rules
    JOIN cases ON cases.procedure = rules.procedure WHERE cases.number = ?
"""
_ORDER = {
    "labels": "place", "people": "person", "aliases": "person, name", "person_roles": "identified, role",
    "incidents": "seq", "actions": "CAST(item AS INTEGER)", "evidence": "seq", "links": "other, kind",
    "deadlines": "id",
}
OF_A_CASE = {table: f"SELECT * FROM {table} WHERE case_number = ? ORDER BY {order}" for table, order in _ORDER.items()}
# In the order they were written in, which `rows_of` has too.
ROWS_OF_CASES = {"cases": "SELECT * FROM cases WHERE number BETWEEN ? AND ?"} | {
    table: f"SELECT * FROM {table} WHERE case_number BETWEEN ? AND ? ORDER BY rowid" for table in _ORDER
}
# An erased entry counts as what is left of it. Entries keep their order where the clock was set back: what was
# known at a moment ends before the first entry that was recorded later.
_LOG = """
    SELECT entries.*, coalesce(bodies.body, remnants.body) AS body, bodies.body IS NULL AS erased
    FROM entries JOIN bodies ON bodies.seq = entries.seq LEFT JOIN remnants ON remnants.seq = entries.seq
"""
LOG = _LOG + " WHERE entries.case_number IS :number AND entries.seq < :end ORDER BY entries.seq"
LOG_OF_CASES = _LOG + " WHERE entries.case_number BETWEEN ? AND ? ORDER BY entries.case_number, entries.seq"
FIRST_AFTER = "SELECT min(seq) AS seq FROM entries WHERE recorded_at > ?"
HEAD = "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1"
PROCEDURE = "SELECT content FROM procedures WHERE key = ?"
PROCEDURES = "SELECT key, title, in_force_from, digest, adopted FROM procedures ORDER BY in_force_from, adopted"
CALENDAR = "SELECT day, kind, title FROM calendar ORDER BY day, kind"
SETTING = "SELECT value FROM register WHERE name = ?"
NAMES = "SELECT case_number, person, name FROM people WHERE case_number IN (SELECT value FROM json_each(?))"
RESTRICTED = "SELECT case_number FROM labels WHERE family = 'flag' AND label = 'restricted'"
NAMED = """
    SELECT DISTINCT people.case_number, people.person, people.name FROM people
    JOIN person_roles ON person_roles.case_number = people.case_number AND person_roles.person = people.person
"""
PEOPLE = "SELECT person, name, address, safe_address, phone, email FROM people"
ALIASES = "SELECT person, name FROM aliases"
LIVING_AT = """
    SELECT number AS case_number, address FROM cases WHERE address IS NOT NULL
    UNION ALL SELECT number, place FROM cases WHERE place IS NOT NULL
    UNION ALL SELECT case_number, address FROM people WHERE address IS NOT NULL
    UNION ALL SELECT case_number, safe_address FROM people WHERE safe_address IS NOT NULL
"""
IN_ROLES = """
    SELECT person_roles.role, people.name, people.case_number FROM person_roles
    JOIN people ON people.case_number = person_roles.case_number AND people.person = person_roles.person
    WHERE person_roles.role IN ('victim', 'perpetrator') ORDER BY people.case_number, people.person
"""
ADDRESSES = "SELECT 'address', address, number FROM cases WHERE address IS NOT NULL ORDER BY number"
ONE_MATTER = "SELECT case_number, other FROM links WHERE kind = 'other-definition' AND other < case_number"
OFFICERS = "SELECT DISTINCT officer FROM cases WHERE status = 'open' ORDER BY officer"

_LABELS = ", ".join(
    f"""
    (SELECT group_concat(label, ' ') FROM
     (SELECT label FROM labels WHERE case_number = cases.number AND family = '{family}' ORDER BY place)) AS {name}
    """
    for family, name in (("category", "categories"), ("flag", "flags"))
)


def connect(path: Path, *, any_version: bool = False) -> sqlite3.Connection:
    """Open a register for reading. Raises DatabaseUnusable for anything that is not one."""
    check_file(path)
    try:
        connection = _open(path)
        [version] = connection.execute("PRAGMA user_version").fetchone()
        [owner] = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error as fault:
        raise unusable(fault, path) from fault
    if owner != APPLICATION_ID:  # an encrypted file tells only now
        raise _of_another(path)
    if version > SCHEMA_VERSION:
        raise DatabaseUnusable(f"{path} was written by a newer asb (schema {version})", "install the newer asb")
    if version < SCHEMA_VERSION and not any_version:
        raise DatabaseUnusable(f"{path} is of an older schema ({version})", "asb migrate brings it up to date")
    return connection


def refuse_taken(path: Path) -> None:
    """Refuse to make a register where a file is. Raises DatabaseUnusable."""
    if os.path.lexists(path):
        raise DatabaseUnusable(f"there is already a file at {path}", "name another file with --db")


def check_file(path: Path) -> None:
    """Refuse what is not a register of ours, by its first bytes: SQLite would write to another program's."""
    try:
        if not path.exists():
            raise DatabaseUnusable(f"there is no register at {path}",
                                   "asb init makes one there; --db FILE names another")
        if not path.is_file():
            raise DatabaseUnusable(f"{path} is not a file", _OURS)
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as fault:
        raise DatabaseUnusable(f"{path} cannot be read ({fault.strerror})", "check its name and permissions") from None
    if not header:
        raise DatabaseUnusable(f"{path} is empty", _OURS)
    if header[:16] != door.PLAIN:
        if door.is_encrypted(path):
            return
        raise DatabaseUnusable(f"{path} is not a register of asb, or its beginning is damaged",
                               f"{_OURS}; asb restore brings a backup into place")
    if len(header) < 100 or header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise _of_another(path)


def _of_another(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(f"{path} is not a register of asb: it belongs to another program", _OURS)


def _open(path: Path) -> sqlite3.Connection:
    # Opened read-write but kept from writing: a plain read-only connection cannot roll back a journal that a
    # kill left behind. On read-only media there is none, and `ro` is all there is.
    for mode in ("rw", "ro"):
        try:
            connection = door.connect(path, mode=mode)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("BEGIN")
            return connection
        except sqlite3.OperationalError as fault:
            if mode == "ro" or "locked" in str(fault):
                raise
    raise AssertionError("one of the modes returned or raised")


def unusable(fault: sqlite3.Error, path: Path) -> DatabaseUnusable:
    """What a fault of the driver means to an officer."""
    said = str(fault)
    if "locked" in said:
        return InUse(f"the register is in use by another program, after {BUSY_SECONDS} s; nothing was saved",
                     "try again")
    if "disk is full" in said:
        return disk_full()
    if "not a database" in said and door.is_encrypted(path):
        return door.does_not_open(path)
    return DatabaseUnusable(f"{path} cannot be read ({said})", "asb verify looks closer; asb restore brings a backup")


# -- deadlines

def due(connection: sqlite3.Connection, *, now: datetime, until: date, officer: str | None = None,
        overdue: bool = False) -> list[dict[str, Any]]:
    """Open deadlines to act on by `until`, overdue first, then by date; those without a date come last.

    Whole: `as_told` says what a list may tell of them.
    """
    answers = {"now": now.isoformat(timespec="seconds"), "today": now.astimezone(LONDON).date().isoformat(),
               "until": until.isoformat(), "officer": officer}
    rows = connection.execute(DUE_OF_OFFICER if officer else DUE, answers)
    found = [deadline_shape(row, now) for row in rows]
    return [row for row in found if row["state"] == "overdue"] if overdue else found


def as_told(connection: sqlite3.Connection, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Deadlines as a list may tell them: of a restricted case no more than that there is something to do."""
    unseen = set(map(ref, restricted(connection)))
    return [hidden_deadline(row) if row["case"] in unseen else row for row in rows]


def uid_key(connection: sqlite3.Connection) -> str:
    """The secret that the events of a calendar file are keyed with: their names cannot be guessed without it."""
    return _setting(connection, "uid_key")


def names_of(connection: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The names of the people that deadlines are kept for, by case and id."""
    wanted = [(row["case"], row["person"]) for row in rows if row["case"] and row["person"]]
    numbers = json.dumps(sorted({int(case[4:]) for case, _ in wanted}))
    found = connection.execute(NAMES, (numbers,)) if wanted else ()
    return {(f"ASB-{row['case_number']}", f"P{row['person']}"): row["name"] for row in found}


# -- cases

def show(connection: sqlite3.Connection, number: int, now: datetime) -> dict[str, Any]:
    """One case, whole. Raises NotFound."""
    case = connection.execute(CASE, (number,)).fetchone()
    if case is None:
        raise no_case(number)
    rows: dict[str, list[sqlite3.Row]] = {"cases": [case]}
    for table, statement in OF_A_CASE.items():
        rows[table] = connection.execute(statement, (number,)).fetchall()
    return case_shape(rows, rules_of_case(connection, number), now)


def no_case(number: int) -> NotFound:
    """The refusal of a case there is not."""
    return NotFound(f"there is no case {ref(number)}", "asb list --all shows every case")


def rules_of_case(connection: sqlite3.Connection, number: int) -> dict[str, sqlite3.Row]:
    """The rules of the procedure a case was opened under, by id."""
    return {row["rule"]: row for row in connection.execute(RULES_OF_CASE, (number,))}


def cases_sql(filters: dict[str, Any]) -> str:
    """The statement that lists cases under these filters, the newest first; values are bound by name."""
    wanted = {
        "status": "cases.status = :status",
        "officer": "cases.officer = :officer",
        "priority": "cases.priority = :priority",
        "category": "cases.number IN (SELECT case_number FROM labels WHERE family = 'category' AND label = :category)",
        "flag": "cases.number IN (SELECT case_number FROM labels WHERE family = 'flag' AND label = :flag)",
        "since": "cases.received >= :since",
        "until": "substr(cases.received, 1, 10) <= :until",
        "numbers": "cases.number IN (SELECT value FROM json_each(:numbers))",
    }
    given = [wanted[name] for name, value in filters.items() if value is not None]
    where = f"WHERE {' AND '.join(given)}" if given else ""
    return f"SELECT cases.*, {_LABELS} FROM cases {where} ORDER BY cases.number"


def cases(connection: sqlite3.Connection, **filters: Any) -> Iterator[dict[str, Any]]:
    """Cases as `list` prints them: filtered by status, officer, priority, category, flag, since, until, numbers."""
    cursor = connection.cursor()
    cursor.row_factory = None  # a Row looks for every name in all of its columns
    cursor.execute(cases_sql(filters), filters)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        case = dict(zip(names, row, strict=True))
        yield case_line(case, (case["categories"] or "").split(), (case["flags"] or "").split())


def restricted(connection: sqlite3.Connection) -> frozenset[int]:
    """The cases that lists say nothing of but their reference."""
    return frozenset(row["case_number"] for row in connection.execute(RESTRICTED))


def cases_of(connection: sqlite3.Connection, *, person: str | None, address: str | None) -> list[int]:
    """The cases a person is in whose name holds that text or whose id it is, or an address: spelled alike but for case,
    spaces and `Flat`."""
    from asbcli.recognising import places, sameness

    found: list[set[int]] = []
    if person:
        key = sameness.squeezed(person)
        found.append({row["case_number"] for row in connection.execute(NAMED)
                      if key and (key in sameness.squeezed(row["name"]) or key == f"p{row['person']}")})
    if address:
        key = places.key(address)
        found.append({row["case_number"] for row in connection.execute(LIVING_AT)
                      if key and key in places.key(row["address"])})
    return sorted(set.intersection(*found)) if found else []


def people_of_register(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Everybody's name, addresses and numbers; and the other names they were given."""
    yield from map(dict, connection.execute(PEOPLE))
    yield from map(dict, connection.execute(ALIASES))


def repeats(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Victims, perpetrators and addresses of more than one matter, the most frequent first.

    The cases of one report (2.2.1: one a definition) are one matter; names spelled alike may still be two people's.
    Restricted cases do not count.
    """
    from asbcli.recognising import places, sameness

    first = {row["case_number"]: row["other"] for row in connection.execute(ONE_MATTER)}
    unseen = restricted(connection)
    groups: dict[tuple[str, str], dict[str, set[int]]] = {}
    for kind, what, number in (*connection.execute(IN_ROLES), *connection.execute(ADDRESSES)):
        if number not in unseen:  # who is in a restricted case would be told by the company its reference stands in
            key = places.key(what) if kind == "address" else sameness.key(what)
            groups.setdefault((kind, key), {}).setdefault(what, set()).add(number)
    rows = []
    for (kind, _), spelled in groups.items():
        numbers = set.union(*spelled.values())
        matters = {first.get(number, number) for number in numbers}
        if len(matters) > 1:
            rows.append({"kind": kind, "who": next(iter(spelled)), "matters": len(matters),
                         "cases": [ref(number) for number in sorted(numbers)]})
    return sorted(rows, key=lambda row: (-row["matters"], row["kind"], row["who"]))


def search(connection: sqlite3.Connection, text: str) -> Iterator[dict[str, Any]]:
    """Cases in which the text stands, letter for letter but for case: in any entry, or as a person's name."""
    needle = text.casefold()
    # SQLite folds ASCII only and JSON escapes quotes, so SQL narrows by case and Python decides by text.
    found = {
        row["case_number"]
        for row in connection.execute(
            "SELECT entries.case_number, bodies.body FROM entries JOIN bodies ON bodies.seq = entries.seq "
            "WHERE entries.case_number IS NOT NULL AND bodies.body IS NOT NULL ORDER BY entries.seq"
        )
        if needle in row["body"].casefold().replace('\\"', '"').replace("\\\\", "\\")
        and any(needle in value.casefold() for value in texts(json.loads(row["body"])))
    }
    return cases(connection, numbers=json.dumps(sorted(found)))


def standing_elsewhere(connection: sqlite3.Connection, words: Collection[str]) -> Iterator[tuple[str, int]]:
    """The entries, by case or tenancy and by number, in which one of these texts stands too."""
    if not words:
        return
    for row in connection.execute(
        "SELECT entries.case_number, entries.seq, bodies.body FROM entries JOIN bodies ON bodies.seq = entries.seq "
        "WHERE (entries.case_number IS NOT NULL OR entries.kind = 'tenancy') AND bodies.body IS NOT NULL "
        "ORDER BY entries.seq"
    ):
        body = json.loads(row["body"])
        said = [text.casefold() for text in texts(body)]
        if any(word.casefold() in text for word in words for text in said):
            yield ref(row["case_number"]) or f"the tenancy {body['tenancy']}", row["seq"]


PLAIN = frozenset({"procedure", "id", "roles", "step", "role", "state", "kind", "stage", "definition", "priority"})


def texts(body: Any, name: str = "") -> Iterator[str]:
    """Every text an officer typed in an entry's body; not the program's own words."""
    if isinstance(body, str) and name not in PLAIN:
        yield body
    elif isinstance(body, dict):
        for key, value in body.items():
            yield from texts(value, key)
    elif isinstance(body, list):
        for value in body:
            yield from texts(value, name)


def log(connection: sqlite3.Connection, number: int | None, known: datetime | None = None) -> list[sqlite3.Row]:
    """A case's log with its bodies, or the register's own (None); `known`: only what was recorded by then (UTC)."""
    end = None
    if known:
        [end] = connection.execute(FIRST_AFTER, (known.isoformat(timespec="microseconds"),)).fetchone()
    return connection.execute(LOG, {"number": number, "end": end or sys.maxsize}).fetchall()


def history(connection: sqlite3.Connection, number: int | None) -> list[dict[str, Any]]:
    """The log as `history` prints it: who recorded what and when, and when it happened."""
    return [
        {
            "entry": row["seq"],
            "case": ref(row["case_number"]),
            "kind": row["kind"],
            "happened_at": shown(row["happened"]),
            "recorded_at": row["recorded_at"],
            "by": row["actor"],
            "says": None if row["erased"] else json.loads(row["body"]),
            "hash": row["hash"],
        }
        for row in log(connection, number)
    ]


# -- what dates are counted from

def procedure(connection: sqlite3.Connection, key: str) -> dict[str, Any]:
    """A procedure as it was adopted. Raises NotFound."""
    row = connection.execute(PROCEDURE, (key,)).fetchone()
    if row is None:
        raise NotFound(f"no procedure {key} was adopted", "asb procedure list")
    content: dict[str, Any] = json.loads(row["content"])
    return content


def procedures(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The procedures adopted, in the order they came into force."""
    return [dict(row) for row in connection.execute(PROCEDURES)]


def calendar_rows(connection: sqlite3.Connection) -> list[Sequence[str]]:
    """The calendar's days that are not like their weekday: day, kind, title."""
    return [tuple(row) for row in connection.execute(CALENDAR)]


def known_until(connection: sqlite3.Connection) -> str:
    """The last day of published bank holidays."""
    return _setting(connection, "known_until")


def _setting(connection: sqlite3.Connection, name: str) -> str:
    value: str = connection.execute(SETTING, (name,)).fetchone()["value"]
    return value


def statements() -> Iterable[str]:
    """Every statement this module sends: a test prepares each against the schema."""
    every = {"status": "", "officer": "", "priority": "", "category": "", "flag": "", "since": "", "until": "",
             "numbers": "[]"}
    return (DUE, DUE_OF_OFFICER, CASE, RULES_OF_CASE, *OF_A_CASE.values(), *ROWS_OF_CASES.values(), LOG, LOG_OF_CASES,
            FIRST_AFTER, HEAD, PROCEDURE, PROCEDURES, CALENDAR, SETTING, OFFICERS, NAMES, RESTRICTED, NAMED, PEOPLE,
            ALIASES, LIVING_AT, IN_ROLES, ADDRESSES, ONE_MATTER, cases_sql({}), cases_sql(every))
