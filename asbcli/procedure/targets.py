"""Portfolio targets: how many of all cases kept what the procedure promises of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from asbcli.casefile.case import Case
from asbcli.moments import Moment
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.office import later_day
from asbcli.procedure.rules import Procedure, Target
from asbcli.procedure.state import in_time, state
from asbcli.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Measured:
    """What a target comes to: how many count, how many of them met it, and whether that is enough."""

    target: Target
    counted: int
    met: int

    @property
    def share(self) -> float | None:
        """The share that met it, in per cent to one place; None where nothing counts yet."""
        return round(100 * self.met / self.counted, 1) if self.counted else None

    @property
    def reached(self) -> bool | None:
        """Whether the share is at least the target's; None where nothing counts yet."""
        return 100 * self.met >= self.target.share * self.counted if self.counted else None


def measure(
    target: Target, cases: Iterable[Case], *, procedure: Procedure, calendar: Calendar, on: Moment
) -> Measured:
    """How the cases stand against a target at a moment.

    What is still running and in time counts neither way; what ran out unmet counts against it, closed or not.
    """
    outcomes: list[bool] = []
    for case in cases:
        if case.received and target.condition.holds(_facts(procedure, case)):
            if target.measure == "met":
                outcomes += _of_rule(target, case, procedure, calendar, on)
            else:
                outcomes += _of_case(target, case, procedure, calendar, on)
    return Measured(target, len(outcomes), sum(outcomes))


def _of_case(target: Target, case: Case, procedure: Procedure, calendar: Calendar, on: Moment) -> list[bool]:
    """Whether a case was closed (and resolved) in time; nothing while it may still be."""
    if not target.within or not case.received:
        return []
    received = case.received
    if procedure.office and not target.within.in_hours:
        later = later_day(procedure.office, received, calendar)
        received = later.day if later else received
    due = calendar.due(target.within, received)
    if case.closed and not case.closed.is_after(on):
        return [in_time(case.closed, due) and (target.measure == "closed" or _resolved(case, procedure))]
    return [False] if on.is_after(due) else []


def _resolved(case: Case, procedure: Procedure) -> bool:
    outcome = procedure.outcomes.get(case.outcome or "")
    return bool(outcome and outcome.resolved)


def _of_rule(target: Target, case: Case, procedure: Procedure, calendar: Calendar, on: Moment) -> list[bool]:
    """Of one case's deadlines under the rule: each that was met in time, and each that was not."""
    states = [
        state(due=row.due, overdue_after=row.overdue_after, met=row.met, ended=row.ended, now=on.latest)
        for row in deadlines(procedure, case, calendar)
        if row.rule.id == target.rule and not row.started.is_after(on)
    ]
    return [each == "met" for each in states if each in ("met", "late", "overdue")]


def _facts(procedure: Procedure, case: Case) -> frozenset[str]:
    holding = {(change.fact, change.person): change.holds for change in case.facts}
    return procedure.with_derived(frozenset(fact for (fact, _), holds in holding.items() if holds))
