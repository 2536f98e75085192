"""The other cases somebody is in: what is known of them, how to reach them without harm above all, holds in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import ERASED, Correction, Linked, Logged, PersonKnown, PersonRenamed
from asbcli.casefile.history import corrected, history
from asbcli.casework.record import Casework, Desk
from asbcli.recognising import places
from asbcli.store.shapes import RESTRICTED, ref


def as_told(case: Case) -> str:
    """How another case is spoken of: who is in a restricted one is told to nobody."""
    return f"a case that is {RESTRICTED}" if RESTRICTED in case.flags else ref(case.number) or ""


def others(work: Casework, who: str, step: str) -> list[Casework]:
    """The other cases that somebody is in under their id; warns of those that were to forget who they are, and are left
    as they stand."""
    numbers = work.desk.tx.cases_with([who], [])
    found = [work.desk.case(number, step=step) for number in numbers if number != work.case.number]
    forgot = [as_told(each.case) for each in found if each.case.people[who].name == ERASED]
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
        return _unlinked(work, wrong, put_right)
    if not isinstance(wrong.entry, PersonKnown | PersonRenamed):
        return []
    who = wrong.entry.person
    now = history(work.case.number, [*work.log, work.logged(None, put_right)]).people.get(who)
    found = []
    for other in others(work, who, "correction"):
        twin = next((each.seq for each in corrected(other.log) if each.recorded_at == wrong.recorded_at
                     and type(each.entry) is type(wrong.entry) and each.entry.person == who), None)
        followed = other.log[0].seq > wrong.seq  # and took along what it says; an older case says it of its own
        anew = replace(put_right, entry=twin) if twin else (
            _as_it_is(now, wrong.entry, other.case.people[who], put_right.because) if now and followed else None)
        if anew:
            other.record(None, anew)
            other.finish("corrected")
            found.append(other)
    return found


def no_longer_safe(work: Casework, put_right: Correction) -> list[str]:
    """Warn of whoever a correction leaves without a word on how they are reached without harm."""
    after = history(work.case.number, [*work.log, work.logged(None, put_right)]).people
    return [f"nothing says any more how {who.id} is reached without harm: asb person {work.case.number} set {who.id} "
            "--safe-address ADDRESS, if something does" for who in work.case.named
            if who.safety and not after[who.id].safety]


def _unlinked(work: Casework, link: Logged, put_right: Correction) -> list[Casework]:
    """Take a link back from its other end too."""
    other = work.desk.case(link.entry.number, step="correction")
    ends = [each.seq for each in corrected(other.log) if each.recorded_at == link.recorded_at
            and isinstance(each.entry, Linked) and each.entry.number == work.case.number]
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


def safe_elsewhere(desk: Desk, case: int, people: Iterable[Person]) -> list[str]:
    """Warn of who has the name of somebody that is to be reached only without harm, as a case says (5.4)."""
    return [each for who in people for each in ask_whether(who, case, _says_otherwise(desk, who, since=0))]


def ask_whether(who: Person, case: int, others: Iterable[int]) -> list[str]:
    """What to find out of somebody whose name these other cases know, and what to type."""
    return [f"somebody of the name of {who.id} may be reached only in a safe way, as {ref(number)} says: if it is "
            f"them, asb person {case} set {who.id}, with what asb show {number} says of it; if not, asb person {case} "
            f"set {who.id} --safe-address none" for number in others]


def maybe_unsafe(work: Casework, who: Person) -> list[int]:
    """The cases that know how to reach somebody of their name without harm, and that nobody answered since in this
    one: by a safe address, or by `none` for another person."""
    answered = (each.seq for each in _said_how_safely(work.log, who.id) if "safe_address" in each.entry.of_them)
    return _says_otherwise(work.desk, who, since=max(answered, default=0))


def says_more_of_them(work: Casework, who: Person) -> list[int]:
    """The same before a contact, and also those that say more of who was said here to be the same person."""
    return _says_otherwise(work.desk, who, since=0) if who.safe_address else maybe_unsafe(work, who)


def _says_otherwise(desk: Desk, who: Person, *, since: int) -> list[int]:
    """The cases that said after that entry how somebody else of their name is reached, and not as for them."""
    found = []
    for number, of in desk.tx.safe_contact_of(who.called):
        log = desk.tx.log(number) if of != who.id else []
        news = any(each.seq > since and any(each.entry.of_them.values()) for each in _said_how_safely(log, of))
        if news and _says_more(history(number, log).people[of], who):
            found.append(number)
    return found


def _says_more(there: Person, here: Person) -> bool:
    """Whether one case says more of how somebody is reached without harm than another does, or otherwise."""
    address, asked = there.safe_address, {each.casefold() for each in here.do_not}
    return bool((address and not (here.safe_address and places.same_address(address, here.safe_address)))
                or (there.safe_times or here.safe_times) != here.safe_times
                or {each.casefold() for each in there.do_not} - asked)


def _said_how_safely(log: Iterable[Logged], who: str) -> Iterator[Logged]:
    """The entries of a log that say how somebody is reached without harm, and hold."""
    return (each for each in corrected(log)
            if isinstance(each.entry, PersonKnown) and each.entry.person == who and each.entry.says_how_safely)
