"""A case as it stood on a day, or as it was known then: folded from its log, not read from its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from asbcli.casefile.case import Case
from asbcli.casefile.entries import CalendarChanged, Logged, entry_of
from asbcli.casefile.history import history
from asbcli.errors import NotFound
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.register_rules import of_procedure, of_tenancies, register_deadlines, tenancy_deadlines
from asbcli.procedure.rules import Procedure, procedure_of
from asbcli.procedure.targets import Measured, measure
from asbcli.store import read
from asbcli.store.rows import deadline_row, rows_of
from asbcli.store.shapes import begun, case_line, case_shape, deadline_shape, labels_of
from asbcli.workdays import Calendar


class Past:
    """The register as at a moment: `on`, what had happened by then; `known` (UTC), what was recorded by then."""

    def __init__(self, connection: sqlite3.Connection, *, on: Moment | None = None,
                 known: datetime | None = None) -> None:
        self.connection = connection
        self.on = on
        self.known = known
        self._procedures: dict[str, Procedure] = {}
        self._calendar: Calendar | None = None

    @property
    def calendar(self) -> Calendar:
        """The working-day calendar as it was known."""
        if self._calendar is None:
            self._calendar = self._calendar_known() if self.known else self._calendar_now()
        return self._calendar

    def procedure(self, key: str) -> Procedure:
        """A procedure that was adopted."""
        if key not in self._procedures:
            self._procedures[key] = procedure_of(read.procedure(self.connection, key))
        return self._procedures[key]

    def procedure_for(self, day: date) -> Procedure:
        """The procedure in force on a day; before the first one, the first."""
        adopted = read.procedures(self.connection)
        in_force = [row["key"] for row in adopted if row["in_force_from"] <= day.isoformat()]
        return self.procedure(in_force[-1] if in_force else adopted[0]["key"])

    def case(self, number: int) -> tuple[Case, list[Deadline]]:
        """The case and its deadlines. Raises NotFound, also where it had not been reported or recorded yet."""
        return self.folded(number, read.log(self.connection, number, self.known))

    def folded(self, number: int, log: list[sqlite3.Row]) -> tuple[Case, list[Deadline]]:
        """The case that these rows of the log add up to, and its deadlines."""
        case = history(number, logged(log), on=self.on)
        if case.received is None:
            raise read.no_case(number)
        return case, deadlines(self.procedure(case.procedure), case, self.calendar)

    def show(self, number: int, now: datetime) -> dict[str, Any]:
        """The case as `show` prints it, its deadlines' states as at `now` (UTC)."""
        case, found = self.case(number)
        rules = {row.rule.id: {"title": row.rule.title, "source": row.rule.source, "clause": row.rule.clause,
                               "strength": row.rule.strength} for row in found}
        return case_shape(rows_of(case, found), rules, now)

    def cases(self, wanted: dict[str, str | None]) -> Iterator[dict[str, Any]]:
        """The cases as `list` prints them, as they stood: by status, officer, category, priority and flag."""
        unseen = read.restricted(self.connection)
        for number in self._numbers():
            with suppress(NotFound):
                case, _ = self.case(number)
                kept = {"status": [case.status], "officer": [case.officer], "priority": [case.priority],
                        "category": case.categories, "flag": case.flags}
                if all(value is None or value in kept[name] for name, value in wanted.items()):
                    rows = rows_of(case, [])
                    yield case_line(rows["cases"][0], *labels_of(rows["labels"]), restricted=number in unseen)

    def targets(self, at: Moment, counting: Callable[[Iterable[Case]], Iterable[Case]]
                ) -> Iterator[tuple[str, Measured]]:
        """How the targets of each adopted procedure stand at a moment, over the cases held to it, while they are
        counted."""
        for adopted in read.procedures(self.connection):
            procedure = self.procedure(adopted["key"])
            for target in procedure.targets.values():
                cases = counting(self._held_to(procedure.key))
                yield procedure.key, measure(target, cases, procedure=procedure, calendar=self.calendar, on=at)

    def _held_to(self, procedure: str) -> Iterator[Case]:
        for row in self.connection.execute("SELECT number FROM cases WHERE procedure = ?", (procedure,)):
            with suppress(NotFound):
                yield self.case(row["number"])[0]

    def _numbers(self) -> list[int]:
        return [row["number"] for row in self.connection.execute("SELECT number FROM cases ORDER BY number")]

    def of_no_case(self) -> Iterator[tuple[Deadline, str, str | None]]:
        """Every deadline of the procedure itself and of each tenancy, with its procedure and its officer."""
        log = [each for each in logged(read.log(self.connection, None, self.known))
               if not (self.on and each.happened.is_after(self.on))]
        of_itself = of_procedure(log)
        if of_itself:
            key = of_itself[0].entry.key
            for row in register_deadlines(self.procedure(key), of_itself, self.calendar):
                yield row, key, None
        for entries in of_tenancies(log).values():
            procedure = self.procedure_for(entries[0].happened.day)
            for row in tenancy_deadlines(procedure, entries, self.calendar):
                yield row, procedure.key, entries[0].entry.officer

    def _due_of_no_case(self, now: datetime) -> Iterator[dict[str, Any]]:
        for row, key, officer in self.of_no_case():
            stored = deadline_row(row, None, key, officer)
            if begun(stored["started"], now):
                named = {name: getattr(row.rule, name) for name in ("title", "source", "clause", "strength")}
                yield deadline_shape({**stored, **named}, now)

    def due(self, now: datetime, *, until: date, officer: str | None = None) -> list[dict[str, Any]]:
        """Open deadlines as they stood, of every case and of none, in the order of `due`; whole, as there."""
        def listed(each: dict[str, Any]) -> bool:
            return each["state"] in ("open", "overdue") and (each["act_by"] or "") <= until.isoformat()

        found = [each for each in self._due_of_no_case(now) if officer in (None, each["officer"]) and listed(each)]
        for number in self._numbers():
            with suppress(NotFound):
                case = self.show(number, now)
                if officer in (None, case["officer"]):
                    found += filter(listed, case["deadlines"])
        return sorted(found, key=lambda each: (each["state"] != "overdue", each["act_by"] is None,
                                               each["act_by"] or "", each["due"] or ""))

    def _calendar_now(self) -> Calendar:
        return calendar_of(read.calendar_rows(self.connection), read.known_until(self.connection))

    def _calendar_known(self) -> Calendar:
        """The calendar's own entries replayed, as far as they were recorded."""
        days: dict[tuple[str, str], str] = {}
        until = "1900-01-01"
        for each in logged(read.log(self.connection, None, self.known)):
            if isinstance(each.entry, CalendarChanged):
                replay(days, each.entry)
                until = each.entry.known_until or until
        return calendar_of([(day, kind, title) for (day, kind), title in days.items()], until)


def replay(days: dict[tuple[str, str], str], entry: CalendarChanged) -> None:
    """What one entry does to the calendar's days."""
    if entry.step == "refresh":
        for day in entry.dropped:
            days.pop((day, "holiday"), None)
        days.update({(day, "holiday"): title for day, title in entry.holidays})
    elif entry.day:
        for kind in ("closed", "open"):
            days.pop((entry.day, kind), None)
        days[entry.day, entry.step] = entry.title


def logged(rows: list[sqlite3.Row]) -> list[Logged]:
    """Rows of the log as entries; an erased one counts for nothing but its place."""
    return [
        Logged(row["seq"], row["case_number"], Moment.parse(row["happened"]), row["recorded_at"], row["actor"],
               entry_of(row["kind"], row["body"]))
        for row in rows
        if row["body"]
    ]


def calendar_of(rows: Any, known_until: str) -> Calendar:
    """The calendar its table's rows (day, kind, title) make."""
    days: dict[str, dict[date, str]] = {"holiday": {}, "closed": {}, "open": {}}
    for day, kind, title in rows:
        days[kind][date.fromisoformat(day)] = title
    return Calendar(days["holiday"], days["closed"], days["open"], date.fromisoformat(known_until))
