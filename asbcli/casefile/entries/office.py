"""What belongs to no case: roles held, tenancies, the calendar, the procedure in force."""

from datetime import date

from asbcli.casefile.entries.fold import Entry, Fold
from asbcli.moments import Moment

# An earlier notice stands under the 2002 Regulations, and the term that it gave is not the Act's (1.2.2).
NOTICES_OF_THE_2014_ACT = date(2019, 5, 1)


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
            if self.short and not (self.notice and self.notice.day < NOTICES_OF_THE_2014_ACT):
                fold.event("tenancy.short")


class CalendarChanged(Entry, frozen=True):
    """The working-day calendar changed; `moved` names each open deadline it moved, old date and new.

    With the first one the register got its `uid_key`, which calendar files are keyed with; the log has its digest.
    """

    KIND = "calendar"
    TEXT = "title"

    step: str
    title: str
    known_until: str | None = None
    holidays: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    day: str | None = None
    moved: tuple[tuple[str, ...], ...] = ()
    uid_key_digest: str | None = None


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
