"""What was done about it: plan, reviews, repairs, diaries, risk, agencies, warnings, remedies and dated facts."""

from __future__ import annotations

from asbcli import words
from asbcli.casefile.entries import (
    Agency,
    DatedFact,
    Diary,
    Done,
    Plan,
    Remedy,
    Repair,
    Review,
    Risk,
    Warned,
)
from asbcli.casefile.history import ERASED_AGENCY, agency_names
from asbcli.casework.commands import next_command
from asbcli.casework.disclosing import facts_of
from asbcli.casework.opening import known_or_nearest, no_such_rule
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput, NotFound
from asbcli.moments import Moment
from asbcli.procedure.rules import Kind
from asbcli.recognising.sameness import same_person
from asbcli.store.shapes import ref

INDEFINITE = "indefinite"  # an order that holds for good


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
                               for each in actions.values()),
                             *([] if actions else [f"no action is planned yet: asb plan {case} add TEXT"]))
        if step == "add":
            if not what:
                raise BadInput("what is to be done is missing", f"asb plan {case} add TEXT --who NAME --due WHEN")
            item = str(_ever(work, Plan, step="add") + 1)
            work.record(at, Plan("add", item, what, who, due, resolving))
            return work.finish(f"action {item} added to the plan{f', due {echo(due)}' if due else ''}.")
        if step == "done":
            if what not in actions:
                raise NotFound(f"{ref(case)} has no action {what or ''} in its plan", f"asb plan {case} list")
            work.record(at, Plan("done", what, resolving=resolving))
            return work.finish(f"action {what} done, {echo(at or office.moment)}.")
        work.record(at, Plan("agreed"))
        return work.finish(f"action plan agreed, {echo(at or office.moment)}.")


def _ever(work: Casework, sort: type[Plan | Repair], **same: str) -> int:
    """The highest number that a thing of a sort was ever given: one that counts for nothing keeps its own."""
    given = ((each.entry.item or "").rpartition("-")[2] for each in work.log if isinstance(each.entry, sort)
             and all(getattr(each.entry, name) == value for name, value in same.items()))
    return max((int(number) for number in given if number.isdigit()), default=0)


def review(office: Office, *, case: int, text: str, stage: words.Stage, with_: str | None = None,
           at: Moment | None = None, if_last: int | None = None) -> Recorded:
    """A review of the case; those of 13.1 are with the line manager, named."""
    with office.desk() as desk:
        work = desk.case(case, step=f"review.{stage}", if_last=if_last)
        work.not_before_report(at)
        alone = with_ is not None and same_person(with_, work.case.officer)
        _reviewer(work, stage, with_, alone=alone)
        work.record(at, Review(stage, text, with_, alone))
        by = f" with {with_}" if with_ else ""
        return work.finish(f"{stage} review{by}, {echo(at or office.moment)}.")


def _reviewer(work: Casework, stage: words.Stage, manager: str | None, *, alone: bool) -> None:
    """Tell where a review was not held with somebody else than who works the case, as those of 13.1 and WHA are."""
    asked_in = ", ".join(dict.fromkeys(
        rule.clause for rule in work.procedure.rules.values()
        if f"review.{stage}.with-manager" in (*rule.met_by, *rule.met_by_all)))
    own = f"{manager} is the officer of {ref(work.case.number)}"
    of_the_handling = stage in ("appeal", "effectiveness")
    if alone and of_the_handling:
        work.breach(f"review.{stage}", f"{own}, and reviewed their own handling of it")
    elif alone:
        nothing = f", and meets nothing in {asked_in}" if asked_in else ""
        work.warnings.append(f"{own}: this review counts as one without a manager{nothing}")
    elif not manager and asked_in:
        work.warnings.append(f"no manager named: this review meets nothing in {asked_in}; --with MANAGER")
    elif not manager and of_the_handling:
        work.warnings.append("who held the review was not said: --with NAME")


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
        item = f"{kind}-{_ever(work, Repair, kind=kind) + 1}" if noticed else still[-1] or kind
        if noticed and done and noticed.is_after(done):
            raise BadInput("it cannot be done before it was noticed", "--noticed, then --done")
        if done:
            seen = (f"repair.{kind}.photographed",) if photographed else ()
            work.gate(f"repair.{kind}.done", happened=True, at=done, because=because, also=seen, approval=approval)
        elif due:
            work.gate(kind, happened=False, because=because, approval=approval)
        if due:
            work.planned(f"repair.{kind}.done", due)
        work.record(done or noticed, Repair(kind, item, noticed, due, done, photographed, text))
        said = f"done {echo(done)}" if done else f"noticed {echo(noticed)}" if noticed else "noted"
        return work.finish(f"{kind.replace('-', ' ')}: {said}.")


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


def risk(office: Office, *, case: int, level: str | None = None, at: Moment | None = None,
         text: str | None = None, if_last: int | None = None) -> Recorded:
    """A risk assessment (Partnership policy: continuous)."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        work.record(at, Risk(level, text))
        return work.finish("risk assessed.")


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
            if name not in known and ERASED_AGENCY.fullmatch(name):
                raise BadInput(f"{name} is what an agency is called whose name was erased", "name the agency otherwise")
            if any(same_person(name, each.name) and "third-party" not in each.roles for each in work.case.named):
                raise BadInput("somebody in the case has that name: what the agency is told would be told of them",
                               "name the agency otherwise: its office, or whom you speak with there")
            if not kind and (name not in work.case.agencies or not work.case.agencies[name].kind):
                work.warnings.append("its kind was not said, so it is no relevant authority (3.7.4): "
                                     f"--kind {'|'.join(words.choices(words.AgencyKind))}")
        elif name not in known:
            raise NotFound(f"{ref(case)} has no agency of that name", f"asb agency {case} add NAME")
        elif step in ("told", "referred") and (work.case.status == "open" or not _was_told(work, name)):
            work.gate("disclosure", happened=True, at=at, because=because, also=facts_of(work, name, at))
        number = work.agency_number(name) or max(agency_names(work.log), default=0) + 1
        work.record(at, Agency(name, step, number, contact, text, kind, protocol))
        return work.finish(f"agency {step}.")


def _was_told(work: Casework, agency: str) -> bool:
    """Whether an agency knows of the case already, so that telling it of the closing discloses nothing new."""
    told = ("agency.told", "agency.referred", "agency.outcome", "disclosure", "consent.investigator.given")
    return any(event.name in told and event.item == agency for event in work.case.events)


def warn(office: Office, *, case: int, name: str, level: words.Level = "written", requires: str | None = None,
         at: Moment | None = None, resolving: bool = False, text: str | None = None,
         if_last: int | None = None) -> Recorded:
    """A warning to an alleged perpetrator; it must say what action is required (7.3.1)."""
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        warned = work.person(name, "perpetrator")
        assert warned is not None, "a name was given, so a person was found"
        work.not_before_report(at)
        work.gate("warning", happened=True, at=at, person=warned)
        if level != "verbal" and not requires:
            work.warnings.append("a formal warning states the action required (7.3.1): --requires TEXT")
        work.record(at, Warned(warned.id, level, requires, resolving, text))
        return work.finish(f"{level} warning given, {echo(at or office.moment)}.")


def remedy(office: Office, *, case: int, kind: str, state: str, person: str | None = None,
           at: Moment | None = None, until: Moment | str | None = None, every: str | None = None,
           resolving: bool = False, text: str | None = None, because: str | None = None,
           if_last: int | None = None, **approval: str | None) -> Recorded:
    """A remedy of sections 11 and 12, and the state it has come to.

    Warns of an order without how long it holds, and of one called unsuitable without saying why.
    """
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        known_or_nearest(kind, work.procedure.remedies, "remedy")
        declared = work.procedure.remedies[kind]
        known_or_nearest(state, declared.states, f"state of {kind}")
        if state == "unsuitable" and not (text or because):
            work.warnings.append(f"why {kind} is unsuitable was not said ({declared.clause}): --because TEXT")
        if state in declared.lasts and not until:
            work.warnings.append(f"until when the {kind} holds was not said: --until WHEN, or --until {INDEFINITE}")
        who = work.someone(person) if person else None
        work.gate(f"remedy.{kind}.{state}", happened=at is not None, at=at, person=who, because=because,
                  approval=approval)
        ends = until if isinstance(until, Moment) else None
        work.record(at, Remedy(kind, state, who.id if who else None, ends, every, resolving, text or because,
                               indefinite=until == INDEFINITE))
        holds = f", until {echo(ends)}" if ends else ", indefinitely" if until else ""
        return work.finish(f"{declared.title} {state}, {echo(at or office.moment)}{holds}.")


def event(office: Office, *, case: int, kind: str, at: Moment | None = None, specifies: Moment | None = None,
          person: str | None = None, by: str | None = None, text: str | None = None, because: str | None = None,
          if_last: int | None = None, **approval: str | None) -> Recorded:
    """A dated fact the procedure's clocks use; one it declares as planned may lie ahead.

    Warns where it does not say what the procedure asks of it: who decided, which minute.
    """
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        known_or_nearest(kind, work.procedure.events, "kind of event")
        declared = work.procedure.events[kind]
        ahead = at is not None and at.is_after(office.moment)
        if ahead and not declared.planned:
            raise BadInput(f"{kind} is something that has happened: {echo(at)} is in the future"
                           if at else kind, "--at is when it happened")
        _ask_for_missing(work, declared, by=by, text=text)
        who = work.someone(person) if person else None
        _look_at_specified(work, declared, at or office.moment, specifies)
        if declared.by and by:
            work.second_person(declared.by, by, f"event.{kind}", happened=at is not None and not ahead)
        work.gate(f"event.{kind}", happened=at is not None and not ahead, at=None if ahead else at, person=who,
                  because=because, approval=approval)
        if at and ahead:
            work.planned(f"event.{kind}", at, who)
        work.record(office.moment if ahead else at,
                    DatedFact(kind, (at or office.moment) if declared.planned else None, specifies,
                              who.id if who else None, text, by))
        return work.finish(f"{declared.title}: {echo(at or office.moment)}.")


def _ask_for_missing(work: Casework, declared: Kind, *, by: str | None, text: str | None) -> None:
    """Warn where an event does not say who decided it, or which minute or paper it stands on."""
    if declared.by and not by:
        work.warnings.append(f"who decided it was not said: that is the {declared.by.replace('-', ' ')}'s "
                             f"({declared.clause}); --by NAME")
    if declared.asks and not text:
        work.warnings.append(f"{declared.asks} was not said ({declared.clause}): --text TEXT")


def _look_at_specified(work: Casework, declared: Kind, at: Moment, specified: Moment | None) -> None:
    """Hold the date that stands in a notice against the earliest that may. Raises BadInput where none stands in it."""
    if specified and not declared.specifies:
        raise BadInput(f"{declared.id} specifies no further date", "--at is its own")
    for rule in work.procedure.rules.values():
        if not (rule.earliest and rule.default and f"event.{declared.id}" in rule.starts):
            continue
        first = work.desk.calendar.due(rule.default, at)
        where = f"{rule.source} {rule.clause}"
        if not specified:
            work.warnings.append(f"{declared.specifies} was not given: {echo(first)} is taken, {rule.default.words} on "
                                 f"({where}); --specifies WHEN")
        elif first.is_after(specified):
            work.warnings.append(f"{declared.specifies} is earlier than {echo(first)}, {rule.default.words} on "
                                 f"({where}): a court may refuse it; ask the solicitor")


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
        if row.rule.met_by or row.rule.met_by_all:
            work.warnings.append(f"this stands on your word alone; what the procedure asks for is recorded with: "
                                 f"{next_command(row, work.case)}")
        work.record(at, Done(rule, row.person, row.item, text, work.agency_number(row.item)))
        return work.finish(f"{row.rule.title}: done, {echo(at or office.moment)}.")
