"""Scotland's bank holidays as the `holidays` package knows them, under the names GOV.UK gives them."""

from __future__ import annotations

from datetime import date

LAST_PUBLISHED_YEAR = 2028
"""The last year GOV.UK had published (on 24 November 2025); the package works later years out by rule."""

_SATURDAY = 5
_OBSERVED = " (observed)"
_SUBSTITUTE = " (substitute day)"

_GOVUK_TITLES = {
    "New Year Holiday": "2nd January",
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "Saint Andrew's Day": "St Andrew's Day",
    "Scotland's participation in the FIFA World Cup final": "World Cup bank holiday",
}


def published_until() -> date:
    """The last day whose bank holidays the government has published: later ones are provisional."""
    return date(LAST_PUBLISHED_YEAR, 12, 31)


def bank_holidays(first_year: int, last_year: int) -> dict[date, str]:
    """The bank holidays of both years and those between, in order, each with its title.

    As on GOV.UK only the days that are kept stand here: one that falls on a weekend is its substitute day,
    and says so. The package knows no holidays after 2100.
    """
    import holidays  # 80 ms at the least, and only filling the calendar table needs it

    known = holidays.country_holidays(
        "GB", subdiv="SCT", years=range(first_year, last_year + 1), language="en_GB"
    )
    return {day: _title(known[day]) for day in sorted(known) if day.weekday() < _SATURDAY}


def _title(names: str) -> str:
    """One title for the day, the substitute's where the package joins two.

    When 1 January is a Sunday the package calls the 2nd both days and the 3rd 2nd January's substitute.
    GOV.UK has named that pair either way round (2017, 2023); this is its later way.
    """
    joined = names.split("; ")
    name = next((each for each in joined if each.endswith(_OBSERVED)), joined[0])
    plain = name.removesuffix(_OBSERVED)
    return _GOVUK_TITLES.get(plain, plain) + (_SUBSTITUTE if plain != name else "")
