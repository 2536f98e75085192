"""Entries folded into a case as it stands, or as it stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import (
    ERASED,
    Correction,
    DatedFact,
    Fold,
    IncidentLogged,
    Interview,
    Logged,
    NamedPerson,
    PersonAdded,
    PersonRenamed,
    Repair,
    Report,
    Viewed,
)
from asbcli.moments import Moment

ERASED_AGENCY = re.compile("erased-[1-9][0-9]*", re.IGNORECASE)  # an agency of whose name nothing stands any more


def history(number: int, log: Iterable[Logged], *, on: Moment | None = None) -> Case:
    """The case that its log adds up to, corrections counted; `on`: only what had happened by then.

    Leave out of `log` what was not yet recorded, and the case is shown as it was known.
    """
    log = list(log)
    entries = _agencies_named(corrected(log), agency_names(log))
    if on:
        entries = [each for each in entries if not _began(each).is_after(on)]
    case = Case(number)
    fold = Fold(case)
    for each in in_order(entries):
        fold.when, fold.seq = each.happened, each.seq
        each.entry.apply(fold)
        if isinstance(each.entry, Report):
            case.recorded_at = each.recorded_at
        if not isinstance(each.entry, Viewed):  # who only looked has changed nothing for the next officer
            case.last_entry = max(case.last_entry, each.seq)
    _keep_people(case, log)
    for each in entries:
        each.entry.tell(case)
    if on:  # an entry can hold two moments, and only the first may have come
        case.events = [event for event in case.events if not event.when.is_after(on)]
        case.facts = [change for change in case.facts if not change.when.is_after(on)]
    return case


def _keep_people(case: Case, log: Sequence[Logged]) -> None:
    """Keep who was named by an entry that counts for nothing now, as those who were removed are kept, so that their id
    is nobody else's; and what somebody was called before they were renamed."""
    for one in people_named(log):
        if one.id not in case.people:
            case.people[one.id] = Person(one.id, one.name)
    if any(isinstance(each.entry, PersonRenamed) for each in log):
        for of, name in names_given(log):
            who = case.people.get(of)
            if who and name not in (who.name, ERASED, *who.formerly):
                who.formerly = (*who.formerly, name)


def agency_names(log: Iterable[Logged]) -> dict[int, str]:
    """What each agency of a case is called, by its number: as an entry that still stands names it, or else `erased-1`,
    which can be typed where a name is asked for."""
    names: dict[int, str] = {}
    erased: set[int] = set()
    for each in log:
        for field, its_number in each.entry.AGENCIES:
            number, name = getattr(each.entry, its_number), getattr(each.entry, field)
            if number and name != ERASED:
                names.setdefault(number, name)
            elif number:
                erased.add(number)
    return {number: f"erased-{number}" for number in erased} | names


def _agencies_named(entries: list[Logged], names: Mapping[int, str]) -> list[Logged]:
    """The entries with each agency whose name was erased under the one it goes by, so that no two become one."""
    if not names:
        return entries

    def right(entry: Any) -> Any:
        gone = {field: names[number] for field, its_number in entry.AGENCIES
                if getattr(entry, field) == ERASED and (number := getattr(entry, its_number))}
        return replace(entry, **gone) if gone else entry

    return [replace(each, entry=right(each.entry)) if each.entry.AGENCIES else each for each in entries]


def people_named(log: Iterable[Logged]) -> Iterator[NamedPerson]:
    """Whom the entries of a log name."""
    for each in log:
        if isinstance(each.entry, Report):
            yield from each.entry.people
        elif isinstance(each.entry, PersonAdded):
            yield each.entry.person


def names_given(log: Sequence[Logged]) -> Iterator[tuple[str, str]]:
    """Every name that the entries of a log give somebody: whose, and the name."""
    yield from ((one.id, one.name) for one in people_named(log))
    yield from ((each.entry.person, each.entry.name) for each in log if isinstance(each.entry, PersonRenamed))


def _began(each: Logged) -> Moment:
    """When the first of what an entry holds happened: a repair's own moment is when it was done."""
    noticed = each.entry.noticed if isinstance(each.entry, Repair) else None
    return noticed if noticed and each.happened.is_after(noticed) else each.happened


def corrected(log: Iterable[Logged]) -> list[Logged]:
    """The log with each correction in place of what it corrects, everybody under the name that is theirs."""
    entries = {each.seq: each for each in log}
    for each in list(entries.values()):
        if isinstance(each.entry, Correction) and each.entry.entry in entries:
            wrong = entries[each.entry.entry]
            if each.entry.void:
                del entries[wrong.seq]
            else:
                entries[wrong.seq] = _put_right(wrong, each.entry)
    names = {each.entry.person: each.entry.name for each in entries.values() if isinstance(each.entry, PersonRenamed)}
    return [_named(each, names) for each in entries.values()] if names else list(entries.values())


def _named(each: Logged, names: Mapping[str, str]) -> Logged:
    """The entry with the people in it under the names they were given since."""
    def right(person: NamedPerson) -> NamedPerson:
        return replace(person, name=names.get(person.id, person.name))

    entry = each.entry
    if isinstance(entry, Report):
        return replace(each, entry=replace(entry, people=tuple(map(right, entry.people))))
    return replace(each, entry=replace(entry, person=right(entry.person))) if isinstance(entry, PersonAdded) else each


def _put_right(wrong: Logged, correction: Correction) -> Logged:
    """The entry as it should have been. A report's own moment is when it came in, an incident's when it happened."""
    entry: Any = wrong.entry
    happened, received = correction.happened, correction.received
    if correction.text is not None:
        entry = replace(entry, **{entry.TEXT: correction.text})
    if isinstance(entry, Report):
        entry = replace(entry, happened=happened, happened_unknown=False) if happened else entry
        return replace(wrong, entry=entry, happened=received or wrong.happened)
    if received and isinstance(entry, IncidentLogged):
        entry = replace(entry, received=received)
    if happened and isinstance(entry, DatedFact) and entry.planned:
        return _replanned(wrong, entry, happened)
    if happened:
        entry = _moved_along(entry, wrong.happened, happened)
    return replace(wrong, entry=entry, happened=happened or wrong.happened)


def _replanned(wrong: Logged, fact: DatedFact, date: Moment) -> Logged:
    """What is planned at another date: where that lies ahead, it stands in the case from when it was written down."""
    written = Moment.at(datetime.fromisoformat(wrong.recorded_at))
    return replace(wrong, entry=replace(fact, planned=date), happened=written if date.is_after(written) else date)


def _moved_along(entry: Any, was: Moment, now: Moment) -> Any:
    """The entry with the moments inside it that are its own too: a repair's, and when an interview ended."""
    if isinstance(entry, Repair):
        return replace(entry, done=now) if entry.done else replace(entry, noticed=now)
    if isinstance(entry, Interview) and entry.ended:
        known = was.instant and now.instant and entry.ended.instant
        return replace(entry, ended=Moment.at(known + (now.earliest - was.earliest)) if known else None)
    return entry


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
