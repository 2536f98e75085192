"""The one way in: entries are checked, appended and folded, deadlines follow, all in one transaction."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import Approval, Breach, Logged, RoleHeld, Viewed, body_of, entry_of
from asbcli.casefile.history import agency_names, history
from asbcli.casework.commands import to_pass
from asbcli.casework.telling import Recorded, due_words, needs_reason, recorded, whose
from asbcli.dates import echo
from asbcli.errors import BadInput, NotAllowed, NotFound, NotYetAllowed
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.gates import facts_now, may_override, said, unmet
from asbcli.procedure.rules import Gate, Procedure, procedure_of
from asbcli.recognising.sameness import same_person
from asbcli.store.chain import canonical
from asbcli.store.past import calendar_of
from asbcli.store.rows import rows_of
from asbcli.store.shapes import RESTRICTED, ref
from asbcli.store.write import Store, Transaction
from asbcli.workdays import Calendar

# What a closed case still takes (the rest needs `asb reopen`): what follows from closing, and what protects.
AFTER_CLOSING = frozenset(
    {"note", "correction", "done", "link", "appeal", "answer.closing", "review.closing", "review.appeal",
     "review.effectiveness", "contact.victim", "consent.withdrawn", "flag.restricted", "agency.told", "erasure",
     "retention", "letter", "person-known", "person-renamed", "person-removed", "subject-access"}
)


class Office:
    """Who is acting, on which register, at what time: what every operation is given."""

    def __init__(self, database: Path, *, actor: str, now: Callable[[], datetime]) -> None:
        self.store = Store(database)
        self.actor = actor
        self._now = now

    @property
    def now(self) -> datetime:
        """The real clock, in UTC."""
        return self._now().astimezone(UTC)

    @property
    def moment(self) -> Moment:
        """The real clock, to the second, as a moment."""
        return Moment.at(self.now)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """One transaction: all that is recorded at the desk is stored, or nothing."""
        with self.store.transaction() as transaction:
            yield Desk(self, transaction)


class Desk:
    """One change under way: the register as it stands, and a place to record on."""

    def __init__(self, office: Office, transaction: Transaction) -> None:
        self.office = office
        self.tx = transaction
        self.now = office.now
        self._procedures: dict[str, Procedure] = {}
        self._calendar: Calendar | None = None
        self._imports: dict[str, str] = {}

    # -- what the register holds

    @property
    def calendar(self) -> Calendar:
        """The working-day calendar as it stands."""
        if self._calendar is None:
            known = {row.name: row.value for row in self.tx.rows("register")}
            self._calendar = calendar_of(
                [(row.day, row.kind, row.title) for row in self.tx.rows("calendar")], known["known_until"]
            )
        return self._calendar

    def forget_calendar(self) -> None:
        """Read the calendar anew: it was changed."""
        self._calendar = None

    def procedure(self, key: str) -> Procedure:
        """A procedure that was adopted, by `id@version`."""
        if key not in self._procedures:
            [row] = self.tx.rows("procedures", key=key)
            self._procedures[key] = _procedure_in(row.content)
        return self._procedures[key]

    def procedure_for(self, received: date) -> Procedure:
        """The procedure in force on the day a report was received; before the first one, the first."""
        if not hasattr(self, "_adopted"):
            self._adopted = sorted((row.in_force_from, row.adopted, row.key)
                                   for row in self.tx.rows("procedures"))
        in_force = [key for since, _, key in self._adopted if since <= received.isoformat()]
        return self.procedure(in_force[-1] if in_force else self._adopted[0][2])

    def case(self, number: int, *, step: str = "", if_last: int | None = None) -> Casework:
        """The case, ready to record on. Raises NotFound; NotAllowed where it is closed or has moved on."""
        log = self.tx.log(number)
        if not log:
            raise NotFound(f"there is no case {ref(number)}", "asb list --all shows every case")
        case = history(number, log)
        if case.status == "closed" and step not in AFTER_CLOSING:
            raise NotAllowed(f"{ref(number)} is closed, and a closed case is not re-opened (15.1)",
                             f"asb reopen {number} opens a new case linked to it")
        if if_last is not None and if_last != case.last_entry:
            raise NotAllowed(f"{ref(number)} has changed: its last entry is {case.last_entry}, not {if_last}",
                             f"asb show {number}, then decide again")
        return Casework(self, case, log)

    def open_deadline(self, work: Casework, rule: str, person: str | None, item: str | None) -> Deadline:
        """The earliest open deadline of a rule in a case, for one person or thing. Raises NotFound, BadInput."""
        running = [
            row for row in deadlines(work.procedure, work.case, self.calendar)
            if row.rule.id == rule and not row.met and not row.ended
            and (not person or row.person in (None, person)) and (not item or row.item == item)
        ]
        if not running:
            raise NotFound(f"{ref(work.case.number)} has no open deadline of the rule {rule}",
                           f"asb show {work.case.number} lists its deadlines")
        if len({row.person for row in running}) > 1:
            ids = ", ".join(sorted(row.person or "" for row in running))
            raise BadInput(f"{rule} is open for several people: {ids}", "--person names one")
        return min(running, key=lambda row: row.started.earliest)

    def look_up_imports(self, externals: Collection[str]) -> None:
        """Find out which of another system's references came in before; the rest of them is let go of."""
        sealed = {self.sealed(each): each for each in externals}
        found = self.tx.imports([*externals, *sealed])
        self._imports = {sealed.get(name, name): digest for name, digest in found.items()}

    def sealed(self, external: str) -> str:
        """Another system's reference as it is kept once its report is erased: to be known again, and not to be read."""
        return hmac.digest(self._secret, f"import {external}".encode(), "sha256").hex()

    @cached_property
    def _secret(self) -> bytes:
        [row] = self.tx.rows("register", name="uid_key")
        key: str = row.value
        return key.encode()

    def imported(self, external: str) -> str | None:
        """The digest of what came in under another system's reference, ERASED where it is, or None; it was looked up
        before."""
        return self._imports.get(external)

    def remember_import(self, external: str, number: int, digest: str) -> None:
        """Keep under which reference a case came in."""
        self._imports[external] = digest
        self.tx.add("imports", {"external_ref": external, "case_number": number, "digest": digest})

    def told(self, case: Case, found: list[Deadline], line: str, *, warnings: Sequence[str] = (),
             before: Case | None = None, moved: Sequence[str] = ()) -> Recorded:
        """A change as it is told, with what is to be said of this machine's clock."""
        done = recorded(self.procedure(case.procedure), case, found, line, now=self.now, warnings=warnings,
                        before=before, moved=moved)
        done.warnings += self.clock_warnings()
        return done

    def clock_warnings(self) -> list[str]:
        """Say so where the machine's clock is behind the last entry: the log's order counts, not the clock."""
        last = self.tx.last_recorded
        if last <= self.now.isoformat(timespec="microseconds"):
            return []
        return [f"this machine's clock is behind the last entry, recorded {echo(Moment.parse(last))}: was it set "
                "back? entries keep the order they were recorded in"]

    def alone(self, name: str, did: str) -> list[str]:
        """Warn where one person both typed and decided what a second one is there to look at."""
        alone = same_person(name, self.office.actor)
        return [f"{name} {did}, and typed it too: let somebody else look at it as well"] if alone else []

    def append(self, number: int | None, happened: Moment, entry: Any) -> Logged:
        """Check an entry and add it to the chain."""
        return self.tx.append(case=number, happened=happened, recorded_at=self.now, actor=self.office.actor,
                              entry=checked(entry))

    def save(self, number: int, log: list[Logged], *, new: bool = False) -> tuple[Case, list[Deadline]]:
        """Fold a case's log anew, compute its deadlines, and put its rows in place."""
        case = history(number, log)
        found = deadlines(self.procedure(case.procedure), case, self.calendar)
        self.tx.save_case(rows_of(case, found), new=new)
        return case, found


@lru_cache(maxsize=8)
def _procedure_in(content: str) -> Procedure:
    """What a register holds of a procedure: an import, and whoever runs several commands, takes it apart once."""
    return procedure_of(json.loads(content))


class Casework:
    """One case being worked on: entries are recorded, and at the end the case is saved once."""

    def __init__(self, desk: Desk, case: Case, log: list[Logged]) -> None:
        self.desk = desk
        self.before = case
        self.log = log
        self.began = log[-1].seq
        self.procedure = desk.procedure(case.procedure)
        self.warnings: list[str] = []
        self.moved: list[str] = []
        self._planned: list[tuple[str, Moment, Person | None]] = []

    @property
    def case(self) -> Case:
        """The case as it stood before this change."""
        return self.before

    def record(self, happened: Moment | None, entry: Any) -> None:
        """Append an entry; without a moment it happened now."""
        self.log.append(self.desk.append(self.before.number, happened or self.desk.office.moment, entry))

    def agency_number(self, name: str | None) -> int | None:
        """The number of the agency that an entry of the case calls so, if one does; one that counts for nothing too."""
        return next((number for number, each in agency_names(self.log).items() if each == name), None)

    def logged(self, happened: Moment | None, entry: Any) -> Logged:
        """The entry as it would stand in the log, to see what would come of it."""
        return Logged(self.log[-1].seq + 1, self.before.number, happened or self.desk.office.moment, "", "", entry)

    def with_moved(self, happened: Moment | None, entry: Any) -> Any:
        """The entry, with each open deadline it moves (K12): rule, whose, occurrence, what was due, what is due."""
        number = self.before.number
        taken = self.logged(happened, entry)
        before, after = (
            open_dates(deadlines(self.procedure, history(number, log), self.desk.calendar))
            for log in (self.log, [*self.log, taken])
        )
        moved = tuple((*key, was, after[key]) for key, was in before.items() if after.get(key, was) != was)
        self.moved += [f"{' '.join(filter(None, (rule, whose)))}: {echo(Moment.parse(was))} → {echo(Moment.parse(due))}"
                       for rule, whose, _, was, due in moved]
        return replace(entry, moved=moved)

    def person(self, who: str | None, role: str, *, asked: str = "--person") -> Person | None:
        """The person meant, in `role`: by name or id, or the only one there is; `asked` is the option that says who.

        Raises NotFound, BadInput.
        """
        known = self.before.people_as(role)
        if who is None:
            if len(known) > 1:
                ids = ", ".join(person.id for person in known)
                raise BadInput(f"{ref(self.before.number)} has {len(known)} people as {role}: say which of them",
                               f"{asked} NAME, or the id: {ids}")
            return known[0] if known else None
        person = self.someone(who)
        if role not in person.roles:
            raise NotFound(f"that person is no {role} in {ref(self.before.number)}",
                           f"asb person {self.before.number} add {role} NAME")
        return person

    def someone(self, who: str, *, also_removed: bool = False) -> Person:
        """Anyone in the case, by name or id. Raises NotFound, and BadInput where two have the name."""
        found = [person for person in (self.before.people.values() if also_removed else self.before.named)
                 if person.id.casefold() == who.casefold() or person.name.casefold() == who.casefold()]
        if not found:
            raise NotFound(f"there is nobody of that name or id in {ref(self.before.number)}",
                           f"asb person {self.before.number} add ROLE NAME, or asb show {self.before.number}")
        if len(found) > 1:
            ids = ", ".join(person.id for person in found)
            raise BadInput(f"{len(found)} people in {ref(self.before.number)} have that name",
                           f"name one by id: {ids}")
        return found[0]

    def not_before_report(self, at: Moment | None) -> None:
        """Refuse a step dated before the report it answers. Raises BadInput."""
        received = self.before.received
        if at and received and received.is_after(at):
            raise BadInput(f"{ref(self.before.number)} was received {echo(received)}: that is before it",
                           "--at is when it happened")

    def set_by(self, fields: tuple[str, ...], *, question: str | None = None) -> str:
        """Who set the value that is changed, and when: two officers may be at it."""
        for each in reversed(self.log):
            of_it = question is None or getattr(each.entry, "question", None) == question
            if of_it and any(getattr(each.entry, name, None) for name in fields):
                recorded = Moment.at(datetime.fromisoformat(each.recorded_at))
                return f" (set by {each.actor}, {echo(recorded)})"
        return ""

    def gate(self, *steps: str, happened: bool, at: Moment | None = None, person: Person | None = None,
             because: str | None = None, approval: Mapping[str, str | None] | None = None,
             also: tuple[str, ...] = (), gates: tuple[Gate, ...] = ()) -> None:
        """Ask what stands before these steps. A step to come is refused (NotAllowed, every condition at once)
        unless a role that may override it does; what has happened is recorded with its breach. Whether a limit
        had passed is asked of when it happened (`at`); `approval` holds `override` (the role) and `approved_by`."""
        facts = self.facts(at=at, person=person, also=also)
        standing = [*unmet(self.procedure, facts, steps), *gates]
        if not standing:
            return
        override, approved_by = ((approval or {}).get(name) for name in ("override", "approved_by"))
        override = override and "-".join(override.casefold().split())  # as it is told: the housing manager
        conditions = tuple(f"{gate.title} ({gate.clause})" if gate.clause else gate.title for gate in standing)
        if happened:
            self.record(None, Breach(steps[0], conditions, because))
            told = "; ".join(conditions)
            self.warnings.append(f"recorded, though the procedure asks first: {told}"
                                 + ("" if because else ". --because TEXT gives the reason"))
        elif override and approved_by and because:
            barred = [gate for gate in standing if not may_override(self.procedure, override, gate)]
            if barred:
                raise NotYetAllowed(f"the {override} may not override: {'; '.join(map(said, barred))}",
                                    "the role that may is named with each condition")
            self.second_person(override, approved_by, steps[0], happened=False)
            self.record(None, Approval(override, approved_by, because, steps[0], conditions,
                                       person.id if person else None))
        else:
            raise NotYetAllowed(f"{ref(self.case.number)}: the procedure asks first: {'; '.join(map(said, standing))}",
                                self._way_past(standing, facts))

    def _way_past(self, standing: Collection[Gate], facts: frozenset[str]) -> str:
        """What to type for each condition, with its clause; and for an approval, where a role may let all pass."""
        ways = [f"{typed} ({gate.clause})" for gate in standing
                if (typed := to_pass(gate, self.procedure, self.case, facts))]
        once = f"once it is so: {'; '.join(ways)}" if ways else ""
        return ", or ".join(filter(None, (once, _override_of(standing)))) or "record what is missing"

    def facts(self, *, at: Moment | None = None, person: Person | None = None,
              also: Iterable[str] = ()) -> frozenset[str]:
        """Everything that is so in the case, limits missed as of `at` or now; `also`: facts of the step itself."""
        found = deadlines(self.procedure, self.case, self.desk.calendar)
        return facts_now(self.procedure, self.case, found, min(at.latest, self.desk.now) if at else self.desk.now,
                         step_at=at, person=person.id if person else None, also=also)

    def looked_at(self, because: str | None) -> None:
        """Note why a restricted case is looked at. Raises BadInput without a reason; any other case is just read."""
        if RESTRICTED in self.before.flags:
            if not because:
                raise needs_reason(self.before.number)
            self.record(None, Viewed(because))

    def second_person(self, role: str, name: str, step: str, *, happened: bool) -> None:
        """Hold the one who approves or decides against who works the case: it takes a second person.

        Nobody approves in a case of their own, nor in a role that the register gives to others. Who approves what
        they type themselves is believed only where the register names them, and else put on the manager's list. On
        a local file all of it is attribution. Raises NotAllowed, but of what has happened: that is a breach.
        """
        held = holders(self.desk.tx.log(None)).get(role, [])
        called = role.replace("-", " ")
        if same_person(name, self.case.officer):
            wrong = f"{name} is the officer of {ref(self.case.number)}, and nobody approves in a case of their own"
            hint = f"name another {called}, or a higher role; asb role list shows who holds which"
        elif held and not any(same_person(name, each) for each in held):
            wrong, hint = f"{name} is not the {called} in this register", f"asb role list; asb role add {role} NAME"
        elif not held and same_person(name, self.desk.office.actor):
            self.breach(step, f"{name} approved it in person as {called}, which the register does not confirm "
                              f"(asb role add {role} NAME)")
            return
        else:
            return
        if not happened:
            raise NotYetAllowed(wrong, hint)
        self.breach(step, wrong)

    def breach(self, step: str, wrong: str, because: str | None = None) -> None:
        """Record what should not have been as it was: it stands on the list that is looked at with the manager."""
        self.record(None, Breach(step, (wrong,), because))
        self.warnings.append(f"recorded, to be looked at with your manager: {wrong}")

    def planned(self, event: str, when: Moment, person: Person | None = None) -> None:
        """Note when something is to happen: where that is past a limit it would meet, a warning says so."""
        self._planned.append((event, when, person))

    def told(self, *lines: str) -> Recorded:
        """The case as it stands, nothing recorded."""
        found = deadlines(self.procedure, self.case, self.desk.calendar)
        told = self.desk.told(self.case, found, "", before=self.case)
        told.stored = False
        if RESTRICTED not in self.case.flags:
            told.line = "\n".join((f"{told.ref}{whose(self.case)}", *lines))
        return told

    def finish(self, line: str) -> Recorded:
        """Save the case and say what happened, whose case it is, and what comes next."""
        case, found = self.desk.save(self.before.number, self.log)
        for event, when, person in self._planned:
            self.warnings += past_limits(found, event, when, person)
        return self.desk.told(case, found, f"{ref(case.number)}{whose(case)}: {line}",
                              warnings=self.warnings, before=self.before, moved=self.moved)


def _override_of(standing: Collection[Gate]) -> str:
    """What to type besides, where a role may let all of it pass."""
    roles = {gate.role for gate in standing}
    role = roles.pop() if len(roles) == 1 else "ROLE"
    return f"--override {role} --approved-by NAME --because TEXT" if role and None not in roles else ""


def holders(log: Iterable[Logged]) -> dict[str, list[str]]:
    """Who holds each role in the office, as the register's log says."""
    found: dict[str, list[str]] = {}
    for each in log:
        if isinstance(each.entry, RoleHeld):
            held = found.setdefault(each.entry.role, [])
            if each.entry.step == "named":
                held.append(each.entry.name)
            elif each.entry.name in held:
                held.remove(each.entry.name)
    return found


def past_limits(found: Iterable[Deadline], event: str, when: Moment, person: Person | None) -> list[str]:
    """The open limits that an event would meet, and that will have passed when it is planned for."""
    return [
        f"{echo(when)} is past the limit: {due_words(row)}"
        for row in found
        if event in (*row.rule.met_by, *row.rule.met_by_all) and not row.met and not row.ended
        and row.overdue_after and when.earliest > row.overdue_after
        and (row.person is None or (person and person.id == row.person))
    ]


def open_dates(found: list[Deadline]) -> dict[tuple[str, str, str], str]:
    """The open deadlines by rule, person or thing, and occurrence, with their dates."""
    return {
        (row.rule.id, row.person or row.item or "", str(row.occurrence)): row.due.shown
        for row in found if row.due and not row.met and not row.ended
    }  # fmt: skip


def checked(entry: Any) -> Any:
    """The entry, if it reads back as it is: every field of the kind and the words it allows. Raises BadInput."""
    try:
        again = entry_of(entry.KIND, canonical(body_of(entry)))
    except ValueError as fault:
        raise BadInput(f"the {entry.KIND} does not hold together: {fault}") from None
    if again != entry:
        raise BadInput(f"the {entry.KIND} does not hold together: it would not read back as it was written")
    return entry
