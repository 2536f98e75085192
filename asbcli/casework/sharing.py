"""What others of a case must not learn or share: gathered from every case that its people stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import ERASED, Logged, NamedPerson, PersonAdded
from asbcli.casefile.history import corrected, history
from asbcli.casework.record import Casework
from asbcli.outputs.leaks import Secret, address_secret, names_of, own_of, secrets_of
from asbcli.procedure.register_rules import of_tenancies
from asbcli.recognising import places, sameness


def secrets_from(work: Casework, *, reader: str | None) -> tuple[Secret, ...]:
    """Everything of the others in this case, and in those linked with it or sharing somebody, under an id or a name.

    A name they had before counts too: putting it right opens nothing. Of the people of a case that is neither linked
    nor the reader's a name counts whole: a first name alone says nothing of somebody elsewhere.
    """
    own = own_of(work.log, reader)
    found = list(secrets_of(work.log, reader=reader))
    linked = {link.number for link in work.case.links}
    called = {sameness.key(work.case.people[reader].name)} if reader in work.case.people else set()
    for number, log in _elsewhere(work, work.case.people, names_of(work.log), linked):
        near = number in linked or any(one.id == reader or sameness.key(one.name) in called for one in _named(log))
        found += [(secret if near else secret.whole).without(own) for secret in secrets_of(log, reader=reader)]
    let = _tenancies(work)
    for who in work.case.people.values():
        if who.id != reader:
            found += [address_secret(f"{who.id}'s address", lease.address, safe=False).without(own)
                      for lease in let.get(sameness.key(who.name), ())]
    return tuple(dict.fromkeys(secret for secret in found if secret.says_anything))


def shares_address(work: Casework, person: Person, address: str) -> bool:
    """Whether an alleged perpetrator lives, as far as any case or tenancy says now, where a letter would go."""
    those = _ever_perpetrators(work, person)
    names = {name for of, name in _called(work.case, work.log) if of in those}
    keys = {sameness.key(each) for name in names for each in (name, *sameness.each_of(name))}
    theirs = set(_addresses(work.case, work.log, those, keys))
    for number, log in _elsewhere(work, those, names):
        theirs |= set(_addresses(history(number, log), log, those, keys))
    let = _tenancies(work)
    theirs |= {lease.address for key in keys for lease in let.get(key, ()) if not lease.ended}
    return any(places.same_address(address, each) for each in theirs - {ERASED})


def linked_that_share(work: Casework, address: str) -> list[int]:
    """The cases linked with this one whose alleged perpetrator lives where a letter would go: it may be the same."""
    found = []
    for number in sorted({link.number for link in work.case.links}):
        log = work.desk.tx.log(number)
        case = history(number, log)
        those = {one.id for one in case.people_as("perpetrator")}
        if any(places.same_address(address, each) for each in set(_addresses(case, log, those, ())) - {ERASED}):
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
    removed = {one.id for one in _named(corrected(work.log))
               if "perpetrator" in one.roles and one.id not in named and one.id in work.case.people
               and not sameness.same_person(one.name, person.name)}
    return removed | {one.id for one in work.case.people_as("perpetrator")}


def _named(log: Iterable[Logged]) -> Iterator[NamedPerson]:
    """Whom the entries of a log name."""
    for each in log:
        yield from getattr(each.entry, "people", ())
        if isinstance(each.entry, PersonAdded):
            yield each.entry.person


def _called(case: Case, log: Iterable[Logged]) -> Iterator[tuple[str, str]]:
    """Every name that somebody of a case has or was given."""
    yield from ((one.id, one.name) for one in _named(log))
    yield from ((one.id, one.name) for one in case.people.values())


def _addresses(case: Case, log: Iterable[Logged], ids: Collection[str], keys: Collection[str]) -> Iterator[str]:
    """Where these people live as a case has it now, also under another id or a former name."""
    called = {of for of, name in _called(case, log) if sameness.key(name) in keys}
    for who in case.people.values():
        if who.id in ids or who.id in called:
            yield from filter(None, (who.address, who.safe_address))
