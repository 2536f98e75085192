"""What a change tells: what happened, what is due first, what to type next, and the words that matter now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asbcli.casefile.case import Case
from asbcli.casefile.vocabulary import told
from asbcli.casework.commands import next_command
from asbcli.dates import echo
from asbcli.errors import NeedsReason
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.gates import facts_now, unanswered
from asbcli.procedure.rules import Guidance, Procedure, Rule
from asbcli.store.rows import rows_of
from asbcli.store.shapes import RESTRICTED, case_shape, hidden, ref

MOST_NAMED = 4  # unanswered questions that are named when a step is taken


@dataclass(slots=True)
class Recorded:
    """What a change did: one line of what happened, one of what comes next, the dates it moved, and the case as
    scripts read it."""

    ref: str
    line: str
    next_step: str = ""
    warnings: list[str] = field(default_factory=list)
    guidance: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    shape: dict[str, Any] = field(default_factory=dict)
    stored: bool = True


def recorded(procedure: Procedure, case: Case, found: list[Deadline], line: str, *, now: datetime,
             warnings: Sequence[str] = (), before: Case | None = None, moved: Sequence[str] = ()) -> Recorded:
    """A change as it is told: the line, what is due first, the words that matter `now` (UTC), the case's shape."""
    guidance = _guidance(procedure, case, before)
    if RESTRICTED in case.flags:
        return _restricted(case, warnings, [each.text for each in guidance if each.first], now)
    rules = {row.rule.id: row.rule for row in found}
    shape = case_shape(rows_of(case, found), {name: _rule_row(rule) for name, rule in rules.items()}, now)
    first = first_due(found, now)
    coming = _coming(found, now) or first
    return Recorded(
        ref=ref(case.number) or "",
        line=f"{_one_stop(line)} {due_words(first, now)}".strip() if first else _one_stop(line),
        next_step=next_command(coming, case) if coming else "",
        warnings=list(warnings),
        guidance=[*(each.text for each in guidance), *_still_to_answer(procedure, case, found, before, now)],
        moved=list(moved),
        shape=shape,
    )


def _restricted(case: Case, warnings: Sequence[str], guidance: list[str], now: datetime) -> Recorded:
    """A change of a restricted case: told by its reference alone, but for what may save a life.

    The other words of the procedure tell what kind of case it is. A warning may say how somebody is reached, so it is
    only said that there is one.
    """
    look = f"asb show {case.number} --because TEXT"
    return Recorded(
        ref=ref(case.number) or "",
        line=f"{ref(case.number)} ({RESTRICTED})",
        next_step=look,
        warnings=[f"{len(warnings)} to read before anything else: {look}"] if warnings else [],
        guidance=guidance,
        shape=hidden(case_shape(rows_of(case, []), {}, now)),
    )


def needs_reason(number: int) -> NeedsReason:
    """The refusal of a look at a restricted case without a reason."""
    return NeedsReason(f"{ref(number)} is {RESTRICTED}: looking at it needs a reason, which is logged",
                       "--because TEXT")


def _rule_row(rule: Rule) -> dict[str, str]:
    return {"title": rule.title, "source": rule.source, "clause": rule.clause, "strength": rule.strength}


def whose(case: Case) -> str:
    """Whose case it is, for the echo of a change: nothing of a restricted one."""
    if RESTRICTED in case.flags:
        return f" ({RESTRICTED})"
    named = case.people_as("complainant") or case.people_as("victim")
    return f", {named[0].name}" if named else ", anonymous" if case.anonymous else ""


def _running_duties(found: list[Deadline], now: datetime) -> list[Deadline]:
    """The open deadlines that are duties, not prompts, and have begun."""
    return [row for row in found if not row.met and not row.ended and row.started.earliest <= now
            and row.rule.strength != "may"]


def first_due(found: list[Deadline], now: datetime) -> Deadline | None:
    """The open duty to act on first: that with the earliest date."""
    dated = [row for row in _running_duties(found, now) if row.due or row.act_by]
    return min(dated, key=lambda row: (row.act_by or row.started.day, row.rule.id), default=None)


def _coming(found: list[Deadline], now: datetime) -> Deadline | None:
    """The duty to see to next if it is not the first one due: one half done, or of those without a date a must."""
    running = sorted(_running_duties(found, now), key=lambda row: row.rule.strength != "must")
    begun = (row for row in running if _half_done(row))
    return next(begun, None) or (None if first_due(found, now) else next(iter(running), None))


def _one_stop(line: str) -> str:
    """A line that ends with one full stop, also where a name ended with one (`Jane S.`)."""
    return f"{line[:-2]}." if line.endswith("..") and not line.endswith("...") else line


def due_words(row: Deadline, now: datetime | None = None) -> str:
    """A deadline in one sentence, with its count and its clause; at `now` (UTC) whether it has passed.

    Where it will end on a day that is not worked it says when to act; where it is half done, what is missing.
    """
    late = "OVERDUE: " if now and row.overdue_after and row.overdue_after < now else ""
    by = echo(row.due) if row.due else echo(Moment(row.act_by)) if row.act_by else ""
    sooner = not late and row.due and row.act_by and row.act_by != row.due.day
    early = f", act by {echo(Moment(row.act_by))}" if sooner and row.act_by else ""
    count = f"{row.limit.words}, " if row.limit else ""
    missing = f"; missing: {', '.join(map(told, row.lacking))}" if _half_done(row) else ""
    return f"{late}{row.rule.title} by {by}{early} ({count}{row.rule.clause}){missing}."


def _half_done(row: Deadline) -> bool:
    """Whether of all that together meets a deadline something happened and something did not."""
    return 0 < len(row.lacking) < len(row.rule.met_by_all)


def _guidance(procedure: Procedure, case: Case, before: Case | None) -> list[Guidance]:
    """The words that matter at this moment: what is newly so; emergencies first, and each time they happen."""
    old, now = _holding(before) if before else set(), _holding(case)
    facts = procedure.with_derived(frozenset(fact for fact, _ in now))
    new = {fact for fact, _ in now - old} | (facts - procedure.with_derived(frozenset(fact for fact, _ in old)))
    again = {event.name for event in case.events if event.seq > (before.last_entry if before else 0)}
    found = [each for each in procedure.guidance
             if set(each.on) & (new | again if each.first else new) and each.condition.holds(facts)]
    return sorted(found, key=lambda each: not each.first)


def _still_to_answer(procedure: Procedure, case: Case, found: list[Deadline], before: Case | None,
                     now: datetime) -> list[str]:
    """What the steps just taken must have answered and is not answered yet, in one line."""
    steps = {event.name for event in case.events if event.seq > (before.last_entry if before else 0)}
    if not steps & {question.step for question in procedure.questions.values()}:
        return []
    facts = facts_now(procedure, case, found, now)
    asked = [each.id for each in unanswered(procedure, case, facts) if each.step in steps]
    more = f" and {len(asked) - MOST_NAMED} more" if len(asked) > MOST_NAMED else ""
    return [f"still to answer: {', '.join(asked[:MOST_NAMED])}{more} (asb checklist {case.number})"] if asked else []


def _holding(case: Case) -> set[tuple[str, str | None]]:
    """The facts that hold in a case, each of the case (None) or of one person."""
    holding: set[tuple[str, str | None]] = set()
    for change in case.facts:
        (holding.add if change.holds else holding.discard)((change.fact, change.person))
    return holding
