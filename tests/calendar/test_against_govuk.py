"""The calendar against what GOV.UK published for 2012 to 2028, and against NumPy's business days."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from asbcli.bankholidays import LAST_PUBLISHED_YEAR, bank_holidays, published_until
from asbcli.moments import LONDON, Moment
from asbcli.workdays import Calendar, parse_limit

DATA = Path(__file__).parents[1] / "data"
FIRST, LAST = date(2012, 1, 1), date(2028, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]

CALENDAR = Calendar(bank_holidays(2012, 2028), {}, {}, published_until())


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GOVUK = {date.fromisoformat(row["date"]): row for row in rows("govuk_scotland.csv")}

# Days the package names otherwise than GOV.UK: 2 and 3 January changed about, and single holidays' names.
NAMED_OTHERWISE = {
    date(2012, 1, 2), date(2012, 1, 3), date(2012, 6, 4), date(2012, 6, 5), date(2017, 1, 2),
    date(2017, 1, 3), date(2020, 5, 8), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8),
}  # fmt: skip


def test_every_day_of_2012_to_2028_is_worked_or_not_as_govuk_says() -> None:
    for day in EVERY_DAY:
        assert CALENDAR.is_working(day) == (day.weekday() < 5 and day not in GOVUK), day


def test_the_holidays_are_govuks_and_no_others() -> None:
    assert list(CALENDAR.holidays) == sorted(GOVUK)


def test_the_holidays_have_govuks_names() -> None:
    for day, row in GOVUK.items():
        substitute = " (substitute day)" if row["notes"] == "Substitute day" else ""
        same = CALENDAR.holidays[day] == row["title"].replace("’", "'") + substitute
        assert same != (day in NAMED_OTHERWISE), (day, CALENDAR.holidays[day])


def test_the_last_published_year_is_the_last_govuk_has() -> None:
    assert max(GOVUK).year == LAST_PUBLISHED_YEAR
    assert published_until() == LAST


def test_scotland_is_not_england() -> None:
    holidays = bank_holidays(2026, 2026)
    assert holidays[date(2026, 1, 2)] == "2nd January"
    assert holidays[date(2026, 11, 30)] == "St Andrew's Day"
    assert holidays[date(2026, 6, 15)] == "World Cup bank holiday"
    assert holidays[date(2026, 8, 3)] == "Summer bank holiday"
    assert date(2026, 4, 6) not in holidays  # Easter Monday
    assert date(2026, 8, 31) not in holidays  # the English one


@pytest.mark.parametrize("number", [1, 2, 3, 5, 9, 10, 20, 28, 80, 250])
def test_working_days_are_numpys_business_days(number: int) -> None:
    limit = parse_limit(f"{number} working days")
    starts = [day for day in EVERY_DAY if day <= LAST - timedelta(days=2 * number + 14)]
    later = [day for day in EVERY_DAY if day >= FIRST + timedelta(days=2 * number + 14)]
    off = np.array(sorted(GOVUK), dtype="datetime64[D]")
    # From a day off NumPy first rolls back (on) or forward (back): so the day itself is never counted.
    on = np.busday_offset(np.array(starts, "datetime64[D]"), number, roll="backward", holidays=off)
    back = np.busday_offset(np.array(later, "datetime64[D]"), -number, roll="forward", holidays=off)
    assert [CALENDAR.due(limit, Moment(day)).day for day in starts] == on.tolist()
    assert [CALENDAR.before(limit, Moment(day)).day for day in later] == back.tolist()


def test_same_working_day_is_numpys_roll_forward() -> None:
    starts = [day for day in EVERY_DAY if day < date(2028, 12, 20)]
    off = np.array(sorted(GOVUK), dtype="datetime64[D]")
    rolled = np.busday_offset(np.array(starts, "datetime64[D]"), 0, roll="forward", holidays=off)
    limit = parse_limit("same working day")
    assert [CALENDAR.due(limit, Moment(day)).day for day in starts] == rolled.tolist()


@pytest.mark.parametrize("row", rows("govuk_clock_changes.csv"), ids=lambda row: row["date"])
def test_24_hours_over_a_clock_change_move_on_the_wall(row: dict[str, str]) -> None:
    day = date.fromisoformat(row["date"])
    noon_before = datetime(day.year, day.month, day.day, 12, tzinfo=LONDON) - timedelta(days=1)
    limit, start = parse_limit("24 hours"), Moment.at(noon_before)
    due = CALENDAR.due(limit, start)
    assert due.instant is not None
    forward = day.month == 3
    assert due.instant.astimezone(LONDON).hour == (13 if forward else 11)
    change = CALENDAR.count(limit, start)[1]
    assert (change.date, change.why) == (day, f"clocks go {'forward' if forward else 'back'} one hour")


def test_the_clocks_change_on_govuks_days_and_no_others() -> None:
    start = Moment(date(2012, 1, 1))
    found: list[str] = []
    while start.day < LAST:
        counted = CALENDAR.count(parse_limit("8760 hours"), start)
        found += [each.date.isoformat() for each in counted[1:-1]]
        start = CALENDAR.due(parse_limit("8760 hours"), start)
    found = [text for text in found if text <= LAST.isoformat()]
    assert found == [row["date"] for row in rows("govuk_clock_changes.csv")]
