"""What two procedures say differently, rule by rule, and which deadlines of a case come out differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from asbcli.dates import echo
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.office import WEEKDAYS, OfficeHours
from asbcli.procedure.rules import Condition, Fact, Gate, Guidance, Kind, Option, Procedure, Rule, Target
from asbcli.workdays import Limit

_TABLES = (
    ("category", "categories"),
    ("flag", "flags"),
    ("role", "roles"),
    ("event", "events"),
    ("remedy", "remedies"),
    ("question", "questions"),
    ("paragraph", "paragraphs"),
    ("outcome", "outcomes"),
    ("deadline", "rules"),
    ("target", "targets"),
)
_IN_LIMIT = ("options", "asked", "agreed")


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that two procedures say differently.

    `how` is `added`, `dropped` or `changed`; a change names the key, as a file writes it, and what each says
    (None: nothing).
    """

    table: str
    id: str
    how: str
    key: str | None = None
    old: str | None = None
    new: str | None = None

    def __str__(self) -> str:
        """`deadline "weekly-contact": every: 1 week → 10 days`."""
        name = self.id if len(self.id) <= 70 else self.id[:69] + "…"
        named = f'{self.table} "{name}"' if name else self.table
        if self.key is None:
            return f"{named}: {self.how}"
        return f"{named}: {self.key}: {self.old or 'nothing'} → {self.new or 'nothing'}"


def diff(old: Procedure, new: Procedure) -> list[Changed]:
    """Everything the new procedure says differently, in the order of its tables; its id and version aside."""
    found = [
        *_changed("procedure", "", _head(old), _head(new)),
        *_changed("priority", "", _order(old), _order(new)),
        *_things("priority", _by_id(old.priorities), _by_id(new.priorities)),
        *_things("fact", _by_id(old.facts), _by_id(new.facts)),
    ]
    for table, name in _TABLES:
        found += _things(table, getattr(old, name), getattr(new, name))
    found += _things("gate", _by_name(old.gates), _by_name(new.gates))
    found += _things("guidance", _by_name(old.guidance), _by_name(new.guidance))
    return found


def _head(procedure: Procedure) -> dict[str, str]:
    said = {"title": procedure.title, "in_force_from": procedure.in_force_from.isoformat()}
    return said | ({f"office.{key}": value for key, value in _office(procedure.office).items()})


def _office(office: OfficeHours | None) -> dict[str, str]:
    if office is None:
        return {}
    said = {
        WEEKDAYS[day]: f"{opens:%H:%M} to {closes:%H:%M}" for day, (opens, closes) in office.hours.items()
    }
    return said | ({"cut_off": f"{office.cut_off:%H:%M}"} if office.cut_off else {})


def _order(procedure: Procedure) -> dict[str, str]:
    return {"order": ", ".join(level.id for level in procedure.priorities)}


def _by_id(things: Iterable[Kind | Fact]) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _by_name(things: Iterable[Gate | Guidance]) -> dict[str, Any]:
    """Gates and guidance by their id; those without one by what they stand before or on, and their words."""
    named: dict[str, Any] = {}
    for thing in things:
        said = f"{', '.join(thing.before)}: {thing.title}" if isinstance(thing, Gate) else thing.text
        name = thing.id or said
        while name in named:
            name += " (another)"
        named[name] = thing
    return named


def _things(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Changed]:
    yield from (Changed(table, name, "dropped") for name in old if name not in new)
    for name, thing in new.items():
        if name not in old:
            yield Changed(table, name, "added")
        elif thing != old[name]:
            yield from _changed(table, name, _said(old[name]), _said(thing))


def _changed(table: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Changed]:
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield Changed(table, name, "changed", key, old.get(key), new.get(key))


def _said(thing: Any) -> dict[str, str]:
    """What a thing says, key by key, as a file would write it; what it says nothing for is left out."""
    values = {each.name: getattr(thing, each.name) for each in fields(thing) if each.name != "id"}
    if isinstance(thing, Rule):
        values = {key: value for key, value in values.items() if key not in _IN_LIMIT}
        values["limit"] = _limit(thing)
    said: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, Condition):
            said |= _condition(value, "needs" if key == "needs" else "when")
        elif text := _words(value):
            said[key] = f"{text}%" if isinstance(thing, Target) and key == "share" else text
    return said


def _condition(condition: Condition, key: str) -> dict[str, str]:
    parts = {key: condition.when, f"{key}_any": condition.when_any, "unless": condition.unless}
    return {name: ", ".join(sorted(facts)) for name, facts in parts.items() if facts}


def _limit(rule: Rule) -> str:
    if rule.asked or rule.agreed:
        return "asked" if rule.asked else "agreed"
    return "; ".join(_option(option) for option in rule.options)


def _option(option: Option) -> str:
    condition = _condition(option.condition, "when")
    return " ".join([option.within.words, *(f"{key} {facts}" for key, facts in condition.items())])


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Limit):
        return value.words
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(str(each) for each in value)
    return str(value) if value not in (None, "") else ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline of one case that comes out differently; None on the side where there is none."""

    rule: str
    person: str | None
    item: str | None
    occurrence: int
    old: Deadline | None
    new: Deadline | None

    def __str__(self) -> str:
        """`weekly-contact: Mon 7 Dec 2026 → Thu 10 Dec 2026`."""
        return f"{self.rule}: {_date(self.old)} → {_date(self.new)}"


def moved(old_rows: Sequence[Deadline], new_rows: Sequence[Deadline]) -> list[Moved]:
    """The open deadlines of one case whose date differs, that appear or that go, in the new rows' order."""
    old = {_key(row): row for row in old_rows if _open(row)}
    new = {_key(row): row for row in new_rows if _open(row)}
    return [
        Moved(*key, old.get(key), new.get(key))
        for key in dict.fromkeys([*new, *old])
        if _dates(old.get(key)) != _dates(new.get(key))
    ]


def _key(row: Deadline) -> tuple[str, str | None, str | None, int]:
    return row.rule.id, row.person, row.item, row.occurrence


def _open(row: Deadline) -> bool:
    return row.met is None and row.ended is None


def _dates(row: Deadline | None) -> tuple[bool, Moment | None, date | None]:
    return row is not None, row.due if row else None, row.act_by if row else None


def _date(row: Deadline | None) -> str:
    if row is None:
        return "none"
    return echo(row.due) if row.due else "open, with no date"
