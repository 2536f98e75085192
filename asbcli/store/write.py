"""Transactions and the chained log: everything that is ever written goes through here."""

from __future__ import annotations

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, func, insert, inspect, or_, tuple_, union, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from asbcli.casefile.entries import ERASED, Logged, body_of, entry_of
from asbcli.errors import DatabaseUnusable
from asbcli.moments import Moment
from asbcli.recognising import sameness
from asbcli.store import tables
from asbcli.store.chain import FIRST, body_hash, canonical, header_hash
from asbcli.store.engine import engine_for
from asbcli.store.files import made_folder, refuse_own, whole_file
from asbcli.store.identity import BUSY_SECONDS
from asbcli.store.read import connect, refuse_taken
from asbcli.store.rows import OF_A_CASE, Rows

_TABLES: dict[str, Any] = {
    model.__tablename__: model
    for model in (
        tables.EntryRow, tables.BodyRow, tables.ProcedureRow, tables.RuleRow, tables.CaseRow, tables.LabelRow,
        tables.PersonRow, tables.AliasRow, tables.RoleRow, tables.IncidentRow, tables.ActionRow, tables.EvidenceRow,
        tables.LinkRow, tables.RemnantRow,
        tables.DeadlineRow, tables.CalendarRow, tables.ImportRow, tables.RegisterRow,
    )
}

BATCH = 5000  # rows held back before they are sent: memory stays flat over an import of any size


@contextmanager
def new_register(
    path: Path, *, encrypted: bool = False, before_naming: Callable[[], None] = lambda: None
) -> Iterator[Path]:
    """An empty register to fill, encrypted or not, which comes to stand at `path` whole (0600).

    Whoever looks at `path` meanwhile, or after a kill, finds nothing there. Raises DatabaseUnusable, and BadInput where
    another register keeps files of its own.
    """
    refuse_taken(path)
    refuse_own(path)
    try:
        with made_folder(path.parent), whole_file(path, before_naming=before_naming) as part:
            make_empty(part, encrypted=encrypted)
            yield part
    except FileExistsError:
        refuse_taken(path)
        raise
    except OSError as fault:
        raise DatabaseUnusable(f"{path} cannot be made ({fault.strerror}); nothing was saved",
                               "check the folder, its permissions and its space") from None
    except (DatabaseError, sqlite3.Error) as fault:
        raise unusable(fault, path) from fault


def make_empty(part: Path, *, encrypted: bool) -> None:
    """Make an empty file a register with nothing in it."""
    from asbcli.store.migrate import migrate

    engine = engine_for(part, encrypted=encrypted)
    try:
        migrate(engine)
    finally:
        engine.dispose()


class Store:
    """A register that can be written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before_commit: Callable[[], None] = lambda: None
        self._engine = engine_for(path)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of it is stored, or nothing. The write lock is held from the start (waits 10 s, then exit 5)."""
        connect(self.path).close()
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                transaction = Transaction(session)
                yield transaction
                transaction.flush()
                self.before_commit()
        except (DatabaseError, sqlite3.Error) as fault:
            raise unusable(fault, self.path) from fault
        finally:
            self._engine.dispose()


def unusable(fault: Exception, path: Path) -> DatabaseUnusable:
    """What a fault of the database means to an officer."""
    said = str(getattr(fault, "orig", fault)).lower()
    if "locked" in said or "busy" in said:
        return DatabaseUnusable(
            f"the register is in use by another program, after {BUSY_SECONDS} s; nothing was saved", "try again"
        )
    if "full" in said:
        return DatabaseUnusable("the disk is full; nothing was saved", "make room, then try again")
    if "readonly" in said or "read-only" in said:
        return DatabaseUnusable(f"{path} cannot be written to; nothing was saved", "check its permissions")
    if "disk i/o" in said:
        return DatabaseUnusable(f"{path} cannot be written to (disk I/O error); nothing was saved",
                                "make room, or look after the disk, then try again")
    return DatabaseUnusable(f"{path} cannot be used ({said}); nothing was saved", "asb verify looks closer")


def _called(names: Iterable[str]) -> Any:
    """Who has or had one of these names, in any spelling: the case, and the number in it."""
    keys = sameness.keys(name for name in names if name != ERASED)
    return union(*(select(table.case_number, table.person).where(col(table.name_key).in_(keys))
                   for table in (tables.PersonRow, tables.AliasRow)))


def _of_case(case: int | None) -> Any:
    """The condition that an entry is of this case, or (None) of the register's own log."""
    number = col(tables.EntryRow.case_number)
    return number.is_(None) if case is None else number == case


class Transaction:
    """One change of the register: entries appended to the chain, and the rows that follow from them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._statements: dict[str, tuple[str, Callable[[Any], tuple[Any, ...]]]] = {}
        self._count = 0
        last = session.exec(select(tables.EntryRow).order_by(col(tables.EntryRow.seq).desc()).limit(1)).first()
        self._seq, self._head = (last.seq, last.hash) if last else (0, FIRST)
        self.last_recorded = last.recorded_at if last else ""
        self._numbers: dict[str, int] = {}

    # -- the log

    def append(self, *, case: int | None, happened: Moment, recorded_at: datetime, actor: str,
               entry: Any) -> Logged:
        """Add one entry to the chain. `recorded_at` is the real clock's (UTC)."""
        body = canonical(body_of(entry))
        salt = secrets.token_hex(16)
        recorded = recorded_at.isoformat(timespec="microseconds")
        header = {
            "seq": self._seq + 1, "case_number": case, "kind": entry.KIND, "happened": happened.text,
            "recorded_at": recorded, "actor": actor, "body_hash": body_hash(salt, body),
            "previous": self._head,
        }
        self._seq, self._head = self._seq + 1, header_hash(header)
        self.add("entries", {**header, "hash": self._head})
        self.add("bodies", {"seq": self._seq, "salt": salt, "body": body})
        return Logged(self._seq, case, happened, recorded, actor, entry)

    def log(self, case: int | None) -> list[Logged]:
        """A case's log as it stands, or the register's own (None)."""
        self.flush()
        found = self._session.exec(
            select(tables.EntryRow, func.coalesce(tables.BodyRow.body, tables.RemnantRow.body))
            .join(tables.BodyRow, col(tables.BodyRow.seq) == col(tables.EntryRow.seq))
            .join(tables.RemnantRow, col(tables.RemnantRow.seq) == col(tables.EntryRow.seq), isouter=True)
            .where(_of_case(case))
            .order_by(col(tables.EntryRow.seq))
        )
        return [
            Logged(header.seq, header.case_number, Moment.parse(header.happened), header.recorded_at,
                   header.actor, entry_of(header.kind, body))
            for header, body in found
        ]

    # -- numbers that are never used twice

    def next_case(self) -> int:
        """The next case number; a case is never deleted, so the counter never goes back."""
        return self._next("case", tables.CaseRow.number)

    def next_person(self) -> str:
        """The next person's id."""
        return f"P{self._next('person', tables.PersonRow.person)}"

    def _next(self, name: str, column: Any) -> int:
        if name not in self._numbers:
            self._numbers[name] = self._session.exec(select(func.max(column))).one() or 0
        self._numbers[name] += 1
        return self._numbers[name]

    # -- rows

    def add(self, table: str, row: dict[str, Any]) -> None:
        """Hold a row back to be inserted with its like."""
        self._waiting[table].append(row)
        self._count += 1

    def flush(self) -> None:
        """Send what was held back, in the order foreign keys allow."""
        connection = self._session.connection()
        for name in _TABLES:
            if rows := self._waiting.pop(name, None):
                # As the driver takes them: SQLAlchemy would take each row of an import apart and together again.
                statement, values = self._inserting(name, rows[0])
                connection.exec_driver_sql(statement, list(map(values, rows)))
        self._count = 0

    def _inserting(self, table: str, row: Mapping[str, Any]) -> tuple[str, Callable[[Any], tuple[Any, ...]]]:
        """The statement that inserts rows like this one, and what takes a row's values in its order."""
        if table not in self._statements:
            statement = insert(_TABLES[table].__table__)
            made = statement.compile(dialect=self._session.connection().dialect, column_keys=list(row))
            self._statements[table] = str(made), itemgetter(*made.positiontup or ())
        return self._statements[table]

    def save_case(self, rows: Rows, *, new: bool = False) -> None:
        """Put a case's rows in place of those it had."""
        if not new:
            self.flush()
            for name in reversed(OF_A_CASE[1:]):
                model = _TABLES[name]
                self._session.execute(delete(model).where(model.case_number == rows["cases"][0]["number"]))
            [case] = rows["cases"]
            row = self._session.get(tables.CaseRow, case["number"])
            assert row is not None, "a case that is being changed is there"
            row.sqlmodel_update(case)
            self._session.add(row)
            self._session.flush()
        for name in OF_A_CASE if new else OF_A_CASE[1:]:
            for each in rows[name]:
                self.add(name, each)
        if self._count > BATCH:
            self.flush()

    def replace(self, table: str, rows: list[dict[str, Any]], **where: Any) -> None:
        """Put `rows` in place of those of a table that match."""
        self.flush()
        model = _TABLES[table]
        statement = delete(model)
        for name, value in where.items():
            statement = statement.where(getattr(model, name).is_(value) if value is None
                                        else getattr(model, name) == value)
        self._session.execute(statement)
        for row in rows:
            self.add(table, row)

    def rows(self, table: str, **where: Any) -> list[Any]:
        """The rows of a table that match, as they stand: to be read, not changed."""
        self.flush()
        columns = inspect(_TABLES[table]).local_table.c
        statement = select(*columns)  # no objects: a calendar of years is read by every command that writes
        for name, value in where.items():
            statement = statement.where(columns[name] == value)
        return list(self._session.execute(statement))

    def erase(self, left: Mapping[str, Mapping[str, Any]]) -> None:
        """Null the bodies of entries, by number, and keep what is left of each."""
        self.flush()
        numbers = [int(seq) for seq in left]
        body = tables.BodyRow
        self._session.execute(update(body).where(col(body.seq).in_(numbers)).values(body=None, salt=None))
        for seq, each in left.items():
            self.add("remnants", {"seq": int(seq), "body": canonical(each)})

    def erased(self, case: int | None) -> set[int]:
        """The entries of a case, or of none, whose words are gone."""
        entry, left = tables.EntryRow, tables.RemnantRow
        return set(self._session.exec(
            select(entry.seq).join(left, col(left.seq) == col(entry.seq)).where(_of_case(case))
        ))

    def standing(self, listed: Collection[str]) -> list[tuple[int | None, int]]:
        """The entries of `listed` (`SEQ:HASH`) that still say something: case, or None, and number."""
        entry, body = tables.EntryRow, tables.BodyRow
        found = self._session.exec(
            select(entry.case_number, entry.seq, entry.hash).join(body, col(body.seq) == col(entry.seq))
            .where(col(body.body).is_not(None))
        )
        return [(case, seq) for case, seq, hashed in found if f"{seq}:{hashed}" in listed]

    def imports(self, references: Collection[str]) -> dict[str, str]:
        """Those of these references that reports came in under before, with the digest of what they said."""
        self.flush()
        row = tables.ImportRow
        wanted = select(row.external_ref, row.digest).where(col(row.external_ref).in_(references))
        return dict(self._session.exec(wanted).all())

    def similar_cases(self, *, summary: str, recorded_since: str, names: Sequence[str],
                      categories: Sequence[str]) -> list[int]:
        """Open cases of the same words recorded since then, or of a victim or complainant of that name
        in one of these categories."""
        self.flush()
        case, person, role, label = tables.CaseRow, tables.PersonRow, tables.RoleRow, tables.LabelRow
        same_words = select(case.number).where(
            case.status == "open", case.recorded_at >= recorded_since, case.summary == summary
        )
        same_person = (
            select(case.number)
            .join(person, col(person.case_number) == col(case.number))
            .join(role, and_(col(role.case_number) == col(case.number), col(role.person) == col(person.person)))
            .join(label, and_(col(label.case_number) == col(case.number), col(label.family) == "category"))
            .where(case.status == "open", col(role.role).in_(("victim", "complainant")),
                   tuple_(col(person.case_number), col(person.person)).in_(_called(names)),
                   col(label.label).in_(categories))
        )
        found = set(self._session.exec(same_words))
        if names and categories:
            found |= set(self._session.exec(same_person))
        return sorted(found)

    def cases_with(self, ids: Collection[str], names: Collection[str]) -> list[int]:
        """The cases that somebody of these ids is in, or of these names in any spelling, also by a former name."""
        self.flush()
        row = tables.PersonRow
        found = set(self._session.exec(
            select(row.case_number).where(col(row.person).in_([int(each[1:]) for each in ids])).distinct()))
        found |= {number for number, _ in self._session.execute(_called(names))}
        return sorted(found)

    def safe_contact_of(self, names: Collection[str]) -> list[tuple[int, str]]:
        """The cases in which somebody of these names, in any spelling, is to be reached only in a safe way, and who."""
        self.flush()
        row = tables.PersonRow
        known = or_(col(row.safe_address).is_not(None), col(row.safe_times).is_not(None), col(row.do_not) != "[]")
        of_that_name = tuple_(col(row.case_number), col(row.person)).in_(_called(names))
        found = self._session.exec(select(row.case_number, row.person).where(of_that_name, known))
        return sorted((number, f"P{who}") for number, who in found)

    def cases_touching(self, day: str) -> list[int]:
        """The cases with a deadline whose count runs over `day`."""
        self.flush()
        row = tables.DeadlineRow
        found = self._session.exec(
            select(row.case_number)
            .where(col(row.case_number).is_not(None), row.started <= f"{day}~",
                   or_(col(row.due) >= day, col(row.act_by) >= day))
            .distinct()
            .order_by(col(row.case_number))
        )
        return [number for number in found if number is not None]
