"""Officers' date words, as typed on Friday 28 November 2025 at 16:40 unless said otherwise."""

from __future__ import annotations

import locale
import os
import time as machine
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbcli.dates import Toward, echo, parse_when
from asbcli.errors import BadInput
from asbcli.moments import LONDON, Moment

NOW = datetime(2025, 11, 28, 16, 40, 30, tzinfo=UTC)
TOWARD: tuple[Toward, ...] = ("past", "future", "either")


def read(text: str, toward: Toward, now: datetime = NOW) -> str:
    return echo(parse_when(text, now=now, toward=toward))


def read_or_refused(text: str, toward: Toward, now: datetime = NOW) -> Moment | BadInput:
    try:
        return parse_when(text, now=now, toward=toward)
    except BadInput as refusal:
        return refusal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-21", "Fri 21 Nov 2025"),
        ("21/11/2025", "Fri 21 Nov 2025"),
        ("3/4/2025", "Thu 3 Apr 2025"),
        ("21/11", "Fri 21 Nov 2025"),
        ("28/11", "Fri 28 Nov 2025"),
        ("29/11", "Fri 29 Nov 2024"),
        ("29/2", "Thu 29 Feb 2024"),
        ("today", "Fri 28 Nov 2025"),
        ("yesterday", "Thu 27 Nov 2025"),
        ("fri", "Fri 28 Nov 2025"),
        ("sat", "Sat 22 Nov 2025"),
        ("Thursday", "Thu 27 Nov 2025"),
        ("3d", "Tue 25 Nov 2025"),
        ("0d", "Fri 28 Nov 2025"),
        ("yesterday 14:30", "Thu 27 Nov 2025 14:30"),
        ("fri 16:40", "Fri 28 Nov 2025 16:40"),
        ("fri 16:41", "Fri 21 Nov 2025 16:41"),
        ("28/11 16:41", "Thu 28 Nov 2024 16:41"),
        ("3d 09:05", "Tue 25 Nov 2025 09:05"),
        ("2025-11-21T14:30", "Fri 21 Nov 2025 14:30"),
        ("2025-11-21 14:30:59", "Fri 21 Nov 2025 14:30"),
        ("2025-07-21T14:30Z", "Mon 21 Jul 2025 15:30"),
        ("2025-07-21T14:30+01:00", "Mon 21 Jul 2025 14:30"),
        ("2025-07-21t23:30:00z", "Tue 22 Jul 2025 00:30"),
        ("  Yesterday   14:30 ", "Thu 27 Nov 2025 14:30"),
    ],
)
def test_what_happened_is_the_latest_such_moment_not_after_now(text: str, expected: str) -> None:
    assert read(text, "past") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-12-01", "Mon 1 Dec 2025"),
        ("01/12/2025", "Mon 1 Dec 2025"),
        ("1/12", "Mon 1 Dec 2025"),
        ("28/11", "Fri 28 Nov 2025"),
        ("27/11", "Fri 27 Nov 2026"),
        ("29/2", "Tue 29 Feb 2028"),
        ("today", "Fri 28 Nov 2025"),
        ("tomorrow", "Sat 29 Nov 2025"),
        ("fri", "Fri 28 Nov 2025"),
        ("thu", "Thu 4 Dec 2025"),
        ("monday", "Mon 1 Dec 2025"),
        ("3d", "Mon 1 Dec 2025"),
        ("+3d", "Mon 1 Dec 2025"),
        ("mon 14:30", "Mon 1 Dec 2025 14:30"),
        ("mon 14.30", "Mon 1 Dec 2025 14:30"),
        ("mon 10am", "Mon 1 Dec 2025 10:00"),
        ("mon 2pm", "Mon 1 Dec 2025 14:00"),
        ("mon 2 PM", "Mon 1 Dec 2025 14:00"),
        ("mon 10.30am", "Mon 1 Dec 2025 10:30"),
        ("mon 9:05pm", "Mon 1 Dec 2025 21:05"),
        ("mon 12.30pm", "Mon 1 Dec 2025 12:30"),
        ("1/12 11.59pm", "Mon 1 Dec 2025 23:59"),
        ("2025-12-01T14.30", "Mon 1 Dec 2025 14:30"),
        ("today 09:00", "Fri 28 Nov 2025 09:00"),
    ],
)
def test_what_is_planned_is_the_first_such_moment_not_before_today(text: str, expected: str) -> None:
    assert read(text, "future") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1999-12-31", "Fri 31 Dec 1999"),
        ("2031-01-01", "Wed 1 Jan 2031"),
        ("21/11", "Fri 21 Nov 2025"),
        ("5/1", "Mon 5 Jan 2026"),
        ("29/5", "Fri 29 May 2026"),
        ("30/5", "Fri 30 May 2025"),
        ("fri", "Fri 28 Nov 2025"),
        ("sat", "Sat 22 Nov 2025"),
        ("3d", "Tue 25 Nov 2025"),
        ("+3d", "Mon 1 Dec 2025"),
        ("tomorrow", "Sat 29 Nov 2025"),
        ("today 23:59", "Fri 28 Nov 2025 23:59"),
    ],
)
def test_a_moment_asked_about_may_lie_either_way(text: str, expected: str) -> None:
    assert read(text, "either") == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Mon 16 Nov 2026 05:00", "Mon 16 Nov 2026 05:00"),
    ("Fri 28 Nov 2025", "Fri 28 Nov 2025"),
    ("monday, 16 november 2026", "Mon 16 Nov 2026"),
    ("sun 16/11 5am", "Sun 16 Nov 2025 05:00"),
    ("fri 2026-11-27 14:30", "Fri 27 Nov 2026 14:30"),
    ("16 nov 2026", "Mon 16 Nov 2026"),
])  # fmt: skip
def test_a_date_may_be_typed_as_the_program_writes_it(text: str, expected: str) -> None:
    assert echo(parse_when(text, now=NOW, toward="either")) == expected


def test_a_weekday_that_is_not_that_dates_is_refused_and_the_dates_own_told() -> None:
    with pytest.raises(BadInput, match="is no Tuesday") as refused:
        parse_when("tue 16/11/2026", now=NOW, toward="either")
    assert refused.value.hint == "That date is Mon 16 Nov 2026."


@pytest.mark.parametrize("text", ["tomorrow", "+1d", "29/11/2025", "today 16:41", "2025-11-28T23:59Z"])
def test_the_future_did_not_happen(text: str) -> None:
    with pytest.raises(BadInput, match="is still to come"):
        read(text, "past")


@pytest.mark.parametrize("text", ["yesterday", "27/11/2025", "2025-11-27T14:30", "2025-11-27T14:30Z"])
def test_a_plan_may_be_written_down_when_its_date_has_gone(text: str) -> None:
    assert "27 Nov 2025" in read(text, "future")


def test_a_date_stays_a_date_and_a_time_becomes_an_instant() -> None:
    assert parse_when("today", now=NOW, toward="past") == Moment(date(2025, 11, 28))
    summer = parse_when("1/7/2025 14:30", now=NOW, toward="past")
    assert summer == Moment(date(2025, 7, 1), datetime(2025, 7, 1, 13, 30, tzinfo=UTC))


def test_midnight_is_a_time() -> None:
    assert parse_when("today 00:00", now=NOW, toward="past").instant == datetime(2025, 11, 28, tzinfo=UTC)


def test_just_after_midnight_in_summer_today_is_londons() -> None:
    assert read("today", "past", now=datetime(2025, 7, 1, 23, 30, tzinfo=UTC)) == "Wed 2 Jul 2025"


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("", "is empty", "Type 2026-11-21"),
        ("   ", "is empty", "Type 2026-11-21"),
        ("21/11/25", "a year of two digits", "all four"),
        ("11/21/2025", "there is no month 21", "The day comes first"),
        ("1/13", "there is no month 13", "The day comes first"),
        ("30/2/2024", "February 2024 has no day 30", "a day that the month has"),
        ("2025-02-29", "February 2025 has no day 29", "a day that the month has"),
        ("31/11", "November has no day 31", "a day that the month has"),
        ("0/0", "there is no month 0", "The day comes first"),
        ("4-3-2026", "more than one way", "21/11/2026"),
        ("1.2.2026", "more than one way", "21/11/2026"),
        ("2026/4/3", "not quite an ISO date", "2026-04-03"),
        ("2026-4-3", "not quite an ISO date", "2026-04-03"),
        ("12", "only a number", "3d"),
        ("20251121", "only a number", "3d"),
        ("14:30", "a time without a day", "today 14:30"),
        ("fri 2:30", "'2:30' is not a time of day", "24-hour clock"),
        ("fri 2.30", "'2.30' is not a time of day", "fri 2.30pm"),
        ("fri 10", "'10' is not a time of day", "fri 2.30pm"),
        ("fri 13pm", "'13pm' is not a time of day", "24-hour clock"),
        ("fri 0am", "'0am' is not a time of day", "24-hour clock"),
        ("fri 14.30pm", "'14.30pm' is not a time of day", "24-hour clock"),
        ("fri 2.60pm", "'2.60pm' is not a time of day", "24-hour clock"),
        ("fri 12am", "'12am' can be read as noon or as midnight", "12:00 for noon"),
        ("fri 12pm", "'12pm' can be read as noon or as midnight", "00:00 for the beginning"),
        ("fri 12.30am", "'12.30am' can be read as noon or as midnight", "00:00 for the beginning"),
        ("2pm", "a time without a day", "today 14:30"),
        ("10.30am", "a time without a day", "today 14:30"),
        ("10.30", "a time without a day", "today 14:30"),
        ("10", "is only a number", "For days type 3d"),
        ("fri 24:00", "'24:00' is not a time of day", "24-hour clock"),
        ("fri 14:30 ish", "'14:30 ish' is not a time of day", "24-hour clock"),
        ("last fri", "'last fri' is not a date", "Type 2026-11-21"),
        ("-3d", "'-3d' is not a date", "Type 2026-11-21"),
        ("21 Nov", "is not a date", "Type 2026-11-21"),
        ("٣d", "holds characters", "Type 2026-11-21"),
        ("２d", "holds characters", "Type 2026-11-21"),
        ("fri\x0014:30", "holds characters", "Type 2026-11-21"),
        ("\x1b[31mfri", "holds characters", "Type 2026-11-21"),
        ("fri 14:30+01:00", "goes only with a full date", "2026-11-21T14:30+00:00"),
        ("21/11/2025 14:30Z", "goes only with a full date", "2026-11-21T14:30+00:00"),
        ("2025-11-21T14:30+25:00", "is no distance from UTC", "+01:00 (BST)"),
        ("1899-12-31", "outside the years 1900 to 2199", "Type 2026-11-21"),
        ("2200-01-01", "outside the years 1900 to 2199", "Type 2026-11-21"),
        ("1900-01-01T00:00+14:00", "outside the years 1900 to 2199", "Type 2026-11-21"),
        ("99999d", "outside the years 1900 to 2199", "Type 2026-11-21"),
        ("fri " * 5000, "is too long", "Type 2026-11-21"),
    ],
    ids=lambda value: ascii(value)[:40],
)
@pytest.mark.parametrize("toward", TOWARD)
def test_what_is_no_date_is_refused_with_what_to_type(
    text: str, problem: str, hint: str, toward: Toward
) -> None:
    with pytest.raises(BadInput) as refusal:
        read(text, toward)
    assert problem in refusal.value.problem
    assert hint in refusal.value.hint
    assert len(refusal.value.problem) < 120
    assert refusal.value.problem.isprintable()


@pytest.mark.parametrize("text", ["29/3/2026 01:30", "2026-03-29T01:00", "29/3 01:59", "sun 01:30"])
def test_the_hour_skipped_in_spring_did_not_exist(text: str) -> None:
    with pytest.raises(BadInput, match="on Sun 29 Mar 2026 did not exist") as refusal:
        read(text, "past", now=datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert refusal.value.hint.startswith("Type 2026-03-29T01:")


def test_the_hint_for_a_skipped_hour_says_what_the_clocks_showed() -> None:
    with pytest.raises(BadInput) as refusal:
        read("29/3/2026 01:30", "either")
    assert refusal.value.hint == (
        "Type 2026-03-29T01:30+00:00 (02:30 BST) or 2026-03-29T01:30+01:00 (00:30 GMT)."
    )


def test_the_hour_repeated_in_autumn_happened_twice_and_the_hint_tells_them_apart() -> None:
    with pytest.raises(BadInput, match="01:30 on Sun 26 Oct 2025 happened twice") as refusal:
        read("26/10/2025 01:30", "past")
    assert refusal.value.hint == (
        "Type 2025-10-26T01:30+01:00 (01:30 BST) or 2025-10-26T01:30+00:00 (01:30 GMT)."
    )
    assert read("2025-10-26T01:30+01:00", "past") == "Sun 26 Oct 2025 01:30 BST"
    assert read("2025-10-26T01:30+00:00", "past") == "Sun 26 Oct 2025 01:30 GMT"


@pytest.mark.parametrize("clock", ["00:59", "02:00"])
def test_the_hours_about_a_clock_change_happened_once(clock: str) -> None:
    assert read(f"26/10/2025 {clock}", "past") == f"Sun 26 Oct 2025 {clock}"
    assert read(f"29/3/2026 {clock}", "future") == f"Sun 29 Mar 2026 {clock}"


@pytest.fixture(params=["Pacific/Auckland", "America/Los_Angeles"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(machine, "tzset"):
        pytest.skip("the zone of this system cannot be set")
    monkeypatch.setenv("TZ", request.param)
    machine.tzset()
    yield
    monkeypatch.undo()
    machine.tzset()


@pytest.mark.usefixtures("machine_zone")
def test_the_zone_of_the_machine_never_matters() -> None:
    assert os.environ["TZ"] != "Europe/London"
    assert read("today 14:30", "past") == "Fri 28 Nov 2025 14:30"
    assert read("today", "past", now=NOW.astimezone()) == "Fri 28 Nov 2025"


def test_now_without_a_zone_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="zone"):
        parse_when("today", now=datetime(2025, 11, 28), toward="past")


def test_the_names_are_english_in_any_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, "")
        assert echo(Moment(date(2026, 12, 1))) == "Tue 1 Dec 2026"
    finally:
        locale.setlocale(locale.LC_TIME, before)


WORDS = st.sampled_from(
    ["fri", "today", "tomorrow", "2026", "-", "/", ":", "T", "t", " ", "Z", "+01:00", "14", "30", "29", "02",
     "03", "11", "d", "+", "3d", "01:30", "9999", "0000", "0", "2026-03-29", "26/10", "١", "\x00", "\u202e"]
)  # fmt: skip
NOWS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(st.text() | st.lists(WORDS, max_size=8).map("".join), NOWS, st.sampled_from(TOWARD))
def test_hostile_text_is_a_moment_or_bad_input(text: str, now: datetime, toward: Toward) -> None:
    found = read_or_refused(text, toward, now)
    if isinstance(found, BadInput):
        assert found.problem.isprintable()
        assert found.hint
    else:
        assert 1900 <= found.day.year <= 2199
        assert toward != "past" or found.earliest <= now


@given(NOWS, st.integers(0, 6), st.sampled_from(["", " 14:30"]))
def test_a_weekday_is_never_more_than_a_week_away(now: datetime, number: int, clock: str) -> None:
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[number]
    today = now.astimezone(LONDON).date()
    past = parse_when(name + clock, now=now, toward="past")
    future = parse_when(name + clock, now=now, toward="future")
    assert past.day.weekday() == future.day.weekday() == number
    assert timedelta(0) <= today - past.day <= timedelta(days=7)
    assert timedelta(0) <= future.day - today < timedelta(days=7)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.times(timezones=st.none()))
def test_a_full_date_is_taken_as_written_or_its_hour_refused(day: date, clock: time) -> None:
    typed = f"{day.day}/{day.month}/{day.year} {clock:%H:%M}"
    assert parse_when(day.isoformat(), now=NOW, toward="either") == Moment(day)
    moment = read_or_refused(typed, "either")
    if isinstance(moment, BadInput):
        assert "clocks went" in moment.problem
    else:
        assert moment.instant is not None
        assert f"{moment.instant.astimezone(LONDON):%Y-%m-%d %H:%M}" == f"{day} {clock:%H:%M}"
        assert parse_when(moment.text, now=NOW, toward="either") == moment
