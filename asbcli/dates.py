"""Officers' date words, strictly UK: day first, London time, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NoReturn

from asbcli.errors import BadInput
from asbcli.moments import LONDON, Moment, iso

Toward = Literal["past", "future", "either"]
"""Which way a word leads: what happened, what is planned, or any moment asked about."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2199

_LONGEST_TEXT = 60
_WEEK = timedelta(days=7)
_NAMED_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAY_NUMBERS = {
    name[:size].lower(): number for number, name in enumerate(WEEKDAYS) for size in (3, len(name))
}

_MONTH_NUMBERS = {
    name[:size].lower(): number for number, name in enumerate(MONTHS, 1) for size in (3, len(name))
}

# Patterns are compiled by `re` when first used: most commands are given no date.
_ISO_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_UK_DATE = r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"
_DAY_AND_MONTH = r"([0-9]{1,2})/([0-9]{1,2})"
_SOME_DAYS = r"(\+?)([0-9]{1,5})d"
_ISO_TEE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})t(?=[0-9])"
_CLOCK = r"([01][0-9]|2[0-3])(?::([0-5][0-9])(?::([0-5][0-9]))?|\.([0-5][0-9]))"
_TWELVE_HOURS = r"(1[0-2]|[1-9])(?:[:.]([0-5][0-9]))? ?([ap])m"
# As the program itself writes a date: `Mon 16 Nov 2026`, and a weekday before any other form of one.
_WEEKDAY_BEFORE = rf"({'|'.join(_WEEKDAY_NUMBERS)}),? (?=[0-9]+[-/][0-9]|[0-9]{{1,2}} [a-z]{{3}}[a-z]* [0-9]{{4}})"
_WORDED = rf"([0-9]{{1,2}}) ({'|'.join(_MONTH_NUMBERS)}) ([0-9]{{4}})(?= |$)"
_OFFSET = r"(?P<clock>[0-9:]+)(?P<offset>z|[+-][0-9]{2}:[0-9]{2})"

_FORMS = "Type 2026-11-21, 21/11/2026, 21/11, today, fri or 3d, and a time if you have it: fri 14:30, fri 2.30pm."
_MISTAKES = (
    (r"[+-]?[0-9]+", "is only a number", "For days type 3d; for a date 21/11/2026."),
    (r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", "has a year of two digits", "Type all four: 21/11/2026."),
    (r"[0-9]{4}([-./])[0-9]+\1[0-9]+", "is not quite an ISO date", "Type it as 2026-04-03."),
    (
        r"[0-9]+([-./])[0-9]+\1[0-9]+",
        "can be read in more than one way",
        "Type it with strokes, day first: 21/11/2026.",
    ),
    (r"[0-9]{1,2}[:.][0-9]{2}.*|[0-9]{1,2}[ap]m", "is a time without a day", "Type the day first: today 14:30."),
)


def parse_when(text: str, *, now: datetime, toward: Toward) -> Moment:
    """Read what an officer typed for a day, or an instant of it, in Europe/London.

    `now` is aware. What happened (`past`) is the latest such moment not after now; what is planned
    (`future`) the first not before today, unless a whole date says otherwise; for `either` a weekday is the
    latest not after today, `3d` is three days ago, and `21/11` the 21 November nearest to today. `+3d` is always ahead.

    Raises BadInput when the text is no such date, what happened lies ahead, the year is not one from 1900
    to 2199, or a clock time is named that did not exist or happened twice.
    """
    weekday, plain = _weekday_before(_plain(text))
    words, _, clock = _in_numbers(plain).partition(" ")
    today = _london(now).date()
    if clock and not clock[0].isdigit():
        _refuse_words(f"{words} {clock}")
    if offset := re.fullmatch(_OFFSET, clock):
        return _only_if_it_fits(_with_offset(words, offset), now, toward)
    hour = _clock_time(clock) if clock else None
    candidates = [_at(day, hour) for day in _days(words, today, toward)]
    chosen = next((each for each in candidates if _fits(each, now, toward)), candidates[0])
    if weekday is not None and chosen.day.weekday() != weekday:
        raise BadInput(f"{quoted(text)} is no {WEEKDAYS[weekday]}.", f"That date is {echo(Moment(chosen.day))}.")
    if hour is not None:
        _refuse_unless_it_happened_once(chosen.day, hour)
    return _only_if_it_fits(chosen, now, toward)


def echo(moment: Moment) -> str:
    """The moment in London with its weekday, to the minute: `Fri 28 Nov 2025 16:40`, `Fri 28 Nov 2025`.

    In the hour that happens twice it says which: `Sun 25 Oct 2026 01:30 BST`.
    """
    day = moment.day
    shown = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"
    if not moment.instant:
        return shown
    local = moment.instant.astimezone(LONDON)
    shown += f" {local:%H:%M}"
    return f"{shown} {local:%Z}" if _offsets_differ(*_both(day, local.time())) else shown


def quoted(text: str) -> str:
    """Words of others, cut to 40 letters, with control characters made visible."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _plain(text: str) -> str:
    """The text in lower case, one space between words, or a refusal of what no date word holds."""
    if len(text) > _LONGEST_TEXT:
        raise BadInput(f"{quoted(text)} is too long for a date.", _FORMS)
    stripped = text.strip()
    if not stripped:
        raise BadInput("The date is empty.", _FORMS)
    if not (stripped.isascii() and stripped.isprintable()):
        raise BadInput(f"{quoted(text)} holds characters that no date is written with.", _FORMS)
    return re.sub(_ISO_TEE, r"\1 ", " ".join(stripped.lower().split()))


def _weekday_before(text: str) -> tuple[int | None, str]:
    """The weekday that stands before a date, and the rest."""
    found = re.match(_WEEKDAY_BEFORE, text)
    return (_WEEKDAY_NUMBERS[found[1]], text[found.end():]) if found else (None, text)


def _in_numbers(text: str) -> str:
    """A date with its month in words as one in numbers: `16 nov 2026 05:00` is `16/11/2026 05:00`."""
    found = re.match(_WORDED, text)
    if not found:
        return text
    day, month, year = found.groups()
    return f"{day}/{_MONTH_NUMBERS[month]}/{year}{text[found.end():]}"


def _days(words: str, today: date, toward: Toward) -> list[date]:
    """The days `words` can mean, the likeliest first; at least one."""
    if words in _NAMED_DAYS:
        return [today + timedelta(days=_NAMED_DAYS[words])]
    if words in _WEEKDAY_NUMBERS:
        return _weekdays(_WEEKDAY_NUMBERS[words], today, toward)
    if found := re.fullmatch(_ISO_DATE, words):
        year, month, day = map(int, found.groups())
        return [_full_date(words, day, month, year)]
    if found := re.fullmatch(_UK_DATE, words):
        day, month, year = map(int, found.groups())
        return [_full_date(words, day, month, year)]
    if found := re.fullmatch(_DAY_AND_MONTH, words):
        day, month = map(int, found.groups())
        return _years_of(words, day, month, today, toward)
    if found := re.fullmatch(_SOME_DAYS, words):
        ahead = found[1] or toward == "future"
        return [_days_from(words, today, int(found[2]) if ahead else -int(found[2]))]
    return _refuse_words(words)


def _weekdays(number: int, today: date, toward: Toward) -> list[date]:
    """The nearest such weekday, today included; for what happened also the one a week before it."""
    if toward == "future":
        return [today + timedelta(days=(number - today.weekday()) % 7)]
    latest = today - timedelta(days=(today.weekday() - number) % 7)
    return [latest, latest - _WEEK]


def _years_of(words: str, day: int, month: int, today: date, toward: Toward) -> list[date]:
    """The days of that name around this year, the likeliest first: 29 February may be eight years off."""
    years = range(today.year - 8, today.year + 9)
    days = [found for year in years if (found := _date_or_none(day, month, year))]
    if not days:
        _refuse_impossible(words, day, month, None)
    if toward == "past":
        return sorted((each for each in days if each <= today), reverse=True)
    if toward == "future":
        return [each for each in days if each >= today]
    return [min(days, key=lambda each: abs(each - today))]


def _days_from(words: str, today: date, number: int) -> date:
    try:
        return _in_range(words, today + timedelta(days=number))
    except OverflowError:
        return _refuse_year(words)


def _full_date(words: str, day: int, month: int, year: int) -> date:
    found = _date_or_none(day, month, year)
    return _in_range(words, found) if found else _refuse_impossible(words, day, month, year)


def _date_or_none(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_range(words: str, day: date) -> date:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else _refuse_year(words)


def _clock_time(clock: str) -> time:
    """A time of day by either clock; 2:30 and 12 o'clock by the shorter one could be read in two ways."""
    if found := re.fullmatch(_CLOCK, clock):
        return time(int(found[1]), int(found[2] or found[4]), int(found[3] or 0))
    if found := re.fullmatch(_TWELVE_HOURS, clock):
        hour, minute, after_noon = int(found[1]), int(found[2] or 0), found[3] == "p"
        if hour == 12 and (minute == 0 or not after_noon):
            raise BadInput(f"{quoted(clock)} can be read as noon or as midnight.",
                           "Type 12:00 for noon, 00:00 for the beginning of the day.")
        return time(hour % 12 + 12 * after_noon, minute)
    raise BadInput(
        f"{quoted(clock)} is not a time of day.",
        "Type it after the day, by the 24-hour clock or with am or pm: fri 02:30, fri 14:30, fri 2.30pm.",
    )


def _with_offset(words: str, found: re.Match[str]) -> Moment:
    """An ISO date and time that says its own distance from UTC."""
    iso_date = re.fullmatch(_ISO_DATE, words)
    if not iso_date:
        raise BadInput(
            f"{quoted(found['offset'])} goes only with a full date.", "Type it as 2026-11-21T14:30+00:00."
        )
    year, month, day = map(int, iso_date.groups())
    local = datetime.combine(_full_date(words, day, month, year), _clock_time(found["clock"]))
    try:
        instant = datetime.fromisoformat(local.isoformat() + found["offset"].upper())
    except ValueError:
        raise BadInput(
            f"{quoted(found['offset'])} is no distance from UTC.", "Type +00:00 (GMT) or +01:00 (BST)."
        ) from None
    moment = Moment.at(instant)
    _in_range(words, moment.day)
    return moment


def _at(day: date, hour: time | None) -> Moment:
    return Moment.at(datetime.combine(day, hour, LONDON)) if hour is not None else Moment(day)


def _fits(moment: Moment, now: datetime, toward: Toward) -> bool:
    """Whether it lies on the side asked for: a day is past from its first instant on, and planned all day."""
    if toward == "past":
        return moment.earliest <= now
    return toward == "either" or moment.day >= _london(now).date()


def _only_if_it_fits(moment: Moment, now: datetime, toward: Toward) -> Moment:
    # What was planned may have gone by when it is written down; what happened is never still to come.
    if toward == "past" and not _fits(moment, now, toward):
        raise BadInput(f"{echo(moment)} is still to come.", "Type when it happened, not after now.")
    return moment


def _refuse_unless_it_happened_once(day: date, hour: time) -> None:
    """Refuse the hour the clocks skip in spring and the one they repeat in autumn."""
    first, second = _both(day, hour)
    if not _offsets_differ(first, second):
        return
    shown = f"{hour:%H:%M} on {echo(Moment(day))}"
    either = f"Type {_said(first)} or {_said(second)}."
    if first.astimezone(UTC) < second.astimezone(UTC):
        raise BadInput(f"{shown} happened twice: the clocks went back.", either)
    raise BadInput(f"{shown} did not exist: the clocks went forward.", either)


def _both(day: date, hour: time) -> tuple[datetime, datetime]:
    """The clock time read with the offset before a change and the one after it."""
    local = datetime.combine(day, hour, LONDON)
    return local.replace(fold=0), local.replace(fold=1)


def _offsets_differ(first: datetime, second: datetime) -> bool:
    return first.utcoffset() != second.utcoffset()


def _said(local: datetime) -> str:
    """The instant with its offset, and what London's clock showed then."""
    shown = local.astimezone(UTC).astimezone(LONDON)
    return f"{iso(local)} ({shown:%H:%M %Z})"


def _london(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must say its zone: the machine's is never asked")
    return now.astimezone(LONDON)


def _refuse_words(words: str) -> NoReturn:
    for shape, problem, hint in _MISTAKES:
        if re.fullmatch(shape, words):
            raise BadInput(f"{quoted(words)} {problem}.", hint)
    raise BadInput(f"{quoted(words)} is not a date.", _FORMS)


def _refuse_impossible(words: str, day: int, month: int, year: int | None) -> NoReturn:
    if 1 <= month <= 12:
        name = f"{MONTHS[month - 1]} {year}" if year else MONTHS[month - 1]
        raise BadInput(f"{quoted(words)}: {name} has no day {day}.", "Type a day that the month has.")
    raise BadInput(f"{quoted(words)}: there is no month {month}.", "The day comes first: 21/11/2026.")


def _refuse_year(words: str) -> NoReturn:
    raise BadInput(f"{quoted(words)} is outside the years {FIRST_YEAR} to {LAST_YEAR}.", _FORMS)
