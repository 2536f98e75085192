"""What a procedure file may say: its tables, their keys and the shape of each, which pydantic checks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

from asbcli import words

MOST_NAMES = 100
"""In one list."""

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
WORD = r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$"
FILE = r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$"
PATTERNS = {
    ID: 'write small letters, digits and single hyphens, e.g. "hate-review"',
    WORD: 'write letters and digits with . - or _ between, e.g. "2026-04"',
    FILE: 'write the name of a file beside this one, or of a built-in one, without ".toml" or a folder',
}


def number_as_word(value: object) -> object:
    """Priorities are numbers to one landlord and letters to another: `2` is the word "2"."""
    return str(value) if type(value) is int and abs(value) < 1000 else value


_Id = Annotated[str, StringConstraints(pattern=ID, max_length=60)]
_Word = Annotated[str, StringConstraints(pattern=WORD, max_length=40)]
_Level = Annotated[_Word, BeforeValidator(number_as_word)]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
_Names = Annotated[list[_Name], Field(max_length=MOST_NAMES)]
_Percent = Annotated[int, Field(ge=1, le=100)]


class Shape(BaseModel):
    """One table: its keys and no others, each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Conditional(Shape):
    """A table that applies only while its condition holds."""

    when: _Names = []
    when_any: _Names = []
    unless: _Names = []


class _Head(Shape):
    id: _Id
    version: _Word
    title: _Line
    in_force_from: date
    document: _Line = ""
    strength: words.Strength = "must"


class Week(Shape):
    """The hours of each weekday the office opens, e.g. `09:00 to 17:00`."""

    mon: _Line = ""
    tue: _Line = ""
    wed: _Line = ""
    thu: _Line = ""
    fri: _Line = ""
    sat: _Line = ""
    sun: _Line = ""


class _Office(Shape):
    cut_off: _Line = ""
    hours: Week = Week()
    clause: _Line = ""


class _Include(Conditional):
    file: Annotated[str, StringConstraints(pattern=FILE, max_length=80)]


class _Priority(Shape):
    id: _Level
    title: _Line
    clause: _Line = ""


class _Category(Shape):
    id: _Id
    title: _Line
    priority: _Level
    flags: _Names = []
    clause: _Line = ""
    asb: bool = True


class _Flag(Shape):
    id: _Id
    title: _Line
    priority: _Level = ""
    protective: bool = False
    removed_by: _Line = ""
    clause: _Line = ""


class _Role(Shape):
    id: _Id
    title: _Line
    clause: _Line = ""


class _Event(_Role):
    planned: bool = False
    specifies: _Line = ""
    by: _Line = ""
    asks: _Line = ""


class _Remedy(_Role):
    states: Annotated[list[_Id], Field(max_length=MOST_NAMES)] = []
    legal: bool = False
    lasts: Annotated[list[_Id], Field(max_length=MOST_NAMES)] = []


class _Fact(Conditional):
    id: _Id


class _Question(Conditional):
    id: _Id
    text: _Text
    step: _Line
    source: _Line = ""
    clause: _Line = ""


class _Guidance(Conditional):
    id: _Id = ""
    on: _Names
    text: _Text
    source: _Line = ""
    clause: _Line = ""
    first: bool = False


class _Paragraph(Conditional):
    id: _Id
    letters: Annotated[list[words.LetterKind], Field(max_length=MOST_NAMES)]
    to: Annotated[list[Literal["victim", "perpetrator"]], Field(max_length=MOST_NAMES)]
    text: _Text
    answers: _Line = ""
    source: _Line = ""
    clause: _Line = ""


class _Outcome(Conditional):
    id: _Id
    title: _Line
    to_victim: _Text = ""
    to_perpetrator: _Text = ""
    resolved: bool = False
    letter: bool = False
    counts: bool = False
    clause: _Line = ""


class _Gate(Conditional):
    id: _Id = ""
    before: _Names
    title: _Line
    source: _Line = ""
    clause: _Line
    needs: _Names = []
    needs_any: _Names = []
    role: _Line = ""


class _Target(Conditional):
    id: _Id
    title: _Line
    measure: Literal["closed", "resolved", "met"]
    share: _Percent
    within: _Line = ""
    rule: _Line = ""
    source: _Line = ""
    clause: _Line = ""


class Option(Conditional):
    """One of a rule's limits, and when it is the one that holds."""

    within: _Line


def _form_of_limit(value: object) -> str:
    return "options" if isinstance(value, list) else "words"


_Limits = Annotated[
    Annotated[_Line, Tag("words")]
    | Annotated[Annotated[list[Option], Field(max_length=MOST_NAMES)], Tag("options")],
    Discriminator(_form_of_limit),
]


class _Deadline(Conditional):
    id: _Id
    title: _Line
    clause: _Line
    source: _Line = ""
    strength: words.Strength = "must"
    each: Literal["case", "victim", "witness", "perpetrator", "party", "item"] = "case"
    unnamed: bool = False
    starts: _Names = []
    pick: Literal["first", "latest", "every", "again"] = "first"
    until_then: _Names = []
    before: _Names = []
    limit: _Limits = ""
    combine: Literal["first", "earliest"] = "first"
    default: _Line = ""
    then: _Line = ""
    earliest: bool = False
    act_within: _Line = ""
    overdue_after_act_by: bool = False
    every: _Line = ""
    anchor: Literal["held", "schedule"] = "held"
    lasting: _Line = ""
    lasting_from: _Names = []
    met_by: _Names = []
    met_by_all: _Names = []
    met_by_unnamed: _Names = []
    met_before_start: bool = False
    ended_by: _Names = []
    replaces: _Names = []
    reasons: _Names = []
    survives_closing: bool = False
    holds_from: date = date.min
    holds_until: date = date.max


MODELS: dict[str, type[Shape]] = {
    "procedure": _Head,
    "office": _Office,
    "include": _Include,
    "priority": _Priority,
    "category": _Category,
    "flag": _Flag,
    "role": _Role,
    "event": _Event,
    "remedy": _Remedy,
    "fact": _Fact,
    "question": _Question,
    "guidance": _Guidance,
    "paragraph": _Paragraph,
    "outcome": _Outcome,
    "gate": _Gate,
    "deadline": _Deadline,
    "target": _Target,
}
"""Every table but an override, which is any of KINDS with no key required."""

SINGLE = ("procedure", "office")
"""Tables that stand once in a file."""
KINDS = tuple(kind for kind in MODELS if kind not in (*SINGLE, "include"))
"""Tables that a whole procedure is made of, of which there may be several."""
TABLES = (*MODELS, "override")
CONDITION = ("when", "when_any", "unless")
CONDITIONAL = tuple(
    kind for kind in KINDS if kind != "fact" and issubclass(MODELS[kind], Conditional)
)  # a derived fact's condition is its meaning, which an include must not change
CITING = ("question", "guidance", "paragraph", "gate", "deadline", "target")


class Override(Shape):
    """An override's own keys; beside them stand those of the table it changes."""

    id: _Level
    table: Literal[
        "deadline",
        "gate",
        "question",
        "guidance",
        "paragraph",
        "outcome",
        "category",
        "flag",
        "role",
        "event",
        "remedy",
        "fact",
        "priority",
        "target",
    ] = "deadline"
    drop: bool = False
