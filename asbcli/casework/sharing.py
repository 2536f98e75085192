"""What others of a case must not learn or share: gathered from every case that its people stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from typing import NamedTuple

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import ERASED, Logged
from asbcli.casefile.history import corrected, history, people_named
from asbcli.casework.record import Casework
from asbcli.outputs.leaks import Secret, address_secret, names_of, own_of, secrets_of
from asbcli.procedure.register_rules import of_tenancies
from asbcli.recognising import places, sameness
from asbcli.store.shapes import RESTRICTED, ref


def secrets_from(work: Casework, *, reader: str | None) -> tuple[Secret, ...]:
    """Everything of the others in this case, and in those linked with it or sharing somebody, under an id or a name.

    A name they had before counts too: putting it right opens nothing. Of the people of a case that is neither linked
    nor the reader's a name counts whole: a first name alone says nothing of somebody elsewhere.
    """
    own = own_of(work.log, reader)
    found = list(secrets_of(work.log, reader=reader))
    linked = {link.number for link in work.case.links}
    called = sameness.keys(work.case.people[reader].called) if reader in work.case.people else set()
    for number, log in _elsewhere(work, work.case.people, names_of(work.log), linked):
        near = number in linked or any(one.id == reader or called & sameness.keys([one.name])
                                       for one in people_named(log))
        found += [(secret if near else secret.whole).without(own) for secret in secrets_of(log, reader=reader)]
    let = _tenancies(work)
    for who in work.case.people.values():
        if who.id != reader:
            found += [address_secret(f"{who.id}'s address", lease.address, safe=False).without(own)
                      for key in sameness.keys(who.called) for lease in let.get(key, ())]
    return tuple(dict.fromkeys(secret for secret in found if secret.says_anything))


def shared_as(work: Casework, person: Person, address: str) -> str | None:
    """What says now that an alleged perpetrator lives where a letter would go: a case, or a tenancy."""
    those = _ever_perpetrators(work, person)
    names = {name for of in those for name in work.case.people[of].called}
    keys = sameness.keys(names)
    cases = [work.case, *(history(number, log) for number, log in _elsewhere(work, those, names))]
    let = _tenancies(work)
    said = [*((f"a case that is {RESTRICTED}" if RESTRICTED in case.flags and case is not work.case else
               ref(case.number), each) for case in cases for each in _addresses(case, those, keys)),
            *(("a tenancy", lease.address) for key in keys for lease in let.get(key, ()) if not lease.ended)]
    return next((where for where, each in said if each != ERASED and places.same_address(address, each)), None)


def linked_that_share(work: Casework, address: str) -> list[int]:
    """The cases linked with this one whose alleged perpetrator lives where a letter would go: it may be the same."""
    found = []
    for number in sorted({link.number for link in work.case.links}):
        case = history(number, work.desk.tx.log(number))
        those = {one.id for one in case.people_as("perpetrator")}
        if any(places.same_address(address, each) for each in set(_addresses(case, those, set())) - {ERASED}):
            found.append(number)
    return found


class Lease(NamedTuple):
    """Where a tenancy of ours is or was."""

    address: str
    ended: bool


def _tenancies(work: Casework) -> dict[str, list[Lease]]:
    """Where our tenants have or had a tenancy, each of joint ones, by their names as they are compared."""
    found: dict[str, list[Lease]] = {}
    for log in of_tenancies(work.desk.tx.log(None)).values():
        begun = log[0].entry
        lease = Lease(begun.address or ERASED, any(each.entry.step == "ended" for each in log))
        for name in sameness.each_of(begun.tenant or ERASED) if ERASED not in (begun.tenant, lease.address) else ():
            found.setdefault(sameness.key(name), []).append(lease)
    return found


def _elsewhere(work: Casework, ids: Collection[str], names: Collection[str],
               linked: Collection[int] = ()) -> Iterator[tuple[int, list[Logged]]]:
    """The logs of the other cases that somebody of these ids or names is in, and of those linked."""
    for number in sorted({*linked, *work.desk.tx.cases_with(ids, names)} - {work.case.number}):
        yield number, work.desk.tx.log(number)


def _ever_perpetrators(work: Casework, person: Person) -> set[str]:
    """Who is an alleged perpetrator, or was one and was removed: they may be named again in another spelling.

    Not who is written to, if they were named so by mistake.
    """
    named = {one.id for one in work.case.named}
    removed = {one.id for one in people_named(corrected(work.log))
               if "perpetrator" in one.roles and one.id not in named and one.id in work.case.people
               and not sameness.same_person(one.name, person.name)}
    return removed | {one.id for one in work.case.people_as("perpetrator")}


def _addresses(case: Case, ids: Collection[str], keys: Set[str]) -> Iterator[str]:
    """Where these people live as a case has it now, also under another id or a former name."""
    for who in case.people.values():
        if who.id in ids or keys & sameness.keys(who.called):
            yield from filter(None, (who.address, who.safe_address))
