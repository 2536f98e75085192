"""A deadline: one clock of one rule, what started it, when it is due, and what met or ended it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from msgspec import Struct

from asbcli.casefile.case import Event
from asbcli.moments import Moment
from asbcli.procedure.office import LaterDay
from asbcli.procedure.rules import Rule
from asbcli.procedure.state import in_time
from asbcli.procedure.timeline import Whose
from asbcli.workdays import Limit


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on a schedule: due `within` so long of `since`, whenever the last one was held."""

    since: Moment
    due: Moment
    within: Limit


class Deadline(Struct, eq=False):
    """One clock of one rule, for one person or thing, one occurrence.

    `due` is a day for limits in days and longer, an instant for hours, None for an open item; `act_by` the
    last working day on or before it (K8); `overdue_after` the last instant (UTC) in time, None where it is
    never late; `received_as` the day its start counts as received, where office hours make that a later one;
    `slot` its place where it repeats on a schedule; `lacking` what has not happened of all that meets it together.
    """

    rule: Rule
    whose: Whose
    occurrence: int
    start: Event
    limit: Limit | None = None
    due: Moment | None = None
    act_by: date | None = None
    overdue_after: datetime | None = None
    met: Moment | None = None
    ended: Moment | None = None
    notes: tuple[str, ...] = ()
    reason: str | None = None
    received_as: LaterDay | None = None
    slot: Slot | None = None
    lacking: tuple[str, ...] = ()

    @property
    def person(self) -> str | None:
        """Whose clock it is, where it is one person's."""
        return self.whose.person

    @property
    def item(self) -> str | None:
        """What it is kept for, where it is one thing's."""
        return self.whose.item

    @property
    def started(self) -> Moment:
        """When the clock started."""
        return self.start.when

    @property
    def day_zero(self) -> Moment:
        """The day whole days are counted from: the start's own, but for office hours, schedules, a date asked for."""
        if self.slot:
            return self.slot.since
        if self.rule.then and self.start.until:
            return self.start.until
        return self.received_as.day if self.received_as else self.start.when

    def missed_by(self, moment: Moment) -> bool:
        """Whether the limit had passed unmet at `moment`."""
        return (
            self.overdue_after is not None
            and moment.earliest > self.overdue_after
            and not (self.met and self.met_in_time)
        )

    def open_at(self, moment: datetime) -> bool:
        """Whether it had started at `moment` (UTC), and was neither met nor ended yet, in time or not."""
        stopped = self.met or self.ended
        return self.started.earliest <= moment and not (stopped and stopped.earliest <= moment)

    @property
    def met_in_time(self) -> bool:
        """Whether it was met, and by the limit."""
        return self.met is not None and in_time(self.met, self.due)

    def note(self, code: str) -> None:
        """Add a code, once."""
        if code not in self.notes:
            self.notes = (*self.notes, code)
