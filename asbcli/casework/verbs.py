"""What is recorded on an open case, one verb a function: each adds its entry and tells what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from asbcli import words
from asbcli.casefile.case import Person
from asbcli.casefile.entries import (
    Agency,
    Answered,
    Appeal,
    Change,
    Closed,
    Consent,
    Contact,
    Correction,
    DatedFact,
    Diary,
    Done,
    Flagged,
    IncidentLogged,
    Interview,
    Linked,
    Note,
    Plan,
    Remedy,
    Repair,
    Report,
    Review,
    Risk,
    Warned,
)
from asbcli.casework.disclosing import facts_of
from asbcli.casework.opening import by_priority, known_or_nearest, least_priority, no_such_rule
from asbcli.casework.people import contact_warnings
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput, NotAllowed, NotFound
from asbcli.moments import Moment
from asbcli.procedure.rules import Condition, Gate, Procedure
from asbcli.store.shapes import ref


def log_incident(office: Office, *, case: int, text: str, at: Moment | None = None,
                 received: Moment | None = None, place: str | None = None, category: str | None = None,
                 if_last: int | None = None) -> Recorded:
    """A further incident; reported now unless `received`, and happened then unless `at`."""
    with office.desk() as desk:
        work = desk.case(case, step="incident", if_last=if_last)
        if category:
            known_or_nearest(category, work.procedure.categories, "category")
        reported = received or office.moment
        happened = at or reported
        if happened.is_after(reported):
            raise BadInput("an incident cannot be reported before it happened", "--at is when it happened")
        work.record(happened, IncidentLogged(text, reported, place, category))
        return work.finish(f"incident of {echo(happened)} logged, reported {echo(reported)}.")


def interview(office: Office, *, case: int, role: words.Interviewee, person: str | None = None,
              at: Moment | None = None, held: bool = False, ended: Moment | None = None,
              arranged: Moment | None = None, declined: bool = False, delayed: bool = False,
              not_appropriate: bool = False, first_contact: bool = False, contact_every: str | None = None,
              finding: words.Finding | None = None, monitor_until: Moment | None = None,
              notes: str | None = None, because: str | None = None, also: int | None = None,
              if_last: int | None = None, **approval: str | None) -> Recorded:
    """An interview held, arranged, declined, delayed or not appropriate; only a full one held meets 2.1.1."""
    said = {"held": held, "arranged": bool(arranged), "declined": declined, "delayed": delayed,
            "not-appropriate": not_appropriate}
    state = one_state(said)
    _only_with(role == "victim", contact_every, "--contact-every", "a victim's interview (4.2.2)")
    _only_with(role == "perpetrator", finding, "--finding", "a perpetrator's interview (section 7)")
    _only_with(state == "held", ended, "--ended", "an interview that was held")
    if state in ("delayed", "not-appropriate") and not because:
        raise BadInput(f"an interview {state.replace('-', ' ')} needs its reason (6.1.1)", "--because TEXT")
    if at and ended and at.is_after(ended):
        raise BadInput("the interview ended before it began", "--at is its start, --ended its end")
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        entry = Interview(role=role, state=state, ended=ended, arranged=arranged,  # type: ignore[arg-type]
                          first_contact=first_contact, contact_every=contact_every, finding=finding,
                          monitor_until=monitor_until, notes=notes, because=because, also=also)
        not_before_report(work, at)
        if finding in ("denied", "no-evidence") and not monitor_until:
            work.warnings.append("no end of monitoring was given (7.1.1): 28 days are counted; "
                                 "--monitor-until names another")
        where = [(work, person)]
        if also:
            where.append((desk.case(also), person))
        taken = "first-contact" if first_contact and state == "held" else state
        for each, who in where:
            meant = each.person(who, role) if each is work or who else None
            each.gate(f"interview.{role}.{taken}", happened=state != "arranged", at=at, person=meant,
                      because=because, approval=approval)
            each.record(at, _with_person(entry, meant))
        if also:
            where[1][0].finish("interview counted")
        what = f"{'first contact' if first_contact else 'interview'} with the {called(role)}"
        if arranged:
            return work.finish(f"{what} arranged for {echo(arranged)}.")
        return work.finish(f"{what} {state.replace('-', ' ')}, {echo(at or office.moment)}.")


def called(role: str) -> str:
    """How a person in a role is spoken of."""
    return "alleged perpetrator" if role == "perpetrator" else role


def one_state(said: dict[str, bool]) -> str:
    """Which of the exclusive states was given, the first of them where none was. Raises BadInput for two."""
    given = [state for state, is_so in said.items() if is_so]
    if len(given) > 1:
        raise BadInput(f"{' and '.join(f'--{state}' for state in given)} cannot both be", "name one of them")
    return given[0] if given else next(iter(said))


def _only_with(fits: bool, value: object, flag: str, what: str) -> None:
    if value is not None and not fits:
        raise BadInput(f"{flag} goes with {what}", f"leave {flag} out")


def _with_person(entry: Any, person: Person | None) -> Any:
    return replace(entry, person=person.id if person else None)


def not_before_report(work: Casework, at: Moment | None) -> None:
    """Refuse a step dated before the report it answers. Raises BadInput."""
    received = work.case.received
    if at and received and received.is_after(at):
        raise BadInput(f"{ref(work.case.number)} was received {echo(received)}: that is before it",
                       "--at is when it happened")


def contact(office: Office, *, case: int, text: str, with_: str | None = None, at: Moment | None = None,
            channel: words.Channel | None = None, purpose: words.Purpose | None = None,
            attempted: bool = False, incoming: bool = False, because: str | None = None,
            also: int | None = None, if_last: int | None = None, **approval: str | None) -> Recorded:
    """A contact made, tried or received; `with_` is a role, a name or an id (the victim where it is left out)."""
    with office.desk() as desk:
        who = (with_ or "victim").casefold()
        after_closing = who == "victim"
        work = desk.case(case, step="contact.victim" if after_closing else "contact", if_last=if_last)
        role, person = _whom(work, who if who in words.choices(words.Interviewee) else with_ or "victim")
        if work.case.status == "closed" and role != "victim":
            desk.case(case, step="contact")
        not_before_report(work, at)
        entry = Contact(text=text, role=role, channel=channel, purpose=purpose,  # type: ignore[arg-type]
                        attempted=attempted, incoming=incoming, because=because, also=also)
        if person and not incoming:
            work.warnings += contact_warnings(person, channel)
        if not attempted and not incoming:
            work.gate(f"contact.{role}.made", happened=True, at=at, person=person, because=because, approval=approval)
        work.record(at, _with_person(entry, person))
        if also:
            other = desk.case(also)
            _, there = _whom(other, role) if person is None else (role, other.before.people.get(person.id))
            other.record(at, _with_person(entry, there))
            other.finish("contact counted")
        said = "tried" if attempted else "received" if incoming else "made"
        return work.finish(f"contact {said} with the {called(role)}, {echo(at or office.moment)}.")


def _whom(work: Casework, who: str) -> tuple[str, Person | None]:
    """The role and the person meant by a role's word, a name or an id."""
    if who in words.choices(words.Interviewee):
        return who, work.person(None, who)
    person = work.someone(who)
    return next((role for role in words.choices(words.Role) if role in person.roles), "victim"), person


def note(office: Office, *, case: int, text: str, at: Moment | None = None,
         if_last: int | None = None) -> Recorded:
    """Something worth keeping."""
    with office.desk() as desk:
        work = desk.case(case, step="note", if_last=if_last)
        work.record(at, Note(text))
        return work.finish("noted.")


def review(office: Office, *, case: int, text: str, stage: words.Stage, with_: str | None = None,
           at: Moment | None = None, if_last: int | None = None) -> Recorded:
    """A review of the case; those of 13.1 are with the line manager, named."""
    with office.desk() as desk:
        work = desk.case(case, step=f"review.{stage}", if_last=if_last)
        not_before_report(work, at)
        if not with_ and stage in ("initial", "plan", "progress"):
            work.warnings.append("no manager named: this review meets nothing in 13.1; --with MANAGER")
        work.record(at, Review(stage, text, with_))
        by = f" with {with_}" if with_ else ""
        return work.finish(f"{stage} review{by}, {echo(at or office.moment)}.")


def plan(office: Office, *, case: int, step: str, what: str | None = None, who: str | None = None,
         due: Moment | None = None, at: Moment | None = None, resolving: bool = False,
         if_last: int | None = None) -> Recorded:
    """The action plan: `add` an action, mark one `done`, or say that the plan is `agreed`."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        actions = work.case.plan
        if step == "list":
            return work.told(*(f"{each.item}. {each.text} ({each.who or 'nobody named'}; "
                               + (f"done {echo(each.done)}" if each.done else
                                  f"due {echo(each.due)}" if each.due else "no date") + ")"
                               for each in actions.values()))
        if step == "add":
            if not what:
                raise BadInput("what is to be done is missing", f"asb plan {case} add TEXT --who NAME --due WHEN")
            item = str(len(actions) + 1)
            work.record(at, Plan("add", item, what, who, due, resolving))
            return work.finish(f"action {item} added to the plan{f', due {echo(due)}' if due else ''}.")
        if step == "done":
            if what not in actions:
                raise NotFound(f"{ref(case)} has no action {what or ''} in its plan", f"asb plan {case} list")
            work.record(at, Plan("done", what, resolving=resolving))
            return work.finish(f"action {what} done, {echo(at or office.moment)}.")
        work.record(at, Plan("agreed"))
        return work.finish(f"action plan agreed, {echo(at or office.moment)}.")


def change(office: Office, *, case: int, because: str | None = None, priority: str | None = None,
           category: tuple[str, ...] = (), officer: str | None = None, contact_every: str | None = None,
           at: Moment | None = None, if_last: int | None = None) -> Recorded:
    """Change the priority, the categories, the officer or the agreed contact; the old value stays in the log."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        old = work.case
        categories = _categories(work, category)
        if (priority or categories) and not because:
            raise BadInput("a change of priority or category needs its reason", "--because TEXT")
        new_priority = _changed_priority(work, priority, categories)
        raised = new_priority is not None and _rank(work, new_priority) < _rank(work, old.priority)
        entry = Change(
            because=because, priority=new_priority, old_priority=old.priority if new_priority else None,
            raised=raised, categories=categories, old_categories=old.categories if categories else (),
            officer=officer, old_officer=old.officer if officer else None, contact_every=contact_every,
        )
        said = [f"{what} {before} → {after}{_set_by(work, fields)}" for what, before, after, fields in (
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


def _set_by(work: Casework, fields: tuple[str, ...], *, question: str | None = None) -> str:
    """Who set the value that is changed, and when: two officers may be at it."""
    for each in reversed(work.log):
        of_it = question is None or getattr(each.entry, "question", None) == question
        if of_it and any(getattr(each.entry, name, None) for name in fields):
            recorded = Moment.at(datetime.fromisoformat(each.recorded_at))
            return f" (set by {each.actor}, {echo(recorded)})"
    return ""


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
        if (flag in old.flags) == (step == "add"):
            raise BadInput(f"{ref(case)} {'has' if step == 'add' else 'does not have'} the flag {flag} already"
                           if step == "add" else f"{ref(case)} does not have the flag {flag}",
                           f"asb show {case} lists its flags")
        if step == "remove":
            work.gate(f"flag.{flag}.removed", happened=False, because=because,
                      gates=_protection(procedure, flag), approval=approval)
        least = procedure.flags[flag].priority if step == "add" else None
        raised = bool(least) and procedure.rank(least or "") < procedure.rank(old.priority)
        work.record(at, work.with_moved(at, Flagged(flag, step, because, least if raised else None, raised)))
        moved = f"; priority {old.priority} → {least}" if raised else ""
        return work.finish(f"flag {flag} {'added' if step == 'add' else 'removed'}{moved}.")


def _protection(procedure: Procedure, flag: str) -> tuple[Gate, ...]:
    """What stands before removing a protective flag: the role that the procedure names."""
    kind = procedure.flags[flag]
    if not kind.removed_by:
        return ()
    return (Gate((f"flag.{flag}.removed",), f"Have the flag {flag} removed by the role named", "",
                 kind.clause, Condition(), role=kind.removed_by),)


def _closing(procedure: Procedure) -> tuple[Gate, ...]:
    """What stands before taking a closing back: the role that may also let a case be closed unfinished."""
    known = next((gate for gate in procedure.gates if "close" in gate.before and gate.role), None)
    return (Gate(("close.taken-back",), "Have a closing taken back by the role named", known.source,
                 known.clause, Condition(), role=known.role),) if known else ()


def warn(office: Office, *, case: int, name: str, level: words.Level = "written", requires: str | None = None,
         at: Moment | None = None, resolving: bool = False, text: str | None = None,
         if_last: int | None = None) -> Recorded:
    """A warning to an alleged perpetrator; it must say what action is required (7.3.1)."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        warned = work.person(name, "perpetrator")
        assert warned is not None, "a name was given, so a person was found"
        not_before_report(work, at)
        work.gate("warning", happened=True, at=at, person=warned)
        if level != "verbal" and not requires:
            work.warnings.append("a formal warning states the action required (7.3.1): --requires TEXT")
        work.record(at, Warned(warned.id, level, requires, resolving, text))
        return work.finish(f"{level} warning given, {echo(at or office.moment)}.")


def repair(office: Office, *, case: int, kind: words.RepairKind, noticed: Moment | None = None,
           due: Moment | None = None, done: Moment | None = None, photographed: bool = False,
           text: str | None = None, because: str | None = None, if_last: int | None = None,
           **approval: str | None) -> Recorded:
    """A repair or removal: `noticed` alone starts its clock, `done` stops that of the one still open (3.6.1)."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        waiting = [event.item for event in work.case.events if event.name == f"repair.{kind}.noticed"]
        finished = {event.item for event in work.case.events if event.name == f"repair.{kind}.done"}
        still = [item for item in waiting if item not in finished]
        if noticed is None and not still:
            noticed = office.moment if not done else (work.case.received or done)
        item = f"{kind}-{len(waiting) + 1}" if noticed else still[-1] or kind
        if noticed and done and noticed.is_after(done):
            raise BadInput("it cannot be done before it was noticed", "--noticed, then --done")
        if done:
            seen = (f"repair.{kind}.photographed",) if photographed else ()
            work.gate(f"repair.{kind}.done", happened=True, at=done, because=because, also=seen, approval=approval)
        elif due:
            work.gate(kind, happened=False, because=because, approval=approval)
        work.record(done or noticed, Repair(kind, item, noticed, due, done, photographed, text))
        said = f"done {echo(done)}" if done else f"noticed {echo(noticed)}" if noticed else "noted"
        return work.finish(f"{kind.replace('-', ' ')}: {said}.")


def consent(office: Office, *, case: int, name: str, step: str, for_: str, written: bool = False,
            at: Moment | None = None, text: str | None = None, because: str | None = None,
            if_last: int | None = None, **approval: str | None) -> Recorded:
    """A consent given or withdrawn, for a purpose or for one agency (3.7.5)."""
    with office.desk() as desk:
        work = desk.case(case, step=f"consent.{step}", if_last=if_last)
        agencies = {event.item for event in work.case.events if event.name == "agency.added"}
        if for_ not in words.CONSENTS and for_ not in agencies:
            raise NotFound(f"{ref(case)} has no agency of that name, and it is no purpose of consent",
                           f"--for {'|'.join(words.CONSENTS)}, or asb agency {case} add NAME")
        by = None if name in agencies else work.someone(name)
        work.record(at, Consent(by.id if by else name, for_, step, by.id if by else None, written, text))
        return work.finish(f"consent {step} for {for_}{' in writing' if written else ''}.")


def answer(office: Office, *, case: int, item: str, answer: str, because: str | None = None,
           at: Moment | None = None, if_last: int | None = None) -> Recorded:
    """A checklist's question answered; unknown and not-applicable are answers."""
    with office.desk() as desk:
        work = desk.case(case, step="answer.closing", if_last=if_last)
        if item not in work.procedure.questions:
            raise no_such_rule(item, work.procedure.questions)
        if not work.procedure.questions[item].step.startswith(("close", "outcome.")):
            desk.case(case)
        not_before_report(work, at)
        before = work.case.answers.get(item)
        by = _set_by(work, ("answer",), question=item) if before else ""
        work.record(at, Answered(item, answer, because))
        return work.finish(f"{item}: {f'{before} → {answer}{by}' if before else 'answered'}.")


def agency(office: Office, *, case: int, step: str, name: str, contact: str | None = None,
           kind: words.AgencyKind | None = None, protocol: bool = False,
           at: Moment | None = None, text: str | None = None, because: str | None = None,
           if_last: int | None = None, **approval: str | None) -> Recorded:
    """Another agency brought in (`add`), told, referred to, or what came of it, with its named contact."""
    with office.desk() as desk:
        work = desk.case(case, step=f"agency.{step}", if_last=if_last)
        known = {event.item for event in work.case.events if event.name == "agency.added"}
        if step == "add":
            step = "added"
            if not kind and (name not in work.case.agencies or not work.case.agencies[name].kind):
                work.warnings.append("its kind was not said, so it is no relevant authority (3.7.4): "
                                     f"--kind {'|'.join(words.choices(words.AgencyKind))}")
        elif name not in known:
            raise NotFound(f"{ref(case)} has no agency of that name", f"asb agency {case} add NAME")
        elif step in ("told", "referred") and (work.case.status == "open" or not _was_told(work, name)):
            work.gate("disclosure", happened=True, at=at, because=because, also=facts_of(work, name, at))
        work.record(at, Agency(name, step, contact, text, kind, protocol))
        return work.finish(f"agency {step}.")


def _was_told(work: Casework, agency: str) -> bool:
    """Whether an agency knows of the case already, so that telling it of the closing discloses nothing new."""
    told = ("agency.told", "agency.referred", "agency.outcome", "disclosure")
    return any(event.name in told and event.item == agency for event in work.case.events)


def diary(office: Office, *, case: int, step: str, person: str | None = None, every: str | None = None,
          at: Moment | None = None, text: str | None = None, if_last: int | None = None) -> Recorded:
    """Diary sheets issued, with how often they come back, or returned (4.2.4)."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        if step == "issued" and not every:
            raise BadInput("how often the sheets come back is missing (4.2.4)", '--every "1 week"')
        who = work.someone(person) if person else None
        work.record(at, Diary(step, who.id if who else None, every, text))
        return work.finish(f"diary sheets {step}, {echo(at or office.moment)}.")


def remedy(office: Office, *, case: int, kind: str, state: str, person: str | None = None,
           at: Moment | None = None, until: Moment | None = None, every: str | None = None,
           resolving: bool = False, text: str | None = None, because: str | None = None,
           if_last: int | None = None, **approval: str | None) -> Recorded:
    """A remedy of sections 11 and 12, and the state it has come to."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        known_or_nearest(kind, work.procedure.remedies, "remedy")
        known_or_nearest(state, work.procedure.remedies[kind].states, f"state of {kind}")
        who = work.someone(person) if person else None
        work.gate(f"remedy.{kind}.{state}", happened=at is not None, at=at, person=who, because=because,
                  approval=approval)
        work.record(at, Remedy(kind, state, who.id if who else None, until, every, resolving, text))
        return work.finish(f"{work.procedure.remedies[kind].title} {state}, {echo(at or office.moment)}.")


def appeal(office: Office, *, case: int, by: str, at: Moment | None = None, text: str | None = None,
           if_last: int | None = None) -> Recorded:
    """An appeal by either side."""
    with office.desk() as desk:
        work = desk.case(case, step="appeal", if_last=if_last)
        work.record(at, Appeal(work.someone(by).id, text))
        return work.finish(f"appeal received, {echo(at or office.moment)}.")


def risk(office: Office, *, case: int, level: str | None = None, at: Moment | None = None,
         text: str | None = None, if_last: int | None = None) -> Recorded:
    """A risk assessment (Partnership policy: continuous)."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        work.record(at, Risk(level, text))
        return work.finish("risk assessed.")


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


def done(office: Office, *, case: int, rule: str, person: str | None = None, at: Moment | None = None,
         text: str | None = None, item: str | None = None, if_last: int | None = None) -> Recorded:
    """A duty met, by its rule's name. Raises NotFound for a rule or a deadline the case does not have."""
    with office.desk() as desk:
        work = desk.case(case, step="done", if_last=if_last)
        if rule not in work.procedure.rules:
            raise no_such_rule(rule, work.procedure.rules)
        who = work.someone(person) if person else None
        row = desk.open_deadline(work, rule, who.id if who else None, item)
        if at and row.started.is_after(at) and not row.rule.met_before_start:
            raise BadInput(f"{rule} began only {echo(row.started)}", "--at is when it was done")
        work.record(at, Done(rule, row.person, row.item, text))
        return work.finish(f"{row.rule.title}: done, {echo(at or office.moment)}.")


def event(office: Office, *, case: int, kind: str, at: Moment | None = None, person: str | None = None,
          text: str | None = None, because: str | None = None, if_last: int | None = None,
          **approval: str | None) -> Recorded:
    """A dated fact the procedure's clocks use; one it declares as planned may lie ahead."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        known_or_nearest(kind, work.procedure.events, "kind of event")
        declared = work.procedure.events[kind]
        ahead = at is not None and at.is_after(office.moment)
        if ahead and not declared.planned:
            raise BadInput(f"{kind} is something that has happened: {echo(at)} is in the future"
                           if at else kind, "--at is when it happened")
        who = work.someone(person) if person else None
        work.gate(f"event.{kind}", happened=at is not None and not ahead, at=None if ahead else at, person=who,
                  because=because, approval=approval)
        work.record(office.moment if declared.planned else at,
                    DatedFact(kind, at if declared.planned else None, who.id if who else None, text))
        return work.finish(f"{declared.title}: {echo(at or office.moment)}.")


def correct(office: Office, *, case: int, entry: int, because: str, at: Moment | None = None,
            text: str | None = None, void: bool = False, if_last: int | None = None,
            **approval: str | None) -> Recorded:
    """Put an earlier entry right: it stays in the log, and counts as corrected. A closing is taken back by a
    manager only (15.1)."""
    with office.desk() as desk:
        work = desk.case(case, step="correction", if_last=if_last)
        wrong = next((each for each in work.log if each.seq == entry), None)
        if not wrong or isinstance(wrong.entry, Correction):
            raise NotFound(f"{ref(case)} has no entry {entry} that can be corrected", f"asb history {case}")
        if void and isinstance(wrong.entry, Report):
            raise NotAllowed(f"entry {entry} is the report that {ref(case)} stands on",
                             f"asb close {case} --outcome duplicate|not-asb")
        if not (at or text or void):
            raise BadInput("what is right is missing", "--at WHEN, --text TEXT, or --void")
        if void and isinstance(wrong.entry, Closed):
            work.gate("close.taken-back", happened=False, because=because, gates=_closing(work.procedure),
                      approval=approval)
        work.record(None, Correction(entry, because, at, text, void))
        return work.finish(f"entry {entry} {'counts for nothing' if void else 'corrected'}.")
