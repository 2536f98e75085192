"""The people of a case: who they are in it, how to reach them, and how without harm (3.2.1, 3.3.7, 5.4)."""

from __future__ import annotations

import re
from typing import Any

from asbcli import words
from asbcli.casefile.case import Person
from asbcli.casefile.entries import NamedPerson, PersonAdded, PersonKnown
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import BadInput
from asbcli.moments import Moment

NOTHING = "none"  # takes back what was known

# How officers write that something is not to be done, by the channel it is done through.
_CHANNEL_WORDS = {
    "phone": r"phon\w*|tele\w*|call\w*|ring\w*|text\w*|voicemail|mobile|landline|sms",
    "email": r"e-?mail\w*",
    "letter": r"letters?|writ\w*|post\w*|mail",
    "social-media": r"social|facebook|whatsapp|messag\w*|instagram",
    "in-person": r"visit\w*|person|door\w*|come|go|home",
}


def person(office: Office, *, case: int, step: str, name: str, role: words.Role | None = None,
           at: Moment | None = None, new: bool = False, if_last: int | None = None, **known: Any) -> Recorded:
    """`add`: someone named in the case, or a further role of somebody in it; `set`: what is known of them.

    `new`: another of the same name. Raises BadInput where nothing was said, or two people have the name.
    """
    with office.desk() as desk:
        if step == "set":
            work = desk.case(case, step="person-known", if_last=if_last)
            return _set(work, work.someone(name), at, known)
        assert role is not None, "the form asks for it"
        work = desk.case(case, if_last=if_last)
        same = [each for each in work.case.people.values()
                if name.casefold() in (each.name.casefold(), each.id.casefold())]
        if len(same) > 1 and not new:
            work.someone(name)
        old = same[0] if same and not new else None
        entry = NamedPerson(old.id if old else desk.tx.next_person(), old.name if old else name, (role,),
                            known.get("tenure"), known.get("tenancy"), known.get("address"))
        work.record(at, PersonAdded(entry))
        return work.finish(f"{entry.id} is now known as {role}, {echo(at or office.moment)}.")


def _set(work: Casework, who: Person, at: Moment | None, known: dict[str, Any]) -> Recorded:
    """What is known of somebody, in place of what was; `none` takes it back."""
    said = {name: value for name, value in known.items() if value is not None}
    if not said:
        raise BadInput("what is known of them is missing",
                       f"asb person {work.case.number} set NAME --safe-address TEXT")
    back = tuple(name for name, value in said.items() if value in (NOTHING, (NOTHING,)))
    given = {name: value for name, value in said.items() if name not in back}
    work.record(at, PersonKnown(who.id, taken_back=back, **given))
    changed = [f"{name.replace('_', ' ')} {_shown(getattr(who, name))} → {_shown(given.get(name))}"
               for name in said if getattr(who, name) and getattr(who, name) != given.get(name)]
    names = ", ".join(name.replace("_", " ") for name in said)
    return work.finish(f"{who.id}: {names} noted{'; ' if changed else ''}{'; '.join(changed)}.")


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
