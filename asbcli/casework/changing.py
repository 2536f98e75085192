"""What is changed in a case: its priority and the like, its flags, its links, and entries put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asbcli.casefile.entries import (
    Approval,
    Breach,
    Change,
    Closed,
    Correction,
    Flagged,
    IncidentLogged,
    Linked,
    Logged,
    PersonAdded,
    PersonKnown,
    PersonRenamed,
    Report,
)
from asbcli.casefile.history import corrected, history
from asbcli.casework.elsewhere import also_in, no_longer_safe, put_right_elsewhere
from asbcli.casework.opening import by_priority, known_or_nearest, least_priority
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput, NeedsReason, NotAllowed, NotFound
from asbcli.moments import Moment
from asbcli.procedure.rules import Condition, Gate, Procedure
from asbcli.store.shapes import ref


def change(office: Office, *, case: int, because: str | None = None, priority: str | None = None,
           category: tuple[str, ...] = (), officer: str | None = None, contact_every: str | None = None,
           at: Moment | None = None, if_last: int | None = None) -> Recorded:
    """Change the priority, the categories, the officer or the agreed contact; the old value stays in the log."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        old = work.case
        categories = _categories(work, category)
        if (priority or categories) and not because:
            raise NeedsReason("a change of priority or category needs its reason", "--because TEXT")
        new_priority = _changed_priority(work, priority, categories)
        raised = new_priority is not None and _rank(work, new_priority) < _rank(work, old.priority)
        entry = Change(
            because=because, priority=new_priority, old_priority=old.priority if new_priority else None,
            raised=raised, categories=categories, old_categories=old.categories if categories else (),
            officer=officer, old_officer=old.officer if officer else None, contact_every=contact_every,
        )
        said = [f"{what} {before} → {after}{work.set_by(fields)}" for what, before, after, fields in (
            ("priority", old.priority, new_priority, ("priority",)), ("officer", old.officer, officer, ("officer",)),
            ("categories", ", ".join(old.categories), ", ".join(categories), ("categories",)),
            ("contact", _agreed(work), contact_every and f"every {contact_every}", ("contact_every",)),
        ) if after]
        if not said:
            raise BadInput("nothing to change was named",
                           "--priority, --category, --officer or --contact-every, with --because")
        work.record(at, work.with_moved(at, entry))
        return work.finish(f"{'; '.join(said)}.")


def _agreed(work: Casework) -> str:
    """The contact agreed so far."""
    agreed = [event.every for event in work.case.events if event.name == "contact.agreed"]
    return f"every {agreed[-1]}" if agreed else "not agreed"


def _rank(work: Casework, priority: str) -> int:
    return work.procedure.rank(priority)


def _categories(work: Casework, named: tuple[str, ...]) -> tuple[str, ...]:
    for category in named:
        known_or_nearest(category, work.procedure.categories, "category")
    return by_priority(work.procedure, tuple(dict.fromkeys(named)))


def _changed_priority(work: Casework, priority: str | None, categories: tuple[str, ...]) -> str | None:
    """The priority the change leads to; None where it stays."""
    procedure, case = work.procedure, work.case
    least = least_priority(procedure, case.flags)
    if priority is None and categories:
        priority = procedure.highest([*(procedure.categories[each].priority for each in categories),
                                      *([least] if least else [])])
    if priority is None:
        return None
    known_or_nearest(priority, [level.id for level in procedure.priorities], "priority")
    if least and procedure.rank(priority) > procedure.rank(least):
        raise NotAllowed(f"the case's flags ask for at least priority {least} (2.1.1)",
                         f"asb flag {case.number} remove FLAG --because TEXT comes first")
    return priority if priority != case.priority else None


def flag(office: Office, *, case: int, step: str, flag: str, because: str, at: Moment | None = None,
         if_last: int | None = None, **approval: str | None) -> Recorded:
    """Set or remove a flag, with its reason; the clocks it starts run from the original start (K12)."""
    with office.desk() as desk:
        work = desk.case(case, step=f"flag.{flag}", if_last=if_last)
        procedure, old = work.procedure, work.case
        known_or_nearest(flag, procedure.flags, "flag")
        again = step == "add" and flag in old.flags
        if (again and not _each_time(procedure, flag)) or (step == "remove" and flag not in old.flags):
            raise BadInput(f"{ref(case)} {'has' if step == 'add' else 'does not have'} the flag {flag} already"
                           if step == "add" else f"{ref(case)} does not have the flag {flag}",
                           f"asb show {case} lists its flags")
        if step == "remove":
            work.gate(f"flag.{flag}.removed", happened=False, because=because,
                      gates=_protection(procedure, flag), approval=approval)
        if step == "add":
            moved = set_flag(work, flag, because, at=at)
            return work.finish(f"flag {flag} {'set anew' if again else 'added'}{moved}.")
        work.record(at, work.with_moved(at, Flagged(flag, step, because)))
        return work.finish(f"flag {flag} removed.")


def set_flag(work: Casework, flag: str, because: str, *, at: Moment | None) -> str:
    """Record a flag set, with the priority it asks for at least; how that moved, in words."""
    procedure, old = work.procedure, work.case.priority
    least = procedure.flags[flag].priority
    raised = bool(least) and procedure.rank(least or "") < procedure.rank(old)
    work.record(at, work.with_moved(at, Flagged(flag, "add", because, least if raised else None, raised)))
    return f"; priority {old} → {least}" if raised else ""


def _each_time(procedure: Procedure, flag: str) -> bool:
    """Whether a duty starts every time the flag is set: a second danger on a case needs a call of its own."""
    return any(rule.pick in ("every", "again") and f"flag.{flag}.added" in rule.starts
               for rule in procedure.rules.values())


def _protection(procedure: Procedure, flag: str) -> tuple[Gate, ...]:
    """What stands before removing a protective flag: the role that the procedure names."""
    kind = procedure.flags[flag]
    if not kind.removed_by:
        return ()
    return (Gate((f"flag.{flag}.removed",), f"Have the flag {flag} removed by the role named", "",
                 kind.clause, Condition(), role=kind.removed_by),)


def link(office: Office, *, case: int, other: int, because: str | None = None,
         if_last: int | None = None) -> Recorded:
    """Two cases that belong together, linked both ways."""
    if case == other:
        raise BadInput(f"{ref(case)} cannot be linked to itself", "name another case")
    with office.desk() as desk:
        there = desk.case(other, step="link")
        work = desk.case(case, step="link", if_last=if_last)
        there.record(None, Linked(case, "related", because))
        there.finish("linked")
        work.record(None, Linked(other, "related", because))
        return work.finish(f"linked with {ref(other)}.")


def correct(office: Office, *, case: int, entry: int, because: str, at: Moment | None = None,
            received: Moment | None = None, happened: Moment | None = None, text: str | None = None,
            void: bool = False, if_last: int | None = None, **approval: str | None) -> Recorded:
    """Put an earlier entry right: it stays in the log, and counts as corrected.

    A closing is taken back by a manager only (15.1), as are a breach and an approval; a protective flag comes off with
    the role that removes it. `at` is the entry's own moment: of the report when it came in, of all else when it
    happened.
    """
    with office.desk() as desk:
        work = desk.case(case, step="correction", if_last=if_last)
        wrong = next((each for each in work.log if each.seq == entry), None)
        if not wrong or isinstance(wrong.entry, Correction):
            raise NotFound(f"{ref(case)} has no entry {entry} that can be corrected", f"asb history {case}")
        if void and isinstance(wrong.entry, Report):
            raise NotAllowed(f"entry {entry} is the report that {ref(case)} stands on",
                             f"asb close {case} --outcome duplicate|not-asb")
        if not (at or received or happened or text or void):
            raise BadInput("what is right is missing", "--happened WHEN, --received WHEN, --text TEXT, or --void")
        now = next((each for each in corrected(work.log) if each.seq == entry), None)
        if now is None:
            raise NotFound(f"entry {entry} counts for nothing already", f"asb history {case}")
        if isinstance(wrong.entry, Report):
            received = _once("--received", received, at)
        else:
            happened = _once("--happened", happened, at)
        if text and isinstance(wrong.entry, PersonKnown | PersonAdded | PersonRenamed):
            raise BadInput(f"what is known of somebody is not put right by a text, and entry {entry} would stand",
                           f"asb person {case} set NAME says what is so now; --void, where it was never so")
        _not_ahead(office, now.entry, received, happened)
        told = [*_moments(case, now, received, happened), *(["it says otherwise"] if text else []),
                *(["it counts for nothing"] if void else [])]
        put_right = Correction(entry, because, happened, received, text, void)
        _ask_who_may(work, put_right, wrong.entry, approval)
        elsewhere = put_right_elsewhere(work, wrong, put_right)
        work.warnings += no_longer_safe(work, put_right)
        work.record(None, work.with_moved(None, put_right))
        return work.finish(f"entry {entry} ({wrong.entry.KIND}): {'; '.join(told)}{also_in(elsewhere)}.")


def _not_ahead(office: Office, entry: Any, received: Moment | None, happened: Moment | None) -> None:
    """Refuse what is still to come, but for the date of what is planned. Raises BadInput."""
    for moment in (received, None if getattr(entry, "planned", None) else happened):
        if moment and moment.is_after(office.moment):
            raise BadInput(f"{echo(moment)} is still to come", "type when it happened, not after now")


def _once(flag: str, given: Moment | None, at: Moment | None) -> Moment | None:
    """One moment that may be given under two names. Raises BadInput for two."""
    if given and at:
        raise BadInput(f"{flag} and --at are the same moment of this entry", "give one of them")
    return given or at


def _moments(case: int, now: Logged, received: Moment | None, happened: Moment | None) -> Iterator[str]:
    """Which moments of an entry are moved, each old → new. Raises BadInput for those it does not have or cannot."""
    entry = now.entry
    if received and not isinstance(entry, Report | IncidentLogged):
        raise BadInput(f"entry {now.seq} is no report and no incident: it was not received", "--happened WHEN")
    own, reported = (entry.happened, now.happened) if isinstance(entry, Report) else (
        now.happened, getattr(entry, "received", None))
    came, was = received or reported, happened or own
    if came and was and was.is_after(came):
        raise BadInput(f"it cannot have been reported {echo(came)} and have happened {echo(was)}, after that",
                       f"asb correct {case} {now.seq} --received WHEN --happened WHEN")
    planned = getattr(entry, "planned", None)
    for what, old, new in (("received", reported, received),
                           ("planned for" if planned else "happened", planned or own, happened)):
        if new:
            yield f"{what} {echo(old) if old else 'unknown'} → {echo(new)}"


TAKEN_BACK: dict[Any, str] = {Closed: "a closing", Breach: "a breach", Approval: "an approval"}
"""What an officer does not take back alone: others answer for it."""


def _ask_who_may(work: Casework, correction: Correction, wrong: Any, approval: Mapping[str, str | None]) -> None:
    """Ask what stands before a correction that takes off a protective flag, or takes back what others answer for."""
    procedure = work.procedure
    gates: list[Gate] = []
    if correction.void and type(wrong) in TAKEN_BACK:
        gates += _taken_back(procedure, wrong)
    after = history(work.case.number, [*work.log, work.logged(None, correction)])
    gates += [gate for flag in work.case.flags if flag not in after.flags for gate in _protection(procedure, flag)]
    if gates:
        steps = [step for gate in gates for step in gate.before]
        work.gate(*steps, happened=False, because=correction.because, gates=tuple(gates), approval=approval)


def _taken_back(procedure: Procedure, wrong: Any) -> Iterator[Gate]:
    """What stands before taking back a closing, a breach or an approval: the role that gave the approval, else the
    one that may let a case be closed unfinished, and in a file that names none the highest it has."""
    closing = next((gate for gate in procedure.gates if "close" in gate.before and gate.role), None)
    highest = next(reversed(list(procedure.roles)), None)
    role = wrong.role if isinstance(wrong, Approval) else closing.role if closing else highest
    if role:
        source, clause = ((closing.source, closing.clause) if closing and isinstance(wrong, Closed) else
                          ("", procedure.roles[role].clause))
        yield Gate((f"{wrong.KIND}.taken-back",), f"Have {TAKEN_BACK[type(wrong)]} taken back by the role named",
                   source, clause, Condition(), role=role)
