"""What was done about it: reviews, plan, warnings, repairs, remedies, other agencies, dated facts, duties met."""

from asbcli import words
from asbcli.casefile.case import KnownAgency, PlanAction
from asbcli.casefile.entries.fold import Entry, Fold
from asbcli.moments import Moment


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


class Warned(Entry, frozen=True):
    """A warning to an alleged perpetrator, and the action it requires (7.3.1)."""

    KIND = "warning"
    TEXT = "requires"  # what its letter quotes

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
            fold.fact(f"{base}.photographed", holds=False)  # each needs its own
        if self.photographed:
            fold.event(f"{base}.photographed", item=self.item)
        if self.done:
            fold.event(f"{base}.done", self.done, item=self.item)


class Risk(Entry, frozen=True):
    """A risk assessment, as often as the case needs one (Partnership policy)."""

    KIND = "risk"
    TEXT = "text"

    level: str | None = None
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("risk-assessed", text=self.level)


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
    """Another agency brought in, told, referred to, or what came of it; with its named contact.

    `agency` is its number in the case, which stays where its name is erased.
    """

    KIND = "agency"
    TEXT = "text"
    AGENCIES = (("name", "agency"),)

    name: str
    step: str
    agency: int
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
        referred, answered = ({event.item for event in fold.case.events if event.name == f"agency.{step}"}
                              for step in ("referred", "outcome"))
        fold.fact("agency.outcome-known", holds=bool(referred & answered if referred else answered))


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
        fold.event(f"event.{self.kind}", person=self.person, item=self.person, until=self.planned or self.specifies)


class Done(Entry, frozen=True):
    """A duty met, by the name of its rule."""

    KIND = "done"
    TEXT = "text"
    AGENCIES = (("item", "agency"),)

    rule: str
    person: str | None = None
    item: str | None = None
    text: str | None = None
    agency: int | None = None

    def apply(self, fold: Fold) -> None:
        fold.event(f"done.{self.rule}", person=self.person, item=self.item)
