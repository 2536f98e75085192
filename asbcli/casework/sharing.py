"""What others of a case must not learn or share: gathered from every case that its people stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import replace
from typing import NamedTuple

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import ERASED, Logged
from asbcli.casefile.history import corrected, history, names_given, people_named
from asbcli.casework.elsewhere import as_told
from asbcli.casework.record import Casework
from asbcli.outputs.leaks import Secret, address_secret, own_of, secrets_of
from asbcli.procedure.register_rules import of_tenancies
from asbcli.recognising import places, sameness
from asbcli.store.shapes import ref


def secrets_from(work: Casework, *, reader: str | None) -> tuple[Secret, ...]:
    """Everything of the others in this case, and in those near it: linked with it, or the reader's under an id or a
    name; and of all these people in any case they are in, and where they have a tenancy.

    A name they had before counts too: putting it right opens nothing. Of the people of a case that is not near a name
    counts whole: a first name alone says nothing of somebody elsewhere.
    """
    own = own_of(work.log, reader)
    found = list(secrets_of(work.log, reader=reader))
    near = _near(work, reader)
    everybody = [each for log in (work.log, *near.values()) for each in names_given(log)]
    for number, log in _elsewhere(work, {of for of, _ in everybody}, {name for _, name in everybody}, near):
        where = as_told(history(number, log))
        found += [_of_case(secret if number in near else secret.whole, where, work.case).without(own)
                  for secret in secrets_of(log, reader=reader)]
    found += [secret.without(own) for secret in _let_to(work, everybody, reader)]
    return tuple(dict.fromkeys(secret for secret in found if secret.says_anything))


def _of_case(secret: Secret, where: str, here: Case) -> Secret:
    """What is somebody's who is in another case alone, called by that case too."""
    whose = secret.what.partition("'")[0]
    return secret if whose in here.people else replace(secret, what=f"{secret.what} ({where})")


def _near(work: Casework, reader: str | None) -> dict[int, list[Logged]]:
    """The logs of the cases linked with this one, and of those that its reader is in."""
    them = work.case.people.get(reader or "")
    linked = {link.number for link in work.case.links}
    return dict(_elsewhere(work, [them.id] if them else [], them.called if them else [], linked))


def _let_to(work: Casework, everybody: Iterable[tuple[str, str]], reader: str | None) -> Iterator[Secret]:
    """Where the others, by every name they have or had, have or had a tenancy; the name of who reads is their own."""
    them = work.case.people.get(reader or "")
    let = _tenancies(work)
    for of, name in everybody:
        for key in sameness.keys([name]) - {sameness.key(them.name) if them else ""} if of != reader else ():
            yield from (address_secret(f"{of}'s address", lease.address, safe=False) for lease in let.get(key, ()))


def shared_as(work: Casework, person: Person, address: str) -> str | None:
    """What says now that an alleged perpetrator lives where a letter would go, a case or a tenancy, and what to type.

    One of this case, as any case knows them under an id or a name, or one in another case that somebody suffers in. A
    name they share with whom is written to tells nothing: father and son.
    """
    those = _ever_perpetrators(work, person)
    names = {name for of in those for name in work.case.people[of].called}
    keys = sameness.keys(names) - {sameness.key(person.name)}
    said = list(_addresses(work.case, those, keys, person))
    for number, log in _elsewhere(work, {*those, person.id}, names):
        case = history(number, log)
        accused = those | (_accused(case) if suffers(case.people.get(person.id)) else set())
        said += _addresses(case, accused, keys, person)
    let = _tenancies(work)
    said += [("a tenancy in their name is there: asb tenancy end, once it is over", lease.address)
             for key in keys for lease in let.get(key, ()) if not lease.ended]
    return next((where for where, each in said if each != ERASED and places.same_address(address, each)), None)


def names_an_accused(case: Case, person: Person) -> bool:
    """Whether somebody is two people by their name, and one of them is accused by theirs."""
    named = sameness.each_of(person.name)
    accused = {name for of in _accused(case) - {person.id} for name in case.people[of].called}
    return len(named) > 1 and bool(sameness.keys(named) & sameness.keys(accused))


def suffers(person: Person | None) -> bool:
    """Whether somebody is in a case as more than an alleged perpetrator: where both accuse each other, each is."""
    return person is not None and bool(person.roles.keys() - {"perpetrator"})


def near_that_share(work: Casework, person: Person, address: str) -> list[str]:
    """The cases linked with this one, or with somebody of that name in them, whose alleged perpetrator lives where a
    letter would go: it may be the same."""
    found = []
    for number, log in _elsewhere(work, (), person.called, {link.number for link in work.case.links}):
        case = history(number, log)
        theirs = {each for _, each in _addresses(case, _accused(case), set(), person)} - {ERASED}
        if any(places.same_address(address, each) for each in theirs):
            found.append(as_told(case))
    return found


def _accused(case: Case) -> set[str]:
    return {one.id for one in case.people_as("perpetrator")}


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
    """Who else is an alleged perpetrator, or was one and was removed: they may be named again in another spelling.

    Not somebody of the very name of who is written to, if that was a mistake.
    """
    named = {one.id for one in work.case.named}
    removed = {one.id for one in people_named(corrected(work.log))
               if "perpetrator" in one.roles and one.id not in named and one.id in work.case.people
               and sameness.squeezed(one.name) != sameness.squeezed(person.name)}
    return (removed | _accused(work.case)) - {person.id}


def _addresses(case: Case, ids: Collection[str], keys: Set[str], reader: Person) -> Iterator[tuple[str, str]]:
    """Where these people live as a case has it now, also under another id or a former name, after how it is put right;
    not who is written to."""
    for who in case.people.values():
        if who.id != reader.id and (who.id in ids or keys & sameness.keys(who.called)):
            told = as_told(case)
            way = f": asb person {case.number} set {who.id} --address, with flat and number, or where they live now"
            right = f"{who.id}'s address in {told} may be the same{way}" if told == ref(case.number) else told
            yield from ((right, each) for each in (who.address, who.safe_address) if each)
