"""A deadline's arithmetic in words: what started it, which limit, each day counted and each one skipped."""

from __future__ import annotations

from typing import Any

from asbcli.dates import echo
from asbcli.moments import Moment
from asbcli.procedure.deadlines import Deadline
from asbcli.workdays import Calendar, CountedDay

NOTES = {
    "upgraded": "the priority was raised: the time runs from the original start all the same (K12)",
    "late-on-flag": "the flag was set after this date had passed",
    "time-unknown": "only the date is known: hours are counted from 00:00, the strictest reading (K5)",
    "provisional": "bank holidays that far ahead are not published yet: the date may move",
    "anonymous": "the reporter is anonymous, and nobody is known to be the victim",
    "missed": "it had been missed when it ended",
    "after-hours": "it came in outside office hours: days are counted from the next working day",
    "default-date": "no date was given: the procedure's own was taken",
}


def days_of(row: Deadline, calendar: Calendar) -> list[CountedDay]:
    """Every day counted or skipped from the start to the due date; a backward clock's from its due date."""
    if not row.limit or not row.due:
        return []
    if row.rule.before:
        return calendar.count(row.limit, row.due)
    return calendar.count(row.limit, row.started if row.limit.in_hours else row.day_zero)


def start_words(row: Deadline) -> str:
    """What started the clock, and when."""
    name = row.start.name.replace(".", ", ").replace("-", " ") or "report"
    when = echo(row.started)
    if row.rule.before:
        return f"counted back from {echo(row.start.until or row.started)}, which was recorded {when}"
    return f"{name}, {when}"


def received_words(row: Deadline) -> str | None:
    """On which day it counts as received, and why, where office hours make that a later one."""
    if "after-hours" not in row.notes or not row.received_as:
        return None
    return f"{row.received_as.why}: counted as received on {echo(row.received_as.day)}"


def explanation(row: Deadline, calendar: Calendar) -> dict[str, Any]:
    """What `explain --json` adds to the deadline: the start in words, each day, what the notes mean."""
    return {
        "start": start_words(row),
        "received": received_words(row),
        "days": [{"date": day.date.isoformat(), "counted": day.counted, "why": day.why}
                 for day in days_of(row, calendar)],
        "because": [NOTES[note] for note in row.notes if note in NOTES],
    }


def in_words(row: Deadline, calendar: Calendar) -> list[str]:
    """The whole count, aloud, a line each."""
    rule = row.rule
    lines = [
        f"{rule.id}: {rule.title}",
        f"{rule.source} {rule.clause} ({rule.strength})",
        f"started: {start_words(row)}",
        *filter(None, [received_words(row)]),
        f"limit: {row.limit.words if row.limit else 'no number: it stays open and ages'}",
    ]
    for day in days_of(row, calendar):
        count = f"{day.counted}" if day.counted is not None else "-"
        lines.append(f"  {echo(Moment(day.date))}  {count:>4}  {day.why}")
    if row.due:
        lines.append(f"due: {echo(row.due)}{'' if row.due.instant else ', by the end of the day'}")
    if row.act_by and (row.due is None or row.act_by != row.due.day):
        lines.append(f"act by: {echo(Moment(row.act_by))}, the last working day")
    if row.met:
        lines.append(f"met: {echo(row.met)}")
    if row.ended:
        lines.append(f"ended: {echo(row.ended)}")
    if row.reason:
        lines.append(f"reason: {row.reason}")
    return lines + [f"note: {NOTES[note]}" for note in row.notes if note in NOTES]
