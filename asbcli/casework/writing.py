"""What is written to people: letters, and replies to their subject access requests (4.2.5, 7, 14.1, 6.3.4, WHA)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from asbcli import words
from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import (
    ERASED,
    Approval,
    Breach,
    LetterWritten,
    SubjectAccess,
    Viewed,
    Warned,
)
from asbcli.casefile.history import corrected
from asbcli.casework.elsewhere import as_told, maybe_unsafe
from asbcli.casework.people import not_by
from asbcli.casework.record import Casework, Office
from asbcli.casework.sharing import names_an_accused, near_that_share, secrets_from, shared_as, suffers
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput, NotAllowed, NotFound
from asbcli.moments import Moment
from asbcli.outputs import access
from asbcli.outputs import letters as forms
from asbcli.outputs.leaks import Cleared, Leak, Passage, write
from asbcli.procedure.gates import may_override
from asbcli.procedure.rules import Condition, Gate, Paragraph
from asbcli.recognising.places import says_where
from asbcli.store.shapes import ref

# What tells the alleged perpetrator that there is a case: before any of it, a reviewer decides whether they may know.
_TOLD_THEM = ("interview.perpetrator.held", "interview.perpetrator.first-contact", "contact.perpetrator.made",
              "warning", "letter.perpetrator")  # fmt: skip


# -- letters

def letter(office: Office, *, case: int, kind: words.LetterKind, to: str, text: str | None = None,
           sent: Moment | None = None, not_sent: bool = False, out: str | None = None, because: str | None = None,
           override: str | None = None, approved_by: str | None = None, if_last: int | None = None) -> Recorded:
    """Write a letter as a draft, or log one that was `sent`, as it was.

    Raises NotAllowed, with every condition: what the procedure asks before it (with domestic abuse the three
    conditions of WHA), an address that the other side shares, somebody else's data in it.
    """
    with office.desk() as desk:
        work = desk.case(case, step="letter", if_last=if_last)
        person = work.someone(to)
        if (kind, forms.side(person)) not in forms.TEMPLATES:
            allowed = [each for each, side in forms.TEMPLATES if side == forms.side(person)]
            raise BadInput(f"{person.id} is {', '.join(person.roles)}: there is no letter {kind} to them",
                           f"one of: {', '.join(allowed)}")
        if not_sent:
            return _not_sent(work, person, because, override, approved_by)
        approval = {"override": override, "approved_by": approved_by}
        steps = ["letter"] if sent and _approved(work, kind, person) else _steps(kind, person)
        work.gate(*steps, happened=sent is not None and not override, at=sent, person=person, because=because,
                  gates=_dangers(work, person), approval=approval)
        work.looked_at(because)
        if sent:
            said = _as_sent(work, person, kind, text, sent, because)
            work.record(sent, LetterWritten(kind, person.id, text=said,
                                            answers=_answered(work, person, kind, sent) if said else ()))
            return work.finish(f"letter {kind} to {person.id}, sent {echo(sent)}.")
        form = _letter(work, person, kind, text, None)
        if _may_share(work.case, person):
            work.warnings.append("where the alleged perpetrator lives is not known: make sure they do not share "
                                 "this address")
        address = forms.address_for(person)
        work.warnings += [f"the alleged perpetrator of {other} lives at this address: make sure that {person.id} does "
                          "not share it with them"
                          for other in (near_that_share(work, person, address) if address and suffers(person) else ())]
        if person.prefers and person.prefers != "letter":
            work.warnings.append(f"{person.id} prefers {person.prefers} (3.3.7, 9.2)")
        return _drafted(work, form, out, f"asb letter {case} {kind} --to {person.id} --sent today")


def _steps(kind: words.LetterKind, person: Person) -> list[str]:
    side = forms.side(person)
    steps = [*(["letter.final"] if kind == "closing" else []), *([f"letter.{side}"] if side != forms.OTHERS else [])]
    return steps or ["letter"]


def _approved(work: Casework, kind: words.LetterKind, person: Person) -> bool:
    """Whether a role let the letter pass when it was drafted."""
    step = _steps(kind, person)[0]
    return any(isinstance(each.entry, Approval) and (each.entry.step, each.entry.person) == (step, person.id)
               for each in work.log)


def _may_share(case: Case, person: Person) -> bool:
    """Whether a letter may come into the wrong hands, for all that is known."""
    return (bool({"domestic-abuse", "violence"} & set(case.flags)) and suffers(person) and not person.safe_address
            and not all(each.address and says_where(each.address)
                        for each in case.people_as("perpetrator") if each is not person))


def _dangers(work: Casework, person: Person) -> tuple[Gate, ...]:
    """What stands before a letter to somebody whatever the procedure says, and no role can waive."""
    found = []
    address = forms.address_for(person)
    if suffers(person):
        if person.safe_address == ERASED:
            found.append("Their safe address was erased: find out where it is safe to write to")
        if address and (said := shared_as(work, person, address)):
            found.append(f"Write to an address that the alleged perpetrator does not share ({said}), or asb person "
                         f"{work.case.number} set {person.id} --safe-address ADDRESS")
        if names_an_accused(work.case, person):
            found.append("Write to one of them, under the name that is theirs: the other is accused by theirs")
        if not address and "domestic-abuse" in work.case.flags:
            found.append("Find out where it is safe to write to")
    if person.name == ERASED:
        found.append("Their name was erased: say who they are")
    if ERASED in person.do_not:
        found.append("What they asked not to be done was erased: find out how they may be reached")
    if "letter" in not_by(person):
        found.append(f"They asked not to be written to (do not {'; '.join(person.do_not)}); if that is not what it "
                     "says, --do-not none, then anew in other words")
    number = work.case.number
    found += [f"Find out whether they are who {ref(other)} says how to reach safely: asb person {number} set "
              f"{person.id}, with all that asb show {other} says of it, or --safe-address none if they are not"
              for other in maybe_unsafe(work, person)]
    return tuple(Gate(("letter",), title, "Safe contact", "3.3.7", Condition()) for title in found)


def _as_sent(work: Casework, person: Person, kind: words.LetterKind, text: str | None, sent: Moment,
             because: str | None) -> str | None:
    """The text of a letter that has gone; one that the door would not have let out is a breach, and not kept."""
    try:
        return _letter(work, person, kind, text, sent).text
    except Leak as fault:
        work.record(None, Breach("letter", (fault.problem,), because))
        work.warnings.append(f"recorded, though it should not have gone: {fault.problem}")
        return None


def _letter(work: Casework, person: Person, kind: words.LetterKind, text: str | None, sent: Moment | None) -> Cleared:
    log = corrected(work.log)
    case = work.case
    warned = [each for each in log if isinstance(each.entry, Warned) and each.entry.person == person.id]
    if kind == "warning" and not warned:
        raise NotAllowed(f"no warning to {person.id} is recorded in {ref(case.number)} (7.3.1)",
                         f"asb warn {case.number} {person.id} --level written --requires TEXT")
    if kind == "warning" and not warned[-1].entry.requires and not _refused_interview(case, person):
        wrong = f"the warning to {person.id} does not say what they must do to avoid further action (7.3.1)"
        if sent is None:
            raise NotAllowed(wrong, f"asb warn {case.number} {person.id} --level {warned[-1].entry.level} "
                                    "--requires TEXT")
        work.breach("letter", wrong)
    agreed = [event.every for event in case.events if event.name == "contact.agreed" and event.every]
    if kind == "contact-agreed" and not agreed:
        raise NotAllowed(f"how often contact is kept was not agreed in {ref(case.number)} (4.2.2)",
                         f'asb change {case.number} --contact-every "1 week"')
    last = warned[-1] if warned else None
    if kind == "closing":
        _told_why(work, person, text)
    fields = forms.Fields(
        officer=case.officer,
        today=(sent or work.desk.office.moment).day,
        outcome=_outcome_told(work, person),
        level=last.entry.level if last else "",
        contact_every=f"every {agreed[-1].removeprefix('1 ')}" if agreed else "",
        procedure=tuple(each.text for each in _paragraphs(work, person, kind, sent)),
        requires=Passage(last.entry.requires, last.seq) if last and last.entry.requires else None,
        text=Passage(text, typed_now=True) if text else None,
    )
    return forms.letter(case, person, kind, fields, secrets_from(work, reader=person.id))


def _refused_interview(case: Case, person: Person) -> bool:
    """Whether somebody is warned because they refused the interview (7.2.1), which asks for nothing but that."""
    return any(event.name == "interview.perpetrator.declined" and event.person in (None, person.id)
               for event in case.events)


def _paragraphs(work: Casework, person: Person, kind: words.LetterKind, sent: Moment | None) -> list[Paragraph]:
    """What the procedure has this letter say to this side, as the case stands for them."""
    facts = work.facts(at=sent, person=person)
    return [each for each in work.procedure.paragraphs.values()
            if kind in each.letters and forms.side(person) in each.to and each.condition.holds(facts)]


def _answered(work: Casework, person: Person, kind: words.LetterKind, sent: Moment) -> tuple[str, ...]:
    """The questions that a letter to the victim answers by what it says."""
    if forms.side(person) != forms.VICTIM:
        return ()
    return tuple(each.answers for each in _paragraphs(work, person, kind, sent) if each.answers)


def _outcome_told(work: Casework, person: Person) -> str:
    """The reason for closing in the procedure's words for that side; nothing where it has none for them."""
    outcome = work.procedure.outcomes.get(work.case.outcome or "")
    if outcome is None:
        return ""
    if forms.side(person) == forms.PERPETRATOR:
        return outcome.to_perpetrator
    return outcome.to_victim or f"The reason: {outcome.title}."


def _told_why(work: Casework, person: Person, text: str | None) -> None:
    """Warn where a closing letter may say too little: the officer's own reason is never told to anybody."""
    if work.case.status != "closed":
        work.warnings.append(f"{ref(work.case.number)} is not closed yet, and the letter says that it is")
    elif not text and (work.case.outcome == "closed-unresolved" or not _outcome_told(work, person)):
        work.warnings.append("the reason typed on closing is told to nobody: --text TEXT explains it to "
                             f"{person.id}, in words meant for them")


def _not_sent(work: Casework, person: Person, because: str | None, override: str | None,
              approved_by: str | None) -> Recorded:
    """A closing letter that is not sent: the reason, and the role that may decide so."""
    gate = next((each for each in work.procedure.gates if "letter.perpetrator" in each.before and each.role), None)
    if not (because and override and approved_by):
        raise BadInput("a letter that is not sent needs its reason and who decided",
                       "--because TEXT --override ROLE --approved-by NAME")
    if gate and not may_override(work.procedure, override, gate):
        raise NotAllowed(f"the {override} may not decide that: it takes the {gate.role}", f"--override {gate.role}")
    work.second_person(override, approved_by, "letter.not-sent", happened=False)
    work.record(None, Approval(override, approved_by, because, "letter.not-sent", ("No closing letter is sent",),
                               person.id))
    work.record(None, LetterWritten("closing", person.id, "not-sent", because=because))
    return work.finish(f"no closing letter to {person.id}.")


def _drafted(work: Casework, form: Cleared, out: str | None, after: str) -> Recorded:
    """What was written, shown or put into a file; nothing of it is logged but an approval, or a look."""
    recorded = [each.entry for each in work.log if each.seq > work.began]
    done = work.told() if all(isinstance(entry, Viewed) for entry in recorded) else work.finish("")
    done.stored = bool(recorded)
    done.line = _delivered(form, out)
    done.warnings, done.guidance, done.next_step = work.warnings, [], after
    return done


def _delivered(form: Cleared, out: str | None) -> str:
    if not out or out == "-":
        return form.text.rstrip("\n")
    write(Path(out), form)
    return f"wrote {out}"


# -- subject access

def subject_access(office: Office, *, case: int, for_: str, received: Moment | None = None,
                   reviewed_by: str | None = None, pass_: tuple[int, ...] = (), out: str | None = None,
                   because: str | None = None, if_last: int | None = None) -> Recorded:
    """The reply to somebody's request (6.3.4): a draft until a named reviewer passed it, which meets the duty.

    Raises BadInput for entries passed by nobody, NotFound for entries that are not there, NotAllowed where it would
    tell of somebody else, or tell an alleged perpetrator who knows of no case that there is one.
    """
    if pass_ and not reviewed_by:
        raise BadInput("free text is passed by a named reviewer", "--reviewed-by NAME")
    with office.desk() as desk:
        work = desk.case(case, step="subject-access", if_last=if_last)
        person = work.someone(for_, also_removed=True)
        log = sorted(corrected(work.log), key=lambda each: each.seq)
        missing = sorted(set(pass_) - {each.seq for each in log})
        if missing:
            raise NotFound(f"{ref(case)} has no entry {', '.join(map(str, missing))}", f"asb history {case}")
        if forms.side(person) == forms.PERPETRATOR and not reviewed_by and not _knows(work.case, person):
            raise NotAllowed(f"{person.id} was never contacted in {ref(case)}: whether they may know of it, "
                             "a reviewer decides", "--reviewed-by NAME")
        held = access.contents(work.case, person, log, pass_)
        secrets = secrets_from(work, reader=person.id)
        form = access.reply(held, secrets, reviewer=reviewed_by, safety=person.safety,
                            as_json=bool(out) and str(out).endswith(".json"))
        work.looked_at(because)
        _log_request(work, person, received)
        for number, name in _elsewhere(work, person):
            told = as_told(desk.case(number, step="subject-access").case)
            work.warnings.append(f"{told} has somebody of the same name ({name}): asb dsar there too")
        if reviewed_by:
            work.warnings += desk.alone(reviewed_by, "reviewed the reply")
            work.record(None, SubjectAccess(
                person.id, "supplied", reviewed_by, tuple(sorted(set(pass_))), tuple(sorted(held["withheld"].items())),
                hashlib.sha256(form.text.encode()).hexdigest(),
            ))
        done = work.finish("")
        done.shape = {"safety": person.safety, **held, "reviewed_by": reviewed_by}
        done.line = _delivered(form, out)
        waiting = [str(each.seq) for each in log if access.is_about(each.entry, person.id)
                   and access.is_free_text(each.entry) and each.seq not in pass_]
        done.next_step = "" if reviewed_by else (
            f"asb dsar {case} --for {person.id} --reviewed-by NAME"
            + "".join(f" --pass {number}" for number in waiting))
        return done


def _knows(case: Case, person: Person) -> bool:
    """Whether an alleged perpetrator was told anything in the case."""
    return any(event.name in _TOLD_THEM and event.person in (None, person.id) for event in case.events)


def _log_request(work: Casework, person: Person, received: Moment | None) -> None:
    """Start the clock of a request that nobody noted yet."""
    asked, supplied = (
        [event for event in work.case.events
         if event.name == f"event.subject-access-{step}" and event.person in (None, person.id)]
        for step in ("request", "supplied")
    )
    if len(asked) <= len(supplied):
        work.record(received, SubjectAccess(person.id, "asked"))


def _elsewhere(work: Casework, person: Person) -> list[tuple[int, str]]:
    numbers = work.desk.tx.cases_with([person.id], [person.name])
    return [(number, person.id) for number in numbers if number != work.case.number]
