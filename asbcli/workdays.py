"""The working-day calendar: counts, and can tell every day it counted or skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from asbcli.dates import WEEKDAYS, quoted
from asbcli.moments import LONDON, Moment

Unit = Literal["hour", "working day", "day", "month"]
Direction = Literal[1, -1]

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)
_SATURDAY = 5

_LONGEST_TEXT = 80
_MOST_STEPS = 4
_SAME_DAY = "same working day"
_FORMS = "write it as 24 hours, 3 days, 5 working days, 2 weeks, 1 month or same working day"
_STEP = r"(?:(?P<least>[0-9]{1,6}) to )?(?P<most>[0-9]{1,6}) (?P<unit>hour|working day|day|week|month|year)s?"


class _Written(NamedTuple):
    """How a unit as written is counted, and the most of it a limit may have."""

    unit: Unit
    of_it: int
    most: int


_WRITTEN = {
    "hour": _Written("hour", 1, 10_000),
    "working day": _Written("working day", 1, 10_000),
    "day": _Written("day", 1, 10_000),
    "week": _Written("day", 7, 1_000),
    "month": _Written("month", 1, 1_200),
    "year": _Written("month", 12, 100),
}
# Only for telling whether a sequence such as `4 weeks - 6 months` would end before it starts.
_DAYS_ABOUT: dict[Unit, float] = {"hour": 1 / 24, "working day": 7 / 5, "day": 1, "month": 30.4}


class Step(NamedTuple):
    """So many of a unit, back when negative; 0 working days is the same day if it is one, else the next."""

    number: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as a procedure writes it; `parse_limit` makes them."""

    words: str
    steps: tuple[Step, ...]
    stops_short: bool = False
    """Written `before ...`: the last day is the one before the date the steps lead to."""

    @property
    def in_hours(self) -> bool:
        """Elapsed clock hours (K4), due at an instant; all other limits are due at the end of a day."""
        return self.steps[0].unit == "hour"

    def times(self, number: int) -> Limit:
        """So many of it, one after the other: twice `1 month` is two months from the first date (K7)."""
        steps = tuple(Step(step.number * number, step.unit) for step in self.steps)
        return Limit(f"{number} × {self.words}", steps if len(steps) == 1 else self.steps * number)

    def and_then(self, other: Limit) -> Limit:
        """This one, and the other one on from there: `4 weeks + 6 months`."""
        return parse_limit(f"{self.words} + {other.words}")

    def __hash__(self) -> int:
        return hash(self.words)  # a string keeps its hash, and limits are looked up a million times an import


@lru_cache(maxsize=1000)
def parse_limit(text: str) -> Limit:
    """Read a limit such as `24 hours`, `5 working days`, `before 12 months` or `4 weeks + 6 months`.

    Days alone are calendar days (K6). Of `2 to 4 working days` the outer bound counts. Raises ValueError,
    with a sentence that can be shown, for anything else: other words, nothing, less than nothing, too much.
    """
    words = " ".join(text.split()) if len(text) <= _LONGEST_TEXT else ""
    if not words:
        raise ValueError(f"{quoted(text)} is no limit: {_FORMS}")
    lowered = words.lower()
    if lowered == _SAME_DAY:
        return Limit(words, (Step(0, "working day"),))
    stops_short = lowered.startswith("before ")
    steps = _joined(_steps(lowered.removeprefix("before "), words))
    _refuse_what_cannot_be_counted(words, steps, stops_short)
    return Limit(words, steps, stops_short)


def _steps(sequence: str, words: str) -> list[Step]:
    """The steps as written, each in the unit it is counted in."""
    first, *rest = re.split(r" ([+-]) ", sequence)
    if len(rest) // 2 >= _MOST_STEPS:
        raise ValueError(f"{quoted(words)} has more than {_MOST_STEPS} steps")
    return [_step(first, 1), *(_step(step, -1 if sign == "-" else 1) for sign, step in _pairs(rest))]


def _pairs(rest: list[str]) -> Iterator[tuple[str, str]]:
    return zip(rest[::2], rest[1::2], strict=True)


def _step(text: str, sign: Direction) -> Step:
    found = re.fullmatch(_STEP, text)
    if not found:
        raise ValueError(f"{quoted(text)} is no limit: {_FORMS}")
    written = _WRITTEN[found["unit"]]
    number = int(found["most"])
    if found["least"] and not 0 < int(found["least"]) < number:
        raise ValueError(f"{quoted(text)} must go from the fewer to the more, from 1 up")
    if number < 1:
        raise ValueError(f"{quoted(text)} is nothing: a limit is at least 1 {found['unit']}")
    if number > written.most:
        raise ValueError(f"{quoted(text)} is too long: the most is {written.most:,} {found['unit']}s")
    return Step(sign * number * written.of_it, written.unit)


def _joined(steps: list[Step]) -> tuple[Step, ...]:
    """Neighbouring calendar steps of one kind made one, so that months are stepped from the first date (K7).

    31 January + 1 month + 1 month is 31 March, not the 28th. Working days stay apart: from a Saturday, one
    on and one back is Friday, which no sum tells.
    """
    joined: list[Step] = []
    for step in steps:
        if joined and step.unit == joined[-1].unit != "working day":
            step = Step(joined.pop().number + step.number, step.unit)
        joined.append(step)
    return tuple(joined)


def _refuse_what_cannot_be_counted(words: str, steps: tuple[Step, ...], stops_short: bool) -> None:
    units = {step.unit for step in steps}
    if "hour" in units and len(units) > 1:
        raise ValueError(f"{quoted(words)} mixes hours with days: hours stand alone")
    if stops_short and (len(steps) > 1 or units & {"hour", "working day"}):
        raise ValueError(f"{quoted(words)}: 'before' takes one number of days, weeks, months or years")
    if sum(step.number * _DAYS_ABOUT[step.unit] for step in steps) <= 0:
        raise ValueError(f"{quoted(words)} ends before it starts")


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count: its running number where it counts, and why it does or doesn't."""

    date: date
    counted: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days a landlord works (K1): Monday to Friday less bank holidays, and the landlord's own days.

    A day the landlord opened beats a holiday, a weekend and a closing; one it closed beats the rest.
    The mappings must not change afterwards: what was counted once is kept.
    """

    holidays: Mapping[date, str]
    closed: Mapping[date, str]
    opened: Mapping[date, str]
    known_until: date
    """The last day whose bank holidays the government has published."""
    _due: dict[tuple[Limit, date], Moment] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def is_working(self, day: date) -> bool:
        """Whether `day` counts as a working day."""
        if day in self.opened:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays and day not in self.closed

    def why(self, day: date) -> str:
        """What makes `day` a working day or none, in words: `Saturday`, `office closed: Fair Monday`."""
        if day in self.opened:
            return "opened by the landlord"
        if day in self.closed:
            return f"office closed: {self.closed[day]}"
        if day.weekday() >= _SATURDAY:
            return WEEKDAYS[day.weekday()]
        return self.holidays.get(day, "working day")

    def is_provisional(self, day: date) -> bool:
        """Whether the government may still change the bank holidays of `day`."""
        return day > self.known_until

    def due(self, limit: Limit, start: Moment) -> Moment:
        """When what began at `start` is due: a London day, or an instant (UTC) for hours.

        Days: the day of the event is day 0 whatever its hour, day 1 the first that counts strictly after it,
        due at the end of day N (K2, K3). Hours elapse through nights, weekends and clock changes (K4), from
        00:00 when only the date is known (K5). Calendar limits stay on a closed day (K8).
        """
        if limit.in_hours:
            return Moment.at(start.earliest + _elapsed(limit))
        key = limit, start.day
        due = self._due.get(key)
        if due is None:
            due = self._due[key] = Moment(self._reached(limit, start.day, 1))
        return due

    def before(self, limit: Limit, target: Moment) -> Moment:
        """The moment `limit` before `target`, counted back as `due` counts on: 4 weeks before the eviction.

        Day -1 is the first that counts strictly before the target's day. Hours go back from 00:00 when only
        the target's date is known, the strictest reading.
        """
        if limit.in_hours:
            return Moment.at(target.earliest - _elapsed(limit))
        return Moment(self._reached(limit, target.day, -1))

    def act_by(self, due: Moment, start: Moment) -> date:
        """The last working day on or before `due`, never before the day of `start` (K8).

        An hour limit runs on closed days too: for an instant it is the London date.
        """
        day = due.day
        if due.instant:
            return day
        while day > start.day and not self.is_working(day):
            day -= _ONE_DAY
        return max(day, start.day)

    def count(self, limit: Limit, start: Moment) -> list[CountedDay]:
        """Every day from day 0 to the day it is due; for hours the start, the due time and any clock change.

        The numbers begin again with each step of a sequence, and a step taken back is walked back.
        """
        if limit.in_hours:
            return self._counted_hours(limit, start)
        day = start.day
        days = [CountedDay(day, None, f"day 0, {self.why(day)}")]
        for step in limit.steps:
            end = self._stepped(day, step, 1)
            days += self._walked(day, end, step.unit)
            day = end
        return days[:-1] if limit.stops_short else days

    def _reached(self, limit: Limit, day: date, direction: Direction) -> date:
        for step in limit.steps:
            day = self._stepped(day, step, direction)
        return day - _ONE_DAY * direction if limit.stops_short else day

    def _stepped(self, day: date, step: Step, direction: Direction) -> date:
        number = step.number * direction
        if step.unit == "month":
            return _months_from(day, number)
        if step.unit == "day":
            return day + timedelta(days=number)
        if number == 0:
            return self._nearest_working_day(day, direction)
        return self._working_days_from(day, number)

    def _nearest_working_day(self, day: date, direction: Direction) -> date:
        while not self.is_working(day):
            day += _ONE_DAY * direction
        return day

    def _working_days_from(self, day: date, number: int) -> date:
        one = _ONE_DAY if number > 0 else -_ONE_DAY
        left = abs(number)
        while left:
            day += one
            left -= self.is_working(day)
        return day

    def _walked(self, start: date, end: date, unit: Unit) -> Iterator[CountedDay]:
        """The days after `start` up to `end`, in whichever direction it lies."""
        one = _ONE_DAY if end > start else -_ONE_DAY
        day, number = start, 0
        while day != end:
            day += one
            working = self.is_working(day)
            counts = working or unit != "working day"
            number += counts
            yield CountedDay(day, number if counts else None, self._reason(day, unit, working))

    def _reason(self, day: date, unit: Unit, working: bool) -> str:
        if unit == "working day":
            return self.why(day)
        return "calendar day" if working else f"calendar day, {self.why(day)}"

    def _counted_hours(self, limit: Limit, start: Moment) -> list[CountedDay]:
        due = self.due(limit, start)
        began = f"starts at {_clock(start)}" if start.instant else "time unknown: starts at 00:00"
        return [
            CountedDay(start.day, None, began),
            *_clock_changes(start, limit.steps[0].number),
            CountedDay(due.day, limit.steps[0].number, f"due at {_clock(due)}"),
        ]


def _elapsed(limit: Limit) -> timedelta:
    return timedelta(hours=limit.steps[0].number)


def _months_from(day: date, number: int) -> date:
    """The same day of the month, or the month's last (K7)."""
    from dateutil.relativedelta import relativedelta  # 3 ms to import, and most commands step no months

    return day + relativedelta(months=number)


def _clock(moment: Moment) -> str:
    return f"{moment.earliest.astimezone(LONDON):%H:%M}"


def _clock_changes(start: Moment, hours: int) -> Iterator[CountedDay]:
    """The days within so many hours on which London's clocks change."""
    instant = start.earliest
    offset = instant.astimezone(LONDON).utcoffset()
    for _ in range(hours):
        instant += _ONE_HOUR
        local = instant.astimezone(LONDON)
        was, offset = offset, local.utcoffset()
        if was is not None and offset is not None and was != offset:
            way = "forward" if offset > was else "back"
            yield CountedDay(local.date(), None, f"clocks go {way} one hour")
