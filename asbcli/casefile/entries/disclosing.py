"""What somebody was told or shown: disclosures, letters, subject access, a restricted case looked at."""

from collections.abc import Collection

from asbcli import words
from asbcli.casefile.entries.fold import Entry, Fold


class Disclosed(Entry, frozen=True):
    """Something told to somebody outside: to whom, what, on what ground, and who approved it (3.7.4, WHA)."""

    KIND = "disclosure"
    TEXT = "what"
    AGENCIES = (("to", "agency"),)

    to: str
    ground: words.Ground
    what: str | None = None
    basis: str | None = None
    kind: words.AgencyKind | None = None
    person: str | None = None
    approved_by: str | None = None
    role: str | None = None
    in_emergency: bool = False
    agency: int | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("disclosure", item=self.to, person=self.person, text=self.basis)
        if self.in_emergency:
            fold.event("disclosure.in-emergency", item=self.to, text=self.basis)


class LetterWritten(Entry, frozen=True):
    """A letter sent to somebody in the case, as it was sent; or not sent, with the reason.

    `answers` are the checklist's questions that what it says has answered.
    """

    KIND = "letter"
    TEXT = "text"

    kind: words.LetterKind
    person: str
    state: words.LetterState = "sent"
    text: str | None = None
    because: str | None = None
    answers: tuple[str, ...] = ()

    def apply(self, fold: Fold) -> None:
        person = fold.case.people.get(self.person)
        side = person and side_of(person.roles)
        if self.state == "not-sent":
            fold.event("letter.not-sent", person=self.person, text=self.because)
            return
        if side:
            fold.event(f"letter.{side}", person=self.person)
        if self.kind == "contact-agreed" and side == "victim":
            fold.event("contact.victim.made", person=self.person)
            fold.event("contact.victim.outline", person=self.person)
        if self.kind == "complaints":
            fold.event("letter.complaints", person=self.person)
        if self.kind == "closing":
            fold.event("letter.final", person=self.person)
            if side == "victim":
                fold.case.final_letter_sent = fold.case.final_letter_sent or fold.when
        for question in self.answers:
            if question not in fold.case.answers:
                fold.answer(question, "yes")


def side_of(roles: Collection[str]) -> str | None:
    """On which side somebody stands: the perpetrator's, the victim's, or neither."""
    if "perpetrator" in roles:
        return "perpetrator"
    return "victim" if {"victim", "complainant"} & set(roles) else None


class SubjectAccess(Entry, frozen=True):
    """Personal data asked for by whom it is about, or supplied to them: what was passed and what withheld (6.3.4)."""

    KIND = "subject-access"
    TEXT = "reviewed_by"

    person: str
    step: words.AccessStep
    reviewed_by: str | None = None
    passed: tuple[int, ...] = ()
    withheld: tuple[tuple[str, int], ...] = ()
    digest: str | None = None

    def apply(self, fold: Fold) -> None:
        step = "request" if self.step == "asked" else "supplied"
        fold.event(f"event.subject-access-{step}", person=self.person, item=self.person)


class Viewed(Entry, frozen=True):
    """A restricted case looked at, and why. It is no change of the case: `last_entry` stays where it was."""

    KIND = "viewed"
    TEXT = "because"

    because: str
