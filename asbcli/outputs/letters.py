"""Letters in Markdown: fixed words with named fields, and no field for anybody but the one who is written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from asbcli import words
from asbcli.casefile.case import Case, Person
from asbcli.casefile.entries import side_of
from asbcli.dates import echo
from asbcli.moments import Moment
from asbcli.outputs.leaks import Draft, Passage, Secret, leaves

VICTIM, PERPETRATOR = "victim", "perpetrator"
OTHERS = "others"  # witnesses, and who reported it for somebody else

_COMPLAINTS = (
    "If you are not satisfied with how we have dealt with this, you may use our complaints procedure. "
    "Tell us by telephone, in writing or in person, or ask us for a copy of it."
)
_TELL_US = "{officer} is dealing with it. If you need this letter in another language or format, tell us."

# Kind and side -> its title and paragraphs. A field in braces is one of `Fields`.
TEMPLATES: dict[tuple[words.LetterKind, str], tuple[str, tuple[str, ...]]] = {
    ("acknowledgement", VICTIM): ("Your report to us", (
        "Thank you for your report, which we received on {received}. Our reference is {ref}.",
        "We take it seriously. We will contact you to hear the whole of it and to agree with you what happens next. "
        "We will not tell the person you report who you are without your permission. If somebody is in danger, or the "
        "law asks it of us, we may have to tell the police or another authority; we will tell you where we do.",
        "In immediate danger call 999. To report a crime that is not an emergency, call 101.",
        _TELL_US,
    )),
    ("acknowledgement", OTHERS): ("Your report to us", (
        "Thank you for your report, which we received on {received}. Our reference is {ref}.",
        "We may not be able to tell you what comes of it. In immediate danger call 999.",
        _TELL_US,
    )),
    ("contact-agreed", VICTIM): ("What we agreed", (
        "Thank you for speaking with us about {ref}. We agreed that we will contact you {contact_every}.",
        "{text}",
        "If anything more happens, or you want to change how we keep in touch, tell us at any time.",
        _TELL_US,
    )),
    ("warning", PERPETRATOR): ("A {level} warning", (
        "We have received and looked into a report of antisocial behaviour. Our reference is {ref}.",
        "Antisocial behaviour is a breach of the conditions of a tenancy. This is a {level} warning.",
        "What you must do to avoid further action: {requires}",
        "{text}",
        "If we receive further reports we will consider legal action. "
        "You may wish to take independent advice. If you need support, tell us: we can put you in touch with it.",
        _TELL_US,
    )),
    ("closing", VICTIM): ("Your case is closed", (
        "We have closed {ref}, which you reported on {received}.",
        "The reason: {outcome}. {reason}",
        "{text}",
        "This case stays closed. If anything more happens, or there is further evidence, come back to us at any "
        "time: we will open a new case and link it to this one. We can still help you to find support.",
        _COMPLAINTS,
        _TELL_US,
    )),
    ("closing", PERPETRATOR): ("Our case is closed", (
        "We have closed our case {ref}.",
        "The reason: {outcome}. {reason}",
        "{text}",
        "If you are dissatisfied with how it was handled or with the decision, you may ask us to review it.",
        _TELL_US,
    )),
    ("complaints", VICTIM): ("How to complain", ("Our reference is {ref}.", "{text}", _COMPLAINTS, _TELL_US)),
    ("complaints", PERPETRATOR): ("How to complain", ("Our reference is {ref}.", "{text}", _COMPLAINTS, _TELL_US)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """What a letter may say beside its fixed words; a text carries the entry it was typed in."""

    officer: str
    today: date
    outcome: str = ""
    level: str = ""
    contact_every: str = ""
    requires: Passage | None = None
    reason: Passage | None = None
    text: Passage | None = None


def side(person: Person) -> str:
    """Which letters somebody can be sent."""
    return side_of(person.roles) or OTHERS


def address_for(person: Person) -> str | None:
    """Where a letter to somebody goes: where it is safe, else where they live."""
    return person.safe_address or person.address


@leaves("letter")
def letter(case: Case, person: Person, kind: words.LetterKind, fields: Fields, secrets: Sequence[Secret]) -> Draft:
    """A letter to somebody in a case. Its first line says how they may be reached, where that is not all the same."""
    title, paragraphs = TEMPLATES[kind, side(person)]
    typed = {name: getattr(fields, name) for name in ("requires", "reason", "text")}
    said = {
        "ref": f"ASB-{case.number}",
        "received": echo(Moment(case.received.day)) if case.received else "",
        "officer": fields.officer,
        "outcome": fields.outcome,
        "level": fields.level,
        "contact_every": fields.contact_every,
        **{name: passage.text if passage else "" for name, passage in typed.items()},
    }
    body = [text for text in (paragraph.format(**said).strip() for paragraph in paragraphs) if text]
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
    fixed = Passage("\n".join([*head, *(said[name] for name in ("officer", "outcome", "contact_every"))]))
    return Draft("\n\n".join(parts) + "\n", (fixed, *(each for each in typed.values() if each)), tuple(secrets))
