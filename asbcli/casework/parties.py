"""Who is in a report: one id a person, as it was in the case the report follows from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asbcli import words
from asbcli.casefile.case import Case
from asbcli.casefile.entries import NamedPerson
from asbcli.casework.record import Desk
from asbcli.errors import NotFound
from asbcli.forms.answers import each_of
from asbcli.recognising import sameness

# Which option names the people of a role.
NAMED_BY = {"complainant": "complainant", "victim": "victim", "third-party": "reported_by",
            "perpetrator": "perpetrator", "witness": "witness"}
ACCUSED = "perpetrator"

_Who = str | tuple[str, bool]  # the id of who is known; else the name, and whether they are accused


def people_of(desk: Desk, said: Mapping[str, Any], known: Case | None) -> tuple[NamedPerson, ...]:
    """Everyone in a report of which this was said; people of the case it comes from keep their ids, and are all in it
    again in each role that the officer named nobody for, unless they are named on the other side now."""
    roles: dict[_Who, list[words.Role]] = {}
    for who, role in _in_roles(said, known):
        named = roles.setdefault(_one_of(roles, who), [])
        named += [] if role in named else [role]
    lives = "complainant" if any("complainant" in named_as for named_as in roles.values()) else "victim"
    people = []
    for who, named_as in roles.items():
        old = known.people[who] if known and isinstance(who, str) else None
        tenure = said.get("perpetrator_tenure") if ACCUSED in named_as else None
        told = said.get("address") if lives in named_as else None
        people.append(
            NamedPerson(
                id=old.id if old else desk.tx.next_person(),
                name=old.name if old else who[0],
                roles=tuple(named_as),
                tenure=tenure or (old.tenure if old else None),  # type: ignore[arg-type]
                tenancy=old.tenancy if old else None,  # type: ignore[arg-type]
                address=told or (old.address if old else None),
            )
        )
    return tuple(people)


def is_named_in(said: Mapping[str, Any], one: NamedPerson) -> bool:
    """Whether a report names somebody itself, by name or id."""
    names = [name for option in NAMED_BY.values() for name in _names(said.get(option))]
    return any(name.casefold() == one.id.casefold() or sameness.surely_one(one.name, name) for name in names)


def _in_roles(said: Mapping[str, Any], known: Case | None) -> Iterator[tuple[_Who, words.Role]]:
    """Whom a report has in each role: named, or as they were before; who complains is the victim where no other is."""
    now = {role: [_who(name, role, known) for name in _names(said.get(option))] for role, option in NAMED_BY.items()}
    turned = {(who, role == ACCUSED) for role, named in now.items() for who in named}
    for role, option in NAMED_BY.items():
        before = [] if option in said or known is None else [
            person.id for person in known.people_as(role) if (person.id, role != ACCUSED) not in turned]
        instead = now["complainant"] if role == "victim" else []
        for who in now[role] or before or instead:
            yield who, role  # type: ignore[misc]


def _names(given: Any) -> list[str]:
    return [str(name) for name in each_of(given) if name not in ("unknown", "none")]


def _who(name: str, role: str, known: Case | None) -> _Who:
    """Somebody of the case before by their id, or by this name, in this role if there are two; else the name.

    Raises NotFound for an id of nobody.
    """
    there = known.named if known else []
    if by_id := next((each.id for each in there if each.id.casefold() == name.casefold()), None):
        return by_id
    if re.fullmatch(r"[Pp]\d+", name):
        raise NotFound(f"{name} is an id, and of nobody in the case this follows from", "type who it is by name")
    before = [each for each in there if sameness.surely_one(each.name, name)]
    return next((each.id for each in before if role in each.roles), before[0].id if before else (name, role == ACCUSED))


def _one_of(named: Iterable[_Who], who: _Who) -> _Who:
    """Who is meant of those that are named already, on the same side: a father may complain of a son of his name."""
    if isinstance(who, str):
        return who
    return next((each for each in named if isinstance(each, tuple) and each[1] == who[1]
                 and sameness.surely_one(each[0], who[0])), who)
