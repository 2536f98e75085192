"""Opening a case: the report taken down, categorised, and the people in it named (sections 2 and 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from typing import Any

from msgspec.structs import replace

from asbcli import words
from asbcli.casefile.case import Case
from asbcli.casefile.entries import Linked, Logged, NamedPerson, PersonKnown, Report, who_report
from asbcli.casefile.history import people_named
from asbcli.casework.elsewhere import safe_elsewhere
from asbcli.casework.parties import is_named_in, people_of
from asbcli.casework.record import Desk, Office
from asbcli.casework.telling import Recorded, whose
from asbcli.errors import BadInput, MaybeKnown, NeedsReason, NotAllowed, NotFound
from asbcli.forms.verbs import ANONYMOUS
from asbcli.moments import Moment
from asbcli.outputs.leaks import names_given_by
from asbcli.procedure.clock import Deadline
from asbcli.procedure.rules import Procedure
from asbcli.store.shapes import ref

SAME_REPORT_MINUTES = 10


# What is known of somebody and still holds in a case that follows.
CARRIED = ("tenure", "tenancy", "phone", "email", "prefers", "needs", "adjustments", "interpreter", "companion",
           "investigator", "safe_address", "safe_times", "do_not")


def open_case(office: Office, *, new: bool = False, from_: int | None = None, **answers: Any) -> Recorded:
    """Open a case, or one linked case for each definition given (2.2.1); `from_` takes over a case's details.

    Raises BadInput (an unknown category, priorities that disagree without a reason, a possible duplicate).
    """
    with office.desk() as desk:
        if from_ is not None:
            before = desk.case(from_, step="link").case
        saved = take_report(desk, answers, known=before if from_ is not None else None,
                            linked=(from_, "other-definition") if from_ is not None else None,
                            new=new or from_ is not None)
        if from_ is not None:
            link_back(desk, from_, saved[0][0].number, "other-definition")
        return _told(desk, saved)


def reopen(office: Office, *, case: int, because: str, if_last: int | None = None, **answers: Any) -> Recorded:
    """Open a new case linked to a closed one, which stays closed (15.1, 15.2)."""
    with office.desk() as desk:
        old = desk.case(case, step="link", if_last=if_last).case
        if old.status == "open":
            raise NotAllowed(f"{ref(case)} is still open", f"asb log-incident {case} TEXT")
        saved = take_report(desk, {**answers, "because": because}, known=old, linked=(case, "reopened-from"), new=True)
        link_back(desk, case, saved[0][0].number, "reopened-as")
        return _told(desk, saved)


def take_report(desk: Desk, said: dict[str, Any], *, known: Case | None = None,
                linked: tuple[int | None, str] | None = None,
                new: bool = False) -> list[tuple[Case, list[Deadline]]]:
    """Record the report and open a case for each of its definitions, linked with the others.

    What is not `said` is as in the case it follows from, which is `known`.
    """
    if said.get("complainant") == ANONYMOUS:
        said = {**said, "complainant": None, "anonymous": True}
    answers = {**(details_of(known) if known else {}), **said}
    received: Moment = answers.get("received") or desk.office.moment
    procedure = desk.procedure_for(received.day)
    if known:
        answers["flag"] = [*answers.get("flag", ()), *(flag for flag in known.flags if _protects(procedure, flag))]
    definitions = tuple(answers.get("definition") or ())
    if not definitions:
        raise BadInput("a case needs a definition", f"--definition {'|'.join(words.DEFINITIONS)}")
    _one_tenure(answers)
    people = people_of(desk, said, known)
    if known:
        answers |= _as_named(people, said, desk.tx.log(known.number))
    report = _report(desk, procedure, answers, people, linked)
    others = [replace(report, definition=definition, import_digest=None) for definition in definitions[1:]]
    if not new:
        ask_about_duplicates(desk, report)
    numbers = [desk.tx.next_case() for _ in definitions]
    logs = [
        [desk.append(number, received, each)]
        for number, each in zip(numbers, [report, *others], strict=True)
    ]
    for number, log in zip(numbers, logs, strict=True):
        log += [desk.append(number, received, each) for each in _still_known(known, report)]
        for other in numbers:
            if other != number:
                log.append(desk.append(number, received, Linked(other, "other-definition")))
    return [desk.save(number, log, new=True) for number, log in zip(numbers, logs, strict=True)]


def _as_named(people: Sequence[NamedPerson], said: Mapping[str, Any], before: list[Logged]) -> dict[str, Any]:
    """What follows for the other answers from who is in the report now, and in the case before: nobody has the address
    of somebody else, nor named who others did."""
    found: dict[str, Any] = {role: [one.name for one in people if role in one.roles]
                             for role in ("perpetrator", "witness") if role not in said}
    [report] = [each.entry for each in before if isinstance(each.entry, Report)]
    if "address" not in said and who_report(people) != who_report(report.people):
        found["address"] = None
    named = {of for reader in who_report(people) for of in names_given_by(before, reader)}
    known = {one.id for one in people_named(before)}
    found["taken_along"] = tuple(one.id for one in people if one.id in known - named and not is_named_in(said, one))
    return found


def _protects(procedure: Procedure, flag: str) -> bool:
    """Whether a flag comes off with a role alone, and so is not left out of what follows either."""
    return flag in procedure.flags and procedure.flags[flag].removed_by is not None


def _still_known(known: Case | None, report: Report) -> Iterator[PersonKnown]:
    """What the case before knew of its people, how to reach them without harm above all; identity is checked anew."""
    for named in report.people:
        if known and (person := known.people.get(named.id)):
            said = {name: getattr(person, name) for name in CARRIED if getattr(person, name)}
            if said:
                yield PersonKnown(person.id, **said)


def _told(desk: Desk, saved: list[tuple[Case, list[Deadline]]]) -> Recorded:
    """What was opened: the first case, and which others with it."""
    (case, found), *others = saved
    procedure = desk.procedure(case.procedure)
    also = f" with {', '.join(ref(other.number) or '' for other, _ in others)}" if others else ""
    level = next(each.title for each in procedure.priorities if each.id == case.priority)
    told = desk.told(case, found, f"Opened {ref(case.number)}{also}, {level}{whose(case)}.")
    called = Counter(who.name.casefold() for who in case.named)
    if any(count > 1 for count in called.values()):
        told.warnings.append("two people in this case have one name: name one by id, as asb show prints it")
    told.warnings += safe_elsewhere(desk, case.number, (who for who in case.named if not who.safety))
    if case.received and case.received.day < procedure.in_force_from:
        told.warnings.append(f"received before any procedure was in force: held to {procedure.key}, the first")
    return told


def report_problems(desk: Desk, answers: dict[str, Any]) -> list[BadInput]:
    """Everything about the answers that the procedure does not know, or that does not go together."""
    received = answers.get("received")
    procedure = desk.procedure_for((received if isinstance(received, Moment) else desk.office.moment).day)
    categories, flags = tuple(answers.get("category") or ()), tuple(answers.get("flag") or ())
    asked: list[Callable[[], Any]] = [
        *(partial(flags_for, procedure, (each,), {}) for each in categories),
        *(partial(flags_for, procedure, (), {"flag": (each,)}) for each in flags),
        partial(_one_tenure, answers),
    ]
    problems = _refused(asked)
    if not problems:  # what a priority has to be follows from what is known
        problems = _refused([lambda: priority_for(
            procedure, categories, flags_for(procedure, categories, answers), answers.get("priority"),
            answers.get("because"))] if categories or answers.get("priority") else [])
    return problems


def _refused(asked: Iterable[Callable[[], Any]]) -> list[BadInput]:
    found = []
    for each in asked:
        try:
            each()
        except BadInput as fault:
            found.append(fault)
        except NotAllowed as fault:
            found.append(BadInput(fault.problem, fault.hint))
    return found


def _one_tenure(answers: dict[str, Any]) -> None:
    """Raise BadInput where a tenure was given and not one alleged perpetrator's name."""
    named = [name for name in answers.get("perpetrator") or () if name not in ("unknown", "none")]
    if answers.get("perpetrator_tenure") and len(set(named)) != 1:
        raise BadInput("--perpetrator-tenure goes with one named perpetrator",
                       "asb person N add perpetrator NAME --tenure TENURE, for each")


def _report(desk: Desk, procedure: Procedure, answers: dict[str, Any], people: tuple[NamedPerson, ...],
            linked: tuple[int | None, str] | None) -> Report:
    categories = tuple(dict.fromkeys(answers.get("category") or ()))
    flags = flags_for(procedure, categories, answers)
    priority = priority_for(procedure, categories, flags, answers.get("priority"), answers.get("because"))
    plain = ("channel", "reporter", "address", "place", "previous_incidents", "police_informed",
             "immediate_danger", "perceived_by", "because", "external_ref",
             "import_digest")
    happened = answers.get("happened")
    perpetrators = tuple(answers.get("perpetrator") or ())
    witnesses = tuple(answers.get("witness") or ())
    return Report(
        priority=priority,
        definition=answers["definition"][0],
        summary=answers["summary"],
        officer=answers.get("officer") or desk.office.actor,
        procedure=procedure.key,
        categories=by_priority(procedure, categories),
        flags=flags,
        people=people,
        taken_along=answers.get("taken_along", ()),
        anonymous=bool(answers.get("anonymous")),
        relevant_authority=bool(answers.get("relevant_authority")),
        happened=happened if isinstance(happened, Moment) else None,
        happened_unknown=happened == "unknown",
        perpetrator_known=_known(perpetrators),
        witnesses_known=_known(witnesses),
        linked_to=linked[0] if linked else None,
        link_kind=linked[1] if linked else None,  # type: ignore[arg-type]
        **{name: answers.get(name) for name in plain},
    )


def _known(named: tuple[str, ...]) -> Any:
    """Whether anybody was named: `unknown` and `none` are answers too (3.2.1)."""
    if not named:
        return None
    return {"unknown": "unknown", "none": "no"}.get(named[0], "yes")


def flags_for(procedure: Procedure, categories: tuple[str, ...], answers: dict[str, Any]) -> tuple[str, ...]:
    """The flags of a report: those its categories set, those that were named, immediate danger. BadInput."""
    for category in categories:
        known_or_nearest(category, procedure.categories, "category")
        if not procedure.categories[category].asb:
            raise BadInput(f"{category} is not anti-social behaviour under {procedure.key}: advice, and no case",
                           "asb procedure show lists the categories")
    named = tuple(answers.get("flag") or ())
    for flag in named:
        known_or_nearest(flag, procedure.flags, "flag")
    set_by = [flag for category in categories for flag in procedure.categories[category].flags]
    danger = ["immediate-danger"] if answers.get("immediate_danger") == "yes" else []
    return tuple(dict.fromkeys([*set_by, *named, *danger]))


def known_or_nearest(word: str, known: Any, what: str) -> None:
    """Raise BadInput for a word the procedure does not have, with the nearest it has."""
    if word not in known:
        near = get_close_matches(word, list(known), 1)
        raise BadInput(f"{word!r} is no {what} of the procedure",
                       f"did you mean {near[0]}?" if near else f"one of: {', '.join(known)}")


def by_priority(procedure: Procedure, categories: tuple[str, ...]) -> tuple[str, ...]:
    """The categories, the most serious first; of one priority as they were named."""
    return tuple(sorted(categories, key=lambda each: procedure.rank(procedure.categories[each].priority)))


def least_priority(procedure: Procedure, flags: tuple[str, ...]) -> str | None:
    """The least priority the flags ask for."""
    return procedure.highest(level for flag in flags if (level := procedure.flags[flag].priority))


def priority_for(procedure: Procedure, categories: tuple[str, ...], flags: tuple[str, ...],
                 chosen: str | None, because: str | None) -> str:
    """The case's priority (2.1.1): the highest of its categories and flags, or another, with a reason.

    Raises BadInput where there is neither, or no reason; NotAllowed below what a flag asks for.
    """
    least = least_priority(procedure, flags)
    asked = [procedure.categories[category].priority for category in categories]
    own = procedure.highest([*asked, *([least] if least else [])])
    if chosen is None:
        if own is None:
            raise BadInput("a case needs a priority or a category", "--priority, or --category ID")
        return own
    known_or_nearest(chosen, [level.id for level in procedure.priorities], "priority")
    if own and chosen != own and not because:
        raise NeedsReason(f"priority {chosen} is not the one its category or flag asks for ({own}, 2.1.1)",
                          "--because TEXT says why, or leave --priority out")
    if least and procedure.rank(chosen) > procedure.rank(least):
        flag = next(flag for flag in flags if procedure.flags[flag].priority == least)
        raise NotAllowed(f"a case with the flag {flag} has at least priority {least} (2.1.1)",
                         "asb flag N remove, with its reason, comes first")
    return chosen


def details_of(case: Case) -> dict[str, Any]:
    """A case's people and details, as defaults for a report that follows from it."""
    def names(role: str) -> list[str]:
        return [person.name for person in case.people_as(role)]

    found: dict[str, Any] = {
        "priority": None,
        "category": list(case.categories),
        "definition": [case.definition],
        "summary": case.summary,
        "flag": list(case.flags),
        "address": case.address,
        "place": case.place,
        "channel": case.channel,
        "reporter": case.reporter,
        "anonymous": case.anonymous,
        "officer": case.officer,
        "complainant": next(iter(names("complainant")), None),
        "victim": next(iter(names("victim")), None),
        "reported_by": next(iter(names("third-party")), None),
        "perpetrator": names("perpetrator"),
        "witness": names("witness"),
    }
    if not case.categories:
        found["priority"] = case.priority
    return {name: value for name, value in found.items() if value}


def link_back(desk: Desk, number: int, opened: int, kind: words.LinkKind) -> None:
    """Say in the older case which case follows from it."""
    work = desk.case(number, step="link")
    work.record(None, Linked(opened, kind))
    work.finish("linked")


def ask_about_duplicates(desk: Desk, report: Report) -> None:
    """Show an open case this may be (3.2.1): the same people, or the same report just typed. BadInput."""
    matches = possible_duplicates(desk, report)
    if matches:
        raise MaybeKnown(
            f"this may be a case that is open already: {', '.join(ref(number) or '' for number in matches)}",
            f"asb log-incident {matches[0]} TEXT adds to it; --new says that it is not the same",
        )


def possible_duplicates(desk: Desk, report: Report) -> list[int]:
    """Open cases of the same victim or complainant about the same thing, or of the same words, just recorded."""
    since = (desk.now - timedelta(minutes=SAME_REPORT_MINUTES)).isoformat(timespec="microseconds")
    return desk.tx.similar_cases(
        summary=report.summary,
        recorded_since=since,
        names=[person.name for person in report.people if {"victim", "complainant"} & set(person.roles)],
        categories=report.categories,
    )


def no_such_rule(rule: str, known: Any) -> NotFound:
    """The refusal of a rule the procedure does not have, with the nearest it has."""
    near = get_close_matches(rule, list(known), 1)
    return NotFound(f"the procedure has no rule {rule!r}",
                    f"did you mean {near[0]}?" if near else "asb procedure show lists the rules")

