"""What an entry is, and the case it is written into: each entry at its own moment and place in the log."""

from collections import defaultdict
from typing import Any, ClassVar

from msgspec import Struct

from asbcli.casefile.case import Case, Event, FactChange
from asbcli.moments import Moment

PLAIN_ANSWERS = ("yes", "no", "unknown", "not-applicable")  # these are facts that conditions look at
ERASED = "(erased)"  # stands for what an erased entry said


class Fold:
    """A case being put together: the entries write into it, each at its own moment and place in the log."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.when = Moment.parse("1900-01-01")
        self.seq = 0
        self.early: defaultdict[str, list[Entry]] = defaultdict(list)  # known of who was not named yet

    def event(self, name: str, when: Moment | None = None, **details: Any) -> None:
        """Note that `name` happened, at the entry's moment unless another is given, and is so from then on."""
        self.case.events.append(Event(name, when or self.when, self.seq, **details))
        self.fact(name, person=details.get("person"))

    def fact(self, name: str, *, holds: bool = True, person: str | None = None) -> None:
        """Note that `name` holds from the entry's moment, or no longer does."""
        self.case.facts.append(FactChange(self.when, self.seq, name, holds, person))

    def swap(self, old: str | None, new: str | None, *, prefix: str = "", suffix: str = "",
             person: str | None = None) -> None:
        """Let one fact of a family take another's place."""
        if old and old != new:
            self.fact(prefix + old + suffix, holds=False, person=person)
        if new:
            self.fact(prefix + new + suffix, person=person)


    def answer(self, question: str, answer: str) -> None:
        """Note the answer to a question of the checklist in place of the one it had."""
        old = self.case.answers.get(question)
        self.swap(old if old in PLAIN_ANSWERS else None, answer if answer in PLAIN_ANSWERS else None,
                  prefix=f"answer.{question}.")
        self.case.answers[question] = answer
        self.event(f"answered.{question}")


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """What every kind of entry has: its fields are its stored body, checked as it is read."""

    KIND: ClassVar[str]
    TEXT: ClassVar[str]
    AGENCIES: ClassVar[tuple[tuple[str, str], ...]] = ()  # fields that may name one, each with that of its number

    def apply(self, fold: Fold) -> None:
        """Change the case, and say which events and facts this is; many a kind changes nothing."""

    def tell(self, case: Case) -> None:
        """Note where somebody lives and how they are reached: what was recorded last holds, whenever it happened."""
