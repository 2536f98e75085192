"""What was decided otherwise or put right: changes, flags, links, corrections, approvals, breaches."""

from asbcli import words
from asbcli.casefile.case import Link
from asbcli.casefile.entries.fold import Entry, Fold
from asbcli.moments import Moment


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
    person: str | None = None  # whom the step is about


class Breach(Entry, frozen=True):
    """Something that happened though a gate stood before it: recorded all the same, with its reason."""

    KIND = "breach"
    TEXT = "because"

    step: str
    conditions: tuple[str, ...]
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("breach", item=str(fold.seq), text=self.because)
