"""The people of a case: who they are in it, how to reach them without harm, and who was named wrongly (3.2.1, 5.4)."""

from __future__ import annotations

import re
from typing import Any

from asbcli import words
from asbcli.casefile.case import Person
from asbcli.casefile.entries import NamedPerson, PersonAdded, PersonKnown, PersonRemoved, PersonRenamed
from asbcli.casework.elsewhere import also_in, others, safe_elsewhere
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput, MaybeKnown, NotFound
from asbcli.moments import Moment
from asbcli.recognising import places, sameness
from asbcli.store.shapes import RESTRICTED, ref

NOTHING = "none"  # takes back what was known

# How officers write that something is not to be done, by the channel it is done through.
_CHANNEL_WORDS = {
    "phone": r"phon\w*|tele\w*|call\w*|ring\w*|text\w*|voicemail|mobile|landline|sms",
    "email": r"e-?mail\w*",
    "letter": r"letters?|writ\w*|post(?:ed|ing|al|s)?|mail",
    "social-media": r"social|facebook|whatsapp|messag\w*|instagram",
    "in-person": r"visit\w*|person|door\w*|come|go|home",
}


def person(office: Office, *, case: int, step: str, name: str, role: words.Role | None = None,
           at: Moment | None = None, new: bool = False, new_name: str | None = None, because: str | None = None,
           if_last: int | None = None, **known: Any) -> Recorded:
    """`add`: someone named in the case, or a further role of somebody in it; `set`: what is known of them; `rename`:
    somebody who was named wrongly; `remove`: somebody who was named in it by mistake.

    `new`: another of the same name. Raises BadInput where nothing was said, or two people have the name.
    """
    with office.desk() as desk:
        if step in ("rename", "remove"):
            assert because is not None, "the form asks for it"
            work = desk.case(case, step=f"person-{step}d", if_last=if_last)
            who = work.someone(name)
            return _rename(work, who, new_name or "", because) if step == "rename" else _remove(work, who, because)
        if step == "set":
            work = desk.case(case, step="person-known", if_last=if_last)
            return _set(work, work.someone(name), at, known)
        assert role is not None, "the form asks for it"
        work = desk.case(case, if_last=if_last)
        old = None if new else _who_is_meant(work, name, role, known.get("address"))
        if old and not old.roles:
            _not_before_removal(work, old, at)
        entry = NamedPerson(old.id if old else desk.tx.next_person(), old.name if old else name, (role,),
                            known.get("tenure"), known.get("tenancy"), known.get("address"))
        work.record(at, PersonAdded(entry))
        if not old:
            work.warnings += safe_elsewhere(desk, case, [Person(entry.id, entry.name)])
        moved = f"; address {old.address} → {entry.address}" if old and entry.address and old.address else ""
        return work.finish(f"{entry.id} is now known as {role}, {echo(at or office.moment)}{moved}.")


def _who_is_meant(work: Casework, name: str, role: words.Role, address: str | None) -> Person | None:
    """Who of the case has this id or this very name, removed since or not; None for somebody new.

    Raises MaybeKnown where only the names are alike (Mr Kerr is not Mrs Kerr), and where one of the same name is on
    the other side, or lives elsewhere: father and son. NotFound for an id of nobody, BadInput for `unknown`.
    """
    case = work.case
    typed = name.casefold()
    if typed in ("unknown", "none"):
        raise BadInput(f"{typed} is nobody's name", "name them once it is known who they are")
    if by_id := next((each for each in case.people.values() if typed == each.id.casefold()), None):
        return by_id
    if re.fullmatch(r"p\d+", typed):
        raise NotFound(f"{ref(case.number)} has no {name}", "type who it is by name")
    same = [each for each in case.named if typed == each.name.casefold()] or [
        each for each in case.people.values() if typed == each.name.casefold()]  # who was removed
    if len(same) == 1 and _fits(same[0], role, address):
        return same[0]
    keys = sameness.keys([name])
    alike = same or [each for each in case.people.values() if keys & sameness.keys(each.called)]
    if alike:
        ids = ", ".join(each.id for each in alike)
        raise MaybeKnown(f"{ids} of {ref(case.number)} may be the same person, by the name",
                         f"asb person {case.number} add {role} {alike[0].id} if it is them; --new if it is another")
    return None


def _fits(who: Person, role: words.Role, address: str | None) -> bool:
    """Whether somebody of the case may be who is named in this role, at this address."""
    other_side = who.roles and (role == "perpetrator") != ("perpetrator" in who.roles)
    moved = address and who.address and not places.same_address(address, who.address)
    return not (other_side or moved)


def _not_before_removal(work: Casework, who: Person, at: Moment | None) -> None:
    """Refuse to name somebody again from before they were removed: it would count for nothing. Raises BadInput."""
    removed = [event.when for event in work.case.events if event.name == "person.removed" and event.person == who.id]
    if at and removed and removed[-1].is_after(at):
        raise BadInput(f"{who.id} was removed from {ref(work.case.number)} {echo(removed[-1])}: that is before it",
                       f"leave --at out, or asb correct {work.case.number} ENTRY --void takes the removal back")


def _set(work: Casework, who: Person, at: Moment | None, known: dict[str, Any]) -> Recorded:
    """What is known of somebody, in place of what was; `none` takes it back."""
    said = {name: value for name, value in known.items() if value is not None}
    if not said:
        raise BadInput("what is known of them is missing",
                       f"asb person {work.case.number} set NAME --safe-address TEXT")
    work.record(at, _known(who, said, who.do_not))
    theirs = {name: value for name, value in said.items() if name != "identity_checked"}  # anew for each case
    elsewhere = others(work, who.id, "person-known") if theirs else []
    for each in elsewhere:
        each.record(at, _known(who, theirs, each.case.people[who.id].do_not))
        each.finish("more known of a person")
    now = {name: value for name, value in said.items() if not _is_none(value)}
    changed = [f"{name.replace('_', ' ')} {_shown(getattr(who, name))} → {_shown(now.get(name))}"
               for name in said if getattr(who, name) and getattr(who, name) != now.get(name)]
    names = ", ".join(name.replace("_", " ") for name in said)
    return work.finish(f"{who.id}: {names} noted{'; ' if changed else ''}{'; '.join(changed)}{also_in(elsewhere)}.")


def _known(who: Person, said: dict[str, Any], asked: tuple[str, ...]) -> PersonKnown:
    """What is said of somebody, as an entry; what they asked not to be done adds to what they asked before."""
    if "do_not" in said and not _is_none(said["do_not"]):
        said = {**said, "do_not": tuple(dict.fromkeys((*asked, *said["do_not"])))}
    back = tuple(name for name, value in said.items() if _is_none(value))
    return PersonKnown(who.id, taken_back=back, **{name: said[name] for name in said if name not in back})


def _is_none(value: Any) -> bool:
    return [str(each).casefold() for each in (value if isinstance(value, tuple) else (value,))] == [NOTHING]


def _rename(work: Casework, who: Person, name: str, because: str) -> Recorded:
    """The name that is theirs, in every case they are in; what was written stays, and its name a secret."""
    if name == who.name:
        raise BadInput(f"{who.id} has that name already", f"asb show {work.case.number}")
    if any(sameness.same_person(name, each.name) for each in work.case.named if each is not who):
        work.warnings.append("two people in this case now have that name: name one by id, as asb show prints it")
    elsewhere = others(work, who.id, "person-renamed")
    for each in (*elsewhere, work):
        each.record(None, PersonRenamed(who.id, name, because))
    for each in elsewhere:
        each.finish("a person renamed")
    return work.finish(f"{who.id}: {who.name} → {name}{also_in(elsewhere)}.")


def _remove(work: Casework, who: Person, because: str) -> Recorded:
    """Off the case, their clocks ended with the reason. In another case they may belong: only told."""
    work.warnings += [f"{who.id} is in {ref(each.case.number)} too: asb person {each.case.number} remove {who.id} "
                      "--because TEXT" for each in others(work, who.id, "person-removed")
                      if RESTRICTED not in each.case.flags]
    roles = ", ".join(who.roles)
    if "victim" in who.roles and len(work.case.people_as("victim")) == 1:
        typed = f"asb person {work.case.number}"
        work.warnings.append(f"nobody is known to be the victim now: {typed} add victim NAME; where only the name was "
                             f"wrong, {typed} rename {who.id} NAME --because TEXT")
    work.record(None, PersonRemoved(who.id, because))
    return work.finish(f"{who.id} is no longer {roles}: named in the case by mistake.")


def _shown(value: Any) -> str:
    return "; ".join(value) if isinstance(value, tuple) else value or "unknown"


def contact_warnings(who: Person, channel: str | None) -> list[str]:
    """What to be warned of where somebody is contacted: how they may be reached, and what they prefer (3.3.7)."""
    warnings = [who.safety] if who.safety else []
    if channel and channel in not_by(who):
        warnings.append(f"{who.id} is not to be reached by {channel}")
    elif channel and who.prefers and channel != who.prefers:
        warnings.append(f"{who.id} prefers {who.prefers} (3.3.7, 9.2)")
    return warnings


def not_by(who: Person) -> set[str]:
    """The channels that somebody's `do not` speaks of."""
    said = " ".join(who.do_not).casefold()
    return {channel for channel, typed in _CHANNEL_WORDS.items()
            if channel in said or re.search(rf"\b(?:{typed})\b", said)}
