"""What each verb asks for: one definition for its options, its questions, `--answers` and the import."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Literal, NamedTuple

from asbcli import words
from asbcli.dates import parse_when, quoted
from asbcli.errors import BadInput
from asbcli.workdays import parse_limit

Kind = Literal[
    "text", "long", "name", "choice", "yes-no-unknown", "when", "planned", "either", "interval", "number",
    "case", "switch",
]  # fmt: skip

ANONYMOUS = "anonymous"  # in place of a complainant's name
LONGEST_TEXT = 20_000
LONGEST_WORDS = 200  # a name, an address, a place

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_METAVARS: dict[Kind, str] = {
    "text": "TEXT", "long": "TEXT", "name": "NAME", "when": "WHEN", "planned": "WHEN", "either": "WHEN",
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
            return _read_switch(answer)
        texts = [answer] if isinstance(answer, str) else [_text_of(each) for each in _each(answer)]
        if self.many:
            return tuple(self._read_one(text, now) for text in texts)
        if len(texts) != 1:
            raise BadInput(f"was given {len(texts)} times: it takes one answer")
        return self._read_one(texts[0], now)

    def _read_one(self, text: str, now: datetime) -> object:
        plain = _refuse_what_no_text_holds(text, LONGEST_TEXT if self.kind == "long" else LONGEST_WORDS)
        if self.also_words and plain.lower() in self.also_words:
            return plain.lower()
        return _READERS[self.kind](self, plain, now)


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
        given = {str(each).lower() for each in _each(answers.get(other.key))} & set(other.offered)
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
            Problem(None, f"{quoted(key)} is no answer of asb {self.verb}", _nearest(key, list(self.by_key)))
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


def is_given(answer: object) -> bool:
    """Whether there is an answer: a switch left alone, an empty list and null are none."""
    return answer is not None and answer is not False and answer != () and answer != []


def _number_of(case: object) -> str:
    """The number of the one case that was named, if it is one."""
    try:
        return next((str(read_case(_text_of(each))) for each in _each(case)), "")
    except BadInput:
        return ""


def _offered(field: Field, answers: Mapping[str, object]) -> str:
    """The word of the program's that a field was answered with, if it was one."""
    given = next((str(each).lower() for each in _each(answers.get(field.key))), "")
    return given if given in field.offered else ""


def _each(answer: object) -> Sequence[object]:
    if answer is None:
        return ()
    return answer if isinstance(answer, tuple | list) else (answer,)


def _text_of(answer: object) -> str:
    if isinstance(answer, int) and not isinstance(answer, bool):
        return str(answer)  # JSON has numbers for cases, entries and priorities
    if isinstance(answer, str):
        return answer
    raise BadInput("must be text, or a list of texts where it may be repeated")


def _refuse_what_no_text_holds(text: str, longest: int) -> str:
    """The text without the space around it. Raises BadInput for what cannot be stored or says nothing."""
    if len(text) > longest:
        raise BadInput(f"is too long: {len(text):,} characters, and the most is {longest:,}")
    if "\0" in text:
        raise BadInput("holds a NUL character, which no text can")
    if re.search("[\ud800-\udfff]", text):
        raise BadInput("is not valid UTF-8 text")
    plain = text.strip()
    if not any(map(str.isprintable, plain.replace(" ", ""))):
        raise BadInput("is empty")
    return plain


def read_plain(name: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """A text given outside a form, if it can be stored and says something. Raises BadInput, calling it `name`."""
    try:
        return _refuse_what_no_text_holds(text, longest)
    except BadInput as fault:
        raise BadInput(f"{name} {fault.problem}", fault.hint) from None


def _read_switch(answer: object) -> bool:
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, str) and answer.strip().lower() in _YES_NO:
        return _YES_NO[answer.strip().lower()]
    raise BadInput("is yes or no")


def _read_choice(field: Field, text: str, now: datetime) -> str:
    if text.lower() in field.offered:
        return text.lower()
    problem = f"{quoted(text)} is none of {', '.join((*field.offered, *field.also_words))}"
    raise BadInput(problem, _nearest(text.lower(), field.offered))


def _nearest(word: str, known: Sequence[str]) -> str:
    begun = [each for each in known if word and each.startswith(word)]
    near = begun[:3] or get_close_matches(word, known, 1)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _read_interval(field: Field, text: str, now: datetime) -> str:
    try:
        return parse_limit(text).words
    except ValueError as fault:
        raise BadInput(str(fault)) from None


def _read_number(field: Field, text: str, now: datetime) -> int:
    if re.fullmatch("[0-9]{1,12}", text):
        return int(text)
    raise BadInput(f"{quoted(text)} is not the number of an entry", "asb history N shows them.")


def read_case(text: str) -> int:
    """The number of a case written `17`, `ASB-17` or `asb-17`. Raises BadInput."""
    if found := re.fullmatch("(?:asb-)?([0-9]{1,9})", text.strip(), re.ASCII | re.IGNORECASE):
        return int(found[1])
    raise BadInput(f"{quoted(text)} is no case", "Type its number or its reference: 17, ASB-17.")


_READERS: dict[Kind, Callable[[Field, str, datetime], object]] = {
    "text": lambda field, text, now: text,
    "long": lambda field, text, now: text,
    "name": lambda field, text, now: text,
    "choice": _read_choice,
    "yes-no-unknown": _read_choice,
    "when": lambda field, text, now: parse_when(text, now=now, toward="past"),
    "planned": lambda field, text, now: parse_when(text, now=now, toward="future"),
    "either": lambda field, text, now: parse_when(text, now=now, toward="either"),
    "interval": _read_interval,
    "number": _read_number,
    "case": lambda field, text, now: read_case(text),
}

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


# -- the report: immediate danger first (3.3.1), then the paper form of 3.2.1 in its order

REPORT = (
    Field("immediate_danger", "yes-no-unknown", "whether anyone is in immediate danger (3.3.1)",
          "Is anyone in immediate danger?", fact="immediate-danger"),
    Field("received", "when", "when it was reported (default: now)", "Reported when? (Enter: now)"),
    Field("channel", "choice", "how it was reported", "How was it reported?",
          choices=words.choices(words.Channel)),
    Field("reporter", "choice", "who reported it", "Who reported it?", choices=words.choices(words.Reporter)),
    Field("reported_by", "name", "the name of a third party who reported it", "Name of who reports it",
          asked_with=("reporter", ("third-party", "agency"))),
    Field("anonymous", "switch", "the complainant stays anonymous"),
    Field("complainant", "name", "who complains", "Complainant's name, or anonymous", also_words=(ANONYMOUS,)),
    Field("victim", "name", "who suffers it (default: the complainant)", "Victim's name, if another"),
    Field("address", "text", "the complainant's address", "The complainant's address"),
    Field("definition", "choice", "what kind of behaviour it is; repeated, one linked case each (2.2.1)",
          "Definition", choices=words.DEFINITIONS, many=True, required=True),
    Field("category", "text", "the category's id; repeated, the highest priority wins (2.1.1)",
          "Category", many=True, offers="category"),
    Field("priority", "text", "another priority than the category's own, with --because",
          "Priority", if_none="category", offers="priority"),
    Field("summary", "long", "what happened, in a few words", "What happened?", required=True),
    Field("happened", "when", "when it happened", "When did it happen?", also_words=("unknown",)),
    Field("place", "text", "where it happened", "Where?"),
    Field("perpetrator", "name", "the alleged perpetrator's name",
          "Alleged perpetrator's name, or unknown", many=True, also_words=("unknown",)),
    Field("perpetrator_tenure", "choice", "the one alleged perpetrator's tenure",
          "Alleged perpetrator's tenure", choices=words.choices(words.Tenure), asked_of="perpetrator"),
    Field("witness", "name", "a witness's name", "Witness's name, none or unknown",
          many=True, also_words=("none", "unknown")),
    Field("previous_incidents", "yes-no-unknown", "whether it happened before",
          "Were there previous incidents?"),
    Field("police_informed", "yes-no-unknown", "whether the police or others know",
          "Were the police or other agencies informed?"),
    Field("relevant_authority", "switch", "who reports it is a relevant authority (3.7.4)"),
    Field("perceived_by", "choice", "who perceives it so: aimed at somebody, hate, domestic abuse (2.2.1)",
          choices=words.choices(words.PerceivedBy)),
    Field("flag", "text", "a flag of the procedure", many=True, offers="flag"),
    Field("officer", "name", "the case officer (default: who is acting)"),
)  # fmt: skip
A_PRIORITY = (("priority", "category"),)
# Of a case that follows from a closed one: the rest stays as it was, unless an option says otherwise.
ASKED_AGAIN = {
    "received": "Reported when? (Enter: now)",
    "summary": "What happened this time? (Enter: as in the closed case)",
    "happened": "When did it happen?",
}

# -- the forms, in the order of a case's life

_INTERVIEW_STATES = ("held", "arranged", "declined", "delayed", "not_appropriate")
_VICTIM, _PERPETRATOR = ("role", ("victim",)), ("role", ("perpetrator",))
_ADD, _SET, _KNOWN = ("step", ("add",)), ("step", ("set",)), ("step", ("add", "set"))

FORMS: dict[str, Form] = {
    form.verb: form
    for form in (
        Form(
            "open",
            "The five things a first report must hold (3.2.1) stay on the checklist until they are answered.",
            (
                *REPORT,
                Field("from_", "case", "another definition of this case's matter, linked to it"),
                Field("new", "switch", "it is not the same as the cases that were shown"),
                BECAUSE,
            ),
            one_of=A_PRIORITY,
            waived_by=("from", ("summary", "category", "priority")),
        ),
        Form(
            "log-incident",
            "A further incident of a matter that has its case.",
            (
                CASE,
                needed_text("What happened?", "what happened"),
                Field("at", "when", "when it happened (default: when it was reported)",
                      "When did it happen? (Enter: now)"),
                Field("received", "when", "when it was reported (default: now)"),
                Field("place", "text", "where it happened", "Where?"),
                Field("category", "text", "the category's id", offers="category"),
                Field("immediate_danger", "yes-no-unknown", "whether anyone is in immediate danger (3.3.1)"),
            ),
        ),
        Form(
            "interview",
            "An interview held; or why not yet. Only the full interview meets 2.1.1, not a first contact.",
            (
                CASE,
                Field("role", "choice", "who is interviewed", "Who was interviewed?",
                      choices=words.choices(words.Interviewee), required=True, argument=True),
                Field("person", "name", "their name or id, where there are several", "Which of them?",
                      offers="one-of-several"),
                ASKED_AT,
                Field("held", "switch", "it was held (the default)"),
                Field("ended", "when", "when it ended, where that matters"),
                Field("arranged", "planned", "it is arranged for then"),
                Field("declined", "switch", "they declined it"),
                Field("delayed", "switch", "it is delayed, with --because (6.1.1)"),
                Field("not_appropriate", "switch", "it is not appropriate, with --because"),
                Field("first_contact", "switch", "a first contact, not the full interview"),
                Field("contact_every", "interval", "how often contact was agreed (4.2.2): '1 week'",
                      "How often is contact agreed (1 week)?", only=_VICTIM),
                Field("finding", "choice", "what it found (section 7)", "What did it find?",
                      choices=words.choices(words.Finding), only=_PERPETRATOR),
                Field("monitor_until", "planned", "the end of monitoring (7.1.1)",
                      "Monitored until (Enter: 28 days)", only=_PERPETRATOR),
                Field("notes", "long", "what was said", "Notes"),
                ALSO,
                BECAUSE,
            ),
            only_one=(_INTERVIEW_STATES,),
            gated=True,
        ),
        Form(
            "contact",
            "A contact counts once somebody was reached; 4.2.5 is met by an outline, 6.3.3 by the outcome.",
            (
                CASE,
                needed_text("What was said?", "what was said"),
                Field("with_", "name", "victim, perpetrator, witness or a name (default: victim)",
                      "With victim, perpetrator, witness or whom? (Enter: victim)"),
                ASKED_AT,
                Field("channel", "choice", "how", "How?", choices=words.choices(words.Channel)),
                Field("purpose", "choice", "what for", "What for?", choices=words.choices(words.Purpose)),
                Field("attempted", "switch", "nobody was reached: it meets nothing"),
                Field("incoming", "switch", "they contacted us: without a purpose it meets nothing"),
                ALSO,
                BECAUSE,
            ),
            only_one=(("attempted", "incoming"),),
            gated=True,
        ),
        Form("note", "It starts and stops nothing.", (CASE, needed_text("Note", "the note"), AT)),
        Form(
            "review",
            "Without a named manager a review meets nothing in 13.1.",
            (
                CASE,
                needed_text("What was decided?", "what was decided"),
                Field("stage", "choice", "which review it is", "Which review?",
                      choices=words.choices(words.Stage), required=True, offers="stage"),
                Field("with_", "name", "the manager it was held with", "With which manager?", offers="manager"),
                ASKED_AT,
            ),
        ),
        Form(
            "plan",
            "The action plan: add an action, mark one done, say that the plan is agreed, or list it.",
            (
                CASE,
                Field("step", "choice", "what to do with the plan", "Add, done, agreed or list?",
                      choices=("add", "done", "agreed", "list"), required=True, argument=True),
                Field("what", "long", "the action, or the number of one that is done", "What, or which item?",
                      required=True, argument=True, only=("step", ("add", "done"))),
                Field("who", "name", "who does it", "Who does it?", only=_ADD),
                Field("due", "planned", "by when", "By when?", only=_ADD),
                AT,
                RESOLVING,
            ),
            alone=("step", "list"),
        ),
        Form(
            "person",
            "An unknown perpetrator has no clock until identified.",
            (
                CASE,
                Field("step", "choice", "add someone, set what is known of them, rename who was named wrongly, or "
                      "remove who was named by mistake", "Add, set, rename or remove?",
                      choices=("add", "set", "rename", "remove"), required=True, argument=True),
                Field("role", "choice", "their role", "Role", choices=words.choices(words.Role),
                      required=True, argument=True, only=_ADD),
                Field("name", "name", "their name, or the id of someone in the case", "Name", required=True,
                      argument=True, offers="person-named"),
                Field("new_name", "name", "the name that is theirs", "The name that is theirs", required=True,
                      argument=True, only=("step", ("rename",)), stands="NEWNAME"),
                Field("tenure", "choice", "their tenure", "Tenure", choices=words.choices(words.Tenure), only=_KNOWN),
                Field("tenancy", "choice", "their tenancy", "Tenancy", choices=words.choices(words.Tenancy),
                      only=_KNOWN),
                Field("address", "text", "their address", "Address", only=_KNOWN),
                Field("safe_address", "text", "the only address to write to; none takes it back", "Safe address",
                      only=_SET),
                Field("safe_times", "text", "when it is safe to reach them", "Safe times", only=_SET),
                Field("do_not", "text", "what must not be done: phone, write, leave messages", "Do not",
                      many=True, only=_SET),
                Field("prefers", "choice", "how they prefer to be reached (3.3.7)", "Preferred channel",
                      choices=words.choices(words.Channel), also_words=("none",), only=_SET),
                Field("phone", "text", "their telephone number", "Telephone", only=_SET),
                Field("email", "text", "their e-mail address", "E-mail", only=_SET),
                Field("needs", "long", "the support they need (3.2.1)", "Support needs", only=_SET),
                Field("adjustments", "long", "reasonable adjustments (3.3.7)", "Adjustments", only=_SET),
                Field("interpreter", "text", "the language to interpret or translate", "Interpreter for",
                      only=_SET),
                Field("companion", "text", "who is with them at interviews (5.3, 6.1.1)", "Companion", only=_SET),
                Field("investigator", "text", "the gender or ethnicity wished for (5.4)",
                      "Investigator wished for", only=_SET),
                Field("identity_checked", "choice", "whether security questions were passed; never the answers",
                      "Identity checked?", choices=("yes", "no"), also_words=("none",), only=_SET),
                Field("at", "when", "when they were identified, or it was learned (default: now)", only=_KNOWN),
                Field("because", "long", "why the name was wrong, or the person", "Reason", required=True,
                      only=("step", ("rename", "remove"))),
                Field("new", "switch", "another person of a name that is in the case already", only=_ADD),
            ),
        ),
        Form(
            "change",
            "The old value stays in the log.",
            (
                CASE,
                Field("priority", "text", "the new priority", "New priority", offers="priority"),
                Field("category", "text", "the categories from now on", "New category",
                      many=True, offers="category"),
                Field("officer", "name", "the new case officer", "New officer"),
                Field("contact_every", "interval", "how often contact is agreed: '1 week'",
                      "New interval of contact"),
                Field("because", "long", "the reason", "Reason"),
                AT,
            ),
            one_of=(("priority", "category", "officer", "contact_every"),),
        ),
        Form(
            "flag",
            "The clocks a flag starts run from the original start.",
            (
                CASE,
                Field("step", "choice", "add or remove", "Add or remove?", choices=("add", "remove"),
                      required=True, argument=True),
                Field("flag", "text", "the flag", "Flag", required=True, argument=True, offers="flag",
                      stands="FLAG"),
                AT,
                NEEDED_BECAUSE,
            ),
            gated=True,
        ),
        Form(
            "warn",
            "A formal warning states the action it requires (7.3.1).",
            (
                CASE,
                Field("name", "name", "who is warned: a name or an id", "Who is warned?", required=True,
                      argument=True, offers="perpetrator"),
                Field("level", "choice", "how formal it is", "Level", choices=words.choices(words.Level),
                      required=True),
                Field("requires", "long", "the action required to avoid more (7.3.1)",
                      "What does it require?"),
                ASKED_AT,
                RESOLVING,
                TEXT,
            ),
        ),
        Form(
            "repair",
            "Noticed alone starts its clock, done stops it (3.6.1).",
            (
                CASE,
                Field("kind", "choice", "what kind of repair", "Which repair?",
                      choices=words.choices(words.RepairKind), required=True, argument=True),
                Field("noticed", "when", "when any of us first knew of it", "Noticed when?"),
                Field("due", "planned", "the date asked for", "Due when?"),
                Field("done", "when", "when it was done", "Done when?"),
                Field("photographed", "switch", "photographs were taken"),
                TEXT,
            ),
            one_of=(("noticed", "due", "done", "photographed"),),
            gated=True,
        ),
        Form(
            "consent",
            "For one purpose or one agency, and can be withdrawn; an agency's to the interview is its own (6.2.1).",
            (
                CASE,
                Field("name", "name", "whose consent: a person or an agency", "Whose consent?", required=True,
                      argument=True),
                Field("step", "choice", "given or withdrawn", "Given or withdrawn?",
                      choices=("given", "withdrawn"), required=True, argument=True),
                Field("for_", "name", f"{', '.join(words.CONSENTS)}, or an agency",
                      "For what purpose, or which agency?", required=True),
                Field("written", "switch", "in writing", only=("step", ("given",))),
                ASKED_AT,
                TEXT,
            ),
            gated=True,
        ),
        Form(
            "answer",
            "Unknown and not-applicable are answers; asb checklist N shows what is open.",
            (
                CASE,
                Field("item", "text", "the question's id", "Which question?", required=True, argument=True,
                      offers="question", stands="ITEM"),
                Field("answer", "long", "yes, no, unknown, not-applicable or a text", "Answer", required=True,
                      argument=True, stands="yes|no|unknown|not-applicable|TEXT"),
                Field("at", "when", "when it was so, or was considered (default: now)"),
                Field("because", "long", "what was considered and not done"),
            ),
        ),
        Form(
            "agency",
            "What went to an agency, and what came of it, is logged with its named contact.",
            (
                CASE,
                Field("step", "choice", "what was done", "What was done?",
                      choices=("add", "told", "referred", "outcome"), required=True, argument=True),
                Field("name", "name", "the agency", "Agency", required=True, argument=True),
                Field("contact", "name", "the named contact there", "Contact there"),
                Field("kind", "choice", "police, local authorities and other landlords are relevant (3.7.4)",
                      "What kind?", choices=words.choices(words.AgencyKind), only=_ADD),
                Field("protocol", "switch", "an information sharing protocol is in place with it", only=_ADD),
                ASKED_AT,
                TEXT,
                BECAUSE,
            ),
            gated=True,
        ),
        Form(
            "disclose",
            "Consent for that recipient, a relevant authority (3.7.4), or an approval; emergencies pass first.",
            (
                CASE,
                Field("to", "name", "the agency, or somebody in the case", "Told whom?", required=True),
                Field("what", "long", "what is told", "What is told?"),
                Field("basis", "long", "on what basis", "On what basis?"),
                Field("at", "when", "when it was told, if it has been already"),
                BECAUSE,
            ),
            gated=True,
        ),
        Form(
            "letter",
            "Markdown, made of named fields; nothing is logged until --sent says that it went.",
            (
                CASE,
                Field("kind", "choice", "which letter", "Which letter?", choices=words.choices(words.LetterKind),
                      required=True, argument=True),
                Field("to", "name", "whom it is to: a name or an id", "To whom?", required=True),
                Field("text", "long", "a paragraph of your own"),
                Field("sent", "when", "when it was sent: it is logged"),
                Field("not_sent", "switch", "it is not sent, with --because and who approved that",
                      only=("kind", ("closing",))),
                Field("out", "text", "the file to write it to (default: stdout)"),
                BECAUSE,
            ),
            only_one=(("sent", "not_sent"),),
            gated=True,
        ),
        Form(
            "dsar",
            "By default nothing is told but what is about the requester; free text once a named reviewer passed it.",
            (
                CASE,
                Field("for_", "name", "who asks: a name or an id", "Who asks?", required=True),
                Field("received", "when", "when they asked (default: now)"),
                Field("reviewed_by", "name", "who looked at the reply and passed it", "Reviewed by"),
                Field("pass_", "number", "an entry whose free text the reviewer passed", many=True),
                Field("out", "text", "the file to write it to (default: stdout)"),
                BECAUSE,
            ),
        ),
        Form(
            "diary",
            "How often sheets come back is agreed when they are issued (4.2.4).",
            (
                CASE,
                Field("step", "choice", "issued or returned", "Issued or returned?",
                      choices=("issued", "returned"), required=True, argument=True),
                Field("person", "name", "whose sheets: a name or an id"),
                Field("every", "interval", "how often they come back: '1 week'",
                      "How often do they come back (1 week)?", required=True, only=("step", ("issued",))),
                AT,
                TEXT,
            ),
        ),
        Form(
            "remedy",
            "asb procedure show lists the remedies and their states.",
            (
                CASE,
                Field("kind", "text", "mediation, abc, ubn, support, transfer ...", "Which remedy?",
                      required=True, argument=True, offers="remedy", stands="KIND"),
                Field("state", "text", "offered, accepted, refused, unsuitable, signed, breached, ended ...",
                      "What became of it?", required=True, argument=True, offers="remedy-state", stands="STATE"),
                Field("person", "name", "with whom: a name or an id"),
                ASKED_AT,
                Field("until", "planned", "how long it holds", also_words=("indefinite",)),
                Field("every", "interval", "how often it is reviewed"),
                RESOLVING,
                TEXT,
                BECAUSE,
            ),
            gated=True,
        ),
        Form(
            "appeal",
            "With domestic abuse the Director reviews it; elsewhere the complaints procedure is explained (14.3).",
            (
                CASE,
                Field("by", "name", "who appeals: a name or an id", "Who appeals?", required=True,
                      offers="person"),
                ASKED_AT,
                Field("text", "long", "what is appealed against", "Against what?"),
            ),
        ),
        Form(
            "risk",
            "As often as the case needs one.",
            (
                CASE,
                Field("level", "text", "the level that was found", "Level of risk"),
                ASKED_AT,
                Field("text", "long", "what was found", "What was found?"),
            ),
        ),
        Form(
            "link",
            "Both cases show the link.",
            (
                CASE,
                Field("other", "case", "the other case", "Other case", required=True, argument=True),
                BECAUSE,
            ),
        ),
        Form(
            "done",
            "asb show N lists what is open, by the names of its rules.",
            (
                CASE,
                Field("rule", "text", "the rule", "What was done?", required=True, argument=True,
                      offers="duty", stands="RULE"),
                Field("text", "long", "what was done", "What is there to say of it?", argument=True),
                Field("person", "name", "for whom: a name or an id"),
                Field("item", "name", "for which of several: an action, a repair, an agency"),
                ASKED_AT,
            ),
        ),
        Form(
            "event",
            "asb procedure show lists the kinds of event its clocks use.",
            (
                CASE,
                Field("kind", "text", "conviction, notice-served, decree, eviction-date ...", "Which event?",
                      required=True, argument=True, offers="event", stands="KIND"),
                Field("person", "name", "whom it is about: a name or an id"),
                Field("by", "name", "who decided it (12.3)"),
                Field("at", "either", "its date (default: now)", "When? (Enter: now)"),
                Field("specifies", "planned", "the date that stands in a notice"),
                TEXT,
                BECAUSE,
            ),
            gated=True,
        ),
        Form(
            "close",
            "Date Completed is when the last resolving action was taken, never the closing date (14.2).",
            (
                CASE,
                Field("outcome", "choice", "what came of it", "Outcome", choices=words.choices(words.Outcome),
                      required=True, offers="outcome"),
                Field("completed", "when", "Date Completed (default: the last resolving action, 14.2)",
                      "Date Completed (Enter: the last resolving action)"),
                Field("final_letter", "when", "when the final letter was sent", "Final letter sent"),
                Field("discussed", "when", "when closing was discussed with the victim (14.1)",
                      "Discussed with the victim"),
                Field("not_discussed", "long", "why it was not discussed"),
                Field("at", "when", "when it was closed (default: now)"),
                Field("because", "long", "the reason", "Reason for closing"),
            ),
            only_one=(("discussed", "not_discussed"),),
            gated=True,
        ),
        Form(
            "reopen",
            "A closed case stays closed (15.1); its people and details are the new one's defaults.",
            (
                CASE,
                REPORT[0],
                NEEDED_BECAUSE,
                *(replace(field, question=ASKED_AGAIN.get(field.name, ""), required=False)
                  for field in REPORT[1:]),
            ),
        ),
        Form(
            "correct",
            "The entry stays as it was written, and is followed by its correction.",
            (
                CASE,
                Field("entry", "number", "the entry's number in asb history N", "Which entry?", required=True,
                      argument=True, offers="entry"),
                Field("received", "when", "when it was really reported: of the report, or of an incident",
                      "When was it really reported? (Enter: as it is)", offers="reported"),
                Field("happened", "when", "when it really happened", "When did it really happen? (Enter: as it is)"),
                Field("at", "when", "of the report the same as --received, of any other entry as --happened"),
                Field("text", "long", "what it should say", "What should it say?"),
                Field("void", "switch", "it counts for nothing"),
                NEEDED_BECAUSE,
            ),
            one_of=(("happened", "received", "at", "text", "void"),),
            gated=True,
        ),
    )
}  # fmt: skip

OPEN = FORMS["open"]
