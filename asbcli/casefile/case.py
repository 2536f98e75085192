"""A case as it stands: what its entries, folded in order, add up to."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from asbcli import words
from asbcli.moments import Moment


class Event(Struct, frozen=True, eq=False):
    """Something that happened in a case, under the dotted name that procedure files start and stop clocks by.

    `seq` is the entry's place in the log, which tells two events of one day apart; `until` a date that was
    asked for or planned; `every` an interval that was agreed; `item` what one clock each is kept for.
    """

    name: str
    when: Moment
    seq: int
    person: str | None = None
    item: str | None = None
    until: Moment | None = None
    every: str | None = None
    text: str | None = None

    def follows(self, other: Event) -> bool:
        """Whether it comes after `other`; on one day without clock times the log's order tells."""
        ours, theirs = self.when, other.when
        if ours.instant and theirs.instant:
            return (ours.instant, self.seq) > (theirs.instant, other.seq)
        return (ours.day, self.seq) > (theirs.day, other.seq)


class FactChange(Struct, frozen=True):
    """From this moment a fact holds (or no longer does), of the case or of one person in it."""

    when: Moment
    seq: int
    fact: str
    holds: bool
    person: str | None = None


@dataclass(slots=True)
class Person:
    """Someone in a case, in all their roles; `identified` is when each role was first known."""

    id: str
    name: str
    roles: dict[str, Moment] = field(default_factory=dict)
    tenure: str | None = None
    tenancy: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    prefers: str | None = None
    needs: str | None = None
    adjustments: str | None = None
    interpreter: str | None = None
    companion: str | None = None
    investigator: str | None = None
    identity_checked: str | None = None
    safe_address: str | None = None
    safe_times: str | None = None
    do_not: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()  # the names they were given in the case before

    @property
    def called(self) -> tuple[str, ...]:
        """Every name they have or had in the case."""
        return (self.name, *self.formerly)

    @property
    def safety(self) -> str | None:
        """How to reach them without harm, in one line; None where nothing is known of it."""
        return words.safety_line(self.id, self.name, self.safe_address, self.safe_times, self.do_not)


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """Another agency in a case: what kind it is (3.7.4), and whether a sharing protocol is in place with it."""

    name: str
    kind: str | None = None
    protocol: bool = False


@dataclass(slots=True)
class Incident:
    """One thing that happened, and when it was reported."""

    seq: int
    happened: Moment | None
    received: Moment
    text: str
    place: str | None = None


@dataclass(slots=True)
class PlanAction:
    """One action of the plan: what, who, by when (S1: timescales and responsibilities)."""

    item: str
    text: str
    who: str | None
    due: Moment | None
    resolving: bool = False
    done: Moment | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file kept as evidence: its content's hash, and what it was called."""

    seq: int
    digest: str
    size: int
    name: str
    taken: Moment
    text: str | None = None


@dataclass(slots=True)
class Link:
    """Another case this one belongs with."""

    number: int
    kind: str


@dataclass(slots=True)
class Case:
    """One case: everything `show` prints, and the events and facts its deadlines are computed from."""

    number: int
    status: str = "open"
    priority: str = ""
    categories: tuple[str, ...] = ()
    definition: str = ""
    summary: str = ""
    received: Moment | None = None
    recorded_at: str = ""
    officer: str = ""
    flags: tuple[str, ...] = ()
    procedure: str = ""
    channel: str | None = None
    reporter: str | None = None
    anonymous: bool = False
    address: str | None = None
    place: str | None = None
    people: dict[str, Person] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    plan: dict[str, PlanAction] = field(default_factory=dict)
    agencies: dict[str, KnownAgency] = field(default_factory=dict)
    evidence: list[Exhibit] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    outcome: str | None = None
    date_completed: Moment | None = None
    final_letter_sent: Moment | None = None
    closed: Moment | None = None
    last_entry: int = 0
    events: list[Event] = field(default_factory=list)
    facts: list[FactChange] = field(default_factory=list)

    @property
    def named(self) -> list[Person]:
        """Everyone in the case: who was named in it by mistake has no role any more."""
        return [person for person in self.people.values() if person.roles]

    def people_as(self, role: str) -> list[Person]:
        """Everyone in `role`, in the order they were named."""
        return [person for person in self.people.values() if role in person.roles]
