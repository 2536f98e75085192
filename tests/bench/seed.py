"""Seeded registers: the same cases every time, recorded through the program's own desk, kept for the next run."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asbcli.casefile.entries import (
    Closed,
    Contact,
    Done,
    IncidentLogged,
    Interview,
    NamedPerson,
    Note,
    Plan,
    Report,
    Review,
    Warned,
)
from asbcli.casework.opening import by_priority, flags_for, priority_for
from asbcli.casework.record import Office
from asbcli.casework.register import init
from asbcli.moments import Moment
from asbcli.procedure.rules import Procedure

NOW = datetime(2025, 6, 30, 9, tzinfo=UTC)
FIRST_REPORT = datetime(2015, 1, 5, 9, tzinfo=UTC)
YEARS = timedelta(days=10 * 365)  # over which the reports came in
RECENT = timedelta(days=40)  # over which those of open cases did
OPEN_EVERY = 20  # one case in 20 is open: 95% are closed
CASELOAD = 25  # open cases an officer has, however large the register
CATEGORIES = ("noise", "vandalism", "pets", "alcohol", "vehicles", "hate")
A_TRANSACTION = 1000  # cases
AFTER_CLOSING = ("closure-alerts", "closure-survey", "support-after-closure")

Step = tuple[Moment, Any]


def register(cases: int) -> Path:
    """The register of so many cases, made now unless this schema and this seed made it before."""
    folder = Path(tempfile.gettempdir()) / "asb-bench"
    folder.mkdir(mode=0o700, exist_ok=True)
    empty = folder / "empty.sqlite"
    empty.unlink(missing_ok=True)
    office = init(empty, actor="Bench", now=lambda: NOW)
    kept = folder / f"{_digest(empty)}-{cases}.sqlite"
    if not kept.exists():
        fill(office, cases)
        empty.rename(kept)
    empty.unlink(missing_ok=True)
    return kept


def empty_register(path: Path) -> Path:
    """A register without cases."""
    init(path, actor="Bench", now=lambda: NOW)
    return path


def officer_of(number: int, cases: int) -> str:
    """Whose case it is: each officer has as many open ones, so a larger landlord has more officers."""
    officers = max(1, cases // (CASELOAD * OPEN_EVERY))
    return f"Officer {number // OPEN_EVERY % officers + 1}"


def is_open(number: int) -> bool:
    """Whether the case of this number is still open."""
    return number % OPEN_EVERY == 0


def fill(office: Office, cases: int, *, told: Callable[[int], None] = lambda _: None) -> None:
    """Record every case, 15 entries each, in the order of their numbers."""
    for first in range(1, cases + 1, A_TRANSACTION):
        with office.desk() as desk:
            procedure = desk.procedure_for(NOW.date())
            for number in range(first, min(first + A_TRANSACTION, cases + 1)):
                steps = life(number, cases, procedure)
                log = [desk.append(number, happened, entry) for happened, entry in steps]
                desk.save(number, log, new=True)


def life(number: int, cases: int, procedure: Procedure) -> list[Step]:
    """What happened in a case: its first eight entries, then what keeps it open or closes it."""
    victim, perpetrator = f"P{2 * number - 1}", f"P{2 * number}"
    day = _clock(number, cases)
    report = _report(number, cases, procedure, victim, perpetrator)
    steps = [
        (day(0), report),
        (day(0), Review("initial", "First actions agreed", "Iain Kerr")),
        (day(1), Interview("victim", person=victim, contact_every="1 week", notes="Keeps a diary of the nights")),
        (day(2), Contact("Told what we will do and by when", person=victim, purpose="outline")),
        (day(5), Interview("perpetrator", person=perpetrator, finding="admitted", monitor_until=day(30))),
        (day(6), Contact("Told what came of the interview", person=victim, purpose="outcome")),
        (day(8), Plan("add", "1", "Visit with the concierge", "Concierge", day(12))),
        (day(9), IncidentLogged("The same again, shorter", day(9), "The close")),
    ]
    return [*steps, *(_still_open(day, victim) if is_open(number) else _closed(day, victim, perpetrator))]


def _still_open(day: Callable[[int], Moment], victim: str) -> Iterator[Step]:
    yield day(10), Note("Asked the concierge for the door log")
    yield day(12), Plan("done", "1")
    for week in range(5):
        yield day(13 + 5 * week), Contact("Nothing new this week", person=victim)


def _closed(day: Callable[[int], Moment], victim: str, perpetrator: str) -> Iterator[Step]:
    yield day(12), Plan("done", "1", resolving=True)
    yield day(13), Warned(perpetrator, "written", "No music after eleven")
    yield day(30), Closed("resolved-by-warning", day(13), final_letter=day(30), discussed=day(30))
    yield day(31), Done("closure-letter", person=victim)
    for rule in AFTER_CLOSING:
        yield day(31), Done(rule, person=victim if rule == "support-after-closure" else None)


def _report(number: int, cases: int, procedure: Procedure, victim: str, perpetrator: str) -> Report:
    category = (CATEGORIES[number // 3 % len(CATEGORIES)],)
    flags = flags_for(procedure, category, {})
    return Report(
        priority=priority_for(procedure, category, flags, None, None),
        definition="personal",
        summary=f"Report {number}: loud music and shouting on the stair until the small hours",
        officer=officer_of(number, cases),
        procedure=procedure.key,
        categories=by_priority(procedure, category),
        flags=flags,
        people=(
            NamedPerson(
                victim, f"Agnes Baird {number}", ("complainant", "victim"), address=f"Flat 2/1, {number} Larch Road"
            ),
            NamedPerson(perpetrator, f"Callum Reid {number}", ("perpetrator",), "own-tenant"),
        ),
        channel="phone",
        reporter="complainant",
        place="The close",
        previous_incidents="no",
        police_informed="no",
        immediate_danger="no",
    )


def _clock(number: int, cases: int) -> Callable[[int], Moment]:
    """The moments of a case by days since its report: closed ones over ten years, open ones of late."""
    share = number / (cases + 1)
    received = NOW - RECENT * (2 - share) if is_open(number) else FIRST_REPORT + YEARS * share
    at_hour = received.replace(hour=9 + number % 8, minute=number % 60, second=0, microsecond=0)
    return lambda days: Moment.at(at_hour + timedelta(days))


def _digest(empty: Path) -> str:
    """What a register was made by: its schema, and this file."""
    connection = sqlite3.connect(empty)
    schema = "\n".join(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql > '' ORDER BY 1"))
    connection.close()
    return hashlib.sha256(schema.encode() + Path(__file__).read_bytes()).hexdigest()[:12]
