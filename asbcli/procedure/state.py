"""What a deadline is at a given moment: read off its dates, never stored, as time passes without an entry."""

from __future__ import annotations

from datetime import datetime

from asbcli.moments import Moment


def in_time(met: Moment, due: Moment | None) -> bool:
    """Whether `met` is within `due`; a date without a time stops an hour limit at the day's end (K5)."""
    if due is None:
        return True
    return met.latest <= due.instant if due.instant else met.day <= due.day


def state(*, due: Moment | None, overdue_after: datetime | None, met: Moment | None, ended: Moment | None,
          now: datetime) -> str:
    """`open`, `overdue`, `met`, `late`, `done` (no number, done) or `ended`, at `now` (UTC).

    Without `overdue_after` it is a prompt (`may`): never overdue, and so never late.
    """
    if met and met.earliest <= now:
        if due is None:
            return "done"
        return "met" if overdue_after is None or in_time(met, due) else "late"
    if ended and ended.earliest <= now:
        return "ended"
    return "overdue" if overdue_after and now > overdue_after else "open"
