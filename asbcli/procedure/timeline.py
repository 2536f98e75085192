"""A case's events and facts, laid out so that a rule can ask what happened and what was so since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from asbcli.casefile.case import Case, Event
from asbcli.moments import Moment
from asbcli.procedure.rules import Procedure, Rule
from asbcli.workdays import Limit


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every fact that holds from this entry on, each of the case (None) or of one person."""

    entry: Event
    facts: frozenset[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose clock it is: a person's, a thing's, or the case's; what is of `not_of` does not touch it."""

    person: str | None = None
    item: str | None = None
    not_of: frozenset[str] = frozenset()

    def minds(self, event: Event) -> bool:
        """Whether a clock of theirs takes note of an event."""
        return event.person not in self.not_of and (not self.item or event.item in (None, self.item))


THE_CASE = Whose()


class Timeline:
    """What happened in a case and what was so, for the rules of one procedure."""

    def __init__(self, procedure: Procedure, case: Case) -> None:
        self.procedure = procedure
        self.case = case
        self._events: defaultdict[str, list[Event]] = defaultdict(list)
        for event in case.events:
            self._events[event.name].append(event)
        for of_a_name in self._events.values():
            of_a_name.sort(key=_when)
        self.not_in_case = frozenset(
            event.person for event in case.events
            if event.person and (event.person not in case.people or not case.people[event.person].roles)
        )
        """Those who were named in it by mistake: what happened with them is nobody else's."""
        self.snapshots = list(self._snapshots())
        self._known: dict[tuple[int, frozenset[str]], frozenset[str]] = {}
        self._people: dict[tuple[str, ...], list[Whose]] = {}
        self._applying: dict[tuple[int, frozenset[str]], Mapping[str, tuple[Limit, ...]]] = {}
        self._ever: dict[frozenset[str], frozenset[str]] = {}
        self._since: dict[Event, list[int]] = {}

    def add(self, event: Event) -> None:
        """Note an event that follows from a deadline: a limit missed."""
        self._events[event.name].append(event)
        self._events[event.name].sort(key=_when)

    def started(self) -> set[str]:
        """The rules, by id, that something that happened may have started."""
        starters = self.procedure.starters
        return {rule for name in self._events for rule in starters.get(name, ())}

    def ever(self, rule: Rule, whose: Whose) -> bool:
        """Whether a rule applied in any snapshot, as a clock sees it."""
        if whose.not_of not in self._ever:
            places = range(len(self.snapshots))
            self._ever[whose.not_of] = frozenset().union(*(self.applying(place, whose) for place in places))
        return rule.id in self._ever[whose.not_of]

    def events(self, names: Sequence[str], whose: Whose = THE_CASE) -> list[Event]:
        """The events of these names that a clock takes note of, earliest first."""
        happened = [self._events[name] for name in names if name in self._events]
        found = [
            event
            for of_a_name in happened
            for event in of_a_name
            if whose.minds(event)
        ]
        return sorted(found, key=_when) if len(happened) > 1 else found

    def first_after(self, start: Event | None, names: Sequence[str], whose: Whose = THE_CASE) -> Event | None:
        """The first of these events that follows `start`, or of all where there is none."""
        found: Event | None = None
        for name in names:
            for event in self._events.get(name, ()):
                if whose.minds(event) and (start is None or event.follows(start)):
                    found = event if found is None else min(found, event, key=_when)
                    break
        return found

    def since(self, start: Event) -> list[int]:
        """The snapshot in force when `start` happened, then each later one, by their place."""
        if start not in self._since:
            self._since[start] = self._looked_through(start)
        return self._since[start]

    def _looked_through(self, start: Event) -> list[int]:
        in_force, later = 0, []
        for place, shot in enumerate(self.snapshots):
            if place and shot.entry.follows(start):
                later.append(place)
            else:
                in_force = place
        return [in_force, *later]

    def people(self, roles: tuple[str, ...]) -> list[Whose]:
        """Everyone who is or was in one of these roles, each as whose clock it can be."""
        if roles not in self._people:
            named = {event.person for event in self.events([f"person.{role}" for role in roles])}
            ids = [person for person in self.case.people if person in named]
            others = self.not_in_case.union(ids)
            self._people[roles] = [Whose(person, None, others - {person}) for person in ids]
        return self._people[roles]

    def removed(self, person: str | None) -> Event | None:
        """That somebody was taken off the case, as named in it by mistake."""
        return next((event for event in self._events["person.removed"] if event.person == person), None)

    def first_known(self, role: str, after: Event | None = None) -> Event | None:
        """When the first of those in a role who belong in the case was known."""
        known = (event for event in self.events([f"person.{role}"]) if not self.removed(event.person))
        return next((event for event in known if after is None or event.follows(after)), None)

    def facts(self, place: int, whose: Whose) -> frozenset[str]:
        """What holds in a snapshot as a clock sees it: the case's facts and the person's, not the others'."""
        key = (place, whose.not_of)
        if key not in self._known:
            facts = self.snapshots[place].facts
            self._known[key] = self.procedure.with_derived(
                frozenset(fact for fact, of in facts if of not in whose.not_of)
            )
        return self._known[key]

    def applying(self, place: int, whose: Whose) -> Mapping[str, tuple[Limit, ...]]:
        """The rules that apply in a snapshot as a clock sees it, by id, each with its limits."""
        key = (place, whose.not_of)
        if key not in self._applying:
            self._applying[key] = self.procedure.applying(self.facts(place, whose))
        return self._applying[key]

    def _snapshots(self) -> Iterable[Snapshot]:
        looked_at = self.procedure.facts_looked_at
        holding: set[tuple[str, str | None]] = set()
        changes = [change for change in self.case.facts if change.fact in looked_at]
        start = self.case.events[0] if self.case.events else Event("", Moment.parse("1900-01-01"), 0)
        if not changes or changes[0].seq != start.seq:
            yield Snapshot(start, frozenset())
        for seq, of_entry in groupby(changes, key=lambda change: change.seq):
            when = start.when
            for change in of_entry:
                when = change.when
                (holding.add if change.holds else holding.discard)((change.fact, change.person))
            yield Snapshot(Event("", when, seq), frozenset(holding))


def _when(event: Event) -> tuple[datetime, int]:
    return event.when.latest, event.seq
