"""A reply to a subject access request (6.3.4): what is about the requester and nobody else; by default nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import (
    ERASED,
    Approval,
    Breach,
    Logged,
    PersonAdded,
    PersonKnown,
    Report,
    SubjectAccess,
    Viewed,
    body_of,
    fields_of,
    side_of,
)
from asbcli.moments import Moment
from asbcli.outputs.leaks import Draft, Passage, Secret, leaves

# Every text that is not the program's own word or a date was typed, and waits for the reviewer.
_OURS_TOO = {"step", "rule", "every", "contact_every"}
_NOT_THEIRS = ("person", "by", "digest", "item", "officer", "procedure", "priority")
OWN = ("tenure", "tenancy", "address", "phone", "email", "prefers", "identity_checked", "safe_address")
WAITING = ("needs", "adjustments", "interpreter", "companion", "investigator", "safe_times", "do_not")
NOT_PASSED = "free text that no reviewer passed"
OF_ANOTHER = "about another person"
OF_NOBODY = "about nobody in particular"
_OURS = (Viewed, SubjectAccess, Approval, Breach)  # how the office works, not what it holds about somebody

_INSTEAD = "without --pass of that entry it is withheld, and counted"

Reply = Mapping[str, Any]


def is_about(entry: Any, person: str) -> bool:
    """Whether an entry is about somebody: it names them, and nobody else."""
    if isinstance(entry, PersonAdded):
        return entry.person.id == person
    if isinstance(entry, Report):  # theirs who made it or suffered
        return any(one.id == person and side_of(one.roles) == "victim" for one in entry.people)
    return getattr(entry, "person", None) == person


def is_free_text(entry: Any) -> bool:
    """Whether an entry holds words that somebody typed."""
    return bool(_typed(entry))


def _given(entry: Any) -> dict[str, Any]:
    """What of an entry needs no reviewer: the program's own words, dates and yeses."""
    ours = _OURS_TOO | fields_of(type(entry), Literal, Moment, bool)
    return {name: value for name, value in body_of(entry).items() if name in ours}


def _typed(entry: Any) -> dict[str, str]:
    """What of an entry somebody typed."""
    given = _given(entry)
    return {name: value for name, value in body_of(entry).items() if (isinstance(value, str) or name == "do_not")
            and value and value != ERASED and name not in given and name not in _NOT_THEIRS}


def contents(case: Case, person: Person, log: Iterable[Logged], passed: Collection[int]) -> dict[str, Any]:
    """The reply as data: what is held of the person, and what was withheld, counted by reason."""
    entries: list[dict[str, Any]] = []
    withheld: Counter[str] = Counter()
    for each in log:
        about = is_about(each.entry, person.id)
        if isinstance(each.entry, _OURS):
            continue
        if each.seq not in passed and not about:
            withheld[OF_ANOTHER if _names_another(each.entry, person.id) else OF_NOBODY] += 1
            continue
        said = _given(each.entry) if about else {}
        if each.seq in passed:
            said |= _typed(each.entry)
        elif is_free_text(each.entry) and not isinstance(each.entry, PersonKnown | PersonAdded):
            withheld[NOT_PASSED] += 1
        entries.append({"entry": each.seq, "kind": each.entry.KIND, "happened_at": each.happened.shown, "says": said})
    if any(getattr(person, name) for name in WAITING):
        withheld[NOT_PASSED] += 1
    return {
        "case": f"ASB-{case.number}",
        "for": person.id,
        "person": {"name": person.name, "roles": list(person.roles),
                   **{name: getattr(person, name) for name in OWN}},
        "entries": entries,
        "withheld": dict(withheld),
    }


def _names_another(entry: Any, person: str) -> bool:
    people = [one.id for one in entry.people] if isinstance(entry, Report) else [getattr(entry, "person", None)]
    return any(isinstance(one, str) and one != person for one in people)


@leaves("subject access reply")
def reply(held: Reply, secrets: Sequence[Secret], *, reviewer: str | None, safety: str | None,
          as_json: bool = False) -> Draft:
    """The reply in Markdown or JSON; without a reviewer it is marked as a draft that is not to be sent."""
    ref = str(held["case"])
    person = held["person"]
    known = " / ".join(_word(value) for name, value in person.items() if name not in ("name", "roles"))
    passages = [Passage(person["name"]), Passage(f"{known} / {safety or ''}", known_of=held["for"])]
    passages += [Passage(_word(value), each["entry"]) for each in held["entries"] for value in each["says"].values()]
    if as_json:
        given = {"safety": safety, **held, "reviewed_by": reviewer}
        return Draft(json.dumps(given, ensure_ascii=False, indent=2) + "\n", tuple(passages), tuple(secrets),
                     instead=_INSTEAD)
    lines = [
        *([f"> {safety}", ""] if safety else []),
        *(["> DRAFT: no reviewer has passed it. Do not send it.", ""] if not reviewer else []),
        f"# What we hold about you in {ref}",
        "",
        *(f"- {name.replace('_', ' ')}: {_word(value)}" for name, value in person.items() if value),
        "",
        *_lines(held),
    ]
    return Draft("\n".join(lines) + "\n", tuple(passages), tuple(secrets), instead=_INSTEAD)


def _lines(held: Reply) -> Iterable[str]:
    for each in held["entries"]:
        yield f"## {each['happened_at'][:10]} {each['kind']}"
        yield ""
        for name, value in each["says"].items():
            yield f"- {name.replace('_', ' ')}: {_word(value)}"
        yield ""
    if held["withheld"]:
        yield "## Withheld"
        yield ""
        yield from (f"- {reason}: {count}" for reason, count in held["withheld"].items())


def _word(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else "yes" if value is True else str(value)
