"""When something happened, as far as it is known: a London day, or an instant of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def iso(instant: datetime) -> str:
    """ISO text with the offset, without seconds where there are none."""
    return instant.isoformat(timespec="seconds" if instant.second else "minutes")


class Moment:
    """A day in London, and the instant (UTC) where a clock time is known.

    A date without a time stays a date: it starts an hour limit at 00:00 and stops one at the day's end (K5).
    No dataclass: an entry's reader would look for its fields in the log, where it stands as text.
    """

    __slots__ = ("_text", "day", "instant")

    def __init__(self, day: date, instant: datetime | None = None) -> None:
        self.day: Final = day
        self.instant: Final = instant
        self._text = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moment):
            return NotImplemented
        return self.day == other.day and self.instant == other.instant

    def __hash__(self) -> int:
        return hash((self.day, self.instant))

    def __repr__(self) -> str:
        return f"Moment({self.text})"

    @classmethod
    def at(cls, instant: datetime) -> Moment:
        """The moment of an aware `instant`, to the second."""
        return cls(instant.astimezone(LONDON).date(), instant.astimezone(UTC).replace(microsecond=0))

    @classmethod
    def parse(cls, text: str) -> Moment:
        """Read what `text` wrote: the form moments are stored in."""
        return _parsed(text)

    @property
    def earliest(self) -> datetime:
        """The first instant (UTC) it can mean: where an hour limit starts."""
        return self.instant or datetime.combine(self.day, time.min, LONDON).astimezone(UTC)

    @property
    def latest(self) -> datetime:
        """The last instant (UTC) it can mean: where an hour limit is stopped."""
        return self.instant or _end_of(self.day)

    @property
    def text(self) -> str:
        """The stored form: `2025-11-28` or `2025-11-28T16:40:00+00:00` (UTC); it sorts by time within a kind."""
        if not self._text:  # many clocks run from one report, and each is asked for it
            self._text = (self.instant or self.day).isoformat()
        return self._text

    @property
    def shown(self) -> str:
        """The form scripts read: `2025-11-28`, or the instant with London's offset."""
        return iso(self.instant.astimezone(LONDON)) if self.instant else self.day.isoformat()

    def is_after(self, other: Moment) -> bool:
        """Whether it is certainly later: on one day only two clock times can tell."""
        if self.instant and other.instant:
            return self.instant > other.instant
        return self.day > other.day


@lru_cache(maxsize=1000)
def _parsed(text: str) -> Moment:
    """What stands in one case's log again and again."""
    return Moment(date.fromisoformat(text)) if len(text) == 10 else Moment.at(datetime.fromisoformat(text))


@lru_cache(maxsize=1000)
def _end_of(day: date) -> datetime:
    """The last second (UTC) of a London day."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)
