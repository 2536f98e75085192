"""A made-up landlord's procedure, and cases worked through it by hand: what was recorded, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from asbcli.bankholidays import bank_holidays, published_until
from asbcli.casefile import entries as log
from asbcli.casefile.case import Case
from asbcli.casefile.history import history
from asbcli.moments import LONDON, Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.gates import facts_now, unanswered, unmet
from asbcli.procedure.reading import load
from asbcli.procedure.register_rules import register_deadlines
from asbcli.procedure.rules import Procedure
from asbcli.procedure.state import state
from asbcli.procedure.targets import Measured, measure
from asbcli.workdays import Calendar

HERE = Path(__file__).parent
VICTIM = log.NamedPerson("P1", "Jane Souter", ("victim", "complainant"))
PERPETRATOR = log.NamedPerson("P2", "Alan Reid", ("perpetrator",), "own-tenant")


def london(text: str) -> Moment:
    """`2026-04-02`, or with London's clock `2026-04-02T16:30`."""
    return (
        Moment.parse(text)
        if len(text) == 10
        else Moment.at(datetime.fromisoformat(text).replace(tzinfo=LONDON))
    )


@dataclass(frozen=True)
class Row:
    """One deadline as an officer sees it at a moment."""

    due: str | None
    act_by: str | None
    state: str
    started: str
    notes: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True)
class Worked:
    """A case worked under one procedure."""

    procedure: Procedure
    case: Case
    calendar: Calendar

    def rows(self, rule: str, on: str) -> list[Row]:
        """The rule's deadlines in this case, one after the other, as they stand at the end of a day."""
        now = london(on).latest
        found = [
            row for row in self.deadlines() if row.rule.id == rule and not row.started.is_after(london(on))
        ]
        return [
            Row(
                row.due.shown if row.due else None,
                row.act_by.isoformat() if row.act_by else None,
                state(due=row.due, overdue_after=row.overdue_after, met=row.met, ended=row.ended, now=now),
                row.started.shown,
                row.notes,
                row.reason,
            )
            for row in found
        ]

    def row(self, rule: str, on: str) -> Row:
        """The rule's only deadline."""
        (only,) = self.rows(rule, on)
        return only

    def due(self, rule: str, on: str = "2030-01-01") -> list[str | None]:
        """When each of the rule's deadlines is due."""
        return [row.due for row in self.rows(rule, on)]

    def deadlines(self) -> list[Deadline]:
        return deadlines(self.procedure, self.case, self.calendar)

    def facts(self, on: str, *also: str) -> frozenset[str]:
        return facts_now(self.procedure, self.case, self.deadlines(), london(on).latest, also=also)

    def in_the_way(self, step: str, on: str) -> list[str]:
        """The gates before a step that do not open yet, by their titles."""
        return [gate.title for gate in unmet(self.procedure, self.facts(on), [step])]

    def unanswered(self, step: str, on: str) -> list[str]:
        """What the checklist of a step still asks."""
        return [question.id for question in unanswered(self.procedure, self.case, self.facts(on), step)]


class Landlord:
    """One landlord, and the cases its officers recorded."""

    def __init__(self, name: str, **closed_and_opened: dict[date, str]) -> None:
        self.procedure = load(HERE / f"{name}.toml")
        days = {"closed": {}, "opened": {}, **closed_and_opened}
        self.calendar = Calendar(bank_holidays(2019, 2032), days["closed"], days["opened"], published_until())

    def report(self, **said: Any) -> log.Report:
        """A report with what matters to the example."""
        usual: dict[str, Any] = {
            "priority": self.procedure.priorities[0].id,
            "definition": "personal",
            "summary": "as told",
            "officer": "Mhairi Kerr",
            "procedure": self.procedure.key,
        }
        return log.Report(**(usual | said))

    def case(self, *told: tuple[str, Any]) -> Worked:
        """A case from what was recorded, each with when it happened."""
        number = count(1)
        written = [
            log.Logged(next(number), 1, london(when), when, "Mhairi Kerr", entry) for when, entry in told
        ]
        return Worked(self.procedure, history(1, written), self.calendar)

    def measure(self, target: str, cases: list[Worked], on: str) -> Measured:
        """Where a target stands."""
        return measure(
            self.procedure.targets[target],
            [each.case for each in cases],
            procedure=self.procedure,
            calendar=self.calendar,
            on=london(on),
        )

    def own_deadlines(self, *told: tuple[str, Any]) -> list[Deadline]:
        """The deadlines of no case: what the procedure asks of itself."""
        number = count(1)
        written = [
            log.Logged(next(number), None, london(when), when, "Mhairi Kerr", entry) for when, entry in told
        ]
        return register_deadlines(self.procedure, written, self.calendar)
