"""What others of a case must not learn or share: gathered from every case that its people stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from asbcli.casefile.case import Person
from asbcli.casefile.entries import ERASED, Logged, NamedPerson, PersonAdded, PersonKnown, PersonRenamed, Tenancy
from asbcli.casefile.history import corrected
from asbcli.casework.record import Casework
from asbcli.outputs.leaks import Secret, address_secret, names_of, own_of, secrets_of
from asbcli.recognising import places, sameness


def secrets_from(work: Casework, *, reader: str | None) -> tuple[Secret, ...]:
    """Everything of the others in this case, and in those linked with it or sharing somebody, under an id or a name.

    A name they had before counts too: putting it right opens nothing. Of the other cases' people a name counts
    whole: a first name alone says nothing of somebody elsewhere.
    """
    own = own_of(work.log, reader)
    found = list(secrets_of(work.log, reader=reader))
    linked = {link.number for link in work.case.links}
    for log in _elsewhere(work, work.case.people, names_of(work.log), linked):
        found += [secret.whole.without(own) for secret in secrets_of(log, reader=reader)]
    let = _let_to(work)
    for who in work.case.people.values():
        if who.id != reader:
            found += [address_secret(f"{who.id}'s address", where, safe=False).without(own)
                      for where in let.get(sameness.squeezed(who.name), ())]
    return tuple(dict.fromkeys(secret for secret in found if secret.says_anything))


def shares_address(work: Casework, person: Person, address: str) -> bool:
    """Whether an alleged perpetrator lives, as far as any entry of any case says, where a letter would go."""
    those = _ever_perpetrators(work, person)
    now = [work.case.people[one] for one in those]
    names = {*(one.name for one in now), *(one.name for one in _named(work.log) if one.id in those)}
    let = _let_to(work)
    theirs = {one.address for one in now} | {where for name in names for where in let.get(sameness.squeezed(name), ())}
    for log in (work.log, *_elsewhere(work, those, names)):
        theirs |= set(_addresses(corrected(log), those, names))
    return any(each and places.same_address(address, each) for each in theirs - {ERASED})


def linked_that_share(work: Casework, address: str) -> list[int]:
    """The cases linked with this one whose alleged perpetrator lives where a letter would go: it may be the same."""
    found = []
    for number in sorted({link.number for link in work.case.links}):
        log = corrected(work.desk.tx.log(number))
        those = {one.id for one in _named(log) if "perpetrator" in one.roles}
        if any(places.same_address(address, each) for each in set(_addresses(log, those, ())) - {ERASED}):
            found.append(number)
    return found


def _let_to(work: Casework) -> dict[str, list[str]]:
    """Where our tenants have or had a tenancy, by their names as they are compared."""
    found: dict[str, list[str]] = {}
    for each in work.desk.tx.log(None):
        if isinstance(each.entry, Tenancy) and each.entry.address and each.entry.tenant not in (None, ERASED):
            found.setdefault(sameness.squeezed(each.entry.tenant or ""), []).append(each.entry.address)
    return found


def _elsewhere(work: Casework, ids: Collection[str], names: Collection[str],
               linked: Collection[int] = ()) -> Iterator[list[Logged]]:
    """The logs of the other cases that somebody of these ids or names is in, and of those linked."""
    for number in sorted({*linked, *work.desk.tx.cases_with(ids, names)} - {work.case.number}):
        yield work.desk.tx.log(number)


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


def _addresses(log: Collection[Logged], ids: Collection[str], names: Collection[str]) -> Iterator[str]:
    """Where these people live or lived, also under another id."""
    keys = set(map(sameness.squeezed, names))
    called = {each.entry.person for each in log
              if isinstance(each.entry, PersonRenamed) and sameness.squeezed(each.entry.name) in keys}
    theirs = [one for one in _named(log) if one.id in {*ids, *called} or sameness.squeezed(one.name) in keys]
    known = [each.entry for each in log if isinstance(each.entry, PersonKnown)
             and each.entry.person in {*ids, *(one.id for one in theirs)}]
    yield from filter(None, (*(one.address for one in theirs),
                             *(where for one in known for where in (one.address, one.safe_address))))
