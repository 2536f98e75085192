"""(procedure, case, calendar) -> deadlines: every clock the procedure starts in a case, and where it stands.

Nothing here knows what time it is: a deadline is what started, what is due, what met or ended it. Whether it
is overdue is read off against the moment asked about (`state`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from asbcli.casefile.case import Case, Event
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline, Slot
from asbcli.procedure.office import LaterDay, later_day
from asbcli.procedure.rules import Procedure, Rule
from asbcli.procedure.timeline import THE_CASE, Timeline, Whose
from asbcli.workdays import Calendar, Limit, parse_limit

PARTIES = ("victim", "complainant", "perpetrator")
RECEIVED = ("report", "incident.reported")
"""What comes in from outside, which office hours are about."""


def deadlines(procedure: Procedure, case: Case, calendar: Calendar) -> list[Deadline]:
    """Every deadline of the case, met and ended ones too; one that starts later is there with its start."""
    timeline = Timeline(procedure, case)
    clocks = Clocks(timeline, calendar)
    started = timeline.started() - {rule.id for rule in procedure.after_missed}
    rows = [row for rule in procedure.rules.values() if rule.id in started for row in clocks.of(rule)]
    for rule in procedure.after_missed:
        _replace(rows)
        clocks.note_missed(rule.waits_for, rows)
        rows += clocks.of(rule)
    _replace(rows)
    return rows


def _replace(rows: list[Deadline]) -> None:
    """End each clock that another rule's clock takes the place of, unless it was missed before (K11)."""
    for row in rows:
        for old in rows if row.rule.replaces else ():
            if (
                old.rule.id in row.rule.replaces
                and (None in (old.person, row.person) or old.person == row.person)
                and not old.missed_by(row.started)
                and not (old.met and not old.met.is_after(row.started))
            ):
                old.met, old.ended = None, old.ended or row.started


class Clocks:
    """The clocks of one case."""

    def __init__(self, timeline: Timeline, calendar: Calendar) -> None:
        self.timeline = timeline
        self.case = timeline.case
        self.calendar = calendar
        self._noted: set[str] = set()

    def note_missed(self, rules: Iterable[str], rows: list[Deadline]) -> None:
        """Say when the limits of these rules were missed, or will be; each is said once."""
        names = set(rules) - self._noted
        self._noted |= names
        for row in rows:
            if row.rule.id in names and row.overdue_after:
                passed = Moment.at(row.overdue_after)
                in_time = row.met and row.met.latest <= row.overdue_after
                if not in_time and not (row.ended and not row.ended.is_after(passed)):
                    name = f"missed.{row.rule.id}"
                    self.timeline.add(
                        Event(name, passed, row.start.seq, person=row.person, item=row.item)
                    )

    def of(self, rule: Rule) -> list[Deadline]:
        """Every clock of one rule."""
        kept_for = [THE_CASE] if rule.each == "case" else self._kept_for(rule)
        return [row for whose in kept_for if self.timeline.ever(rule, whose) for row in self._series(rule, whose)]

    def _kept_for(self, rule: Rule) -> Iterator[Whose]:
        """Whom, or what, the rule keeps one clock each for."""
        if rule.each == "item":
            items = [event.item for event in self.timeline.events(rule.before or rule.starts)]
            yield from (Whose(item=item) for item in dict.fromkeys(items))
        else:
            if rule.unnamed and self._nobody_at_first(rule):
                yield Whose(not_of=self.timeline.not_in_case)
            yield from self.timeline.people(PARTIES if rule.each == "party" else (rule.each,))

    def _nobody_at_first(self, rule: Rule) -> bool:
        """Whether nobody was known in the rule's role when its clock started."""
        start = self._start(rule, THE_CASE)
        known = self.timeline.first_known(rule.each)
        return start is not None and (known is None or known.when.is_after(start.when))

    # -- one clock, or a chain of them

    def _series(self, rule: Rule, whose: Whose) -> list[Deadline]:
        starts = self._starts(rule, whose)
        if rule.pick in ("every", "again"):
            return self._each(rule, starts, whose)
        fallback = self._first(rule, whose)
        if not rule.repeats:
            only = starts[0] if starts else fallback
            row = self._row(rule, only, whose, 1) if only else None
            return [row] if row else []
        if starts and fallback:
            # From the report while there was no interview; that chain stays only where it was broken (S1).
            before = self._chain(rule, fallback, [fallback, starts[0]], whose)
            if any(row.missed_by(starts[0].when) for row in before):
                return before
        first = starts[0] if starts else fallback
        return self._chain(rule, first, [first], whose) if first else []

    def _each(self, rule: Rule, starts: list[Event], whose: Whose) -> list[Deadline]:
        """A clock for each start or, with `again`, for each after the last was met or ended.

        What met an earlier one, before this start, is no answer to it.
        """
        rows: list[Deadline] = []
        answered: Event | None = None
        for start in starts:
            if rule.pick == "again" and rows and _still_running(rows[-1], answered, start):
                continue
            row = self._row(rule, start, whose, len(rows) + 1, answered=answered)
            if row:
                rows.append(row)
                answered = self._met_by(rule, start, whose, answered) or answered
        return rows

    def _chain(self, rule: Rule, start: Event, anchors: list[Event], whose: Whose) -> list[Deadline]:
        """Each one held starts the next; a late one stays one, however long (K10)."""
        anchors = [*anchors, *self.timeline.events(rule.lasting_from, whose)[:1]]
        rows: list[Deadline] = []
        at: Event | None = start
        while at:
            row = self._row(rule, at, whose, len(rows) + 1, first=_first_of_schedule(rows))
            if row and rule.lasting and row.due and not self._within(rule.lasting, anchors, row.due):
                at = next((anchor for anchor in anchors if anchor.when.is_after(row.due)), None)
                continue
            if not row:
                break
            rows.append(row)
            at = self._next_start(rule, row, whose)
        return rows

    def _within(self, lasting: Limit, anchors: list[Event], due: Moment) -> bool:
        return any(
            not anchor.when.is_after(due) and due.day <= self._counted(lasting, anchor).day
            for anchor in anchors
        )

    def _counted(self, limit: Limit, start: Event) -> Moment:
        later = None if limit.in_hours else self._received_as(start)
        return self.calendar.due(limit, later.day if later else start.when)

    def _received_as(self, start: Event) -> LaterDay | None:
        office = self.timeline.procedure.office
        return later_day(office, start.when, self.calendar) if office and start.name in RECEIVED else None

    def _next_start(self, rule: Rule, row: Deadline, whose: Whose) -> Event | None:
        if not row.met or row.ended:
            return None
        held = self._met_by(rule, row.start, whose)
        if held and rule.anchor == "schedule" and row.due and row.due.is_after(held.when):
            return replace(held, when=row.due)  # held early, it says nothing of the next one
        return held

    def _slot(self, every: Limit, first: Moment, after: Moment) -> Slot:
        """The first place on a schedule after a moment; those that went by meanwhile are left out."""
        since, due, within = first, self.calendar.due(every, first), every
        times = 1
        while not due.is_after(after):
            since, times = due, times + 1
            within = every.times(times)
            due = self.calendar.due(within, first)
        from_last = self.calendar.due(every, since) == due
        return Slot(since, due, every) if from_last else Slot(first, due, within)

    def _row(self, rule: Rule, start: Event, whose: Whose, occurrence: int, *,
             first: Moment | None = None, answered: Event | None = None) -> Deadline | None:
        """One clock from its start to what met or ended it; None where the rule never applied."""
        if (rule.holds_from and start.when.day < rule.holds_from) or (
            rule.holds_until and start.when.day > rule.holds_until
        ):
            return None
        gone = self.timeline.removed(whose.person) if whose.person else None
        if gone and start.follows(gone):
            return None
        row = Deadline(rule, whose, occurrence, start, received_as=self._received_as(start))
        if first and rule.every and rule.anchor == "schedule":
            row.slot = self._slot(rule.every, first, start.when)
        met = self._met_by(rule, start, whose, answered)
        stop = self._ended_by(rule, start, whose)
        stop = gone if gone and not (stop and gone.follows(stop)) else stop
        if met and (not stop or not met.follows(stop)):
            row.met, stop = met.when, None
        if not self._run(row, until=met if row.met else stop):
            return None
        if stop and not row.ended:
            row.ended = stop.when
            row.reason = stop.text
        if row.ended and row.missed_by(row.ended):
            row.note("missed")
        if not row.met and not row.ended:
            after = _looked_for_after(rule, start, answered)
            row.lacking = tuple(name for name in rule.met_by_all if not self.timeline.first_after(after, [name], whose))
        self._annotate(row)
        return row

    def _run(self, row: Deadline, until: Event | None) -> bool:
        """Follow what held from the start on: which limit applied, and whether any did (K12)."""
        places = self.timeline.since(row.start)
        applied: tuple[Limit, ...] | None = None
        for turn, place in enumerate(places):
            entry = self.timeline.snapshots[place].entry
            if turn and until and not until.follows(entry) and (applied is not None or entry.seq != until.seq):
                break
            limits = self.timeline.applying(place, row.whose).get(row.rule.id)
            if limits is None:
                if applied is not None and not row.ended:
                    row.ended = entry.when
                continue
            if not turn:
                self._set_due(row, limits)
            elif limits != applied:
                new_facts = self.timeline.facts(place, row.whose) - self.timeline.facts(places[turn - 1], row.whose)
                self._apply(row, limits, entry.when, new_facts, first=applied is None)
            row.ended, applied = None, limits
        return applied is not None

    def _apply(self, row: Deadline, limits: tuple[Limit, ...], changed: Moment, new_facts: frozenset[str], *,
               first: bool) -> None:
        """Set the date that holds since facts `changed`, after the start. One missed never moves later."""
        before = replace(row)
        self._set_due(row, limits)
        if not first and before.missed_by(changed) and not _earlier(row, before):
            row.limit, row.due, row.act_by = before.limit, before.due, before.act_by
            row.overdue_after = before.overdue_after
        elif first or _earlier(row, before):
            if not first and any(fact.startswith("priority.") for fact in new_facts):
                row.note("upgraded")
            if row.missed_by(changed) and new_facts & self.timeline.procedure.flags.keys():
                row.note("late-on-flag")
            elif first and row.missed_by(changed):
                row.note("held-back")

    def _set_due(self, row: Deadline, limits: tuple[Limit, ...]) -> None:
        rule, start = row.rule, row.start
        row.limit = row.due = row.act_by = row.overdue_after = None
        if rule.asked:
            row.due = start.until and Moment(start.until.day, start.until.instant)
            if row.due and rule.earliest and rule.default:
                # A date too soon makes nothing lawful any sooner.
                row.due = max(row.due, self._due(row, rule.default), key=lambda due: due.latest)
            if row.due and rule.then:
                row.due, row.limit = self.calendar.due(rule.then, row.due), rule.then
            elif not row.due and rule.default:
                row.limit = rule.default.and_then(rule.then) if rule.then else rule.default
                row.note("default-date")
        else:
            row.limit = self._limit(row, limits)
        if row.limit and not row.due:
            row.due = self._due(row, row.limit)
        to_do = row.due or (self._due(row, rule.act_within) if rule.act_within else None)
        if to_do:
            row.act_by = self.calendar.act_by(to_do, row.day_zero)
        if rule.strength != "may":
            if row.due:
                row.overdue_after = row.due.latest
            elif rule.overdue_after_act_by and row.act_by:
                row.overdue_after = Moment(row.act_by).latest

    def _due(self, row: Deadline, limit: Limit) -> Moment:
        """When a limit ends, counted on from the start or back from the date planned."""
        if row.rule.before:
            return self.calendar.before(limit, row.start.until or row.start.when)
        if row.slot:
            return row.slot.due
        return self.calendar.due(limit, row.start.when if limit.in_hours else row.day_zero)

    def _limit(self, row: Deadline, limits: tuple[Limit, ...]) -> Limit | None:
        rule = row.rule
        if rule.agreed:
            return self._agreed(row)
        if rule.every and (row.occurrence > 1 or not limits):
            return rule.every
        if rule.combine == "earliest" and limits:
            return min(limits, key=lambda limit: self._due(row, limit).latest)
        return limits[0] if limits else None

    def _agreed(self, row: Deadline) -> Limit | None:
        """The interval that was agreed. Agreed anew it holds at once, but moves no date that was missed before, and
        none to before it was agreed."""
        limit: Limit | None = None
        since = row.day_zero
        for event in self.timeline.events(row.rule.starts, row.whose):
            if not event.every or (row.met and event.when.is_after(row.met)):
                continue
            anew = parse_limit(event.every)
            if limit and event.follows(row.start):
                if event.when.is_after(self.calendar.due(limit, since)):
                    break
                since = event.when if event.when.is_after(self.calendar.due(anew, since)) else since
            limit = anew
        if limit and since is not row.day_zero:
            row.slot = Slot(since, self.calendar.due(limit, since), limit)
        return limit

    def _annotate(self, row: Deadline) -> None:
        """What must be said beside the date: what the count rests on, and why it is late."""
        rule = row.rule
        if row.limit and row.limit.in_hours and not (row.start.when.instant and (not row.met or row.met.instant)):
            row.note("time-unknown")
        if row.due and self.calendar.is_provisional(row.due.day):
            row.note("provisional")
        if rule.earliest:
            row.note("earliest")
        if row.received_as and row.limit and not row.limit.in_hours:
            row.note("after-hours")
        if rule.unnamed and row.person is None:
            if self.case.anonymous:
                row.note("anonymous")
            self._hand_over(row)
        for event in self.timeline.events(rule.reasons, row.whose) if rule.reasons else ():
            row.reason = event.text or row.reason

    def _hand_over(self, row: Deadline) -> None:
        """End a clock kept for nobody in particular once somebody is known, who gets their own (3.8.3)."""
        known = self.timeline.first_known(row.rule.each, after=row.start)
        if known and not row.ended and not row.met and not row.missed_by(known.when):
            row.ended = known.when

    # -- what starts, meets and ends a clock

    def _start(self, rule: Rule, whose: Whose) -> Event | None:
        starts = self._starts(rule, whose)
        return starts[0] if starts else self._first(rule, whose)

    def _starts(self, rule: Rule, whose: Whose) -> list[Event]:
        """The event the clock starts at (all of them for `every`), never before its person was known."""
        events = self.timeline.events(rule.before or rule.starts, whose)
        if rule.each == "item":
            events = [event for event in events if event.item == whose.item]
        if not rule.before:
            events = [self._when_it_comes(event) for event in events]
        if events and rule.pick in ("first", "latest"):
            events = [events[-1] if rule.pick == "latest" or rule.before else events[0]]
        return [self._once_known(rule, event, whose) for event in events]

    def _when_it_comes(self, event: Event) -> Event:
        """An event at the date planned for it, where that is later than the day it was written down."""
        kind = self.timeline.procedure.events.get(event.name.removeprefix("event."))
        if kind and kind.planned and event.until and event.until.is_after(event.when):
            return replace(event, when=event.until)
        return event

    def _first(self, rule: Rule, whose: Whose) -> Event | None:
        events = self.timeline.events(rule.until_then, whose) if rule.until_then else []
        return self._once_known(rule, events[0], whose) if events else None

    def _once_known(self, rule: Rule, start: Event, whose: Whose) -> Event:
        """The later of the start and when the person was identified: nobody is late before being known."""
        if whose.person:
            roles = PARTIES if rule.each == "party" else (rule.each,)
            known = self.timeline.events([f"person.{role}" for role in roles], whose)[0]
            if known.when.is_after(start.when):
                return replace(start, name=known.name, when=known.when, seq=known.seq)
        return start

    def _met_by(self, rule: Rule, start: Event, whose: Whose, answered: Event | None = None) -> Event | None:
        """The event that meets a clock, if any."""
        names = [*rule.met_by, f"done.{rule.id}", *(rule.met_by_unnamed if whose.person is None else ())]
        after = _looked_for_after(rule, start, answered)
        met = self.timeline.first_after(after, names, whose)
        if rule.met_by_all and not met:
            every = [self.timeline.first_after(after, [name], whose) for name in rule.met_by_all]
            if all(every):
                met = max((each for each in every if each), key=lambda each: (each.when.latest, each.seq))
        return met

    def _ended_by(self, rule: Rule, start: Event, whose: Whose) -> Event | None:
        closes = rule.survives_closing or start.name == "close" or start.name.startswith("close.")
        names = rule.ended_by if closes else (*rule.ended_by, "close")
        return self.timeline.first_after(start, names, whose)


def _still_running(row: Deadline, answered: Event | None, start: Event) -> bool:
    """Whether a clock had been neither met nor ended when the same happened again."""
    if row.met:
        return answered is None or not start.follows(answered)
    return row.ended is None or row.ended.is_after(start.when)


def _looked_for_after(rule: Rule, start: Event, answered: Event | None) -> Event | None:
    """What meets a clock comes after its start or, with `met_before_start`, after what `answered` the one before."""
    return answered if rule.met_before_start else start


def _first_of_schedule(rows: list[Deadline]) -> Moment | None:
    """The date a schedule is stepped from: the first one due, or the start where that was an interval too."""
    if not rows:
        return None
    first = rows[0]
    if first.rule.options:
        return first.due
    return first.started if first.limit and first.limit.in_hours else first.day_zero


def _earlier(row: Deadline, before: Deadline) -> bool:
    return row.due is not None and (before.due is None or row.due.latest < before.due.latest)
