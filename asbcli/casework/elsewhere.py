"""The other cases somebody is in: what is known of them, how to reach them without harm above all, holds in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from asbcli.casefile.case import Person
from asbcli.casefile.entries import ERASED, Correction, Logged, NamedPerson, PersonKnown, PersonRenamed
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
    and what those took along from this one and does not hold here now."""
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


def safe_elsewhere(desk: Desk, case: int, people: Iterable[NamedPerson | Person]) -> list[str]:
    """Warn of who has the name of somebody that another case knows how to reach without harm (5.4)."""
    return [f"somebody of the name of {who.id} may be reached only in a safe way, as {ref(number)} says: if it is "
            f"them, asb person {case} set {who.id}, with what asb show {number} says of it; if not, asb person {case} "
            f"set {who.id} --safe-address none"
            for who in people for number in desk.tx.safe_contact_of(who.name) if number != case]


def maybe_unsafe(work: Casework, who: Person) -> list[str]:
    """The same of somebody in a case that says nothing yet of how they are reached without harm, not even `none`."""
    said = any(isinstance(each.entry, PersonKnown) and each.entry.person == who.id and each.entry.says_how_safely
               for each in work.log)
    return [] if who.safety or said else safe_elsewhere(work.desk, work.case.number, [who])
