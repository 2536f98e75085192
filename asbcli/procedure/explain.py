"""A deadline's arithmetic in words: what started it, which limit, each day counted and each one skipped."""

from __future__ import annotations

from typing import Any

from asbcli.casefile.vocabulary import told
from asbcli.dates import echo
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.rules import Rule
from asbcli.workdays import Calendar, CountedDay

LONGEST_SHOWN = 45  # days of a count that are all told
SHOWN_OF_LONG = 3  # of a longer one, at each end

NOTES = {
    "upgraded": "the priority was raised: the time runs from the original start all the same",
    "held-back": "it was not allowed, or did not apply, until this date had passed",
    "late-on-flag": "the flag was set after this date had passed",
    "time-unknown": "only the date is known: hours are counted from 00:00, the strictest reading",
    "provisional": "bank holidays that far ahead are not published yet: the date may move",
    "anonymous": "the reporter is anonymous, and nobody is known to be the victim",
    "missed": "it had been missed when it ended",
    "after-hours": "it came in outside office hours: days are counted from the next working day",
    "earliest": "it is the first day on which this may be done, and not the last",
    "default-date": "no date was given: the procedure's own was taken",
}


def days_of(row: Deadline, calendar: Calendar) -> list[CountedDay]:
    """Every day counted or skipped from the start to the due date; a backward clock's from its due date."""
    if not row.limit or not row.due:
        return []
    if row.rule.before:
        return calendar.count(row.limit, row.due)
    if row.slot:
        return calendar.count(row.slot.within, row.slot.since)
    return calendar.count(row.limit, row.started if row.limit.in_hours else row.day_zero)


def start_words(row: Deadline) -> str:
    """What started the clock, and when."""
    name = row.start.name.replace(".", ", ").replace("-", " ") or "report"
    when = echo(row.started)
    if row.rule.before:
        return f"counted back from {echo(row.start.until or row.started)}, which was recorded {when}"
    return f"{name}, {when}"


def limit_words(row: Deadline) -> str:
    """How long there is: the rule's number, the date that was given, or neither."""
    given = row.start.until if row.rule.asked else None
    if row.limit:
        return row.limit.words + (f" from the date given, {echo(given)}" if given else "")
    return "the date given" if given else _without_number(row.rule)


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


def _count_aloud(days: list[CountedDay]) -> list[str]:
    """A line for each day; of a count of months only its beginning and its end, for nobody reads the rest."""
    left_out = len(days) - 2 * SHOWN_OF_LONG if len(days) > LONGEST_SHOWN else 0
    aloud = []
    for place, day in enumerate(days):
        if left_out and place == SHOWN_OF_LONG:
            aloud.append(f"  ... {left_out} more days, each counted ...")
        if not left_out or place < SHOWN_OF_LONG or place >= len(days) - SHOWN_OF_LONG:
            count = f"{day.counted}" if day.counted is not None else "-"
            aloud.append(f"  {echo(Moment(day.date))}  {count:>4}  {day.why}")
    return aloud


def _without_number(rule: Rule) -> str:
    """What holds where the clause gives no time: how soon it is to be done all the same, and whether it gets late."""
    if not rule.act_within:
        return "none in the clause: it stays open until it is done"
    soon = rule.act_within.words
    after = "overdue after that" if rule.overdue_after_act_by else "open until it is"
    return f"none in the clause: to be done {'the' if soon.startswith('same') else 'within'} {soon}, and {after}"


def in_words(row: Deadline, calendar: Calendar) -> list[str]:
    """The whole count, aloud, a line each."""
    rule = row.rule
    lines = [
        f"{rule.id}: {rule.title}",
        f"{rule.source} {rule.clause} ({rule.strength})",
        f"started: {start_words(row)}",
        *filter(None, [received_words(row)]),
        *([f"{'agreed anew' if rule.agreed else 'on a schedule'}: counted from {echo(row.slot.since)}"]
          if row.slot else []),
        f"limit: {limit_words(row)}",
    ]
    lines += _count_aloud(days_of(row, calendar))
    if row.due and rule.earliest:
        lines.append(f"from: {echo(row.due)}")
    elif row.due:
        lines.append(f"due: {echo(row.due)}{'' if row.due.instant else ', by the end of the day'}")
    if row.act_by and not rule.earliest and (row.due is None or row.act_by != row.due.day):
        lines.append(f"act by: {echo(Moment(row.act_by))}{', the last working day by then' if row.due else ''}")
    if row.met:
        lines.append(f"met: {echo(row.met)}")
    if row.lacking:
        lines.append(f"missing: {', '.join(map(told, row.lacking))}")
    if row.ended:
        lines.append(f"ended: {echo(row.ended)}")
    if row.reason:
        lines.append(f"reason: {row.reason}")
    return lines + [f"note: {NOTES[note]}" for note in row.notes if note in NOTES]
