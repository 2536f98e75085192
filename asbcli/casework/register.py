"""The register itself: made, its working-day calendar kept, its procedures adopted."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from asbcli.bankholidays import bank_holidays, published_until
from asbcli.casefile.case import Case
from asbcli.casefile.entries import CalendarChanged, Logged, ProcedureAdopted, ProcedureReviewed, RoleHeld
from asbcli.casefile.history import history
from asbcli.casework.opening import known_or_nearest
from asbcli.casework.record import Desk, Office, holders, open_dates
from asbcli.dates import echo
from asbcli.errors import BadInput, NotAllowed
from asbcli.moments import Moment
from asbcli.procedure import reading
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.register_rules import of_procedure, of_tenancies, register_deadlines, tenancy_deadlines
from asbcli.procedure.rules import procedure_of
from asbcli.store import chain
from asbcli.store.past import replay
from asbcli.store.rows import deadline_row
from asbcli.store.shapes import RESTRICTED, ref
from asbcli.store.write import new_register

FIRST_YEAR = 2000  # reports older than this are not taken: imports of old systems' records fit


def init(database: Path, *, actor: str, now: Any, procedure: str = "default", encrypted: bool = False,
         before_naming: Callable[[], None] = lambda: None) -> Office:
    """Make a register: its tables, Scotland's bank holidays, and the procedure it starts with; encrypted, if asked."""
    composed = reading.compose(procedure)
    with (new_register(database, encrypted=encrypted, before_naming=before_naming) as part,
          Office(part, actor=actor, now=now).desk() as desk):
        _refresh(desk, uid_key=secrets.token_hex(32))
        _adopt(desk, composed, None)
    return Office(database, actor=actor, now=now)


# -- the calendar

def refresh_calendar(office: Office) -> dict[str, Any]:
    """Read the bank holidays of the installed `holidays` package; each open deadline it moves is logged."""
    with office.desk() as desk:
        return _refresh(desk)


def close_day(office: Office, *, day: date, title: str) -> dict[str, Any]:
    """The landlord is closed on a day: it no longer counts as a working day."""
    return _mark(office, day, "closed", title)


def open_day(office: Office, *, day: date, title: str) -> dict[str, Any]:
    """The landlord works on a day that would not count: it does now."""
    return _mark(office, day, "open", title)


def _mark(office: Office, day: date, kind: str, title: str) -> dict[str, Any]:
    if not title.strip():
        raise BadInput("why the day is closed or open is missing", f"asb calendar {kind} DATE TITLE")
    with office.desk() as desk:
        entry = CalendarChanged(step=kind, title=title, day=day.isoformat())
        said = f"{echo(Moment(day))} is {'closed' if kind == 'closed' else 'a working day'}: {title}"
        return _change(desk, entry, [day], said)


def _refresh(desk: Desk, uid_key: str | None = None) -> dict[str, Any]:
    until = published_until()
    now = {day.isoformat(): title for day, title in bank_holidays(FIRST_YEAR, until.year + 10).items()}
    before = {row.day: row.title for row in desk.tx.rows("calendar", kind="holiday")}
    new = tuple((day, title) for day, title in now.items() if before.get(day) != title)
    dropped = tuple(day for day in before if day not in now)
    entry = CalendarChanged(step="refresh", title="Bank holidays in Scotland", known_until=until.isoformat(),
                            holidays=new, dropped=dropped, uid_key_digest=uid_key and chain.digest(uid_key))
    if uid_key:
        desk.tx.add("register", {"name": "uid_key", "value": uid_key})
    moved = [date.fromisoformat(day) for day in {*(day for day, _ in new if day not in before), *dropped}]
    return _change(desk, entry, moved, f"{len(new)} bank holidays read, {len(dropped)} dropped")


def _change(desk: Desk, entry: CalendarChanged, days: list[date], said: str) -> dict[str, Any]:
    """Change the table, compute anew what the days touch, and log it with every open deadline it moved."""
    touched = sorted({number for day in days for number in desk.tx.cases_touching(day.isoformat())})
    before = {number: _open(desk, number) for number in touched}
    apply_to_calendar(desk, entry)
    desk.forget_calendar()
    moved: list[tuple[str, ...]] = []
    for number in touched:
        case, found = desk.save(number, desk.tx.log(number))
        after = open_dates(found)
        moved += [_told(case, which, was, after[which]) for which, was in before[number].items()
                  if after.get(which, was) != was]
    desk.append(None, desk.office.moment, replace(entry, moved=tuple(moved)))
    _save_register_deadlines(desk)
    columns = ("case", "rule", "person", "occurrence", "was", "due")
    return {"said": said, "moved": [dict(zip(columns, row, strict=True)) for row in moved]}


def _told(case: Case, which: tuple[str, str, str], was: str, due: str) -> tuple[str, ...]:
    """A deadline that moved as everybody may read of it, in the log too: of a restricted case its dates alone."""
    named = (RESTRICTED, "", "") if RESTRICTED in case.flags else which
    return (ref(case.number) or "", *named, was, due)


def apply_to_calendar(desk: Desk, entry: CalendarChanged) -> None:
    """Do to the calendar's table what the entry says; replaying them all gives the table."""
    days = {(row.day, row.kind): row.title for row in desk.tx.rows("calendar")}
    replay(days, entry)
    desk.tx.replace("calendar", [{"day": day, "kind": kind, "title": title} for (day, kind), title in days.items()])
    if entry.known_until:
        desk.tx.replace("register", [{"name": "known_until", "value": entry.known_until}], name="known_until")


def _open(desk: Desk, number: int) -> dict[tuple[str, str, str], str]:
    """A case's open deadlines by rule, person and occurrence, with their dates."""
    case = history(number, desk.tx.log(number))
    return open_dates(deadlines(desk.procedure(case.procedure), case, desk.calendar))


# -- procedures

def use_procedure(office: Office, *, file: str, in_force_from: date | None = None) -> dict[str, Any]:
    """Put a procedure in force from a day; open cases keep the version they were opened under."""
    composed = reading.compose(file)
    with office.desk() as desk:
        return _adopt(desk, composed, in_force_from)


def review_procedure(office: Office, *, text: str, at: Moment | None = None) -> str:
    """Record that the procedure was looked at anew; the next review is due a year from it."""
    if not text.strip():
        raise BadInput("what the review found is missing", "asb procedure reviewed TEXT")
    with office.desk() as desk:
        when = at or office.moment
        desk.append(None, when, ProcedureReviewed(text.strip()))
        _save_register_deadlines(desk)
        return f"procedure reviewed, {echo(when)}"


def _adopt(desk: Desk, composed: dict[str, Any], since: date | None) -> dict[str, Any]:
    if since:
        composed = {**composed, "procedure": {**composed["procedure"], "in_force_from": since.isoformat()}}
    procedure = procedure_of(composed)
    if desk.tx.rows("procedures", key=procedure.key):
        raise NotAllowed(f"{procedure.key} was adopted already", "give the changed procedure a new version")
    digest = reading.digest(composed)
    entry = ProcedureAdopted(procedure.key, procedure.title, procedure.in_force_from.isoformat(), digest)
    logged = desk.append(None, desk.office.moment, entry)
    desk.tx.add("procedures", {
        "key": procedure.key, "title": procedure.title, "in_force_from": entry.in_force_from,
        "digest": digest, "content": chain.canonical(composed), "adopted": logged.seq,
    })
    for rule in procedure.rules.values():
        desk.tx.add("rules", {"procedure": procedure.key, "rule": rule.id, "title": rule.title,
                              "source": rule.source, "clause": rule.clause, "strength": rule.strength})
    _save_register_deadlines(desk)
    return {"key": procedure.key, "title": procedure.title, "in_force_from": entry.in_force_from,
            "rules": len(procedure.rules)}


def _save_register_deadlines(desk: Desk) -> None:
    """The deadlines that belong to no case: the review of the procedure itself (WHA, Policy review)."""
    of_itself = of_procedure(desk.tx.log(None))
    if not of_itself:
        return
    key = of_itself[0].entry.key
    rows = register_deadlines(desk.procedure(key), of_itself, desk.calendar)
    desk.tx.replace("deadlines", [deadline_row(row, None, key, None) for row in rows], case_number=None, item="")
    for tenancy, log in of_tenancies(desk.tx.log(None)).items():
        save_tenancy(desk, tenancy, log)


def save_tenancy(desk: Desk, tenancy: str, log: list[Logged]) -> list[Deadline]:
    """Compute a tenancy's deadlines from its log, and put their rows in place."""
    procedure = desk.procedure_for(log[0].happened.day)
    found = tenancy_deadlines(procedure, log, desk.calendar)
    rows = [deadline_row(row, None, procedure.key, log[0].entry.officer) for row in found]
    desk.tx.replace("deadlines", rows, case_number=None, item=tenancy)
    return found


# -- who holds which role in the office

def name_holder(office: Office, *, role: str, name: str, step: str = "named") -> str:
    """Say who holds a role of the procedure, or no longer does. Raises BadInput for a role it does not have."""
    with office.desk() as desk:
        procedure = desk.procedure_for(office.moment.day)
        known_or_nearest(role, procedure.roles, "role")
        held = holders(desk.tx.log(None)).get(role, [])
        if (name in held) == (step == "named"):
            raise BadInput(f"{name} {'holds' if step == 'named' else 'does not hold'} the role {role} already"
                           if step == "named" else f"{name} does not hold the role {role}", "asb role list")
        desk.append(None, office.moment, RoleHeld(role, name, step))
        return f"{name} {'is' if step == 'named' else 'is no longer'} {procedure.roles[role].title}"
