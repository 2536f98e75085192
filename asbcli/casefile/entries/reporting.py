"""What was reported: the report that a case is opened with, and each further incident."""

from asbcli import words
from asbcli.casefile.case import Case, Incident, Link
from asbcli.casefile.entries.fold import Entry, Fold
from asbcli.casefile.entries.people import NamedPerson
from asbcli.moments import Moment


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
    taken_along: tuple[str, ...] = ()  # who of them the case before named, and not who reports now
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

    def tell(self, case: Case) -> None:
        for person in self.people:
            person.tell(case)

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
    immediate_danger: words.Answer | None = None

    def apply(self, fold: Fold) -> None:
        fold.case.incidents.append(Incident(fold.seq, fold.when, self.received, self.text, self.place))
        fold.event("incident")
        fold.event("incident.reported", self.received)
        if any(each.name == "warning" for each in fold.case.events):  # those before it: entries are folded in order
            fold.event("incident.after-warning", self.received)
