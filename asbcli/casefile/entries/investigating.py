"""What was heard and agreed: interviews, contacts, notes, diary sheets, consents, answers."""

from typing import Any

from asbcli import words
from asbcli.casefile.entries.fold import Entry, Fold
from asbcli.casefile.entries.people import asked, count_consents
from asbcli.moments import Moment


class Interview(Entry, frozen=True):
    """An interview held, or why not yet; `first_contact` is not the full interview (6.1.1)."""

    KIND = "interview"
    TEXT = "notes"

    role: words.Interviewee
    state: words.InterviewState = "held"
    person: str | None = None
    ended: Moment | None = None
    arranged: Moment | None = None
    first_contact: bool = False
    contact_every: str | None = None
    finding: words.Finding | None = None
    monitor_until: Moment | None = None
    notes: str | None = None
    because: str | None = None
    also: int | None = None

    def apply(self, fold: Fold) -> None:
        state = "first-contact" if self.first_contact and self.state == "held" else self.state
        done = self.ended if state == "held" else None
        fold.event(f"interview.{self.role}.{state}", done, person=self.person, until=self.arranged,
                   text=self.because or self.notes)
        if self.contact_every:
            fold.event("contact.agreed", done, person=self.person, every=self.contact_every)
        if self.finding:
            fold.event(f"finding.{self.finding}", done, person=self.person, until=self.monitor_until)


class Contact(Entry, frozen=True):
    """A contact made, tried or received; only one that reached somebody can meet a duty."""

    KIND = "contact"
    TEXT = "text"

    text: str
    role: words.Role | None = "victim"
    person: str | None = None
    channel: words.Channel | None = None
    purpose: words.Purpose | None = None
    attempted: bool = False
    incoming: bool = False
    because: str | None = None
    also: int | None = None

    def apply(self, fold: Fold) -> None:
        if self.role not in words.choices(words.Interviewee):
            return
        base = f"contact.{self.role}"
        if self.attempted:
            fold.event(f"{base}.attempted", person=self.person)
        elif self.incoming and not self.purpose:
            fold.event(f"{base}.incoming", person=self.person)
        else:
            fold.event(f"{base}.made", person=self.person)
            if self.purpose:
                fold.event(f"{base}.{self.purpose}", person=self.person)
            if self.purpose == "disclosure" and self.role == "victim":
                fold.event("victim-told", person=self.person)


class Note(Entry, frozen=True):
    """Something worth keeping that starts and stops nothing."""

    KIND = "note"
    TEXT = "text"

    text: str


class Diary(Entry, frozen=True):
    """Diary sheets issued or returned, and how often they come back (4.2.4)."""

    KIND = "diary"
    TEXT = "text"

    step: str
    person: str | None = None
    every: str | None = None
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event(f"diary.{self.step}", person=self.person, every=self.every)


class Consent(Entry, frozen=True):
    """A consent given or withdrawn, for a purpose or for one agency (3.7.5, 6.3.1)."""

    KIND = "consent"
    TEXT = "text"
    AGENCIES = (("by", "by_agency"), ("purpose", "for_agency"))

    by: str
    purpose: str
    step: str
    person: str | None = None
    written: bool = False
    text: str | None = None
    by_agency: int | None = None
    for_agency: int | None = None

    def apply(self, fold: Fold) -> None:
        family = self.purpose if self.purpose in words.CONSENTS else "agency"
        if family == "perpetrator-interview" and self.person is None:
            family = "investigator"  # an agency's is that of the body which investigates (6.2.1)
            known = fold.case.agencies.get(self.by)
            if known and known.kind == "other":
                return  # which is an authority
        if family in words.VICTIMS_CONSENTS and self.person not in asked(fold.case):
            return  # nobody else's is the victim's
        details: dict[str, Any] = {"person": self.person, "text": self.text}
        if family == "agency":
            details["item"] = self.purpose
        else:
            details["item"] = self.by if family == "investigator" else None
            fold.fact(f"consent.{family}", holds=self.step == "given")
            other = "withdrawn" if self.step == "given" else "given"
            fold.fact(f"consent.{family}.{other}", holds=False, person=self.person)
        fold.event(f"consent.{family}.{self.step}", **details)
        count_consents(fold)
        if self.written and self.step == "given":
            fold.event(f"consent.{family}.written", **details)


class Answered(Entry, frozen=True):
    """A checklist's question answered; `because` for what was considered and not done."""

    KIND = "answer"
    TEXT = "because"

    question: str
    answer: str
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.answer(self.question, self.answer)
