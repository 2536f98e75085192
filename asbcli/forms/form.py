"""What a form is: its fields, how each is written and asked for, and what is wrong with the answers given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from asbcli import words
from asbcli.dates import quoted
from asbcli.errors import BadInput
from asbcli.forms.answers import (
    LONGEST_TEXT,
    LONGEST_WORDS,
    READERS,
    Kind,
    each_of,
    is_given,
    nearest,
    plain_text,
    read_case,
    read_switch,
    text_of,
)

_METAVARS: dict[Kind, str] = {
    "text": "TEXT", "long": "TEXT", "name": "NAME", "when": "WHEN", "planned": "WHEN", "either": "WHEN",
    "corrected": "WHEN",
    "interval": "INTERVAL", "number": "SEQ", "case": "N",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One answer a verb takes: how it is written, and how it is asked for at a terminal.

    `argument` may also stand without its flag, in the order of the fields. `also_words` are allowed instead
    of what the kind asks for (`unknown`). `only` names another field and the words of it that this one goes
    with; `asked_with` likewise, but only the question waits for it, as it waits for one name in `asked_of`. Without
    a `question` it is never asked for; `if_none` names one that has to be passed over first. `offers` names what the
    procedure or the case has for an answer, `fact` what a `yes` makes so. `stands` stands for its value in help and
    hints where the kind's own word says too little.
    """

    name: str
    kind: Kind
    help: str
    question: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    argument: bool = False
    also_words: tuple[str, ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None
    asked_with: tuple[str, tuple[str, ...]] | None = None
    asked_of: str = ""
    if_none: str = ""
    offers: str = ""
    fact: str = ""
    stands: str = ""

    @property
    def key(self) -> str:
        """What `--answers` and an import's column call it: `from`, where Python has to say `from_`."""
        return self.name.rstrip("_")

    @property
    def flag(self) -> str:
        """Its option: `--reported-by`."""
        return "--" + self.key.replace("_", "-")

    @property
    def offered(self) -> tuple[str, ...]:
        """The words it may be answered with; none where the answer is free."""
        return words.choices(words.Answer) if self.kind == "yes-no-unknown" else self.choices

    @property
    def metavar(self) -> str:
        """What stands for its value in help and hints: `WHEN|unknown`, `yes|no|unknown`."""
        return "|".join((*(self.offered or (self.stands or _METAVARS[self.kind],)), *self.also_words))

    @property
    def usage(self) -> str:
        """How it is typed."""
        if self.argument:
            return self.metavar
        return self.flag if self.kind == "switch" else f"{self.flag} {self.metavar}"

    def read(self, answer: object, *, now: datetime) -> object:
        """The value `answer` means: text as it is typed, or what JSON holds. Raises BadInput."""
        if self.kind == "switch":
            return read_switch(answer)
        texts = [answer] if isinstance(answer, str) else [text_of(each) for each in each_of(answer)]
        if self.many:
            return tuple(self._read_one(text, now) for text in texts)
        if len(texts) != 1:
            raise BadInput(f"was given {len(texts)} times: it takes one answer")
        return self._read_one(texts[0], now)

    def _read_one(self, text: str, now: datetime) -> object:
        plain = plain_text(text, LONGEST_TEXT if self.kind == "long" else LONGEST_WORDS)
        if self.also_words and plain.lower() in self.also_words:
            return plain.lower()
        return READERS[self.kind]((*self.offered, *self.also_words), plain, now)


class Problem(NamedTuple):
    """What is wrong with an answer; without a field, with the answers as a whole."""

    field: Field | None
    what: str
    hint: str = ""

    def said(self, name: Callable[[Field], str]) -> str:
        """The problem, its field called as `name` has it."""
        what = self.what.rstrip(".")
        return f"{name(self.field)} {what}" if self.field else what


def flag_of(field: Field) -> str:
    """How the command line calls a field."""
    return field.flag


def column_of(field: Field) -> str:
    """How an import calls a field."""
    return field.key


@dataclass(frozen=True)
class Form:
    """One verb's paper form: its fields in order, one of each of `one_of` needed, of `only_one` at most one.

    `gated`: the procedure may stand in the way, so an approval can be given with it. `waived_by`: an answer (by
    key) that stands for others, which are then not needed. `alone`: the answer (a field's name and its word) of who
    names the case and nothing else.
    """

    verb: str
    help: str
    own: tuple[Field, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    only_one: tuple[tuple[str, ...], ...] = ()
    gated: bool = False
    waived_by: tuple[str, tuple[str, ...]] | None = None
    alone: tuple[str, str] | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The form's own fields, and those every change of a case has."""
        names = {field.name for field in self.own}
        approval = (*APPROVAL, *(() if "because" in names else (BECAUSE,))) if self.gated else ()
        return (*self.own, *approval, *((IF_LAST,) if "case" in names else ()))

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by what `--answers` and an import's columns call them."""
        return {field.key: field for field in self.fields}

    @cached_property
    def _required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @cached_property
    def _repeated(self) -> frozenset[str]:
        return frozenset(key for key, field in self.by_key.items() if field.many)

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self.by_key[name.rstrip("_")]

    def applies(self, field: Field, answers: Mapping[str, object]) -> bool:
        """Whether the field goes with the answers (by key) as far as they are known."""
        if field.only is None:
            return True
        other, wanted = self.field(field.only[0]), field.only[1]
        given = {str(each).lower() for each in each_of(answers.get(other.key))} & set(other.offered)
        return not given or bool(given & set(wanted))

    def missing(self, answers: Mapping[str, object]) -> list[tuple[Field, ...]]:
        """What is needed and not among the answers (by key): a field, or several of which one will do.

        What goes with another answer that is missing too is not known yet.
        """
        needed = [(field,) for field in self._required if self.applies(field, answers)
                  and not (field.only and self._lacks(field.only[0], answers))]
        groups = [tuple(self.field(name) for name in group) for group in self.one_of]
        stands_for = self.waived_by[1] if self.waived_by and is_given(answers.get(self.waived_by[0])) else ()
        return [
            each
            for each in (*needed, *groups)
            if not any(is_given(answers.get(field.key)) or field.name in stands_for for field in each)
        ]

    def _lacks(self, name: str, answers: Mapping[str, object]) -> bool:
        field = self.field(name)
        return field.required and not is_given(answers.get(field.key))

    def completed(self, answers: Mapping[str, object]) -> dict[str, object]:
        """The answers, with the one that stands for none: `asb plan 1` lists the plan."""
        if self.alone and set(answers) == {"case"}:
            return {**answers, self.alone[0]: self.alone[1]}
        return dict(answers)

    def read(
        self, answers: Mapping[str, object], *, now: datetime, name: Callable[[Field], str] = flag_of
    ) -> tuple[dict[str, object], list[Problem]]:
        """The values by field name of the answers by key, and all that is wrong with them.

        What was not answered is left out. `now` is aware; `name` is how problems call the fields.
        """
        values: dict[str, object] = {}
        problems = self._unknown(answers)
        for key, field in self.by_key.items():
            answer = answers.get(key)
            if answer is None or not is_given(answer):
                continue
            if not self.applies(field, answers) and field.only:
                other, wanted = field.only
                problems.append(Problem(field, f"goes only with {other} {' or '.join(wanted)}"))
            try:
                values[field.name] = field.read(answer, now=now)
            except BadInput as fault:
                problems.append(Problem(field, fault.problem, fault.hint))
        problems += self._together(values, name)
        if missing := self.missing(answers):
            named = ", ".join(" or ".join(name(field) for field in group) for group in missing)
            problems.append(Problem(None, f"missing: {named}", self._ways(answers, missing)))
        return values, problems

    def fill(
        self, answers: Mapping[str, object], *, now: datetime, name: Callable[[Field], str] = flag_of
    ) -> dict[str, object]:
        """The values of the answers, ready for the verb's operation. Raises one BadInput for all problems."""
        values, problems = self.read(answers, now=now, name=name)
        if problems:
            hints = dict.fromkeys(problem.hint for problem in problems if problem.hint)
            raise BadInput("; ".join(problem.said(name) for problem in problems), " ".join(hints))
        return values

    def _ways(self, answers: Mapping[str, object], missing: Sequence[tuple[Field, ...]]) -> str:
        """What to type; for each word of a missing answer where what else is needed goes with that."""
        for field in (group[0] for group in missing if len(group) == 1):
            if any(each.required and each.only and self.field(each.only[0]) == field for each in self.fields):
                given = [{**answers, field.key: word} for word in field.choices]
                return ", or ".join(self._with(each, self.missing(each)) for each in given)
        return self._with(answers, missing)

    def _with(self, answers: Mapping[str, object], missing: Sequence[tuple[Field, ...]]) -> str:
        """The command with what is missing: of what was given it repeats the case and the program's words alone."""
        lacking = {group[0].key: group[0] for group in missing}
        typed = []
        for field in self.fields:
            if field.argument and (field.key in lacking or is_given(answers.get(field.key))):
                given = _number_of(answers.get("case")) if field.key == "case" else _offered(field, answers)
                typed.append(given or lacking.pop(field.key, field).usage)
        return " ".join(["asb", self.verb, *typed, *(field.usage for field in lacking.values())])

    def of_row(self, row: Mapping[str, str]) -> dict[str, object]:
        """The answers in a row of cells: empty ones left out, repeated values separated by `;`."""
        return {
            key: [part for part in cell.split(";") if part.strip()] if key in self._repeated else cell
            for key, cell in row.items()
            if cell.strip()
        }

    def _unknown(self, answers: Mapping[str, object]) -> list[Problem]:
        return [
            Problem(None, f"{quoted(key)} is no answer of asb {self.verb}", nearest(key, list(self.by_key)))
            for key in answers
            if key not in self.by_key
        ]

    def _together(self, values: Mapping[str, object], name: Callable[[Field], str]) -> list[Problem]:
        """What was given and excludes each other, and an approval of which a part is missing."""
        problems = []
        for group in self.only_one:
            given = [name(self.field(each)) for each in group if each in values]
            if len(given) > 1:
                problems.append(Problem(None, f"{' and '.join(given)} exclude each other", "Give one."))
        approval = [self.field(each) for each in ("override", "approved_by", "because")] if self.gated else []
        if any(field.name in values for field in approval[:2]):
            lacking = [name(field) for field in approval if field.name not in values]
            if lacking:
                problems.append(Problem(None, f"an approval also needs {' and '.join(lacking)}"))
        return problems


def _number_of(case: object) -> str:
    """The number of the one case that was named, if it is one."""
    try:
        return next((str(read_case(text_of(each))) for each in each_of(case)), "")
    except BadInput:
        return ""


def _offered(field: Field, answers: Mapping[str, object]) -> str:
    """The word of the program's that a field was answered with, if it was one."""
    given = next((str(each).lower() for each in each_of(answers.get(field.key))), "")
    return given if given in field.offered else ""


# -- what many forms ask for

CASE = Field("case", "case", "the case: 17 or ASB-17", "Case", required=True, argument=True)
AT = Field("at", "when", "when it happened (default: now)")
ASKED_AT = Field("at", "when", "when it happened (default: now)", "When was it? (Enter: now)")
TEXT = Field("text", "long", "what there is to say of it")
BECAUSE = Field("because", "long", "the reason")
NEEDED_BECAUSE = Field("because", "long", "the reason", "Reason", required=True)
ALSO = Field("also", "case", "a linked case in which it counts too")
IF_LAST = Field("if_last", "number", "only if this is still the case's last entry")
RESOLVING = Field("resolving", "switch", "the action that resolved the case (14.2)")
APPROVAL = (
    Field("override", "name", "the role that allows what the procedure does not, with --because"),
    Field("approved_by", "name", "who in that role approved it"),
)


def needed_text(question: str, text: str) -> Field:
    """A text that a form cannot do without."""
    return Field("text", "long", text, question, required=True, argument=True)
