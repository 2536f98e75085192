"""How a case ended, and an appeal against it."""

from asbcli import words
from asbcli.casefile.entries.disclosing import side_of
from asbcli.casefile.entries.fold import Entry, Fold
from asbcli.moments import Moment


class Closed(Entry, frozen=True):
    """The case closed: why, and the two dates 14.2 keeps apart."""

    KIND = "close"
    TEXT = "because"

    outcome: words.Outcome
    completed: Moment
    final_letter: Moment | None = None
    discussed: Moment | None = None
    not_discussed: str | None = None
    because: str | None = None

    def apply(self, fold: Fold) -> None:
        case = fold.case
        case.status, case.outcome, case.closed = "closed", self.outcome, fold.when
        case.date_completed = self.completed
        case.final_letter_sent = self.final_letter or case.final_letter_sent
        fold.event("close")
        fold.event(f"outcome.{self.outcome}")
        if self.final_letter:
            self._final_letter(fold, self.final_letter)
        for agency in sorted(case.agencies):
            fold.event("close.agency", item=agency)

    def _final_letter(self, fold: Fold, sent: Moment) -> None:
        """The final letter is the victim's and the complainant's; the other side's is one of its own (S4)."""
        written_to = [person.id for person in fold.case.people.values() if side_of(person.roles) == "victim"]
        to: list[str | None] = [*written_to] or [None]
        for person in to:
            fold.event("letter.final", sent, person=person)


class Appeal(Entry, frozen=True):
    """An appeal by either side against how it was handled or decided (WHA, Appeals)."""

    KIND = "appeal"
    TEXT = "text"

    person: str
    text: str | None = None

    def apply(self, fold: Fold) -> None:
        fold.event("appeal", person=self.person)
