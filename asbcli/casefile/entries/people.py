"""Who is in a case: people named, known better, renamed, or named by mistake; and who of them has to consent."""

from collections.abc import Iterable, Set
from typing import Any

from msgspec import Struct

from asbcli import words
from asbcli.casefile.case import Case, Event, Person
from asbcli.casefile.entries.fold import ERASED, Entry, Fold
from asbcli.moments import Moment


class NamedPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """A person as an entry names them; the id is the register's, so one person keeps it across cases."""

    id: str
    name: str
    roles: tuple[words.Role, ...]
    tenure: words.Tenure | None = None
    tenancy: words.Tenancy | None = None
    address: str | None = None

    def join(self, fold: Fold, when: Moment) -> None:
        """Bring them into the case, or add to what is known of them, as identified at `when`."""
        early = fold.early.pop(self.id, ()) if self.id not in fold.case.people else ()
        person = fold.case.people.setdefault(self.id, Person(self.id, self.name))
        person.name = person.name if self.name == ERASED else self.name
        for role in self.roles:
            if role not in person.roles:
                person.roles[role] = when
                fold.event(f"person.{role}", when, person=self.id)
                count_consents(fold)
        tenure, tenancy = self.tenure or person.tenure, self.tenancy or person.tenancy
        for known_as in {"victim", "perpetrator"} & person.roles.keys():
            fold.fact(f"{known_as}-known")
            if tenure:
                fold.swap(person.tenure, tenure, prefix=f"{known_as}.", person=self.id)
            if tenancy:
                fold.swap(person.tenancy, tenancy, prefix=f"{known_as}.", suffix="-tenancy", person=self.id)
        person.tenure, person.tenancy = tenure, tenancy
        for each in early:
            each.apply(fold)

    def tell(self, case: Case) -> None:
        """Where they live; an address that was erased is no newer than one that stands."""
        person = case.people.get(self.id)
        if person and self.address and (self.address != ERASED or not person.address):
            person.address = self.address


def who_report(people: Iterable[NamedPerson]) -> set[str]:
    """Whose address a report's is, and who named everybody in it: who complains, or else who suffers."""
    complain, suffer = ({one.id for one in people if role in one.roles} for role in ("complainant", "victim"))
    return complain or suffer


class PersonAdded(Entry, frozen=True):
    """Someone named in the case after the report, or more known of someone; the moment is when."""

    KIND = "person"
    TEXT = "text"

    person: NamedPerson
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        self.person.join(fold, fold.when)

    def tell(self, case: Case) -> None:
        self.person.tell(case)


class PersonKnown(Entry, frozen=True):
    """What is known of someone: how to reach them, what they need, and how without harm (3.2.1, 3.3.7, 5.4).

    `taken_back` names what no longer holds. Of a check of identity only whether it was made is kept.
    """

    KIND = "person-known"
    TEXT = "needs"

    person: str
    tenure: words.Tenure | None = None
    tenancy: words.Tenancy | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    prefers: words.Channel | None = None
    needs: str | None = None
    adjustments: str | None = None
    interpreter: str | None = None
    companion: str | None = None
    investigator: str | None = None
    identity_checked: words.Answer | None = None
    safe_address: str | None = None
    safe_times: str | None = None
    do_not: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()

    @property
    def of_them(self) -> dict[str, Any]:
        """What it says of them, by its name; nothing of what it takes back."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("person", "taken_back")}
        return {name: value for name, value in said.items() if value or name in self.taken_back}

    @property
    def says_how_safely(self) -> bool:
        """Whether it says how they are reached without harm, or that nothing of it holds."""
        return not {"safe_address", "safe_times", "do_not"}.isdisjoint(self.of_them)

    def apply(self, fold: Fold) -> None:
        person = fold.case.people.get(self.person)
        if person is None:
            fold.early[self.person].append(self)
            return
        NamedPerson(person.id, person.name, (), self.tenure, self.tenancy).join(fold, fold.when)
        for name in {"tenure", "tenancy"}.intersection(self.taken_back):
            setattr(person, name, None)
        self._answer(fold, person.roles.keys())

    def tell(self, case: Case) -> None:
        person = case.people.get(self.person)
        for name, value in self.of_them.items() if person else ():
            if name not in ("tenure", "tenancy"):  # which are facts, and hold from a moment
                setattr(person, name, value)

    def _answer(self, fold: Fold, roles: Set[str]) -> None:
        """What it answers on the checklist: the procedure's conditions look at answers."""
        suffers = bool(roles & {"victim", "complainant", "witness"})
        if suffers and (self.needs or self.interpreter):
            fold.answer("support-needs", "yes")
        if self.adjustments:
            fold.answer("adjustments", "yes")
        if self.investigator and "victim" in roles:
            fold.answer("officer-wished", "yes")
        if self.companion and "perpetrator" in roles:
            fold.answer("companion-offered", "yes")
        if self.identity_checked:
            fold.answer("perpetrator-identity" if "perpetrator" in roles else "identity-confirmed",
                        self.identity_checked)


class PersonRenamed(Entry, frozen=True):
    """Someone was named wrongly: the entries count with this name, and stay as they were written."""

    KIND = "person-renamed"
    TEXT = "because"

    person: str
    name: str
    because: str


class PersonRemoved(Entry, frozen=True):
    """Someone was named in the case by mistake: from now on nothing is so, and nothing due, because of them.

    They stay among its people without a role: what was recorded of them still tells whom it was of.
    """

    KIND = "person-removed"
    TEXT = "because"

    person: str
    because: str

    def apply(self, fold: Fold) -> None:
        case = fold.case
        if self.person not in case.people:
            return
        last = {change.fact: change.holds for change in case.facts if change.person == self.person}
        for fact in (fact for fact, holds in last.items() if holds):
            fold.fact(fact, holds=False, person=self.person)
        case.people[self.person].roles.clear()
        for side in ("victim", "perpetrator"):
            if not case.people_as(side):
                fold.fact(f"{side}-known", holds=False)
        count_consents(fold)
        case.events.append(Event("person.removed", fold.when, fold.seq, self.person, text=self.because))


def asked(case: Case) -> set[str]:
    """Who has to consent: the victims, and while none is named who complains."""
    return {person.id for person in case.people_as("victim") or case.people_as("complainant")}


def count_consents(fold: Fold) -> None:
    """Say anew to what all who have to be asked consented, each as they last said: none speaks for another."""
    last: dict[str, dict[str | None, bool]] = {}
    for event in fold.case.events:
        _, family, said = event.name.split(".") if event.name.startswith("consent.") else ("", "", "")
        if family in words.VICTIMS_CONSENTS and said in ("given", "withdrawn"):
            last.setdefault(family, {})[event.person] = said == "given"
    people = asked(fold.case)
    for family, given in last.items():
        fold.fact(f"consent.{family}", holds=bool(people) and all(given.get(person) for person in people))
