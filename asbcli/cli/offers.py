"""What can be answered at a terminal: the words of the case's own procedure, its people, its open duties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from asbcli.cli.desk import Desk
from asbcli.cli.show import wrapped
from asbcli.dates import echo, parse_when, quoted
from asbcli.errors import AsbError, BadInput
from asbcli.forms.form import Field
from asbcli.moments import Moment

if TYPE_CHECKING:
    import sqlite3

Answers = Mapping[str, object]

_OPEN = "open"  # the heading of questions that are still to be answered
_ENTRIES = 18  # of a long log the last so many are offered, after the report
_REPORTED = ("report", "incident")  # the entries that were also received
# A person may also be named by a word that is not offered: by a full name, or an id.
_PEOPLE = ("person", "person-named", "one-of-several", "perpetrator")
_DEPENDS_ON = ("case", "received", "step", "kind", "role")  # the answers that decide what is offered
_FLAGS = "SELECT label FROM labels WHERE case_number = ? AND family = 'flag'"
_NAMED = """
    SELECT people.person, people.name, group_concat(person_roles.role, ' ') AS roles FROM people
    JOIN person_roles ON person_roles.case_number = people.case_number AND person_roles.person = people.person
    WHERE people.case_number = ? GROUP BY people.person ORDER BY people.person
"""
_DUTIES = """
    SELECT deadlines.rule, rules.title, deadlines.act_by, deadlines.due FROM deadlines
    JOIN rules ON rules.procedure = deadlines.procedure AND rules.rule = deadlines.rule
    WHERE deadlines.case_number = ? AND deadlines.met IS NULL AND deadlines.ended IS NULL
          AND deadlines.started <= CASE WHEN length(deadlines.started) = 10 THEN ? ELSE ? END
    ORDER BY deadlines.act_by IS NULL, deadlines.act_by, deadlines.rule
"""


class Offer(NamedTuple):
    """A word that answers a question, what it means, and the heading it stands under."""

    word: str
    title: str = ""
    heading: str = ""


class Offers:
    """The answers there are for one form; the register is read when a question needs it, and left at once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._told: set[str] = set()
        self._procedures: dict[str, dict[str, Any]] = {}
        self._found: dict[tuple[str, ...], list[Offer]] = {}

    # -- what is offered

    def of(self, field: Field, answers: Answers) -> list[Offer]:
        """The answers a field can have, in the procedure's order; none where it has no list."""
        if not field.offers:
            return []
        known = (field.offers, *(_one(answers.get(key)) for key in _DEPENDS_ON))
        if known not in self._found:
            self._found[known] = self._look_up(field, answers)
        return self._found[known]

    def _look_up(self, field: Field, answers: Answers) -> list[Offer]:
        if field.offers in _PEOPLE:
            return self._people(field, answers)
        special: dict[str, Callable[[Answers], list[Offer]]] = {
            "category": self._categories, "flag": self._flags, "remedy-state": self._states,
            "duty": self._duties, "entry": self._entries, "reported": lambda _: [], "manager": lambda _: [],
            "question": self._questions, "stage": lambda _: [],
        }  # fmt: skip
        if field.offers in special:
            return special[field.offers](answers)
        return self._table(field.offers, answers)

    def proposed(self, field: Field, answers: Answers) -> tuple[str, str]:
        """The answer that Enter gives, and why it is that; two empty texts where there is none."""
        if field.offers == "stage":
            return self._next_stage(answers)
        if field.offers == "perpetrator":
            people = self._people(field, answers)
            return (people[0].word, people[0].title) if len(people) == 1 else ("", "")
        return "", ""

    def passed_over(self, field: Field, answers: Answers) -> str:
        """What it means that a question was passed over, where it means more than that nothing is said."""
        if field.offers != "manager":
            return ""
        held = f"review.{_one(answers.get('stage'))}.with-manager"
        clauses = dict.fromkeys(str(row["clause"]) for row in self._procedure(answers).get("deadline", ())
                                if held in (*row.get("met_by", ()), *row.get("met_by_all", ())))
        return f"Without a named manager this review meets nothing in {', '.join(clauses)}." if clauses else ""

    def is_asked(self, field: Field, answers: Answers) -> bool:
        """Whether a question is worth asking: which of several people, only where there are several."""
        if field.offers == "reported":
            entry = _one(answers.get("entry"))
            return any(str(row["entry"]) == entry and row["kind"] in _REPORTED for row in self._log(answers))
        return field.offers != "one-of-several" or len(self._people(field, answers)) > 1

    def read(self, field: Field, text: str, answers: Answers, *, whole: bool = False) -> str:
        """The offered word that `text` is, or (unless `whole`) begins. Raises BadInput with the nearest."""
        offers = self.of(field, answers)
        if not offers or field.offers == "entry" or text.lower() in field.also_words:
            return text
        typed = text.casefold()
        for fits in (_is,) if whole else (_is, _begins):
            found = [offer.word for offer in offers if fits(offer, typed)]
            if len(found) == 1:
                return found[0]
            if found:
                near = " or ".join(found[:4])
                raise BadInput(f"{quoted(text)} is the beginning of several", f"Did you mean {near}?")
        if field.offers in _PEOPLE:
            return text
        words = [offer.word for offer in offers]
        like = get_close_matches(typed, words, 1) or _with_title_like(typed, offers)
        raise BadInput(f"{quoted(text)} is none of those offered", f"Did you mean {like[0]}?" if like else "")

    def title(self, field: Field, word: object, answers: Answers) -> str:
        """What an offered word means."""
        return next((each.title for each in self.of(field, answers) if each.word == word and each.title), "")

    # -- what cannot wait

    def first_words(self, field: Field, answer: object, answers: Answers) -> list[str]:
        """What the procedure says before anything else once this answer makes something so; each once."""
        facts = self._facts(field, answer, answers)
        if not facts:
            return []
        found = [
            each["text"]
            for each in self._procedure(answers).get("guidance", ())
            if each.get("first") and facts & set(each["on"])
        ]
        new = [text for text in found if text not in self._told]
        self._told.update(new)
        return new

    def _facts(self, field: Field, answer: object, answers: Answers) -> set[str]:
        given = answer if isinstance(answer, tuple | list) else [answer]
        words = {str(each).strip().lower() for each in given}
        if field.fact:
            return {field.fact} if "yes" in words else set()
        if field.offers == "flag":
            return words if _one(answers.get("step")) in ("", "add") else set()
        if field.offers == "category":
            rows = self._procedure(answers).get("category", ())
            return {flag for row in rows if row["id"] in words for flag in row.get("flags", ())}
        return set()

    # -- each kind

    def _categories(self, answers: Answers) -> list[Offer]:
        procedure = self._procedure(answers)
        levels = {row["id"]: row.get("title") or row["id"] for row in procedure.get("priority", ())}
        rows = [row for row in procedure.get("category", ()) if row.get("asb", True)]
        return [
            Offer(row["id"], row.get("title", ""), title)
            for level, title in levels.items()
            for row in rows
            if row["priority"] == level
        ]

    def _table(self, name: str, answers: Answers) -> list[Offer]:
        return [Offer(row["id"], row.get("title", "")) for row in self._procedure(answers).get(name, ())]

    def _states(self, answers: Answers) -> list[Offer]:
        """The states of the remedy that was chosen."""
        kind = _one(answers.get("kind"))
        return [
            Offer(state)
            for row in self._procedure(answers).get("remedy", ())
            if row["id"] == kind
            for state in row.get("states", ())
        ]

    def _flags(self, answers: Answers) -> list[Offer]:
        """Of a case, the flags it does not have yet, or those that can be removed; of a restricted one, all."""
        found = self._table("flag", answers)
        number, step = self._number(answers), _one(answers.get("step"))
        if number is None or step not in ("add", "remove") or not self._may_be_told(number):
            return found
        with self._reading() as register:
            has = {row["label"] for row in register.execute(_FLAGS, (number,))}
        return [offer for offer in found if (offer.word in has) == (step == "remove")]

    def _people(self, field: Field, answers: Answers) -> list[Offer]:
        number = self._number(answers)
        if number is None or not self._may_be_told(number):
            return []
        if field.offers == "person-named" and _one(answers.get("step")) == "add":  # whoever it is, they are new
            return []
        role = {"perpetrator": "perpetrator", "one-of-several": _one(answers.get("role"))}.get(field.offers)
        with self._reading() as register:
            rows = register.execute(_NAMED, (number,)).fetchall()
        return [
            Offer(f"P{row['person']}", row["name"])
            for row in rows
            if role is None or role in row["roles"].split()
        ]

    def _duties(self, answers: Answers) -> list[Offer]:
        """The case's open deadlines and open items, the earliest first, each rule once."""
        titles: dict[str, str] = {}
        for row in self._open_rows(answers):
            titles.setdefault(row["rule"], row["title"])
        return [Offer(rule, title) for rule, title in titles.items()]

    def _open_rows(self, answers: Answers) -> list[sqlite3.Row]:
        number, now = self._number(answers), Moment.at(self.desk.now())
        if number is None or not self._may_be_told(number):
            return []
        with self._reading() as register:
            return register.execute(_DUTIES, (number, now.day.isoformat(), now.text)).fetchall()

    def _questions(self, answers: Answers) -> list[Offer]:
        """The questions that are open, then those that have an answer."""
        number = self._number(answers)
        if number is None or not self._may_be_told(number):
            return []
        from asbcli.procedure.gates import facts_now, unanswered
        from asbcli.store.past import Past

        with self._reading() as register:
            past = Past(register)
            case, found = past.case(number)
            procedure = past.procedure(case.procedure)
        still = unanswered(procedure, case, facts_now(procedure, case, found, self.desk.now()))
        asked = [*still, *(each for each in procedure.questions.values() if each.id in case.answers)]
        return [
            Offer(each.id, each.text, "answered already" if each.id in case.answers else _OPEN)
            for each in asked
        ]

    def _entries(self, answers: Answers) -> list[Offer]:
        """The entries that can be put right, with what each says: the report, and the last ones."""
        from asbcli.cli import logwords

        rows = self._log(answers)
        said = logwords.words_of(rows)
        return [Offer(str(row["entry"]), f"{_entry(row)}: {said[row['entry']]}") for row in _first_and_last(rows)]

    def entries(self, answers: Answers) -> list[str]:
        """The same entries by number, kind and day, which tell nothing of anybody."""
        return [f"{row['entry']} {_entry(row)}" for row in _first_and_last(self._log(answers))]

    def _log(self, answers: Answers) -> list[dict[str, Any]]:
        number = self._number(answers)
        if number is None or not self._may_be_told(number):
            return []
        from asbcli.store import read

        with self._reading() as register:
            return read.history(register, number)

    def _next_stage(self, answers: Answers) -> tuple[str, str]:
        """The stage of the first review that is open, and why."""
        rules = {row["id"]: row for row in self._procedure(answers).get("deadline", ())}
        for row in self._open_rows(answers):
            rule = rules.get(row["rule"], {})
            for name in (*rule.get("met_by", ()), *rule.get("met_by_all", ())):
                kind, _, stage = name.partition(".")
                if kind == "review":
                    by = row["due"] or row["act_by"]
                    due = f" by {echo(Moment.parse(by))}" if by else ""
                    return stage.split(".")[0], f"{row['title']}{due}"
        return "", ""

    # -- where it is read

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """The register for one reading: nobody waits for an officer who is still thinking."""
        try:
            yield self.desk.register
        finally:
            self.desk.leave_register()

    def _procedure(self, answers: Answers) -> dict[str, Any]:
        """The case's own procedure; without a case the one in force when the report came in."""
        number = self._number(answers)
        name = f"case {number}" if number is not None else self._received(answers)
        if name not in self._procedures:
            self._procedures[name] = self._read_procedure(number, name)
        return self._procedures[name]

    def _read_procedure(self, number: int | None, received: str) -> dict[str, Any]:
        if not self._has_register:
            from asbcli.procedure.reading import compose

            composed: dict[str, Any] = compose("default")  # the one a register starts with
            return composed
        from asbcli.store import read

        with self._reading() as register:
            if number is not None:
                row = register.execute(read.CASE, (number,)).fetchone()
                return read.procedure(register, row["procedure"]) if row else {}
            adopted = read.procedures(register)
            begun = [row["key"] for row in adopted if row["in_force_from"] <= received]
            return read.procedure(register, begun[-1] if begun else adopted[0]["key"])

    def _may_be_told(self, number: int) -> bool:
        """Whether a case's people, flags and duties may be listed: looking at a restricted one needs a reason."""
        if not self._has_register:
            return False
        from asbcli.store import read

        with self._reading() as register:
            return number not in read.restricted(register)

    @cached_property
    def _has_register(self) -> bool:
        return self.desk.settings.path.exists()

    def _received(self, answers: Answers) -> str:
        now = self.desk.now()
        try:
            given = _one(answers.get("received")) or "today"
            return parse_when(given, now=now, toward="past").day.isoformat()
        except AsbError:
            return Moment.at(now).day.isoformat()

    def _number(self, answers: Answers) -> int | None:
        from asbcli.forms.answers import read_case

        try:
            return read_case(_one(answers.get("case")))
        except BadInput:
            return None


def _one(answer: object) -> str:
    """An answer as text; of several the first."""
    first = answer[0] if isinstance(answer, tuple | list) and answer else answer
    return "" if first is None or first == () or first == [] else str(first)


def _first_and_last(log: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a case's entries those that can be put right: the report, and of the others the last."""
    found = [row for row in log if row["kind"] != "correction"]
    return [*found[:1], *found[1:][-_ENTRIES:]]


def _entry(row: Mapping[str, Any]) -> str:
    return f"{row['kind']} of {echo(Moment(Moment.parse(row['happened_at']).day))}"


def _is(offer: Offer, typed: str) -> bool:
    return offer.word.casefold() == typed


def _begins(offer: Offer, typed: str) -> bool:
    return offer.word.casefold().startswith(typed) or offer.title.casefold().startswith(typed)


def _with_title_like(typed: str, offers: Iterable[Offer]) -> Sequence[str]:
    """The words whose title holds what was typed (`dogs` is none, `animals` is pets)."""
    return [offer.word for offer in offers if len(typed) > 3 and typed in offer.title.casefold()]


def listed(offers: Sequence[Offer], width: int) -> list[str]:
    """The offers as lines no wider than `width`: in columns where they fit, under their headings; questions whole."""
    lines: list[str] = []
    for heading in dict.fromkeys(offer.heading for offer in offers):
        under = [offer for offer in offers if offer.heading == heading]
        lines += [f"  {heading}"] if heading else []
        if heading == _OPEN:
            lines += [wrapped(f"{offer.word}: {offer.title}", width, "    ", "  ") for offer in under]
            continue
        lines += _columns(under, width - 4, "    " if heading else "  ")
    return lines


_MOST_TITLED = 20  # more than these are listed without what they mean; that is told once one is chosen


def _columns(offers: Sequence[Offer], width: int, indent: str) -> list[str]:
    longest = max(len(offer.word) for offer in offers)
    titled = len(offers) <= _MOST_TITLED
    cells = [f"{offer.word:<{longest}}  {offer.title}".rstrip() if titled else offer.word for offer in offers]
    widest = max(map(len, cells))
    if not titled or (widest + 2) * 2 <= width:
        across = max(1, (width + 2) // (widest + 2))
        down = -(-len(cells) // across)
        rows = [cells[start::down] for start in range(down)]
        return [indent + "  ".join(f"{cell:<{widest}}" for cell in row).rstrip() for row in rows]
    return [indent + (cell if len(cell) <= width else cell[: width - 1] + "…") for cell in cells]
