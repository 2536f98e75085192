"""The other cases somebody is in: what is known of them, how to reach them without harm above all, holds in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from asbcli.casefile.case import Person
from asbcli.casefile.entries import ERASED, Correction, Linked, Logged, NamedPerson, PersonKnown, PersonRenamed
from asbcli.casefile.history import corrected, history
from asbcli.casework.record import Casework, Desk
from asbcli.store.shapes import RESTRICTED, ref


def numbers_of_others(work: Casework, who: str) -> list[int]:
    """The other cases that somebody is in under their id."""
    return [number for number in work.desk.tx.cases_with([who], []) if number != work.case.number]


def others(work: Casework, who: str, step: str) -> list[Casework]:
    """The same, to be worked on; warns of those that were to forget who they are, and are left as they stand."""
    found = [work.desk.case(number, step=step) for number in numbers_of_others(work, who)]
    forgot = [ref(each.case.number) for each in found if each.case.people[who].name == ERASED]
    work.warnings += [f"{number} was to forget who {who} is: nothing is noted of them there" for number in forgot]
    return [each for each in found if each.case.people[who].name != ERASED]


def also_in(found: Sequence[Casework]) -> str:
    """In which other cases the same was recorded, as the end of what is told of one; who is in a restricted one is
    told to nobody."""
    said = [ref(each.case.number) or "" for each in found if RESTRICTED not in each.case.flags]
    return f"; also in {', '.join(said)}" if said else ""


def put_right_elsewhere(work: Casework, wrong: Logged, put_right: Correction) -> list[Casework]:
    """Put right what was recorded of somebody in their other cases together with an entry (asb person set, rename),
    and what those took along from this one and does not hold here now; a link at its other end."""
    if isinstance(wrong.entry, Linked):
        return _unlinked(work, wrong.entry, put_right)
    if not isinstance(wrong.entry, PersonKnown | PersonRenamed):
        return []
    who = wrong.entry.person
    now = history(work.case.number, [*work.log, work.logged(None, put_right)]).people.get(who)
    found = []
    for other in others(work, who, "correction"):
        twin = next((each.seq for each in corrected(other.log)
                     if each.recorded_at == wrong.recorded_at and each.entry == wrong.entry), None)
        anew = replace(put_right, entry=twin) if twin else (
            _as_it_is(now, wrong.entry, other.case.people[who], put_right.because) if now else None)
        if anew:
            other.record(None, anew)
            other.finish("corrected")
            found.append(other)
    return found


def _unlinked(work: Casework, link: Linked, put_right: Correction) -> list[Casework]:
    """Take a link back from its other end too."""
    other = work.desk.case(link.number, step="correction")
    ends = [each.seq for each in corrected(other.log)
            if isinstance(each.entry, Linked) and each.entry.number == work.case.number]
    for seq in ends if put_right.void else ():
        other.record(None, replace(put_right, entry=seq))
    other.finish("unlinked")
    return [other] if put_right.void and ends else []


def _as_it_is(now: Person, wrong: PersonKnown | PersonRenamed, there: Person, because: str,
              ) -> PersonKnown | PersonRenamed | None:
    """What has another case say of somebody what holds now, where it says what an entry said wrongly."""
    if isinstance(wrong, PersonRenamed):
        return PersonRenamed(now.id, now.name, because) if there.name == wrong.name != now.name else None
    right = {name: getattr(now, name) for name, said in wrong.of_them.items()
             if getattr(there, name) == said != getattr(now, name)}
    back = tuple(name for name, value in right.items() if not value)
    given = {name: value for name, value in right.items() if value}
    return PersonKnown(now.id, taken_back=back, **given) if right else None


def safe_elsewhere(desk: Desk, case: int, people: Iterable[NamedPerson | Person], *, since: int = 0) -> list[str]:
    """Warn of who has the name of somebody, in this case or another, that is to be reached only without harm (5.4);
    `since`: by an entry after that one."""
    return [f"somebody of the name of {who.id} may be reached only in a safe way, as {ref(number)} says: if it is "
            f"them, asb person {case} set {who.id}, with what asb show {number} says of it; if not, asb person {case} "
            f"set {who.id} --safe-address none"
            for who in people for number, of in desk.tx.safe_contact_of(who.name)
            if of != who.id and any(each.seq > since for each in _said_how_safely(desk.tx.log(number), of))]


def maybe_unsafe(work: Casework, who: Person) -> list[str]:
    """The same of somebody whose safe address is not known, nor said (`none`) since then to be like any other."""
    settled = (each.seq for each in _said_how_safely(work.log, who.id) if "safe_address" in each.entry.of_them)
    return [] if who.safe_address else safe_elsewhere(work.desk, work.case.number, [who], since=max(settled, default=0))


def _said_how_safely(log: Iterable[Logged], who: str) -> Iterator[Logged]:
    """The entries of a log that say how somebody is reached without harm, and hold."""
    return (each for each in corrected(log)
            if isinstance(each.entry, PersonKnown) and each.entry.person == who and each.entry.says_how_safely)
