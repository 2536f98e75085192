"""(procedure, case, step) -> what stands in the way of a step, and who may let it pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from asbcli.casefile.case import Case, FactChange
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import PARTIES
from asbcli.procedure.rules import Gate, Procedure, Question
from asbcli.procedure.state import state

DONE_AT_A_TIME = ("consent.", "event.", "remedy.", "repair.")


def facts_now(procedure: Procedure, case: Case, found: Sequence[Deadline], now: datetime, *,
              step_at: Moment | None = None, person: str | None = None,
              also: Iterable[str] = ()) -> frozenset[str]:
    """Everything that is so in a case at `now` (UTC): its facts, the limits missed, and those derived from them.

    `step_at`: when the step happened that this is asked for; `person`: of facts that are a person's, only this
    one's among their kind; `also`: facts of the step itself.
    """
    others = _others(case, person)
    holding: dict[tuple[str, str | None], bool] = {}
    for change in case.facts:
        if change.person not in others and not (step_at and _too_late(change, step_at)):
            holding[change.fact, change.person] = change.holds
    facts = {fact for (fact, _), holds in holding.items() if holds} | set(also)
    for row in found:
        if row.open_at(step_at.latest if step_at else now):
            facts.add(f"open.{row.rule.id}")
        if state(due=row.due, overdue_after=row.overdue_after, met=row.met, ended=row.ended, now=now) == "overdue":
            facts.add(f"missed.{row.rule.id}")
        if row.due and row.due.earliest <= now:
            facts.add(f"reached.{row.rule.id}")
        if row.due and row.due.latest < now:
            facts.add(f"passed.{row.rule.id}")
    if all(action.done for action in case.plan.values()):
        facts.add("plan.all-done")
    return procedure.with_derived(frozenset(facts))


def _too_late(change: FactChange, step_at: Moment) -> bool:
    """Whether a change has nothing to do with a step before it: what ended held then, what was done was not yet done.

    Any other fact counts from before it was recorded: that somebody was another landlord's tenant is learned.
    """
    return change.when.is_after(step_at) and (not change.holds or change.fact.startswith(DONE_AT_A_TIME))


def _others(case: Case, person: str | None) -> frozenset[str]:
    """The people whose facts do not touch a step with `person`: the others in the same roles."""
    if person is None or person not in case.people:
        return frozenset()
    roles = case.people[person].roles.keys() & set(PARTIES)
    return frozenset(other.id for other in case.people.values()
                     if other.id != person and other.roles.keys() & roles)


def unmet(procedure: Procedure, facts: frozenset[str], steps: Iterable[str]) -> list[Gate]:
    """The gates before these steps whose conditions do not hold, in the procedure's order."""
    taken = set(steps)
    return [
        gate
        for gate in procedure.gates
        if taken & set(gate.before) and gate.condition.holds(facts) and not gate.needs.holds(facts)
    ]


def said(gate: Gate) -> str:
    """A gate as it is told: what is missing, its clause, and who may override it."""
    who = f"the {gate.role.replace('-', ' ')} may override it" if gate.role else "nobody may override it"
    return f"{gate.title} ({'; '.join(filter(None, (f'{gate.source} {gate.clause}'.strip(), who)))})"


def may_override(procedure: Procedure, role: str, gate: Gate) -> bool:
    """Whether a role may let a gate pass: the one it names, or one the procedure lists after it (higher)."""
    order = list(procedure.roles)
    if gate.role is None or role not in order:
        return False
    return gate.role == role or (gate.role in order and order.index(role) >= order.index(gate.role))


def unanswered(procedure: Procedure, case: Case, facts: frozenset[str], step: str | None = None) -> list[Question]:
    """The checklist's questions that apply and have no answer; `unknown` and `not-applicable` are answers."""
    return [
        question
        for question in procedure.questions.values()
        if question.id not in case.answers
        and (step is None or question.step == step)
        and question.condition.holds(facts)
    ]
