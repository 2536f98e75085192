"""How long a closed case is kept: periods tell what to review, a person decides, a court hold stops it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from asbcli.casefile.case import Case, Event
from asbcli.casefile.entries import Retention
from asbcli.casework.record import Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.store.past import Past
from asbcli.store.shapes import RESTRICTED, ref
from asbcli.workdays import Calendar, Limit, parse_limit

DEFAULT = "default"  # the period of what no other is named for
HOLDS = ("retention.hold", "flag.court-hold.added", "event.proceedings-raised")
RELEASES = ("retention.release", "flag.court-hold.removed", "event.decree", "event.appeal-ended")
COLUMNS = ("ref", "closed_at", "period", "review_due", "kept_until", "held", "outcome", "officer")


def held_for_court(case: Case) -> bool:
    """Whether a court may still need the case: what was recorded last, a hold or its end, decides."""
    last = _last(case, (*HOLDS, *RELEASES))
    return last is not None and last.name in HOLDS


def _last(case: Case, names: tuple[str, ...]) -> Event | None:
    return max((event for event in case.events if event.name in names), key=lambda event: event.seq, default=None)


def periods_of(written: Mapping[str, str]) -> dict[str, Limit]:
    """The landlord's periods: of a category, a flag or an outcome, and `default`. Raises BadInput."""
    found = {}
    for name, words in written.items():
        try:
            found[name] = parse_limit(words)
        except ValueError as fault:
            raise BadInput(f"[retention] {name}: {fault}", 'such as default = "6 years"') from None
    return found


def due_for_review(
    connection: sqlite3.Connection, closed: Iterable[Mapping[str, Any]], periods: Mapping[str, Limit], today: date
) -> Iterator[dict[str, Any]]:
    """Of the closed cases, as `list` has them, those whose period has passed or is not known: a person decides."""
    past = Past(connection)
    for line in closed:
        if _is_young(line, periods, past.calendar, today):
            continue
        row = _review(past.case(line["number"])[0], periods, past.calendar)
        if row["review_due"] is None or row["review_due"] <= today.isoformat():
            yield _hidden(row) if RESTRICTED in line["flags"] else row


def _hidden(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the list tells of a restricted case: that it is up for review, or held; when and why say what it is."""
    return {**dict.fromkeys(row), "ref": row["ref"], "period": RESTRICTED, "held": row["held"]}


def _is_young(line: Mapping[str, Any], periods: Mapping[str, Limit], calendar: Calendar, today: date) -> bool:
    """Whether a case is still within its period by its row alone; its log, which is longer, is then not read."""
    if line["closed_at"] is None:  # restricted: the row does not say
        return False
    ends = _ends((*line["categories"], *line["flags"], line["outcome"] or ""), Moment.parse(line["closed_at"]).day,
                 periods, calendar)
    return any(end > today for end in ends.values())


def _ends(labels: Iterable[str], closed: date, periods: Mapping[str, Limit], calendar: Calendar) -> dict[str, date]:
    """When each of the periods that apply ends: those of the labels, or else the one of all other cases."""
    applying = [name for name in labels if name in periods] or [name for name in (DEFAULT,) if name in periods]
    return {name: calendar.due(periods[name], Moment(closed)).day for name in applying}


def _review(case: Case, periods: Mapping[str, Limit], calendar: Calendar) -> dict[str, Any]:
    """When a case comes up: the longest of the periods that apply, or the day a person chose."""
    assert case.closed is not None, "only closed cases are asked about"
    ends = _ends((*case.categories, *case.flags, case.outcome or ""), case.closed.day, periods, calendar)
    name = max(ends, key=lambda each: ends[each], default=None)
    kept = _last(case, ("retention.keep",))
    until = kept.until.day if kept and kept.until else None
    last = max((day for day in (ends.get(name or ""), until) if day), default=None)
    return {
        "ref": ref(case.number),
        "closed_at": case.closed.shown,
        "period": f"{name}: {periods[name].words}" if name else None,
        "review_due": last.isoformat() if last else None,
        "kept_until": until.isoformat() if until else None,
        "held": held_for_court(case),
        "outcome": case.outcome,
        "officer": case.officer,
    }


def decide(office: Office, *, case: int, step: str, because: str, until: Moment | None = None) -> Recorded:
    """Hold a case for a court, release it, or keep it until a day: each with its reason."""
    with office.desk() as desk:
        work = desk.case(case, step="retention")
        held = held_for_court(work.case)
        if step in ("hold", "release") and held == (step == "hold"):
            raise BadInput(f"{ref(case)} is {'already held' if held else 'not held'} for a court", "asb retention")
        work.record(None, Retention(step, because, until))
        said = {
            "hold": "held for a court: nothing of it is erased",
            "release": "no longer held for a court",
            "keep": f"kept until {echo(until)}" if until else "kept",
        }
        return work.finish(f"{said[step]}.")
