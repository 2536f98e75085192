"""Closing a case: the outcome, the two dates that 14.2 keeps apart, and an appeal against it."""

from __future__ import annotations

from datetime import date

from asbcli import words
from asbcli.casefile.case import Case
from asbcli.casefile.entries import Appeal, Closed
from asbcli.casework.opening import known_or_nearest
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import MOST_NAMED, Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.procedure.deadlines import deadlines

# What is done to resolve a case; a survey, a letter or a phone check is not (14.2).
ACTIONS = ("interview.", "finding.", "warning", "plan.done", "repair.", "remedy.", "agency.referred", "event.",
           "resolving-action", "incident.reported", "report", "contact.", "review.")
NOTHING_TO_DO = ("duplicate", "not-asb", "no-interview-wanted")  # outcomes of what is not investigated


def close(office: Office, *, case: int, outcome: words.Outcome, completed: Moment | None = None,
          final_letter: Moment | None = None, discussed: Moment | None = None,
          not_discussed: str | None = None, at: Moment | None = None, because: str | None = None,
          if_last: int | None = None, **approval: str | None) -> Recorded:
    """Close a case (14.1). Date Completed is the last action taken to resolve it, never the closing date."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        work.not_before_report(at)
        if work.procedure.outcomes:
            known_or_nearest(outcome, work.procedure.outcomes, "outcome")
        closed = at or office.moment
        if completed and completed.day not in days_of_action(work.case):
            raise BadInput(f"nothing was done to resolve it on {echo(completed)} (14.2)",
                           f"the last action was taken {echo(last_action(work.case, closed))}; or record what was done")
        last = completed or last_action(work.case, closed)
        if last.is_after(closed):
            raise BadInput(f"Date Completed, {echo(last)}, is after the case is closed (14.2)",
                           "--completed is when the last resolving action was taken")
        if work.case.received and work.case.received.is_after(last):
            raise BadInput("Date Completed is before the report was received (14.2)", "--completed WHEN")
        work.gate("close", f"outcome.{outcome}", *(["letter.final"] if final_letter else []), happened=False,
                  because=because, approval=approval)
        work.warnings += _left_undone(work, outcome, closed)
        if not discussed and not not_discussed:
            work.warnings.append("not said whether it was discussed with the victim (14.1): "
                                 "--discussed WHEN, or --not-discussed TEXT")
        work.record(closed, Closed(outcome, last, final_letter, discussed, not_discussed, because))
        return work.finish(f"closed {echo(closed)}, {outcome}; Date Completed {echo(last)}.")


def appeal(office: Office, *, case: int, by: str, at: Moment | None = None, text: str | None = None,
           if_last: int | None = None) -> Recorded:
    """An appeal by either side."""
    with office.desk() as desk:
        work = desk.case(case, step="appeal", if_last=if_last)
        work.record(at, Appeal(work.someone(by).id, text))
        return work.finish(f"appeal received, {echo(at or office.moment)}.")


def _left_undone(work: Casework, outcome: str, closed: Moment) -> list[str]:
    """What a closing ends that had to be done: no clause but those of the gates forbids it, so it is said."""
    if outcome in NOTHING_TO_DO:
        return []
    rows = [row for row in deadlines(work.procedure, work.case, work.desk.calendar)
            if row.rule.strength == "must" and not row.rule.repeats and not row.met and not row.ended
            and not row.rule.survives_closing and not row.started.is_after(closed)]
    names = list(dict.fromkeys(f"{row.rule.title} ({row.rule.clause})"
                               for row in sorted(rows, key=lambda row: (row.due is None, row.rule.id))))
    more = f"; and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"closed without: {'; '.join(names[:MOST_NAMED])}{more}"] if names else []


def days_of_action(case: Case) -> set[date]:
    """The days on which anything was done in a case."""
    return {event.when.day for event in case.events if event.name.startswith(ACTIONS)}


def last_action(case: Case, closed: Moment) -> Moment:
    """When the last resolving action before the closing was taken, else the last action recorded (14.2)."""
    before = [event for event in case.events if not event.when.is_after(closed)]
    resolving = [event.when for event in before if event.name == "resolving-action"]
    acted = [event.when for event in before if event.name.startswith(ACTIONS)]
    return max(resolving or acted, key=lambda moment: moment.latest)
