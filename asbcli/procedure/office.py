"""Office hours: on which day a report that comes in late, or on a closed day, counts as received."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from asbcli.moments import LONDON, Moment
from asbcli.workdays import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_FURTHEST = 60
"""Days looked ahead for one on which the office opens: no office is shut for longer."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Until when what comes in counts as received that day; `hours` by weekday (Monday is 0), where kept."""

    cut_off: time | None = None
    hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    clause: str = ""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> OfficeHours:
        """The hours an `[office]` table states, which was checked."""
        written = table.get("hours", {})
        hours = {number: hours_of(written[day]) for number, day in enumerate(WEEKDAYS) if day in written}
        return cls(
            time_of(table.get("cut_off", "")),
            {day: span for day, span in hours.items() if span},
            table.get("clause", ""),
        )

    def opens_on(self, weekday: int) -> bool:
        """Whether the office opens on such a day, if it is a working day."""
        return not self.hours or weekday in self.hours

    def last(self, weekday: int) -> time | None:
        """The last time of such a day that still counts as that day: the cut-off or the closing time."""
        closing = [self.hours[weekday][1]] if weekday in self.hours else []
        return min([*closing, *([self.cut_off] if self.cut_off else [])], default=None)


def time_of(text: str) -> time | None:
    """A time of day written `16:00`; None for anything else."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def hours_of(text: str) -> tuple[time, time] | None:
    """Hours written `09:00 to 17:00`; None for anything else, or hours that end before they begin."""
    first, _, last = text.partition(" to ")
    opens, closes = time_of(first), time_of(last)
    return (opens, closes) if opens is not None and closes is not None and opens < closes else None


class LaterDay(NamedTuple):
    """The day something counts as received, other than its own, and why in words."""

    day: Moment
    why: str


def later_day(office: OfficeHours, received: Moment, calendar: Calendar) -> LaterDay | None:
    """The day what was `received` counts as received, for limits in days; None where that is its own day.

    What comes in after the cut-off or the closing time (London), or on a day the office is shut, counts as
    received on the next working day; so a later report never has the earlier date. Where only the date is
    known it came in time (K5: the strictest reading).
    """
    last = office.last(received.day.weekday())
    why = "received on a day the office was closed"
    if _opens(office, received.day, calendar):
        if not last or not received.instant or received.instant.astimezone(LONDON).time() <= last:
            return None
        why = f"received after {last:%H:%M}"
    later = (received.day + timedelta(days=number) for number in range(1, _FURTHEST))
    return next((LaterDay(Moment(day), why) for day in later if _opens(office, day, calendar)), None)


def _opens(office: OfficeHours, day: date, calendar: Calendar) -> bool:
    return calendar.is_working(day) and office.opens_on(day.weekday())
