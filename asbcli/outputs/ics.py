"""Deadlines as a calendar file: one event each, its reference and its rule, and nobody's name."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from asbcli.outputs.leaks import Draft, Passage, Secret, leaves, write

Row = Mapping[str, Any]


def write_calendar(file: str, rows: Iterable[Row], uids: Iterable[str], *, now: datetime,
                   secrets: Sequence[Secret] = ()) -> int:
    """Write the calendar (0600), and return of how many deadlines; one that has no date has no place in it.

    `rows` are deadline shapes as they may be told, `uids` what each is known by, `now` is aware. Raises NotAllowed
    where it would name somebody.
    """
    dated = [(row, named) for row, named in zip(rows, uids, strict=True) if row["due"] or row["act_by"]]
    write(Path(file), calendar(dated, now=now, secrets=secrets))
    return len(dated)


@leaves("calendar")
def calendar(rows: Sequence[tuple[Row, str]], *, now: datetime, secrets: Sequence[Secret] = ()) -> Draft:
    """The calendar's text: all-day events on the day to act by, timed ones for limits in hours (UTC)."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//asb//deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    passages = []
    for row, named in rows:
        event = _event(row, named, now)
        passages.append(Passage(str(event["summary"])))
        made.add_component(event)
    return Draft(made.to_ical().decode(), tuple(passages), tuple(secrets), in_columns=True)


def _event(row: Row, named: str, now: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", named)
    event.add("dtstamp", now)
    # A program that has the event already takes the higher number over it.
    event.add("sequence", int(now.timestamp() // 60))
    event.add("summary", f"{row['case'] or 'register'} {row['rule']}")
    event.add("class", "PRIVATE")
    if "T" in (row["due"] or ""):
        due = datetime.fromisoformat(row["due"]).astimezone(now.tzinfo)
        event.add("dtstart", due)
        event.add("dtend", due)
    else:
        day = date.fromisoformat(row["act_by"] or row["due"])
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(1))
        event.add("transp", "TRANSPARENT")
    return event


def uid(row: Row, key: str) -> str:
    """What a whole deadline is known by: the same whatever its date, another for each, and nothing that tells of it.

    An item may be a name and a rule the kind of a restricted case, so without the register's `key` no guess at them
    can be tried.
    """
    whose = json.dumps([row[name] for name in ("case", "rule", "person", "item", "occurrence")])
    return hmac.digest(key.encode(), whose.encode(), "sha256").hex()[:32] + "@asb"
