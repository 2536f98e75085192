"""Letters in Markdown: fixed words with named fields, and no field for anybody but the one who is written to.

What a letter says because the procedure asks for it stands in the procedure file, as its paragraphs; here is the
frame they are put into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter

from asbcli import words
from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import ERASED, side_of
from asbcli.dates import echo
from asbcli.moments import Moment
from asbcli.outputs.leaks import Draft, Passage, Secret, leaves
from asbcli.recognising.places import says_where

VICTIM, PERPETRATOR = "victim", "perpetrator"
OTHERS = "others"  # witnesses, and who reported it for somebody else

_TELL_US = "{officer} is dealing with it. If you need this letter in another language or format, tell us."

_PROCEDURE = ""  # where the procedure's own paragraphs stand

# Kind and side -> its title and paragraphs. A field in braces is one of `Fields`; a paragraph whose field is empty
# is left out.
TEMPLATES: dict[tuple[words.LetterKind, str], tuple[str, tuple[str, ...]]] = {
    ("acknowledgement", VICTIM): ("Your report to us", (
        "Thank you for your report, which we received on {received}. Our reference is {ref}.",
        "We take it seriously. We will contact you to hear the whole of it and to agree with you what happens next. "
        "We will not tell the person you report who you are without your permission. If somebody is in danger, or the "
        "law asks it of us, we may have to tell the police or another authority; we will tell you where we do.",
        "{text}",
        "In immediate danger call 999. To report a crime that is not an emergency, call 101.",
        _TELL_US,
    )),
    ("acknowledgement", OTHERS): ("Your report to us", (
        "Thank you for your report, which we received on {received}. Our reference is {ref}.",
        "We may not be able to tell you what comes of it. In immediate danger call 999.",
        "{text}",
        _TELL_US,
    )),
    ("contact-agreed", VICTIM): ("What we agreed", (
        "Thank you for speaking with us about {ref}. We agreed that we will contact you {contact_every}.",
        "{text}",
        "If anything more happens, or you want to change how we keep in touch, tell us at any time.",
        _TELL_US,
    )),
    ("warning", PERPETRATOR): ("{level}", (
        "We have received a report of antisocial behaviour. Our reference is {ref}.",
        _PROCEDURE,
        "What you must do to avoid further action: {requires}",
        "{text}",
        "You may wish to take independent advice. If you need support, tell us: we can put you in touch with it.",
        _TELL_US,
    )),
    ("closing", VICTIM): ("Your case is closed", (
        "We have closed {ref}, which you reported on {received}.",
        "{outcome}",
        "{text}",
        _PROCEDURE,
        _TELL_US,
    )),
    ("closing", PERPETRATOR): ("Our case is closed", (
        "We have closed our case {ref}.",
        "{outcome}",
        "{text}",
        _PROCEDURE,
        _TELL_US,
    )),
    ("complaints", VICTIM): ("How to complain", ("Our reference is {ref}.", "{text}", _PROCEDURE, _TELL_US)),
    ("complaints", PERPETRATOR): ("How to complain", ("Our reference is {ref}.", "{text}", _PROCEDURE, _TELL_US)),
}  # fmt: skip
# How a warning is called at the head of its letter; what was said aloud is confirmed in writing (7.3.1).
_WARNINGS = {"verbal": "Our verbal warning, confirmed", "written": "A written warning", "final": "A final warning"}


@dataclass(frozen=True, slots=True)
class Fields:
    """What a letter may say beside its fixed words; a text carries the entry it was typed in.

    `outcome` is the reason for closing in words meant for the reader; `procedure` its paragraphs for them.
    """

    officer: str
    today: date
    outcome: str = ""
    level: str = ""
    contact_every: str = ""
    procedure: tuple[str, ...] = ()
    requires: Passage | None = None
    text: Passage | None = None


def side(person: Person) -> str:
    """Which letters somebody can be sent."""
    return side_of(person.roles) or OTHERS


def address_for(person: Person) -> str | None:
    """Where a letter to somebody goes: where it is safe, else where they live; nothing where that says no place."""
    address = person.safe_address or person.address
    return address if address and address != ERASED and says_where(address) else None


def _how_safely(person: Person) -> list[str]:
    """What is said of how somebody is reached without harm."""
    return [each for each in (person.safe_address, person.safe_times, *person.do_not) if each]


@leaves("letter")
def letter(case: Case, person: Person, kind: words.LetterKind, fields: Fields, secrets: Sequence[Secret]) -> Draft:
    """A letter to somebody in a case. Its first line says how they may be reached, where that is not all the same."""
    title, paragraphs = TEMPLATES[kind, side(person)]
    typed = {name: getattr(fields, name) for name in ("requires", "text")}
    said = {
        "ref": f"ASB-{case.number}",
        "received": echo(Moment(case.received.day)) if case.received else "",
        "officer": fields.officer,
        "outcome": fields.outcome,
        "level": _WARNINGS.get(fields.level, ""),
        "contact_every": fields.contact_every,
        **{name: passage.text if passage else "" for name, passage in typed.items()},
    }
    body = [text for paragraph in paragraphs
            for text in (fields.procedure if paragraph == _PROCEDURE else _filled(paragraph, said))]
    head = [person.name, *((address_for(person) or "").split("\n") if address_for(person) else ())]
    parts = [
        *([f"> {person.safety}"] if person.safety else []),
        "  \n".join(head),
        echo(Moment(fields.today)),
        f"# {title.format(**said)}",
        f"Dear {person.name},",
        *body,
        f"Yours sincerely,  \n{fields.officer}",
    ]
    fixed = Passage("\n".join([person.name, *(said[name] for name in ("officer", "outcome", "contact_every"))]))
    known = Passage("\n".join([*head[1:], *_how_safely(person)]), known_of=person.id)
    quoted = (each for name, each in typed.items() if each and f"{{{name}}}" in "".join(paragraphs))
    return Draft("\n\n".join(parts) + "\n", (fixed, known, *quoted), tuple(secrets))


def _filled(paragraph: str, said: Mapping[str, str]) -> list[str]:
    """A paragraph with its fields, or nothing where one of them is empty."""
    if any(not said[name] for _, name, _, _ in Formatter().parse(paragraph) if name):
        return []
    return [paragraph.format(**said)]
