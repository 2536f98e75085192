"""A case, with its deadlines, as the rows the tables hold; one spelling of it, for writing and for verifying."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from asbcli import words
from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import ERASED
from asbcli.moments import Moment
from asbcli.procedure.clock import Deadline
from asbcli.recognising import sameness

Rows = dict[str, list[dict[str, Any]]]

# In the order foreign keys allow; a rewrite deletes in the opposite one.
OF_A_CASE = ("cases", "labels", "people", "aliases", "person_roles", "incidents", "actions", "evidence", "links",
             "deadlines")


def person_number(person_id: str) -> int:
    """`P12` as the tables hold it."""
    return int(person_id[1:])


def person_id(number: int) -> str | None:
    """The id a person is shown by, or None for nobody in particular."""
    return f"P{number}" if number else None


def rows_of(case: Case, deadlines: list[Deadline]) -> Rows:
    """Everything the tables hold of one case."""
    number = case.number
    return {
        "cases": [_case_row(case)],
        "labels": [
            {"case_number": number, "family": family, "label": label, "place": place}
            for family, labels in (("category", case.categories), ("flag", case.flags))
            for place, label in enumerate(labels)
        ],
        "people": [
            {
                "case_number": number, "person": person_number(person.id), "name": person.name,
                "name_key": _name_key(person),
                **{name: getattr(person, name) for name in words.KNOWN_OF_PERSON},
                "do_not": json.dumps(person.do_not, ensure_ascii=False),
            }
            for person in case.people.values()
        ],
        "aliases": [
            {"case_number": number, "person": person_number(person.id), "name_key": key, "name": name}
            for person in case.people.values()
            for key, name in _aliases(person)
        ],
        "person_roles": [
            {"case_number": number, "person": person_number(person.id), "role": role, "identified": since.text}
            for person in case.people.values()
            for role, since in person.roles.items()
        ],
        "incidents": [
            {
                "seq": incident.seq, "case_number": number, "happened": _text(incident.happened),
                "received": incident.received.text, "text": incident.text, "place": incident.place,
            }
            for incident in case.incidents
        ],
        "actions": [
            {
                "case_number": number, "item": action.item, "text": action.text, "who": action.who,
                "due": _text(action.due), "resolving": action.resolving, "done": _text(action.done),
            }
            for action in case.plan.values()
        ],
        "evidence": [
            {
                "seq": each.seq, "case_number": number, "digest": each.digest, "size": each.size,
                "name": each.name, "taken": each.taken.text, "text": each.text,
            }
            for each in case.evidence
        ],
        "links": [
            {"case_number": number, "other": other, "kind": kind}
            for other, kind in dict.fromkeys((link.number, link.kind) for link in case.links)
        ],
        "deadlines": [deadline_row(row, number, case.procedure, case.officer) for row in deadlines],
    }


def _aliases(person: Person) -> Iterable[tuple[str, str]]:
    """The other names somebody is found by, each with how it is compared."""
    if not person.formerly and not sameness.may_be_several(person.name):
        return []
    found = {sameness.key(each): each for name in person.called if name != ERASED for each in sameness.called(name)}
    return [(key, name) for key, name in found.items() if key not in ("", _name_key(person))]


def _name_key(person: Person) -> str:
    return "" if person.name == ERASED else sameness.key(person.name)


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "number": case.number, "status": case.status, "priority": case.priority,
        "definition": case.definition, "summary": case.summary, "received": _text(case.received),
        "recorded_at": case.recorded_at, "officer": case.officer, "procedure": case.procedure,
        "channel": case.channel, "reporter": case.reporter, "anonymous": case.anonymous,
        "address": case.address, "place": case.place, "outcome": case.outcome,
        "date_completed": _text(case.date_completed), "final_letter_sent": _text(case.final_letter_sent),
        "closed": _text(case.closed), "last_entry": case.last_entry,
    }


def deadline_row(row: Deadline, number: int | None, procedure: str, officer: str | None) -> dict[str, Any]:
    """One deadline as its table holds it."""
    rule = row.rule
    late = row.overdue_after
    return {
        "case_number": number, "procedure": procedure, "rule": rule.id,
        "person": person_number(row.person) if row.person else 0, "item": row.item or "",
        "occurrence": row.occurrence, "started": row.started.text,
        "within": row.limit.words if row.limit else None, "due": _text(row.due),
        "act_by": row.act_by.isoformat() if row.act_by else None,
        "overdue_after": late.isoformat() if late else None,
        "met": _text(row.met), "ended": _text(row.ended), "officer": officer,
        "notes": " ".join(row.notes), "reason": row.reason,
        "lacking": "" if row.ended else " ".join(row.lacking),
    }


def _text(moment: Moment | None) -> str | None:
    return moment.text if moment else None
