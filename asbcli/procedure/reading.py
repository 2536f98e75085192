"""A procedure file read, composed with what it includes, and checked: every mistake at once, each with its line."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
)

from asbcli import words
from asbcli.casefile.vocabulary import EVENTS, FACTS
from asbcli.errors import BadInput
from asbcli.procedure.lines import Lines, lines_of
from asbcli.procedure.rules import Procedure, procedure_of
from asbcli.workdays import parse_limit

BUILT_IN = Path(__file__).parent / "files"
"""Where the procedures that come with the program stand."""

MOST_BYTES = 1_000_000
MOST_TABLES = 500
"""Of one kind in one file."""
MOST_NAMES = 100
"""In one list."""
DEEPEST_INCLUDE = 8
MOST_INCLUDES = 64
"""All those a procedure leads to, so that files which include each other's doubles end."""
MOST_GUESSES = 100
"""A guess at what was meant costs milliseconds; past so many the file is not one an officer mistyped."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a procedure file: where, what, and what is allowed there.

    `line` counts from 1; where something is missing it is the line of its table. `rule` is the table and its
    id (`deadline "weekly-contact"`), or its number in the file where it has no id; empty for a whole file.
    """

    file: str
    line: int
    rule: str
    key: str
    wrong: str
    allowed: str = ""

    def __str__(self) -> str:
        """`file:line: deadline "x": limit: what is wrong; what is allowed`."""
        where = ": ".join(part for part in (self.rule, self.key) if part)
        said = "; ".join(part for part in (self.wrong, self.allowed) if part)
        return f"{self.file}:{self.line}: " + ": ".join(part for part in (where, said) if part)


def built_in() -> tuple[str, ...]:
    """The names of the procedures that come with the program."""
    return tuple(sorted(file.stem for file in BUILT_IN.glob("*.toml")))


def check(name_or_path: str | Path) -> list[Mistake]:
    """Every mistake in a procedure file and the files it includes, by file and line; none means it can be used.

    Raises BadInput where there is no file to check; whatever is in one is a mistake, never an error.
    """
    return _examined(_located(name_or_path))[1]


def compose(name_or_path: str | Path) -> dict[str, Any]:
    """The whole procedure as one plain table, ready for JSON and for `procedure_of`; dates are ISO text.

    Its id and version are the top file's. Raises BadInput with every mistake there is.
    """
    path = _located(name_or_path)
    composed, mistakes = _examined(path)
    if composed is None or mistakes:
        raise BadInput("\n".join(str(mistake) for mistake in mistakes), f"asb procedure check {name_or_path}")
    return composed


def load(name_or_path: str | Path) -> Procedure:
    """The procedure a file (or a built-in name) states. Raises BadInput with every mistake there is."""
    return procedure_of(compose(name_or_path))


def digest(composed: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of a composed procedure: two that say the same have one digest."""
    return hashlib.sha256(_canonical(composed).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _located(name_or_path: str | Path) -> Path:
    if name_or_path in built_in():
        return BUILT_IN / f"{name_or_path}.toml"
    path = Path(name_or_path)
    if path.is_dir():
        raise BadInput(f"{path} is a folder, not a procedure file", f"asb procedure check {path / 'FILE.toml'}")
    if not path.is_file():
        nearest = _nearest(str(name_or_path), built_in())
        raise BadInput(f"there is no procedure file {path}", nearest or f"built in: {', '.join(built_in())}")
    return path


def _examined(path: Path) -> tuple[dict[str, Any] | None, list[Mistake]]:
    """What the file composes to, as far as it can be read, and every mistake met on the way."""
    walk = _Walk()
    try:
        whole = walk.compose(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    if whole:
        walk.mistakes += _meaning(whole)
        # With an included file missing, half the names would be unknown for that reason alone.
        walk.mistakes += _references(whole) if walk.complete else ()
    mistakes = sorted(dict.fromkeys(walk.mistakes), key=lambda mistake: (mistake.file, mistake.line))
    return whole and _stated(whole), mistakes


# --- What a file may say: shape only, which pydantic checks at this door and nowhere else ---

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_FACT_ID = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
_WORD = r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$"
_FILE = r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$"
_PATTERNS = {
    _ID: 'write small letters, digits and single hyphens, e.g. "hate-review"',
    _FACT_ID: 'write small letters and digits with hyphens or dots between, e.g. "at-risk"',
    _WORD: 'write letters and digits with . - or _ between, e.g. "2026-04"',
    _FILE: 'write the name of a file beside this one, or of a built-in one, without ".toml" or a folder',
}


def _number_as_word(value: object) -> object:
    """Priorities are numbers to one landlord and letters to another: `2` is the word "2"."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Id = Annotated[str, StringConstraints(pattern=_ID, max_length=60)]
_FactId = Annotated[str, StringConstraints(pattern=_FACT_ID, max_length=60)]
_Word = Annotated[str, StringConstraints(pattern=_WORD, max_length=40)]
_Level = Annotated[_Word, BeforeValidator(_number_as_word)]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
_Names = Annotated[list[Annotated[str, StringConstraints(max_length=120)]], Field(max_length=MOST_NAMES)]
_T = TypeVar("_T")
_Tables = Annotated[list[_T], Field(max_length=MOST_TABLES)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Conditional(_Shape):
    when: _Names = []
    when_any: _Names = []
    unless: _Names = []


class _Head(_Shape):
    id: _Id
    version: _Word
    title: _Line
    in_force_from: date
    document: _Line = ""
    strength: words.Strength = "must"


class _Include(_Conditional):
    file: Annotated[str, StringConstraints(pattern=_FILE, max_length=80)]


class _Priority(_Shape):
    id: _Level
    title: _Line
    clause: _Line = ""


class _Category(_Shape):
    id: _Id
    title: _Line
    priority: _Level
    flags: _Names = []
    clause: _Line = ""
    asb: bool = True


class _Flag(_Shape):
    id: _Id
    title: _Line
    priority: _Level = ""
    protective: bool = False
    removed_by: _Line = ""
    clause: _Line = ""


class _Role(_Shape):
    id: _Id
    title: _Line
    clause: _Line = ""


class _Event(_Role):
    planned: bool = False


class _Remedy(_Role):
    states: Annotated[list[_Id], Field(max_length=MOST_NAMES)] = []
    legal: bool = False


class _Fact(_Conditional):
    id: _FactId


class _Question(_Conditional):
    id: _Id
    text: _Text
    step: _Line
    source: _Line = ""
    clause: _Line = ""


class _Guidance(_Conditional):
    on: _Names
    text: _Text
    source: _Line = ""
    clause: _Line = ""
    first: bool = False


class _Outcome(_Conditional):
    id: _Id
    title: _Line
    resolved: bool = False
    letter: bool = False
    counts: bool = False
    clause: _Line = ""


class _Gate(_Conditional):
    before: _Names
    title: _Line
    source: _Line = ""
    clause: _Line
    needs: _Names = []
    needs_any: _Names = []
    role: _Line = ""


class _Option(_Conditional):
    within: _Line


def _form_of_limit(value: object) -> str:
    return "options" if isinstance(value, list) else "words"


_Limits = Annotated[
    Annotated[_Line, Tag("words")] | Annotated[_Tables[_Option], Tag("options")],
    Discriminator(_form_of_limit),
]


class _RuleKeys(_Conditional):
    title: _Line = ""
    source: _Line = ""
    clause: _Line = ""
    strength: words.Strength = "must"
    each: Literal["case", "victim", "witness", "perpetrator", "party", "item"] = "case"
    unnamed: bool = False
    starts: _Names = []
    pick: Literal["first", "latest", "every"] = "first"
    until_then: _Names = []
    before: _Names = []
    limit: _Limits = ""
    combine: Literal["first", "earliest"] = "first"
    default: _Line = ""
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


class _Deadline(_RuleKeys):
    id: _Id
    title: _Line
    clause: _Line


class _Override(_RuleKeys):
    id: _Id
    drop: bool = False


class _File(_Shape):
    procedure: _Head
    include: _Tables[_Include] = []
    priority: _Tables[_Priority] = []
    category: _Tables[_Category] = []
    flag: _Tables[_Flag] = []
    role: _Tables[_Role] = []
    event: _Tables[_Event] = []
    remedy: _Tables[_Remedy] = []
    fact: _Tables[_Fact] = []
    question: _Tables[_Question] = []
    guidance: _Tables[_Guidance] = []
    outcome: _Tables[_Outcome] = []
    gate: _Tables[_Gate] = []
    deadline: _Tables[_Deadline] = []
    override: _Tables[_Override] = []


_MODELS: dict[str, type[_Shape]] = {
    "procedure": _Head,
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
    "outcome": _Outcome,
    "gate": _Gate,
    "deadline": _Deadline,
    "override": _Override,
}
_KINDS = tuple(kind for kind in _MODELS if kind not in ("procedure", "include", "override"))
_CONDITION = ("when", "when_any", "unless")
_CONDITIONAL = tuple(
    kind for kind in _KINDS if kind != "fact" and issubclass(_MODELS[kind], _Conditional)
)  # a derived fact's condition is its meaning, which an include must not change
_CITING = ("question", "guidance", "gate", "deadline")
