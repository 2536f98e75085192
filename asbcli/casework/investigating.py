"""What was heard, seen and agreed: incidents, interviews, contacts, notes, consents and answers."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from asbcli import words
from asbcli.casefile.case import Person
from asbcli.casefile.entries import (
    Answered,
    Consent,
    Contact,
    IncidentLogged,
    Interview,
    Note,
)
from asbcli.casework.changing import set_flag
from asbcli.casework.disclosing import facts_of
from asbcli.casework.elsewhere import ask_whether, says_more_of_them
from asbcli.casework.opening import known_or_nearest, no_such_rule
from asbcli.casework.people import contact_warnings
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput, NeedsReason, NotFound
from asbcli.moments import Moment
from asbcli.procedure.gates import unmet
from asbcli.store.shapes import ref


def log_incident(office: Office, *, case: int, text: str, at: Moment | None = None,
                 received: Moment | None = None, place: str | None = None, category: str | None = None,
                 immediate_danger: words.Answer | None = None, if_last: int | None = None) -> Recorded:
    """A further incident; reported now unless `received`, and happened then unless `at`. One with danger needs a
    999 call of its own (3.3.1)."""
    with office.desk() as desk:
        work = desk.case(case, step="incident", if_last=if_last)
        if category:
            known_or_nearest(category, work.procedure.categories, "category")
        reported = received or office.moment
        happened = at or reported
        if happened.is_after(reported):
            raise BadInput("an incident cannot be reported before it happened", "--at is when it happened")
        work.record(happened, IncidentLogged(text, reported, place, category, immediate_danger))
        if immediate_danger == "yes":
            set_flag(work, "immediate-danger", "reported with a further incident", at=reported)
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
        raise NeedsReason(f"an interview {state.replace('-', ' ')} needs its reason (6.1.1)", "--because TEXT")
    if at and ended and at.is_after(ended):
        raise BadInput("the interview ended before it began", "--at is its start, --ended its end")
    _another(case, also)
    with office.desk() as desk:
        work = desk.case(case, if_last=if_last)
        entry = Interview(role=role, state=state, ended=ended, arranged=arranged,  # type: ignore[arg-type]
                          first_contact=first_contact, contact_every=contact_every, finding=finding,
                          monitor_until=monitor_until, notes=notes, because=because, also=also)
        work.not_before_report(at)
        if finding in ("denied", "no-evidence") and not monitor_until:
            work.warnings.append("no end of monitoring was given (7.1.1): 28 days are counted; "
                                 "--monitor-until names another")
        taken = "first-contact" if first_contact and state == "held" else state
        if state in ("arranged", "delayed", "not-appropriate") and role == "witness" and not work.case.people_as(role):
            raise NotFound(f"{ref(case)} has no witness to be interviewed", f"asb person {case} add witness NAME")
        meant = work.person(person, role)
        where = [(work, meant)]
        if also:
            other = desk.case(also)
            where.append((other, other.person(meant.id if meant else None, role)))
        for each, meant in where:
            each.gate(f"interview.{role}.{taken}", happened=state != "arranged", at=at, person=meant,
                      because=because, approval=approval)
            each.record(at, _with_person(entry, meant))
            if arranged:
                each.planned(f"interview.{role}.held", arranged, meant)
        if also:
            other.finish("interview counted")
        what = f"{'first contact' if first_contact else 'interview'} with the {called(role)}"
        if arranged:
            return work.finish(f"{what} arranged for {echo(arranged)}.")
        return work.finish(f"{what} {state.replace('-', ' ')}, {echo(at or office.moment)}.")


def called(role: str) -> str:
    """How a person in a role is spoken of."""
    return "alleged perpetrator" if role == "perpetrator" else role.replace("-", " ")


def one_state(said: dict[str, bool]) -> str:
    """Which of the exclusive states was given, the first of them where none was. Raises BadInput for two."""
    given = [state for state, is_so in said.items() if is_so]
    if len(given) > 1:
        raise BadInput(f"{' and '.join(f'--{state}' for state in given)} cannot both be", "name one of them")
    return given[0] if given else next(iter(said))


def _only_with(fits: bool, value: object, flag: str, what: str) -> None:
    if value is not None and not fits:
        raise BadInput(f"{flag} goes with {what}", f"leave {flag} out")


def _another(case: int, also: int | None) -> None:
    """Refuse to count a step in its own case twice. Raises BadInput."""
    if also == case:
        raise BadInput(f"--also is {ref(case)} itself, in which it counts anyway", "--also names a linked case")


def _with_person(entry: Any, person: Person | None) -> Any:
    return replace(entry, person=person.id if person else None)


def contact(office: Office, *, case: int, text: str, with_: str | None = None, at: Moment | None = None,
            channel: words.Channel | None = None, purpose: words.Purpose | None = None,
            attempted: bool = False, incoming: bool = False, because: str | None = None,
            also: int | None = None, if_last: int | None = None, **approval: str | None) -> Recorded:
    """A contact made, tried or received; `with_` is a role, a name or an id (the victim where it is left out)."""
    _another(case, also)
    with office.desk() as desk:
        work = desk.case(case, step="contact.victim", if_last=if_last)
        _no_agency(work, with_)
        role, person = _whom(work, with_ or "victim")
        if role != "victim":
            desk.case(case, step="contact")  # refused where the case is closed
        work.not_before_report(at)
        entry = Contact(text=text, role=role, channel=channel, purpose=purpose,  # type: ignore[arg-type]
                        attempted=attempted, incoming=incoming, because=because, also=also)
        if person and not incoming:
            work.warnings += contact_warnings(person, channel)
            work.warnings += ask_whether(person, case, says_more_of_them(work, person))
        if person and "third-party" in person.roles and not incoming:
            _to_a_third_party(work, person, at, because, told=bool(purpose) and not attempted)
        if not attempted and not incoming:
            work.gate(f"contact.{role}.made", happened=True, at=at, person=person, because=because, approval=approval)
        work.record(at, _with_person(entry, person))
        if also:
            other = desk.case(also)
            there = other.person(person.id if person else None, role, asked="--with")
            other.record(at, _with_person(entry, there))
            other.finish("contact counted")
        said = "tried with" if attempted else "received from" if incoming else "made with"
        return work.finish(f"contact {said} the {called(role)}, {echo(at or office.moment)}.")


def _no_agency(work: Casework, name: str | None) -> None:
    """Refuse a contact with an agency of the case: what it is told has a gate of its own. Raises BadInput."""
    agency = next((each for each in work.case.agencies if name and each.casefold() == name.casefold()), None)
    known = any(name and name.casefold() in (each.name.casefold(), each.id.casefold())
                for each in work.case.people.values())
    if agency and not known:
        number = work.case.number
        raise BadInput(f"{agency} is an agency of {ref(number)}: what it is told is a disclosure (3.7.4)",
                       f'asb disclose {number} --to "{agency}" --what TEXT, or asb agency {number} told "{agency}"')


def _to_a_third_party(work: Casework, person: Person, at: Moment | None, because: str | None, *, told: bool) -> None:
    """What stands before telling a third party anything of our customer (3.7.5): a contact that told is a breach."""
    facts = facts_of(work, person.name if person.name in work.case.agencies else person.id, at)
    if told:
        work.gate("disclosure", happened=True, at=at, because=because, also=facts)
    elif unmet(work.procedure, work.facts(at=at, also=facts), ["disclosure"]):
        work.warnings.append(
            f"{person.id} is a third party: nothing of our customer may be told to them without consent in writing "
            f"(3.7.5): asb consent {work.case.number} NAME given --for {person.id} --written")


def _whom(work: Casework, who: str) -> tuple[str, Person | None]:
    """The role and the person meant by a role's word, a name or an id. Raises BadInput where it may be several."""
    if (role := who.casefold()) in words.choices(words.Interviewee):
        return role, work.person(None, role, asked="--with")
    person = work.someone(who)
    return next((role for role in words.choices(words.Role) if role in person.roles), "victim"), person


def note(office: Office, *, case: int, text: str, at: Moment | None = None,
         if_last: int | None = None) -> Recorded:
    """Something worth keeping."""
    with office.desk() as desk:
        work = desk.case(case, step="note", if_last=if_last)
        work.record(at, Note(text))
        return work.finish("noted.")


def consent(office: Office, *, case: int, name: str, step: str, for_: str, written: bool = False,
            at: Moment | None = None, text: str | None = None, because: str | None = None,
            if_last: int | None = None, **approval: str | None) -> Recorded:
    """A consent given or withdrawn, for a purpose or for one agency (3.7.5)."""
    with office.desk() as desk:
        work = desk.case(case, step=f"consent.{step}", if_last=if_last)
        agencies = {event.item for event in work.case.events if event.name == "agency.added"}
        for_ = next((each for each in agencies if each and each.casefold() == for_.casefold()), for_)
        name = next((each for each in agencies if each and each.casefold() == name.casefold()), name)
        third = None if for_ in agencies else next((
            each.id for each in work.case.people_as("third-party")
            if for_.casefold() in (each.name.casefold(), each.id.casefold())), None)
        for_ = third or for_
        if not third and for_ not in (*words.CONSENTS, *agencies):
            raise NotFound(f"{ref(case)} has no agency of that name, and it is no purpose of consent",
                           f"--for {'|'.join(words.CONSENTS)}, or asb agency {case} add NAME")
        by = None if name in agencies else work.someone(name)
        if for_ in words.VICTIMS_CONSENTS and not _may_consent(work, by, for_):
            work.warnings.append(f"recorded, and it opens nothing: {for_} is the victim's to agree to (6.3.1)")
        elif for_ == "perpetrator-interview" and by is None and work.case.agencies[name].kind == "other":
            work.warnings.append(f"recorded, and it opens nothing: {name} is no authority that investigates (6.2.1); "
                                 f"if it is one, asb agency {case} add NAME --kind KIND, and give it again")
        work.record(at, Consent(by.id if by else name, for_, step, by.id if by else None, written, text,
                                 None if by else work.agency_number(name), work.agency_number(for_)))
        return work.finish(f"consent {step} for {for_}{' in writing' if written else ''}.")


def _may_consent(work: Casework, by: Person | None, purpose: str) -> bool:
    """Whether it is theirs to consent: the victims', and an agency's (nobody in the case) to the interview (6.2.1)."""
    if by is None:
        return purpose == "perpetrator-interview"
    return by in (work.case.people_as("victim") or work.case.people_as("complainant"))


def answer(office: Office, *, case: int, item: str, answer: str, because: str | None = None,
           at: Moment | None = None, if_last: int | None = None) -> Recorded:
    """A checklist's question answered; unknown and not-applicable are answers."""
    with office.desk() as desk:
        work = desk.case(case, step="answer.closing", if_last=if_last)
        if item not in work.procedure.questions:
            raise no_such_rule(item, work.procedure.questions)
        if not work.procedure.questions[item].step.startswith(("close", "outcome.")):
            desk.case(case)
        work.not_before_report(at)
        before = work.case.answers.get(item)
        by = work.set_by(("answer",), question=item) if before else ""
        work.record(at, Answered(item, answer, because))
        return work.finish(f"{item}: {f'{before} → {answer}{by}' if before else 'answered'}.")
