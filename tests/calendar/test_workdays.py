"""Limits and the working-day calendar, as worked examples a caseworker could check with a wall calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from asbcli.bankholidays import bank_holidays, published_until
from asbcli.moments import LONDON, Moment
from asbcli.workdays import Calendar, CountedDay, Limit, Step, parse_limit

SCOTLAND = bank_holidays(2012, 2028)
CALENDAR = Calendar(holidays=SCOTLAND, closed={}, opened={}, known_until=published_until())

DAYS = st.dates(date(2012, 1, 1), date(2028, 6, 30))
INSTANTS = st.datetimes(datetime(2012, 1, 1), datetime(2028, 6, 30), timezones=st.just(UTC))
OWN_DAYS = st.dictionaries(st.dates(date(2024, 1, 1), date(2024, 4, 30)), st.just("own day"), max_size=40)


def day(text: str) -> date:
    return date.fromisoformat(text)


def london(text: str) -> Moment:
    return Moment.at(datetime.fromisoformat(text).replace(tzinfo=LONDON))


def due(limit: str, start: str) -> date:
    return CALENDAR.due(parse_limit(limit), Moment(day(start))).day


@pytest.mark.parametrize(
    ("what", "start", "limit", "expected"),
    [
        ("St Andrew's Day on the Monday is not counted", "2026-11-27", "1 working day", "2026-12-01"),
        ("Christmas, Boxing Day's substitute, New Year", "2026-12-24", "5 working days", "2027-01-06"),
        ("Priority One over St Andrew's Day's substitute", "2025-11-28", "1 working day", "2025-12-02"),
        ("Priority Two received on Christmas Eve", "2025-12-24", "5 working days", "2026-01-06"),
        ("Easter Monday is no Scottish bank holiday", "2026-04-02", "1 working day", "2026-04-06"),
        ("the World Cup holiday of 15 June 2026", "2026-06-12", "1 working day", "2026-06-16"),
        ("Good Friday is not counted", "2026-03-28", "9 working days", "2026-04-10"),
        ("a Saturday report: day 1 is Monday", "2026-11-21", "1 working day", "2026-11-23"),
        ("a Sunday report: day 1 is Monday", "2026-11-22", "1 working day", "2026-11-23"),
        ("a report on a bank holiday: the next day", "2026-11-30", "1 working day", "2026-12-01"),
        ("2 January is a holiday in Scotland", "2025-12-31", "1 working day", "2026-01-05"),
        ("of a range the outer bound counts", "2026-11-23", "2 to 4 working days", "2026-11-27"),
    ],
    ids=lambda value: value if " " in str(value) else "",
)
def test_working_days_k2_k3(what: str, start: str, limit: str, expected: str) -> None:
    assert due(limit, start) == day(expected)


@pytest.mark.parametrize(
    ("what", "start", "limit", "expected"),
    [
        ("days alone are calendar days", "2026-11-20", "3 days", "2026-11-23"),
        ("28 days' monitoring may end on a Saturday", "2025-11-22", "28 days", "2025-12-20"),
        ("a fortnight may end on a bank holiday", "2026-12-11", "2 weeks", "2026-12-25"),
        ("a month from the 31st ends with the month", "2026-01-31", "1 month", "2026-02-28"),
        ("or on the 29th in a leap year", "2028-01-31", "1 month", "2028-02-29"),
        ("a year from 29 February", "2028-02-29", "12 months", "2029-02-28"),
        ("three years", "2026-05-01", "3 years", "2029-05-01"),
        ("before the first anniversary", "2026-05-01", "before 12 months", "2027-04-30"),
        ("a notice: four weeks, then six months", "2026-01-05", "4 weeks + 6 months", "2026-08-02"),
        ("two months before a year is out", "2026-01-31", "12 months - 2 months", "2026-11-30"),
        ("months are stepped from the first date", "2026-01-31", "1 month + 1 month", "2026-03-31"),
        ("also with a year among them", "2028-02-29", "1 year + 36 months", "2032-02-29"),
        ("days between break that", "2026-01-31", "1 month + 1 day + 1 month", "2026-04-01"),
        ("working days after calendar days", "2026-11-02", "4 weeks + 1 working day", "2026-12-01"),
        ("working days taken back", "2026-11-03", "4 weeks - 1 working day", "2026-11-27"),
    ],
    ids=lambda value: value if " " in str(value) else "",
)
def test_calendar_limits_are_never_moved_k6_k7_k8(what: str, start: str, limit: str, expected: str) -> None:
    assert due(limit, start) == day(expected)


def test_the_same_working_day_is_that_day_or_the_next_that_is_worked() -> None:
    assert due("same working day", "2026-11-27") == day("2026-11-27")
    assert due("same working day", "2026-11-28") == day("2026-12-01")


@pytest.mark.parametrize(
    ("what", "start", "limit", "expected"),
    [
        ("48 hours lose an hour on the wall in spring", "2026-03-28T12:00", "48 hours", "2026-03-30T13:00"),
        ("and gain one in autumn", "2026-10-24T12:00", "48 hours", "2026-10-26T11:00"),
        ("24 hours run through Christmas", "2026-12-24T16:40", "24 hours", "2026-12-25T16:40"),
        ("1 hour over midnight", "2026-07-01T23:30", "1 hour", "2026-07-02T00:30"),
    ],
    ids=lambda value: value if " " in str(value) else "",
)
def test_hours_are_elapsed_clock_time_k4(what: str, start: str, limit: str, expected: str) -> None:
    assert CALENDAR.due(parse_limit(limit), london(start)) == london(expected)


def test_hours_from_a_date_without_a_time_start_at_midnight_k5() -> None:
    start = Moment(day("2026-07-01"))
    assert CALENDAR.due(parse_limit("24 hours"), start) == london("2026-07-02T00:00")


def test_whatever_its_hour_the_day_of_the_event_is_day_0() -> None:
    limit = parse_limit("1 working day")
    for hour in ("00:00", "09:00", "17:01", "23:59"):
        assert CALENDAR.due(limit, london(f"2026-11-23T{hour}")) == Moment(day("2026-11-24"))


def test_just_after_midnight_in_summer_it_is_already_the_london_day() -> None:
    start = Moment.at(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert CALENDAR.due(parse_limit("1 day"), start) == Moment(day("2026-07-03"))


def test_act_by_is_the_last_working_day_on_or_before_k8() -> None:
    start = Moment(day("2025-11-22"))
    assert CALENDAR.act_by(Moment(day("2025-12-20")), start) == day("2025-12-19")
    assert CALENDAR.act_by(Moment(day("2025-12-19")), start) == day("2025-12-19")
    assert CALENDAR.act_by(Moment(day("2026-01-02")), start) == day("2025-12-31")


def test_act_by_is_never_before_the_start() -> None:
    saturday, sunday = Moment(day("2026-11-21")), Moment(day("2026-11-22"))
    assert CALENDAR.act_by(sunday, saturday) == saturday.day


def test_act_by_of_hours_is_the_london_date_even_on_a_closed_day() -> None:
    start = london("2026-12-24T16:40")
    assert CALENDAR.act_by(CALENDAR.due(parse_limit("24 hours"), start), start) == day("2026-12-25")
    late = london("2026-07-01T00:30")
    assert CALENDAR.act_by(CALENDAR.due(parse_limit("24 hours"), late), late) == day("2026-07-02")


@pytest.mark.parametrize(
    ("target", "limit", "expected"),
    [
        ("2027-03-10", "4 weeks", "2027-02-10"),
        ("2026-12-01", "1 working day", "2026-11-27"),
        ("2026-11-29", "1 working day", "2026-11-27"),
        ("2026-03-31", "1 month", "2026-02-28"),
        ("2027-05-31", "12 months + 2 months", "2026-03-31"),
        ("2026-11-29", "same working day", "2026-11-27"),
        ("2027-05-01", "before 12 months", "2026-05-02"),
    ],
)
def test_counting_back_from_a_planned_date(target: str, limit: str, expected: str) -> None:
    assert CALENDAR.before(parse_limit(limit), Moment(day(target))) == Moment(day(expected))


def test_counting_back_hours_from_an_hour_and_from_a_date() -> None:
    two_days = parse_limit("48 hours")
    assert CALENDAR.before(two_days, london("2026-03-30T13:00")) == london("2026-03-28T12:00")
    assert CALENDAR.before(two_days, Moment(day("2026-07-03"))) == london("2026-07-01T00:00")


def test_the_landlords_own_days_come_before_the_governments() -> None:
    calendar = Calendar(
        holidays={day("2026-07-20"): "Holiday", day("2026-07-21"): "Holiday"},
        closed={
            day("2026-07-13"): "Fair Monday",
            day("2026-07-18"): "Repairs",
            day("2026-07-21"): "Stocktaking",
        },
        opened={day("2026-07-19"): "Open day", day("2026-07-20"): "Open day"},
        known_until=published_until(),
    )
    told = {
        "2026-07-10": "working day",
        "2026-07-11": "Saturday",
        "2026-07-13": "office closed: Fair Monday",
        "2026-07-18": "office closed: Repairs",
        "2026-07-19": "opened by the landlord",
        "2026-07-20": "opened by the landlord",
        "2026-07-21": "office closed: Stocktaking",
    }
    assert {text: calendar.why(day(text)) for text in told} == told
    worked = [text for text in told if calendar.is_working(day(text))]
    assert worked == ["2026-07-10", "2026-07-19", "2026-07-20"]
    assert CALENDAR.why(day("2026-11-30")) == "St Andrew's Day"


def test_beyond_what_the_government_has_published_a_day_is_provisional() -> None:
    assert not CALENDAR.is_provisional(day("2028-12-31"))
    assert CALENDAR.is_provisional(day("2029-01-01"))


def test_a_count_tells_every_day_it_counted_or_skipped() -> None:
    assert CALENDAR.count(parse_limit("2 working days"), Moment(day("2026-11-27"))) == [
        CountedDay(day("2026-11-27"), None, "day 0, working day"),
        CountedDay(day("2026-11-28"), None, "Saturday"),
        CountedDay(day("2026-11-29"), None, "Sunday"),
        CountedDay(day("2026-11-30"), None, "St Andrew's Day"),
        CountedDay(day("2026-12-01"), 1, "working day"),
        CountedDay(day("2026-12-02"), 2, "working day"),
    ]


def test_a_count_of_calendar_days_counts_them_all() -> None:
    assert CALENDAR.count(parse_limit("3 days"), Moment(day("2026-11-28"))) == [
        CountedDay(day("2026-11-28"), None, "day 0, Saturday"),
        CountedDay(day("2026-11-29"), 1, "calendar day, Sunday"),
        CountedDay(day("2026-11-30"), 2, "calendar day, St Andrew's Day"),
        CountedDay(day("2026-12-01"), 3, "calendar day"),
    ]


def test_a_count_of_hours_tells_the_clock_change() -> None:
    assert CALENDAR.count(parse_limit("48 hours"), london("2026-03-28T12:00")) == [
        CountedDay(day("2026-03-28"), None, "starts at 12:00"),
        CountedDay(day("2026-03-29"), None, "clocks go forward one hour"),
        CountedDay(day("2026-03-30"), 48, "due at 13:00"),
    ]


def test_a_count_of_hours_from_a_date_says_that_the_time_is_unknown() -> None:
    assert CALENDAR.count(parse_limit("24 hours"), Moment(day("2026-10-25"))) == [
        CountedDay(day("2026-10-25"), None, "time unknown: starts at 00:00"),
        CountedDay(day("2026-10-25"), None, "clocks go back one hour"),
        CountedDay(day("2026-10-25"), 24, "due at 23:00"),
    ]


def test_a_step_taken_back_is_walked_back() -> None:
    days = CALENDAR.count(parse_limit("1 week - 1 working day"), Moment(day("2026-11-23")))
    assert [each.date.day for each in days] == [23, 24, 25, 26, 27, 28, 29, 30, 29, 28, 27]
    assert [each.counted for each in days] == [None, 1, 2, 3, 4, 5, 6, 7, None, None, 1]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("24 hours", [Step(24, "hour")]),
        ("1 hour", [Step(1, "hour")]),
        ("3 days", [Step(3, "day")]),
        ("1 working day", [Step(1, "working day")]),
        ("5 Working  Days", [Step(5, "working day")]),
        ("2 weeks", [Step(14, "day")]),
        ("1 month", [Step(1, "month")]),
        ("3 years", [Step(36, "month")]),
        ("same working day", [Step(0, "working day")]),
        ("2 to 4 working days", [Step(4, "working day")]),
        ("before 12 months", [Step(12, "month")]),
        ("12 months - 2 months", [Step(10, "month")]),
        ("4 weeks + 6 months", [Step(28, "day"), Step(6, "month")]),
        ("1 working day + 1 working day", [Step(1, "working day"), Step(1, "working day")]),
    ],
)
def test_a_limit_is_read_and_its_words_are_kept(text: str, steps: list[Step]) -> None:
    limit = parse_limit(text)
    assert limit.words == " ".join(text.split())
    assert list(limit.steps) == steps
    assert limit.in_hours == ("hour" in text)
    assert limit.stops_short == text.startswith("before")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is no limit"),
        ("soon", "is no limit"),
        ("immediately", "is no limit"),
        ("5", "is no limit"),
        ("5 wd", "is no limit"),
        ("five days", "is no limit"),
        ("-5 days", "is no limit"),
        ("- 5 days", "is no limit"),
        ("1.5 days", "is no limit"),
        ("٥ days", "is no limit"),
        ("5 working days or so", "is no limit"),
        ("5 days +", "is no limit"),
        ("before", "is no limit"),
        ("0 hours", "at least 1 hour"),
        ("0 working days", "at least 1 working day"),
        ("4 to 2 working days", "from the fewer to the more"),
        ("0 to 2 days", "from the fewer to the more"),
        ("10001 hours", "too long: the most is 10,000 hours"),
        ("101 years", "too long: the most is 100 years"),
        ("9999999 days", "is no limit"),
        ("9" * 5000 + " days", "is no limit"),
        ("24 hours + 1 day", "hours stand alone"),
        ("before 5 working days", "'before' takes one number"),
        ("before 12 months + 1 day", "'before' takes one number"),
        ("1 month - 2 months", "ends before it starts"),
        ("1 month - 1 month", "ends before it starts"),
        ("4 weeks - 6 months", "ends before it starts"),
        ("1 day + 1 day + 1 day + 1 day + 1 day", "more than 4 steps"),
    ],
)
def test_what_is_no_limit_is_refused_in_words(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refusal:
        parse_limit(text)
    assert len(str(refusal.value)) < 200


def read_or_refused(text: str) -> Limit | ValueError:
    try:
        return parse_limit(text)
    except ValueError as refusal:
        return refusal


PIECES = st.sampled_from(
    [
        "1",
        "0",
        "12",
        "-",
        "+",
        " ",
        "to",
        "before",
        "same",
        "working",
        "day",
        "days",
        "hours",
        "months",
        "year",
    ]
)


@given(st.text() | st.lists(PIECES, max_size=12).map(" ".join))
def test_hostile_text_is_a_limit_or_a_value_error(text: str) -> None:
    found = read_or_refused(text)
    if isinstance(found, ValueError):
        assert str(found).isprintable()
    else:
        CALENDAR.due(found, Moment(day("2026-01-31")))


def naive(calendar: Calendar, start: date, number: int, one: timedelta) -> date:
    """Working days as one counts on the fingers."""
    found: list[date] = []
    each = start
    while len(found) < number:
        each = each + one
        weekend = each.strftime("%w") in ("0", "6")
        closed = each in calendar.closed or each in calendar.holidays or weekend
        if each in calendar.opened or not closed:
            found.append(each)
    return found[-1]


@given(st.dates(date(2024, 1, 1), date(2024, 3, 31)), st.integers(1, 40), OWN_DAYS, OWN_DAYS)
def test_any_calendar_counts_as_one_counts_on_the_fingers(
    start: date, number: int, closed: dict[date, str], opened: dict[date, str]
) -> None:
    calendar = Calendar(SCOTLAND, closed, opened, published_until())
    limit, moment = parse_limit(f"{number} working days"), Moment(start)
    expected = naive(calendar, start, number, timedelta(days=1))
    assert calendar.due(limit, moment) == calendar.due(limit, moment) == Moment(expected)
    assert calendar.before(limit, moment) == Moment(naive(calendar, start, number, timedelta(days=-1)))
    days = calendar.count(limit, moment)
    assert [each.date for each in days] == [
        start + timedelta(days=n) for n in range((expected - start).days + 1)
    ]
    assert [each.counted for each in days if each.counted] == list(range(1, number + 1))
    assert days[-1] == CountedDay(expected, number, calendar.why(expected))
    assert all((each.counted is not None) == calendar.is_working(each.date) for each in days[1:])


@given(INSTANTS, st.integers(1, 2000))
def test_hours_are_the_arithmetic_of_utc(instant: datetime, number: int) -> None:
    start, limit = Moment.at(instant), parse_limit(f"{number} hours")
    due = CALENDAR.due(limit, start)
    assert start.instant is not None
    assert due.instant is not None
    assert due.instant.timestamp() - start.instant.timestamp() == number * 3600
    assert due.day == due.instant.astimezone(LONDON).date()
    assert CALENDAR.before(limit, due) == start


@given(DAYS, st.integers(1, 400), st.integers(1, 100))
def test_months_and_years_are_dateutils(start: date, months: int, years: int) -> None:
    assert due(f"{months} months", start.isoformat()) == start + relativedelta(months=months)
    assert due(f"{years} years", start.isoformat()) == start + relativedelta(years=years)
    back = CALENDAR.before(parse_limit(f"{months} months"), Moment(start))
    assert back.day == start - relativedelta(months=months)


@given(DAYS, st.integers(1, 300))
def test_counting_back_undoes_counting_on_from_a_working_day(start: date, number: int) -> None:
    assume(CALENDAR.is_working(start))
    limit = parse_limit(f"{number} working days")
    assert CALENDAR.before(limit, CALENDAR.due(limit, Moment(start))) == Moment(start)


@given(DAYS, st.integers(1, 1000), st.integers(1, 100))
def test_counting_back_undoes_calendar_days_and_never_overshoots_months(
    start: date, days: int, months: int
) -> None:
    calendar_days, some_months = parse_limit(f"{days} days"), parse_limit(f"{months} months")
    assert CALENDAR.before(calendar_days, CALENDAR.due(calendar_days, Moment(start))) == Moment(start)
    back = CALENDAR.before(some_months, CALENDAR.due(some_months, Moment(start)))
    assert start - timedelta(days=3) <= back.day <= start


LIMITS = st.sampled_from(
    ["1 working day", "10 working days", "3 days", "1 month", "before 12 months", "same working day",
     "4 weeks + 6 months", "12 months - 2 months", "1 month - 2 working days", "24 hours", "999 hours"]
).map(parse_limit)  # fmt: skip


@given(DAYS, LIMITS)
def test_every_count_starts_on_day_0_and_ends_on_the_day_it_is_due(start: date, limit: Limit) -> None:
    moment = Moment(start)
    days, due = CALENDAR.count(limit, moment), CALENDAR.due(limit, moment)
    assert (days[0].date, days[-1].date) == (start, due.day)
    assert (due.instant is not None) == limit.in_hours
    act_by = CALENDAR.act_by(due, moment)
    assert start <= act_by <= due.day
    assert limit.in_hours or act_by == start or CALENDAR.is_working(act_by)


@given(DAYS, DAYS, LIMITS)
def test_what_starts_later_is_never_due_sooner(one: date, other: date, limit: Limit) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.due(limit, Moment(first)).latest <= CALENDAR.due(limit, Moment(second)).latest
