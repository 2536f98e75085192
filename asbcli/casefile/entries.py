"""Every kind of log entry: what it holds, what it changes in the case, which events it is.

Adding a kind is adding a class here: its fields are its stored body, `apply` is what it does.
Annotations are not put off here, as they are elsewhere: each command would spend half a millisecond on reading
those of the one kind it writes.
"""

from collections.abc import Collection, Iterator, Mapping, Set
from functools import cache
from typing import Any, ClassVar, Literal, get_args, get_origin

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from asbcli import words
from asbcli.casefile.case import (
    Case,
    Event,
    Exhibit,
    FactChange,
    Incident,
    KnownAgency,
    Link,
    Person,
    PlanAction,
)
from asbcli.moments import Moment

PLAIN_ANSWERS = ("yes", "no", "unknown", "not-applicable")  # these are facts that conditions look at
ERASED = "(erased)"  # stands for what an erased entry said


class Fold:
    """A case being put together: the entries write into it, each at its own moment and place in the log."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.when = Moment.parse("1900-01-01")
        self.seq = 0

    def event(self, name: str, when: Moment | None = None, **details: Any) -> None:
        """Note that `name` happened, at the entry's moment unless another is given, and is so from then on."""
        self.case.events.append(Event(name, when or self.when, self.seq, **details))
        self.fact(name, person=details.get("person"))

    def fact(self, name: str, *, holds: bool = True, person: str | None = None) -> None:
        """Note that `name` holds from the entry's moment, or no longer does."""
        self.case.facts.append(FactChange(self.when, self.seq, name, holds, person))

    def swap(self, old: str | None, new: str | None, *, prefix: str = "", suffix: str = "",
             person: str | None = None) -> None:
        """Let one fact of a family take another's place."""
        if old and old != new:
            self.fact(prefix + old + suffix, holds=False, person=person)
        if new:
            self.fact(prefix + new + suffix, person=person)


    def answer(self, question: str, answer: str) -> None:
        """Note the answer to a question of the checklist in place of the one it had."""
        old = self.case.answers.get(question)
        self.swap(old if old in PLAIN_ANSWERS else None, answer if answer in PLAIN_ANSWERS else None,
                  prefix=f"answer.{question}.")
        self.case.answers[question] = answer
        self.event(f"answered.{question}")


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """What every kind of entry has: its fields are its stored body, checked as it is read."""

    KIND: ClassVar[str]
    TEXT: ClassVar[str]

    def apply(self, fold: Fold) -> None:
        """Change the case, and say which events and facts this is; many a kind changes nothing."""


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
        person = fold.case.people.setdefault(self.id, Person(self.id, self.name))
        person.name = person.name if self.name == ERASED else self.name
        for role in self.roles:
            if role not in person.roles:
                person.roles[role] = when
                fold.event(f"person.{role}", when, person=self.id)
        tenure, tenancy = self.tenure or person.tenure, self.tenancy or person.tenancy
        for known_as in {"victim", "perpetrator"} & person.roles.keys():
            fold.fact(f"{known_as}-known")
            if tenure:
                fold.swap(person.tenure, tenure, prefix=f"{known_as}.", person=self.id)
            if tenancy:
                fold.swap(person.tenancy, tenancy, prefix=f"{known_as}.", suffix="-tenancy", person=self.id)
        person.tenure, person.tenancy = tenure, tenancy
        person.address = (None if self.address == ERASED else self.address) or person.address or self.address


class Report(Entry, frozen=True):
    """The initial report a case is opened with (3.2.1): what was said, by whom, and how it was categorised."""

    KIND = "report"
    TEXT = "summary"

    priority: str
    definition: words.Definition
    summary: str
    officer: str
    procedure: str
    categories: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    people: tuple[NamedPerson, ...] = ()
    channel: words.Channel | None = None
    reporter: words.Reporter | None = None
    anonymous: bool = False
    address: str | None = None
    place: str | None = None
    happened: Moment | None = None
    happened_unknown: bool = False
    perpetrator_known: words.Answer | None = None
    witnesses_known: words.Answer | None = None
    previous_incidents: words.Answer | None = None
    police_informed: words.Answer | None = None
    immediate_danger: words.Answer | None = None
    relevant_authority: bool = False
    perceived_by: words.PerceivedBy | None = None
    linked_to: int | None = None
    link_kind: words.LinkKind | None = None
    because: str | None = None
    external_ref: str | None = None
    import_digest: str | None = None

    def apply(self, fold: Fold) -> None:
        case = fold.case
        case.priority, case.definition, case.summary = self.priority, self.definition, self.summary
        case.officer, case.procedure = self.officer, self.procedure
        case.categories, case.flags = self.categories, self.flags
        case.channel, case.reporter, case.anonymous = self.channel, self.reporter, self.anonymous
        case.address, case.place = self.address, self.place
        case.received = fold.when
        case.incidents.append(Incident(fold.seq, self.happened, fold.when, self.summary, self.place))
        fold.event("report")
        fold.fact(f"priority.{self.priority}")
        fold.fact(f"definition.{self.definition}")
        for category in self.categories:
            fold.fact(f"category.{category}")
        for flag in self.flags:
            fold.fact(flag)
            fold.event(f"flag.{flag}.added")
        for fact, holds in (("anonymous", self.anonymous), ("relevant-authority", self.relevant_authority)):
            if holds:
                fold.fact(fact)
        for family, word in (("channel", self.channel), ("reporter", self.reporter),
                             ("perceived-by", self.perceived_by),
                             ("previous-incidents", self.previous_incidents),
                             ("police-informed", self.police_informed)):
            if word:
                fold.fact(f"{family}.{word}")
        self._answers(case)
        for person in self.people:
            person.join(fold, fold.when)
        if self.linked_to and self.link_kind:
            case.links.append(Link(self.linked_to, self.link_kind))
            fold.event("linked")

    def _answers(self, case: Case) -> None:
        """The five things an initial report must hold (3.2.1), as far as they were answered."""
        happened = "unknown" if self.happened_unknown else self.happened and self.happened.shown
        given = {
            "incident-details": happened if self.place or self.address else None,
            "definition-perceived-by": self.perceived_by if self.definition == "personal" else None,
            "perpetrator-known": self.perpetrator_known,
            "witnesses": self.witnesses_known,
            "previous-incidents": self.previous_incidents,
            "police-informed": self.police_informed,
            "immediate-danger": self.immediate_danger,
        }
        case.answers.update({question: answer for question, answer in given.items() if answer})


class IncidentLogged(Entry, frozen=True):
    """A further incident: when it happened is the entry's moment, `received` is when it was reported."""

    KIND = "incident"
    TEXT = "text"

    text: str
    received: Moment
    place: str | None = None
    category: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.case.incidents.append(Incident(fold.seq, fold.when, self.received, self.text, self.place))
        fold.event("incident")
        fold.event("incident.reported", self.received)
        if any(each.name == "warning" for each in fold.case.events):  # those before it: entries are folded in order
            fold.event("incident.after-warning", self.received)


class Interview(Entry, frozen=True):
    """An interview held, or why not yet; `first_contact` is not the full interview (6.1.1)."""

    KIND = "interview"
    TEXT = "notes"

    role: words.Interviewee
    state: words.InterviewState = "held"
    person: str | None = None
    ended: Moment | None = None
    arranged: Moment | None = None
    first_contact: bool = False
    contact_every: str | None = None
    finding: words.Finding | None = None
    monitor_until: Moment | None = None
    notes: str | None = None
    because: str | None = None
    also: int | None = None

    def apply(self, fold: Fold) -> None:
        state = "first-contact" if self.first_contact and self.state == "held" else self.state
        done = self.ended if state == "held" else None
        fold.event(f"interview.{self.role}.{state}", done, person=self.person, until=self.arranged,
                   text=self.because or self.notes)
        if self.contact_every:
            fold.event("contact.agreed", done, every=self.contact_every)
        if self.finding:
            fold.event(f"finding.{self.finding}", done, person=self.person, until=self.monitor_until)


class Contact(Entry, frozen=True):
    """A contact made, tried or received; only one that reached somebody can meet a duty."""

    KIND = "contact"
    TEXT = "text"

    text: str
    role: words.Role | None = "victim"
    person: str | None = None
    channel: words.Channel | None = None
    purpose: words.Purpose | None = None
    attempted: bool = False
    incoming: bool = False
    because: str | None = None
    also: int | None = None

    def apply(self, fold: Fold) -> None:
        if self.role not in words.choices(words.Interviewee):
            return
        base = f"contact.{self.role}"
        if self.attempted:
            fold.event(f"{base}.attempted", person=self.person)
        elif self.incoming and not self.purpose:
            fold.event(f"{base}.incoming", person=self.person)
        else:
            fold.event(f"{base}.made", person=self.person)
            if self.purpose:
                fold.event(f"{base}.{self.purpose}", person=self.person)
            if self.purpose == "disclosure" and self.role == "victim":
                fold.event("victim-told", person=self.person)


class Note(Entry, frozen=True):
    """Something worth keeping that starts and stops nothing."""

    KIND = "note"
    TEXT = "text"

    text: str


class Review(Entry, frozen=True):
    """A review of the case; without a manager, or `alone` with the case's own officer, it meets nothing in 13.1."""

    KIND = "review"
    TEXT = "text"

    stage: words.Stage
    text: str
    manager: str | None = None
    alone: bool = False

    def apply(self, fold: Fold) -> None:
        fold.event(f"review.{self.stage}")
        if self.manager and not self.alone:
            fold.event(f"review.{self.stage}.with-manager")


class Plan(Entry, frozen=True):
    """The action plan: an action added, an action done, or the plan agreed as it stands."""

    KIND = "plan"
    TEXT = "text"

    step: str
    item: str | None = None
    text: str | None = None
    who: str | None = None
    due: Moment | None = None
    resolving: bool = False

    def apply(self, fold: Fold) -> None:
        plan = fold.case.plan
        if self.step != "done" and not any(event.name == "plan.exists" for event in fold.case.events):
            fold.event("plan.exists")
        if self.step == "add" and self.item:
            added = PlanAction(self.item, self.text or "", self.who, self.due, self.resolving)
            # It may be written into the plan after it was done: a backlog is caught up with.
            done = [event for event in fold.case.events if event.name == "plan.done" and event.item == self.item]
            added.done = done[0].when if done else None
            plan[self.item] = added
            fold.event("plan.added", item=self.item, until=self.due, text=self.text)
            if done and self.resolving:
                fold.event("resolving-action", done[0].when)
        elif self.step == "done" and self.item:
            action = plan.get(self.item)
            if action:
                action.done = fold.when
            fold.event("plan.done", item=self.item)
            if self.resolving or (action and action.resolving):
                fold.event("resolving-action")
        elif self.step == "agreed":
            fold.event("plan.agreed")


class PersonAdded(Entry, frozen=True):
    """Someone named in the case after the report, or more known of someone; the moment is when."""

    KIND = "person"
    TEXT = "text"

    person: NamedPerson
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        self.person.join(fold, fold.when)


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

    def apply(self, fold: Fold) -> None:
        person = fold.case.people.get(self.person)
        if person is None:
            return
        NamedPerson(person.id, person.name, (), self.tenure, self.tenancy).join(fold, fold.when)
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value and name not in ("person", "tenure", "tenancy", "taken_back"):
                setattr(person, name, value)
        for name in self.taken_back:
            setattr(person, name, () if name == "do_not" else None)
        self._answer(fold, person.roles.keys())

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
        for family in words.VICTIMS_CONSENTS:
            fold.fact(f"consent.{family}", holds=_consented(case, family, _asked(case)))
        case.events.append(Event("person.removed", fold.when, fold.seq, self.person, text=self.because))


class Change(Entry, frozen=True):
    """A decision changed, with its reason; the old values stay in the entry, and each date that it `moved`."""

    KIND = "change"
    TEXT = "because"

    because: str | None = None
    priority: str | None = None
    old_priority: str | None = None
    raised: bool = False
    categories: tuple[str, ...] = ()
    old_categories: tuple[str, ...] = ()
    officer: str | None = None
    old_officer: str | None = None
    contact_every: str | None = None
    moved: tuple[tuple[str, ...], ...] = ()

    def apply(self, fold: Fold) -> None:
        case = fold.case
        if self.categories:
            for category in set(case.categories) - set(self.categories):
                fold.fact(f"category.{category}", holds=False)
            for category in self.categories:
                fold.fact(f"category.{category}")
            case.categories = self.categories
        if self.officer:
            case.officer = self.officer
        if self.contact_every:
            fold.event("contact.agreed", every=self.contact_every)
        if self.priority and self.priority != case.priority:
            _set_priority(fold, self.priority, raised=self.raised)


class Flagged(Entry, frozen=True):
    """A flag set or removed, with its reason; `priority` is what the case has then, `moved` each date it moved."""

    KIND = "flag"
    TEXT = "because"

    flag: str
    step: str
    because: str
    priority: str | None = None
    raised: bool = False
    moved: tuple[tuple[str, ...], ...] = ()

    def apply(self, fold: Fold) -> None:
        case = fold.case
        if self.step == "add":
            case.flags = (*(flag for flag in case.flags if flag != self.flag), self.flag)
            fold.fact(self.flag)
            fold.event(f"flag.{self.flag}.added", text=self.because)
        else:
            case.flags = tuple(flag for flag in case.flags if flag != self.flag)
            fold.fact(self.flag, holds=False)
            fold.event(f"flag.{self.flag}.removed", text=self.because)
        if self.priority and self.priority != case.priority:
            _set_priority(fold, self.priority, raised=self.raised)


def _set_priority(fold: Fold, priority: str, *, raised: bool) -> None:
    fold.swap(fold.case.priority, priority, prefix="priority.")
    fold.event("priority.raised" if raised else "priority.lowered")
    fold.case.priority = priority


class Warned(Entry, frozen=True):
    """A warning to an alleged perpetrator, and the action it requires (7.3.1)."""

    KIND = "warning"
    TEXT = "text"

    person: str
    level: words.Level
    requires: str | None = None
    resolving: bool = False
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("warning", person=self.person)
        fold.event(f"warning.{self.level}", person=self.person)
        if self.resolving:
            fold.event("resolving-action")


class Repair(Entry, frozen=True):
    """A repair or a removal: noticed, planned, photographed, done (3.6.1)."""

    KIND = "repair"
    TEXT = "text"

    kind: words.RepairKind
    item: str
    noticed: Moment | None = None
    due: Moment | None = None
    done: Moment | None = None
    photographed: bool = False
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        base = f"repair.{self.kind}"
        if self.noticed:
            fold.event(f"{base}.noticed", self.noticed, item=self.item, until=self.due)
        if self.photographed:
            fold.event(f"{base}.photographed", item=self.item)
        if self.done:
            fold.event(f"{base}.done", self.done, item=self.item)


class Consent(Entry, frozen=True):
    """A consent given or withdrawn, for a purpose or for one agency (3.7.5, 6.3.1)."""

    KIND = "consent"
    TEXT = "text"

    by: str
    purpose: str
    step: str
    person: str | None = None
    written: bool = False
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        family = self.purpose if self.purpose in words.CONSENTS else "agency"
        if family == "perpetrator-interview" and self.person is None:
            family = "investigator"  # an agency's is that of the body which investigates (6.2.1)
        if family in words.VICTIMS_CONSENTS and self.person not in _asked(fold.case):
            return  # nobody else's is the victim's
        details: dict[str, Any] = {"person": self.person, "text": self.text}
        if family == "agency":
            details["item"] = self.purpose
        else:
            details["item"] = self.by if family == "investigator" else None
            fold.fact(f"consent.{family}", holds=self.step == "given" and self._from_all(fold, family))
            other = "withdrawn" if self.step == "given" else "given"
            fold.fact(f"consent.{family}.{other}", holds=False, person=self.person)
        fold.event(f"consent.{family}.{self.step}", **details)
        if self.written and self.step == "given":
            fold.event(f"consent.{family}.written", **details)

    def _from_all(self, fold: Fold, family: str) -> bool:
        """Whether everybody else who has to be asked consented too, each as they last said: none speaks for another."""
        if family not in words.VICTIMS_CONSENTS:
            return True
        others = _asked(fold.case) - {self.person or ""}
        return not others or _consented(fold.case, family, others)


def _consented(case: Case, family: str, people: Set[str]) -> bool:
    """Whether there is anybody to ask, and all of them consented, each as they last said."""
    last = {each.person: each.name for each in case.events
            if each.name in (f"consent.{family}.given", f"consent.{family}.withdrawn")}
    return bool(people) and all(last.get(person, "").endswith(".given") for person in people)


def _asked(case: Case) -> set[str]:
    """Who has to consent: the victims, and while none is named who complains."""
    return {person.id for person in case.people_as("victim") or case.people_as("complainant")}


class Done(Entry, frozen=True):
    """A duty met, by the name of its rule."""

    KIND = "done"
    TEXT = "text"

    rule: str
    person: str | None = None
    item: str | None = None
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event(f"done.{self.rule}", person=self.person, item=self.item)


class DatedFact(Entry, frozen=True):
    """A dated fact the procedure's clocks use: a conviction, a notice served.

    `planned`: its own date, which may lie ahead; `specifies`: the date that stands in it.
    """

    KIND = "event"
    TEXT = "text"

    kind: str
    planned: Moment | None = None
    specifies: Moment | None = None
    person: str | None = None
    text: str | None = None
    by: str | None = None  # who decided it, where the procedure asks for a role

    def apply(self, fold: Fold) -> None:
        fold.event(f"event.{self.kind}", person=self.person, until=self.planned or self.specifies)


class Answered(Entry, frozen=True):
    """A checklist's question answered; `because` for what was considered and not done."""

    KIND = "answer"
    TEXT = "because"

    question: str
    answer: str
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.answer(self.question, self.answer)


class Remedy(Entry, frozen=True):
    """A remedy and the state it has come to: mediation refused, an ABC signed (section 11)."""

    KIND = "remedy"
    TEXT = "text"

    remedy: str
    state: str
    person: str | None = None
    until: Moment | None = None
    every: str | None = None
    resolving: bool = False
    text: str | None = None
    indefinite: bool = False

    def apply(self, fold: Fold) -> None:
        fold.event(f"remedy.{self.remedy}.{self.state}", person=self.person, until=self.until,
                   every=self.every, item=self.remedy)
        if self.resolving:
            fold.event("resolving-action")


class Agency(Entry, frozen=True):
    """Another agency brought in, told, referred to, or what came of it; with its named contact."""

    KIND = "agency"
    TEXT = "text"

    name: str
    step: str
    contact: str | None = None
    text: str | None = None
    kind: words.AgencyKind | None = None
    protocol: bool = False

    def apply(self, fold: Fold) -> None:
        known = fold.case.agencies.get(self.name, KnownAgency(self.name))
        fold.case.agencies[self.name] = KnownAgency(
            self.name, self.kind or known.kind, self.protocol or known.protocol
        )
        fold.event(f"agency.{self.step}", item=self.name)
        referred = {event.item for event in fold.case.events if event.name == "agency.referred"}
        if self.step == "outcome" and (not referred or self.name in referred):
            fold.event("agency.referral-outcome", item=self.name)


class Disclosed(Entry, frozen=True):
    """Something told to somebody outside: to whom, what, on what ground, and who approved it (3.7.4, WHA)."""

    KIND = "disclosure"
    TEXT = "what"

    to: str
    ground: words.Ground
    what: str | None = None
    basis: str | None = None
    kind: words.AgencyKind | None = None
    person: str | None = None
    approved_by: str | None = None
    role: str | None = None
    in_emergency: bool = False

    def apply(self, fold: Fold) -> None:
        fold.event("disclosure", item=self.to, person=self.person, text=self.basis)
        if self.in_emergency:
            fold.event("disclosure.in-emergency", item=self.to, text=self.basis)


class LetterWritten(Entry, frozen=True):
    """A letter sent to somebody in the case, as it was sent; or not sent, with the reason.

    `answers` are the checklist's questions that what it says has answered.
    """

    KIND = "letter"
    TEXT = "text"

    kind: words.LetterKind
    person: str
    state: words.LetterState = "sent"
    text: str | None = None
    because: str | None = None
    answers: tuple[str, ...] = ()

    def apply(self, fold: Fold) -> None:
        person = fold.case.people.get(self.person)
        side = person and side_of(person.roles)
        if self.state == "not-sent":
            fold.event("letter.not-sent", person=self.person, text=self.because)
            return
        if side:
            fold.event(f"letter.{side}", person=self.person)
        if self.kind == "contact-agreed" and side == "victim":
            fold.event("contact.victim.made", person=self.person)
            fold.event("contact.victim.outline", person=self.person)
        if self.kind == "complaints":
            fold.event("letter.complaints", person=self.person)
        if self.kind == "closing":
            fold.event("letter.final", person=self.person)
            if side == "victim":
                fold.case.final_letter_sent = fold.case.final_letter_sent or fold.when
        for question in self.answers:
            if question not in fold.case.answers:
                fold.answer(question, "yes")


def side_of(roles: Collection[str]) -> str | None:
    """On which side somebody stands: the perpetrator's, the victim's, or neither."""
    if "perpetrator" in roles:
        return "perpetrator"
    return "victim" if {"victim", "complainant"} & set(roles) else None


class SubjectAccess(Entry, frozen=True):
    """Personal data asked for by whom it is about, or supplied to them: what was passed and what withheld (6.3.4)."""

    KIND = "subject-access"
    TEXT = "reviewed_by"

    person: str
    step: words.AccessStep
    reviewed_by: str | None = None
    passed: tuple[int, ...] = ()
    withheld: tuple[tuple[str, int], ...] = ()
    digest: str | None = None

    def apply(self, fold: Fold) -> None:
        step = "request" if self.step == "asked" else "supplied"
        fold.event(f"event.subject-access-{step}", person=self.person, item=self.person)


class Viewed(Entry, frozen=True):
    """A restricted case looked at, and why. It is no change of the case: `last_entry` stays where it was."""

    KIND = "viewed"
    TEXT = "because"

    because: str


class Diary(Entry, frozen=True):
    """Diary sheets issued or returned, and how often they come back (4.2.4)."""

    KIND = "diary"
    TEXT = "text"

    step: str
    person: str | None = None
    every: str | None = None
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event(f"diary.{self.step}", person=self.person, every=self.every)


class Appeal(Entry, frozen=True):
    """An appeal by either side against how it was handled or decided (WHA, Appeals)."""

    KIND = "appeal"
    TEXT = "text"

    person: str
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("appeal", person=self.person)


class Risk(Entry, frozen=True):
    """A risk assessment, as often as the case needs one (Partnership policy)."""

    KIND = "risk"
    TEXT = "text"

    level: str | None = None
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("risk-assessed", text=self.level)


class Linked(Entry, frozen=True):
    """Another case this one belongs with."""

    KIND = "link"
    TEXT = "because"

    number: int
    kind: words.LinkKind = "related"
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.case.links.append(Link(self.number, self.kind))
        fold.event("linked")


class Closed(Entry, frozen=True):
    """The case closed: why, and the two dates 14.2 keeps apart."""

    KIND = "close"
    TEXT = "because"

    outcome: words.Outcome
    completed: Moment
    final_letter: Moment | None = None
    discussed: Moment | None = None
    not_discussed: str | None = None
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        case = fold.case
        case.status, case.outcome, case.closed = "closed", self.outcome, fold.when
        case.date_completed = self.completed
        case.final_letter_sent = self.final_letter or case.final_letter_sent
        fold.event("close")
        fold.event(f"outcome.{self.outcome}")
        if self.final_letter:
            self._final_letter(fold, self.final_letter)
        for agency in sorted(case.agencies):
            fold.event("close.agency", item=agency)

    def _final_letter(self, fold: Fold, sent: Moment) -> None:
        """The final letter is the victim's and the complainant's; the other side's is one of its own (S4)."""
        written_to = [person.id for person in fold.case.people.values() if side_of(person.roles) == "victim"]
        to: list[str | None] = [*written_to] or [None]
        for person in to:
            fold.event("letter.final", sent, person=person)


class Correction(Entry, frozen=True):
    """An earlier entry put right: it stays as it was written, and counts as corrected (or not at all).

    `received` is when it was reported, of a report or an incident; `moved` each date that it moved.
    """

    KIND = "correction"
    TEXT = "because"

    entry: int
    because: str
    happened: Moment | None = None
    received: Moment | None = None
    text: str | None = None
    void: bool = False
    moved: tuple[tuple[str, ...], ...] = ()


class Approval(Entry, frozen=True):
    """A gate passed by the role the procedure names: each condition overridden, by whom and why."""

    KIND = "approval"
    TEXT = "because"

    role: str
    approved_by: str
    because: str
    step: str
    conditions: tuple[str, ...]


class Breach(Entry, frozen=True):
    """Something that happened though a gate stood before it: recorded all the same, with its reason."""

    KIND = "breach"
    TEXT = "because"

    step: str
    conditions: tuple[str, ...]
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("breach", item=str(fold.seq), text=self.because)


class RoleHeld(Entry, frozen=True):
    """Who holds a role of the procedure in the office, from this moment or no longer (GI 3.2)."""

    KIND = "role"
    TEXT = "name"

    role: str
    name: str
    step: str = "named"


class Tenancy(Entry, frozen=True):
    """A tenancy begun, visited, ended, a short one extended or under notice (section 1); it belongs to no case, and
    has clocks of its own.

    `paragraph`: that of Schedule 6 which the notice of a short one states (1.2.2).
    """

    KIND = "tenancy"
    TEXT = "text"

    tenancy: str
    step: str
    tenant: str | None = None
    address: str | None = None
    short: bool = False
    notice: Moment | None = None
    officer: str | None = None
    text: str | None = None
    paragraph: str | None = None

    def apply(self, fold: Fold) -> None:
        if self.step == "ended":
            fold.event("close")
        else:
            fold.event(f"tenancy.{self.step}")
            if self.short:
                fold.event("tenancy.short")


class Evidence(Entry, frozen=True):
    """A file taken in as evidence: its content stands beside the register under its hash (SHA-256)."""

    KIND = "evidence"
    TEXT = "text"

    digest: str
    name: str
    size: int = 0  # bytes
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        if self.digest != ERASED:
            fold.case.evidence.append(Exhibit(fold.seq, self.digest, self.size, self.name, fold.when, self.text))


class Retention(Entry, frozen=True):
    """A person's decision on how long a case is kept: held for a court, released, or kept until a day."""

    KIND = "retention"
    TEXT = "because"

    step: str
    because: str
    until: Moment | None = None

    def apply(self, fold: Fold) -> None:
        fold.event(f"retention.{self.step}", until=self.until)


class Erasure(Entry, frozen=True):
    """Entries erased: on what basis, approved by whom, and what each still counts as, by its number."""

    KIND = "erasure"
    TEXT = "basis"

    basis: str
    approved_by: str
    left: Mapping[str, Mapping[str, Any]]


class CalendarChanged(Entry, frozen=True):
    """The working-day calendar changed; `moved` names each open deadline it moved, old date and new."""

    KIND = "calendar"
    TEXT = "title"

    step: str
    title: str
    known_until: str | None = None
    holidays: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    day: str | None = None
    moved: tuple[tuple[str, ...], ...] = ()


class ProcedureAdopted(Entry, frozen=True):
    """A procedure put in force from a day; what it says is kept beside the log under its digest."""

    KIND = "procedure"
    TEXT = "title"

    key: str
    title: str
    in_force_from: str
    digest: str

    def apply(self, fold: Fold) -> None:
        fold.event("procedure.adopted")


class ProcedureReviewed(Entry, frozen=True):
    """The procedure looked at anew (WHA, Policy review: annually)."""

    KIND = "procedure-review"
    TEXT = "text"

    text: str

    def apply(self, fold: Fold) -> None:
        fold.event("procedure.reviewed")


KINDS: dict[str, type[Any]] = {
    kind.KIND: kind
    for kind in (
        Report, IncidentLogged, Interview, Contact, Note, Review, Plan, PersonAdded, PersonKnown,
        PersonRenamed, PersonRemoved,
        Change, Flagged, Warned, Repair, Consent, Done, DatedFact, Answered, Remedy, Agency, Diary,
        Appeal, Risk, Linked, Closed, Disclosed, LetterWritten, SubjectAccess, Viewed, Correction,
        Approval, Breach, Evidence, Retention, Erasure, RoleHeld, Tenancy, CalendarChanged,
        ProcedureAdopted,
        ProcedureReviewed,
    )
}


class Logged(Struct, frozen=True):
    """An entry as it stands in the log: its place, its case, when it happened and when it was written down."""

    seq: int
    case: int | None
    happened: Moment
    recorded_at: str
    actor: str
    entry: Any


def body_of(entry: Any) -> dict[str, Any]:
    """An entry's fields as JSON would hold them; what was not said is left out."""
    return {
        name: _plain(value)
        for name in entry.__struct_fields__
        if (value := getattr(entry, name)) is not None and value is not False and value != ()  # 0 was said
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.text
    if isinstance(value, NamedPerson):
        return body_of(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def entry_of(kind: str, body: str) -> Any:
    """The entry a stored body states. Raises ValueError where a field of it is not of the kind or the words allowed."""
    try:
        return _reader(kind).decode(body)
    except DecodeError as fault:
        raise ValueError(str(fault)) from None


@cache
def _reader(kind: str) -> Decoder[Any]:
    return Decoder(KINDS[kind], dec_hook=_read_moment)


def _read_moment(_: type, text: Any) -> Moment:
    """The one thing a body holds that JSON does not."""
    return Moment.parse(text)


def fields_of(kind: type[Any], *types: Any) -> set[str]:
    """The fields of a kind of entry that hold something of these types; `Literal`: one of our own words."""
    return {name for name in kind.__struct_fields__ if not {*types}.isdisjoint(_types_in(kind.__annotations__[name]))}


def _types_in(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal or not get_args(annotation):
        yield get_origin(annotation) or annotation
    else:
        for each in get_args(annotation):
            yield from _types_in(each)
