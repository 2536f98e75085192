"""Entries folded into a case as it stands, or as it stood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from asbcli.casefile.case import Case
from asbcli.casefile.entries import Correction, Fold, Logged, Report, Viewed
from asbcli.moments import Moment


def history(number: int, log: Iterable[Logged], *, on: Moment | None = None) -> Case:
    """The case that its log adds up to, corrections counted; `on`: only what had happened by then.

    Leave out of `log` what was not yet recorded, and the case is shown as it was known.
    """
    entries = corrected(log)
    if on:
        entries = [each for each in entries if not each.happened.is_after(on)]
    case = Case(number)
    fold = Fold(case)
    for each in in_order(entries):
        fold.when, fold.seq = each.happened, each.seq
        each.entry.apply(fold)
        if isinstance(each.entry, Report):
            case.recorded_at = each.recorded_at
        if not isinstance(each.entry, Viewed):  # who only looked has changed nothing for the next officer
            case.last_entry = max(case.last_entry, each.seq)
    return case


def corrected(log: Iterable[Logged]) -> list[Logged]:
    """The log with each correction in place of what it corrects, and the corrections after."""
    entries = {each.seq: each for each in log}
    for each in list(entries.values()):
        if isinstance(each.entry, Correction) and each.entry.entry in entries:
            wrong = entries[each.entry.entry]
            if each.entry.void:
                del entries[wrong.seq]
            else:
                entries[wrong.seq] = _put_right(wrong, each.entry)
    return list(entries.values())


def _put_right(wrong: Logged, correction: Correction) -> Logged:
    entry: Any = wrong.entry
    if correction.text is not None:
        entry = replace(entry, **{entry.TEXT: correction.text})
    return replace(wrong, entry=entry, happened=correction.happened or wrong.happened)


def in_order(entries: Sequence[Logged]) -> list[Logged]:
    """The report first, then by when it happened; a day that has an entry without a time keeps the log's order."""
    rest = sorted((each for each in entries if not isinstance(each.entry, Report)), key=_day_and_place)
    ordered = [each for each in entries if isinstance(each.entry, Report)]
    for _, of_day in groupby(rest, key=lambda each: each.happened.day):
        day = list(of_day)
        if all(each.happened.instant for each in day):
            day.sort(key=_instant)
        ordered += day
    return ordered


def _day_and_place(each: Logged) -> tuple[Any, int]:
    return each.happened.day, each.seq


def _instant(each: Logged) -> datetime:
    return each.happened.earliest
