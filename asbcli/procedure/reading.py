"""Procedure files read, composed and checked: every mistake at once, each with its line."""

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
from typing import Annotated, Any, Literal, NamedTuple

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
MOST_GUESSES, MOST_GUESSES_A_TABLE = 100, 20
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
    """Every mistake in a procedure file and those it includes, by file and line; none means it can be used.

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
    """SHA-256 (hex) over the canonical JSON of a composed procedure: what says the same has one digest."""
    return hashlib.sha256(_canonical(composed).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _located(name_or_path: str | Path) -> Path:
    if name_or_path in built_in():
        return BUILT_IN / f"{name_or_path}.toml"
    path = Path(name_or_path)
    if _is(path.is_dir):
        raise BadInput(
            f"{path} is a folder, not a procedure file", f"asb procedure check {path / 'FILE.toml'}"
        )
    if not _is(path.is_file):
        names = built_in()
        hint = _nearest(str(name_or_path), names) or f"built in are {', '.join(names)}"
        raise BadInput(f"there is no procedure file {path}", hint)
    return path


def _is(asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except OSError:  # a name too long, say, or a folder that may not be looked into
        return False


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
    return _stated(whole) if whole else None, mistakes


# --- What a file may say: shape only, which pydantic checks at this door and nowhere else ---

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_WORD = r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$"
_FILE = r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$"
_PATTERNS = {
    _ID: 'write small letters, digits and single hyphens, e.g. "hate-review"',
    _WORD: 'write letters and digits with . - or _ between, e.g. "2026-04"',
    _FILE: 'write the name of a file beside this one, or of a built-in one, without ".toml" or a folder',
}


def _number_as_word(value: object) -> object:
    """Priorities are numbers to one landlord and letters to another: `2` is the word "2"."""
    return str(value) if type(value) is int and abs(value) < 1000 else value


_Id = Annotated[str, StringConstraints(pattern=_ID, max_length=60)]
_Word = Annotated[str, StringConstraints(pattern=_WORD, max_length=40)]
_Level = Annotated[_Word, BeforeValidator(_number_as_word)]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
_Names = Annotated[list[_Name], Field(max_length=MOST_NAMES)]


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
    id: _Id


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
    Annotated[_Line, Tag("words")]
    | Annotated[Annotated[list[_Option], Field(max_length=MOST_NAMES)], Tag("options")],
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


# --- One file, read ---


class _Place(NamedTuple):
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class _Written:
    """One table as its author wrote it, where each of its keys stands, and the includes it came through."""

    kind: str
    number: int
    values: dict[str, Any]
    places: dict[str, _Place]
    unreadable: frozenset[str] = frozenset()
    """Keys that were given, but not in a form that can be checked further."""
    through: tuple[_Written, ...] = ()

    @property
    def name(self) -> str:
        """How a mistake names it: `deadline "weekly-contact"`, `gate 2`."""
        if self.kind == "procedure":
            return self.kind
        named = self.values.get("id", self.values.get("file", self.number + 1))
        return f"{self.kind} {_quoted(named) if isinstance(named, str) else named}"

    @property
    def place(self) -> _Place:
        return self.places[""]

    @property
    def condition(self) -> dict[str, list[str]]:
        return {key: self.values[key] for key in _CONDITION if self.values.get(key)}

    @property
    def identity(self) -> str:
        """Its id; what has none is the same only where it says the same."""
        name: str | None = self.values.get("id")
        return self.said if name is None else name

    @property
    def said(self) -> str:
        """All it says, under the conditions it was included on."""
        conditions = [include.condition for include in self.through] if self.kind in _CONDITIONAL else []
        return _canonical([self.values, conditions])

    def lacks(self, key: str) -> bool:
        return not self.values.get(key) and key not in self.unreadable

    def mistake(self, key: str, wrong: str, allowed: str = "") -> Mistake:
        """A mistake in a key: `limit.2.within` stands where `limit` does, one that is missing at the top."""
        place = self.places.get(key) or self.places.get(key.split(".")[0]) or self.place
        return Mistake(*place, self.name, _key(key), wrong, allowed)


@dataclass(frozen=True, slots=True)
class _File:
    """One file's tables, in its order."""

    path: Path
    head: _Written
    tables: dict[str, list[_Written]]


class _Unreadable(Exception):
    """Nothing of a file can be read, for one reason."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


# A name of thousands of parts takes the standard reader a time that grows with their square.
_ENDLESS_NAME = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}""",
)
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_WORDS = {
    "Cannot overwrite a value": "this key is given twice in its table",
    "Cannot declare": "this table is given twice",
}


def _read(path: Path) -> tuple[_File, list[Mistake]]:
    """A file's tables, less what cannot be checked further, and the mistakes in their shape.

    Raises _Unreadable for what is no TOML, and OSError.
    """
    file = str(path)
    text = _text(path)
    document = _parsed(text, file)
    lines = lines_of(text)
    mistakes = [*_unknown_tables(document, lines, file)]
    tables: dict[str, list[_Written]] = {kind: [] for kind in _MODELS}
    for kind, number, table in _tables(document):
        written, wrong = _shaped(_written(kind, number, table, lines, file), table)
        tables[kind].append(written)
        mistakes += wrong
    if not tables["procedure"]:
        tables["procedure"].append(_Written("procedure", 0, {}, {"": _Place(file, 1)}))
    head = tables["procedure"][0]
    return _File(path, head, {kind: _filled(kind, tables[kind], head) for kind in tables}), mistakes


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _Unreadable(
            _of_file(path, data, "the file is over 1 MB", "a procedure file holds at most 1 MB")
        )
    try:
        # A byte order mark is what Windows editors put before UTF-8; it says nothing.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            _of_file(path, data[: error.start], "this is not UTF-8", "save it as UTF-8")
        ) from None


def _of_file(path: Path, data_before: bytes, wrong: str, allowed: str) -> Mistake:
    return Mistake(str(path), data_before.count(b"\n") + 1, "", "", wrong, allowed)


def _parsed(text: str, file: str) -> dict[str, Any]:
    endless = _ENDLESS_NAME.search(text)
    if endless:
        line = text.count("\n", 0, endless.start()) + 1
        raise _Unreadable(Mistake(file, line, "", "", "a name has more than 50 parts", "write fewer dots"))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _Unreadable(_syntax_mistake(str(error), text, file)) from None
    except RecursionError:
        raise _Unreadable(Mistake(file, 1, "", "", "lists or tables stand too deep in each other")) from None
    except ValueError:  # a number of more than 4,300 digits is no TOML error to Python
        raise _Unreadable(Mistake(file, 1, "", "", "a number or a date is out of all bounds")) from None


def _syntax_mistake(error: str, text: str, file: str) -> Mistake:
    found = _AT_LINE.search(error)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    said = error[: found.start()] if found else error
    plain = next((meant for start, meant in _TOML_WORDS.items() if said.startswith(start)), None)
    return Mistake(file, line, "", "", plain or f"this is not TOML: {said}")


def _unknown_tables(document: dict[str, Any], lines: Lines, file: str) -> Iterator[Mistake]:
    for name, given in document.items():
        line = lines.get((name, 0, ""), 1)
        if name not in _MODELS:
            allowed = _nearest(name, _MODELS) or _one_of(_MODELS)
            yield Mistake(file, line, "", _key(name), "unknown table", allowed)
        elif name == "procedure" and not isinstance(given, dict):
            yield Mistake(file, line, "", name, "it stands once in a file", "write [procedure]")
        elif name != "procedure" and not isinstance(given, list):
            yield Mistake(
                file, line, "", name, "there may be several", f"write [[{name}]], in double brackets"
            )
        elif isinstance(given, list) and len(given) > MOST_TABLES:
            yield Mistake(
                file, line, "", name, f"there are {len(given)}", f"at most {MOST_TABLES} in one file"
            )
    if "procedure" not in document:
        yield Mistake(
            file, 1, "procedure", "", "is missing", "begin with [procedure]: id, version, title ..."
        )


def _tables(document: dict[str, Any]) -> Iterator[tuple[str, int, Any]]:
    for kind in _MODELS:
        given = document.get(kind, [])
        tables = [given] if isinstance(given, dict) and kind == "procedure" else given
        if isinstance(tables, list):
            yield from ((kind, number, table) for number, table in enumerate(tables[:MOST_TABLES]))


def _written(kind: str, number: int, table: Any, lines: Lines, file: str) -> _Written:
    values = table if isinstance(table, dict) else {}
    # Tables written as one array on one line have no header: all of them stand on that line.
    header = lines.get((kind, number, ""), lines.get((kind, 0, ""), 1))
    places = {key: _Place(file, lines.get((kind, number, key), header)) for key in values}
    return _Written(kind, number, values, places | {"": _Place(file, header)})


def _filled(kind: str, tables: list[_Written], head: _Written) -> list[_Written]:
    """The tables with what the head says for all of them: the document they cite, and their strength."""
    document = head.values.get("document") or head.values.get("title", "")
    given: dict[str, Any] = {"source": document, "clause": ""} if kind in _CITING else {}
    if kind == "deadline":
        given["strength"] = head.values.get("strength", "must")
    return [replace(table, values=given | table.values) for table in tables] if given else tables


# --- The shape of one table ---

_RIGHT_TYPE = frozenset(
    ["string_pattern_mismatch", "string_too_short", "string_too_long", "literal_error", "too_long"]
)
_WRONG_TYPE = {
    "string_type": "write text in quotes",
    "list_type": 'write a list, e.g. ["hate"]',
    "bool_type": "write true or false, without quotes",
    "date_type": "write a date without quotes, e.g. 2026-04-01",
    "model_type": 'write a table, e.g. { within = "24 hours" }',
}


def _shaped(written: _Written, table: Any) -> tuple[_Written, list[Mistake]]:
    """The table in plain values, less those of a wrong type, and each mistake in its shape."""
    errors: list[Any] = []
    try:
        _MODELS[written.kind].model_validate(table)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    bad = {
        str(error["loc"][0]) if error["loc"] else "" for error in errors if error["type"] not in _RIGHT_TYPE
    }
    values = {key: _plain(value) for key, value in written.values.items() if key not in bad}
    shaped = replace(written, values=values, unreadable=frozenset(bad & written.values.keys()))
    guess = len(errors) <= MOST_GUESSES_A_TABLE
    return shaped, [_shape_mistake(shaped, error, guess=guess) for error in errors]


def _plain(value: Any) -> Any:
    """As JSON can hold it: dates as ISO text, a priority's number as its word."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date | time) else _number_as_word(value)


def _shape_mistake(written: _Written, error: Any, *, guess: bool) -> Mistake:
    """One of pydantic's errors in an officer's words."""
    model, steps = _MODELS[written.kind], error["loc"]
    if steps[:1] == ("limit",):  # whose second step is the form it was taken for, which is no key
        model, steps = _Option, (*steps[:1], *steps[2:])
    key = ".".join(
        str(step + 1 if isinstance(step, int) else step) for step in steps
    )  # officers count from 1
    kind, context = error["type"], error.get("ctx", {})
    shown = _quoted(error["input"])
    match kind:
        case "missing":
            return written.mistake(key, "is missing")
        case "extra_forbidden":
            keys = model.model_fields
            nearest = _nearest(str(steps[-1]), keys) if guess else ""
            return written.mistake(key, "unknown key", nearest or _one_of(keys))
        case "literal_error":
            return written.mistake(
                key, f"{shown} is not allowed", f"write {context['expected']}".replace("'", '"')
            )
        case "string_pattern_mismatch":
            return written.mistake(key, f"{shown} will not do", _PATTERNS[context["pattern"]])
        case "string_too_short":
            return written.mistake(key, "says nothing")
        case "string_too_long":
            return written.mistake(
                key, f"is too long: {shown}", f"at most {context['max_length']} characters"
            )
        case "too_long":
            return written.mistake(key, "holds too many", f"at most {context['max_length']}")
        case _:
            return written.mistake(key, f"{shown} will not do", _WRONG_TYPE.get(kind, error["msg"]))


def _quoted(value: object) -> str:
    """A value of the file, cut short, with control characters made visible."""
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).lower() if type(value) is not int or abs(value) < 10**9 else "a huge number"


def _key(name: str) -> str:
    """A key as it is shown: bare, or quoted where an author made up a strange one."""
    return name if re.fullmatch(r"[\w.-]{0,60}", name, re.ASCII) else _quoted(name)


def _one_of(names: Iterable[str]) -> str:
    return f"one of {', '.join(names)}"


def _nearest(name: str, names: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, sorted(names), n=1)
    return f"did you mean {_quoted(found[0])}?" if found else ""


# --- A file composed with what it includes ---


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a file and all it includes add up to: each table by its identity, in order."""

    head: _Written
    tables: dict[str, dict[str, _Written]]
    includes: list[_Written]


@dataclass(slots=True)
class _Walk:
    """The way from a top file through all it includes, and the mistakes met on it."""

    mistakes: list[Mistake] = field(default_factory=list)
    files: dict[Path, _File | None] = field(default_factory=dict)
    includes: int = 0
    complete: bool = True
    """Whether every file on the way could be read."""

    def compose(self, path: Path, trail: tuple[Path, ...] = ()) -> _Whole | None:
        """The whole of one file: what it includes, as its overrides leave that, then its own tables."""
        file = self._file(path)
        if file is None:
            return None
        trail = (*trail, path.resolve())
        whole = _Whole(file.head, {kind: {} for kind in _KINDS}, [])
        orders = [self._include(whole, include, path, trail) for include in file.tables["include"]]
        self._override(whole, file.tables["override"])
        for kind in _KINDS:
            for written in file.tables[kind]:
                self._add(whole, written)
        self._rank(whole, file, orders)
        return whole

    def _file(self, path: Path) -> _File | None:
        """The file, read once; None, and its mistake noted, where it is no TOML."""
        known = path.resolve()
        if known not in self.files:
            try:
                self.files[known], mistakes = _read(path)
            except _Unreadable as error:
                self.files[known], mistakes = None, [error.mistake]
            self.mistakes += mistakes
        return self.files[known]

    def _include(self, whole: _Whole, include: _Written, path: Path, trail: tuple[Path, ...]) -> list[str]:
        """Lay what one include leads to into the whole; its priorities, in their order."""
        whole.includes.append(include)
        included = self._included(include, path, trail)
        if included is None:
            self.complete = False
            return []
        whole.includes.extend(included.includes)
        through = (include,) if include.condition else ()
        for written in chain.from_iterable(tables.values() for tables in included.tables.values()):
            self._add(whole, replace(written, through=written.through + through))
        return list(included.tables["priority"])

    def _included(self, include: _Written, path: Path, trail: tuple[Path, ...]) -> _Whole | None:
        name = include.values.get("file", "")
        if not re.fullmatch(_FILE, name):  # a mistake already: a folder or an ending in it, or no text at all
            return None
        self.includes += 1
        found, wrong, allowed = _beside(path, name), "", ""
        if found is None:
            names = {*built_in(), *(file.stem for file in path.parent.glob("*.toml"))}
            wrong = f"there is no {name}.toml beside this file, and no built-in one"
            allowed = _nearest(name, names) or f"built in: {', '.join(built_in())}"
        elif found.resolve() in trail:
            steps = [file.stem for file in (*trail[trail.index(found.resolve()) :], found)]
            wrong = f"it includes itself: {' → '.join(steps)}"
        elif len(trail) > DEEPEST_INCLUDE:
            wrong, allowed = "included too deep", f"at most {DEEPEST_INCLUDE} files inside each other"
        elif self.includes > MOST_INCLUDES:
            wrong, allowed = "too many files", f"at most {MOST_INCLUDES} includes in all"
        else:
            try:
                return self.compose(found, trail)
            except OSError as error:
                wrong = f"{found} cannot be read: {error.strerror}"
        self.mistakes.append(include.mistake("file", wrong, allowed))
        return None

    def _override(self, whole: _Whole, overrides: list[_Written]) -> None:
        """Replace keys of included rules, or drop them; the condition of the include stays on a rule."""
        seen: dict[str, _Written] = {}
        rules = whole.tables["deadline"]
        for override in overrides:
            name = override.values.get("id")
            rule = rules.get(name) if name else None
            if name in seen:
                self.mistakes.append(_repeated(override, seen[name]))
            elif rule is not None and override.values.get("drop"):
                del rules[rule.identity]
            elif rule is not None:
                rules[rule.identity] = _overridden(rule, override)
            elif name and self.complete:
                allowed = _nearest(name, rules) or "name a rule of an included file"
                self.mistakes.append(override.mistake("id", f"{_quoted(name)} is no included rule", allowed))
            if name:
                seen.setdefault(name, override)

    def _add(self, whole: _Whole, written: _Written) -> None:
        """Add a table; the same one declared twice alike is one, in one file or differently a mistake."""
        known = whole.tables[written.kind].setdefault(written.identity, written)
        if known is written or "id" not in written.values:
            return
        if known.place == written.place:
            if known.said != written.said:
                include = written.through[-1] if written.through else known.through[-1]
                wrong = "the file is included twice, under different conditions"
                self.mistakes.append(include.mistake("file", wrong, "give one include both, with when_any"))
        elif known.place.file == written.place.file:
            self.mistakes.append(_repeated(written, known))
        elif known.said != written.said:
            wrong = f"declared differently in {known.place.file}:{known.place.line}"
            allowed = "write it the same in both, "
            allowed += (
                "or change the included one with [[override]]" if written.kind == "deadline" else "or once"
            )
            self.mistakes.append(written.mistake("id", wrong, allowed))

    def _rank(self, whole: _Whole, file: _File, orders: list[list[str]]) -> None:
        """Put the priorities into the file's own order, which is their rank; nobody else can tell it."""
        known = whole.tables["priority"]
        own = [written.identity for written in file.tables["priority"]]
        if own:
            missing = [name for name in known if name not in own]
            if missing:
                wrong = f"{_quoted(missing[0])}, which an included file has, is not among these"
                allowed = "list every priority here, the most serious first"
                self.mistakes.append(file.tables["priority"][0].mistake("", wrong, allowed))
            whole.tables["priority"] = {name: known[name] for name in [*dict.fromkeys(own), *missing]}
        elif len({tuple(order) for order in orders if order}) > 1:
            wrong = "the included files have different priorities"
            allowed = "list every [[priority]] in this file, the most serious first"
            self.mistakes.append(file.tables["include"][-1].mistake("", wrong, allowed))


def _beside(path: Path, name: str) -> Path | None:
    """The included file: beside the one that includes it, or a built-in one."""
    places = (path.parent / f"{name}.toml", BUILT_IN / f"{name}.toml")
    return next((place for place in places if _is(place.is_file)), None)


def _repeated(written: _Written, first: _Written) -> Mistake:
    wrong = f"{_quoted(written.identity)} is already in line {first.place.line}"
    return written.mistake("id", wrong, "an id stands once in a file")


def _overridden(rule: _Written, override: _Written) -> _Written:
    """The rule with the override's keys; an empty list takes its key away."""
    keys = {key: value for key, value in override.values.items() if key not in ("id", "drop")}
    values = {key: value for key, value in (rule.values | keys).items() if value != []}
    return replace(rule, values=values, places=rule.places | {key: override.places[key] for key in keys})


def _stated(whole: _Whole) -> dict[str, Any]:
    """The whole in plain values, each table under the conditions of the includes it came through."""
    derived: dict[str, dict[str, list[str]]] = {}
    composed: dict[str, Any] = {"procedure": whole.head.values}
    for kind, tables in whole.tables.items():
        composed[kind] = [_under_conditions(written, derived) for written in tables.values()]
    composed["fact"] += [{"id": name, **condition} for name, condition in derived.items()]
    return composed


def _under_conditions(written: _Written, derived: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    """The table's values, with the conditions of its includes ANDed onto its own.

    All of two lists is their sum, and so is none of them. One of each of two lists cannot be said in flat
    lists, so there the include's condition becomes a derived fact, `included.FILE`: no author's id has a dot.
    """
    values = dict(written.values)
    for include in written.through if written.kind in _CONDITIONAL else ():
        condition = include.condition
        if "when_any" in condition and values.get("when_any"):
            condition = {"when": [_name_of(condition, include.values["file"], derived)]}
        for key, names in condition.items():
            values[key] = list(dict.fromkeys([*values.get(key, ()), *names]))
    return values


def _name_of(condition: dict[str, list[str]], file: str, derived: dict[str, dict[str, list[str]]]) -> str:
    name = f"included.{file}"
    while derived.setdefault(name, condition) != condition:
        name += ".again"
    return name


# --- What the whole means: names that lead nowhere, and keys that contradict each other ---

_REFERENCES: dict[str, dict[str, str]] = {
    "include": dict.fromkeys(_CONDITION, "fact"),
    "category": {"priority": "priority", "flags": "flag"},
    "flag": {"priority": "priority", "removed_by": "role"},
    "fact": dict.fromkeys(_CONDITION, "fact"),
    "question": {"step": "step"} | dict.fromkeys(_CONDITION, "fact"),
    "guidance": {"on": "fact"} | dict.fromkeys(_CONDITION, "fact"),
    "outcome": dict.fromkeys(_CONDITION, "fact"),
    "gate": {"before": "step", "role": "role"} | dict.fromkeys(("needs", "needs_any", *_CONDITION), "fact"),
    "deadline": {"replaces": "deadline"}
    | dict.fromkeys(_CONDITION, "fact")
    | dict.fromkeys(("starts", "until_then", "before", "lasting_from", "ended_by", "reasons"), "event")
    | dict.fromkeys(("met_by", "met_by_all", "met_by_unnamed"), "event"),
}
"""For each table, which keys hold names, and of what."""

_DECLARED_IN = {
    "event.": "event",
    "remedy.": "remedy",
    "done.": "deadline",
    "missed.": "deadline",
    "flag.": "flag",
    "answered.": "question",
    "answer.": "question",
    "category.": "category",
    "priority.": "priority",
    "outcome.": "outcome",
}
"""Families of events and facts, and the table whose ids their members name."""

_ANSWERS = (*words.choices(words.Answer), "not-applicable")
_STEPS = ("disclosure",)
"""What a gate can stand before, besides an event to come."""

_NOT_BOTH = (("starts", "before"), ("limit", "act_within"), ("met_by", "met_by_all"))
_ONLY_WITH = (
    ("until_then", "starts"),
    ("default", 'limit = "asked"'),
    ("overdue_after_act_by", "act_within"),
    ("anchor", "every"),
    ("lasting", "every"),
    ("lasting_from", "lasting"),
    ("met_by_unnamed", "unnamed"),
)
_WITHOUT_NUMBER = ("asked", "agreed")


def _meaning(whole: _Whole) -> Iterator[Mistake]:
    """Mistakes that need no other table's names."""
    if not whole.tables["priority"]:
        yield whole.head.mistake(
            "", "no priority is declared", "write a [[priority]] for each, the most serious first"
        )
    for rule in whole.tables["deadline"].values():
        for look in _LOOKS_AT_A_RULE:
            yield from look(rule)
    for gate in whole.tables["gate"].values():
        if gate.lacks("needs") and gate.lacks("needs_any"):
            yield gate.mistake(
                "needs", "nothing is needed", "write needs or needs_any: the facts it waits for"
            )
    yield from _cycles(whole.tables["deadline"])


def _clock(rule: _Written) -> Iterator[Mistake]:
    if rule.lacks("starts") and rule.lacks("before"):
        yield rule.mistake(
            "starts", "nothing starts its clock", 'write starts, or before, e.g. starts = ["report"]'
        )
    if rule.values.get("before") and rule.lacks("limit"):
        yield rule.mistake("limit", "a clock that runs back from a date needs one", 'write e.g. "4 weeks"')
    if rule.values.get("unnamed") and rule.values.get("each", "case") in ("case", "item"):
        yield rule.mistake("unnamed", "only a person can be unnamed", 'write each = "victim" or another role')


def _keys_that_go_together(rule: _Written) -> Iterator[Mistake]:
    given = {key for key, value in rule.values.items() if value} | rule.unreadable
    # An interval agreed in the case repeats as `every` does.
    given |= {"asked": {'limit = "asked"'}, "agreed": {"every"}}.get(str(rule.values.get("limit")), set())
    for one, other in _NOT_BOTH:
        if {one, other} <= given:
            yield rule.mistake(other, f"{one} is given too", f"write {one} or {other}, not both")
    for key, other in _ONLY_WITH:
        if key in given and other not in given:
            yield rule.mistake(key, f"says nothing without {other}", f"write {other} as well")


def _limits(rule: _Written) -> Iterator[Mistake]:
    limit = rule.values.get("limit", "")
    options = limit if isinstance(limit, list) else []
    worded = [(f"limit.{number}.within", option.get("within")) for number, option in enumerate(options, 1)]
    worded += [] if options or limit in _WITHOUT_NUMBER else [("limit", limit)]
    worded += [(key, rule.values.get(key)) for key in ("default", "act_within", "every", "lasting")]
    for key, text in worded:
        if text:
            try:
                parse_limit(text)
            except ValueError as error:
                yield rule.mistake(key, str(error))
    if rule.values.get("combine", "first") == "first":
        yield from _unreachable(rule, options)


def _unreachable(rule: _Written, options: list[dict[str, Any]]) -> Iterator[Mistake]:
    """The first that applies holds: what follows a limit without a condition never does."""
    for number, option in enumerate(options[:-1], 1):
        if not any(option.get(key) for key in _CONDITION):
            wrong = "it always applies, so the limits after it never hold"
            yield rule.mistake(f"limit.{number}", wrong, "put the one without a condition last")
            return


def _dates(rule: _Written) -> Iterator[Mistake]:
    first, last = rule.values.get("holds_from"), rule.values.get("holds_until")
    if first and last and first > last:
        yield rule.mistake(
            "holds_until", f"{last} is before holds_from, {first}", "write the later date here"
        )


_LOOKS_AT_A_RULE: tuple[Callable[[_Written], Iterator[Mistake]], ...] = (
    _clock,
    _keys_that_go_together,
    _limits,
    _dates,
)


def _cycles(rules: dict[str, _Written]) -> Iterator[Mistake]:
    """Rules that wait for their own missing of a limit, by way of others or not."""
    waits = {name: _waits_for(rule) & rules.keys() for name, rule in rules.items()}
    while True:
        try:
            TopologicalSorter(waits).prepare()
            return
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
        wrong = f"it waits for itself: {' → '.join(circle)}"
        yield rules[circle[0]].mistake("starts", wrong, "let one of them start from something else")
        waits = {name: others for name, others in waits.items() if name not in circle}


def _waits_for(rule: _Written) -> set[str]:
    """The rules whose being missed it looks at."""
    names = chain.from_iterable(names for _, _, names in _named(rule))
    return {name.removeprefix("missed.") for name in names if name.startswith("missed.")}


def _named(written: _Written) -> Iterator[tuple[str, str, list[str]]]:
    """Each key that holds names, what they name, and the names."""
    for key, kind in _REFERENCES.get(written.kind, {}).items():
        given = written.values.get(key, [])
        yield key, kind, [given] if isinstance(given, str) else given
    limit = written.values.get("limit")
    for number, option in enumerate(limit if isinstance(limit, list) else [], 1):
        for key in _CONDITION:
            yield f"limit.{number}.{key}", "fact", option.get(key, [])


def _references(whole: _Whole) -> Iterator[Mistake]:
    """Names that nothing answers to, and derived facts that can't be told apart or come too late."""
    known = _known_names(whole)
    guesses = iter(range(MOST_GUESSES))
    for written in chain(whole.includes, *(tables.values() for tables in whole.tables.values())):
        for key, kind, names in _named(written):
            for name in names:
                if name and name not in known[kind]:
                    guess = _nearest(name, known[kind]) if next(guesses, None) is not None else ""
                    label = "rule" if kind == "deadline" else kind
                    wrong = f"{_quoted(name)} is no {label} we know"
                    yield written.mistake(key, wrong, guess or _how_to_declare(name, kind))
    yield from _derived_facts(whole, known)
    yield from _looks_ahead(whole)


def _known_names(whole: _Whole) -> dict[str, frozenset[str]]:
    """Every name each kind of key may hold."""
    ids: dict[str, frozenset[str]] = {kind: frozenset(whole.tables[kind]) for kind in _KINDS}
    events = EVENTS.union(
        (f"event.{kind}" for kind in ids["event"]),
        (f"done.{rule}" for rule in ids["deadline"]),
        (f"missed.{rule}" for rule in ids["deadline"]),
        (f"flag.{flag}.{step}" for flag in ids["flag"] for step in ("added", "removed")),
        (f"answered.{question}" for question in ids["question"]),
        (f"outcome.{outcome}" for outcome in ids["outcome"]),
        (
            f"remedy.{name}.{state}"
            for name, remedy in whole.tables["remedy"].items()
            for state in remedy.values.get("states", ())
        ),
    )
    facts = FACTS.union(
        events,
        ids["flag"],
        ids["fact"],
        (f"priority.{level}" for level in ids["priority"]),
        (f"category.{category}" for category in ids["category"]),
        (f"answer.{question}.{answer}" for question in ids["question"] for answer in _ANSWERS),
    )
    return ids | {"event": events, "fact": facts, "step": events.union(_STEPS)}


def _how_to_declare(name: str, kind: str) -> str:
    table = next((table for family, table in _DECLARED_IN.items() if name.startswith(family)), kind)
    if table == "remedy":
        return "declare the [[remedy]], and the state among its states"
    if table == "fact":
        return "declare it as a [[flag]] or a derived [[fact]]"
    if table == "step" or (table == "event" and not name.startswith("event.")):
        return 'write an event, e.g. "report", or event.NAME with NAME declared as an [[event]]'
    return f"declare it with [[{table}]]"


def _derived_facts(whole: _Whole, known: dict[str, frozenset[str]]) -> Iterator[Mistake]:
    """Facts are derived in the file's order, so each may look only at those above it."""
    below = set(whole.tables["fact"])
    taken = known["fact"] - below | known["flag"]
    for name, fact in whole.tables["fact"].items():
        if name in taken:
            yield fact.mistake("id", f"{_quoted(name)} already means something else", "choose another name")
        for key, _, names in _named(fact):
            for other in below.intersection(names):
                yield fact.mistake(
                    key, f"{_quoted(other)} is derived only further down", "put that one above"
                )
        below.remove(name)


def _looks_ahead(whole: _Whole) -> Iterator[Mistake]:
    """A clock that runs back from a date needs an event that may lie ahead."""
    for rule in whole.tables["deadline"].values():
        for name in rule.values.get("before", ()):
            event = whole.tables["event"].get(name.removeprefix("event."))
            if event and name.startswith("event.") and not event.values.get("planned"):
                yield rule.mistake(
                    "before", f"{_quoted(name)} never lies ahead", "give that [[event]] planned = true"
                )
